# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from datetime import datetime, timedelta

from odoo import fields
from odoo.fields import Command
from odoo.tests import Form, tagged
from odoo.tools import SQL

from .common import CustomerClassCommon

#: What a customer has much of, after years.
HISTORY = (
    "crm.lead",
    "helpdesk.ticket",
    "jxc.followup",
    "mail.message",
    "sale.order",
    "stock.picking",
)
#: Names that must stay different.
UNIQUE = {"stock.picking": "name", "helpdesk.ticket": "number"}


@tagged("post_install", "-at_install")
class TestCustomerForm(CustomerClassCommon):
    """The form of a customer stays as quick as on the first day."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.manager = cls._user(
            "manager",
            "sales_team.group_sale_manager,stock.group_stock_user"
            ",account.group_account_invoice,helpdesk_mgmt.group_helpdesk_manager",
        )
        cls.shop = cls._customer(
            "Shop", user_id=cls.manager.id, is_company=True, customer_rank=1
        )
        values = {"partner_id": cls.shop.id, "company_id": cls.company.id}
        cls.followup = cls.env["jxc.followup"].create(
            {**values, "user_id": cls.manager.id}
        )
        cls.env["helpdesk.ticket"].create(
            {**values, "name": "Broken", "description": "Box"}
        )
        cls.env["crm.lead"].create(
            {**values, "name": "Tea", "type": "opportunity", "user_id": cls.manager.id}
        )
        cls.order = cls._order(cls.shop, 3, 100, user_id=cls.manager.id)
        cls.picking = cls._deliver(days_late=0)
        cls.shop.message_post(body="Hello", message_type="comment")
        cls._recompute()

    @classmethod
    def _deliver(cls, days_late):
        """A delivery that was planned for a day of May and done days later."""
        goods = cls.env["product.product"].create({"name": "Tea", "type": "consu"})
        kind = cls.env["stock.picking.type"].search(
            [("code", "=", "outgoing"), ("company_id", "=", cls.company.id)], limit=1
        )
        planned = datetime(2024, 5, 6, 8)
        picking = cls.env["stock.picking"].create(
            {
                "partner_id": cls.shop.id,
                "picking_type_id": kind.id,
                "scheduled_date": planned,
                "move_ids": [
                    Command.create(
                        {
                            "product_id": goods.id,
                            "product_uom_qty": 1,
                            "quantity": 1,
                            "picked": True,
                            "location_id": kind.default_location_src_id.id,
                            "location_dest_id": kind.default_location_dest_id.id,
                            "date": planned,
                        }
                    )
                ],
            }
        )
        picking.with_context(skip_sms=True)._action_done()
        picking.date_done = planned + timedelta(days=days_late)
        return picking

    def _grow(self, number):
        """Copy each document of the customer so many times, below the ORM."""
        self.env.flush_all()
        for model in HISTORY:
            table = self.env[model]._table
            columns = self.env.execute_query(
                SQL(
                    "SELECT column_name FROM information_schema.columns"
                    " WHERE table_name = %s AND column_name != 'id'",
                    table,
                )
            )
            names = [name for (name,) in columns]
            values = SQL(", ").join(
                SQL("row.%s || '-' || copy", SQL.identifier(name))
                if name == UNIQUE.get(model)
                else SQL("row.%s", SQL.identifier(name))
                for name in names
            )
            first = self.env[model].search(self._mine(model), order="id", limit=1)
            self.env.cr.execute(
                SQL(
                    "INSERT INTO %s (%s) SELECT %s FROM %s row,"
                    " generate_series(%s, %s) copy WHERE row.id = %s",
                    SQL.identifier(table),
                    SQL(", ").join(map(SQL.identifier, names)),
                    values,
                    SQL.identifier(table),
                    self._count(model),
                    number - 1,
                    first.id,
                )
            )
        self.env.invalidate_all()

    def _mine(self, model):
        if model == "mail.message":
            return [("model", "=", "res.partner"), ("res_id", "=", self.shop.id)]
        return [("partner_id", "=", self.shop.id)]

    def _count(self, model):
        return self.env[model].search_count(self._mine(model))

    def _opened(self):
        """Queries of opening the form with all of its pages."""
        self.env.flush_all()
        self.env.invalidate_all()
        shop = self.shop.with_user(self.manager)
        shop = shop.with_context(allowed_company_ids=self.company.ids)
        start = self.env.cr.sql_log_count
        Form(shop)
        shop.jxc_get_overview()
        page = shop.jxc_get_timeline()
        self.assertEqual(len(page["entries"]), 20)
        return self.env.cr.sql_log_count - start

    def test_queries_do_not_grow_with_the_history(self):
        self._grow(10)
        self._opened()  # warm the caches of views, rules and access
        few = self._opened()
        # More than the ORM reads at once: what read them all would ask again.
        self._grow(2500)
        for model in HISTORY:
            self.assertGreaterEqual(self._count(model), 2500, model)
        self._opened()
        self.assertLessEqual(self._opened(), few)

    def test_tickets_are_counted_with_those_of_contacts(self):
        person, below = (self._customer(name) for name in ("Person", "Below"))
        person.parent_id, below.parent_id = self.shop, person
        other = self._customer("Other")
        values = {"name": "x", "description": "x", "company_id": self.company.id}
        closed = self.env["helpdesk.ticket.stage"].search([("closed", "=", True)])[:1]
        self.env["helpdesk.ticket"].create(
            [
                {**values, "partner_id": person.id},
                {**values, "partner_id": below.id},
                {**values, "partner_id": below.id, "stage_id": closed.id},
            ]
        )
        partners = (self.shop | person | below | other).with_user(self.manager)
        self.assertEqual(
            partners.mapped("helpdesk_ticket_count_string"),
            ["3 / 4", "2 / 3", "1 / 2", "0 / 0"],
        )
        self.assertEqual(partners.mapped("helpdesk_ticket_active_count"), [3, 2, 1, 0])
        new = self.env["res.partner"].new({"name": "New"})
        self.assertEqual(new.helpdesk_ticket_count, 0)

    def test_deliveries_stand_on_the_day_they_were_done(self):
        late = self._deliver(days_late=9)
        coming = late.copy()
        coming.scheduled_date = datetime(2030, 1, 2)
        page = self.shop.jxc_get_timeline(kinds=["delivery"])
        self.assertEqual(
            [(entry["id"], entry["date"][:10]) for entry in page["entries"]],
            [
                (coming.id, "2030-01-02"),
                (late.id, fields.Date.to_string(late.date_done.date())),
                (self.picking.id, "2024-05-06"),
            ],
        )
        self.assertEqual(
            late.date_done.date() - late.scheduled_date.date(), timedelta(9)
        )
        names = [kind["name"] for kind in page["kinds"]]
        self.assertEqual(names.count("delivery"), 1)

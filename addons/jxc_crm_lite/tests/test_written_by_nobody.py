# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError, ValidationError
from odoo.fields import Command
from odoo.tests import tagged

from ..models.jxc_followup_limits import MAX_BYTES, MAX_CHARACTERS, MAX_FILES
from .common import CustomerClassCommon


@tagged("post_install", "-at_install")
class TestWrittenByNobody(CustomerClassCommon):
    """What follows from other fields, and what a follow-up can be at most."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.jxc_pool_active = True
        cls.seller = cls._user("seller", "sales_team.group_sale_salesman")
        cls.mate = cls._user("mate", "sales_team.group_sale_salesman")
        cls.manager = cls._user("manager", "sales_team.group_sale_manager")
        cls.mine = cls._customer("Mine", is_company=True, user_id=cls.seller.id)
        cls.theirs = cls._customer("Theirs", is_company=True, user_id=cls.mate.id)

    def _as(self, user, records):
        return records.with_user(user).with_context(
            allowed_company_ids=user.company_ids.ids
        )

    def _derived(self):
        """(model, field) of every stored field of ours that follows from others."""
        for name, model in self.env.registry.items():
            if model._abstract or model._transient:
                continue
            writers = self.env["ir.model.access"].search(
                [("model_id.model", "=", name), ("perm_write", "=", True)]
            )
            if not writers - writers.filtered(
                lambda right: right.group_id == self.env.ref("base.group_system")
            ):
                continue
            for field in model._fields.values():
                if (
                    field._module == "jxc_crm_lite"
                    and field.store
                    and field.compute
                    and field.readonly
                ):
                    yield name, field.name

    def test_no_client_writes_what_follows_from_others(self):
        """Whatever is added later as well: every such field is on its model's list."""
        derived = list(self._derived())
        self.assertIn(("res.partner", "jxc_pool_state"), derived)
        self.assertIn(("jxc.followup", "team_id"), derived)
        for name, field in derived:
            model = self.env[name].with_user(self.manager)
            guarded = set(getattr(model, "_jxc_server_fields", ()))
            with self.subTest(model=name, field=field):
                if field not in guarded:
                    with self.assertRaises(AccessError):
                        model._check_values({field: 1})

    def test_whose_pool_a_customer_is_in(self):
        """The limit of a person and the nightly run count by this state."""
        lead = self.env["crm.lead"].create({"name": "Deal", "user_id": self.seller.id})
        for record in (self.mine, self.theirs, lead):
            for state in ("pool", False):
                with self.assertRaises(AccessError):
                    self._as(self.seller, record).write({"jxc_pool_state": state})
            self.assertEqual(record.jxc_pool_state, "owned")
        created = (
            self._as(self.seller, self.env["res.partner"])
            .with_context(default_jxc_pool_state="pool")
            .create({"name": "New", "user_id": self.seller.id})
        )
        self.assertEqual(created.jxc_pool_state, "owned")

    def test_whose_report_it_is(self):
        """Without a team nobody is told of what is overdue."""
        own = self._as(self.seller, self.env["jxc.followup"])
        report = own.create({"partner_id": self.mine.id})
        for team in (False, self.env["crm.team"].search([], limit=1).id):
            with self.assertRaises(AccessError):
                report.team_id = team
        plan = self._as(self.seller, self.env["jxc.visit.plan"]).create(
            {"line_ids": [Command.create({"partner_id": self.mine.id})]}
        )
        for record, values in (
            (plan, {"visited_count": 5}),
            (plan, {"state": "done"}),
            (plan.line_ids, {"user_id": self.mate.id}),
            (plan.line_ids, {"date": "2024-01-01"}),
        ):
            with self.assertRaises(AccessError):
                record.write(values)

    def test_total_of_an_opportunity(self):
        lead = self.env["crm.lead"].create({"name": "Deal", "user_id": self.seller.id})
        line = self._as(self.seller, self.env["jxc.lead.line"]).create(
            {"lead_id": lead.id, "product_id": self.product.id, "price_unit": 3}
        )
        for record, values in (
            (line, {"subtotal": 1e6}),
            (line, {"company_id": False}),
            (self._as(self.seller, lead), {"jxc_line_total": 1e6}),
        ):
            with self.assertRaises(AccessError):
                record.write(values)
        self.assertEqual((line.subtotal, lead.jxc_line_total), (3, 3))

    def test_how_far_back_and_ahead(self):
        followups = self._as(self.seller, self.env["jxc.followup"])
        now = fields.Datetime.now()
        for values in (
            {"date": now - timedelta(days=91)},
            {"date": "1970-01-01 00:00:00"},
            {"next_date": now.date() + timedelta(days=4 * 365)},
            {"next_date": "9999-12-31"},
        ):
            with self.assertRaises(ValidationError), self.cr.savepoint():
                followups.create({"partner_id": self.mine.id, **values})
        late = followups.create(
            {"partner_id": self.mine.id, "date": now - timedelta(days=80)}
        )
        self.assertTrue(late)
        old = self._as(self.manager, followups).create(
            {"partner_id": self.mine.id, "date": now - timedelta(days=400)}
        )
        self.assertEqual(old.user_id, self.manager)

    def test_how_much(self):
        followups = self._as(self.seller, self.env["jxc.followup"])
        photo = {"name": "shop.png", "raw": b"x"}
        for values in (
            {"note": "x" * (MAX_CHARACTERS + 1)},
            {"next_note": "x" * (MAX_CHARACTERS + 1)},
            {"photo_ids": [Command.create({**photo, "raw": b"x" * (MAX_BYTES + 1)})]},
            {"photo_ids": [Command.create(photo) for _ in range(MAX_FILES + 1)]},
        ):
            with self.assertRaises(ValidationError), self.cr.savepoint():
                followups.create({"partner_id": self.mine.id, **values})
        kept = followups.create(
            {
                "partner_id": self.mine.id,
                "note": "x" * MAX_CHARACTERS,
                "photo_ids": [Command.create(photo)],
            }
        )
        self.assertEqual(kept.photo_ids.raw, b"x")

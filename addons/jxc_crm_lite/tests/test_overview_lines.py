# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from datetime import timedelta

from odoo.fields import Command
from odoo.tests import freeze_time, tagged
from odoo.tools import format_date

from .common import TODAY, CustomerClassCommon


@tagged("post_install", "-at_install")
class TestOverviewLines(CustomerClassCommon):
    """What stands on the customer's form, line by line and in this order."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.startClassPatcher(freeze_time(f"{TODAY} 12:00:00"))
        cls.manager = cls._user(
            "manager",
            "sales_team.group_sale_manager,helpdesk_mgmt.group_helpdesk_manager",
        )
        cls.manager.tz = "Asia/Shanghai"
        cls.env.ref("base.group_user").implied_ids += cls.env.ref(
            "product.group_product_pricelist"
        )
        spring, autumn = cls.env["product.pricelist"].create(
            [
                {"name": name, "currency_id": cls.company.currency_id.id}
                for name in ("Spring", "Autumn")
            ]
        )
        tags = cls.env["res.partner.category"].create(
            [{"name": "Chain"}, {"name": "Tea House"}]
        )
        cls.shop = cls._customer(
            "Shop",
            user_id=cls.manager.id,
            is_company=True,
            category_id=[Command.set(tags.ids)],
        )
        cls.shop.with_company(cls.company).property_product_pricelist = autumn
        cls.person = cls._customer("Person", parent_id=cls.shop.id)
        cls._order(cls.shop, 40, 100)
        cls.last = cls._order(cls.person, 33, 200, pricelist_id=spring.id)
        cls._recompute()

    def _told(self, name):
        """``[(label, value, tone)]`` of a card; the tier is of another addon."""
        self.env.invalidate_all()  # each look is a request of its own
        partner = self.shop.with_user(self.manager)
        partner = partner.with_context(allowed_company_ids=self.company.ids)
        cards = {card["name"]: card["lines"] for card in partner.jxc_get_overview()}
        return [
            (line["label"], line["value"].replace("\xa0", " "), line["tone"])
            for line in cards[name]
            if line["label"] != "Tier"
        ]

    def test_class(self):
        lines = [
            ("Life Cycle", "Active", "success"),
            ("Class", "A", ""),
            ("RFM", "421", ""),
            ("Tags", "Chain, Tea House", ""),
            ("Revenue of 12 Months", "¥ 300.00", ""),
        ]
        self.assertEqual(self._told("class"), lines)
        for days, life_cycle, tone in (
            (200, "Sleeping", "warning"),
            (400, "Lost", "danger"),
        ):
            self._recompute(day=TODAY + timedelta(days=days))
            self.assertEqual(self._told("class")[0], ("Life Cycle", life_cycle, tone))

    def test_contact(self):
        owner = ("Owner", self.manager.name, "")
        pool = ("Pool", "Owned", "")
        self.assertEqual(self._told("contact"), [owner, pool], "nobody came yet")
        for days, note in ((5, "Long ago"), (2, "Lately")):
            self.env["jxc.followup"].create(
                {
                    "partner_id": self.person.id,
                    "user_id": self.manager.id,
                    "company_id": self.company.id,
                    "date": f"{TODAY - timedelta(days=days)} 04:00:00",
                    "next_date": TODAY + timedelta(days=2),
                    "next_note": note,
                }
            )
        lines = [
            owner,
            pool,
            ("Last Contact", "06/28/2024", ""),
            ("Next Step on", "07/02/2024", ""),
            ("Next Step", "Lately", ""),
        ]
        self.assertEqual(self._told("contact"), lines)
        with freeze_time(f"{TODAY + timedelta(days=3)} 12:00:00"):
            lines[3] = ("Next Step on", "07/02/2024", "danger")
            self.assertEqual(self._told("contact"), lines)

    def test_orders(self):
        """The price list of the last order, and the one that the next will have."""
        self.assertEqual(
            self._told("orders"),
            [
                ("Number", "2", ""),
                ("Amount", "¥ 300.00", ""),
                ("Last Order", f"{self.last.name} · 05/28/2024", ""),
                ("Its Price List", "Spring", ""),
                ("Price List", "Autumn", ""),
            ],
        )

    def test_tickets(self):
        tickets = self.env["helpdesk.ticket"].create(
            [
                {
                    "name": name,
                    "description": "Box",
                    "partner_id": self.person.id,
                    "company_id": self.company.id,
                }
                for name in ("First", "Second", "Third", "Fourth")
            ]
        )
        tickets[0].stage_id = self.env.ref("helpdesk_mgmt.helpdesk_ticket_stage_done")
        day = format_date(tickets.with_user(self.manager).env, tickets[1].create_date)
        self.assertEqual(
            self._told("tickets"),
            [
                ("Number", "3", ""),
                *((day, ticket.display_name, "") for ticket in tickets[1:]),
            ],
        )

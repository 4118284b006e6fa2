# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import fields
from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import tagged

from .common import CustomerClassCommon

SELLER = "sales_team.group_sale_salesman"


@tagged("post_install", "-at_install")
class TestHandedOver(CustomerClassCommon):
    """What is one's own is not put where somebody else's is."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.jxc_pool_active = True
        cls.seller = cls._user("seller", SELLER)
        cls.mate = cls._user("mate", SELLER)
        cls.manager = cls._user("manager", "sales_team.group_sale_manager")
        cls.shop = cls._customer("Shop", user_id=cls.seller.id)
        cls.rival = cls.env["jxc.competitor"].create({"name": "Rival"})
        cls.mine, cls.theirs, cls.pooled = (
            cls._lead(name, owner)
            for name, owner in (
                ("Mine", cls.seller),
                ("Theirs", cls.mate),
                ("Pooled", cls.seller),
            )
        )
        cls._as(cls.seller, cls.pooled).action_jxc_release()

    @staticmethod
    def _as(user, records):
        return records.with_user(user).with_context(
            allowed_company_ids=user.company_ids.ids
        )

    @classmethod
    def _lead(cls, name, owner):
        return cls.env["crm.lead"].create(
            {
                "name": name,
                "type": "opportunity",
                "company_id": cls.company.id,
                "user_id": owner.id,
                "jxc_line_ids": [Command.create({"product_id": cls.product.id})],
                "jxc_competitor_ids": [Command.create({"competitor_id": cls.rival.id})],
            }
        )

    def _refused(self, attack):
        with self.assertRaises(AccessError), self.cr.savepoint():
            attack()
            self.env.flush_all()
        self.env.invalidate_all()

    def test_products_and_competitors_of_opportunities(self):
        """They change the opportunity, so they are for who may change that."""
        another = self.rival.copy({"name": "Another"})
        for name, values in (
            ("jxc_line_ids", {"product_id": self.product.id, "price_unit": 9}),
            ("jxc_competitor_ids", {"competitor_id": another.id}),
        ):
            own = self._as(self.seller, self.mine[name])
            for lead in (self.theirs, self.pooled):
                part = self._as(self.seller, lead[name])
                for attack in (
                    lambda own=own, lead=lead: own.write({"lead_id": lead.id}),
                    lambda own=own, lead=lead, values=values: own.create(
                        {**values, "lead_id": lead.id}
                    ),
                    lambda part=part: part.write({"lead_id": self.mine.id}),
                    lambda part=part, values=values: part.write(values),
                    lambda part=part: part.unlink(),
                ):
                    self._refused(attack)
                self.assertEqual(len(lead[name]), 1)
            self.assertEqual(own.lead_id, self.mine)
            own.write(values)
            own.unlink()
            self.assertFalse(self.mine[name], "one's own is one's own")

    def test_visits_and_plans(self):
        day = fields.Date.today()
        plans = self._as(self.seller, self.env["jxc.visit.plan"])
        line = Command.create({"partner_id": self.shop.id})
        own = plans.create({"date": day, "line_ids": [line]})
        theirs = self._as(self.mate, plans).create({"date": day})
        self._refused(lambda: own.write({"user_id": self.manager.id}))
        self._refused(lambda: own.line_ids.write({"plan_id": theirs.id}))
        self._refused(
            lambda: theirs.with_user(self.seller).write(
                {"line_ids": [Command.link(own.line_ids.id)]}
            )
        )
        self.assertEqual((own.user_id, own.line_ids.plan_id), (self.seller, own))
        self._as(self.manager, own).user_id = self.manager
        self.assertEqual(own.user_id, self.manager)

# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from datetime import timedelta

from freezegun import freeze_time

from odoo import fields
from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import tagged

from .price_common import PriceCommon


@tagged("post_install", "-at_install")
class TestPriceChangePlanned(PriceCommon):
    """A planned change is measured again on the day on which it starts."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.template = cls.product.product_tmpl_id
        cls.company.jxc_price_change_percent = 10.0
        cls.today = fields.Date.context_today(cls.env.user)
        cls.pricing = cls._create_user(
            "jxc_pricing", "sales_team.group_sale_manager,product.group_product_manager"
        )
        cls.chief = cls._create_user(
            "jxc_chief",
            "sales_team.group_sale_manager,product.group_product_manager,"
            "jxc_sales.group_price_manager",
        )

    def _plan(self, price, user=None, days=30, **line):
        change = (
            self.env["jxc.price.change"]
            .with_user(user or self.pricing)
            .create(
                {
                    "reason": "New season",
                    "date_apply": self.today + timedelta(days=days),
                    "line_ids": [
                        Command.create(
                            {
                                "product_tmpl_id": self.template.id,
                                "new_price": price,
                                **line,
                            }
                        )
                    ],
                }
            )
        )
        change.action_submit()
        return change

    def _pass(self, days):
        """Let the nightly job run so many days from now."""
        with freeze_time(fields.Datetime.now() + timedelta(days=days)):
            for due in self.env["jxc.price.change"]._due():
                due._apply_or_tell()
        self.env.invalidate_all()

    def test_starts_on_its_day(self):
        change = self._plan(105)
        self.assertEqual(change.state, "approved")
        self._pass(29)
        self.assertEqual((change.state, self.template.list_price), ("approved", 100))
        self._pass(30)
        self.assertEqual((change.state, self.template.list_price), ("done", 105))

    def test_grown_beyond_the_limit(self):
        """Nobody agreed to a fall by a third: on the day of the plan it was 5 %."""
        change = self._plan(95)
        self.assertFalse(change.approver_ids)
        self.template.with_user(self.chief).list_price = 150
        self._pass(30)
        self.assertEqual((change.state, self.template.list_price), ("requested", 150))
        self.assertAlmostEqual(change.max_percent, 36.67, 2)
        told = change.message_ids.filtered(
            lambda message: self.pricing.partner_id in message.partner_ids
        )
        self.assertIn("36.7", told.body)
        change.with_user(self.chief).action_approve()
        self.assertEqual(change.state, "approved", "its day has not come really")
        self._pass(30)
        self.assertEqual((change.state, self.template.list_price), ("done", 95))
        self.assertEqual(change.approver_ids, self.chief)

    def test_two_small_steps_are_a_large_one(self):
        """5 % down and 5 % up were planned from the same price, and meet."""
        down, up = self._plan(94, days=10), self._plan(106, days=20)
        self._pass(10)
        self.assertEqual((down.state, self.template.list_price), ("done", 94))
        self._pass(20)
        self.assertEqual((up.state, self.template.list_price), ("requested", 94))

    def test_other_direction(self):
        change = self._plan(150, self.chief)
        self.assertEqual(change.approver_ids, self.chief)
        self.template.with_user(self.chief).list_price = 200
        self._pass(30)
        self.assertEqual((change.state, self.template.list_price), ("requested", 200))
        self.assertFalse(change.approver_ids)

    def test_what_was_agreed_to_starts(self):
        """A step that became smaller, or stayed as large as was agreed to."""
        change = self._plan(150, self.chief)
        self.template.with_user(self.chief).list_price = 120
        self._pass(30)
        self.assertEqual((change.state, self.template.list_price), ("done", 150))

    def test_tier_is_asked_again(self):
        preset = self._activate("price_change", threshold=10)
        change = self._plan(95)
        self.assertEqual(change.state, "approved")
        self.template.with_user(self.chief).list_price = 150
        self._pass(30)
        self.assertEqual(change.state, "requested")
        self.assertEqual(change.validation_status, "pending")
        change.with_user(self.chief).validate_tier()
        self.assertEqual(change.state, "approved")
        preset.action_jxc_deactivate()

    def test_rule_of_a_price_list(self):
        item = self.env["product.pricelist.item"].create(
            {
                "pricelist_id": self.env["product.pricelist"]
                .create({"name": "Gold"})
                .id,
                "applied_on": "1_product",
                "product_tmpl_id": self.template.id,
                "compute_price": "fixed",
                "fixed_price": 95,
            }
        )
        change = self._plan(100, kind="item", item_id=item.id)
        self.assertEqual(change.state, "approved")
        item.with_user(self.chief).fixed_price = 50
        self._pass(30)
        self.assertEqual((change.state, item.fixed_price), ("requested", 50))

    def test_raised_lowest_price_holds_for_quotations(self):
        """What was quoted before the day is judged by the floor of the day."""
        self._set_action("block")
        order = self._order(1, 85)
        other = self._order(1, 85)
        change = self._plan(90, self.chief, kind="floor")
        other.action_confirm()
        self.assertEqual(other.state, "sale")
        self._pass(30)
        self.assertEqual((change.state, self.template.jxc_min_price), ("done", 90))
        with self.assertRaisesRegex(UserError, "lowest price"):
            order.action_confirm()

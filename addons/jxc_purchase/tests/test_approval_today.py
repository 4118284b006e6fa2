# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import fields
from odoo.fields import Command
from odoo.tests import tagged

from .approval_common import OrderApprovalCommon


@tagged("post_install", "-at_install")
class TestApprovalToday(OrderApprovalCommon):
    """No order date makes an order cheaper than it is today."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.currency = cls.env["res.currency"].create(
            {
                "name": "JXG",
                "symbol": "G",
                "rate_ids": [
                    Command.create(
                        {"name": day, "rate": rate, "company_id": cls.company.id}
                    )
                    for day, rate in (("2015-01-01", 0.5), ("2025-01-01", 0.25))
                ],
            }
        )
        cls.now = fields.Datetime.now()

    def _activate(self, name, **values):
        preset = self.env.ref(f"jxc_purchase.tier_preset_{name}")
        preset.write(
            {
                "review_type": "individual",
                "reviewer_id": self.boss.id,
                "reviewer_group_id": False,
                **values,
            }
        )
        preset.action_jxc_activate()

    def _foreign(self, price=30, **values):
        """300 of another currency: 600 in 2015, 1,200 today."""
        return self._purchase(
            (self.tea, 10, price), currency_id=self.currency.id, **values
        )

    def _dated(self):
        """Ways to a rate of the past, as a buyer."""
        old = "2015-06-01 08:00:00"
        at_first = self._foreign(date_order=old)
        later = self._foreign()
        later.date_order = old
        there_and_back = self._foreign(date_order=old)
        there_and_back.date_order = self.now
        return {
            "at first": at_first,
            "later": later,
            "there and back": there_and_back,
        }

    def test_amount_preset(self):
        self._activate("order_amount", jxc_threshold=1000)
        self._assert_all_wait()

    def test_own_tier(self):
        domain = "['|', ('amount_total_cc', '>', 1199), ('partner_id', '=', False)]"
        self._tier(domain=domain)
        self._assert_all_wait()

    def test_double_validation(self):
        self.company.write(
            {"po_double_validation": "two_step", "po_double_validation_amount": 1000}
        )
        self._assert_all_wait()
        small = self._foreign(price=24)
        small.button_confirm()
        self.assertEqual(small.state, "purchase")

    def _assert_all_wait(self):
        for name, order in self._dated().items():
            with self.subTest(date=name):
                self.assertEqual(order.jxc_value, 1200)
                order.button_confirm()
                self.assertEqual(order.state, "to approve")

    def test_below_the_amount(self):
        self._activate("order_amount", jxc_threshold=1000)
        order = self._foreign(price=24)
        order.button_confirm()
        self.assertEqual(order.state, "purchase")

    def test_price_preset(self):
        first = self._purchase((self.tea, 10, 100))
        first.button_confirm()
        self._activate("order_price", jxc_threshold=10)
        for name, order in self._dated().items():
            with self.subTest(date=name):
                self.assertAlmostEqual(order.jxc_price_increase_percent, 20)
                order.button_confirm()
                self.assertEqual(order.state, "to approve")

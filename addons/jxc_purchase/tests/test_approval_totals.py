# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import tagged

from .approval_common import OrderApprovalCommon


@tagged("post_install", "-at_install")
class TestOrderTotals(OrderApprovalCommon):
    """No line of an order goes beyond what was approved, and its total does not."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._tier()
        cls.vat = cls.env["account.tax"].create(
            {"name": "VAT", "amount": 13, "type_tax_use": "purchase"}
        )

    def _changes(self):
        """Ways to a higher total that leave each line as it was, or lower it."""
        return {
            "rebate_turned": lambda order: order.order_line[1].write(
                {"product_qty": -1, "price_unit": -70000}
            ),
            "rebate_discounted": lambda order: order.order_line[1].write(
                {"discount": 100}
            ),
            "rebate_without_quantity": lambda order: order.order_line[1].write(
                {"product_qty": 0, "price_unit": -20000}
            ),
            "line_without_product": lambda order: order.write(
                {
                    "order_line": [
                        Command.create(
                            {
                                "name": "Services",
                                "product_id": False,
                                "product_qty": -1,
                                "price_unit": -9000,
                                "tax_ids": [Command.clear()],
                            }
                        )
                    ]
                }
            ),
            "taxed": lambda order: order.order_line[0].write(
                {"tax_ids": [Command.set(self.vat.ids)]}
            ),
        }

    def test_higher_total_asks_again(self):
        for name, change in self._changes().items():
            with self.subTest(change=name):
                order = self._approved((self.tea, 10, 150), (self.wine, 1, -200))
                before = order.amount_total
                change(order)
                self.assertGreater(order.amount_total, before)
                self.assertEqual(order.state, "to approve")
                self.assertEqual(order.review_ids.mapped("status"), ["pending"])

    def test_turned_line_of_an_approved_order(self):
        order = self._approved((self.tea, 10, 150), (self.wine, -1, -1))
        order.order_line[1].price_unit = -700
        self.assertEqual(order.amount_total, 2200)
        self.assertEqual(order.state, "to approve")

    def test_order_below_the_tiers_grows_into_one(self):
        for name, change in self._changes().items():
            with self.subTest(change=name):
                order = self._purchase((self.tea, 10, 101), (self.wine, 1, -20))
                order.button_confirm()
                self.assertEqual(order.state, "purchase")
                change(order)
                self.assertEqual(order.state, "to approve")

    def test_higher_total_between_approval_and_confirmation(self):
        self.company.write(
            {"po_double_validation": "two_step", "po_double_validation_amount": 1}
        )
        self.env["tier.definition"].search(
            [("model", "=", "purchase.order")]
        ).reviewer_id = self.finance
        order = self._asked((self.tea, 10, 150), (self.wine, 1, -200))
        order.with_user(self.finance).validate_tier()
        self.assertEqual(order.state, "to approve", "its manager is missing")
        order.order_line[1].unlink()
        with self.assertRaises(UserError):
            order.with_user(self.boss).button_approve()
            order.env.flush_all()

    def test_arrived_goods_keep_the_total(self):
        order = self._approved((self.tea, 10, 150), (self.wine, 1, -200))
        self._receive(order, 4)
        with self.assertRaisesRegex(UserError, "goods of it have arrived"):
            order.order_line[1].discount = 100

    def test_lower_total_needs_no_approval(self):
        order = self._approved((self.tea, 10, 150), (self.wine, 1, -200))
        order.order_line[1].price_unit = -300
        order.order_line[0].product_qty = 8
        self.assertEqual(order.state, "purchase")
        self.assertEqual(order.review_ids.status, "approved")

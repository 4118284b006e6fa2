# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import tagged

from .request_common import RequestCommon

WRONG = (float("nan"), float("inf"), 1e300, -1e300, "1e300", 10**300)


@tagged("post_install", "-at_install")
class TestOrderNumbers(RequestCommon):
    """Orders and requests answer in words to numbers nobody can reckon with."""

    def _order(self, **values):
        line = {"product_id": self.wine.id, "product_qty": 1, "price_unit": 5, **values}
        return (
            self.env["purchase.order"]
            .with_user(self.buyer)
            .create(
                {"partner_id": self.vendor.id, "order_line": [Command.create(line)]}
            )
        )

    def test_orders(self):
        order = self._order()
        for value in WRONG:
            for name in ("product_qty", "price_unit", "discount"):
                with self.subTest(name=name, value=value):
                    with self.assertRaises(UserError):
                        self._order(**{name: value})
                    with self.assertRaises(UserError):
                        order.order_line.write({name: value})
                    line = Command.update(order.order_line.id, {name: value})
                    with self.assertRaises(UserError):
                        order.write({"order_line": [line]})

    def test_largest_order_is_confirmed(self):
        order = self._order(product_qty=9e11, price_unit=9e11)
        order.button_confirm()
        self.assertIn(order.state, ("purchase", "to approve"))

    def test_requests(self):
        for value in WRONG:
            for name in ("product_qty", "price_unit"):
                with self.subTest(name=name, value=value), self.assertRaises(UserError):
                    self.env["jxc.purchase.request"].with_user(self.buyer).create(
                        {
                            "line_ids": [
                                Command.create(
                                    {
                                        "product_id": self.wine.id,
                                        "product_qty": 1,
                                        name: value,
                                    }
                                )
                            ]
                        }
                    )

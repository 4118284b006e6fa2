# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import tagged

from .price_common import PriceCommon


@tagged("post_install", "-at_install")
class TestOrderNumbers(PriceCommon):
    """Quotations answer in words to numbers nobody can reckon with."""

    def test_lines(self):
        order = self._order(1, 100)
        line = {"product_id": self.product.id, "product_uom_qty": 1}
        for value in (float("nan"), float("inf"), 1e300, "1e300", 10**300):
            for name in ("product_uom_qty", "price_unit", "discount"):
                update = Command.update(order.order_line.id, {name: value})
                new = Command.create({**line, name: value})
                with self.subTest(name=name, value=value):
                    for act in (
                        lambda name=name, value=value: order.order_line.write(
                            {name: value}
                        ),
                        lambda update=update: order.write({"order_line": [update]}),
                        lambda new=new: order.write({"order_line": [new]}),
                        lambda new=new: order.create(
                            {"partner_id": order.partner_id.id, "order_line": [new]}
                        ),
                    ):
                        with self.assertRaises(UserError):
                            act()

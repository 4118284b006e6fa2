# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo.tests import tagged

from .count_common import CountCase


@tagged("post_install", "-at_install")
class TestCountHeld(CountCase):
    """Counting goods that are reserved, frozen or not available."""

    def _quant(self):
        return self.env["stock.quant"].search(
            [("product_id", "=", self.wine.id), ("location_id", "=", self.shelf.id)]
        )

    def test_frozen_goods_are_counted_too(self):
        self.max.group_ids += self.env.ref("jxc_stock.group_stock_control")
        self._quant().with_user(self.max).action_jxc_freeze(10, "Smells")
        count = self._start_count(product_ids=self.wine.ids)
        self.assertEqual(count.line_ids.snapshot_quantity, 40)
        self._enter(count, self.wine, 38)
        self._submit(count)
        self._apply(count)
        quant = self._quant()
        self.assertEqual((quant.quantity, quant.jxc_frozen_quantity), (38, 10))
        self.assertEqual(quant.available_quantity, 28)

    def test_reserved_goods_that_are_missing(self):
        move = self._create_move(
            self.wine, 40, location_id=self.shelf.id, location_dest_id=self.customers.id
        )
        move._action_confirm()
        move._action_assign()
        count = self._start_count(product_ids=self.wine.ids)
        self._enter(count, self.wine, 35)
        self._submit(count)
        self._apply(count)
        quant = self._quant()
        self.assertEqual((quant.quantity, quant.reserved_quantity), (35, 35))
        self.assertEqual((move.state, move.quantity), ("partially_available", 35))

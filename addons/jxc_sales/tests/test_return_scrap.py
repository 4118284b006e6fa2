# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
"""What a return scrapped comes back when it is cancelled; others' moves are named."""

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .return_common import ReturnCommon


@tagged("post_install", "-at_install")
class TestReturnScrap(ReturnCommon):
    def test_cancel_brings_back_what_the_return_scrapped(self):
        order = self._sell(5)
        stock = self.product.qty_available
        back = self._create_return(4)
        back.action_confirm()
        back.line_ids.write({"qty_restock": 1, "qty_defective": 1, "qty_scrap": 2})
        back.action_accept()
        scrap = back.scrap_ids
        self.assertEqual((scrap.scrap_qty, back.scrap_count), (2, 1))
        self.assertEqual(back.action_open_scraps()["res_id"], scrap.id)
        gone = scrap.scrap_location_id
        self.assertEqual(self._held(gone), 2)
        back.action_cancel()
        self.assertEqual((self._held(gone), self._held(self.defective)), (0, 0))
        self.product.invalidate_recordset()
        self.assertEqual(self.product.qty_available, stock)
        self.assertEqual(order.order_line.qty_delivered, 5)
        self.assertEqual(self._exposure(), 500)
        self.assertEqual(set(scrap.move_ids.mapped("reference")), {scrap.name})
        self.assertIn(back.name, scrap.message_ids[0].body)
        self._create_return(5).action_confirm()

    def test_scrap_of_others_is_named(self):
        """What left since is undone first, by whoever did it."""
        self._sell(5)
        back = self._create_return(3)
        back.action_confirm()
        back.line_ids.write({"qty_defective": 2, "qty_scrap": 1})
        back.action_accept()
        scrap = self.env["stock.scrap"].create(
            {
                "product_id": self.product.id,
                "scrap_qty": 1,
                "location_id": self.defective.id,
                "picking_id": back.receipt_ids.id,
                "origin": back.name,
            }
        )
        scrap.do_scrap()
        with self.assertRaisesRegex(UserError, f"2.*only 1.*: {scrap.name}"):
            back.action_cancel()
        self.assertEqual(back.scrap_ids.move_ids.mapped("state"), ["done"])
        with self.assertRaises(AccessError):
            scrap.with_user(self.storekeeper).jxc_sale_return_id = back

    def _held(self, place):
        quants = self.env["stock.quant"].search(
            [("product_id", "=", self.product.id), ("location_id", "=", place.id)]
        )
        return sum(quants.mapped("quantity"))

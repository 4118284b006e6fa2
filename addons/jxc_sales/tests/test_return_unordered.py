# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo.exceptions import UserError
from odoo.tests import tagged

from .return_common import ReturnCommon
from .unordered_common import UnorderedCommon


@tagged("post_install", "-at_install")
class TestReturnUnordered(ReturnCommon, UnorderedCommon):
    """Goods that were delivered without an order come back by a return."""

    def test_not_billed_yet(self):
        picking = self._leave(5)
        back = self._create_return(2, user=self.salesman)
        self.assertEqual(back.amount_returned, 200)
        back.action_confirm()
        self.assertRecordValues(
            back.line_ids.sudo().allocation_ids,
            [{"move_id": picking.move_ids.id, "sale_line_id": False, "quantity": 2}],
        )
        self.assertEqual(self._exposure(), 500)
        back.with_user(self.storekeeper).action_accept()
        self.assertEqual(self._exposure(), 300)
        back.action_done()
        self.assertFalse(back.sudo().invoice_ids, "nothing was invoiced")
        self.assertEqual(self._goods_of(picking).quantity, 3)

    def test_billed(self):
        self._leave(5)
        invoice = self._bill(5, price=90)
        invoice.action_post()
        back = self._create_return(2)
        back.action_confirm()
        back.action_accept()
        back.action_done()
        self.assertRecordValues(
            back.invoice_ids,
            [
                {
                    "move_type": "out_refund",
                    "amount_total": 180,
                    "reversed_entry_id": invoice.id,
                    "partner_id": self.customer.id,
                }
            ],
        )
        back.invoice_ids.action_post()
        self.assertEqual(self._parts(), {"receivable": 270})
        # The next return credits the rest, and no more.
        back = self._create_return(3)
        back.action_confirm()
        back.action_accept()
        back.action_done()
        self.assertEqual(back.invoice_ids.amount_total, 270)

    def test_billed_in_part(self):
        self._leave(5)
        self._bill(4).action_post()
        back = self._create_return(3)
        back.action_confirm()
        back.action_accept()
        back.action_done()
        self.assertEqual(back.invoice_ids.amount_total, 200)

    def test_over_return_counts_both(self):
        self._sell(3, price=80)
        self._leave(2)
        with self.assertRaisesRegex(UserError, "Lamp: 6"):
            self._create_return(6).action_confirm()
        back = self._create_return(5)
        self.assertEqual(back.amount_returned, 3 * 80 + 2 * 100)
        back.action_confirm()
        with self.assertRaises(UserError):
            self._create_return(1).action_confirm()
        back.action_accept()
        self.assertEqual(self._exposure(), 0)

    def test_newest_first_and_named(self):
        picking = self._leave(2)
        picking.move_ids.sudo().date = "2026-01-05 08:00:00"
        order = self._sell(2, price=80)
        self._date(order, "2026-03-05")
        self.assertEqual(self._create_return(3).amount_returned, 2 * 80 + 100)
        oldest = self._create_return(3, allocation_order="oldest")
        self.assertEqual(oldest.amount_returned, 2 * 100 + 80)
        named = self._create_return(2, picking_id=picking.id)
        self.assertEqual(named.amount_returned, 200)

    def test_other_customers_goods(self):
        sister = self.env["res.partner"].create({"name": "Sister", "is_company": True})
        self._leave(2, partner_id=sister.id)
        with self.assertRaises(UserError):
            self._create_return(1).action_confirm()

    def test_lots_and_cost(self):
        self.product.tracking = "lot"
        lot = self.env["stock.lot"].create(
            {"name": "L1", "product_id": self.product.id}
        )
        self._add_stock(self.product, 5, lot)
        picking = self._picking(2)
        picking.move_ids.move_line_ids.lot_id = lot
        picking.button_validate()
        self.assertEqual(picking.state, "done")
        back = self._create_return(1)
        back.action_confirm()
        self.assertEqual(back.line_ids.allocation_ids.lot_id, lot)
        back.action_accept()
        move = back.picking_ids.move_ids
        self.assertEqual(move.move_line_ids.lot_id, lot)
        self.assertEqual(move.origin_returned_move_id, picking.move_ids)

    def test_exchange_and_cancel(self):
        self._leave(3)
        self._bill(3).action_post()
        other = self._create_lamp(name="Shade", list_price=150)
        back = self._exchange(2, 1, product=other)
        back.action_confirm()
        back.action_accept()
        order = back.exchange_order_ids
        self.assertEqual(order.state, "sale")
        back.action_done()
        self.assertEqual(sum(back.invoice_ids.mapped("amount_total_signed")), -50)
        back.action_cancel()
        self.assertEqual(back.state, "cancelled")
        self.assertEqual(self._exposure(), 300)

    def test_billed_otherwise(self):
        """As it was billed, it is credited: by hand."""
        goods = self._goods_of(self._leave(3))
        self._bill(3).action_post()
        goods.action_excuse("In a kit")
        back = self._create_return(2)
        back.action_confirm()
        back.action_accept()
        back.action_done()
        self.assertFalse(back.invoice_ids)

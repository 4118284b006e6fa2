# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import tagged

from .held_common import HeldCase


@tagged("post_install", "-at_install")
class TestHeldByVendor(HeldCase):
    """Defective goods do not come back as good ones from outside."""

    def _gone(self, quantity=4):
        return self._done(
            self._transfer(self.keeper, dest=self.supplier, quantity=quantity)
        )

    def _back(self, user, quantity, **values):
        return self._transfer(user, self.supplier, self.shelf, quantity, **values)

    def test_received_again(self):
        self._gone()
        self.assertHeld(1, 10)
        back = self._back(self.keeper, 3)
        self.assertTrue(back.jxc_is_release)
        with self._refused("“Stock Control”", AccessError):
            self._done(back)
        with self._refused(
            "3瓶 from Vendors.*; as much left as defective", AccessError
        ):
            self._done(back)
        with self._refused("Reason of Release"):
            self._done(back.with_user(self.controller))
        back.with_user(self.controller).jxc_release_reason = "Repaired"
        self._done(back.with_user(self.controller))
        self.assertHeld(1, 13)
        self.assertRecordValues(
            self._records(),
            [
                {
                    "user_id": self.controller.id,
                    "quantity": 3,
                    "location_id": self.supplier.id,
                    "location_dest_id": self.shelf.id,
                }
            ],
        )
        # One is left outside; of more, only that one is released.
        more = self._back(self.controller, 5, jxc_release_reason="Repaired")
        self._done(more)
        self.assertEqual(sorted(self._records().mapped("quantity")), [1, 3])
        last = self._back(self.keeper, 2)
        self.assertFalse(last.jxc_is_release)
        self._done(last)
        self.assertHeld(1, 20)

    def test_in_two_lines(self):
        """Two lines share what left; another product has nothing to do with it."""
        self._gone(2)
        moves = self._back(self.controller, 1, jxc_release_reason="x").move_ids
        picking = moves.picking_id
        picking.move_ids = [
            Command.create(
                {
                    "product_id": product.id,
                    "product_uom": product.uom_id.id,
                    "product_uom_qty": 4,
                    "location_id": self.supplier.id,
                    "location_dest_id": self.shelf.id,
                }
            )
            for product in (self.product, self.wine)
        ]
        picking.action_confirm()
        self._done(picking)
        self.assertEqual(sum(self._records().mapped("quantity")), 2)

    def test_done_line_changed(self):
        """What is said to have left stays in the house after all."""
        line = self._gone().move_line_ids
        with self._refused("“Stock Control”", AccessError):
            line.location_dest_id = self.shelf
        line.write({"quantity": 2})
        self.assertHeld(3, 10)

    def test_back_into_the_held_place(self):
        gone = self._gone()
        wizard = self.env["stock.return.picking"].with_user(self.keeper)
        wizard = wizard.with_context(
            active_id=gone.id, active_ids=gone.ids, active_model="stock.picking"
        ).create({"picking_id": gone.id})
        wizard.product_return_moves.quantity = 4
        back = wizard._create_return()
        back.action_assign()
        with self._refused("“Stock Control”", AccessError):
            back.move_line_ids.location_dest_id = self.shelf
            self._done(back)
        self._done(back)
        self.assertHeld()
        self._done(self._back(self.keeper, 4))
        self.assertHeld(5, 14)

    def test_other_lot(self):
        """Whoever receives goods names their lot."""
        milk = self._create_product("Milk", tracking="lot")
        bad, new = (self._create_lot(milk, name) for name in ("L1", "L2"))
        self._stock(milk, 4, self.bad, lot=bad)
        self.product = milk
        self._gone()
        back = self._back(self.keeper, 4)
        back.move_line_ids.lot_id = new
        with self._refused("“Stock Control”", AccessError):
            self._done(back)

    def test_by_a_sister_company(self):
        """Returns to a sister company pass a transit of their own."""
        between = self.env.ref("stock.stock_location_inter_company")
        came = self._receive(self.product, 4)
        sent = self._transfer(self.keeper, dest=between, quantity=4)
        sent.move_ids.origin_returned_move_id = came
        self._done(sent)
        back = self._transfer(self.keeper, between, self.shelf, 4)
        with self._refused("“Stock Control”", AccessError):
            self._done(back)

    def test_good_goods_returned(self):
        """What left as good comes again without anybody's decision."""
        self._done(self._transfer(self.keeper, self.shelf, self.supplier, 4))
        self._done(self._back(self.keeper, 4))
        self.assertHeld()

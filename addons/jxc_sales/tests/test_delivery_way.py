# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common import CreditCommon


@tagged("post_install", "-at_install")
class TestDeliveryWay(CreditCommon):
    """Goods of orders do not leave by another way than to their customer."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.shipper = cls._create_user("jxc_shipper", "stock.group_stock_user")

    def _places(self):
        places = self.env["stock.location"]
        return {
            usage: places.search(
                [
                    ("usage", "=", usage),
                    ("company_id", "in", (False, self.company.id)),
                ],
                limit=1,
            )
            for usage in ("supplier", "production", "inventory")
        }

    def test_another_destination(self):
        for usage, place in self._places().items():
            for user in (self.salesman, self.shipper):
                with self.subTest(usage, user=user.login):
                    order = self._create_order(5)
                    order.action_confirm()
                    picking = order.picking_ids
                    move = picking.move_ids.with_user(user)
                    move.location_dest_id = place
                    move.picked = True
                    with (
                        self.assertRaisesRegex(UserError, order.name),
                        self.env.cr.savepoint(),
                    ):
                        picking.with_user(self.shipper).button_validate()
                    self.env.invalidate_all()
                    self.assertNotEqual(picking.state, "done")
                    self.assertEqual(self._exposure(), 500)
                    picking.action_cancel()
                    order._action_cancel()

    def test_forged_return(self):
        """A receipt of anything is no reason to send sold goods to a vendor."""
        place = self._places()["supplier"]
        receipt = self.env["stock.move"].create(
            {
                "product_id": self.product.id,
                "product_uom_qty": 5,
                "location_id": place.id,
                "location_dest_id": self.env["stock.warehouse"]
                .search([("company_id", "=", self.company.id)], limit=1)
                .lot_stock_id.id,
            }
        )
        receipt._action_confirm()
        receipt.picked = True
        receipt._action_done()
        order = self._create_order(5)
        order.action_confirm()
        move = order.picking_ids.move_ids.with_user(self.shipper)
        move.write(
            {"location_dest_id": place.id, "origin_returned_move_id": receipt.id}
        )
        move.picked = True
        with self.assertRaisesRegex(UserError, order.name):
            order.picking_ids.with_user(self.shipper).button_validate()

    def test_steps_and_returns(self):
        """What stays in the house, goes out, or comes back."""
        warehouse = self.env["stock.warehouse"].search(
            [("company_id", "=", self.company.id)], limit=1
        )
        warehouse.delivery_steps = "pick_ship"
        order = self._create_order(5)
        order.action_confirm()
        for _step in range(2):
            picking = order.picking_ids.filtered(
                lambda one: one.state in ("assigned", "confirmed")
            )[:1]
            picking.move_ids.quantity = 5
            picking.move_ids.picked = True
            picking.with_user(self.shipper).button_validate()
        self.assertEqual(order.order_line.qty_delivered, 5)
        self._return(order, 2)
        self.assertEqual(order.order_line.qty_delivered, 3)

    def test_salespeople_date_nothing_that_is_done(self):
        """They may validate deliveries; the platform then dates them once more."""
        order = self._create_order(5)
        order.action_confirm()
        picking = order.picking_ids.with_user(self.salesman)
        picking.move_ids.picked = True
        picking.button_validate()
        self.assertEqual(picking.state, "done")
        before = picking.move_ids.date
        with (
            self.assertRaisesRegex(AccessError, "only stock staff"),
            self.env.cr.savepoint(),
        ):
            picking.date_done = "2020-01-01 12:00:00"
        self.env.invalidate_all()
        self.assertEqual(picking.move_ids.date, before)
        picking.with_user(self.shipper).date_done = "2020-01-01 12:00:00"
        self.assertEqual(str(picking.move_ids.date), "2020-01-01 12:00:00")

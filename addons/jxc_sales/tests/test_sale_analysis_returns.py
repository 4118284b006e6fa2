# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from odoo.fields import Command
from odoo.tests import tagged

from .analysis_common import AnalysisCommon

FIGURES = ("revenue", "qty_returned", "amount_returned", "revenue_net", "margin")


@tagged("post_install", "-at_install")
class TestSaleAnalysisReturns(AnalysisCommon):
    """Goods that came back count once, and not at all once they are gone again."""

    def _figures(self, domain=()):
        return tuple(self._read(*FIGURES, domain=domain).values())

    def _accepted(self, quantity):
        """A return of so many lamps that are here again."""
        back = self._create_return(quantity)
        back.action_confirm()
        back.action_accept()
        return back

    def _send_back(self, picking, quantity, refund=True):
        """Return a transfer, whichever way it went; the transfer that does."""
        wizard = self.env["stock.return.picking"].create({"picking_id": picking.id})
        wizard.product_return_moves.write({"quantity": quantity, "to_refund": refund})
        again = wizard._create_return()
        again.move_ids.quantity = quantity
        again.move_ids.picked = True
        again._action_done()
        return again

    def _order_of_two(self, sold, back):
        """A delivered order of lamps, and of others of them that come back."""
        values = [{"product_uom_qty": sold, "price_unit": 100}]
        values += [{"product_uom_qty": back, "price_unit": 120}]
        order = self.env["sale.order"].create(
            {
                "partner_id": self.customer.id,
                "order_line": [
                    Command.create({"product_id": self.product.id, **one})
                    for one in values
                ],
            }
        )
        order.action_confirm()
        return order

    # -- cancelled returns --------------------------------------------------------

    def test_a_cancelled_return_leaves_nothing(self):
        self._sell(10)
        before = self._figures()
        self.assertEqual(before, (1000, 0, 0, 1000, 400))
        back = self._accepted(10)
        self.assertEqual(self._figures(), (1000, 10, 1000, 0, 0))
        back.action_cancel()
        self.assertEqual(self._figures(), before)
        self.assertFalse(self._read("return_rate")["return_rate"])
        again = self._accepted(10)
        self.assertEqual(self._figures(), (1000, 10, 1000, 0, 0))
        again.action_cancel()
        self.assertEqual(self._figures(), before)

    def test_what_is_left_to_deliver_is_not_delivered_by_a_cancelled_return(self):
        order = self._create_order(10)
        order.action_confirm()
        self._deliver(order, 4)
        self._accepted(4).action_cancel()
        self.product.standard_price = 70
        self.assertEqual(self._figures()[-1], 1000 - 4 * 60 - 6 * 70)

    def test_goods_sent_again_without_refund_stay_refunded(self):
        """Nor is a refund taken back that there never was."""
        order = self._sell(10)
        delivery = order.picking_ids
        back = self._send_back(delivery, 4)
        self.assertEqual(self._figures(), (1000, 4, 400, 600, 240))
        self._send_back(back, 1, refund=False)
        self.assertEqual(self._figures(), (1000, 3, 300, 600, 180))
        self._send_back(back, 3)
        self.assertEqual(self._figures(), (1000, 0, 0, 900, 300))
        kept = self._sell(2)
        swapped = self._send_back(kept.picking_ids, 2, refund=False)
        of_order = [("order_id", "=", kept.id)]
        self.assertEqual(self._figures(of_order), (200, 2, 200, 200, 200))
        self._send_back(swapped, 2)
        self.assertEqual(self._figures(of_order), (200, 0, 0, 200, 80))

    @settings(
        max_examples=5,
        deadline=None,
        suppress_health_check=[HealthCheck.function_scoped_fixture],
    )
    @given(st.lists(st.tuples(st.integers(1, 4), st.booleans()), max_size=5))
    def test_any_row_of_returns(self, events):
        """Whatever is returned and cancelled, what stays at the customer counts."""
        known = self._read(*FIGURES)
        self._sell(20)
        returned = 0
        for quantity, is_cancelled in events:
            back = self._accepted(quantity)
            if is_cancelled:
                back.action_cancel()
            else:
                returned += quantity
        found = self._read(*FIGURES)
        kept = 20 - returned
        expected = (2000, returned, returned * 100, kept * 100, kept * 40)
        for name, value in zip(FIGURES, expected, strict=True):
            self.assertAlmostEqual(found[name] - (known[name] or 0), value, msg=name)

    # -- lines below zero ---------------------------------------------------------

    def test_a_line_below_zero_is_subtracted_once(self):
        order = self._order_of_two(10, -5)
        back = [("revenue", "<", 0)]
        expected = (-600, 0, 0, -600, -300)
        self.assertEqual(self._figures(back), expected, "still to come")
        for picking in order.picking_ids:
            picking.action_assign()
            picking.move_ids.picked = True
            picking._action_done()
        self.assertEqual(
            order.order_line.sorted("id").mapped("qty_delivered"), [10, -5]
        )
        self.assertEqual(self._figures(back), expected)
        self.assertEqual(self._figures(), (400, 0, 0, 400, 100))
        received = order.picking_ids.filtered(
            lambda picking: picking.picking_type_code == "incoming"
        )
        self._send_back(received, 5)
        self.assertEqual(self._figures(back), (-600, -5, -600, 0, 0), "not kept")
        self.assertEqual(self._figures(), (400, -5, -600, 1000, 400))

    # -- beyond the order ---------------------------------------------------------

    def test_what_left_beyond_the_order_is_not_taken_off_it(self):
        order = self._create_order(10)
        order.action_confirm()
        self._deliver(order, 12)
        self._accepted(2)
        self.assertEqual(self._figures(), (1000, 2, 200, 1000, 400))
        self._accepted(3)
        self.assertEqual(self._figures(), (1000, 5, 500, 700, 280))

    def test_an_order_that_is_lowered_by_what_came_back(self):
        order = self._sell(10)
        self._accepted(4)
        order.order_line.product_uom_qty = 6
        self.assertEqual(self._figures(), (600, 4, 400, 600, 240))

    def test_goods_that_come_back_without_having_been_ordered(self):
        """They are returned, and here at the cost they came in with."""
        order = self._sell(10)
        chair = self._create_lamp(name="Chair", standard_price=30, list_price=50)
        delivery = order.picking_ids
        wizard = self.env["stock.return.picking"].create({"picking_id": delivery.id})
        wizard.product_return_moves.quantity = 1
        back = wizard._create_return()
        back.move_ids = [
            Command.create(
                {
                    "product_id": chair.id,
                    "product_uom_qty": 2,
                    "product_uom": chair.uom_id.id,
                    "location_id": back.location_id.id,
                    "location_dest_id": back.location_dest_id.id,
                }
            )
        ]
        back.move_ids.picked = True
        for move in back.move_ids:
            move.quantity = move.product_uom_qty
        back._action_done()
        line = order.order_line.filtered(lambda one: one.product_id == chair)
        self.assertEqual((line.product_uom_qty, line.qty_delivered), (0, -2))
        found = self._read(
            "qty_returned", "cost", domain=[("product_id", "=", chair.id)]
        )
        self.assertEqual(found, {"qty_returned": 2, "cost": -60})

# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from fractions import Fraction

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from odoo.tests import tagged

from .request_common import RequestCommon

EVENTS = st.lists(
    st.tuples(
        st.sampled_from(
            [
                "order",
                "order",
                "tender",
                "quantity",
                "unit",
                "confirm",
                "receive",
                "cancel",
            ]
            + ["delete", "close", "reopen"]
        ),
        st.integers(0, 7),
        st.integers(1, 30),
    ),
    min_size=3,
    max_size=12,
)


@tagged("post_install", "-at_install")
class TestRequestRandom(RequestCommon):
    """Ordered, in RFQs, given up and open are what was requested, whatever happens."""

    @settings(
        max_examples=25,
        deadline=None,
        derandomize=True,
        suppress_health_check=list(HealthCheck),
    )
    @given(events=EVENTS)
    def test_quantities_add_up(self, events):
        self.env.cr.execute("SAVEPOINT example")
        try:
            self._play(events)
        finally:
            self.env.invalidate_all()
            self.env.transaction.clear()
            self.env.cr.execute("ROLLBACK TO SAVEPOINT example")

    def _play(self, events):
        lines = self._request(
            (self.wine, 10),
            (self.wine, 2, {"product_uom_id": self.box.id}),
            approve=True,
        ).line_ids
        lines |= self._request((self.wine, 7.5), approve=True).line_ids
        orders = self.env["purchase.order"]
        for event, pick, quantity in events:
            orders = orders.exists()
            order = orders[pick % len(orders)] if orders else orders
            line = lines[pick % len(lines)]
            if event == "tender" and line.qty_open > 0:
                orders |= self._tender(line, min(line.qty_open, quantity))
            elif event == "order" and line.qty_open > 0:
                both = lines if quantity % 2 else line
                chosen = both.filtered(lambda one: one.qty_open > 0)
                orders |= self._order(
                    chosen,
                    *[
                        (
                            one,
                            min(one.qty_open, quantity),
                            self.vendor,
                            self._unit(pick),
                        )
                        for one in chosen
                    ],
                )
            elif event == "close":
                line.with_user(self.buyer).action_close()
            elif event == "reopen":
                line.with_user(self.buyer).action_reopen()
            elif order:
                self._happen(event, order, quantity)
            for one in lines:
                self._check(one)

    def _unit(self, pick):
        return self.box if pick % 2 else self.bottle

    def _happen(self, event, order, quantity):
        order_line = order.order_line[:1]
        arrived = any(order.order_line.mapped("qty_received"))
        if event == "quantity" and order_line and order.state != "cancel":
            order_line.product_qty = max(quantity, order_line.qty_received)
        elif event == "unit" and order.state == "draft" and order_line:
            order_line.product_uom_id = self._unit(quantity)
        elif event == "confirm" and order.state == "draft" and order_line:
            # Bought as it is, be it more than was requested.
            order.jxc_procurement_mode = "direct"
            order.with_context(skip_alternative_check=True).button_confirm()
        elif event == "receive" and order.state == "purchase":
            moves = order.picking_ids.move_ids.filtered(
                lambda move: move.state not in ("done", "cancel")
            )
            for move in moves:
                move.quantity = min(quantity, move.product_uom_qty)
                move.picked = True
            if moves:
                moves.picking_id._action_done()
        elif event == "cancel" and order.state != "cancel" and not arrived:
            order.button_cancel()
        elif event == "delete" and order.state == "draft" and order_line:
            order_line.unlink()

    def _check(self, line):
        parts = [line.qty_in_rfq, line.qty_ordered, line.qty_closed, line.qty_open]
        self.assertTrue(all(part >= 0 for part in parts), parts)
        total = sum(Fraction(str(part)) for part in parts)
        self.assertEqual(total, Fraction(str(line.product_qty)), parts)
        self.assertGreaterEqual(line.qty_received, 0)
        self.assertLessEqual(line.qty_received, line.qty_ordered)
        # What is stored is what the orders say now.
        names = ("qty_in_rfq", "qty_ordered", "qty_closed", "qty_open", "qty_received")
        stored = [line[name] for name in names]
        for name in names:
            self.env.add_to_compute(line._fields[name], line)
        self.assertEqual(stored, [line[name] for name in names])

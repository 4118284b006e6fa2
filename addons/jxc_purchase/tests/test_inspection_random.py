# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from odoo.exceptions import UserError
from odoo.tests import tagged

from .inspection_common import InspectionCommon

EVENTS = st.lists(
    st.tuples(
        st.sampled_from(
            ["receive", "receive", "correct", "finish", "finish", "finish"]
            + ["take back", "send back", "give back", "steal"]
        ),
        st.integers(0, 7),
        st.integers(1, 14),
        st.integers(0, 14),
        st.sampled_from(["defective", "return", "exchange"]),
    ),
    min_size=3,
    max_size=12,
)


@tagged("post_install", "-at_install")
class TestInspectionRandom(InspectionCommon):
    """Received is accepted, conceded, rejected or to inspect, whatever happens."""

    @settings(
        max_examples=15,
        deadline=None,
        derandomize=True,
        # Playing an example anew to make it smaller takes longer than reading it.
        phases=(Phase.explicit, Phase.generate),
        suppress_health_check=list(HealthCheck),
    )
    @given(events=EVENTS)
    def test_goods_add_up(self, events):
        self.env.cr.execute("SAVEPOINT example")
        try:
            self._play(events)
        finally:
            self.env.invalidate_all()
            self.env.transaction.clear()
            self.env.cr.execute("ROLLBACK TO SAVEPOINT example")
            self.env.registry.clear_cache()

    def _play(self, events):
        order = self._buy((self.wine, 3, self.box), (self.wine, 20))
        inspections = self.env["jxc.receipt.inspection"]
        for event, pick, quantity, other, reject_to in events:
            found = inspections.search([("purchase_ids", "in", order.ids)])
            inspection = found[pick % len(found)] if found else found
            try:
                with self.env.cr.savepoint():
                    self._do(event, order, inspection, pick, quantity, other, reject_to)
            except UserError:
                self.env.invalidate_all()
            self._check(order)

    def _do(self, event, order, inspection, pick, quantity, other, reject_to):
        if event == "receive":
            self._receive_some(order, pick, quantity)
        elif event == "correct" and inspection:
            line = inspection.picking_id.move_line_ids[:1]
            line.with_user(self.inspector).quantity = quantity
        elif event == "finish" and inspection:
            self._finish(inspection, quantity, other, reject_to)
        elif event == "take back" and inspection:
            inspection.with_user(self.keeper).action_cancel()
        elif event == "send back" and inspection.move_ids.picking_id:
            back = inspection.move_ids.picking_id.filtered(
                lambda one: one.state == "assigned"
            )
            back.move_ids.picked = True
            back.with_user(self.inspector).button_validate()
        elif event == "give back" and inspection:
            wizard = self.env["stock.return.picking"].with_user(self.inspector)
            wizard = wizard.with_context(
                active_id=inspection.picking_id.id, active_model="stock.picking"
            ).create({})
            wizard.product_return_moves[:1].quantity = quantity
            action = wizard.action_create_returns()
            back = self.env["stock.picking"].browse(action["res_id"])
            back.move_ids.picked = True
            back.with_user(self.inspector).with_context(
                skip_backorder=True
            ).button_validate()
        elif event == "steal" and self.place:
            quants = self.env["stock.quant"].search(
                [("location_id", "=", self.place.id), ("quantity", ">", 0)]
            )
            quants.with_user(self.keeper).move_quants(location_dest_id=self.stock)

    def _receive_some(self, order, pick, quantity):
        receipts = order.picking_ids.filtered(
            lambda one: (
                one.picking_type_code == "incoming"
                and one.state not in ("done", "cancel")
            )
        )
        receipt = receipts[:1].with_user(self.inspector)
        moves = receipt.move_ids
        move = moves[pick % len(moves)] if moves else moves
        if move:
            moves.picked = False
            move.quantity = quantity
            move.picked = True
            receipt.with_context(skip_backorder=True).button_validate()

    def _finish(self, inspection, rejected, conceded, reject_to):
        inspection = inspection.with_user(self.keeper)
        for line in inspection.line_ids:
            came = line.qty_received
            bad = min(rejected, came)
            conditional = min(conceded, came - bad)
            line.write(
                {
                    "qty_rejected": bad,
                    "qty_concession": conditional,
                    "qty_accepted": came - bad - conditional,
                    "concession_reason": "Agreed",
                    "reject_to": reject_to,
                }
            )
        inspection.action_done()

    def _check(self, order):
        self.env.flush_all()
        self.env.invalidate_all()
        inspections = self.env["jxc.receipt.inspection"].search(
            [("purchase_ids", "in", order.ids)]
        )
        lines = inspections.line_ids
        waiting = lines.filtered(lambda line: line.state == "draft")
        done = lines.filtered(lambda line: line.state == "done")
        # Nothing but the open inspections lies in the inspection place.
        self.assertAlmostEqual(
            self._in(self.place) if self.place else 0.0,
            sum(waiting.mapped("qty_received_base")),
        )
        for line in done:
            taken = line.qty_accepted_base + line.qty_concession_base
            self.assertAlmostEqual(
                line.qty_received_base, taken + line.qty_rejected_base, 2
            )
            moved = {
                place: sum(
                    line.release_ids.filtered(
                        lambda move, place=place: move.location_dest_id == place
                    ).mapped("quantity")
                )
                for place in (self.stock, self.defective)
            }
            self.assertAlmostEqual(moved[self.stock], taken, 2)
            self.assertAlmostEqual(moved[self.defective], line.qty_rejected_base, 2)
        # What is free for orders was accepted, and did not leave since.
        taken = sum(done.mapped("qty_accepted_base"))
        taken += sum(done.mapped("qty_concession_base"))
        given = order.order_line.move_ids.filtered(
            lambda move: (
                move.state == "done"
                and move.origin_returned_move_id
                and not move.jxc_inspection_id
            )
        )
        given = given.move_line_ids.filtered(
            lambda line: line.location_id != self.defective
        )
        given = sum(given.mapped("quantity_product_uom"))
        self.assertAlmostEqual(self._in(self.stock), taken - given, 2)
        accepted = sum(
            line.product_uom_id._jxc_convert(line.qty_received, self.bottle)
            for line in order.order_line
        )
        self.assertAlmostEqual(accepted, taken - given, delta=0.13)

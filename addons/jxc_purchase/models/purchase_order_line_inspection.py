# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from collections import defaultdict

from odoo import api, fields, models
from odoo.exceptions import AccessError

from odoo.addons.jxc_base.tools.guard import own_defaults

from ..tools.inspection_mark import is_finishing

ACCEPTANCE = {
    "jxc_qty_accepted",
    "jxc_qty_billed",
    "jxc_qty_gone",
    "jxc_qty_inspecting",
    "jxc_qty_rejected",
}

#: What tells how much of an order came.
RECEIVED = ("qty_received", "qty_received_manual")


class PurchaseOrderLine(models.Model):
    """What was accepted of an order: bills and vendor scores count nothing else."""

    _inherit = "purchase.order.line"

    jxc_qty_inspecting = fields.Float(
        string="To Inspect",
        digits="Product Unit",
        compute="_compute_jxc_acceptance",
        store=True,
        help="Received, but not decided on yet.",
    )
    jxc_qty_rejected = fields.Float(
        string="Rejected Quantity",
        digits="Product Unit",
        compute="_compute_jxc_acceptance",
        store=True,
        help="Rejected by inspections, also what has been returned since.",
    )
    jxc_qty_accepted = fields.Float(
        string="Accepted",
        digits="Product Unit",
        compute="_compute_jxc_acceptance",
        store=True,
        help="Received less returns, what is to inspect and what was rejected. Goods"
        " taken on concession are accepted.",
    )

    @api.depends(
        "move_ids.jxc_inspection_id",
        "move_ids.jxc_inspection_line_ids.qty_received_base",
        "move_ids.jxc_inspection_line_ids.qty_rejected_base",
        "move_ids.jxc_inspection_line_ids.state",
        "move_ids.state",
        "product_uom_id",
        "qty_received",
    )
    def _compute_jxc_acceptance(self):
        for line in self:
            counted = defaultdict(float)
            moves = line.sudo()._get_po_line_moves()
            for one in moves.jxc_inspection_line_ids:
                if one.state == "draft":
                    counted["inspecting"] += one.qty_received_base
                elif one.state == "done":
                    counted["rejected"] += one.qty_rejected_base
            for move in moves:
                # What has left again is not received any more.
                if move.state == "done" and move.to_refund:
                    counted["returned"] += move._jxc_rejects_returned()
            if not any(counted.values()):
                line.jxc_qty_inspecting = line.jxc_qty_rejected = 0.0
                line.jxc_qty_accepted = line.qty_received
                continue
            counted["returned"] = min(counted["returned"], counted["rejected"])
            unit, base = line.product_uom_id, line.product_id.uom_id
            inspecting, rejected, returned = (
                base._jxc_convert(counted[name], unit, rounded=True)
                for name in ("inspecting", "rejected", "returned")
            )
            line.jxc_qty_inspecting = inspecting
            line.jxc_qty_rejected = rejected
            accepted = line.qty_received - inspecting - rejected + returned
            line.jxc_qty_accepted = unit.round(accepted) if unit else accepted

    @api.depends("jxc_qty_accepted")
    def _compute_qty_invoiced(self):
        """What is billed on received quantities is billed when it is accepted."""
        result = super()._compute_qty_invoiced()
        for line in self:
            if (
                (line.jxc_qty_inspecting or line.jxc_qty_rejected)
                and line.order_id.state == "purchase"
                and line.product_id.purchase_method != "purchase"
            ):
                line.qty_to_invoice = line.jxc_qty_accepted - line.qty_invoiced
        return result

    def _get_move_dests_initial_demand(self, move_dests):
        """Moves of an inspection take received goods on, they ask for none."""
        asking = move_dests.filtered(
            lambda move: not (move.jxc_release_line_id or move.jxc_inspection_id)
        )
        if not asking:
            # As without any move that waits: what is on its way is all there is.
            return self._get_qty_procurement()
        return super()._get_move_dests_initial_demand(asking)

    def _jxc_expect_again(self):
        """Let receipts expect what goes back to the vendor, in open ones if possible.

        The platform does so only when something of the order has not come yet.
        """
        confirmed = self.env["stock.move"]
        for order, lines in self.grouped("order_id").items():
            receipt = order.picking_ids.filtered(
                lambda one: (
                    one.state not in ("done", "cancel")
                    and one.picking_type_code == "incoming"
                )
            )[:1]
            if not receipt:
                receipt = receipt.create(order._prepare_picking())
            confirmed |= lines._create_stock_moves(receipt)
        return confirmed._action_confirm()._action_assign()

    @api.model
    def default_get(self, fields):
        return own_defaults(self, super().default_get(fields), ACCEPTANCE)

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self._jxc_check_acceptance(vals)
        lines = super().create(vals_list)
        for line, vals in zip(lines, vals_list, strict=True):
            line._jxc_check_received(vals)
        return lines

    def write(self, vals):
        self._jxc_check_acceptance(vals)
        self._jxc_check_received(vals)
        return super().write(vals)

    def _jxc_check_acceptance(self, vals):
        """Accepted quantities follow from receipts and inspections.

        :raise AccessError: a client writes them
        """
        if not ACCEPTANCE.isdisjoint(vals) and not self.env.su:
            raise AccessError(
                self.env._(
                    "Accepted, rejected and billed quantities of purchase orders cannot"
                    " be written: they follow from receipts, inspections and bills."
                )
            )

    def _jxc_check_received(self, vals):
        """What was received of goods is what receipts brought.

        The platform lets a client write it, and bills would follow.

        :raise AccessError: a client writes it
        """
        given = any(vals.get(name) for name in RECEIVED)
        given = given or vals.get("qty_received_method") == "manual"
        # Receipts write it for goods that were not ordered.
        if not given or self.env.su or is_finishing(self.env):
            return
        for line in self:
            if line.product_id.type == "consu":
                raise AccessError(
                    self.env._(
                        "%(product)s: the received quantity of goods cannot be written:"
                        " validate their receipt.",
                        product=line.product_id.display_name,
                    )
                )

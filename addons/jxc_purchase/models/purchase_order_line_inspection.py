# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from collections import defaultdict

from odoo import api, fields, models
from odoo.exceptions import AccessError

from odoo.addons.jxc_base.tools.guard import own_defaults

from ..tools.inspection_mark import is_finishing

ACCEPTANCE = {
    "jxc_qty_accepted",
    "jxc_qty_arrived",
    "jxc_qty_billed",
    "jxc_qty_gone",
    "jxc_qty_inspecting",
    "jxc_qty_received_base",
    "jxc_qty_rejected",
}

#: What tells how much of an order came.
RECEIVED = ("qty_received", "qty_received_manual")


class PurchaseOrderLine(models.Model):
    """Received is what was accepted, whoever asks: bills, requests, scores, reports.

    Goods that wait for their inspection and goods that were rejected are here, but not
    received. Who means everything that is here asks for ``jxc_qty_arrived``; stock and
    its value follow the movements and not the order.
    """

    _inherit = "purchase.order.line"

    qty_received = fields.Float(
        help="What came less what went back. Of goods that are inspected only what was"
        " accepted, also on concession.",
    )
    jxc_qty_arrived = fields.Float(
        string="Arrived",
        digits="Product Unit",
        compute="_compute_jxc_acceptance",
        store=True,
        help="Came and did not go back: received, to inspect or rejected.",
    )
    jxc_qty_inspecting = fields.Float(
        string="To Inspect",
        digits="Product Unit",
        compute="_compute_jxc_acceptance",
        store=True,
        help="Arrived, but not decided on yet.",
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
        related="qty_received",
        help="The received quantity by its name in inspections.",
    )

    @api.depends(
        "move_ids.jxc_inspection_id",
        "move_ids.jxc_inspection_line_ids.qty_received_base",
        "move_ids.jxc_inspection_line_ids.qty_rejected_base",
        "move_ids.jxc_inspection_line_ids.state",
        "product_uom_id",
    )
    def _compute_qty_received(self):
        return super()._compute_qty_received()

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
            inspecting, rejected, returned = line._jxc_inspected()
            line.jxc_qty_inspecting = inspecting
            line.jxc_qty_rejected = rejected
            arrived = line.qty_received + inspecting + rejected - returned
            unit = line.product_uom_id
            line.jxc_qty_arrived = unit.round(arrived) if unit else arrived

    def _jxc_inspected(self):
        """What inspections keep from being received, in the unit of the line.

        :return: (to be decided on, rejected, and of the rejected what went back)
        """
        unit, base = self.product_uom_id, self.product_id.uom_id
        return tuple(
            base._jxc_convert(quantity, unit, rounded=True)
            for quantity in self._jxc_inspected_base()
        )

    def _jxc_inspected_base(self):
        """The same as :meth:`_jxc_inspected`, exact in the product's unit."""
        self.ensure_one()
        counted = defaultdict(float)
        # sudo: buyers need not see the warehouse
        moves = self.sudo()._get_po_line_moves()
        for one in moves.jxc_inspection_line_ids:
            if one.state == "draft":
                counted["inspecting"] += one.qty_received_base
            elif one.state == "done":
                counted["rejected"] += one.qty_rejected_base
        if not any(counted.values()):
            return 0.0, 0.0, 0.0
        for move in moves:
            # What has left again is not here any more.
            if move.state == "done" and move.to_refund:
                counted["returned"] += move._jxc_rejects_returned()
        counted["returned"] = min(counted["returned"], counted["rejected"])
        return counted["inspecting"], counted["rejected"], counted["returned"]

    def _jxc_accepted_of(self, arrived):
        """What is received of a quantity that is here, in the unit of the line."""
        if self.qty_received_method != "stock_moves":
            return arrived
        inspecting, rejected, returned = self._jxc_inspected()
        accepted = arrived - inspecting - rejected + returned
        unit = self.product_uom_id
        return unit.round(accepted) if unit and accepted != arrived else arrived

    def _prepare_qty_received(self):
        """Count what was accepted of goods that are inspected.

        As of an earlier day: of what was here then, by what is decided today.
        """
        quantities = super()._prepare_qty_received()
        for line in self:
            quantities[line] = line._jxc_accepted_of(quantities[line])
        return quantities

    def _track_qty_received(self, new_qty):
        """The platform tells of goods that are here: tell of what is received."""
        super()._track_qty_received(self._jxc_accepted_of(new_qty))

    def _get_move_dests_initial_demand(self, move_dests):
        """Moves of an inspection take received goods on, they ask for none."""
        asking = move_dests.filtered(
            lambda move: not (move.jxc_release_line_id or move.jxc_inspection_id)
        )
        if not asking:
            # As without any move that waits: what is on its way is all there is.
            return self._get_qty_procurement()
        return super()._get_move_dests_initial_demand(asking)

    def _create_or_update_picking(self):
        """Plan no receipt, nor a return, of what is here and only not accepted.

        The platform makes a transfer as soon as more is ordered than received.
        """
        here = self.filtered(lambda line: line._jxc_is_all_here())
        for line in here:
            unit = line.product_uom_id
            bills = line.invoice_lines.move_id
            if bills and unit.compare(line.product_qty, line.qty_invoiced) < 0:
                bills[0].activity_schedule(
                    "mail.mail_activity_data_warning",
                    note=self.env._(
                        "%(order)s, %(product)s: more is billed than is ordered now."
                        " Ask the vendor for a refund.",
                        order=line.order_id.name,
                        product=line.product_id.display_name,
                    ),
                    user_id=self.env.uid,
                )
        return super(PurchaseOrderLine, self - here)._create_or_update_picking()

    def _jxc_is_all_here(self):
        """Whether goods not accepted fill this line, and nothing of it is to come."""
        self.ensure_one()
        unit = self.product_uom_id
        if (
            self.qty_received_method != "stock_moves"
            or unit.compare(self.jxc_qty_arrived, self.qty_received) <= 0
            or unit.compare(self.product_qty, self.jxc_qty_arrived) > 0
        ):
            return False
        return all(
            one.state in ("done", "cancel") or one.location_dest_id.usage == "supplier"
            for one in self.order_id.picking_ids
        )

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

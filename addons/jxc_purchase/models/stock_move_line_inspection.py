# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command

from odoo.addons.jxc_base.tools.guard import own_defaults

from ..tools.inspection_mark import inspecting, is_inspecting

#: What says which goods a done line brought, and where to.
DONE_FIELDS = {
    "location_dest_id",
    "location_id",
    "lot_id",
    "move_id",
    "owner_id",
    "package_id",
    "picking_id",
    "product_id",
    "quant_id",
    "result_package_id",
}
#: What may be corrected until the inspection is done.
AMOUNT_FIELDS = {"jxc_aux_qty", "product_uom_id", "quantity"}
OWN_FIELDS = {"jxc_inspection_line_id", "jxc_release_location_id"}


class StockMoveLine(models.Model):
    """Here the goods of every receipt come in, so here they turn off to inspection."""

    _inherit = "stock.move.line"

    jxc_inspection_line_id = fields.Many2one(
        comodel_name="jxc.receipt.inspection.line",
        string="Inspection Line",
        readonly=True,
        copy=False,
        index="btree_not_null",
        check_company=True,
    )
    jxc_release_location_id = fields.Many2one(
        comodel_name="stock.location",
        string="After Inspection to",
        readonly=True,
        copy=False,
        check_company=True,
        help="Where the goods would have gone without inspection.",
    )

    def _action_done(self):
        """Bring goods that must be inspected to the inspection place.

        What makes them due is asked here and not before: this is what really came, of
        the moves without their backorders.
        """
        came = self.filtered(
            lambda line: line.product_uom_id.compare(line.quantity, 0) > 0
        )
        came._jxc_check_goes_back()
        due = came.move_id._jxc_due_for_inspection(count=True)
        if not due:
            return super()._action_done()
        received = came.filtered(lambda line: line.move_id in due)
        received._jxc_check_from_outside()
        (self - received)._jxc_check_not_inspected()
        waiting = received._jxc_turn_off()
        with inspecting(self) as lines:
            result = super(StockMoveLine, lines)._action_done()
        inspections = self.env["jxc.receipt.inspection"]
        inspections._jxc_create_for(received.exists(), due, waiting)
        return result

    def _jxc_turn_off(self):
        """Send these goods to the inspection place instead.

        :return: {move: moves that wait for its goods}; they go on waiting, now for what
            the inspection accepts
        """
        after = self.grouped(lambda line: line._jxc_place_after_inspection())
        for place, lines in after.items():
            lines.sudo().jxc_release_location_id = place
        waiting = {}
        for move in self.move_id:
            waiting[move] = move.move_dest_ids.filtered(
                lambda one: one.state not in ("done", "cancel")
            )
            if waiting[move]:
                move.move_dest_ids = [Command.unlink(one.id) for one in waiting[move]]
        by_warehouse = self.move_id.grouped(lambda move: move._jxc_warehouse())
        for warehouse, moves in by_warehouse.items():
            moves.location_dest_id = warehouse._jxc_inspection_place()
        return waiting

    def _jxc_check_not_inspected(self):
        """Lines that are done together with a receipt do not share its mark."""
        places = self.env["stock.location"]._jxc_inspection_ids()
        for line in self:
            for place in line.location_id | line.location_dest_id:
                if place.id in places and line.product_id.is_storable:
                    self.env["stock.quant"]._jxc_refuse_inspection_place(
                        line.product_id, place
                    )

    # ------------------------------------------------------------
    # Done receipts
    # ------------------------------------------------------------

    @api.model
    def default_get(self, fields):
        return own_defaults(self, super().default_get(fields), OWN_FIELDS)

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self._jxc_check_own_fields(vals)
        lines = super().create(vals_list)
        done = lines.filtered(lambda line: line.state == "done")
        if done:
            done.move_id._jxc_check_nothing_due()
            done._jxc_check_not_added()
            done._jxc_check_goes_back()
        return lines

    def write(self, vals):
        """Correct what came only while the inspection is open.

        :raise UserError: naming the inspection
        """
        self._jxc_check_own_fields(vals)
        if DONE_FIELDS.isdisjoint(vals) and AMOUNT_FIELDS.isdisjoint(vals):
            return super().write(vals)
        inspected = self.filtered("jxc_inspection_line_id")
        inspected._jxc_check_correction(vals)
        others = self - inspected
        done = others.browse()
        if not DONE_FIELDS.isdisjoint(vals):
            done = others.filtered(lambda line: line.state == "done")
        receipts = done.move_id.filtered(lambda move: move._jxc_is_receipt())
        result = super(StockMoveLine, others).write(vals) if others else True
        done._jxc_check_redirected(receipts)
        done._jxc_check_goes_back()
        if inspected:
            with inspecting(inspected) as lines:
                result = super(StockMoveLine, lines).write(vals)
        return result

    def _jxc_check_own_fields(self, vals):
        names = OWN_FIELDS & set(vals)
        if names and not self.env.su:
            raise AccessError(
                self.env._(
                    "%(fields)s of operations follow from inspections.",
                    fields=", ".join(sorted(names)),
                )
            )

    def _jxc_check_not_added(self):
        """Refuse further goods on a receipt move that has been inspected."""
        for move in self.move_id:
            inspections = move.sudo().jxc_inspection_line_ids.inspection_id
            if inspections:
                raise UserError(
                    self.env._(
                        "%(product)s of %(receipt)s is inspected by %(inspection)s."
                        " Correct the quantity of what came there, or enter further"
                        " goods in a new receipt.",
                        product=move.product_id.display_name,
                        receipt=move.picking_id.name,
                        inspection=", ".join(inspections.mapped("name")),
                    )
                )

    def _jxc_check_correction(self, vals):
        """Only the amount can be wrong, and only until it was decided on."""
        for line in self:
            inspection = line.sudo().jxc_inspection_line_id.inspection_id
            if inspection.state == "draft" and DONE_FIELDS.isdisjoint(vals):
                continue
            values = {
                "product": line.product_id.display_name,
                "receipt": line.picking_id.name,
                "inspection": inspection.name,
            }
            if inspection.state == "draft":
                raise UserError(
                    self.env._(
                        "%(product)s of %(receipt)s is to be inspected by"
                        " %(inspection)s: until then only its quantity can be"
                        " corrected.",
                        **values,
                    )
                )
            raise UserError(
                self.env._(
                    "%(product)s of %(receipt)s was inspected by %(inspection)s: what"
                    " came cannot change any more. Have the inspection taken back"
                    " first.",
                    **values,
                )
            )

    # ------------------------------------------------------------
    # Decisions
    # ------------------------------------------------------------

    def _jxc_is_decided(self):
        """What an inspection moves it has decided on."""
        return super()._jxc_is_decided() or (
            is_inspecting(self.env) and bool(self.move_id.jxc_inspection_id)
        )

    def _jxc_is_ordered(self):
        """A replacement comes for the order; what is sent back again comes for none."""
        move = self.move_id
        return super()._jxc_is_ordered() or bool(
            move.purchase_line_id and not move.origin_returned_move_id
        )

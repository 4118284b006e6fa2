# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import api, fields, models


class StockMove(models.Model):
    """Demand in the auxiliary unit."""

    _name = "stock.move"
    _inherit = ["stock.move", "jxc.aux.mixin"]

    jxc_aux_qty = fields.Float(
        string="Auxiliary Demand",
        copy=False,
        help="The demand in the auxiliary unit of the product.",
    )
    jxc_aux_done = fields.Float(
        string="Auxiliary Quantity Done",
        digits="Product Unit",
        compute="_compute_jxc_aux_done",
        inverse="_inverse_jxc_aux_done",
        help="What the operations of this move say in the auxiliary unit.",
    )
    jxc_aux_reason = fields.Char(
        string="Reason for the Ratio",
        compute="_compute_jxc_aux_reason",
        inverse="_inverse_jxc_aux_reason",
        help="Why the ratio of both quantities is further off the nominal ratio than"
        " the tolerance of the product. Kept on the operations.",
    )
    jxc_quantity_text = fields.Char(string="Demand in Units")
    jxc_done_text = fields.Char(
        string="Quantity in Units",
        compute="_compute_jxc_done_text",
        help="The quantity done in the units of the product, e.g. 3箱5瓶.",
    )

    @api.depends("move_line_ids.jxc_aux_qty")
    def _compute_jxc_aux_done(self):
        for move in self:
            move.jxc_aux_done = sum(move.move_line_ids.mapped("jxc_aux_qty"))

    def _inverse_jxc_aux_done(self):
        """Share it among the operations by their base quantity."""
        for move in self:
            entered, lines = move.jxc_aux_done, move.move_line_ids
            total = sum(lines.mapped("quantity_product_uom"))
            rest = entered
            for line in lines[:-1]:
                share = line.quantity_product_uom / total if total else 0.0
                line.jxc_aux_qty = move.jxc_aux_uom_id.round(entered * share)
                rest -= line.jxc_aux_qty
            lines[-1:].jxc_aux_qty = rest

    @api.depends("move_line_ids.jxc_aux_reason")
    def _compute_jxc_aux_reason(self):
        for move in self:
            reasons = move.move_line_ids.filtered("jxc_aux_reason")
            texts = dict.fromkeys(reasons.mapped("jxc_aux_reason"))
            move.jxc_aux_reason = "; ".join(texts)

    def _inverse_jxc_aux_reason(self):
        for move in self:
            move.move_line_ids.jxc_aux_reason = move.jxc_aux_reason

    @api.depends("quantity", "product_uom", "product_id", "jxc_aux_done")
    @api.depends_context("lang")
    def _compute_jxc_done_text(self):
        for move in self:
            product, uom = move.product_id, move.product_uom
            move.jxc_done_text = ""
            if product:
                done = uom._jxc_convert(move.quantity, product.uom_id)
                move.jxc_done_text = product.product_tmpl_id._jxc_quantity_text(
                    done, move.jxc_aux_done
                )

    def _jxc_qty_field(self):
        return "product_uom_qty"

    def _jxc_uom_field(self):
        return "product_uom"

    def _jxc_aux_follows(self):
        return self.state not in ("done", "cancel")

    def _jxc_aux_kept(self, rates):
        # Where the ratio is given, by an order or a return, every part has its share.
        return 0.0 if self in rates else self.jxc_aux_qty

    def _jxc_aux_rates(self):
        """Returned goods weigh what they weighed. Extend it for orders."""
        rates = super()._jxc_aux_rates()
        for move in self:
            origin = move.origin_returned_move_id
            if origin.jxc_aux_done and origin.quantity:
                done = origin.product_uom._jxc_convert(
                    origin.quantity, origin.product_id.uom_id
                )
                rates[move] = origin.jxc_aux_done / done
        return rates

    # -- parts ----------------------------------------------------------------------

    def _split(self, qty, restrict_partner_id=False):
        """What was not done of the pieces goes with what was not done of the weight."""
        if not self.product_id.jxc_aux_uom_id:
            return super()._split(qty, restrict_partner_id)
        demand, base = self.jxc_aux_qty, self.product_qty
        lines = self.move_line_ids
        done_base = sum(lines.mapped("quantity_product_uom"))
        if done_base and not self.product_id.uom_id.compare(base - qty, done_base):
            rest = max(demand - self.jxc_aux_done, 0.0)
        else:
            rest = demand * qty / (base or 1.0)
        rest = self.product_id.jxc_aux_uom_id.round(rest)
        vals_list = super()._split(qty, restrict_partner_id)
        self.jxc_aux_qty = demand - rest
        return [{**vals, "jxc_aux_qty": rest} for vals in vals_list]

    def _merge_moves_fields(self):
        values = super()._merge_moves_fields()
        if (
            self.product_id.jxc_aux_uom_id
            and not self.env.context.get("merge_extra")
            # With a given ratio the sum has its share, without rounding each part.
            and self[0] not in self[0]._jxc_aux_rates()
        ):
            values["jxc_aux_qty"] = sum(self.mapped("jxc_aux_qty"))
        return values

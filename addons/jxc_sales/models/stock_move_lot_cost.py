# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import api, fields, models
from odoo.exceptions import AccessError

from odoo.addons.jxc_base.tools.guard import own_defaults

from ..tools.costs import COST_ROLES


class StockMoveLine(models.Model):
    _inherit = "stock.move.line"

    jxc_lot_cost = fields.Float(
        string="Cost of the Lot",
        readonly=True,
        copy=False,
        digits=0,
        groups=COST_ROLES,
        help="What one base unit of a lot that is valued by itself cost when it left,"
        " in company currency.",
    )

    @api.model
    def default_get(self, fields):
        return own_defaults(self, super().default_get(fields), {"jxc_lot_cost"})

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self._jxc_check_lot_cost(vals)
        return super().create(vals_list)

    def write(self, vals):
        """Keep what lots cost when they left: their return is worth that.

        :raise AccessError: somebody writes it
        """
        self._jxc_check_lot_cost(vals)
        return super().write(vals)

    def _jxc_check_lot_cost(self, vals):
        if "jxc_lot_cost" in vals and not self.env.su:
            raise AccessError(
                self.env._("What a lot cost follows from its receipts and deliveries.")
            )


class StockMove(models.Model):
    """Goods valued by lot come back at what their own lot cost when it left.

    The platform keeps what a whole delivery cost. Several lots of unlike cost that left
    together would come back at their mean, which none of them had.
    """

    _inherit = "stock.move"

    def _set_value(self, correction_quantity=None):
        result = super()._set_value(correction_quantity)
        if not correction_quantity:
            self.sudo()._jxc_note_lot_costs()
        return result

    def _jxc_note_lot_costs(self):
        for move in self:
            if move.product_id.lot_valuated and move._is_out():
                for line in move.move_line_ids.filtered("lot_id"):
                    line.jxc_lot_cost = line.lot_id.standard_price

    def _get_value_from_returns(self, quantity, at_date=None):
        result = super()._get_value_from_returns(quantity, at_date=at_date)
        origin = self.origin_returned_move_id
        if not (origin and origin.is_out and self.product_id.lot_valuated):
            return result
        costs = origin._jxc_lot_costs()
        lines = self._get_in_move_lines()
        whole = sum(lines.mapped("quantity_product_uom"))
        if not whole or not set(lines.lot_id) <= set(costs):
            return result  # Delivered before costs of lots were kept.
        value = sum(line.quantity_product_uom * costs[line.lot_id] for line in lines)
        return {**result, "value": value * quantity / whole}

    def _jxc_lot_costs(self):
        """Return ``{lot: what one base unit of it cost}`` of one delivery.

        Together they cost what the delivery did: where the platform, or an addon, does
        not let lots go at their average cost, each has its share of that.
        """
        costs = {}
        for lot, lines in self.sudo().move_line_ids.grouped("lot_id").items():
            whole = sum(lines.mapped("quantity_product_uom"))
            value = sum(one.quantity_product_uom * one.jxc_lot_cost for one in lines)
            if lot and value:
                costs[lot] = value / whole
        noted = sum(
            line.quantity_product_uom * costs[line.lot_id]
            for line in self.sudo().move_line_ids
            if line.lot_id in costs
        )
        if len(costs) == len(self.sudo().move_line_ids.lot_id) and noted and self.value:
            costs = {lot: cost * self.value / noted for lot, cost in costs.items()}
        return costs

# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import api, fields, models
from odoo.exceptions import UserError


class JxcStockFreezeWizard(models.TransientModel):
    """Freeze or unfreeze quants, a whole lot, or everything in a location."""

    _name = "jxc.stock.freeze.wizard"
    _inherit = ["jxc.number.mixin"]
    _description = "Freeze Stock"

    kind = fields.Selection(
        selection=[("freeze", "Freeze"), ("unfreeze", "Unfreeze")],
        required=True,
        default="freeze",
    )
    lot_id = fields.Many2one(comodel_name="stock.lot", string="Lot/Serial Number")
    location_id = fields.Many2one(
        comodel_name="stock.location",
        domain="[('usage', 'in', ('internal', 'transit', 'view'))]",
        help="All goods in this location and in the locations below it.",
    )
    quant_ids = fields.Many2many(
        comodel_name="stock.quant",
        string="Goods",
        compute="_compute_quant_ids",
        store=True,
        readonly=False,
    )
    quant_count = fields.Integer(compute="_compute_quant_count")
    quantity = fields.Float(
        digits="Product Unit",
        help="In the unit of the product. 0: all of it.",
    )
    uom_id = fields.Many2one(related="quant_ids.product_uom_id")
    reason = fields.Char()

    @api.depends("lot_id", "location_id", "kind")
    def _compute_quant_ids(self):
        for wizard in self:
            domain = wizard._get_quants_domain()
            if domain:
                wizard.quant_ids = self.env["stock.quant"].search(domain)

    @api.depends("quant_ids")
    def _compute_quant_count(self):
        for wizard in self:
            wizard.quant_count = len(wizard.quant_ids)

    def _get_quants_domain(self):
        """Domain of the goods of a lot or a location; empty when neither is given."""
        if not (self.lot_id or self.location_id):
            return []
        domain = [("location_id.usage", "in", ("internal", "transit"))]
        if self.lot_id:
            domain.append(("lot_id", "=", self.lot_id.id))
        if self.location_id:
            domain.append(("location_id", "child_of", self.location_id.id))
        if self.kind == "unfreeze":
            domain.append(("jxc_frozen_quantity", ">", 0))
        else:
            domain.append(("quantity", ">", 0))
        return domain

    def action_apply(self):
        """Freeze or unfreeze; rights and quantities are checked by the quants."""
        self.ensure_one()
        if not self.quant_ids:
            raise UserError(self.env._("There are no such goods."))
        if self.quantity and len(self.quant_ids) > 1:
            raise UserError(
                self.env._(
                    "A quantity can be given for goods of one place only; these are in"
                    " %s places. Leave it at 0 for all of them.",
                    len(self.quant_ids),
                )
            )
        if self.kind == "freeze":
            self.quant_ids.action_jxc_freeze(self.quantity or None, self.reason)
        else:
            self.quant_ids.action_jxc_unfreeze(self.quantity or None, self.reason)
        return {"type": "ir.actions.act_window_close"}

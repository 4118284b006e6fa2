# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import api, fields, models
from odoo.exceptions import AccessError


class PurchaseOrder(models.Model):
    _inherit = "purchase.order"

    jxc_inspection_ids = fields.Many2many(
        comodel_name="jxc.receipt.inspection",
        relation="jxc_receipt_inspection_purchase_rel",
        string="Receipt Inspections",
        readonly=True,
        copy=False,
    )
    jxc_inspection_count = fields.Integer(
        string="Inspections",
        compute="_compute_jxc_inspection_count",
        compute_sudo=True,
    )

    @api.depends("jxc_inspection_ids")
    def _compute_jxc_inspection_count(self):
        for order in self:
            order.jxc_inspection_count = len(order.jxc_inspection_ids)

    def _jxc_check_not_computed(self, vals):
        super()._jxc_check_not_computed(vals)
        if "jxc_inspection_ids" in vals and not self.env.su:
            raise AccessError(
                self.env._(
                    "The inspections of purchase orders cannot be written: they follow"
                    " from receipts."
                )
            )

    def action_jxc_open_inspections(self):
        """Show the inspections of what came for this order."""
        return self.jxc_inspection_ids._open_action()

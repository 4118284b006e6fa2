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

    @api.depends(
        "order_line.jxc_qty_arrived",
        "order_line.product_qty",
        "order_line.qty_received",
    )
    def _compute_receipt_status(self):
        """Goods that came and were not accepted are not received.

        The platform goes by transfers, and theirs is done when they come.
        """
        result = super()._compute_receipt_status()
        for order in self:
            if order.receipt_status not in ("full", "partial"):
                continue
            lines = order.order_line
            missing = lines.filtered(lambda line: line._jxc_lacks_accepted())
            if not missing:
                continue
            some = any(line.qty_received > 0 for line in lines)
            order.receipt_status = "partial" if some else "pending"
        return result

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


class PurchaseOrderLine(models.Model):
    _inherit = "purchase.order.line"

    def _jxc_lacks_accepted(self):
        """Whether less is accepted than ordered, of goods that are here."""
        self.ensure_one()
        unit = self.product_uom_id
        return (
            bool(unit)
            and unit.compare(self.jxc_qty_arrived, self.qty_received) > 0
            and unit.compare(self.product_qty, self.qty_received) > 0
        )

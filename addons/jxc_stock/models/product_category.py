# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import fields, models


class ProductCategory(models.Model):
    _name = "product.category"
    _inherit = ["product.category", "jxc.number.mixin"]

    jxc_safety_stock = fields.Float(
        string="Safety Stock",
        digits="Product Unit",
        help="Alert when a warehouse has less of a product. For products without an own"
        " value and without a reordering rule; 0: as the parent category.",
    )
    jxc_maximum_stock = fields.Float(
        string="Maximum Stock",
        digits="Product Unit",
        help="Alert when a warehouse has more of a product. For products without an own"
        " value and without a reordering rule; 0: as the parent category.",
    )
    jxc_idle_days = fields.Integer(
        string="Idle After Days",
        help="Alert when nothing came in or went out for so many days."
        " 0: as the parent category.",
    )

    _jxc_limits_positive = models.Constraint(
        "CHECK (COALESCE(jxc_safety_stock, 0) >= 0"
        " AND COALESCE(jxc_maximum_stock, 0) >= 0 AND COALESCE(jxc_idle_days, 0) >= 0)",
        "Alert limits cannot be negative.",
    )

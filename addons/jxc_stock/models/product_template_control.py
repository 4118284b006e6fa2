# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import fields, models

from odoo.addons.jxc_base.tools.prefetch import RARELY_READ

from .stock_warehouse import NEGATIVE_POLICIES


class ProductTemplate(models.Model):
    _name = "product.template"
    _inherit = ["product.template", "jxc.number.mixin"]

    jxc_negative_stock = fields.Selection(
        selection=NEGATIVE_POLICIES,
        string="Negative Stock",
        company_dependent=True,
        help="What happens when more is taken from a location than is there."
        " Empty: as the warehouse says.",
    )
    jxc_safety_stock = fields.Float(
        string="Safety Stock",
        digits="Product Unit",
        help="Alert when a warehouse has less. A reordering rule's minimum wins;"
        " 0: as the category.",
        prefetch=RARELY_READ,
    )
    jxc_maximum_stock = fields.Float(
        string="Maximum Stock",
        digits="Product Unit",
        help="Alert when a warehouse has more. A reordering rule's maximum wins;"
        " 0: as the category.",
        prefetch=RARELY_READ,
    )
    jxc_idle_days = fields.Integer(
        string="Idle After Days",
        help="Alert when nothing came in or went out for so many days."
        " 0: as the category.",
        prefetch=RARELY_READ,
    )
    jxc_shelf_days = fields.Integer(
        string="Minimum Shelf Life (days)",
        help="Lots delivered to customers must last at least so many days from the"
        " delivery on. A customer's own number wins.",
        prefetch=RARELY_READ,
    )

    _jxc_limits_positive = models.Constraint(
        "CHECK (COALESCE(jxc_safety_stock, 0) >= 0"
        " AND COALESCE(jxc_maximum_stock, 0) >= 0 AND COALESCE(jxc_idle_days, 0) >= 0"
        " AND COALESCE(jxc_shelf_days, 0) >= 0)",
        "Alert limits and shelf lives cannot be negative.",
    )

# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import fields, models

from odoo.addons.jxc_base.tools.prefetch import RARELY_READ


class ResCompany(models.Model):
    _inherit = "res.company"

    jxc_bill_control = fields.Selection(
        selection=[
            ("none", "Allow"),
            ("hold", "Post, but hold the payment"),
            ("refuse", "Refuse"),
        ],
        string="Bills above Accepted Quantity",
        required=True,
        default="none",
        help="What happens when a vendor bill is posted for more than what was accepted"
        " at receipt. Goods that are billed on ordered quantities may be billed before"
        " they come, but not what was rejected.",
        prefetch=RARELY_READ,
    )

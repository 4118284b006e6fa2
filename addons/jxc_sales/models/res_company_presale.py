# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import fields, models

from odoo.addons.jxc_base.tools.prefetch import RARELY_READ


class ResCompany(models.Model):
    _inherit = "res.company"

    jxc_presale_late_action = fields.Selection(
        selection=[
            ("keep", "Keep the stock reserved"),
            ("release", "Give the stock free"),
        ],
        string="Late Pre-sales",
        required=True,
        default="keep",
        help="When the delivery window is over and goods have not left. Stock that was"
        " given free is reserved again once a new window is agreed on.",
        prefetch=RARELY_READ,
    )

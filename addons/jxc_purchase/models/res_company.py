# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import fields, models


class ResCompany(models.Model):
    _inherit = "res.company"

    jxc_budget_missing = fields.Selection(
        selection=[
            ("allow", "Allow"),
            ("warn", "Allow with a note"),
            ("block", "Block"),
        ],
        string="Without Budget",
        required=True,
        default="allow",
        help="What happens when a request is submitted, an order is confirmed or a bill"
        " without order is posted that no budget line covers.",
    )

# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import fields, models

from odoo.addons.jxc_base.tools.prefetch import RARELY_READ


class ResCompany(models.Model):
    _name = "res.company"
    _inherit = ["res.company", "jxc.number.mixin"]

    jxc_count_tolerance_percent = fields.Float(
        string="Recount above (%)",
        digits=(16, 2),
        help="New stock counts ask for a second count of lines that differ by more than"
        " this share of the book quantity. 0: never.",
        prefetch=RARELY_READ,
    )
    jxc_count_tolerance_quantity = fields.Float(
        string="Recount above (Quantity)",
        digits="Product Unit",
        help="New stock counts ask for a second count of lines that differ by more than"
        " this quantity. 0: never.",
        prefetch=RARELY_READ,
    )

# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import fields, models

from odoo.addons.jxc_base.tools.prefetch import RARELY_READ


class ResCompany(models.Model):
    _inherit = "res.company"

    jxc_block_equal_vat = fields.Boolean(
        string="Refuse Equal Tax Numbers",
        help="A second commercial entity with the same tax number is refused; otherwise"
        " users are warned.",
        prefetch=RARELY_READ,
    )

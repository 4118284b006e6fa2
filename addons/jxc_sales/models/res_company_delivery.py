# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import fields, models

from odoo.addons.jxc_base.tools.prefetch import RARELY_READ


class ResCompany(models.Model):
    _inherit = "res.company"

    jxc_delivery_note_prices = fields.Boolean(
        string="Prices on Delivery Notes",
        default=True,
        help="Delivery notes show the price and amount of each line.",
        prefetch=RARELY_READ,
    )

# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import fields, models

from odoo.addons.jxc_base.tools.prefetch import RARELY_READ


class StockWarehouse(models.Model):
    _inherit = "stock.warehouse"

    jxc_count_number = fields.Integer(
        string="Counts Started",
        readonly=True,
        copy=False,
        export_string_translation=False,
        help="Raised by every start of a count, so that two starts follow one another.",
        prefetch=RARELY_READ,
    )

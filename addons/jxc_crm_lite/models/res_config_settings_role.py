# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    jxc_customers_by_owner = fields.Boolean(
        related="company_id.jxc_customers_by_owner", readonly=False
    )
    jxc_import_duplicates = fields.Selection(
        related="company_id.jxc_import_duplicates", readonly=False
    )
    jxc_block_equal_vat = fields.Boolean(
        related="company_id.jxc_block_equal_vat", readonly=False
    )

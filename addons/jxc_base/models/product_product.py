# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import fields, models


class ProductProduct(models.Model):
    _inherit = "product.product"

    jxc_import_cost = fields.Float(
        string="Imported Cost",
        min_display_digits="Product Price",
        company_dependent=True,
        copy=False,
        readonly=True,
        groups="base.group_system",
        export_string_translation=False,
        help="Cost given by the last import. The cost itself moves on with receipts; "
        "an import changes it only when the imported one changes.",
    )

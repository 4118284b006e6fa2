# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import fields, models


class ProductTemplate(models.Model):
    _inherit = "product.template"

    jxc_warranty_months = fields.Integer(
        string="Warranty (months)",
        help="From the delivery to the customer; 0: no warranty.",
    )

    _jxc_warranty_months_range = models.Constraint(
        "CHECK (jxc_warranty_months BETWEEN 0 AND 600)",
        "The warranty is between 0 and 600 months.",
    )

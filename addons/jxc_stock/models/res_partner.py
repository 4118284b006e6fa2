# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import fields, models


class ResPartner(models.Model):
    _inherit = "res.partner"

    jxc_shelf_days = fields.Integer(
        string="Minimum Shelf Life (days)",
        company_dependent=True,
        help="Lots delivered to this customer must last at least so many days from the"
        " delivery on. 0: as the product says.",
    )

    def _commercial_fields(self):
        return super()._commercial_fields() + ["jxc_shelf_days"]

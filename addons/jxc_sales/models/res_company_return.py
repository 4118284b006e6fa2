# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import fields, models

from odoo.addons.jxc_base.tools.prefetch import RARELY_READ


class ResCompany(models.Model):
    _inherit = "res.company"

    jxc_return_allocation = fields.Selection(
        selection=[("newest", "Newest delivery first"), ("oldest", "Oldest first")],
        string="Returned Goods Come From",
        required=True,
        default="newest",
        help="Which deliveries returned goods are taken to come from, when the customer"
        " names none.",
        prefetch=RARELY_READ,
    )

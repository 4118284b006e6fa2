# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import fields, models

from odoo.addons.jxc_base.tools.prefetch import RARELY_READ


class ResCompany(models.Model):
    _inherit = "res.company"

    jxc_reorder_requests = fields.Boolean(
        string="Reordering Rules make Requests",
        help="What reordering rules would buy becomes a purchase request, which is"
        " approved before anything is ordered. Stock alerts always make requests.",
        prefetch=RARELY_READ,
    )

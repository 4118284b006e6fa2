# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import fields, models


class MailingMailing(models.Model):
    _inherit = "mailing.mailing"

    jxc_company_id = fields.Many2one(
        comodel_name="res.company",
        string="Company",
        required=True,
        default=lambda self: self.env.company,
        index=True,
        help="Whose gateway, frequency limits and quiet hours count.",
    )

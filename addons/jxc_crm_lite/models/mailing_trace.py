# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import fields, models


class MailingTrace(models.Model):
    _inherit = "mailing.trace"

    failure_type = fields.Selection(
        selection_add=[("jxc_limit", "Enough Marketing Lately")],
    )
    jxc_company_id = fields.Many2one(
        comodel_name="res.company",
        string="Sending Company",
        readonly=True,
        ondelete="cascade",
        index="btree_not_null",
        help="Of marketing that was sent without a mailing.",
    )

# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import fields, models


class JxcBankFormat(models.Model):
    """The format that was used last for a journal."""

    _name = "jxc.bank.format"
    _description = "Bank Statement Format"
    _inherit = "jxc.bank.format.mixin"
    _order = "journal_id"
    _rec_name = "journal_id"
    _check_company_auto = True

    journal_id = fields.Many2one(
        "account.journal", required=True, ondelete="cascade", check_company=True
    )
    company_id = fields.Many2one(
        related="journal_id.company_id", store=True, precompute=True, index=True
    )

    _journal_unique = models.UniqueIndex("(journal_id)", "A journal has one format.")

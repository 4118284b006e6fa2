# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import models


class AccountMoveLine(models.Model):
    _inherit = "account.move.line"

    # Exactly the condition of the exposure query: paid invoices cost nothing there.
    _jxc_open_item_idx = models.Index(
        "(partner_id, company_id)"
        " WHERE parent_state = 'posted' AND amount_residual <> 0"
    )
    # Items of documents that were reset to draft and keep what was set against them.
    _jxc_drafted_item_idx = models.Index(
        "(partner_id, company_id)"
        " WHERE parent_state = 'draft' AND matching_number IS NOT NULL"
    )

# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import models

#: What is decided on here where no tier applies.
DECIDED_HERE = ("jxc.purchase.budget.transfer", "jxc.purchase.request")


class JxcApprovalDecision(models.TransientModel):
    """Requests and budget changes are decided on one page, with or without tiers."""

    _inherit = "jxc.approval.decision"

    def _document_without_tier(self):
        if self.res_model not in DECIDED_HERE:
            return super()._document_without_tier()
        document = self.env[self.res_model].browse(self.res_id).exists()
        # Who decides for several companies comes here from a message, whatever company
        # he has chosen before.
        company = document.sudo().company_id
        if company in self.env.user.company_ids:
            document = document.with_company(company)
        return document

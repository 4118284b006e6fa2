# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import api, models

from ..tools.credit import Use


class BasePartnerMergeAutomaticWizard(models.TransientModel):
    """What a merged contact owes goes through the gate of the one that stays."""

    _inherit = "base.partner.merge.automatic.wizard"

    @api.model
    def _update_foreign_keys(self, src_partners, dst_partner):
        """The platform moves documents by SQL, past every check of theirs.

        :raise UserError: the limit of the contact that stays does not suffice
        """
        partners = src_partners | dst_partner
        documents = src_partners._jxc_owed_documents()
        before = src_partners._jxc_debts(*documents)
        # An account of the merged contact moves along, with what it counts already.
        moving = self.env["jxc.credit.account"].sudo()
        moving = moving.search([("partner_id", "in", src_partners.ids)]).company_id.ids
        result = super()._update_foreign_keys(src_partners, dst_partner)
        self.env.invalidate_all()
        own = self.env["jxc.credit.account"].sudo()
        for account in own.search([("partner_id", "=", dst_partner.id)]):
            # Two that shared a limit are one now.
            account.member_ids -= dst_partner
        change = partners._jxc_debts(*documents).since(before)
        partners._jxc_settle_debts(
            Use(
                {
                    (key, part): amount
                    for (key, part), amount in change.items()
                    if key[1] not in moving
                }
            )
        )
        return result

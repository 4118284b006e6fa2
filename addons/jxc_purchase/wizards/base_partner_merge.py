# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import api, fields, models


class BasePartnerMergeAutomaticWizard(models.TransientModel):
    """What was bought of a merged vendor counts where the one that stays is counted.

    What was bought of the vendor that stays keeps its budget lines: nothing about it
    has changed.
    """

    _inherit = "base.partner.merge.automatic.wizard"

    @api.model
    def _update_foreign_keys(self, src_partners, dst_partner):
        """The platform moves documents and budget lines by SQL, past their checks.

        :raise UserError: a blocking budget line has not enough left for what moves to
            it
        :raise ValidationError: two budget lines would become the same
        """
        family = src_partners.sudo().with_context(active_test=False)
        family = family.search([("id", "child_of", src_partners.ids)])
        bought = family._jxc_budgeted_lines()
        planned = self.env["jxc.purchase.budget.line"].sudo()
        planned = planned.search([("partner_id", "in", src_partners.ids)])
        result = super()._update_foreign_keys(src_partners, dst_partner)
        self.env.invalidate_all()
        graded_d = dst_partner._fields["jxc_was_graded_d"]
        self.env.add_to_compute(graded_d, dst_partner.sudo())
        in_force = planned.budget_id.filtered(lambda budget: budget.state != "draft")
        # What is past was decided already: it keeps nobody from tidying up.
        in_force._check_no_ambiguous_lines(since=fields.Date.context_today(self))
        self.env["jxc.budget.engine"]._sync(*bought)
        return result

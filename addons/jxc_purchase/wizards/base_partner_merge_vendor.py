# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import api, models
from odoo.tools import SQL


class BasePartnerMergeAutomaticWizard(models.TransientModel):
    """Of two vendors that become one, what there is once for each is settled first.

    The platform moves the records by SQL, where the second one of a vendor would break
    a unique index. Nothing that was decided is lost, and a merge clears nobody: the
    lower score and the suspension stay in force.
    """

    _inherit = "base.partner.merge.automatic.wizard"

    @api.model
    def _update_foreign_keys(self, src_partners, dst_partner):
        partners = src_partners | dst_partner
        self.env["jxc.vendor.evaluation"].sudo()._settle_merge(partners, dst_partner)
        self.env["jxc.vendor.qualification"].sudo()._settle_merge(partners, dst_partner)
        # These rows only make operations wait for each other; new ones come by need.
        turns = self.env["jxc.duplicate.turn"].sudo()
        turns.search([("partner_id", "in", src_partners.ids)]).unlink()
        self._jxc_add_counted_receipts(src_partners, dst_partner)
        result = super()._update_foreign_keys(src_partners, dst_partner)
        self.env.invalidate_all()
        self.env["jxc.vendor.evaluation"].sudo()._forget_after_merge(dst_partner)
        return result

    @api.model
    def _jxc_add_counted_receipts(self, src_partners, dst_partner):
        """Every n-th receipt is counted on, not begun anew."""
        self.env["jxc.receipt.inspection.counter"].flush_model()
        self.env.execute_query(
            SQL(
                """
                WITH gone AS (
                    DELETE FROM jxc_receipt_inspection_counter
                     WHERE vendor = ANY(%(merged)s)
                 RETURNING rule_id, number
                )
                INSERT INTO jxc_receipt_inspection_counter AS counter
                            (rule_id, vendor, number)
                     SELECT rule_id, %(kept)s, sum(number)
                       FROM gone
                   GROUP BY rule_id
                ON CONFLICT (rule_id, vendor)
                  DO UPDATE SET number = counter.number + excluded.number
                  RETURNING id
                """,
                merged=src_partners.ids,
                kept=dst_partner.id,
            )
        )

# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import models


class JxcStockCount(models.Model):
    """Approval of a count's result, and its way into the stock."""

    _inherit = "jxc.stock.count"

    _state_from = ["submitted"]
    _state_to = ["done"]
    _cancel_state = "cancelled"
    _tier_validation_manual_config = False

    def _jxc_states_before_approval(self):
        return super()._jxc_states_before_approval() | {"draft", "in_progress"}

    def _jxc_widening_fields(self):
        # An approval is for one submission, whose lines do not change any more.
        return {**super()._jxc_widening_fields(), "submitted_at": "change"}

    def _jxc_requesters(self):
        """Who counted does not approve what came out."""
        return super()._jxc_requesters() | self.sheet_ids.user_id

    def action_apply(self):
        """Bring all differences that are left into the stock; the count is then done.

        :raise AccessError: the user is no inventory administrator
        :raise ValidationError: the result is not approved
        :raise UserError: the count is not submitted, a difference has no reason, or its
            stock was adjusted by somebody else since it was counted
        """
        self._check_may_run(("submitted",), manager=True)
        for count in self.sudo().sorted("id"):
            lines = count.line_ids.filtered(lambda line: line.state == "settled")
            lines._apply()
            count._finish_if_settled()
        return True

    def _finish_if_settled(self):
        """Close the count when nothing is left to decide."""
        for count in self:
            if any(line.state == "settled" for line in count.line_ids):
                continue
            count.write({"state": "done"})

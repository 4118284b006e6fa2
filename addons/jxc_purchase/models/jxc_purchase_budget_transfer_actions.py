# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from collections import defaultdict

from odoo import fields, models
from odoo.exceptions import AccessError, UserError

from .jxc_purchase_budget_line_scope import LIMIT_FIELDS

MANAGER = "jxc_base.group_budget_manager"


class JxcPurchaseBudgetTransfer(models.Model):
    """The way of a budget change from its draft to the budgets."""

    _inherit = "jxc.purchase.budget.transfer"

    # ------------------------------------------------------------
    # Approval glue
    # ------------------------------------------------------------

    _jxc_decider_group = MANAGER
    _jxc_decision_path = "decide-budget-change"
    _jxc_former_field = "former_submitter_ids"
    _jxc_hands_field = "former_submitter_ids"

    def _jxc_transition_fields(self):
        return super()._jxc_transition_fields() | {"approved_at", "approved_by_id"}

    def _jxc_widening_fields(self):
        return {
            **super()._jxc_widening_fields(),
            "carry_commitments": "change",
            "company_id": "change",
            "kind": "change",
            "line_ids": {
                "amount": "increase",
                "line_from_id": "change",
                "line_to_id": "change",
                **dict.fromkeys(LIMIT_FIELDS, "change"),
            },
        }

    def _jxc_check_submit(self):
        for transfer in self:
            if not transfer.line_ids:
                raise UserError(self.env._("%s: add at least one line.", transfer.name))
        self.line_ids._check_complete()

    # ------------------------------------------------------------
    # Steps
    # ------------------------------------------------------------

    def _jxc_approve(self):
        self._approve(self.env.user)

    def _approve(self, user):
        """Approve and change the budgets, all in one step."""
        self.ensure_one()
        self.line_ids._check_complete()
        self._take()
        self._decide(
            "approved", approved_by_id=user.id, approved_at=fields.Datetime.now()
        )
        lines = self.line_ids.line_from_id | self.line_ids.line_to_id
        lines._set_adjusted()
        if self.kind == "control":
            self.line_ids._set_limits()
        for budget in lines.budget_id:
            budget.message_post(
                body=self.env._(
                    "%(kind)s %(transfer)s, %(amount).2f: %(reason)s",
                    kind=dict(self._fields["kind"]._description_selection(self.env))[
                        self.kind
                    ],
                    transfer=self._get_html_link(),
                    amount=self.amount_total,
                    reason=self.reason,
                )
            )

    def _take(self):
        """Take what budget lines give through the gate, before it is written.

        What a line gives is asked like a document would; so no line gives what is in
        use, not even while orders are being confirmed elsewhere.

        :raise UserError: a line has not so much left
        """
        gained = defaultdict(float)
        for line in self.line_ids:
            gained[line.line_from_id] -= line.amount
            gained[line.line_to_id] += line.amount
        lost = {
            line.id: line._capacity()
            - line._capacity({"amount_adjusted": line.amount_adjusted + amount})
            for line, amount in gained.items()
            if line
        }
        if self.kind == "carry" and self.carry_commitments:
            self._carry(lost)
        else:
            self.env["jxc.purchase.budget.line"]._give_up(lost)

    def _may_decide(self):
        return (
            self.env.user.has_group(MANAGER)
            and self.env.user not in self.sudo()._jxc_requesters_known()
        )

    def _check_may_decide(self):
        """:raise AccessError: no budget manager, or who asked for it"""
        self.check_access("read")
        if not self._may_decide():
            raise AccessError(
                self.env._(
                    "%s: a budget manager who did not ask for it decides on it.",
                    self.name,
                )
            )

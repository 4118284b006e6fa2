# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from collections import defaultdict

from odoo import fields, models
from odoo.exceptions import AccessError, UserError

from odoo.addons.jxc_base.tools.approval import SKIP

from .jxc_purchase_budget_line_scope import LIMIT_FIELDS

MANAGER = "jxc_base.group_budget_manager"


class JxcPurchaseBudgetTransfer(models.Model):
    """The way of a budget change from its draft to the budgets."""

    _inherit = "jxc.purchase.budget.transfer"

    # ------------------------------------------------------------
    # Approval glue
    # ------------------------------------------------------------

    _jxc_decider_group = MANAGER

    def _jxc_states_before_approval(self):
        return super()._jxc_states_before_approval() | {"draft", "rejected"}

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

    def _jxc_requesters(self):
        return super()._jxc_requesters() | self._requesters_known()

    def _jxc_not_deciding(self):
        return super()._jxc_not_deciding() | self._requesters_known()

    def _requesters_known(self):
        """Return everybody who had a hand in this change: they do not approve it."""
        self.ensure_one()
        people = self.create_uid | self.user_id | self.submitted_by_id
        return people | self.former_submitter_ids | self.line_ids.create_uid

    def _validate_tier(self, tiers=False):
        result = super()._validate_tier(tiers)
        done = self._validated_states()
        for transfer in self.sudo().filtered(lambda one: one.state == "submitted"):
            reviews = transfer.review_ids
            if reviews and all(review.status in done for review in reviews):
                transfer._approve(self.env.user)
        return result

    def _rejected_tier(self, tiers=False):
        result = super()._rejected_tier(tiers)
        submitted = self.sudo().filtered(lambda one: one.state == "submitted")
        for transfer, reasons in submitted._jxc_reasons_of_rejection().items():
            transfer._reject("\n".join(reasons))
        return result

    # ------------------------------------------------------------
    # Actions
    # ------------------------------------------------------------

    def action_submit(self):
        """Ask for the approval of drafts.

        :raise AccessError: the user may not change it
        :raise UserError: it is no draft, or a line is incomplete for its kind
        """
        self.check_access("write")
        self._check_states("draft")
        for transfer in self:
            if not transfer.line_ids:
                raise UserError(self.env._("%s: add at least one line.", transfer.name))
        self.line_ids._check_complete()
        transfers = self.sudo()
        transfers._decide(
            "submitted",
            submitted_by_id=self.env.uid,
            submitted_at=fields.Datetime.now(),
            rejection_reason=False,
        )
        for transfer in transfers:
            if transfer.need_validation:
                transfer.request_validation()
        transfers._jxc_ask_deciders()
        return True

    def action_approve(self, comment=False):
        """Approve submitted changes; with the last approval the budgets change.

        With tiers this decides the user's reviews; without, it takes another budget
        manager than who asked for it.

        :param comment: text, kept in the chatter; who asked is told
        :return: True, or the action that asks for the tier's comment
        :raise AccessError: the user may not decide
        :raise UserError: it is not waiting, or a budget line cannot give the amount
        """
        self._check_states("submitted")
        comment = comment.strip() if isinstance(comment, str) else ""
        for transfer in self:
            reviews = transfer.sudo().review_ids
            if not reviews or transfer._all_reviewed(reviews):
                transfer._check_may_decide()
                transfer.sudo()._approve(self.env.user)
                if comment:
                    transfer._jxc_tell_comment(comment)
                continue
            if comment:
                transfer._jxc_decide_with_comment("validate", comment)
                continue
            action = transfer.validate_tier()
            if isinstance(action, dict):
                return action
        return True

    def action_reject(self, reason=False):
        """Refuse submitted changes.

        :param reason: text for who asked
        :raise AccessError: the user may not decide
        :raise UserError: it is not waiting for its approval
        """
        self._check_states("submitted")
        for transfer in self:
            if transfer.sudo().review_ids:
                transfer._jxc_check_may_decide()
                mine = transfer._jxc_decidable_reviews(in_a_row=False)
                if isinstance(reason, str) and reason:
                    mine.sudo().write({"comment": reason})
                transfer._rejected_tier(mine)
            else:
                transfer._check_may_decide()
                transfer.sudo()._reject(reason if isinstance(reason, str) else "")
        return True

    def action_cancel(self):
        """Give up changes that are not approved.

        :raise UserError: approved; make one the other way round
        """
        self.check_access("write")
        self._check_states("draft", "submitted", "rejected")
        self.sudo()._drop_reviews()
        self.sudo()._decide("cancelled")
        return True

    def action_draft(self):
        """Take changes back to correct them; they are then approved again."""
        self.check_access("write")
        self._check_states("submitted", "rejected", "cancelled")
        for transfer in self.sudo():
            # Who submitted it once does not approve what becomes of it.
            transfer.former_submitter_ids |= transfer.submitted_by_id
        self.sudo()._drop_reviews()
        self.sudo()._decide("draft", submitted_by_id=False, submitted_at=False)
        return True

    # ------------------------------------------------------------
    # Steps
    # ------------------------------------------------------------

    def _decide(self, state, **vals):
        """Write a decision; with superuser rights, after the user was judged."""
        self.with_context(skip_validation_check=SKIP).write({"state": state, **vals})
        if state != "submitted":
            self._jxc_end_asking()

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

    def _reject(self, reason):
        self._decide("rejected", rejection_reason=reason)
        for transfer in self:
            transfer.message_post(
                body=self.env._("Rejected: %s", reason or "–"),
                partner_ids=transfer.user_id.partner_id.ids,
                subtype_xmlid="mail.mt_comment",
            )

    def _drop_reviews(self):
        engine = self._jxc_engine()
        engine._jxc_log_dropped_reviews()
        engine.review_ids.unlink()
        self.invalidate_recordset(["review_ids"])

    def _jxc_on_widened(self, changes):
        self._drop_reviews()
        self._decide("submitted")

    def _all_reviewed(self, reviews):
        done = self._validated_states()
        return all(review.status in done for review in reviews)

    def _check_states(self, *states):
        """:raise UserError: naming the change and its status"""
        self.check_access("read")
        names = dict(self._fields["state"]._description_selection(self.env))
        for transfer in self:
            if transfer.state not in states:
                raise UserError(
                    self.env._(
                        "%(transfer)s is “%(state)s”; this is for changes that are:"
                        " %(states)s.",
                        transfer=transfer.name,
                        state=transfer._state_label(),
                        states=", ".join(names[one] for one in states),
                    )
                )

    def _may_decide(self):
        return (
            self.env.user.has_group(MANAGER)
            and self.env.user not in self.sudo()._requesters_known()
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

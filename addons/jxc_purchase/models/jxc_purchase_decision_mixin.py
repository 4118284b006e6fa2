# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import fields, models
from odoo.exceptions import UserError

from odoo.addons.jxc_base.tools.approval import SKIP


class JxcPurchaseDecisionMixin(models.AbstractModel):
    """Documents with lines that somebody submits and somebody else decides on.

    draft → submitted → approved, rejected or cancelled, and back to draft. With tiers
    their reviewers decide; without, who :meth:`_check_may_decide` lets. To be inherited
    before ``tier.validation``; ``_state_field`` names the field of the decision. The
    model has user_id, line_ids, submitted_by_id, submitted_at and rejection_reason.
    """

    _name = "jxc.purchase.decision.mixin"
    _inherit = "jxc.purchase.asking.mixin"
    _description = "Decided on by Somebody Else"

    #: Field of those who asked for it, too.
    _jxc_former_field = None
    #: What may be given up.
    _jxc_cancellable = ("draft", "submitted", "rejected")

    # ------------------------------------------------------------
    # Approval glue
    # ------------------------------------------------------------

    def _jxc_states_before_approval(self):
        return super()._jxc_states_before_approval() | {"draft", "rejected"}

    def _jxc_requesters(self):
        return super()._jxc_requesters() | self._jxc_requesters_known()

    def _jxc_not_deciding(self):
        return super()._jxc_not_deciding() | self._jxc_requesters_known()

    def _jxc_requesters_known(self):
        """Return everybody who had a hand in this document: they do not approve it."""
        self.ensure_one()
        people = self.create_uid | self.user_id | self.submitted_by_id
        return people | self[self._jxc_former_field] | self.line_ids.create_uid

    def _validate_tier(self, tiers=False):
        result = super()._validate_tier(tiers)
        for document in self.sudo()._jxc_submitted():
            if document.review_ids and document._jxc_all_reviewed():
                document._jxc_approve()
        return result

    def _rejected_tier(self, tiers=False):
        result = super()._rejected_tier(tiers)
        submitted = self.sudo()._jxc_submitted()
        for document, reasons in submitted._jxc_reasons_of_rejection().items():
            document._reject("\n".join(reasons))
        return result

    def _jxc_submitted(self):
        return self.filtered(lambda one: one[self._state_field] == "submitted")

    def _jxc_all_reviewed(self):
        self.ensure_one()
        done = self._validated_states()
        return all(review.status in done for review in self.sudo().review_ids)

    # ------------------------------------------------------------
    # The page a notification leads to
    # ------------------------------------------------------------

    def _jxc_may_decide_now(self):
        return self.can_approve

    def _jxc_check_deciding_here(self):
        if self.sudo().review_ids:
            super()._jxc_check_deciding_here()
            return
        self._check_states("submitted")
        self._check_may_decide()

    def _jxc_decide_here(self, decision, comment):
        if self.sudo().review_ids:
            super()._jxc_decide_here(decision, comment)
        elif decision == "reject":
            self.action_reject(comment)
        else:
            self.action_approve(comment)

    # ------------------------------------------------------------
    # Actions
    # ------------------------------------------------------------

    def action_submit(self):
        """Ask for the approval of drafts.

        :return: True
        :raise AccessError: the user may not change the document
        :raise UserError: it is no draft, or incomplete; also when nobody may decide a
            tier that applies
        """
        self.check_access("write")
        self._check_states("draft")
        self._jxc_check_submit()
        documents = self.sudo()
        documents._decide(
            "submitted",
            submitted_by_id=self.env.uid,
            submitted_at=fields.Datetime.now(),
            rejection_reason=False,
        )
        for document in documents:
            if document.need_validation:
                document.request_validation()
        documents._jxc_ask_deciders()
        return True

    def action_approve(self, comment=False):
        """Approve submitted documents.

        With tiers this decides the user's reviews, and the document is approved with
        the last one; without, it takes the right to, and another user than who asked.

        :param comment: text, kept in the chatter; who asked is told
        :return: True, or the action that asks for the tier's comment
        :raise AccessError: the user may not decide, or asked for it himself
        :raise UserError: it is not waiting for its approval
        """
        self._check_states("submitted")
        comment = comment.strip() if isinstance(comment, str) else ""
        for document in self:
            # All reviewed: approved before the document could follow.
            if not document.sudo().review_ids or document._jxc_all_reviewed():
                document._check_may_decide()
                document.sudo()._jxc_approve()
                if comment:
                    document._jxc_tell_comment(comment)
                continue
            if comment:
                action = document._jxc_decide_with_comment("validate", comment)
            else:
                action = document.validate_tier()
            if isinstance(action, dict):
                return action
        return True

    def action_reject(self, reason=False):
        """Refuse submitted documents, and tell who asked why.

        :param reason: text
        :return: True, or the action of the window that asks for a reason
        :raise AccessError: see :meth:`action_approve`
        :raise UserError: it is not waiting for its approval
        """
        self._check_states("submitted")
        for document in self:
            if document.sudo().review_ids:
                document._jxc_check_may_decide()
            else:
                document._check_may_decide()
        reason = reason if isinstance(reason, str) and reason.strip() else ""
        window = not reason and self._jxc_reason_window()
        if window:
            return window
        for document in self:
            if document.sudo().review_ids:
                mine = document._jxc_decidable_reviews(in_a_row=False)
                if reason:
                    mine.sudo().write({"comment": reason})
                document._rejected_tier(mine)
            else:
                document.sudo()._reject(reason)
        return True

    def action_cancel(self):
        """Give documents up.

        :return: True
        :raise AccessError: the user may not
        :raise UserError: it is too late for that, and what to do instead
        """
        self.check_access("write")
        self._check_states(*self._jxc_cancellable)
        self._jxc_check_cancel()
        self.sudo()._drop_reviews()
        self.sudo()._decide("cancelled")
        return True

    def action_draft(self):
        """Take documents back to change them; they are then approved again.

        :return: True
        :raise UserError: it is a draft already, or approved
        """
        self.check_access("write")
        self._check_states("submitted", "rejected", "cancelled")
        # First: a document under review takes no changes.
        self.sudo()._drop_reviews()
        for document in self.sudo():
            # Who submitted it once does not approve what becomes of it.
            submitter = document.submitted_by_id - document.user_id
            document[self._jxc_former_field] |= submitter
        self.sudo()._decide("draft", submitted_by_id=False, submitted_at=False)
        return True

    # ------------------------------------------------------------
    # Hooks
    # ------------------------------------------------------------

    def _jxc_check_submit(self):
        """Refuse drafts that must not be submitted; for all of the batch."""

    def _jxc_check_cancel(self):
        """Refuse what must not be given up."""

    def _jxc_reason_window(self):
        """Return the action that asks why it is rejected; None where no reason is
        needed."""

    def _check_may_decide(self):
        """Judge who decides on a document that no tier applies to.

        :raise AccessError: without the right, or who asked for it
        """
        raise NotImplementedError

    def _jxc_approve(self):
        """Approve one document; with superuser rights, after the user was judged."""
        self._decide("approved")

    def _action_decided(self, before):
        """Follow what was decided.

        Called with superuser rights after the decision is written.

        :param before: {document: decision before}
        """

    # ------------------------------------------------------------
    # Steps
    # ------------------------------------------------------------

    def _decide(self, decision, **vals):
        """Write a decision; with superuser rights, after the user was judged."""
        before = {document: document[self._state_field] for document in self}
        # A document under review takes no other changes.
        documents = self.with_context(skip_validation_check=SKIP)
        documents.write({self._state_field: decision, **vals})
        if decision != "submitted":
            self._jxc_end_asking()
        self._action_decided(before)

    def _reject(self, reason):
        self._decide("rejected", rejection_reason=reason)
        for document in self:
            document.message_post(
                body=self.env._("Rejected: %s", reason or "–"),
                partner_ids=document.user_id.partner_id.ids,
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

    def _state_label(self):
        return dict(self._fields["state"]._description_selection(self.env))[self.state]

    def _check_states(self, *decisions):
        """:raise UserError: naming the document and its status"""
        self.check_access("read")
        field = self._fields[self._state_field]
        names = dict(field._description_selection(self.env))
        for document in self:
            if document[self._state_field] not in decisions:
                raise UserError(
                    self.env._(
                        "%(document)s is “%(state)s”; this is for those that are:"
                        " %(states)s.",
                        document=document.name,
                        state=document._state_label(),
                        states=", ".join(names[one] for one in decisions),
                    )
                )

# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain

from odoo.addons.jxc_base.tools.approval import SKIP

from .jxc_purchase_request import APPROVER, BUYER


class JxcPurchaseRequest(models.Model):
    """The way of a request from its draft to its orders."""

    _inherit = "jxc.purchase.request"

    # ------------------------------------------------------------
    # Approval glue
    # ------------------------------------------------------------

    _jxc_decider_group = APPROVER
    # Not even where a tier lets requesters decide other documents.
    _jxc_requesters_never_decide = True

    def _jxc_states_before_approval(self):
        return super()._jxc_states_before_approval() | {"draft", "rejected"}

    def _jxc_transition_fields(self):
        return super()._jxc_transition_fields() | {"rejection_reason"}

    def _jxc_widening_fields(self):
        return {
            **super()._jxc_widening_fields(),
            "company_id": "change",
            "line_ids": {
                "product_id": "change",
                "product_qty": "increase",
                "product_uom_id": "change",
                "price_unit": "increase",
            },
        }

    def _jxc_requesters(self):
        return super()._jxc_requesters() | self._jxc_requesters_known()

    def _jxc_not_deciding(self):
        return super()._jxc_not_deciding() | self._jxc_requesters_known()

    def _jxc_requesters_known(self):
        """Return everybody who had a hand in this request: they do not approve it."""
        self.ensure_one()
        people = self.create_uid | self.user_id | self.submitted_by_id
        return people | self.former_requester_ids | self.line_ids.create_uid

    def request_validation(self):
        reviews = super().request_validation()
        # Record rules look for the reviewers at once.
        self.invalidate_recordset(["review_ids", "reviewer_ids", "can_review"])
        return reviews

    def _validate_tier(self, tiers=False):
        result = super()._validate_tier(tiers)
        done = self._validated_states()
        for request in self.sudo().filtered(lambda one: one.decision == "submitted"):
            reviews = request.review_ids
            if reviews and all(review.status in done for review in reviews):
                request._decide("approved")
        return result

    def _rejected_tier(self, tiers=False):
        result = super()._rejected_tier(tiers)
        submitted = self.sudo().filtered(lambda one: one.decision == "submitted")
        for request, reasons in submitted._jxc_reasons_of_rejection().items():
            request._reject("\n".join(reasons))
        return result

    # ------------------------------------------------------------
    # Actions
    # ------------------------------------------------------------

    def action_submit(self):
        """Ask for the approval of drafts.

        :raise AccessError: the user may not change the request
        :raise UserError: the request is no draft, or a line is incomplete; also when
            nobody may decide a tier that applies
        """
        self.check_access("write")
        self._check_states("draft")
        # Estimates are made for drafts only: the last ones before it is none any more.
        self.line_ids.flush_recordset(["vendor_id", "price_unit"])
        for request in self:
            request._check_complete()
        self._action_check_submit()
        requests = self.sudo()
        requests._decide(
            "submitted",
            submitted_by_id=self.env.uid,
            submitted_at=fields.Datetime.now(),
            rejection_reason=False,
        )
        for request in requests:
            if request.need_validation:
                request.request_validation()
        requests._jxc_ask_deciders()
        return True

    def action_approve(self, comment=False):
        """Approve submitted requests.

        With tiers this decides the user's reviews, and the request is approved with the
        last one; without, it takes the right to approve requests.

        :param comment: text, kept in the chatter; the requester is told
        :return: True, or the action that asks for the tier's comment
        :raise AccessError: the user may not decide, or asked for the request himself
        :raise UserError: the request is not waiting for its approval
        """
        self._check_states("submitted")
        comment = comment.strip() if isinstance(comment, str) else ""
        for request in self:
            if request.sudo().review_ids:
                action = request._approve_reviews(comment)
                if isinstance(action, dict):
                    return action
            else:
                request._check_may_decide()
                request.sudo()._decide("approved")
                if comment:
                    request._jxc_tell_comment(comment)
        return True

    def action_reject(self, reason=False):
        """Refuse submitted requests, and tell the requester why.

        :param reason: text; without one a window asks for it
        :return: True, or the action of that window
        :raise AccessError: see :meth:`action_approve`
        :raise UserError: the request is not waiting for its approval
        """
        self._check_states("submitted")
        for request in self:
            if request.sudo().review_ids:
                request._jxc_check_may_decide()
            else:
                request._check_may_decide()
        if not isinstance(reason, str) or not reason.strip():
            return {
                "type": "ir.actions.act_window",
                "name": self.env._("Reject"),
                "res_model": "jxc.purchase.request.reject",
                "view_mode": "form",
                "target": "new",
                "context": {"default_request_ids": self.ids},
            }
        for request in self:
            reviews = request.sudo().review_ids
            if reviews:
                mine = request._jxc_decidable_reviews(in_a_row=False)
                mine.sudo().write({"comment": reason})
                request._rejected_tier(mine)
            else:
                request.sudo()._reject(reason)
        return True

    def action_cancel(self):
        """Give up requests of which nothing is ordered.

        :raise AccessError: only buyers cancel what is approved
        :raise UserError: naming the orders, or the request that is done or cancelled
        """
        self.check_access("write")
        self._check_states("draft", "submitted", "approved", "rejected")
        buyer = self.env.su or self.env.user.has_group(BUYER)
        for request in self:
            if request.decision == "approved" and not buyer:
                raise AccessError(
                    self.env._(
                        "%s is approved: only purchase users may cancel it now.",
                        request.name,
                    )
                )
            request.sudo()._check_nothing_ordered()
        self.sudo()._drop_reviews()
        self.sudo()._decide("cancelled")
        return True

    def action_draft(self):
        """Take requests back to change them; they are then approved again.

        :raise UserError: something of the request is ordered
        """
        self.check_access("write")
        self._check_states("submitted", "rejected", "cancelled")
        for request in self.sudo():
            # Who submitted it once does not approve what becomes of it.
            submitter = request.submitted_by_id - request.user_id
            request.former_requester_ids |= submitter
        self.sudo()._drop_reviews()
        self.sudo()._decide("draft", submitted_by_id=False, submitted_at=False)
        return True

    def action_close(self):
        """Give up what is still open of approved requests; orders go on."""
        self._check_buyer()
        self._check_states("approved")
        self.line_ids.action_close()
        return True

    def action_create_orders(self):
        """Open the wizard that makes RFQs of what is open.

        :return: action
        :raise UserError: a request is not approved, or nothing is open
        """
        self._check_buyer()
        self._check_states("approved")
        return self.line_ids.action_create_orders()

    def action_open_orders(self):
        """Show the orders made of these requests."""
        self.check_access("read")
        orders = self.sudo().line_ids.link_ids.order_line_id.order_id
        return self._open_these_orders(orders)

    def _open_these_orders(self, orders):
        action = {
            "type": "ir.actions.act_window",
            "name": self.env._("Purchase Orders"),
            "res_model": "purchase.order",
        }
        if len(orders) == 1:
            return {**action, "view_mode": "form", "res_id": orders.id}
        domain = [("id", "in", orders.ids)]
        return {**action, "view_mode": "list,kanban,form", "domain": domain}

    def action_print(self):
        """Print the request (采购申请单)."""
        return self.env.ref("jxc_purchase.jxc_purchase_request_report").report_action(
            self
        )

    # ------------------------------------------------------------
    # Hooks
    # ------------------------------------------------------------

    def _action_check_submit(self):
        """Refuse drafts that must not be submitted: hook for limits.

        Called with all requests of the batch before anything is written, so a limit can
        be taken here through the gate.
        """

    def _action_decided(self, before):
        """Follow what was decided: hook for the budgets.

        Called with superuser rights after the decision is written.

        :param before: {request: decision before}
        """

    # ------------------------------------------------------------
    # Steps
    # ------------------------------------------------------------

    def _decide(self, decision, **vals):
        """Write a decision; with superuser rights, after the user was judged."""
        before = {request: request.decision for request in self}
        # A document under review takes no other changes.
        requests = self.with_context(skip_validation_check=SKIP)
        requests.write({"decision": decision, **vals})
        if decision != "submitted":
            self._jxc_end_asking()
        self._action_decided(before)

    def _reject(self, reason):
        self._decide("rejected", rejection_reason=reason)
        for request in self:
            request.message_post(
                body=self.env._("Rejected: %s", reason or "–"),
                partner_ids=request.user_id.partner_id.ids,
                subtype_xmlid="mail.mt_comment",
            )

    def _drop_reviews(self):
        engine = self._jxc_engine()
        engine._jxc_log_dropped_reviews()
        engine.review_ids.unlink()
        self.invalidate_recordset(["review_ids"])

    def _jxc_on_widened(self, changes):
        """What is not ordered yet can be approved again."""
        self._check_nothing_ordered()
        self._drop_reviews()
        self._decide("submitted")

    def _approve_reviews(self, comment=""):
        """Decide the user's reviews; return the action that asks for a comment."""
        self.ensure_one()
        done = self._validated_states()
        if all(review.status in done for review in self.sudo().review_ids):
            # Approved before the request could follow.
            self._check_may_decide()
            self.sudo()._decide("approved")
            return None
        if comment:
            return self._jxc_decide_with_comment("validate", comment)
        return self.validate_tier()

    def _check_states(self, *decisions):
        """:raise UserError: naming the request and its status"""
        self.check_access("read")
        names = dict(self._fields["decision"]._description_selection(self.env))
        for request in self:
            if request.decision not in decisions:
                raise UserError(
                    self.env._(
                        "%(request)s is “%(state)s”; this is for requests that are:"
                        " %(states)s.",
                        request=request.name,
                        state=request._state_label(),
                        states=", ".join(names[one] for one in decisions),
                    )
                )

    def _check_complete(self):
        """:raise UserError: naming the request and its lines without quantity"""
        self.ensure_one()
        empty = self.line_ids.filtered(lambda line: line.product_qty <= 0)
        if empty or not self.line_ids:
            raise UserError(
                self.env._(
                    "%(request)s: every request needs at least one line, and every line"
                    " a quantity above zero. %(lines)s",
                    request=self.name,
                    lines=", ".join(empty.mapped("name")),
                )
            )

    def _check_may_decide(self):
        """Judge who decides a request that no tier applies to.

        :raise AccessError: without the right, or the requester himself
        """
        self.ensure_one()
        self.check_access("read")
        if not self.env.user.has_group(APPROVER):
            raise AccessError(
                self.env._(
                    "%s: you have no right to approve purchase requests. Ask for the"
                    " group “Approves Purchase Requests”.",
                    self.name,
                )
            )
        if self.env.user in self.sudo()._jxc_requesters_known():
            raise AccessError(
                self.env._(
                    "%s: who asked for it, entered or submitted it does not decide on"
                    " it. Somebody else has to.",
                    self.name,
                )
            )

    def _check_buyer(self):
        """:raise AccessError: the user does not buy"""
        if not (self.env.su or self.env.user.has_group(BUYER)):
            raise AccessError(
                self.env._("Only purchase users make orders of purchase requests.")
            )

    def _check_nothing_ordered(self):
        """:raise UserError: naming the orders"""
        links = self.line_ids.link_ids
        orders = links.order_line_id.order_id.filtered(
            lambda one: one.state != "cancel"
        )
        if orders:
            raise UserError(
                self.env._(
                    "%(request)s is part of %(orders)s. Cancel these first, or close"
                    " what is still open of the request.",
                    request=", ".join(self.mapped("name")),
                    orders=", ".join(orders.mapped("name")),
                )
            )

    # ------------------------------------------------------------
    # Requests made by the system
    # ------------------------------------------------------------

    @api.model
    def _create_automatic(self, values, lines):
        """Create one request that a rule asks for, and submit it.

        :param values: values of the request: company_id, origin_type, …
        :param lines: list of values of its lines
        :return: the request; a draft when a tier has nobody to decide it
        """
        request = self.sudo().create(
            {**values, "line_ids": [fields.Command.create(line) for line in lines]}
        )
        try:
            with self.env.cr.savepoint():
                request.action_submit()
        except UserError as error:
            request.invalidate_recordset()
            request.message_post(body=str(error), subtype_xmlid="mail.mt_note")
        return request

    @api.model
    def _get_open_domain(self):
        """Return the domain of requests that may still become orders."""
        return Domain("decision", "in", ("draft", "submitted", "approved"))

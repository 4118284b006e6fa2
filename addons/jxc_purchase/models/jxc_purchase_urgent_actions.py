# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command

from odoo.addons.jxc_base.tools.approval import SKIP

from .jxc_purchase_urgent import APPROVER, OPEN, SERVER_FIELDS


class JxcPurchaseUrgent(models.Model):
    """The way of an urgent purchase to its approval."""

    _inherit = "jxc.purchase.urgent"

    # ------------------------------------------------------------
    # Approval glue
    # ------------------------------------------------------------

    def _jxc_states_before_approval(self):
        return super()._jxc_states_before_approval() | set(OPEN)

    def _jxc_transition_fields(self):
        return super()._jxc_transition_fields() | SERVER_FIELDS

    def _jxc_requesters(self):
        return super()._jxc_requesters() | self._jxc_requesters_known()

    def _jxc_requesters_known(self):
        """Return who ordered: they do not approve it afterwards."""
        self.ensure_one()
        order = self.order_id
        now = self.user_id | order.user_id | order.create_uid | order._jxc_hands()
        return now | self.orderer_ids

    def _jxc_definitions(self):
        """The tiers of the order are decided here as well."""
        definitions = super()._jxc_definitions()
        for urgent in self.sudo():
            tiers = urgent.order_tier_ids.filtered("active")
            definitions[urgent.id] = definitions[urgent.id] | tiers
        return definitions

    def evaluate_tier(self, tier):
        """A tier of the order was judged when the order was confirmed."""
        if tier.model == "purchase.order":
            return self
        return super().evaluate_tier(tier)

    def _jxc_request_order_tiers(self):
        """Open the reviews of the tiers that would have stood before the order.

        :raise UserError: a tier has nobody who may decide it
        """
        vals_list = []
        engine = self._jxc_engine()
        for urgent in engine:
            done = urgent.review_ids
            tiers = urgent.order_tier_ids.filtered("active") - done.definition_id
            first = max(done.mapped("sequence"), default=0) + 1
            tiers = tiers.sorted("sequence", reverse=True)
            for sequence, tier in enumerate(tiers, start=first):
                vals_list.append(urgent._prepare_tier_review_vals(tier, sequence))
        if not vals_list:
            return
        reviews = engine.env["tier.review"].create(vals_list)
        reviews._jxc_check_reviewers()
        reviews._update_review_status()
        engine._update_counter({"review_created": True})
        engine._notify_review_requested(reviews)

    def _validate_tier(self, tiers=False):
        result = super()._validate_tier(tiers)
        done = self._validated_states()
        for urgent in self.sudo().filtered(lambda one: one.state in OPEN):
            reviews = urgent.review_ids
            if reviews and all(review.status in done for review in reviews):
                urgent._decide("approved")
        return result

    def _rejected_tier(self, tiers=False):
        result = super()._rejected_tier(tiers)
        for urgent in self.sudo().filtered(lambda one: one.state == "open"):
            if urgent.review_ids.filtered(lambda one: one.status == "rejected"):
                urgent._decide("rejected")
        return result

    # ------------------------------------------------------------
    # Actions
    # ------------------------------------------------------------

    def action_approve(self):
        """Approve urgent orders afterwards.

        With tiers this decides the user's reviews; without, it takes a purchase manager
        or the approver of the settings, but none of those who ordered.

        :return: True, or the action that asks for the tier's comment
        :raise AccessError: the user may not decide
        :raise UserError: it is approved or cancelled already
        """
        self._check_open()
        for urgent in self:
            if urgent.sudo().review_ids:
                action = urgent.validate_tier()
                if isinstance(action, dict):
                    return action
            else:
                urgent._check_may_decide()
                urgent.sudo()._decide("approved")
        return True

    def action_reject(self):
        """Refuse urgent orders afterwards: their bills are not posted any more.

        :return: True, or the action that asks for the tier's comment
        :raise AccessError: see :meth:`action_approve`
        :raise UserError: it is approved or cancelled already
        """
        self._check_open()
        for urgent in self:
            if urgent.sudo().review_ids:
                action = urgent.reject_tier()
                if isinstance(action, dict):
                    return action
            else:
                urgent._check_may_decide()
                urgent.sudo()._decide("rejected")
        return True

    def _check_open(self):
        self.check_access("read")
        labels = dict(self._fields["state"]._description_selection(self.env))
        for urgent in self:
            if urgent.state not in OPEN:
                raise UserError(
                    self.env._(
                        "%(order)s is “%(state)s”; there is nothing to decide.",
                        order=urgent.sudo().order_id.name,
                        state=labels[urgent.state],
                    )
                )

    def _may_decide(self):
        self.ensure_one()
        user, urgent = self.env.user, self.sudo()
        named = urgent.company_id.jxc_urgent_approver_id
        right = user == named or user.has_group(APPROVER)
        return right and user not in urgent._jxc_requesters_known()

    def _check_may_decide(self):
        if not self._may_decide():
            raise AccessError(
                self.env._(
                    "%s: urgent orders are approved afterwards by a purchase manager or"
                    " the approver of the settings, and by none of those who ordered.",
                    self.sudo().order_id.name,
                )
            )

    # ------------------------------------------------------------
    # Steps
    # ------------------------------------------------------------

    def _decide(self, state):
        """Write a decision; with superuser rights, after the user was judged."""
        self.with_context(skip_validation_check=SKIP).write(
            {
                "state": state,
                "decided_by_id": self.env.uid,
                "decided_at": fields.Datetime.now(),
            }
        )
        self.activity_unlink(["jxc_purchase.mail_activity_urgent"])
        for urgent in self:
            text = {
                "approved": self.env._("The urgent order was approved afterwards."),
                "rejected": self.env._(
                    "The urgent order was rejected afterwards: its bills cannot be"
                    " posted."
                ),
            }[state]
            urgent.order_id.message_post(body=text, subtype_xmlid="mail.mt_note")

    @api.model
    def _open_for(self, orders, tiers=None):
        """Note urgent orders that were just confirmed, and ask for their approval.

        :param tiers: ``{order id: tiers}`` that would have stood before the orders
        """
        tiers = tiers or {}
        now = fields.Datetime.now()
        # An order that was cancelled before gives its place to the new record.
        self.flush_model(["state"])
        made = self.sudo().create(
            [
                {
                    "order_id": order.id,
                    "company_id": order.company_id.id,
                    "user_id": self.env.uid,
                    "orderer_ids": [Command.set(self._hands(order).ids)],
                    "reason": order.jxc_urgent_reason,
                    "amount": order._jxc_amount_today(),
                    "order_tier_ids": [
                        Command.set(tiers[order.id].ids if order.id in tiers else [])
                    ],
                    "confirmed_at": now,
                    "deadline": now
                    + timedelta(hours=order.company_id.jxc_urgent_hours),
                }
                for order in orders
            ]
        )
        made._ask()
        return made

    def _hands(self, order):
        """Return who made an order what it is at this moment."""
        order = order.sudo()
        people = order.user_id | order.create_uid | order.order_line.create_uid
        return self.env.user | people | order._jxc_hands()

    def _ask(self):
        """Open the reviews of tiers that apply, or ask the approver."""
        for urgent in self:
            if urgent.need_validation:
                urgent.request_validation()
                urgent._jxc_request_order_tiers()
            elif urgent.approver_id:
                told = urgent.with_context(lang=urgent.approver_id.lang)
                told.activity_schedule(
                    "jxc_purchase.mail_activity_urgent",
                    date_deadline=fields.Datetime.context_timestamp(
                        urgent, urgent.deadline
                    ).date(),
                    user_id=urgent.approver_id.id,
                    note=urgent.reason,
                )

    def _reopen(self):
        """Ask again: the order goes beyond what was approved."""
        for urgent in self:
            hours = urgent.company_id.jxc_urgent_hours
            engine = urgent._jxc_engine()
            engine._jxc_log_dropped_reviews()
            engine.review_ids.unlink()
            urgent.invalidate_recordset(["review_ids"])
            urgent.with_context(skip_validation_check=SKIP).write(
                {
                    "state": "open",
                    "amount": urgent.order_id._jxc_amount_today(),
                    "orderer_ids": [
                        Command.link(user.id) for user in self._hands(urgent.order_id)
                    ],
                    "deadline": fields.Datetime.now() + timedelta(hours=hours),
                    "decided_by_id": False,
                    "decided_at": False,
                    "escalated_at": False,
                }
            )
        self._ask()

    @api.model
    def _cron_escalate(self):
        """Tell the approvers of urgent orders whose deadline has passed."""
        late = self.search([("is_late", "=", True), ("escalated_at", "=", False)])
        for urgent in late:
            if not urgent.approver_id:
                continue
            told = urgent.with_context(lang=urgent.approver_id.lang)
            told.activity_schedule(
                "jxc_purchase.mail_activity_urgent",
                summary=told.env._("Urgent order: approval is overdue"),
                user_id=urgent.approver_id.id,
                note=urgent.reason,
            )
        late.write({"escalated_at": fields.Datetime.now()})

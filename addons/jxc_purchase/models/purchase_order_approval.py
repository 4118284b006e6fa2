# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from ast import literal_eval

from odoo import fields, models
from odoo.exceptions import UserError
from odoo.tools import format_amount

from odoo.addons.jxc_base.tools.approval import SKIP
from odoo.addons.jxc_base.tools.importing import is_history

from ..tools import token

MANAGER = "purchase.group_purchase_manager"
#: States of orders that are not confirmed yet.
OPEN_STATES = ("draft", "sent", "to approve")


class PurchaseOrder(models.Model):
    """Orders go through approval tiers and the platform's double validation alike.

    Confirming an order that tiers apply to asks for its reviews, and the order waits in
    "To Approve" like one above the double validation amount. It is confirmed by whoever
    gives the last approval that is missing: the last reviewer, or, where double
    validation wants a manager and none had a hand in it so far, the manager who
    approves the order.
    """

    _name = "purchase.order"
    # First, so that it judges what all the others did to the order.
    _inherit = ["tier.validation", "purchase.order"]

    _state_from = list(OPEN_STATES)
    _state_to = ["purchase"]
    _cancel_state = "cancel"
    _jxc_hands_field = "jxc_hand_ids"

    jxc_hand_ids = fields.Many2many(
        comodel_name="res.users",
        relation="jxc_purchase_order_hand_rel",
        string="Also Ordered by",
        help="Who raised an amount, a quantity or the like of somebody else's order."
        " They do not approve it.",
        readonly=True,
        copy=False,
        groups="base.group_user",
    )

    # ------------------------------------------------------------
    # Approval glue
    # ------------------------------------------------------------

    def _jxc_requesters(self):
        return super()._jxc_requesters() | self.user_id

    def _jxc_widening_fields(self):
        return {
            **super()._jxc_widening_fields(),
            # Lines below zero raise the total by getting smaller or by going away, and
            # taxes raise it while every line stays as it was.
            "amount_total": "increase",
            "amount_untaxed": "increase",
            "company_id": "change",
            "currency_id": "change",
            # The day decides on the budget.
            "date_order": "change",
            "partner_id": "change",
            "payment_term_id": "change",
            "order_line": {
                "analytic_distribution": "change",
                "discount": "decrease",
                "jxc_aux_qty": "increase",
                "price_unit": "increase",
                "product_id": "change",
                "product_qty": "increase",
                "product_uom_id": "change",
            },
        }

    def _jxc_transition_fields(self):
        return super()._jxc_transition_fields() | {"locked"}

    def _jxc_value_text(self, field, value):
        if field.name != "analytic_distribution" or not value:
            return super()._jxc_value_text(field, value)
        accounts = self.env["account.analytic.account"]
        shares = []
        for ids, percent in value.items():
            found = accounts.browse(map(int, ids.split(","))).exists()
            shares.append(f"{', '.join(found.mapped('display_name'))} {percent:g}%")
        return "; ".join(shares)

    def _jxc_approval_summary(self):
        self.ensure_one()
        parts = [
            self.partner_id.display_name,
            format_amount(self.env, self.amount_total, self.currency_id),
        ]
        parts += self._jxc_facts_texts()
        if self.jxc_budget_state in ("warning", "over"):
            parts.append(self.jxc_budget_hint)
        products = self.order_line.product_id.mapped("display_name")
        parts.append(", ".join(products[:5]) + ("…" if len(products) > 5 else ""))
        return "\n".join(filter(None, parts))

    def evaluate_tier(self, tier):
        """Judge amounts in company currency at the rate of today."""
        if "amount_total_cc" not in (tier.definition_domain or ""):
            return super().evaluate_tier(tier)
        domain = literal_eval(tier.definition_domain)
        return self.filtered_domain(self._jxc_domain_today(domain))

    def _jxc_definitions(self):
        """No tier stands before an urgent order: its reviews follow the confirmation.

        Who confirms it needs the right to do so and gives a reason; the tiers that
        would have applied are decided on the urgent purchase, with a deadline.
        """
        definitions = super()._jxc_definitions()
        for order in self:
            if order.jxc_procurement_mode == "urgent":
                definitions[order.id] = self.env["tier.definition"].sudo()
        return definitions

    def _jxc_tiers_afterwards(self):
        """Return ``{order id: tiers that apply to these urgent orders}``.

        Tiers whose reviewer is named by a field of the order cannot follow it to the
        urgent purchase; for those its own approver decides.
        """
        orders = self._jxc_engine()
        definitions = super()._jxc_definitions()
        return {
            order.id: definitions[order.id].filtered(
                lambda tier, order=order: (
                    tier.review_type != "field" and order.evaluate_tier(tier)
                )
            )
            for order in orders
        }

    def _jxc_on_widened(self, changes):
        """Take an order back to where it is approved.

        :raise UserError: goods have arrived or are promised on, or there is a bill
        """
        if self.state != "purchase":
            return
        reason = self._jxc_no_way_back()
        if reason:
            raise UserError(
                self.env._(
                    "%(document)s is confirmed, and this goes beyond what was approved:"
                    "\n%(changes)s\nIt cannot be approved again, because"
                    " %(reason)s. Order the difference with a new order, which is"
                    " approved on its own.",
                    document=self.display_name,
                    changes="\n".join(f"- {change.text}" for change in changes),
                    reason=reason,
                )
            )
        cancellation = token.Cancellation()
        order = self.with_context(
            **{token.CANCELLATION: cancellation, "skip_validation_check": SKIP}
        )
        try:
            receipts = order.picking_ids.filtered(lambda one: one.state != "cancel")
            receipts.action_cancel()
            order.write({"state": "to approve", "locked": False})
        finally:
            cancellation.is_open = False

    def _jxc_no_way_back(self):
        """Return why this confirmed order cannot wait for its approval again."""
        self.ensure_one()
        if any(picking.state == "done" for picking in self.picking_ids) or any(
            self.order_line.mapped("qty_received")
        ):
            return self.env._("goods of it have arrived")
        if any(move.state != "cancel" for move in self.invoice_ids):
            return self.env._("it has a vendor bill")
        if self.order_line.move_dest_ids:
            return self.env._("deliveries wait for its goods")
        return False

    # ------------------------------------------------------------
    # Asking
    # ------------------------------------------------------------

    def request_validation(self):
        """Open the reviews; the order then waits in "To Approve"."""
        reviews = super().request_validation()
        waiting = self.sudo().filtered(
            lambda order: order.state in ("draft", "sent") and order.review_ids
        )
        waiting.with_context(skip_validation_check=SKIP).write({"state": "to approve"})
        return reviews

    def restart_validation(self):
        """Drop the reviews and take the orders back to change them.

        :raise AccessError: see the parent
        """
        result = super().restart_validation()
        back = self.sudo().filtered(
            lambda order: order.state == "to approve" and not order.review_ids
        )
        back.write({"state": "draft"})
        return result

    # ------------------------------------------------------------
    # Confirming
    # ------------------------------------------------------------

    def button_confirm(self):
        """Confirm; where tiers apply, ask for their reviews instead.

        :raise UserError: also when nobody may decide a tier that applies
        """
        candidates = self.filtered(lambda order: order.state in ("draft", "sent"))
        result = super().button_confirm()
        waiting = candidates.filtered(lambda order: order.state == "to approve")
        if waiting:
            waiting._jxc_lacking_reviews().request_validation()
        return result

    def button_approve(self, force=False):
        """Approve; not before all reviews are done, whoever approves.

        Orders that are confirmed already are left alone: last prices and response times
        hang on the day they were approved.

        :raise UserError: an order is cancelled
        :raise ValidationError: naming the reviews that are missing
        """
        self._jxc_check_not_cancelled()
        todo = self.filtered(lambda order: order.state in OPEN_STATES)
        asking = todo._jxc_lacking_reviews()
        if asking:
            asking.request_validation()
        rest = todo - asking
        rest._jxc_check_approved()
        return super(PurchaseOrder, rest).button_approve(force=force) if rest else {}

    def _jxc_check_not_cancelled(self):
        """:raise UserError: naming the orders that are cancelled"""
        cancelled = self.filtered(lambda order: order.state == "cancel")
        if cancelled:
            raise UserError(
                self.env._(
                    "%(orders)s: a cancelled order is set to draft before it is"
                    " confirmed again.",
                    orders=", ".join(cancelled.mapped("name")),
                )
            )

    def _jxc_lacking_reviews(self):
        """Return the orders that tiers apply to and whose reviews are not open yet."""
        self._jxc_forget_need()
        return self.filtered("need_validation")

    def _approval_allowed(self):
        """Return whether nothing is missing: no review, and no manager.

        A manager who asked for the reviews, or gave one of them, is the second pair of
        eyes that double validation wants.
        """
        self.ensure_one()
        confirmation = token.confirmation_of(self.env)
        if confirmation and self.id in confirmation.checked_ids:
            unapproved = self.id in confirmation.unapproved_ids
        else:
            unapproved = self._jxc_unapproved()
        if unapproved:
            return False
        # The second pair of eyes sees an urgent order afterwards.
        if self.jxc_procurement_mode == "urgent" or self.env.user.has_group(MANAGER):
            return True
        if super()._approval_allowed() and not self._jxc_above_double_validation():
            return True
        reviews = self.sudo().review_ids
        people = reviews.requested_by | reviews.done_by
        return any(user.has_group(MANAGER) for user in people)

    def _jxc_check_once(self, confirmation):
        super()._jxc_check_once(confirmation)
        fresh = self.filtered(lambda order: order.state in OPEN_STATES)
        confirmation.unapproved_ids -= set(fresh.ids)
        confirmation.unapproved_ids |= set(fresh._jxc_unapproved().ids)
        urgent = fresh.filtered(lambda order: order.jxc_procurement_mode == "urgent")
        if urgent and not is_history(self.env):
            # Judged now: a confirmed order does not look over its budget any more.
            confirmation.tiers_afterwards.update(urgent._jxc_tiers_afterwards())

    def _jxc_take_budget(self, confirmation):
        marked = self.with_context(**{token.CONFIRMATION: confirmation})
        return super(PurchaseOrder, marked)._jxc_take_budget(confirmation)

    # ------------------------------------------------------------
    # Deciding
    # ------------------------------------------------------------

    def _validate_tier(self, tiers=False):
        result = super()._validate_tier(tiers)
        for order in self.sudo().filtered(lambda one: one.state == "to approve"):
            order._jxc_confirm_approved()
        return result

    def _jxc_confirm_approved(self):
        """Confirm an order that nothing is missing for any more.

        Called with superuser rights. What else keeps it from being confirmed, such as
        its budget, does not take the reviewer's decision back: it is noted for the
        buyer, who approves the order again when it is settled.
        """
        if not self.review_ids or not self._approval_allowed():
            return
        try:
            with self.env.cr.savepoint():
                self.button_approve()
        except UserError as error:
            self.invalidate_recordset()
            self.message_post(
                body=self.env._(
                    "Approved, but it cannot be confirmed yet: %(reason)s",
                    reason=str(error),
                ),
                partner_ids=(self.user_id or self.create_uid).partner_id.ids,
                subtype_xmlid="mail.mt_comment",
            )

    def _rejected_tier(self, tiers=False):
        result = super()._rejected_tier(tiers)
        self._jxc_post_rejection()
        return result

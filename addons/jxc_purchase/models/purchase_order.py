# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from contextlib import contextmanager

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from odoo.addons.jxc_base.tools.guard import own_defaults

from ..tools import token

#: Changes of an order that can move it to another budget line or change its amount.
BUDGET_FIELDS = {
    "company_id",
    "currency_id",
    "date_order",
    "fiscal_position_id",
    "partner_id",
    "state",
    "user_id",
}

#: Those among them that bills of the order follow.
PLACE_FIELDS = {"date_order", "partner_id", "user_id"}

#: Follow from the lines, or say that an order came from another system; budgets, the
#: double validation and what stops a cancellation are judged by them.
COMPUTED_FIELDS = {
    "amount_tax",
    "amount_total",
    "amount_total_cc",
    "amount_untaxed",
    "currency_rate",
    "effective_date",
    "invoice_ids",
    "invoice_status",
    "jxc_import_number",
    "picking_ids",
    "receipt_status",
}

BUDGET_STATES = [
    ("none", "No Budget"),
    ("ok", "Within Budget"),
    ("warning", "Budget Warning"),
    ("over", "Over Budget"),
]


class PurchaseOrder(models.Model):
    _inherit = "purchase.order"

    jxc_import_number = fields.Char(
        string="Imported Number",
        copy=False,
        index="btree_not_null",
        readonly=True,
        help="The order's number in the files it was imported from.",
    )
    jxc_budget_state = fields.Selection(
        selection=BUDGET_STATES,
        string="Budget Status",
        compute="_compute_jxc_budget_state",
        groups="base.group_user",
        help="While still a draft: whether the budget would let the order through now."
        " Nothing is held before the order is confirmed.",
    )
    jxc_budget_hint = fields.Text(
        string="Budget Hint",
        compute="_compute_jxc_budget_state",
        groups="base.group_user",
    )

    @api.depends(
        "company_id",
        "currency_id",
        "date_order",
        "order_line.analytic_distribution",
        "order_line.price_subtotal",
        "order_line.product_id",
        "partner_id",
        "state",
    )
    def _compute_jxc_budget_state(self):
        hints = self.env["jxc.budget.engine"]._preview_orders(self)
        for order in self:
            order.jxc_budget_state, order.jxc_budget_hint = hints[order]

    # ------------------------------------------------------------
    # Guards
    # ------------------------------------------------------------

    @api.model
    def default_get(self, fields):
        defaults = super().default_get(fields)
        kept = COMPUTED_FIELDS | {"jxc_import_number", "state"}
        return own_defaults(self, defaults, kept)

    @api.model_create_multi
    def create(self, vals_list):
        """Refuse orders that are born confirmed.

        :raise UserError: ``state`` is given as confirmed or waiting for approval
        """
        for vals in vals_list:
            self._jxc_check_not_computed(vals)
            if vals.get("state") in ("purchase", "to approve"):
                raise UserError(self._confirm_first_message())
        return super().create(vals_list)

    def write(self, vals):
        """Keep the budget right whatever changes on an order.

        :raise UserError: the state is set to confirmed past ``button_confirm`` and
            ``button_approve``, or taken back past ``button_cancel``, or the budget does
            not cover the change
        """
        self._jxc_check_not_computed(vals)
        if vals.get("state") == "purchase":
            self._check_confirmed_properly()
        elif "state" in vals:
            self._check_cancelled_properly()
        if not set(vals) & (BUDGET_FIELDS | {"order_line"}):
            return super().write(vals)
        was_confirmed = self._jxc_confirmed()
        with self._jxc_deferred_budget() as deferred:
            marked = self.with_context(**{token.DEFERRED: deferred})
            result = super(PurchaseOrder, marked).write(vals)
            if set(vals) & BUDGET_FIELDS:
                confirmed = was_confirmed | self._jxc_confirmed()
                deferred.order_line_ids.update(confirmed.order_line.ids)
            if set(vals) & PLACE_FIELDS:
                # Also bills of an order that is no longer confirmed move along.
                known = self.order_line.filtered("jxc_budget_match")
                deferred.order_line_ids.update(known.ids)
        return result

    def _jxc_lines_below_zero(self):
        """Return lines whose use of budgets depends on the other lines.

        Below zero are also down payments: so much less is committed.
        """
        return self.order_line.filtered(
            lambda line: line.price_subtotal < 0 or line._jxc_is_down_payment()
        )

    def _jxc_confirmed(self):
        """Return confirmed orders, but those whose budget is just being taken."""
        confirmation = token.confirmation_of(self.env)
        taken_ids = confirmation.taken_ids if confirmation else set()
        return self.filtered(
            lambda order: order.state == "purchase" and order.id not in taken_ids
        )

    @contextmanager
    def _jxc_deferred_budget(self):
        """Collect changed lines, and ask the budgets for them together at the end.

        A write inside of another one leaves the asking to the outer one.
        """
        outer = token.deferred_of(self.env)
        if outer:
            yield outer
            return
        deferred = token.Deferred()
        try:
            yield deferred
        finally:
            deferred.is_open = False
        deleted = [("purchase.order", line_id) for line_id in deferred.deleted_line_ids]
        lines = self.env["purchase.order.line"].browse(sorted(deferred.order_line_ids))
        if lines or deleted:
            self.env["jxc.budget.engine"]._sync(lines.exists(), deleted=deleted)

    def _check_confirmed_properly(self):
        confirmation = token.confirmation_of(self.env)
        allowed = confirmation.taken_ids if confirmation else set()
        for order in self:
            if order.state != "purchase" and order.id not in allowed:
                raise UserError(self._confirm_first_message())

    def _check_cancelled_properly(self):
        confirmed = self.filtered(lambda order: order.state == "purchase")
        if confirmed and not token.is_cancelling(self.env):
            raise UserError(
                self.env._(
                    "%(orders)s: a confirmed order is taken back with Cancel, which"
                    " also stops its receipts; its status cannot be written.",
                    orders=", ".join(confirmed.mapped("name")),
                )
            )

    def _jxc_check_not_computed(self, vals):
        """Amounts follow from the lines; no client writes them.

        :raise AccessError: naming the fields
        """
        if "jxc_import_number" in vals and not self.env.su:
            raise AccessError(
                self.env._("Only the import itself says what it has brought.")
            )
        names = COMPUTED_FIELDS & set(vals)
        if names and not self.env.su:
            raise AccessError(
                self.env._(
                    "%(fields)s of purchase orders cannot be written: the value follows"
                    " from the order's lines.",
                    fields=", ".join(sorted(names)),
                )
            )

    def _confirm_first_message(self):
        return self.env._(
            "An order becomes confirmed with Confirm Order or Approve Order, which"
            " check approval and budget; its status cannot be written."
        )

    # ------------------------------------------------------------
    # Confirmation
    # ------------------------------------------------------------

    def button_confirm(self):
        """Confirm; the budget of all orders that get confirmed is taken together.

        :raise UserError: also when a blocking budget line does not suffice; it names
            order, budget line, planned, used, asked and missing amounts
        """
        candidates = self.filtered(lambda order: order.state in ("draft", "sent"))
        with self._jxc_confirmation(candidates) as confirmation:
            candidates._jxc_check_once(confirmation)
            marked = self.with_context(**{token.CONFIRMATION: confirmation})
            result = super(PurchaseOrder, marked).button_confirm()
        self._jxc_give_back_unconfirmed(confirmation)
        if isinstance(result, dict) and token.CONFIRMATION in result.get("context", {}):
            # An action for the client carries our context; the mark is not JSON.
            context = dict(result["context"])
            del context[token.CONFIRMATION]
            result = dict(result, context=context)
        return result

    def button_approve(self, force=False):
        """Approve; takes the budget first. See :meth:`button_confirm`."""
        with self._jxc_confirmation(self) as confirmation:
            self._jxc_check_once(confirmation)
            self._jxc_take_budget(confirmation)
            marked = self.with_context(**{token.CONFIRMATION: confirmation})
            return super(PurchaseOrder, marked).button_approve(force=force)

    def button_cancel(self):
        """Cancel; only this takes a confirmed order back."""
        cancellation = token.Cancellation()
        try:
            marked = self.with_context(**{token.CANCELLATION: cancellation})
            return super(PurchaseOrder, marked).button_cancel()
        finally:
            cancellation.is_open = False

    @contextmanager
    def _jxc_confirmation(self, orders):
        """Return the confirmation that is running, or one for these orders."""
        running = token.confirmation_of(self.env)
        confirmation = running or token.Confirmation(orders.ids)
        try:
            yield confirmation
        finally:
            confirmation.is_open = bool(running)

    def _jxc_check_confirm(self):
        """Refuse orders that must not be confirmed or approved: hook for other rules.

        Called with the whole batch before anything is written, once in a confirmation;
        an order that waits for its approval is judged again when it is approved.
        """

    def _jxc_check_once(self, confirmation):
        todo = self.filtered(
            lambda order: (
                order.state != "purchase" and order.id not in confirmation.checked_ids
            )
        )
        if todo:
            confirmation.checked_ids |= set(todo.ids)
            todo._jxc_read_ahead()
            todo._jxc_check_confirm()

    def _jxc_read_ahead(self):
        """Read at once what the checks and the platform ask one by one."""
        orders = self.sudo()
        orders._jxc_read_approvals()
        partners = orders.partner_id | orders.company_id.partner_id
        (partners | orders.user_id.partner_id).mapped("commercial_partner_id")

    def _jxc_take_budget(self, confirmation):
        """Take the budget of all orders that get confirmed together, before any is."""
        batch = self.browse(confirmation.order_ids) | self
        todo = batch.filtered(
            lambda order: (
                order.state != "purchase"
                and order.id not in confirmation.taken_ids
                and order._approval_allowed()
            )
        )
        if todo:
            self.env["jxc.budget.engine"]._sync(
                todo.order_line, confirming=True, rematch=True
            )
            confirmation.taken_ids |= set(todo.ids)

    def _jxc_give_back_unconfirmed(self, confirmation):
        """Give back the budget of orders that some step kept from being confirmed."""
        taken = self.browse(confirmation.taken_ids)
        unconfirmed = taken.filtered(lambda order: order.state != "purchase")
        if unconfirmed:
            self.env["jxc.budget.engine"]._sync(unconfirmed.order_line)

# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from contextlib import contextmanager

from odoo import api, fields, models
from odoo.exceptions import UserError

from odoo.addons.jxc_base.tools.importing import is_history

from ..tools import marks
from ..tools.credit import ORDER_PARTS, Use, shipped
from ..tools.language import in_company_lang
from ..tools.refusal import refusal_of


class SaleOrder(models.Model):
    """What an order brings to its customer's exposure, and the control of changes."""

    _inherit = "sale.order"

    jxc_company_currency_id = fields.Many2one(
        related="company_id.currency_id",
        string="Company Currency",
        groups="base.group_user",
    )
    jxc_credit_partner_id = fields.Many2one(
        comodel_name="res.partner",
        string="Owed By",
        related="partner_invoice_id.commercial_partner_id",
        store=True,
        export_string_translation=False,
        groups="base.group_user",
    )
    jxc_credit_draft = fields.Monetary(
        string="On Draft Invoices",
        compute="_compute_jxc_credit",
        store=True,
        currency_field="jxc_company_currency_id",
        copy=False,
        groups="base.group_user",
    )
    jxc_credit_delivered = fields.Monetary(
        string="Delivered, Not Invoiced",
        compute="_compute_jxc_credit",
        store=True,
        currency_field="jxc_company_currency_id",
        copy=False,
        groups="base.group_user",
    )
    jxc_credit_ordered = fields.Monetary(
        string="Ordered, Not Delivered",
        compute="_compute_jxc_credit",
        store=True,
        currency_field="jxc_company_currency_id",
        copy=False,
        groups="base.group_user",
    )
    jxc_credit_returned = fields.Monetary(
        string="Returned, Not Credited",
        compute="_compute_jxc_credit",
        store=True,
        currency_field="jxc_company_currency_id",
        copy=False,
        groups="base.group_user",
    )
    jxc_credit_shipped = fields.Monetary(
        string="Goods Out",
        compute="_compute_jxc_credit",
        store=True,
        currency_field="jxc_company_currency_id",
        copy=False,
        groups="base.group_user",
        help="What of the order left and is not on a posted invoice, less deposits.",
    )
    jxc_credit_hint = fields.Char(
        string="Credit Hint",
        compute="_compute_jxc_credit_hint",
        groups="base.group_user",
    )

    # Exactly the condition of the exposure query: closed orders cost nothing there.
    _jxc_credit_open_idx = models.Index(
        "(jxc_credit_partner_id, company_id)"
        " WHERE jxc_credit_draft <> 0 OR jxc_credit_delivered <> 0"
        " OR jxc_credit_ordered <> 0 OR jxc_credit_returned <> 0"
    )

    # -- exposure of one order ----------------------------------------------------

    @api.depends(
        "state",
        "amount_total",
        "currency_rate",
        "order_line.price_total",
        "order_line.product_uom_qty",
        "order_line.qty_delivered",
        "order_line.qty_invoiced",
        "order_line.qty_invoiced_posted",
        "order_line.untaxed_amount_invoiced",
        "order_line.move_ids.state",
    )
    def _compute_jxc_credit(self):
        for order in self:
            parts = order._jxc_credit_parts()
            deposit = parts.pop("deposit", 0.0)
            parts["shipped"] = shipped(parts, deposit)
            rate = order.currency_rate or 1.0
            currency = order.company_id.currency_id
            for part in (*ORDER_PARTS, "shipped"):
                amount = currency.round(parts.get(part, 0.0) / rate)
                order[f"jxc_credit_{part}"] = amount

    def _jxc_credit_parts(self):
        """Sum of the lines by part, in the currency of the order, tax included.

        Of an order that is not confirmed (any more), what was delivered is owed all
        the same, and what came back is to be credited.
        """
        if self.state != "sale":
            return self._jxc_credit_parts_unconfirmed()
        total = Use()
        for line in self.order_line:
            if not line.display_type:
                total.update(line._jxc_credit_parts())
        if not any(self.order_line.mapped("qty_invoiced")):
            # Rounding of the whole order belongs to it until its first invoice.
            lines = sum(self.order_line.mapped("price_total"))
            total["ordered"] += self.amount_total - lines
        self._jxc_credit_less_promotions(total)
        total = self._jxc_credit_not_negative(total)
        # What is still to be taken off does not stand for what was not invoiced.
        total["delivered"] += self._jxc_billed_less()
        return total

    @staticmethod
    def _jxc_credit_not_negative(total):
        """Let an order give no credit for others: its posted credit note does.

        What is still to come takes at most away what is on the way, and with what was
        posted of it an order is never below zero.
        """
        # Takes ``posted`` out of ``total``.
        posted = max(0.0, total.pop("posted", 0.0))
        coming = max(0.0, total["draft"]) + total["delivered"]
        total["ordered"] = max(total["ordered"], -coming)
        missing = -posted - sum(
            total[part] * sign for part, sign in ORDER_PARTS.items()
        )
        total["ordered"] += max(0.0, missing)
        return total

    def _jxc_credit_parts_unconfirmed(self):
        total = Use()
        for line in self.order_line:
            is_goods = line.qty_delivered_method == "stock_move"
            if is_goods and (line.qty_delivered > 0 or line.qty_invoiced > 0):
                total.update(line._jxc_credit_parts())
        self._jxc_credit_less_promotions(total)
        total["delivered"] += self._jxc_billed_less()
        return total

    def _jxc_credit_use(self):
        """Exposure these orders bring now, by ((customer id, company id), part)."""
        return Use.total(self._jxc_credit_uses().values())

    def _jxc_credit_uses(self):
        """Return {order: Use}, as :meth:`_jxc_credit_use` of each of them."""
        uses = {}
        for order in self.sudo():
            key = (order.jxc_credit_partner_id.id, order.company_id.id)
            uses[order] = Use(
                {(key, part): order[f"jxc_credit_{part}"] for part in ORDER_PARTS}
            )
        return uses

    # -- control ------------------------------------------------------------------

    @contextmanager
    def _jxc_credit_watch(self, is_watched=None):
        """Compare what orders bring before and after a change, and ask the gate.

        To be put around whatever may widen confirmed orders::

            with orders._jxc_credit_watch() as watch:
                return super(SaleOrder, self.with_context(**watch)).write(vals)

        :param is_watched: callable(order); only orders for which it is true are
            compared
        :yield: context values that keep changes inside from being compared twice
        :raise UserError: when a limit that blocks does not suffice
        """
        outer = marks.watch_of(self.env)
        orders = self.filtered(is_watched) if is_watched else self
        if outer:
            orders = orders.filtered(lambda order: order.id not in outer.order_ids)
        if not orders:
            yield {}
            return
        orders = orders.sudo()
        before = orders._jxc_credit_uses()
        known = outer.order_ids if outer else ()
        with orders._jxc_taken_back():
            with marks.Watch([*known, *orders.ids]) as watch:
                yield {marks.WATCH: watch}
            after = orders._jxc_credit_uses()
            orders._jxc_credit_settle(
                {order: after[order].since(before[order]) for order in orders}
            )

    def _jxc_taken_back(self):
        """Take refused changes back, should a caller swallow the error.

        Where the confirmation does so anyway, a second savepoint would only write
        everything twice.
        """
        outer = marks.taking_back_of(self.env)
        if outer and outer.order_ids.issuperset(self.ids):
            return outer.remembered()
        return self.env.cr.savepoint()

    def _jxc_credit_settle(self, changes):
        """Put changes of use before the gate; warn in the orders' chatter.

        :param changes: {order: Use by ((customer id, company id), part)}
        """
        try:
            accounts, use = self._jxc_credit_accounts(Use.total(changes.values()))
        except UserError as refused:
            changes = self._jxc_changes_on_credit(changes, refused)
            accounts, use = self._jxc_credit_accounts(Use.total(changes.values()))
        if not accounts:
            return
        nets = use.net()
        if is_history(self.env):
            accounts._jxc_credit_take(use)
            for account in accounts:
                if nets.get(account.id, 0.0) > 0:
                    texts = in_company_lang(account).env
                    self._jxc_credit_log(
                        account,
                        texts._("Recorded as history, without credit control."),
                    )
            return
        for account, text in self._jxc_credit_take(accounts, use, changes):
            self._jxc_credit_log(account, text)
        if any(net < 0 for net in nets.values()):
            accounts._jxc_judge_holds_soon()

    def _jxc_changes_on_credit(self, changes, refused):
        """Leave out what customers who get no credit have paid, or pay first.

        :param refused: the error that names those customers; raised when it is all
            on credit
        """
        refusal = refusal_of(refused)
        leaves = self._jxc_credit_leaves() if refusal else {}
        on_credit = {
            order: change
            for order, change in changes.items()
            if not (
                order in leaves
                and leaves[order].is_full
                and order._jxc_customer() in refusal.customers
            )
        }
        if len(on_credit) == len(changes):
            raise refused
        return on_credit

    def _jxc_credit_take(self, accounts, use, changes, stage="order"):
        """Take all of it; where that is refused, look who has leave to go beyond.

        :return: as ``_jxc_credit_take`` of the accounts
        """
        try:
            return accounts._jxc_credit_take(use, stage=stage)
        except UserError as refused:
            leaves = self._jxc_credit_leaves()
            if not leaves or not refusal_of(refused):
                raise
        # First those without a release, held to the limit, then each of the others.
        others = [order for order in changes if order not in leaves]
        groups = [(others, None)] if others else []
        groups += [([order], leave) for order, leave in leaves.items()]
        warnings, to_take = [], use
        for orders, leave in groups:
            change = Use.total(changes[order] for order in orders)
            _accounts, part = self._jxc_credit_accounts(change, open_missing=False)
            warnings += accounts._jxc_credit_take(
                part,
                enforced=leave is None or not leave.is_full,
                written=to_take,
                extra=leave.extra if leave else 0.0,
                stage=stage,
            )
            to_take = to_take.since(part)
        return warnings

    def _jxc_credit_log(self, accounts, text):
        """Write a text into the chatter of those of the orders that count there.

        :param text: in the language of their company
        """
        partners = accounts._jxc_partners()
        orders = self.filtered(lambda order: order.jxc_credit_partner_id in partners)
        if orders:
            orders._message_log_batch(bodies=dict.fromkeys(orders.ids, text))

    @api.model
    def _jxc_credit_accounts(self, change, open_missing=True):
        """Turn use by customer into use by credit account.

        :param change: Use by ((customer id, company id), part)
        :param open_missing: what the company says about customers without account
            applies to those who ask for more
        :return: (jxc.credit.account, Use by (account id, part)) of what changes
        :raise UserError: when a customer without account gets no credit
        """
        Account = self.env["jxc.credit.account"]
        nets = {customer: net for customer, net in change.net().items() if net}
        found = Account._jxc_accounts_of(nets)
        asking = {customer for customer, net in nets.items() if net > 0}
        if open_missing and not is_history(self.env):
            found |= Account._jxc_open_missing_accounts(asking - set(found))
        use = Use()
        for (customer, part), amount in change.items():
            if customer in found:
                use[found[customer].id, part] += amount
        return Account.sudo().union(*found.values()), use

    # -- hint ---------------------------------------------------------------------

    @api.depends("partner_invoice_id", "company_id", "state", "amount_total")
    @api.depends_context("lang")
    def _compute_jxc_credit_hint(self):
        drafts = self.filtered(lambda order: order.state in ("draft", "sent"))
        (self - drafts).jxc_credit_hint = False
        by_customer = self._jxc_hint_accounts(drafts)
        accounts = self.env["jxc.credit.account"].sudo().union(*by_customer.values())
        accounts.fetch(["unlimited", "order_action", "credit_limit"])
        for order in drafts:
            account = by_customer.get(order._jxc_customer())
            order.jxc_credit_hint = account and order._jxc_hint_text(account)

    def _jxc_hint_accounts(self, orders):
        customers = [order._jxc_customer() for order in orders]
        return self.env["jxc.credit.account"]._jxc_accounts_of(filter(all, customers))

    def _jxc_customer(self):
        partner = self.partner_invoice_id.commercial_partner_id or (
            self.partner_id.commercial_partner_id
        )
        return (partner._origin.id, self.company_id.id)

    def _jxc_hint_text(self, account):
        """What confirming this quotation would run into, or False."""
        if account._jxc_overdue_action("order") != "none" and account.is_overdue:
            return account._jxc_overdue_text()
        if account.unlimited or account.order_action == "none":
            return False
        currency = account.currency_id
        total = currency.round(self.amount_total / (self.currency_rate or 1.0))
        if currency.compare_amounts(total, account.available) <= 0:
            return False
        return self.env._(
            "Credit of %(customer)s: limit %(limit)s, exposure %(exposure)s, available"
            " %(available)s. This order needs %(total)s.",
            customer=account.display_name,
            limit=account._jxc_money(account.capacity),
            exposure=account._jxc_money(account.exposure),
            available=account._jxc_money(account.available),
            total=account._jxc_money(total),
        )

    @api.depends("partner_invoice_id")
    def _compute_partner_credit_warning(self):
        """Customers with a credit account have our hint instead of the slow banner."""
        warned = self.filtered("company_id.account_use_credit_limit")
        accounts = self._jxc_hint_accounts(warned)
        ours = warned.filtered(lambda order: order._jxc_customer() in accounts)
        ours.partner_credit_warning = ""
        return super(SaleOrder, self - ours)._compute_partner_credit_warning()

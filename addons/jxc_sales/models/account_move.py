# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import api, models
from odoo.exceptions import UserError

from odoo.addons.jxc_base.tools.guard import own_defaults

from ..tools import marks
from ..tools.credit import Use


class AccountMove(models.Model):
    _inherit = "account.move"

    # -- guards -------------------------------------------------------------------

    @api.model
    def default_get(self, fields):
        return own_defaults(self, super().default_get(fields), {"state"})

    def write(self, vals):
        if vals.get("state") == "posted":
            self._jxc_check_posting()
        if "partner_id" in vals:
            self._jxc_check_debtor(vals["partner_id"])
        return super().write(vals)

    def _jxc_check_posting(self):
        """Refuse the status of a posted invoice to whoever just writes it.

        :raise UserError: outside of ``_post``; addons being installed may
        """
        if marks.posting_of(self.env) or not self.env.registry.ready:
            return
        written = self.filtered(
            lambda move: (
                move.state != "posted" and move.is_sale_document(include_receipts=True)
            )
        )
        if written:
            raise UserError(
                self.env._(
                    "An invoice is posted with Confirm, not by writing its status:"
                    " the customer's credit would not be checked."
                )
            )

    def _jxc_check_debtor(self, partner_id):
        """Keep the customer of posted invoices, whatever the context says.

        :raise UserError: naming the invoices
        """
        moved = self.filtered(
            lambda move: (
                move.state == "posted"
                and move.is_sale_document(include_receipts=True)
                and move.partner_id.id != partner_id
            )
        )
        if moved:
            raise UserError(
                self.env._(
                    "%(invoices)s is posted: its customer owes it. Reset it to draft to"
                    " change the customer.",
                    invoices=", ".join(moved.mapped("name")),
                )
            )

    # -- posting ------------------------------------------------------------------

    def _post(self, soft=True):
        sales = self.filtered(lambda move: move.is_sale_document(include_receipts=True))
        if not sales:
            posted = super()._post(soft)
            posted._jxc_tell_money()
            return posted
        orders = sales.line_ids._jxc_sale_orders().sudo()
        before = orders._jxc_credit_use()
        beyond = orders._jxc_beyond_order()
        goods = self.env["jxc.credit.unordered"]._jxc_open_by_customer(
            sales.commercial_partner_id
        )
        # A refused invoice is taken back here, should a caller swallow the error.
        with self.env.cr.savepoint():
            with marks.Posting() as posting:
                moves = self.with_context(**{marks.POSTING: posting})
                posted = super(AccountMove, moves)._post(soft).with_env(self.env)
            (posted & sales).sudo()._jxc_credit_settle(orders, before, beyond, goods)
        posted._jxc_tell_money()
        return posted

    def _jxc_tell_money(self):
        """Have orders on hold judged again when a customer owes less."""
        receivable = self.line_ids.filtered(
            lambda line: line.balance < 0 and line._jxc_is_debt()
        )
        if receivable:
            self.env["jxc.credit.account"]._jxc_judge_holds_soon()

    def button_draft(self):
        result = super().button_draft()
        if any(move.is_sale_document(include_receipts=True) for move in self):
            self.env["jxc.credit.account"]._jxc_judge_holds_soon()
        return result

    def _jxc_credit_settle(self, orders, before, beyond, goods):
        """Put what was just posted before the gate.

        An invoice of an order only moves what the order brought to another part; that
        is recorded, with what the exchange rate makes of it. What an invoice bills
        beyond its orders, or to another customer than theirs, is enforced like a new
        order, less what it bills of goods that left without order.

        :param orders: sale orders behind the invoices
        :param before: their use before posting
        :param beyond: what was billed beyond them before, by order
        :param goods: what goods without order counted before, by customer
        :raise UserError: when a limit that blocks does not suffice
        """
        change = orders._jxc_credit_use().since(before)
        free = Use()
        for move in self:
            key = (move.commercial_partner_id.id, move.company_id.id)
            change[key, "receivable"] += move._jxc_receivable()
            free[key, "receivable"] += move._jxc_without_order()
        for order, amount in orders._jxc_beyond_order().items():
            key = (order.jxc_credit_partner_id.id, order.company_id.id)
            free[key, "receivable"] += max(0.0, amount - beyond[order])
        for customer, amount in self._jxc_goods_billed(goods).items():
            change[customer, "delivered"] -= amount
            # A credit note over them takes more back than it adds, and is recorded.
            free[customer, "delivered"] -= max(0.0, amount)
        Order = self.env["sale.order"]
        _accounts, written = Order._jxc_credit_accounts(change, open_missing=False)
        moved = change.since(free)
        accounts, use = Order._jxc_credit_accounts(moved, open_missing=False)
        accounts._jxc_credit_take(use, enforced=False, written=written)
        accounts, use = Order._jxc_credit_accounts(free)
        # What was done is billed, however late the customer is.
        for account, text in accounts._jxc_credit_take(use, late=False):
            self._jxc_credit_warn(account, text)

    def _jxc_goods_billed(self, before):
        """How much less goods without order count since these moves were posted.

        :param before: what they counted before, by customer; empty where none left
        :return: {(commercial partner id, company id): amount in company currency}
        """
        Goods = self.env["jxc.credit.unordered"]
        if before or self._jxc_credits_goods():
            customers = {
                (move.commercial_partner_id.id, move.company_id.id) for move in self
            }
            accounts = self.env["jxc.credit.account"]._jxc_accounts_of(customers)
            Goods._jxc_hold(accounts.values())
        if not before:
            return {}
        after = Goods._jxc_open_by_customer(self.commercial_partner_id)
        return {
            customer: amount - after[customer]
            for customer, amount in before.items()
            if amount != after[customer]
        }

    def _jxc_credits_goods(self):
        """Whether one of these moves is a credit note over goods without order.

        Goods that leave in the same moment would still find them billed.
        """
        lines = self.filtered(lambda move: move.move_type == "out_refund")
        lines = lines.invoice_line_ids.filtered("product_id")
        return any(not line._jxc_sale_orders() for line in lines)

    def _jxc_receivable(self):
        """What the customer owes by this move, in company currency."""
        self.ensure_one()
        lines = self.line_ids.filtered(
            lambda line: line.account_id.account_type == "asset_receivable"
        )
        return sum(lines.mapped("balance"))

    def _jxc_without_order(self):
        """The part of this move that no order of its customer stands behind.

        In company currency, never negative.
        """
        self.ensure_one()
        if not self._jxc_customer_orders():
            return max(0.0, self._jxc_receivable())
        lines = self.invoice_line_ids.filtered(
            lambda line: (
                line.display_type == "product"
                and not line._jxc_sale_orders() & self._jxc_customer_orders()
            )
        )
        amount = sum(lines.mapped("price_total")) * -self.direction_sign
        return max(0.0, amount / (self.invoice_currency_rate or 1.0))

    def _jxc_customer_orders(self):
        """The orders behind this move that its own customer owes.

        Or one under the same credit account.
        """
        return self.line_ids._jxc_sale_orders().filtered(
            lambda order: (
                order.company_id == self.company_id and order._jxc_is_billed_by(self)
            )
        )

    def _jxc_credit_warn(self, account, text):
        partners = account._jxc_partners()
        moves = self.filtered(lambda move: move.commercial_partner_id in partners)
        moves._message_log_batch(bodies=dict.fromkeys(moves.ids, text))

# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
"""Past sales of customers, many at once: one order made by Odoo, cloned by SQL."""

from rows import copy

from odoo import Command, fields
from odoo.tools import SQL

MARK = "SALES-BENCH"


class SalesHistory:
    """Orders that were delivered, invoiced and, every second one, paid.

    :param partners: whose orders, in turn
    :param products: sold in turn, in stock
    :param days: how far back the first order is; they are spread evenly
    """

    def __init__(self, env, partners, products, orders, lines=10, days=730):
        self.env, self.partners, self.products = env, partners, products
        self.orders, self.lines, self.days = orders, lines, days

    def build(self):
        """Add the orders and everything that follows from them."""
        order = self._first_order()
        invoice = order.invoice_ids
        claim = invoice.line_ids.filtered(
            lambda line: line.account_type == "asset_receivable"
        )
        money = self._first_payment(claim)
        self.env.flush_all()
        documents, lines = self._document_rows(), self._line_rows()
        orders = copy(
            self.env,
            order,
            documents,
            name=SQL("%s || g.n", f"{MARK}-"),
            partner_id=SQL("g.partner_id"),
            partner_invoice_id=SQL("g.partner_id"),
            partner_shipping_id=SQL("g.partner_id"),
            date_order=SQL("g.date"),
            create_date=SQL("g.date"),
            amount_untaxed=SQL("g.amount"),
            amount_total=SQL("g.amount"),
            access_token=SQL("NULL"),
            **{
                name: SQL("g.partner_id")
                for name in ("jxc_credit_partner_id",)
                if name in order._fields
            },
        )
        sold = copy(
            self.env,
            order.order_line,
            lines,
            order_id=SQL("%s + g.number", orders),
            product_id=SQL("g.product_id"),
            product_uom_qty=SQL("g.qty"),
            qty_delivered=SQL("g.qty"),
            qty_invoiced=SQL("g.qty"),
            price_subtotal=SQL("g.qty * 100"),
            price_total=SQL("g.qty * 100"),
            order_partner_id=SQL("g.partner_id"),
        )
        copy(
            self.env,
            order.picking_ids.move_ids,
            lines,
            sale_line_id=SQL("%s + g.n", sold),
            product_id=SQL("g.product_id"),
            product_uom_qty=SQL("g.qty"),
            product_qty=SQL("g.qty"),
            quantity=SQL("g.qty"),
            value=SQL("g.qty * 60"),
            date=SQL("g.date + interval '1 day'"),
        )
        invoices = copy(self.env, invoice, documents, **self._of_entry("INV"))
        billed = copy(
            self.env,
            invoice.invoice_line_ids,
            lines,
            move_id=SQL("%s + g.number", invoices),
            product_id=SQL("g.product_id"),
            quantity=SQL("g.qty"),
            balance=SQL("g.qty * -100"),
            amount_currency=SQL("g.qty * -100"),
            credit=SQL("g.qty * 100"),
            price_subtotal=SQL("g.qty * 100"),
            price_total=SQL("g.qty * 100"),
            **self._of_item(),
        )
        self.env.cr.execute(
            SQL(
                "INSERT INTO sale_order_line_invoice_rel"
                " (order_line_id, invoice_line_id)"
                " SELECT %s + n, %s + n FROM generate_series(1, %s) n",
                sold,
                billed,
                self.orders * self.lines,
            )
        )
        claims = copy(
            self.env,
            claim,
            documents,
            move_id=SQL("%s + g.n", invoices),
            **self._of_item("amount", residual=SQL("g.amount * (1 - g.paid)")),
            **{"reconciled": SQL("g.paid = 1"), "date_maturity": SQL("g.date::date")},
        )
        entries = copy(self.env, money.move_id, documents, **self._of_entry("BNK"))
        nothing = SQL("0")
        for item in money.move_id.line_ids - money:
            copy(
                self.env,
                item,
                documents,
                move_id=SQL("%s + g.n", entries),
                **self._of_item("amount * g.paid", residual=nothing),
            )
        paid = copy(
            self.env,
            money,
            documents,
            move_id=SQL("%s + g.n", entries),
            **self._of_item("amount * -g.paid", residual=nothing),
        )
        copy(
            self.env,
            money.matched_debit_ids,
            SQL("SELECT * FROM (%s) g WHERE g.paid = 1", documents),
            debit_move_id=SQL("%s + g.n", claims),
            credit_move_id=SQL("%s + g.n", paid),
            amount=SQL("g.amount"),
            debit_amount_currency=SQL("g.amount"),
            credit_amount_currency=SQL("g.amount"),
            max_date=SQL("g.date::date + 30"),
        )
        self.env.invalidate_all()
        return self

    def _of_entry(self, prefix):
        return {
            "name": SQL("%s || g.n", f"{MARK}/{prefix}/"),
            "sequence_prefix": SQL("%s", f"{MARK}/{prefix}/"),
            "sequence_number": SQL("g.n"),
            "partner_id": SQL("g.partner_id"),
            "commercial_partner_id": SQL("g.partner_id"),
            "date": SQL("g.date::date"),
            "invoice_date": SQL("g.date::date"),
            "invoice_date_due": SQL("g.date::date"),
            "amount_total": SQL("g.amount"),
            "amount_total_signed": SQL("g.amount"),
            "amount_residual": SQL("g.amount * (1 - g.paid)"),
            "amount_residual_signed": SQL("g.amount * (1 - g.paid)"),
            "payment_state": SQL("CASE g.paid WHEN 1 THEN 'paid' ELSE 'not_paid' END"),
            "access_token": SQL("NULL"),
            # The number of the voucher, where there are vouchers, is unique.
            "jxc_voucher_no": SQL("NULL"),
        }

    def _of_item(self, amount=None, residual=None):
        values = {
            "partner_id": SQL("g.partner_id"),
            "date": SQL("g.date::date"),
            "invoice_date": SQL("g.date::date"),
            "full_reconcile_id": SQL("NULL"),
        }
        if amount:
            value = SQL("g.%s", SQL(amount))
            values |= {
                "balance": value,
                "amount_currency": value,
                "debit": SQL("GREATEST(%s, 0)", value),
                "credit": SQL("GREATEST(-%s, 0)", value),
                "amount_residual": residual,
                "amount_residual_currency": residual,
            }
        return values

    def _first_order(self):
        product = self.products[0]
        order = self.env["sale.order"].create(
            {
                "partner_id": self.partners[0].id,
                "order_line": [
                    Command.create(
                        {
                            "product_id": product.id,
                            "product_uom_qty": 1,
                            "price_unit": 100,
                            "tax_ids": [Command.clear()],
                        }
                    )
                ],
            }
        )
        order.action_confirm()
        picking = order.picking_ids
        picking.action_assign()
        picking.move_ids.quantity = 1
        picking.move_ids.picked = True
        picking._action_done()
        order._create_invoices().action_post()
        return order

    def _first_payment(self, claim):
        """Money on the bank that settles the first invoice."""
        journal = self.env["account.journal"].search(
            [("type", "=", "bank"), ("company_id", "=", self.env.company.id)], limit=1
        )
        entry = self.env["account.move"].create(
            {
                "journal_id": journal.id,
                "date": fields.Date.today(),
                "line_ids": [
                    Command.create(
                        {
                            "account_id": account.id,
                            "partner_id": claim.partner_id.id,
                            "balance": balance,
                        }
                    )
                    for account, balance in (
                        (journal.default_account_id, claim.balance),
                        (claim.account_id, -claim.balance),
                    )
                ],
            }
        )
        entry.action_post()
        money = entry.line_ids.filtered(lambda li: li.account_id == claim.account_id)
        (claim + money).reconcile()
        return money

    def _document_rows(self):
        """A row for each order: its number, customer, time and amount."""
        return SQL(
            """
            SELECT n, (%(partners)s)[1 + n %% %(partner_count)s] AS partner_id,
                   (1 + n %% 20) * %(lines)s * 100 AS amount, n %% 2 AS paid,
                   now() AT TIME ZONE 'UTC' - interval '2 days'
                       - %(days)s * interval '1 day' * (1 - n / (%(orders)s + 1.0))
                       AS date
              FROM generate_series(1, %(orders)s) n
            """,
            partners=self.partners.ids,
            partner_count=len(self.partners),
            lines=self.lines,
            orders=self.orders,
            days=self.days,
        )

    def _line_rows(self):
        return SQL(
            """
            SELECT (d.n - 1) * %(lines)s + j AS n, d.n AS number, d.partner_id, d.date,
                   1 + d.n %% 20 AS qty,
                   (%(products)s)[1 + (d.n * 7 + j * 13) %% %(count)s] AS product_id
              FROM (%(documents)s) d, generate_series(1, %(lines)s) j
            """,
            documents=self._document_rows(),
            lines=self.lines,
            products=self.products.ids,
            count=len(self.products),
        )

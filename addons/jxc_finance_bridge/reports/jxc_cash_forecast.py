# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import fields, models
from odoo.tools import SQL

from ..tools.open_items import drafted_query


class JxcCashForecast(models.Model):
    """What there is in the bank and what is expected to come in and go out, by day.

    What is overdue is expected today. Orders count with what is not invoiced, on their
    delivery day and the days of their payment term after it. Days are those of each
    company, whoever asks.
    """

    _name = "jxc.cash.forecast"
    _description = "Cash Forecast"
    _auto = False
    _order = "date, id"

    date = fields.Date("Expected On", readonly=True)
    due_date = fields.Date(readonly=True)
    overdue = fields.Boolean(readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    currency_id = fields.Many2one("res.currency", readonly=True)
    kind = fields.Selection(
        selection=[
            ("balance", "Cash and Bank"),
            ("receivable", "Receivables"),
            ("payable", "Payables"),
            ("sale", "Sales Orders"),
            ("purchase", "Purchase Orders"),
        ],
        readonly=True,
    )
    partner_id = fields.Many2one("res.partner", readonly=True)
    account_id = fields.Many2one("account.account", readonly=True)
    move_id = fields.Many2one("account.move", "Voucher", readonly=True)
    sale_id = fields.Many2one("sale.order", "Sales Order", readonly=True)
    purchase_id = fields.Many2one("purchase.order", "Purchase Order", readonly=True)
    amount = fields.Monetary(
        readonly=True,
        help="In company currency; money that goes out is negative.",
    )

    _depends = {
        "account.move.line": [
            "account_id",
            "amount_residual",
            "balance",
            "company_id",
            "date_maturity",
            "matching_number",
            "parent_state",
            "partner_id",
        ],
        "account.partial.reconcile": ["amount", "credit_move_id", "debit_move_id"],
        "account.account": ["account_type"],
        "sale.order": ["state", "commitment_date", "date_order", "payment_term_id"],
        "sale.order.line": ["product_uom_qty", "qty_invoiced", "price_total"],
        "purchase.order": ["state", "date_planned", "payment_term_id"],
        "purchase.order.line": ["product_qty", "qty_invoiced", "price_total"],
    }

    @property
    def _table_query(self):
        parts = (
            self._select_balances(),
            self._select_items(),
            self._select_sales(),
            self._select_purchases(),
        )
        return SQL(
            """WITH place (company_id, zone, today) AS (%(places)s)
            SELECT row.id, GREATEST(row.due_date, place.today) AS date,
                row.due_date, row.due_date < place.today AS overdue,
                row.company_id, company.currency_id, row.kind, row.partner_id,
                row.account_id, row.move_id, row.sale_id, row.purchase_id, row.amount
            FROM (%(parts)s) row JOIN res_company company ON company.id = row.company_id
            JOIN place ON place.company_id = row.company_id
            WHERE abs(row.amount) >= 0.005""",
            places=self._places(),
            parts=SQL(" UNION ALL ").join(parts),
        )

    def _places(self):
        """SQL: id of each company, its time zone, and which day it is there."""
        # sudo: what a company's day is, is no matter of the user's own companies
        companies = self.env["res.company"].sudo().with_context(active_test=False)
        zones = {
            company.id: company._jxc_timezone() for company in companies.search([])
        }
        days = {
            zone: fields.Date.context_today(self.with_context(tz=zone))
            for zone in set(zones.values())
        }
        return SQL(
            "VALUES %s",
            SQL(", ").join(
                SQL("(%s, %s, %s::date)", company_id, zone, days[zone])
                for company_id, zone in zones.items()
            ),
        )

    def _select_balances(self):
        """One row for each account of cash, with what is on it today."""
        return SQL(
            """SELECT min(line.id) * 4 AS id, place.today AS due_date,
                line.company_id, 'balance' AS kind, NULL::int AS partner_id,
                line.account_id, NULL::int AS move_id, NULL::int AS sale_id,
                NULL::int AS purchase_id, sum(line.balance) AS amount
            FROM account_move_line line
            JOIN account_account account ON account.id = line.account_id
            JOIN place ON place.company_id = line.company_id
            WHERE line.parent_state = 'posted' AND account.account_type = 'asset_cash'
                AND line.date <= place.today
            GROUP BY line.company_id, line.account_id, place.today"""
        )

    def _select_items(self):
        """What customers and vendors have not settled, or only by a draft."""
        return SQL(
            """SELECT line.id * 4 + 1, COALESCE(line.date_maturity, line.date),
                line.company_id,
                CASE account.account_type WHEN 'asset_receivable' THEN 'receivable'
                    ELSE 'payable' END,
                line.partner_id, line.account_id, line.move_id, NULL, NULL, item.amount
            FROM (
                SELECT line.id, line.amount_residual + COALESCE(drafted.amount, 0)
                    AS amount
                FROM account_move_line line
                LEFT JOIN (%(drafted)s) drafted ON drafted.item_id = line.id
                WHERE line.parent_state = 'posted' AND line.amount_residual != 0
                UNION ALL
                SELECT line.id, drafted.amount
                FROM (%(drafted)s) drafted
                JOIN account_move_line line ON line.id = drafted.item_id
                WHERE line.parent_state = 'posted' AND line.amount_residual = 0
            ) item
            JOIN account_move_line line ON line.id = item.id
            JOIN account_account account ON account.id = line.account_id
            WHERE account.account_type IN ('asset_receivable', 'liability_payable')""",
            drafted=drafted_query(),
        )

    def _select_sales(self):
        """What customers will be invoiced for confirmed orders, with tax."""
        return SQL(
            """SELECT sale.id * 4 + 2, %(day)s + %(days)s, sale.company_id, 'sale',
                sale.partner_invoice_id, NULL, NULL, sale.id, NULL,
                sum(line.price_total * (line.product_uom_qty - line.qty_invoiced)
                    / NULLIF(line.product_uom_qty, 0))
                    / COALESCE(NULLIF(sale.currency_rate, 0), 1)
            FROM sale_order sale JOIN sale_order_line line ON line.order_id = sale.id
            JOIN place ON place.company_id = sale.company_id
            WHERE sale.state = 'sale' AND line.display_type IS NULL
                AND line.product_uom_qty > line.qty_invoiced
            GROUP BY sale.id, place.zone""",
            day=self._local_day(SQL("COALESCE(sale.commitment_date, sale.date_order)")),
            days=self._term_days("sale"),
        )

    def _select_purchases(self):
        """What vendors will bill for confirmed orders, with tax."""
        return SQL(
            """SELECT purchase.id * 4 + 3, %(day)s + %(days)s, purchase.company_id,
                'purchase', purchase.partner_id, NULL, NULL, NULL, purchase.id,
                -sum(line.price_total * (line.product_qty - line.qty_invoiced)
                    / NULLIF(line.product_qty, 0))
                    / COALESCE(NULLIF(purchase.currency_rate, 0), 1)
            FROM purchase_order purchase
            JOIN purchase_order_line line ON line.order_id = purchase.id
            JOIN place ON place.company_id = purchase.company_id
            WHERE purchase.state = 'purchase' AND line.display_type IS NULL
                AND line.product_qty > line.qty_invoiced
            GROUP BY purchase.id, place.zone""",
            day=self._local_day(
                SQL("COALESCE(purchase.date_planned, purchase.date_order)")
            ),
            days=self._term_days("purchase"),
        )

    def _local_day(self, moment):
        """SQL: the day of a moment in the order's company."""
        return SQL("(%s AT TIME ZONE 'UTC' AT TIME ZONE place.zone)::date", moment)

    def _term_days(self, alias):
        """SQL: days until the last payment of an order's payment term."""
        return SQL(
            """COALESCE((
                SELECT max(term.nb_days) FROM account_payment_term_line term
                WHERE term.payment_id = %s
            ), 0)""",
            SQL.identifier(alias, "payment_term_id"),
        )

    def action_open(self):
        """Open the document behind the row; an account's items for a balance."""
        self.ensure_one()
        document = self.move_id or self.sale_id or self.purchase_id
        if document:
            return {
                "type": "ir.actions.act_window",
                "res_model": document._name,
                "res_id": document.id,
                "view_mode": "form",
            }
        return self.env["account.move.line"]._jxc_items_action(
            self.account_id.display_name,
            [
                ("account_id", "=", self.account_id.id),
                ("company_id", "=", self.company_id.id),
                ("parent_state", "=", "posted"),
            ],
        )

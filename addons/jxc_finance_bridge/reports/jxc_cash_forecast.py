# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import fields, models
from odoo.tools import SQL

from ..models.res_company_owed import OWED
from ..tools.open_items import drafted_query


class JxcCashForecast(models.Model):
    """What there is in the bank and what is expected to come in and go out, by day.

    What is overdue is expected today. Orders count with what is not invoiced, as if it
    were on their delivery day: one row for each instalment of their payment term, on
    its due date. Days are those of each company, whoever asks.
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
        "res.company": ["parent_path", *(field for _type, field in OWED.values())],
        "account.payment.term.line": [
            "days_next_month",
            "delay_type",
            "nb_days",
            "payment_id",
            "value",
            "value_amount",
        ],
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
            """WITH place (company_id, zone, today) AS (%(places)s),
            advance AS (%(advances)s),
            instalment AS (%(instalments)s)
            SELECT row.id, GREATEST(row.due_date, place.today) AS date,
                row.due_date, row.due_date < place.today AS overdue,
                row.company_id, company.currency_id, row.kind, row.partner_id,
                row.account_id, row.move_id, row.sale_id, row.purchase_id, row.amount
            FROM (%(parts)s) row JOIN res_company company ON company.id = row.company_id
            JOIN place ON place.company_id = row.company_id
            WHERE abs(row.amount) >= 0.005""",
            places=self._places(),
            advances=self._advances(),
            instalments=self._instalments(),
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

    def _advances(self):
        """SQL: the accounts of advances (预收, 预付) of each company, and their kind.

        Branches write on those of their company.
        """
        chosen = SQL(", ").join(
            SQL("(%s, %s)", SQL.identifier("own", field), kind)
            for kind, (_type, field) in OWED.items()
        )
        return SQL(
            """SELECT company.id AS company_id, chosen.account_id,
                -- An account of both kinds counts once, as receivable.
                max(chosen.kind) AS kind
            FROM res_company company
            JOIN res_company own
                ON own.id::text = ANY(string_to_array(company.parent_path, '/'))
            CROSS JOIN LATERAL (VALUES %s) chosen (account_id, kind)
            WHERE chosen.account_id IS NOT NULL
            GROUP BY company.id, chosen.account_id""",
            chosen,
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
        """What customers and vendors have not settled, or only by a draft.

        Advances count as in the ageing: they lower what is still to come in or go out.
        """
        return SQL(
            """SELECT line.id * 4 + 1, COALESCE(line.date_maturity, line.date),
                line.company_id,
                CASE account.account_type WHEN 'asset_receivable' THEN 'receivable'
                    WHEN 'liability_payable' THEN 'payable'
                    ELSE advance.kind END,
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
            LEFT JOIN advance ON advance.account_id = line.account_id
                AND advance.company_id = line.company_id
            WHERE account.account_type IN ('asset_receivable', 'liability_payable')
                OR advance.kind IS NOT NULL""",
            drafted=drafted_query(),
        )

    def _select_sales(self):
        """What customers will be invoiced for confirmed orders, with tax."""
        orders = SQL(
            """SELECT sale.id AS order_id, sale.company_id,
                sale.partner_invoice_id AS partner_id, sale.payment_term_id,
                COALESCE(NULLIF(sale.currency_rate, 0), 1) AS rate, 1 AS sign,
                %(day)s AS day,
                sum(line.price_total * (line.product_uom_qty - line.qty_invoiced)
                    / NULLIF(line.product_uom_qty, 0)) AS amount
            FROM sale_order sale JOIN sale_order_line line ON line.order_id = sale.id
            JOIN place ON place.company_id = sale.company_id
            WHERE sale.state = 'sale' AND line.display_type IS NULL
                AND line.product_uom_qty > line.qty_invoiced
            GROUP BY sale.id, place.zone""",
            day=self._local_day(SQL("COALESCE(sale.commitment_date, sale.date_order)")),
        )
        return SQL(
            """SELECT part.id * 4 + 2, part.due_date, part.company_id, 'sale',
                part.partner_id, NULL, NULL, part.order_id, NULL, part.amount
            FROM (%s) part""",
            self._in_instalments(orders),
        )

    def _select_purchases(self):
        """What vendors will bill for confirmed orders, with tax."""
        orders = SQL(
            """SELECT purchase.id AS order_id, purchase.company_id,
                purchase.partner_id, purchase.payment_term_id,
                COALESCE(NULLIF(purchase.currency_rate, 0), 1) AS rate, -1 AS sign,
                %(day)s AS day,
                sum(line.price_total * (line.product_qty - line.qty_invoiced)
                    / NULLIF(line.product_qty, 0)) AS amount
            FROM purchase_order purchase
            JOIN purchase_order_line line ON line.order_id = purchase.id
            JOIN place ON place.company_id = purchase.company_id
            WHERE purchase.state = 'purchase' AND line.display_type IS NULL
                AND line.product_qty > line.qty_invoiced
            GROUP BY purchase.id, place.zone""",
            day=self._local_day(
                SQL("COALESCE(purchase.date_planned, purchase.date_order)")
            ),
        )
        return SQL(
            """SELECT part.id * 4 + 3, part.due_date, part.company_id, 'purchase',
                part.partner_id, NULL, NULL, NULL, part.order_id, part.amount
            FROM (%s) part""",
            self._in_instalments(orders),
        )

    def _local_day(self, moment):
        """SQL: the day of a moment in the order's company."""
        return SQL("(%s AT TIME ZONE 'UTC' AT TIME ZONE place.zone)::date", moment)

    def _instalments(self):
        """SQL: lines of payment terms in their order; the last one is the balance."""
        return SQL(
            """SELECT line.*,
                row_number() OVER (PARTITION BY line.payment_id ORDER BY line.id)
                    AS place,
                line.id = max(line.id) OVER (PARTITION BY line.payment_id) AS is_last
            FROM account_payment_term_line line"""
        )

    def _in_instalments(self, orders):
        """SQL: one row for each instalment of orders, amounts in company currency.

        They are those of the platform's payment terms: shares and fixed amounts in the
        order of the lines, and what is left on the last.
        """
        return SQL(
            """SELECT orders.order_id::bigint * 1000 + COALESCE(term.place, 0) AS id,
                orders.order_id, orders.company_id, orders.partner_id,
                COALESCE(%(due)s, orders.day) AS due_date,
                orders.sign / orders.rate * CASE WHEN COALESCE(term.is_last, TRUE)
                    THEN orders.amount - COALESCE(SUM(%(share)s) OVER (
                        PARTITION BY orders.order_id
                        ORDER BY term.place
                        ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
                    ), 0)
                    ELSE %(share)s END AS amount
            FROM (%(orders)s) orders
            LEFT JOIN instalment term ON term.payment_id = orders.payment_term_id""",
            orders=orders,
            due=self._due_date(),
            share=SQL(
                "CASE term.value WHEN 'fixed' THEN term.value_amount"
                " ELSE orders.amount * term.value_amount / 100 END"
            ),
        )

    def _due_date(self):
        """SQL: the due date of an instalment, as ``_get_due_date`` of its line."""
        return SQL(
            """CASE term.delay_type
                WHEN 'days_after' THEN orders.day + term.nb_days
                WHEN 'days_after_end_of_month' THEN term.nb_days
                    + (date_trunc('month', orders.day) + interval '1 month - 1 day'
                    )::date
                WHEN 'days_after_end_of_next_month' THEN term.nb_days
                    + (date_trunc('month', orders.day) + interval '2 months - 1 day'
                    )::date
                WHEN 'days_end_of_month_on_the' THEN CASE %(on_the)s
                    WHEN 0 THEN (date_trunc('month', orders.day + term.nb_days)
                        + interval '1 month - 1 day')::date
                    ELSE LEAST(
                        (date_trunc('month', orders.day + term.nb_days)
                            + interval '1 month')::date + %(on_the)s - 1,
                        (date_trunc('month', orders.day + term.nb_days)
                            + interval '2 months - 1 day')::date
                    ) END
                END""",
            on_the=SQL(
                "CASE WHEN term.days_next_month ~ '^[0-9]+$'"
                " THEN term.days_next_month::int"
                " WHEN term.days_next_month IS NULL THEN 0 ELSE 1 END"
            ),
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

# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import fields, models
from odoo.tools import SQL

#: sub-accounts of VAT by what they hold; the codes are those of the finance set-up
KINDS = {
    "222102": "input",
    "222103": "output",
    "222104": "transfer_out",
    "222105": "unpaid_out",
    "222106": "unpaid",
    "222107": "pending",
    "222108": "input",
    "222109": "simple",
}
#: kinds that together are the balance of 应交增值税
DUE = ("input", "output", "transfer_out", "unpaid_out")


class JxcTaxSummary(models.Model):
    """VAT of posted entries by month and rate: one row for each line on VAT accounts,
    one for each line taxed at zero, and one for what is left at each month's end."""

    _name = "jxc.tax.summary"
    _description = "VAT Summary"
    _auto = False
    _order = "date desc, id desc"

    date = fields.Date(readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    currency_id = fields.Many2one("res.currency", readonly=True)
    line_id = fields.Many2one("account.move.line", "Journal Item", readonly=True)
    move_id = fields.Many2one("account.move", "Voucher", readonly=True)
    account_id = fields.Many2one("account.account", readonly=True)
    tax_rate_id = fields.Many2one("account.tax", "Tax", readonly=True)
    rate = fields.Char(readonly=True)
    kind = fields.Selection(
        selection=[
            ("output", "Output Tax"),
            ("input", "Input Tax"),
            ("transfer_out", "Input Tax Transferred Out"),
            ("unpaid_out", "Unpaid VAT Transferred Out"),
            ("unpaid", "Unpaid VAT"),
            ("simple", "Simple Method"),
            ("pending", "Input Tax to Be Certified"),
            ("credit", "Credit at Month End"),
        ],
        readonly=True,
    )
    output_base = fields.Monetary("Sales", readonly=True)
    output_tax = fields.Monetary(readonly=True)
    input_base = fields.Monetary("Purchases", readonly=True)
    input_tax = fields.Monetary(readonly=True)
    transferred_out = fields.Monetary("Input Tax Out", readonly=True)
    due = fields.Monetary(
        "VAT Due",
        readonly=True,
        help="Output tax less input tax, with input tax transferred out. Negative: a "
        "credit of the month.",
    )
    simple_tax = fields.Monetary("Simple Method Tax", readonly=True)
    pending_tax = fields.Monetary(
        "Input Tax to Be Certified",
        readonly=True,
        help="Input tax that may not be deducted yet (待认证); it counts when it is"
        " moved to input tax.",
    )
    unpaid = fields.Monetary(
        "Unpaid VAT",
        readonly=True,
        help="What was transferred to unpaid VAT, less what was paid.",
    )
    credit = fields.Monetary(
        "Credit to Carry Forward",
        readonly=True,
        aggregator="max",
        help="Debit balance of the accounts of VAT at the end of the month (留抵).",
    )

    _depends = {
        "account.move.line": [
            "date",
            "company_id",
            "account_id",
            "balance",
            "parent_state",
            "tax_line_id",
            "tax_base_amount",
            "tax_ids",
        ],
        "account.account": ["code_store"],
        "account.tax": ["amount", "type_tax_use"],
    }

    @property
    def _table_query(self):
        return SQL(
            """%(lines)s UNION ALL %(zero)s UNION ALL %(credit)s""",
            lines=self._select_lines(),
            zero=self._select_zero_rated(),
            credit=self._select_credit(),
        )

    def _kind(self):
        """SQL: what a line on 应交税费 is; codes are those of the head company."""
        cases = SQL(" ").join(
            SQL("WHEN %s THEN %s", code, kind) for code, kind in KINDS.items()
        )
        return SQL(
            """CASE left(account.code_store ->> split_part(company.parent_path, '/', 1),
                        6) %s
                ELSE CASE tax.type_tax_use WHEN 'sale' THEN 'output'
                    WHEN 'purchase' THEN 'input' END
            END""",
            cases,
        )

    def _from(self):
        return SQL(
            """FROM account_move_line line
            JOIN res_company company ON company.id = line.company_id
            JOIN account_account account ON account.id = line.account_id
            LEFT JOIN account_tax tax ON tax.id = line.tax_line_id
            WHERE line.parent_state = 'posted'
                AND account.code_store
                    ->> split_part(company.parent_path, '/', 1) LIKE '2221%%'"""
        )

    def _select_lines(self):
        base = SQL(
            "CASE WHEN line.balance < 0 THEN 1 ELSE -1 END * abs(line.tax_base_amount)"
        )
        return SQL(
            """SELECT row.id * 4 AS id, row.id AS line_id, row.move_id, row.account_id,
                row.date, row.company_id, row.currency_id, row.kind, row.tax_rate_id,
                row.rate,
                CASE WHEN row.kind IN ('output', 'simple') THEN base END AS output_base,
                CASE row.kind WHEN 'output' THEN -balance END AS output_tax,
                CASE row.kind WHEN 'input' THEN -base END AS input_base,
                CASE row.kind WHEN 'input' THEN balance END AS input_tax,
                CASE row.kind WHEN 'transfer_out' THEN -balance END AS transferred_out,
                CASE WHEN row.kind IN ('input', 'output', 'transfer_out')
                    THEN -balance END AS due,
                CASE row.kind WHEN 'simple' THEN -balance END AS simple_tax,
                CASE row.kind WHEN 'pending' THEN balance END AS pending_tax,
                CASE row.kind WHEN 'unpaid' THEN -balance END AS unpaid,
                NULL::numeric AS credit
            FROM (
                SELECT line.id, line.move_id, line.account_id, line.date,
                    line.company_id, company.currency_id, line.balance,
                    line.tax_line_id AS tax_rate_id, %(rate)s AS rate,
                    %(kind)s AS kind, %(base)s AS base
                %(source)s
            ) row WHERE row.kind IS NOT NULL""",
            kind=self._kind(),
            base=base,
            rate=SQL("tax.amount::float::text || '%%'"),
            source=self._from(),
        )

    def _select_zero_rated(self):
        """Sales and purchases at 0 % and exempt ones, which have no tax line."""
        return SQL(
            """SELECT line.id * 4 + 1, line.id, line.move_id, line.account_id,
                line.date, line.company_id, company.currency_id,
                CASE tax.use WHEN 'sale' THEN 'output' ELSE 'input' END,
                tax.id, '0%%',
                CASE tax.use WHEN 'sale' THEN -line.balance END, NULL,
                CASE tax.use WHEN 'purchase' THEN line.balance END, NULL,
                NULL, NULL, NULL, NULL, NULL, NULL
            FROM account_move_line line
            JOIN res_company company ON company.id = line.company_id
            JOIN LATERAL (
                SELECT min(tax.id) AS id, min(tax.type_tax_use) AS use
                FROM account_move_line_account_tax_rel rel
                JOIN account_tax tax ON tax.id = rel.account_tax_id
                WHERE rel.account_move_line_id = line.id AND tax.amount = 0
                    AND tax.amount_type = 'percent'
                    AND tax.type_tax_use IN ('sale', 'purchase')
            ) tax ON tax.id IS NOT NULL
            WHERE line.parent_state = 'posted'"""
        )

    def _select_credit(self):
        """What is left of input tax at the end of each month with entries."""
        return SQL(
            """SELECT month.id * 4 + 2, NULL::int, NULL::int, NULL::int,
                (month.first + interval '1 month' - interval '1 day')::date,
                month.company_id, month.currency_id, 'credit', NULL::int, NULL,
                NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, month.left_over
            FROM (
                SELECT min(row.id) AS id, row.company_id, row.currency_id, row.first,
                    GREATEST(sum(sum(row.balance)) OVER (
                        PARTITION BY row.company_id ORDER BY row.first
                    ), 0) AS left_over
                FROM (
                    SELECT line.id, line.company_id, company.currency_id, line.balance,
                        date_trunc('month', line.date)::date AS first, %(kind)s AS kind
                    %(source)s
                ) row
                WHERE row.kind IN %(due)s
                GROUP BY row.company_id, row.currency_id, row.first
            ) month""",
            kind=self._kind(),
            source=self._from(),
            due=DUE,
        )

    def action_open(self):
        """Open the voucher behind the row."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "account.move",
            "res_id": self.move_id.id,
            "view_mode": "form",
        }

# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import fields, models
from odoo.tools import SQL

from ..models.jxc_sales_target import KINDS, PERIODS, SCOPES


class JxcSalesTargetReport(models.Model):
    """Targets against what was reached, and what the pipeline promises on top.

    What happened is summed by month first, once for each kind; targets, whose periods
    are whole months, then take their months.
    """

    _name = "jxc.sales.target.report"
    _description = "Target Achievement"
    _auto = False
    _rec_name = "target_id"
    _order = "date_from desc, scope desc, ratio desc, id"
    _depends = {
        "jxc.sales.target": ["company_id", "scope", "user_id", "team_id", "kind"]
        + ["period", "date_from", "date_to", "amount"],
        "crm.lead": ["company_id", "user_id", "team_id", "type", "active"]
        + ["won_status", "date_closed", "date_deadline"]
        + ["expected_revenue", "prorated_revenue"],
        "sale.order": ["company_id", "user_id", "team_id", "state", "date_order"]
        + ["amount_untaxed", "currency_rate"],
        "account.move": ["company_id", "invoice_user_id", "team_id", "state"]
        + ["move_type", "invoice_date", "amount_untaxed_signed"],
        "account.partial.reconcile": ["amount", "max_date"]
        + ["debit_move_id", "credit_move_id"],
    }

    target_id = fields.Many2one(
        comodel_name="jxc.sales.target", string="Set in", readonly=True
    )
    company_id = fields.Many2one(comodel_name="res.company", readonly=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    scope = fields.Selection(selection=SCOPES, readonly=True)
    user_id = fields.Many2one(
        comodel_name="res.users", string="Salesperson", readonly=True
    )
    team_id = fields.Many2one(
        comodel_name="crm.team", string="Sales Team", readonly=True
    )
    kind = fields.Selection(selection=KINDS, string="Measured by", readonly=True)
    period = fields.Selection(selection=PERIODS, readonly=True)
    date_from = fields.Date(string="From", readonly=True)
    date_to = fields.Date(string="To", readonly=True)
    amount = fields.Monetary(string="Target", readonly=True)
    actual = fields.Monetary(string="Achieved", readonly=True)
    ratio = fields.Float(
        string="Achieved (%)", readonly=True, aggregator="sum", digits=(16, 1)
    )
    gap = fields.Monetary(
        readonly=True, help="What is missing; below zero: more than the target."
    )
    pipeline = fields.Monetary(
        string="Weighted Pipeline",
        readonly=True,
        help="Open opportunities expected to close in the period, by probability.",
    )
    forecast = fields.Monetary(
        readonly=True, help="What is reached and the weighted pipeline."
    )

    def _read_group_select(self, aggregate_spec, query):
        """The rate of a group is that of its sums."""
        if aggregate_spec != "ratio:sum":
            return super()._read_group_select(aggregate_spec, query)
        actual, amount = (
            self._field_to_sql(self._table, name, query)
            for name in ("actual", "amount")
        )
        return SQL("100.0 * SUM(%s) / NULLIF(SUM(%s), 0)", actual, amount)

    @property
    def _table_query(self):
        return SQL(
            """
            WITH zone AS (%(zones)s),
            fact AS (%(won)s UNION ALL %(ordered)s UNION ALL %(invoiced)s
                     UNION ALL %(collected)s UNION ALL %(pipeline)s),
            by_month AS (
                SELECT kind, company_id, user_id, team_id,
                       DATE_TRUNC('month', day)::date AS month, SUM(amount) AS amount
                  FROM fact
                 GROUP BY kind, company_id, user_id, team_id, DATE_TRUNC('month', day)
            ),
            reached AS (
                SELECT t.id,
                       COALESCE(SUM(f.amount) FILTER (WHERE f.kind = t.kind), 0)
                       AS actual,
                       COALESCE(SUM(f.amount) FILTER (WHERE f.kind = 'pipeline'), 0)
                       AS pipeline
                  FROM jxc_sales_target t
                  LEFT JOIN by_month f
                    ON f.company_id = t.company_id
                   AND f.kind IN (t.kind, 'pipeline')
                   AND f.month BETWEEN t.date_from AND t.date_to
                   AND (t.scope <> 'person' OR f.user_id = t.user_id)
                   AND (t.scope <> 'team' OR f.team_id = t.team_id)
                 GROUP BY t.id
            )
            SELECT t.id, t.id AS target_id, t.company_id, t.scope, t.user_id,
                   t.team_id, t.kind, t.period, t.date_from, t.date_to, t.amount,
                   r.actual,
                   100.0 * r.actual / t.amount AS ratio,
                   t.amount - r.actual AS gap,
                   r.pipeline,
                   r.actual + r.pipeline AS forecast
              FROM jxc_sales_target t
              JOIN reached r ON r.id = t.id
            """,
            zones=self._get_zones(),
            won=self._get_won(),
            ordered=self._get_ordered(),
            invoiced=self._get_invoiced(),
            collected=self._get_collected(),
            pipeline=self._get_pipeline(),
        )

    def _get_zones(self):
        """Days are the company's, as for the customer classes."""
        return SQL(
            """
            SELECT c.id AS company_id,
                   COALESCE(NULLIF(p.tz, ''),
                            CASE WHEN country.code = 'CN' THEN 'Asia/Shanghai' END,
                            'UTC') AS name
              FROM res_company c
              JOIN res_partner p ON p.id = c.partner_id
              LEFT JOIN res_country country ON country.id = p.country_id
            """
        )

    def _get_leads(self, kind, day, amount, where):
        """Opportunities; those without a company count for their salesperson's."""
        return SQL(
            """
            SELECT %(kind)s AS kind, zone.company_id, l.user_id, l.team_id,
                   %(day)s AS day, %(amount)s AS amount
              FROM crm_lead l
              LEFT JOIN res_users u ON u.id = l.user_id
              JOIN zone ON zone.company_id = COALESCE(l.company_id, u.company_id)
             WHERE l.type = 'opportunity' AND %(where)s
            """,
            kind=kind,
            day=day,
            amount=amount,
            where=where,
        )

    def _get_won(self):
        return self._get_leads(
            "won",
            SQL("(l.date_closed AT TIME ZONE 'UTC' AT TIME ZONE zone.name)::date"),
            SQL("l.expected_revenue"),
            SQL("l.won_status = 'won' AND l.date_closed IS NOT NULL"),
        )

    def _get_pipeline(self):
        return self._get_leads(
            "pipeline",
            SQL("l.date_deadline"),
            SQL("l.prorated_revenue"),
            SQL(
                "l.active AND l.won_status = 'pending' AND l.date_deadline IS NOT NULL"
            ),
        )

    def _get_ordered(self):
        return SQL(
            """
            SELECT 'ordered', o.company_id, o.user_id, o.team_id,
                   (o.date_order AT TIME ZONE 'UTC' AT TIME ZONE zone.name)::date,
                   o.amount_untaxed / COALESCE(NULLIF(o.currency_rate, 0), 1)
              FROM sale_order o
              JOIN zone ON zone.company_id = o.company_id
             WHERE o.state = 'sale'
            """
        )

    def _get_invoiced(self):
        return SQL(
            """
            SELECT 'invoiced', m.company_id, m.invoice_user_id, m.team_id,
                   m.invoice_date, m.amount_untaxed_signed
              FROM account_move m
             WHERE m.state = 'posted'
               AND m.move_type IN ('out_invoice', 'out_refund', 'out_receipt')
            """
        )

    def _get_collected(self):
        """Money that invoices were paid with, less what refunds were paid out with.

        Only payments and bank statements, as far as they are money and neither given up
        nor set off, and what the customer had paid ahead, when it is set against the
        invoice: one set off against a refund brings no money.
        """
        return SQL(
            """
            SELECT 'collected', m.company_id, m.invoice_user_id, m.team_id,
                   paid.max_date, paid.amount * money.share
              FROM (
                   SELECT debit_move_id AS claim_id, credit_move_id AS money_id,
                          ARRAY['out_invoice', 'out_receipt'] AS types,
                          max_date, amount
                     FROM account_partial_reconcile
                    UNION ALL
                   SELECT credit_move_id, debit_move_id, ARRAY['out_refund'],
                          max_date, -amount
                     FROM account_partial_reconcile
              ) paid
              JOIN account_move_line claim ON claim.id = paid.claim_id
              JOIN account_account account
                ON account.id = claim.account_id
               AND account.account_type = 'asset_receivable'
              JOIN account_move m ON m.id = claim.move_id
              JOIN account_move_line payment ON payment.id = paid.money_id
              JOIN account_move entry ON entry.id = payment.move_id
        CROSS JOIN LATERAL (
                   SELECT CASE
                          WHEN entry.origin_payment_id IS NOT NULL
                            OR entry.statement_line_id IS NOT NULL THEN (%s)
                          WHEN entry.move_type = 'entry' THEN (%s) END AS share) money
             WHERE m.state = 'posted'
               AND m.move_type = ANY(paid.types)
               AND entry.state = 'posted'
               AND money.share > 0
            """,
            self._get_paid_money(),
            self._get_paid_ahead(),
        )

    def _get_paid_money(self):
        """The share of what a payment takes off customers that was money.

        All but discounts, fees, taxes, what is given up, and other debts.
        """
        return SQL(
            """
            SELECT LEAST(1, GREATEST(0, SUM(item.balance) FILTER (
                       WHERE item.tax_line_id IS NULL
                         AND kind.account_type NOT IN (
                             'asset_receivable', 'liability_payable')
                         AND kind.account_type NOT LIKE 'income%%'
                         AND kind.account_type NOT LIKE 'expense%%')
                   / -NULLIF(SUM(item.balance) FILTER (
                       WHERE kind.account_type = 'asset_receivable'
                         AND item.balance * payment.balance > 0), 0)))
              FROM account_move_line item
              JOIN account_account kind ON kind.id = item.account_id
             WHERE item.move_id = entry.id
            """
        )

    def _get_paid_ahead(self):
        """The share of what an entry takes off a customer that he had paid ahead.

        Or, of a credit note, what is kept for him, wholly or beside what a bank paid
        out; openings against equity are none.
        """
        return SQL(
            """
            SELECT CASE WHEN owed < 0 AND ahead > 0
                          OR owed > 0 AND ahead < 0
                         AND (owed + ahead <= 0 OR bank.paid < 0)
                        THEN LEAST(1, ahead / -owed) END
              FROM (SELECT SUM(item.balance) AS paid
                      FROM account_move_line item
                      JOIN account_account kind
                        ON kind.id = item.account_id
                       AND kind.account_type = 'asset_cash'
                     WHERE item.move_id = entry.id) bank
        CROSS JOIN (SELECT SUM(item.balance) FILTER (
                               WHERE kind.account_type = 'asset_receivable') AS owed,
                           SUM(item.balance) FILTER (
                               WHERE item.account_id = ANY(ARRAY(%s))) AS ahead
                      FROM account_move_line item
                      JOIN account_account kind ON kind.id = item.account_id
                      JOIN res_partner owner ON owner.id = item.partner_id
                      JOIN res_partner payer
                        ON payer.id = payment.partner_id
                       AND payer.commercial_partner_id = owner.commercial_partner_id
                     WHERE item.move_id = entry.id) sums
             WHERE NOT EXISTS (
                   SELECT FROM account_move_line item
                     JOIN account_account kind ON kind.id = item.account_id
                     JOIN account_journal journal ON journal.id = item.journal_id
                    WHERE item.move_id = entry.id
                      AND journal.type NOT IN ('bank', 'cash')
                      AND kind.account_type LIKE 'equity%%')
            """,
            self._get_advances(),
        )

    def _get_advances(self):
        """Ids of the accounts of advances received, where there are such."""
        name = "jxc_advance_received_account_id"
        if name not in self.env["res.company"]._fields:
            return SQL("SELECT NULL::int WHERE FALSE")
        account = SQL.identifier(name)
        return SQL("SELECT %s FROM res_company WHERE %s IS NOT NULL", account, account)

# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ..tools.credit import grade_of, proposed_limit


class JxcCreditAccount(models.Model):
    """A grade from how the customer paid, and the limit that would fit it.

    Both are proposals: a limit changes only when a person accepts it.
    """

    _name = "jxc.credit.account"
    _inherit = ["jxc.credit.account", "jxc.server.fields.mixin"]

    #: See ``jxc.server.fields.mixin``.
    _jxc_server_fields = frozenset(
        {"days_late", "grade", "graded_on", "proposed_limit", "turnover_year"}
    )

    grade = fields.Selection(
        selection=[
            ("a", "A"),
            ("b", "B"),
            ("c", "C"),
            ("d", "D"),
        ],
        readonly=True,
        copy=False,
        tracking=True,
        help="From the invoices of the last twelve months: A is paid in time (up to 3"
        " days late on average, weighted by amount), B up to 15, C up to 45 days late.",
    )
    graded_on = fields.Date(
        readonly=True,
        copy=False,
    )
    days_late = fields.Float(
        string="Average Days Late",
        digits=(16, 1),
        readonly=True,
        copy=False,
        help="Weighted by amount; what is still open counts up to the day of grading.",
    )
    turnover_year = fields.Monetary(
        string="Invoiced in Twelve Months",
        readonly=True,
        copy=False,
    )
    proposed_limit = fields.Monetary(
        readonly=True,
        copy=False,
        help="What the customer buys during his credit days and one month more, times"
        " 1.5 for grade A, 1 for B, 0.5 for C and nothing for D. In company currency.",
    )

    def action_grade(self):
        """Grade the accounts and propose limits; the limits stay as they are.

        Customers without an invoice in the last twelve months lose their grade.

        :raise AccessError: unless the user is a credit manager
        """
        self.env["sale.order"]._jxc_check_credit_manager()
        self.check_access("write")
        self._jxc_grade()
        return True

    def action_accept_proposal(self):
        """Make the proposed limits the limits, converted to the currency of each.

        :raise AccessError: unless the user is a credit manager
        :raise UserError: naming the accounts that have no proposal
        """
        self.env["sale.order"]._jxc_check_credit_manager()
        missing = self.filtered(lambda account: not account.grade)
        if missing:
            raise UserError(
                self.env._(
                    "There is no proposal for %s: grade the accounts first.",
                    ", ".join(missing.mapped("display_name")),
                )
            )
        for account in self:
            currency = account.limit_currency_id or account.currency_id
            amount = account.proposed_limit / account._jxc_limit_rate()
            account.credit_limit = currency.round(amount)
        return True

    @api.model
    def _cron_grade(self):
        """Grade all accounts; somebody accepts the proposals, or does not."""
        self.search([])._jxc_grade()

    def _jxc_grade(self):
        """Grade with one query for all, and write what changed."""
        facts = self._jxc_payment_facts()
        for account in self.sudo():
            turnover, days_late = facts.get(account.id, (0.0, None))
            grade = grade_of(days_late)
            limit = proposed_limit(turnover, account.credit_days, grade)
            values = {
                "grade": grade,
                "days_late": days_late or 0.0,
                "turnover_year": turnover,
                "proposed_limit": account.currency_id.round(limit),
                "graded_on": account._jxc_today(),
            }
            account.write(values)

    def _jxc_payment_facts(self):
        """{account id: (amount invoiced in a year, average days late)}.

        An invoice is late by the days from when it was due to when each part of it was
        paid, or until today; in time is 0. What is set against it that is not posted
        (any more), as a receipt that was reset to draft, has paid nothing.
        """
        if not self:
            return {}
        self.env["account.move.line"].flush_model()
        self.env["account.partial.reconcile"].flush_model()
        self.flush_model()
        days = [account._jxc_today() for account in self]
        rows = self.env.execute_query(
            SQL(
                """
                WITH customer AS (%(customers)s),
                asked AS (
                    SELECT * FROM unnest(%(ids)s::int[], %(days)s::date[],
                                         %(since)s::date[]) AS asked (id, today, since)
                ),
                item AS (
                    SELECT customer.account_id, asked.today, line.id, line.balance,
                           line.amount_residual,
                           coalesce(line.date_maturity, line.date) AS due
                      FROM customer
                      JOIN asked ON asked.id = customer.account_id
                      JOIN res_partner contact
                        ON contact.commercial_partner_id = customer.partner_id
                      JOIN account_move_line line
                        ON line.partner_id = contact.id
                       AND line.company_id = customer.company_id
                       AND line.parent_state = 'posted'
                       AND line.balance > 0
                       AND line.date >= asked.since
                      JOIN account_move move
                        ON move.id = line.move_id
                       AND move.move_type IN ('out_invoice', 'out_receipt')
                      JOIN account_account chart
                        ON chart.id = line.account_id
                       AND chart.account_type = 'asset_receivable'
                ),
                paid AS (
                    SELECT item.account_id, partial.amount,
                           greatest(
                               CASE money.parent_state WHEN 'posted'
                                    THEN partial.max_date ELSE item.today END
                                   - item.due,
                               0
                           ) AS late
                      FROM item
                      JOIN account_partial_reconcile partial
                        ON partial.debit_move_id = item.id
                      JOIN account_move_line money
                        ON money.id = partial.credit_move_id
                     UNION ALL
                    SELECT account_id, amount_residual, greatest(today - due, 0)
                      FROM item
                     WHERE amount_residual > 0
                )
                SELECT total.account_id, total.amount,
                       sum(paid.amount * paid.late) / nullif(sum(paid.amount), 0)
                  FROM (SELECT account_id, sum(balance) AS amount
                          FROM item GROUP BY account_id) total
                  JOIN paid ON paid.account_id = total.account_id
                 GROUP BY total.account_id, total.amount
                """,
                customers=self._jxc_customers_query(),
                ids=list(self.ids),
                days=days,
                since=[day - relativedelta(years=1) for day in days],
            )
        )
        return {
            account_id: (float(amount), float(late or 0.0))
            for account_id, amount, late in rows
        }

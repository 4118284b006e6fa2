# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
import psycopg2.errors

from odoo import api, models
from odoo.exceptions import ConcurrencyError
from odoo.http import request
from odoo.tools import SQL
from odoo.tools.misc import formatLang

from odoo.addons.jxc_base.tools.importing import is_history

from ..tools import marks
from ..tools.refusal import Refusal, refused
from .jxc_credit_account import PARTS

#: Actions that let nothing pass.
STRICT = ("hold", "block")


class JxcCreditAccount(models.Model):
    """The exposure in SQL, and the gate in front of it."""

    _inherit = "jxc.credit.account"

    # -- exposure -----------------------------------------------------------------

    def _jxc_gate_query(self) -> SQL:
        """See jxc.gate.mixin. Amounts in company currency, tax included.

        The caller has written the change already when it asks (so the amount is
        exact); on its own connection, which sees that, the change is taken out again.
        """
        written = marks.written_of(self.env)
        pending = written.amounts if written else {}
        return SQL(
            """
            SELECT exposure.id,
                   exposure.used - CASE WHEN pg_backend_pid() = %(own_pid)s
                                        THEN coalesce(pending.amount, 0)
                                        ELSE 0 END AS used,
                   exposure.capacity + %(extra)s AS capacity
              FROM (%(exposure)s) exposure
              LEFT JOIN unnest(%(ids)s::int[], %(amounts)s::numeric[])
                        AS pending (id, amount) ON pending.id = exposure.id
            """,
            own_pid=self.env.cr.connection.get_backend_pid(),
            extra=written.extra if written else 0.0,
            exposure=self._jxc_exposure_query(),
            ids=list(pending),
            amounts=[repr(amount) for amount in pending.values()],
        )

    def _jxc_exposure_query(self) -> SQL:
        """One row per account: id, the parts, used, capacity. One pass for any number.

        Reads open items only, through partial indexes on journal items and orders:
        what a customer bought and paid in the past costs nothing.
        """
        return SQL(
            """
            WITH asked AS (
                SELECT *
                  FROM unnest(%(ids)s::int[], %(todays)s::date[], %(rates)s::numeric[],
                              %(places)s::int[]) AS asked (id, today, rate, places)
            ),
            customer AS (%(customers)s),
            ledger AS (
                SELECT customer.account_id AS id,
                       sum(greatest(item.amount_residual, 0)) AS receivable,
                       sum(greatest(-item.amount_residual, 0)) AS unapplied
                  FROM customer
                  JOIN res_partner contact
                    ON contact.commercial_partner_id = customer.partner_id
                  JOIN account_move_line item
                    ON item.partner_id = contact.id
                   AND item.company_id = customer.company_id
                   AND item.parent_state = 'posted'
                   AND item.amount_residual <> 0
                  JOIN account_account chart
                    ON chart.id = item.account_id
                   AND chart.account_type = 'asset_receivable'
                 GROUP BY customer.account_id
            ),
            -- What is set against a document that was reset to draft is open again.
            drafted AS (
                SELECT customer.account_id AS id,
                       sum(greatest(item.amount_residual - item.balance, 0))
                           AS receivable,
                       sum(greatest(item.balance - item.amount_residual, 0))
                           AS unapplied
                  FROM customer
                  JOIN res_partner contact
                    ON contact.commercial_partner_id = customer.partner_id
                  JOIN account_move_line item
                    ON item.partner_id = contact.id
                   AND item.company_id = customer.company_id
                   AND item.parent_state = 'draft'
                   AND item.matching_number IS NOT NULL
                  JOIN account_account chart
                    ON chart.id = item.account_id
                   AND chart.account_type = 'asset_receivable'
                 GROUP BY customer.account_id
            ),
            orders AS (
                SELECT customer.account_id AS id,
                       sum(sale.jxc_credit_draft) AS draft,
                       sum(sale.jxc_credit_delivered) AS delivered,
                       sum(sale.jxc_credit_ordered) AS ordered,
                       sum(sale.jxc_credit_returned) AS returned,
                       sum(sale.jxc_credit_shipped) AS shipped
                  FROM customer
                  JOIN sale_order sale
                    ON sale.jxc_credit_partner_id = customer.partner_id
                   AND sale.company_id = customer.company_id
                   AND (sale.jxc_credit_draft <> 0 OR sale.jxc_credit_delivered <> 0
                        OR sale.jxc_credit_ordered <> 0
                        OR sale.jxc_credit_returned <> 0)
                 GROUP BY customer.account_id
            ),
            raised AS (
                SELECT override.account_id AS id, sum(override.amount) AS amount
                  FROM jxc_credit_override override
                  JOIN asked ON asked.id = override.account_id
                 WHERE override.until >= asked.today
                   AND override.revoked IS NOT TRUE
                 GROUP BY override.account_id
            )
            SELECT account.id, open.receivable, open.unapplied,
                   coalesce(orders.draft, 0) AS draft,
                   coalesce(orders.delivered, 0) AS delivered,
                   coalesce(orders.ordered, 0) AS ordered,
                   coalesce(orders.returned, 0) AS returned,
                   open.receivable - open.unapplied
                       + coalesce(orders.draft, 0) + coalesce(orders.delivered, 0)
                       + coalesce(orders.ordered, 0) - coalesce(orders.returned, 0)
                       AS used,
                   CASE WHEN account.unlimited THEN NULL
                        ELSE round(
                                 coalesce(account.credit_limit, 0) * asked.rate,
                                 asked.places
                             )
                             + coalesce(raised.amount, 0) END AS capacity,
                   open.receivable - open.unapplied + coalesce(orders.shipped, 0)
                       AS shipped
              FROM jxc_credit_account account
              JOIN asked ON asked.id = account.id
              LEFT JOIN ledger ON ledger.id = account.id
              LEFT JOIN drafted ON drafted.id = account.id
             CROSS JOIN LATERAL (
                    SELECT coalesce(ledger.receivable, 0)
                               + coalesce(drafted.receivable, 0) AS receivable,
                           coalesce(ledger.unapplied, 0)
                               + coalesce(drafted.unapplied, 0) AS unapplied
                   ) open
              LEFT JOIN orders ON orders.id = account.id
              LEFT JOIN raised ON raised.id = account.id
            """,
            customers=self._jxc_customers_query(),
            ids=list(self._origin.ids),
            todays=[account._jxc_today() for account in self._origin],
            rates=[repr(account._jxc_limit_rate()) for account in self._origin],
            places=[account.currency_id.decimal_places for account in self._origin],
        )

    def _jxc_customers_query(self) -> SQL:
        """Rows (account_id, company_id, partner_id): who owes under each account."""
        return SQL(
            """
            SELECT account.id AS account_id, account.company_id, account.partner_id
              FROM jxc_credit_account account
             WHERE account.id = ANY(%(ids)s)
             UNION
            SELECT account.id, account.company_id, member.partner_id
              FROM jxc_credit_account account
              JOIN jxc_credit_account_member_rel member
                ON member.account_id = account.id
             WHERE account.id = ANY(%(ids)s)
            """,
            ids=list(self._origin.ids),
        )

    def _jxc_read_exposure(self):
        """{account id: {part: amount, "used": amount}} as this transaction sees it."""
        if not self._origin:
            return {}
        self.env["sale.order"].flush_model()
        self.env["account.move.line"].flush_model(
            [
                "account_id",
                "amount_residual",
                "balance",
                "company_id",
                "matching_number",
                "parent_state",
                "partner_id",
            ]
        )
        self.env["jxc.credit.override"].flush_model()
        self.flush_model()
        names = (*PARTS, "used")
        rows = self.env.execute_query(self._jxc_exposure_query())
        return {
            row[0]: {
                **dict(zip(names, map(float, row[1 : 1 + len(names)]), strict=True)),
                "shipped": float(row[-1]),
            }
            for row in rows
        }

    # -- whose account ------------------------------------------------------------

    @api.model
    def _jxc_accounts_of(self, customers):
        """Credit accounts of customers, without regard to who asks.

        :param customers: iterable of (commercial partner id, company id)
        :return: {(commercial partner id, company id): jxc.credit.account, sudo}
        """
        customers = {customer for customer in customers if all(customer)}
        if not customers:
            return {}
        self.flush_model(["partner_id", "member_ids", "company_id"])
        rows = self.env.execute_query(
            SQL(
                """
                SELECT account.partner_id, account.company_id, account.id
                  FROM jxc_credit_account account
                 WHERE account.partner_id = ANY(%(partners)s)
                   AND account.company_id = ANY(%(companies)s)
                 UNION ALL
                SELECT member.partner_id, account.company_id, account.id
                  FROM jxc_credit_account_member_rel member
                  JOIN jxc_credit_account account ON account.id = member.account_id
                 WHERE member.partner_id = ANY(%(partners)s)
                   AND account.company_id = ANY(%(companies)s)
                """,
                partners=[partner_id for partner_id, _company_id in customers],
                companies=[company_id for _partner_id, company_id in customers],
            )
        )
        # The control is the company's, not a matter of what the user may read.
        accounts = self.sudo().browse([row[2] for row in rows])
        return {
            (partner_id, company_id): account
            for (partner_id, company_id, _id), account in zip(
                rows, accounts, strict=True
            )
            if (partner_id, company_id) in customers
        }

    @api.model
    def _jxc_open_missing_accounts(self, customers):
        """What the company says about customers without a credit account.

        :param customers: set of (commercial partner id, company id) without account
        :return: as :meth:`_jxc_accounts_of`, with the accounts opened now
        :raise UserError: when such customers may not buy on credit
        """
        accounts = self.browse().sudo()
        values = []
        for partner_id, company_id in sorted(customers):
            company = self.env["res.company"].sudo().browse(company_id)
            partner = self.env["res.partner"].sudo().browse(partner_id)
            if company.jxc_credit_no_account == "block":
                raise refused(
                    self.env._(
                        "%(customer)s has no credit account in %(company)s, and"
                        " customers without one get no credit. Ask a credit manager to"
                        " open one (Sales > Credit > Credit Accounts).",
                        customer=partner.display_name,
                        company=company.display_name,
                    ),
                    Refusal(frozenset({(partner_id, company_id)}), holds=False),
                )
            if company.jxc_credit_no_account == "default":
                values.append(
                    {
                        "partner_id": partner_id,
                        "company_id": company_id,
                        "credit_limit": company.jxc_credit_default_limit,
                    }
                )
        if values:
            try:
                with self.env.cr.savepoint():
                    accounts = accounts.create(values)
            except psycopg2.errors.UniqueViolation as error:
                # Somebody opened it in the same moment: start over and find it.
                raise ConcurrencyError("credit account just opened") from error
        return {
            (account.partner_id.id, account.company_id.id): account
            for account in accounts
        }

    # -- the gate -----------------------------------------------------------------

    def _jxc_credit_take(
        self, change, enforced=True, written=None, extra=0.0, stage="order", late=True
    ):
        """Ask the gate for what was just written, and tell where it is over the limit.

        :param change: Use by (account id, part)
        :param enforced: False only records
        :param written: Use of all that was written already, default ``change``
        :param extra: what a release adds to the limit, in company currency
        :param stage: "order" or "delivery", whose action of the account counts
        :param late: whether overdue invoices count as well
        :return: list of (account, text) of accounts that only warn
        :raise UserError: naming each account that blocks, its limit and exposure
        """
        accounts = self.sudo()
        if not accounts:
            return []
        written = (change if written is None else written).net()
        asked = change.net()
        accounts = accounts.filtered(lambda a: a[f"{stage}_action"] != "none")
        amounts = {
            account.id: account.currency_id.round(asked.get(account.id, 0.0))
            for account in accounts
        }
        with marks.Written(written, extra) as mark:
            gate = accounts.with_context(**{marks.WRITTEN: mark})
            if not enforced or is_history(self.env):
                gate._jxc_gate_take(amounts, enforce=set())
                return []
            asking = accounts.filtered(lambda account: amounts[account.id] > 0)
            # Who released an order knew what is overdue.
            judges_late = late and not extra
            warnings = asking._jxc_refuse_overdue(stage) if judges_late else []
            shortages = gate._jxc_gate_take(amounts)
            if not shortages:
                return warnings
            short = accounts.browse(shortage.resource_id for shortage in shortages)
            strict = short.filtered(lambda a: a[f"{stage}_action"] in STRICT)
            if strict:
                raise strict._jxc_refused(shortages, change, stage)
            again = gate._jxc_gate_take(amounts, enforce=set(amounts) - set(short.ids))
            if again:
                short = accounts.browse(shortage.resource_id for shortage in again)
                raise short._jxc_refused(again, change, stage)
        return warnings + [
            (account, account._jxc_over_limit_text(shortage))
            for account, shortage in zip(short, shortages, strict=True)
        ]

    def _jxc_refused(self, shortages, change, stage):
        """Return the error that tells why these accounts give no more credit."""
        ours = [shortage for shortage in shortages if shortage.resource_id in self.ids]
        return refused(self._jxc_credit_message(ours, change), self._jxc_refusal(stage))

    def _jxc_refusal(self, stage, asked=0.0):
        return Refusal(
            customers=frozenset(
                (partner.id, account.company_id.id)
                for account in self
                for partner in account._jxc_partners()
            ),
            holds=all(account[f"{stage}_action"] == "hold" for account in self),
            asked=asked,
        )

    def _jxc_over_limit_text(self, short):
        return self.env._(
            "Over the credit limit of %(customer)s: limit %(limit)s, exposure with this"
            " %(exposure)s.",
            customer=self.display_name,
            limit=self._jxc_money(short.capacity),
            exposure=self._jxc_money(short.used + short.asked),
        )

    def _jxc_credit_message(self, shortages, change):
        """The text for people: who, how much of what, and what can be done.

        Customers on the portal are told nothing of limits.
        """
        if self._jxc_is_outsider():
            return self._jxc_outsider_text()
        parts = self._jxc_read_exposure()
        texts = []
        for short in shortages:
            account = self.browse(short.resource_id)
            lines = [
                self.env._(
                    "%(customer)s: the credit limit does not suffice, %(missing)s is"
                    " missing.",
                    customer=account.display_name,
                    missing=account._jxc_money(short.missing),
                ),
                self.env._(
                    "Limit %(limit)s, used %(used)s, asked %(asked)s.",
                    limit=account._jxc_money(short.capacity),
                    used=account._jxc_money(short.used),
                    asked=account._jxc_money(short.asked),
                ),
            ]
            used = account._jxc_parts_text(parts[account.id], change)
            if used:
                lines.append(self.env._("Used by: %s.", used))
            if short.running:
                lines.append(
                    self.env._(
                        "%s of it is in use by an operation that is still running; it"
                        " may become free again in a moment.",
                        account._jxc_money(short.running),
                    )
                )
            texts.append("\n".join(lines))
        texts.append(self._jxc_ways_out())
        return "\n\n".join(texts)

    def _jxc_ways_out(self):
        return self.env._(
            "Ways out: register a payment, reduce or cancel orders, or ask a credit"
            " manager for a temporary raise (Sales > Credit)."
        )

    def _jxc_is_outsider(self):
        """Whether a customer is asking, who is told nothing of limits."""
        # Controllers of the portal work as superuser: the request knows who asks.
        user = request.env.user if request else self.env.user
        return user.share

    def _jxc_outsider_text(self):
        return self.env._(
            "This order cannot be confirmed online at the moment. Please contact us."
        )

    def _jxc_parts_text(self, row, change):
        """ "Receivable 1,000.00, Ordered 20.00" without what is being asked for."""
        texts = []
        for part in PARTS:
            amount = row[part] - change.get((self.id, part), 0.0)
            if not self.currency_id.is_zero(amount):
                field = self._fields[f"exposure_{part}"]
                label = field.get_description(self.env, ["string"])["string"]
                texts.append(f"{label} {self._jxc_money(amount)}")
        return self.env._(", ").join(texts)

    def _jxc_money(self, amount):
        return formatLang(self.env, amount, currency_obj=self.currency_id)

# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
import psycopg2.errors

from odoo import api, models
from odoo.exceptions import ConcurrencyError
from odoo.tools import SQL

from odoo.addons.jxc_base.tools.importing import is_history

from ..tools import marks
from ..tools.language import in_company_lang
from ..tools.refusal import Refusal, refused

#: Actions that let nothing pass.
STRICT = ("hold", "block")


class JxcCreditAccount(models.Model):
    """Whose account it is that is asked, and the gate in front of the exposure."""

    _inherit = "jxc.credit.account"

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

    def _jxc_gate_query(self) -> SQL:
        """See jxc.gate.mixin. Amounts in company currency, tax included."""
        return self._jxc_unwritten_query(SQL("exposure.used"))

    def _jxc_unwritten_query(self, use) -> SQL:
        """What the gate is told, by one of the figures of the exposure.

        The caller has written the change already when it asks (so the amount is
        exact); on its own connection, which sees that, the change is taken out again.

        :param use: column of ``exposure`` that counts as used
        """
        written = marks.written_of(self.env)
        pending = written.amounts if written else {}
        return SQL(
            """
            SELECT exposure.id,
                   %(use)s - CASE WHEN pg_backend_pid() = %(own_pid)s
                                  THEN coalesce(pending.amount, 0)
                                  ELSE 0 END AS used,
                   exposure.capacity + %(extra)s AS capacity
              FROM (%(exposure)s) exposure
              LEFT JOIN unnest(%(ids)s::int[], %(amounts)s::numeric[])
                        AS pending (id, amount) ON pending.id = exposure.id
            """,
            use=use,
            own_pid=self.env.cr.connection.get_backend_pid(),
            extra=written.extra if written else 0.0,
            exposure=self._jxc_exposure_query(),
            ids=list(pending),
            amounts=[repr(amount) for amount in pending.values()],
        )

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
        :return: list of (account, text) of accounts that only warn, to be kept: in
            the language of their company
        :raise UserError: naming each account that blocks, its limit and exposure
        """
        accounts = self.sudo()
        if not accounts:
            return []
        written = (change if written is None else written).net()
        asked = change.net()
        rounded = {
            account.id: account.currency_id.round(asked.get(account.id, 0.0))
            for account in accounts
        }
        asking = accounts.filtered(lambda account: rounded[account.id] > 0)
        accounts = accounts.filtered(lambda a: a[f"{stage}_action"] != "none")
        amounts = {account.id: rounded[account.id] for account in accounts}
        with marks.Written(written, extra) as mark:
            gate = accounts.with_context(**{marks.WRITTEN: mark})
            if not enforced or is_history(self.env):
                gate._jxc_gate_take(amounts, enforce=set())
                return []
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
            (account, in_company_lang(account)._jxc_over_limit_text(shortage))
            for account, shortage in zip(short, shortages, strict=True)
        ]

# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import api, models
from odoo.exceptions import UserError

from ..tools.books_state import digest, read_cursor, write_cursor
from .jxc_voucher_ledger import MOST
from .jxc_voucher_statement import STATEMENTS

#: keys of a cursor: a month of the period, an account
MONTH, ACCOUNT = "m", "a"


class JxcVoucher(models.AbstractModel):
    """What changed about sums: the cursor says which state of the books was told."""

    _inherit = "jxc.voucher"

    # Balances -----------------------------------------------------------------------

    @api.model
    def get_balances(
        self,
        date_from,
        date_to,
        company_id=None,
        after="",
        limit=MOST,
        level="account",
        cursor=None,
    ):
        """Return the trial balance of a period, or which accounts and months changed.

        Without ``cursor``, the trial balance, a page of accounts at a time (hand
        ``after`` the ``cursor`` of the answer).

        With ``cursor``, an empty text to begin, what was posted on accounts in the
        months of the period, where it is not what was told before: replace what you
        have of the account and the month. Zero when nothing is left. What did not
        change may be told again, but no change is left out.

        :param date_from: first day, date or "YYYY-MM-DD"
        :param date_to: last day
        :param int company_id: id of a company, the current one when left out
        :param str after: ``cursor`` of the page before; not with ``cursor``
        :param int limit: rows in one answer, at most 5000; whole months with ``cursor``
        :param str level: "account", or "top" for the first four digits; not with
            ``cursor``
        :param str cursor: "" or ``cursor`` of the answer before, of the same question
        :return: dict as of ``jxc.trial.balance.get_balances`` (amounts in company
            currency), and cursor, more; with ``cursor`` currency, rows (month like
            "2026-03", account_id, code, name, debit, credit), cursor, more
        :raise AccessError: without the right to read the books of the company
        :raise UserError: for a cursor of another question
        """
        if cursor is None:
            return super().get_balances(
                date_from, date_to, company_id, after, limit, level
            )
        if after or level != "account":
            raise UserError(
                self.env._("Changes are told by account, and have no pages but these.")
            )
        company = self._get_company(company_id)
        limit = self._get_limit(limit, MOST)
        dates = self._get_dates(date_from, date_to)
        question = ("balances", company.id, *map(str, dates))
        told = self._read_state(cursor, question)
        cells = self._get_cells(company, dates)
        state = self._get_balances_state(cells)
        months = self._get_changed(told, state, MONTH)
        accounts = set(map(int, self._get_changed(told, state, ACCOUNT)))
        rows, done = [], []
        for month in months:
            found = self._get_changed_cells(cells, month, accounts, not told)
            if done and len(rows) + len(found) > limit:
                break
            rows += found
            done.append(month)
        more = len(done) < len(months)
        state = self._get_told_state(told, state, done) if more else state
        return {
            "currency": company.currency_id.name,
            "rows": self._name_cells(company, rows),
            "cursor": write_cursor(question, state),
            "more": more,
        }

    def _get_cells(self, company, dates):
        """{(month, account id): (debit, credit)} of the posted items of a period."""
        balances = self.env["jxc.trial.balance"]
        companies = balances._get_companies(company)
        lines = self.env["account.move.line"].with_context(
            allowed_company_ids=companies.ids
        )
        groups = lines._read_group(
            [
                ("company_id", "in", companies.ids),
                ("parent_state", "=", "posted"),
                ("account_id", "!=", False),
                ("date", ">=", dates[0]),
                ("date", "<=", dates[1]),
            ],
            ["date:month", "account_id"],
            ["debit:sum", "credit:sum"],
        )
        rounded = company.currency_id.round
        return {
            (f"{month:%Y-%m}", account.id): (rounded(debit), rounded(credit))
            for month, account, debit, credit in groups
        }

    def _get_balances_state(self, cells):
        """{key: digest}: all of each month, and all of each account."""
        parts = {}
        for (month, account), amounts in sorted(cells.items()):
            parts.setdefault(f"{MONTH}{month}", []).append((account, *amounts))
            parts.setdefault(f"{ACCOUNT}{account}", []).append((month, *amounts))
        return {key: digest(*part) for key, part in parts.items()}

    def _get_changed_cells(self, cells, month, accounts, is_first):
        """[(month, account id, debit, credit)] of changed accounts in a month."""
        rows = []
        for account in sorted(accounts):
            amounts = cells.get((month, account))
            if amounts or not is_first:
                rows.append((month, account, *(amounts or (0.0, 0.0))))
        return rows

    def _get_told_state(self, told, state, months):
        """What was told after a page: some months anew, the accounts not yet."""
        result = dict(told)
        for key in (f"{MONTH}{month}" for month in months):
            result.pop(key, None)
            if key in state:
                result[key] = state[key]
        return result

    def _name_cells(self, company, rows):
        accounts = self._in_words(company)["account.account"].with_company(company)
        accounts = accounts.with_context(active_test=False)
        # An account may be gone since it was told.
        known = accounts.browse({account for _month, account, *_sums in rows}).exists()
        # sudo: codes and names of what the books were told of
        names = {one.id: (one.code or "", one.name) for one in known.sudo()}
        return [
            {
                "month": month,
                "account_id": account,
                "code": names.get(account, ("", ""))[0],
                "name": names.get(account, ("", ""))[1],
                "debit": debit,
                "credit": credit,
            }
            for month, account, debit, credit in rows
        ]

    # Statements ---------------------------------------------------------------------

    @api.model
    def get_statement(
        self,
        partner_id,
        date_from,
        date_to,
        kind="all",
        after=0,
        limit=1000,
        company_id=None,
        cursor=None,
    ):
        """Return a statement of account, a financial statement, or what changed in it.

        With ``kind`` receivable, payable or all: the statement of account of a customer
        or vendor (往来对账单), a page of lines at a time (hand ``after`` the ``cursor``
        of the answer). With ``kind`` balance, profit or cash: the answer of
        ``jxc.finance.statement.get_lines`` (资产负债表, 利润表, 现金流量表).

        With ``cursor``, an empty text to begin, what is not as it was told before. Of a
        statement of account, ``months`` that changed and all their lines: forget the
        lines you have of these months, then take those of ``lines``. Of a financial
        statement, the lines that changed, and ``removed``: codes of those that are
        gone. Sums and problems are those of now.

        :param int partner_id: the customer or vendor; its contacts count as it; empty
            for financial statements
        :param date_from: first day, date or "YYYY-MM-DD"
        :param date_to: last day
        :param str kind: receivable, payable, all, balance, profit or cash
        :param int after: ``cursor`` of the page before; not with ``cursor``
        :param int limit: lines in one answer, at most 5000; whole months with
            ``cursor``
        :param int company_id: id of a company, the current one when left out
        :param str cursor: "" or ``cursor`` of the answer before, of the same question
        :return: dict with partner_id, partner, currency, date_from, date_to, opening,
            debit, credit and closing of the whole period in company currency (debit
            positive), lines, cursor, more; of a financial statement code, line number,
            name and amounts of every line
        :raise AccessError: without the right to read the books of the company
        :raise UserError: no such partner, the line of ``after`` was deleted, a cursor
            of another question, or a company whose chart has no statements
        """
        asked = (partner_id, date_from, date_to, kind)
        if cursor is None:
            return super().get_statement(*asked, after, limit, company_id)
        if after:
            raise UserError(self.env._("Changes have no date and no pages but these."))
        result = super().get_statement(*asked, 0, 1, company_id)
        company = self._get_company(company_id)
        dates = self._get_dates(date_from, date_to)
        question = ("statement", company.id, kind, *map(str, dates))
        if kind in STATEMENTS:
            return self._get_changed_lines(result, question, cursor)
        question += (result["partner_id"],)
        limit = self._get_limit(limit, MOST)
        return self._get_changed_months(
            result, question, cursor, self._get_statement_months(asked, company), limit
        )

    def _get_changed_lines(self, result, question, cursor):
        """Lines of a financial statement that are not as they were told."""
        told = self._read_state(cursor, question)
        state = {
            line["code"]: digest(*sorted(line.items())) for line in result["lines"]
        }
        return {
            **result,
            "lines": [
                line
                for line in result["lines"]
                if told.get(line["code"]) != state[line["code"]]
            ],
            "removed": sorted(told.keys() - state.keys()),
            "cursor": write_cursor(question, state),
            "more": False,
        }

    def _get_statement_months(self, asked, company):
        """{month: lines} of a statement of account, all of it."""
        lines, page = [], {"cursor": 0, "more": True}
        while page["more"]:
            page = super().get_statement(*asked, page["cursor"], MOST, company.id)
            lines += page["lines"]
        months = {}
        for line in lines:
            months.setdefault(line["date"][:7], []).append(line)
        return months

    def _get_changed_months(self, result, question, cursor, months, limit):
        """Months of a statement of account that are not as they were told."""
        told = self._read_state(cursor, question)
        state = {
            f"{MONTH}{month}": digest(*(sorted(line.items()) for line in lines))
            for month, lines in months.items()
        }
        changed = self._get_changed(told, state, MONTH)
        lines, done = [], []
        for month in changed:
            found = months.get(month, [])
            if done and len(lines) + len(found) > limit:
                break
            lines += found
            done.append(month)
        return {
            **result,
            "months": done,
            "lines": lines,
            "cursor": write_cursor(question, self._get_told_state(told, state, done)),
            "more": len(done) < len(changed),
        }

    # Cursors ------------------------------------------------------------------------

    def _read_state(self, cursor, question):
        """What was told before: {key: digest}, nothing at the beginning."""
        told = {} if cursor == "" else read_cursor(cursor, question)
        if told is None:
            raise UserError(self._wrong_cursor())
        return told

    def _get_changed(self, told, state, kind):
        """Months or accounts that are not as they were told, in order."""
        keys = {key for key in told.keys() | state.keys() if key.startswith(kind)}
        return sorted(
            key[len(kind) :] for key in keys if told.get(key) != state.get(key)
        )

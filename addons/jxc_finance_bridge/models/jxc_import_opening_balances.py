# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import models
from odoo.fields import Command

from odoo.addons.jxc_base.tools.importing import Column, Job

from ..tools.token import engine_context


class JxcImportOpeningBalances(models.AbstractModel):
    """opening_balances.csv: one posted, balanced entry for each date of the file.

    An account is given by its full code, by the code without padding zeros (1405
    for 140500), or by the beginning of the code when only one account has it. An
    entry is recognised by its date: the same figures again change nothing, others
    are refused until the entry was reversed or cancelled by a person.
    """

    _name = "jxc.import.opening_balances"
    _inherit = ["jxc.import.handler"]
    _description = "Import of opening_balances.csv"

    _jxc_file = "opening_balances"
    _jxc_sequence = 100
    _jxc_key = ()
    _jxc_addon = "jxc_finance_bridge"

    def _jxc_columns(self):
        return [
            Column("account", required=True),
            Column("partner_ref"),
            Column("date", type="date", required=True),
            Column("due_date", type="date"),
            Column("debit", type="amount", required=True),
            Column("credit", type="amount", required=True),
            Column("label"),
        ]

    # -- check --------------------------------------------------------------------

    def _jxc_check(self, rows, session):
        super()._jxc_check(rows, session)
        accounts = self._jxc_find_accounts(rows, session)
        self._jxc_check_accounts(rows, accounts, session)
        self._jxc_check_partners(rows, accounts, session)
        self._jxc_check_amounts(rows, session)
        by_date = self._jxc_group(session.rows(self._jxc_file))
        complete = {
            date: date_rows
            for date, date_rows in by_date.items()
            if date and not any(row.bad for row in date_rows)
        }
        for date, date_rows in complete.items():
            self._jxc_check_balance(date, date_rows, session)
            self._jxc_check_lock(date, date_rows, session)
        self._jxc_check_imported(complete, accounts, session)

    def _jxc_check_accounts(self, rows, accounts, session):
        for row in rows:
            found = accounts[row["account"]]
            if not found:
                message = self.env._(
                    "%(company)s has no account %(code)s, write a code of its chart",
                    company=session.company.name,
                    code=row["account"],
                )
                session.problem(row, "account", message)
            elif len(found) > 1:
                message = self.env._(
                    "%(code)s may be %(accounts)s, write the full code",
                    code=row["account"],
                    accounts=", ".join(found.mapped("code")),
                )
                session.problem(row, "account", message)

    def _jxc_check_partners(self, rows, accounts, session):
        known = session.find("res.partner", "ref", (row["partner_ref"] for row in rows))
        coming = {row["ref"] for row in session.rows("partners")}
        advances = session.company._jxc_get_advance_accounts()
        for row in rows:
            ref = row["partner_ref"]
            if ref and ref not in known and ref not in coming:
                message = self.env._(
                    "%(ref)s is neither a contact nor in partners.csv", ref=ref
                )
                session.problem(row, "partner_ref", message)
            account = accounts[row["account"]]
            needs_partner = len(account) == 1 and (
                account in advances or self._jxc_needs_partner(account)
            )
            if needs_partner and not ref:
                message = self.env._(
                    "is empty; what customers owe and vendors get is kept by partner"
                )
                session.problem(row, "partner_ref", message)

    def _jxc_needs_partner(self, account):
        return account.account_type in ("asset_receivable", "liability_payable")

    def _jxc_check_amounts(self, rows, session):
        currency = session.company.currency_id
        for row in rows:
            for column in ("debit", "credit"):
                amount = row[column]
                if currency.compare_amounts(amount, 0) and not currency.is_zero(
                    (amount - currency.round(amount)) * 1000
                ):
                    message = self.env._(
                        "%(amount)s has more decimals than %(currency)s",
                        amount=amount,
                        currency=currency.name,
                    )
                    session.problem(row, column, message)
            if row["debit"] and row["credit"]:
                message = self.env._("a row is either debit or credit, the other is 0")
                session.problem(row, "credit", message)

    def _jxc_check_balance(self, date, rows, session):
        difference = session.company.currency_id.round(
            sum(row["debit"] - row["credit"] for row in rows)
        )
        if difference:
            message = self.env._(
                "debit and credit of %(date)s differ by %(difference)s, each date must"
                " balance",
                date=date,
                difference=difference,
            )
            session.problem(rows[0], "date", message)

    def _jxc_check_lock(self, date, rows, session):
        journal = self._jxc_journal(session)
        if not journal:
            message = self.env._(
                "%(company)s has no journal of type Miscellaneous",
                company=session.company.name,
            )
            session.problem(rows[0], None, message)
            return
        locks = session.company._get_violated_lock_dates(date, False, journal)
        if locks:
            message = self.env._(
                "%(date)s is closed: the books are locked up to %(lock)s",
                date=date,
                lock=locks[-1][0],
            )
            session.problem(rows[0], "date", message)

    def _jxc_check_imported(self, by_date, accounts, session):
        moves = self._jxc_find_moves(by_date, session)
        for date, move in moves.items():
            rows = by_date[date]
            if not self._jxc_is_same(move, rows, accounts):
                message = self.env._(
                    "the opening entry %(move)s of %(date)s has other figures; reset it"
                    " to draft and cancel it before importing again",
                    move=move.name,
                    date=date,
                )
                session.problem(rows[0], "date", message)

    # -- load ---------------------------------------------------------------------

    def _jxc_plan(self, rows, session):
        return [
            Job(rows=date_rows, period=date)
            for date, date_rows in self._jxc_group(rows).items()
        ]

    def _jxc_load(self, rows, session):
        super()._jxc_load(rows, session)
        by_date = self._jxc_group(rows)
        moves = self._jxc_find_moves(by_date, session)
        accounts = self._jxc_find_accounts(rows, session)
        partners = session.find(
            "res.partner", "ref", (row["partner_ref"] for row in rows)
        )
        for date, date_rows in by_date.items():
            session.total("debit", sum(row["debit"] for row in date_rows))
            session.total("credit", sum(row["credit"] for row in date_rows))
            if date in moves:
                session.count(unchanged=len(date_rows))
                continue
            lines = [
                Command.create(self._jxc_prepare_line(row, accounts, partners, session))
                for row in date_rows
                if row["debit"] or row["credit"]
            ]
            session.count(created=len(lines), unchanged=len(date_rows) - len(lines))
            if lines:
                move = self.env["account.move"].create(
                    self._jxc_prepare_move(date, lines, session)
                )
                number = self._jxc_number(date)
                move.with_context(**engine_context()).jxc_import_number = number
                move.action_post()

    def _jxc_prepare_move(self, date, lines, session):
        return {
            "move_type": "entry",
            "company_id": session.company.id,
            "journal_id": self._jxc_journal(session).id,
            "date": date,
            "ref": session.text_env._("Opening balances"),
            "line_ids": lines,
        }

    def _jxc_prepare_line(self, row, accounts, partners, session):
        partner = partners.get(row["partner_ref"])
        return {
            "account_id": accounts[row["account"]].id,
            "partner_id": partner.id if partner else False,
            "name": row["label"] or session.user_env._("Opening balance"),
            "date_maturity": row["due_date"] or row["date"],
            "currency_id": session.company.currency_id.id,
            "balance": row["debit"] - row["credit"],
        }

    # -- lookups ------------------------------------------------------------------

    def _jxc_group(self, rows):
        by_date = {}
        for row in rows:
            by_date.setdefault(row["date"], []).append(row)
        return by_date

    def _jxc_number(self, date):
        return f"{self._jxc_file}/{date.isoformat()}"

    def _jxc_find_moves(self, dates, session):
        """{date: entry imported before}; cancelled ones do not count."""
        numbers = {self._jxc_number(date): date for date in dates}
        moves = self.env["account.move"].search(
            [
                ("company_id", "=", session.company.id),
                ("jxc_import_number", "in", list(numbers)),
                ("state", "!=", "cancel"),
            ]
        )
        return {numbers[move.jxc_import_number]: move for move in moves}

    def _jxc_is_same(self, move, rows, accounts):
        """Whether an entry says what the rows say; texts may have been edited."""
        currency = move.company_id.currency_id

        def key(account, ref, due, amount):
            return account.id, ref or "", str(due), currency.round(amount)

        was = [
            key(line.account_id, line.partner_id.ref, line.date_maturity, line.balance)
            for line in move.line_ids
        ]
        now = [
            key(
                accounts[row["account"]],
                row["partner_ref"],
                row["due_date"] or row["date"],
                row["debit"] - row["credit"],
            )
            for row in rows
            if row["debit"] or row["credit"]
        ]
        return sorted(was) == sorted(now)

    def _jxc_journal(self, session):
        """The company's journal for miscellaneous entries, not one with a fixed use."""
        if "opening_journal" not in session.cache:
            company = session.company.sudo()
            special = (
                company.currency_exchange_journal_id
                | company.account_stock_journal_id
                | company.tax_cash_basis_journal_id
            )
            session.cache["opening_journal"] = self.env["account.journal"].search(
                [
                    *self.env["account.journal"]._check_company_domain(company),
                    ("type", "=", "general"),
                    ("id", "not in", special.ids),
                ],
                limit=1,
            )
        return session.cache["opening_journal"].with_env(self.env)

    def _jxc_find_accounts(self, rows, session):
        """{code as written: accounts that may be meant}; exactly one is right."""
        domain = self.env["account.account"]._check_company_domain(session.company)
        by_code = {
            account.code: account
            for account in self.env["account.account"].search(domain)
            if account.code
        }
        empty = self.env["account.account"]
        return {
            text: self._jxc_match_account(text, by_code, empty)
            for text in {row["account"] for row in rows if row["account"]}
        }

    def _jxc_match_account(self, text, by_code, empty):
        if text in by_code:
            return by_code[text]
        for code, account in by_code.items():
            if len(code) > len(text) and code == text.ljust(len(code), "0"):
                return account
        return empty.concat(
            *(account for code, account in by_code.items() if code.startswith(text))
        )

# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from collections import defaultdict

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tools import SQL
from odoo.tools.misc import formatLang

TOP_LEVEL_DIGITS = 4
AMOUNTS = (
    "opening_debit",
    "opening_credit",
    "period_debit",
    "period_credit",
    "year_debit",
    "year_credit",
    "closing_debit",
    "closing_credit",
)


class JxcTrialBalance(models.TransientModel):
    """科目余额表: the service for other systems and the screen over it."""

    _name = "jxc.trial.balance"
    _inherit = "jxc.period.report.mixin"
    _description = "Trial Balance"

    _criteria = frozenset(
        ("company_id", "date_from", "date_to", "level", "hide_zero"),
    )

    level = fields.Selection(
        selection=[("account", "All accounts"), ("top", "First level (4 digits)")],
        required=True,
        default="account",
    )
    hide_zero = fields.Boolean(
        string="Hide Accounts at Zero",
        default=True,
    )
    line_ids = fields.One2many(
        comodel_name="jxc.trial.balance.line",
        inverse_name="balance_id",
        string="Accounts",
        readonly=True,
    )

    @api.depends("date_from", "date_to", "company_id")
    def _compute_display_name(self):
        for balance in self:
            balance.display_name = self.env._(
                "Trial Balance %(company)s %(date_from)s – %(date_to)s",
                company=balance.company_id.display_name or "",
                date_from=balance.date_from or "",
                date_to=balance.date_to or "",
            )

    # Actions ------------------------------------------------------------------

    def action_open(self):
        """Open the trial balance of the current company."""
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Trial Balance"),
            "res_model": self._name,
            "res_id": self.create({}).id,
            "view_mode": "form",
            "target": "current",
        }

    def action_print(self):
        """The trial balance as PDF."""
        self._refresh_lines()
        return self.env.ref(
            "jxc_finance_bridge.trial_balance_report_pdf"
        ).report_action(self)

    def action_xlsx(self):
        """The trial balance as workbook, with numbers as numbers."""
        self._refresh_lines()
        return self.env.ref(
            "jxc_finance_bridge.trial_balance_report_xlsx"
        ).report_action(self)

    # Service ------------------------------------------------------------------

    @api.model
    def get_balances(
        self, date_from, date_to, company_id=None, level="account", hide_zero=False
    ):
        """Trial balance of posted entries in company currency.

        Branches of the company that the user works in are part of it; other
        companies never are. Opening balances follow the platform: balance sheet
        accounts carry everything before ``date_from``; income and expense accounts
        and the account of undistributed profit (本年利润) start at zero each fiscal
        year, and what they held before is the opening balance of undistributed
        profit. A company without such an account gets a row without code for it.
        Debits and credits of a period are sums of the columns, so red (negative)
        entries reduce their own side. At first level an account's opening and
        closing balances are the net of its sub-accounts.

        :param date_from: first day, date or "YYYY-MM-DD"
        :param date_to: last day, date or "YYYY-MM-DD"
        :param company_id: id of a company, the current one when left out
        :param level: "account", or "top" for the first four digits of the codes
        :param hide_zero: leave out rows where every amount is zero
        :return: dict with company_id, company, currency, date_from, date_to,
            year_start, totals (the eight amounts) and rows: account_ids, code, name,
            opening_, period_, year_ (fiscal year to date) and closing_ debit/credit
        :raise AccessError: without the right to read the books, or for a company the
            user does not work in
        :raise UserError: for dates or a level that make no sense
        """
        self._check_reader()
        company = self._check_company(company_id)
        date_from, date_to = self._check_dates(date_from, date_to)
        if level not in ("account", "top"):
            raise UserError(
                self.env._("%(level)s is not a level of accounts.", level=level)
            )
        rows = self._get_account_rows(company, date_from, date_to)
        if level == "top":
            rows = self._merge_top_level(rows, company)
        rows = [self._split_sides(row, company.currency_id) for row in rows]
        if hide_zero:
            rows = [row for row in rows if any(row[name] for name in AMOUNTS)]
        return {
            "company_id": company.id,
            "company": company.name,
            "currency": company.currency_id.name,
            "date_from": fields.Date.to_string(date_from),
            "date_to": fields.Date.to_string(date_to),
            "year_start": fields.Date.to_string(self._get_year_start(company, date_to)),
            "rows": rows,
            "totals": {
                name: company.currency_id.round(sum(row[name] for row in rows))
                for name in AMOUNTS
            },
        }

    def _check_reader(self):
        user = self.env.user
        if not self.env.su and not (
            user.has_group("account.group_account_readonly")
            or user.has_group("jxc_base.group_executive")
        ):
            raise AccessError(
                self.env._("You need an accounting role to read the trial balance.")
            )

    def _check_company(self, company_id):
        return self.env["jxc.voucher"]._get_company(company_id)

    def _check_dates(self, date_from, date_to):
        return self.env["jxc.voucher"]._get_dates(date_from, date_to)

    def _get_year_start(self, company, date):
        return company.compute_fiscalyear_dates(date)["date_from"]

    def _get_companies(self, company):
        """The company with those of its branches the user works in."""
        branches = self.env["res.company"].search([("id", "child_of", company.id)])
        return company | (
            branches if self.env.su else branches & self.env.user.company_ids
        )

    def _get_account_rows(self, company, date_from, date_to):
        """One dict per account of the company: signed opening, and period and year
        sums of both columns; debit is positive."""
        companies = self._get_companies(company)
        sums = self._get_account_sums(companies, company, date_from, date_to)
        accounts = (
            self.env["account.account"]
            .with_company(company)
            .with_context(active_test=False)
            .search(self.env["account.account"]._check_company_domain(companies))
        ).filtered(lambda account: account.active or account.id in sums)
        rows, earlier = [], 0.0
        for account in accounts.sorted(lambda account: account.code or ""):
            opening, before_year, *columns = sums.get(account.id, (0.0,) * 6)
            if account.include_initial_balance:
                opening += before_year
            else:
                earlier += before_year
            rows.append(
                self._prepare_row(account, account.code, account.name, opening, columns)
            )
        self._add_undistributed(rows, accounts, company.currency_id.round(earlier))
        return rows

    def _get_account_sums(self, companies, company, date_from, date_to):
        """{account id: (opening since year start, before, period debit, period credit,
        year debit, year credit)} in one pass over the ledger."""
        opening_year = self._get_year_start(company, date_from)
        closing_year = self._get_year_start(company, date_to)
        lines = self.env["account.move.line"].with_context(
            allowed_company_ids=companies.ids
        )
        query = lines._search(
            [
                ("company_id", "in", companies.ids),
                ("parent_state", "=", "posted"),
                ("account_id", "!=", False),
                ("date", "<=", date_to),
            ]
        )
        account, date, balance, debit, credit = (
            lines._field_to_sql(query.table, name, query)
            for name in ("account_id", "date", "balance", "debit", "credit")
        )
        query.groupby = account

        def total(column, *condition):
            return SQL(
                "COALESCE(SUM(%s) FILTER (WHERE %s), 0)", column, SQL(*condition)
            )

        in_period = ("%s >= %s", date, date_from)
        in_year = ("%s >= %s", date, closing_year)
        rows = self.env.execute_query(
            query.select(
                account,
                total(
                    balance, "%s >= %s AND %s < %s", date, opening_year, date, date_from
                ),
                total(balance, "%s < %s", date, opening_year),
                total(debit, *in_period),
                total(credit, *in_period),
                total(debit, *in_year),
                total(credit, *in_year),
            )
        )
        return {account_id: amounts for account_id, *amounts in rows}

    def _prepare_row(self, accounts, code, name, opening, columns):
        period_debit, period_credit, year_debit, year_credit = columns
        return {
            "account_ids": accounts.ids,
            "code": code or "",
            "name": name or "",
            "opening": opening,
            "period_debit": period_debit,
            "period_credit": period_credit,
            "year_debit": year_debit,
            "year_credit": year_credit,
        }

    def _add_undistributed(self, rows, accounts, amount):
        """Put the profit of earlier years on the account of undistributed profit."""
        if not amount:
            return
        unaffected = accounts.filtered(
            lambda account: account.account_type == "equity_unaffected"
        )[:1]
        for row in rows:
            if unaffected and row["account_ids"] == unaffected.ids:
                row["opening"] += amount
                return
        name = self.env._("Undistributed profit of earlier years")
        rows.append(self._prepare_row(accounts.browse(), "", name, amount, (0.0,) * 4))

    def _merge_top_level(self, rows, company):
        """Rows of the same first four digits as one, named after the heading."""
        merged = defaultdict(list)
        for row in rows:
            merged[row["code"][:TOP_LEVEL_DIGITS]].append(row)
        result = []
        for code, parts in merged.items():
            heading = next(
                (part for part in parts if not part["code"][len(code) :].strip("0")),
                parts[0],
            )
            row = {
                name: sum(part[name] for part in parts)
                for name in parts[0]
                if name not in ("account_ids", "code", "name")
            }
            row["account_ids"] = [id_ for part in parts for id_ in part["account_ids"]]
            row.update(code=code, name=heading["name"])
            result.append(row)
        return result

    def _split_sides(self, row, currency):
        """The row as it is shown: opening and closing on the side they fall."""
        opening = currency.round(row.pop("opening"))
        for name in row:
            if name.endswith(("_debit", "_credit")):
                row[name] = currency.round(row[name])
        closing = currency.round(opening + row["period_debit"] - row["period_credit"])
        row.update(
            opening_debit=max(opening, 0.0),
            opening_credit=max(-opening, 0.0),
            closing_debit=max(closing, 0.0),
            closing_credit=max(-closing, 0.0),
        )
        return row

    # Print --------------------------------------------------------------------

    def _get_amount_names(self):
        return AMOUNTS

    def _format_amount(self, amount):
        """An amount of the company's currency as text, without the symbol."""
        places = self.currency_id.decimal_places
        return formatLang(self.env, self.currency_id.round(amount), digits=places)

    def _refresh_lines(self):
        for balance in self:
            result = self.get_balances(
                balance.date_from,
                balance.date_to,
                balance.company_id.id,
                level=balance.level,
                hide_zero=balance.hide_zero,
            )
            balance.line_ids.unlink()
            balance.line_ids = [
                Command.create(
                    {
                        **{name: row[name] for name in ("code", "name", *AMOUNTS)},
                        "sequence": sequence,
                        "account_ids": [Command.set(row["account_ids"])],
                    }
                )
                for sequence, row in enumerate(result["rows"])
            ]

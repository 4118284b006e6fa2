# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import models
from odoo.exceptions import UserError
from odoo.fields import Command

from odoo.addons.jxc_base.tools.guard import by_server

from ..tools.token import engine_context

#: By chart: first digit of the accounts of profit and loss; headings of the profit of
#: the year, of undistributed profit, and of corrections of earlier years.
CHARTS = {
    "cn": ("5", "3103", "3104", None),
    "cn_large_bis": ("6", "4103", "4104", "6901"),
}


class JxcFinancePeriod(models.Model):
    """The transfer of profit and loss at the end of a period (期间损益结转)."""

    _inherit = "jxc.finance.period"

    def action_transfer_profit(self):
        """Move what income and expenses hold to the profit of the year.

        At the end of a fiscal year the profit of the year goes on to undistributed
        profit. Repeatable: a second run moves only what was booked in between, so
        that nothing is left in the end.

        :return: action that shows the new vouchers, True if there was nothing to move
        :raise AccessError: for anyone but accounting managers
        :raise UserError: for closed periods, and without the accounts it needs
        """
        self._check_closer()
        self._check_open()
        self._hold()
        moves = self.env["account.move"]
        for period in self.sorted("date_from"):
            moves += period._transfer_profit()
        if not moves:
            return True
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Profit Transfer"),
            "res_model": "account.move",
            "views": [
                (
                    self.env.ref(
                        "jxc_finance_bridge.account_move_voucher_view_list"
                    ).id,
                    "list",
                ),
                (False, "form"),
            ],
            "domain": [("id", "in", moves.ids)],
        }

    def _transfer_profit(self):
        """Make and post the vouchers of one period; return them."""
        moves = self.env["account.move"]
        companies = self.env["res.company"].search(
            self._get_branch_domain(), order="id"
        )
        for company in companies:
            for part, balances in self._get_profit_parts(company):
                moves += self._create_transfer(company, part, balances)
        moves._post(soft=False)
        if self.is_year_end:
            carried = self.env["account.move"]
            for company in companies:
                balances = self._get_year_profit(company)
                carried += self._create_transfer(company, "year", balances)
            carried._post(soft=False)
            moves += carried
        return moves

    def _get_branch_domain(self):
        return [("id", "child_of", self.company_id.id)]

    def _get_profit_accounts(self, company):
        """(profit of the year, undistributed profit) of the chart.

        :raise UserError: if one of them is missing
        """
        chart = CHARTS.get(company.root_id.sudo().chart_template)
        year = company.get_unaffected_earnings_account()
        if not chart:
            return year, year
        found = [
            self.env["jxc.finance.setup.check"]
            ._for(company)
            ._find_account(company, prefix)
            for prefix in chart[1:3]
        ]
        for prefix, account in zip(chart[1:3], found, strict=True):
            if not account:
                raise UserError(
                    self.env._(
                        "%(company)s has no account %(prefix)s to transfer the profit"
                        " to.",
                        company=company.display_name,
                        prefix=prefix,
                    )
                )
        return tuple(account.with_env(self.env) for account in found)

    def _is_profit_account(self, account, company):
        """Whether an account belongs to the result of the period.

        The charts type production costs (4001 …, ASBE 5001 …) as expenses, but they are
        work in progress and stay where they are.
        """
        if account.internal_group not in ("income", "expense"):
            return False
        chart = CHARTS.get(company.root_id.sudo().chart_template)
        return not chart or (account.code or "").startswith(chart[0])

    def _read_balances(self, company, account_domain):
        """{account: balance since the start of the fiscal year} where not zero."""
        year = self.company_id.compute_fiscalyear_dates(self.date_to)
        groups = self.env["account.move.line"]._read_group(
            [
                ("company_id", "=", company.id),
                ("parent_state", "=", "posted"),
                ("date", ">=", year["date_from"]),
                ("date", "<=", self.date_to),
                *account_domain,
            ],
            ["account_id"],
            ["balance:sum"],
        )
        currency = company.currency_id
        return {
            account.with_company(company): currency.round(balance)
            for account, balance in groups
            if not currency.is_zero(balance)
        }

    def _get_profit_balances(self, company):
        """{account: balance} of income and expenses that are still to be moved."""
        balances = self._read_balances(
            company, [("account_id.internal_group", "in", ("income", "expense"))]
        )
        return {
            account: balance
            for account, balance in balances.items()
            if self._is_profit_account(account, company)
        }

    def _get_profit_parts(self, company):
        """[(part, balances)], one for each voucher of the transfer."""
        balances = self._get_profit_balances(company)
        if not self.company_id.sudo().jxc_profit_split:
            return [("profit", balances)]
        income = {a: b for a, b in balances.items() if a.internal_group == "income"}
        expense = {a: b for a, b in balances.items() if a not in income}
        return [("income", income), ("expense", expense)]

    def _get_year_profit(self, company):
        year_account, undistributed = self._get_profit_accounts(company)
        if year_account == undistributed:
            return {}
        return self._read_balances(company, [("account_id", "=", year_account.id)])

    def _create_transfer(self, company, part, balances):
        """A draft entry that takes the balances to where the part belongs."""
        moves = self.env["account.move"].with_company(company)
        if not balances:
            return moves
        journal = self.env["account.journal"].search(
            [
                *self.env["account.journal"]._check_company_domain(company),
                ("type", "=", "general"),
            ],
            limit=1,
        )
        if not journal:
            raise UserError(
                self.env._(
                    "%(company)s has no journal of type Miscellaneous for the transfer"
                    " of profit.",
                    company=company.display_name,
                )
            )
        move = (
            by_server(moves)
            .with_context(**engine_context())
            .create(
                {
                    "move_type": "entry",
                    "journal_id": journal.id,
                    "company_id": company.id,
                    "date": self.date_to,
                    "jxc_pl_closing": True,
                    "ref": self._get_transfer_text(part),
                    "line_ids": [
                        Command.create(vals)
                        for vals in self._prepare_transfer_lines(
                            company, part, balances
                        )
                    ],
                }
            )
        )
        return move.with_env(moves.env)

    def _prepare_transfer_lines(self, company, part, balances):
        """Values of the lines: each balance reversed, and their sums."""
        year_account, undistributed = self._get_profit_accounts(company)
        chart = CHARTS.get(company.root_id.sudo().chart_template)
        text = self._get_transfer_text(part)
        lines, sums = [], {}
        for account, balance in sorted(balances.items(), key=lambda i: i[0].code or ""):
            target = undistributed if part == "year" else year_account
            if chart and chart[3] and (account.code or "").startswith(chart[3]):
                target = undistributed  # 以前年度损益调整 is no profit of this year
            sums[target] = sums.get(target, 0.0) + balance
            lines.append({"account_id": account.id, "balance": -balance, "name": text})
        for account, balance in sums.items():
            amount = company.currency_id.round(balance)
            if not company.currency_id.is_zero(amount):
                lines.append(
                    {"account_id": account.id, "balance": amount, "name": text}
                )
        return lines

    def _get_transfer_text(self, part):
        period = self.name
        texts = {
            "profit": self.env._(
                "Transfer of profit and loss of %(period)s", period=period
            ),
            "income": self.env._("Transfer of income of %(period)s", period=period),
            "expense": self.env._("Transfer of expenses of %(period)s", period=period),
            "year": self.env._(
                "Transfer of the profit of the year, %(period)s", period=period
            ),
        }
        return texts[part]

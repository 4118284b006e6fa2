# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import fields, models
from odoo.tools.misc import formatLang

#: Headings of property awaiting disposal: settled by the end of the year.
DISPOSAL = "1901"
#: How many months a message names.
LISTED = 12


class JxcFinancePeriod(models.Model):
    """What has to be in order before a month is closed."""

    _inherit = "jxc.finance.period"

    def _jxc_close_checks(self):
        """The checks of one period with their results.

        Called when the checks are shown and once more when the period is closed, as
        the user who closes. To add a check, extend and append a dict to the list:

        - ``code``: technical name, ``name``: what is checked, translated
        - ``state``: "ok", "warning" (worth a look) or "error" (in the way)
        - ``count``: number of records found, ``message``: what to do, translated
        - ``action``: action dict that shows the records, or False

        ``_prepare_check`` makes one from a domain.
        """
        self.ensure_one()
        return [
            self._check_earlier_periods(),
            self._check_drafts(),
            self._check_numbers(),
            *self._check_signatures(),
            self._check_balance(),
            *self._check_bank(),
            self._check_disposal(),
            self._check_transfers(),
            *self._check_counts(),
            self._check_profit(),
        ]

    def _prepare_check(self, code, name, model, domain, message, severity="error"):
        """A check that passes when a model has no records in a domain."""
        # The closer sees the result whatever documents he may read.
        count = self.env[model].sudo().search_count(domain)
        return self._prepare_result(
            code, name, severity if count else "ok", count, message, model, domain
        )

    def _prepare_result(
        self, code, name, state, count=0, message="", model=None, domain=None
    ):
        found = state != "ok"
        action = False
        if found and model:
            action = {
                "type": "ir.actions.act_window",
                "name": name,
                "res_model": model,
                "view_mode": "list,form",
                "views": [[False, "list"], [False, "form"]],
                "domain": self._to_json(domain),
                "context": {"create": False},
            }
        return {
            "code": code,
            "name": name,
            "state": state,
            "count": count,
            "message": message if found else False,
            "action": action,
        }

    def _to_json(self, domain):
        """A domain with dates as text, for an action that is stored."""
        return [
            list(map(self._leaf_to_json, leaf)) if isinstance(leaf, tuple) else leaf
            for leaf in domain
        ]

    def _leaf_to_json(self, value):
        if hasattr(value, "isoformat"):
            return value.isoformat()
        return list(value) if isinstance(value, tuple) else value

    # Vouchers -----------------------------------------------------------------

    def _check_earlier_periods(self):
        """Months are closed in order, from the first one with entries."""
        domain = self._get_unclosed_domain(self.company_id)
        domain += [("date", "<", self.date_from)]
        groups = self.env["account.move"].sudo()._read_group(domain, ["date:month"], [])
        months = [month.strftime("%Y-%m") for (month,) in groups]
        return self._prepare_check(
            "earlier",
            self.env._("Earlier months are closed"),
            "account.move",
            domain,
            self.env._(
                "Close the earlier months first, they have entries and are open:"
                " %(months)s. Months from before the books were kept here are ended"
                " by the lock date of the company.",
                months=", ".join(months[:LISTED])
                + (" …" if len(months) > LISTED else ""),
            ),
        )

    def _check_drafts(self):
        return self._prepare_check(
            "drafts",
            self.env._("No drafts are left"),
            "account.move",
            self._get_moves_domain(("draft",)),
            self.env._("Post, delete or date later the drafts of this month."),
        )

    def _check_numbers(self):
        """Each series runs from 1 to the number of its vouchers."""
        series = (
            self.env["account.move"]
            .sudo()
            ._read_group(
                self._get_moves_domain(),
                ["company_id", "jxc_voucher_word"],
                ["__count", "jxc_voucher_no:max", "jxc_voucher_no:min"],
            )
        )
        # A number of zero is one that is missing; so is what lies below the highest.
        count = sum(
            max(last - number, 0) + (first == 0)
            for _company, _word, number, last, first in series
        )
        name = self.env._("Voucher numbers have no gaps")
        if count and not self._can_fill_gaps():
            text = self.env._(
                "Vouchers after the gap were sent to another finance system and keep"
                " their numbers; say why a number is missing in the log of this month."
            )
            return self._prepare_result("numbers", name, "warning", count, text)
        return self._prepare_result(
            "numbers",
            name,
            "error" if count else "ok",
            count,
            self.env._("Number the vouchers of this month anew."),
        )

    def _can_fill_gaps(self):
        """Whether numbering anew would change anything."""
        moves = self.env["account.move"].sudo().search(self._get_moves_domain())
        return bool(self._get_new_numbers(moves)[0])

    def _check_signatures(self):
        company = self.company_id.sudo()
        severity = "error" if company.jxc_voucher_review else "warning"
        return [
            self._prepare_check(
                "cashier",
                self.env._("The cashier signed for the money"),
                "account.move",
                [
                    *self._get_moves_domain(),
                    ("jxc_has_cash", "=", True),
                    ("jxc_cashier_id", "=", False),
                ],
                self.env._("Have the cashier sign the vouchers that move money."),
                severity,
            ),
            self._prepare_check(
                "review",
                self.env._("Vouchers are reviewed"),
                "account.move",
                [*self._get_moves_domain(), ("jxc_checked_by", "=", False)],
                self.env._("Have somebody other than their maker review them."),
                severity,
            ),
        ]

    # Balances -----------------------------------------------------------------

    def _get_lines_domain(self):
        """Posted journal items up to the end of the period."""
        return [
            *self._get_company_domain(self.company_id),
            ("parent_state", "=", "posted"),
            ("date", "<=", self.date_to),
        ]

    def _on_accounts(self, accounts):
        return [("account_id", "in", accounts.ids)]

    def _sum_balance(self, domain):
        [[balance]] = (
            self.env["account.move.line"]
            .sudo()
            ._read_group([*self._get_lines_domain(), *domain], [], ["balance:sum"])
        )
        return self.company_id.currency_id.round(balance or 0.0)

    def _check_zero(self, code, name, domain, message, severity):
        """A check that a balance is zero; the message gets the amount."""
        balance = self._sum_balance(domain)
        currency = self.company_id.currency_id
        amount = formatLang(self.env, balance, currency_obj=currency)
        return self._prepare_result(
            code,
            name,
            "ok" if currency.is_zero(balance) else severity,
            0,
            f"{message} ({amount})",
            "account.move.line",
            [*self._get_lines_domain(), *domain],
        )

    def _check_balance(self):
        """Entry by entry: two that are wrong may offset each other."""
        totals = (
            self.env["account.move.line"]
            .sudo()
            ._read_group(
                [*self._get_lines_domain(), ("account_id", "!=", False)],
                ["move_id"],
                ["balance:sum"],
                having=[("balance:sum", "!=", 0)],
            )
        )
        currency = self.company_id.currency_id
        wrong = [move.id for move, total in totals if not currency.is_zero(total)]
        return self._prepare_check(
            "balance",
            self.env._("The trial balance balances"),
            "account.move",
            [("id", "in", wrong)],
            self.env._(
                "Debits and credits of these entries differ; ask your administrator."
            ),
        )

    def _check_bank(self):
        company = self.company_id.sudo()
        lines = self.env["account.bank.statement.line"]
        suspense = (
            self.env["account.journal"]
            .sudo()
            .search([("company_id", "child_of", company.id)])
            .suspense_account_id
        )
        outstanding = self._get_outstanding_accounts()
        return [
            self._prepare_check(
                "statements",
                self.env._("Bank statement lines are reconciled"),
                lines._name,
                company._get_unreconciled_statement_lines_domain(self.date_to),
                self.env._("Reconcile or delete the open bank statement lines."),
            ),
            self._check_zero(
                "suspense",
                self.env._("Suspense accounts are empty"),
                self._on_accounts(suspense),
                self.env._("Give what is on the bank suspense account its account."),
                "warning",
            ),
            self._check_zero(
                "outstanding",
                self.env._("No payments are outstanding"),
                self._on_accounts(outstanding),
                self.env._("Payments wait for their bank statement."),
                "warning",
            ),
        ]

    def _get_outstanding_accounts(self):
        """Accounts of payments that are not the bank's or cash account itself."""
        methods = (
            self.env["account.payment.method.line"]
            .sudo()
            .search([("journal_id.company_id", "child_of", self.company_id.id)])
        )
        return methods.payment_account_id - methods.journal_id.default_account_id

    def _check_disposal(self):
        accounts = (
            self.env["account.account"]
            .sudo()
            .with_company(self.company_id)
            .search([("code", "=like", f"{DISPOSAL}%")])
        )
        return self._check_zero(
            "disposal",
            self.env._("Property awaiting disposal is settled"),
            self._on_accounts(accounts),
            self.env._("Move count differences (1901) to where they belong."),
            "error" if self.is_year_end else "warning",
        )

    def _check_profit(self):
        """Income and expenses are moved when the company moves them."""
        company = self.company_id.sudo()
        is_due = company.jxc_profit_transfer == "month" or self.is_year_end
        accounts = self.env["account.account"]
        left = 0
        if is_due:
            branches = self.env["res.company"].sudo().search(self._get_branch_domain())
            for branch in branches:
                balances = self.sudo()._get_profit_balances(branch)
                if self.is_year_end:
                    balances |= self.sudo()._get_year_profit(branch)
                accounts = accounts.union(*balances)
                left += len(balances)
        return self._prepare_result(
            "profit",
            self.env._("Profit and loss is transferred"),
            "error" if left else "ok",
            left,
            self.env._("Transfer the profit and loss of this month."),
            "account.account",
            [("id", "in", accounts.ids)],
        )

    # Business documents ---------------------------------------------------------

    def _check_transfers(self):
        # The day ends when it does for the company, as text for the stored action.
        end = self.company_id.sudo()._jxc_stock_day_end(self.date_to)
        return self._prepare_check(
            "transfers",
            self.env._("Transfers of the month are done"),
            "stock.picking",
            [
                *self._get_company_domain(self.company_id),
                ("state", "not in", ("draft", "done", "cancel")),
                ("scheduled_date", "<=", fields.Datetime.to_string(end)),
            ],
            self.env._("Transfers planned until the end of the month are not done."),
            "warning",
        )

    def _check_counts(self):
        """Stock counts of the month that nobody approved yet, where counts exist."""
        if "jxc.stock.count" not in self.env:
            return []
        return [
            self._prepare_check(
                "counts",
                self.env._("Stock counts are approved"),
                "jxc.stock.count",
                [
                    *self._get_company_domain(self.company_id),
                    ("state", "in", ("in_progress", "submitted")),
                    ("date", "<=", self.date_to),
                ],
                self.env._("Finish, approve or cancel the counts of this month."),
            )
        ]

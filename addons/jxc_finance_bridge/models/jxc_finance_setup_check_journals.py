# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import models

from .jxc_finance_setup_check import Finding
from .jxc_finance_setup_check_goods import COST_KINDS, INCOME_KINDS

STOCK_HEADING = "14"
#: Type of the journal: field of the company with the account it should have.
COMPANY_ACCOUNTS = {"sale": "income_account_id", "purchase": "expense_account_id"}
RECONCILED = ("asset_receivable", "liability_payable")


class JxcFinanceSetupCheck(models.AbstractModel):
    """Accounts of journals of sales and purchases, and those with open items."""

    _inherit = "jxc.finance.setup.check"

    def _get_codes(self):
        return [*super()._get_codes(), "trade_journals", "open_item_accounts"]

    def _get_label(self, code):
        labels = {
            "trade_journals": self.env._("Accounts of sales and purchase journals"),
            "open_item_accounts": self.env._("Accounts with open items"),
        }
        return labels.get(code) or super()._get_label(code)

    # Journals -----------------------------------------------------------------------

    def _get_misset_trade_journals(self, company):
        """Journals whose account cannot be meant; without one, the company's is."""
        journals = self.env["account.journal"].search(
            [
                ("company_id", "=", company.id),
                ("type", "in", list(COMPANY_ACCOUNTS)),
                ("default_account_id", "!=", False),
            ]
        )
        return journals.filtered(
            lambda journal: not self._is_trade_account_right(journal)
        )

    def _is_trade_account_right(self, journal):
        account = journal.default_account_id
        if journal.type == "sale":
            return self._can_be_meant(account, INCOME_KINDS)
        is_stock = (account.code or "").startswith(STOCK_HEADING)
        return self._can_be_meant(account, {*COST_KINDS, "expense_other"}) or (
            is_stock and self._can_be_meant(account, {"asset_current"})
        )

    def _get_wanted_trade_accounts(self, company):
        """{journal: the account it should have, or none}"""
        return {
            journal: self._get_trade_account(company, COMPANY_ACCOUNTS[journal.type])
            for journal in self._get_misset_trade_journals(company)
        }

    def _assess_trade_journals(self, company):
        wanted = self._get_wanted_trade_accounts(company)
        actual = ", ".join(
            f"{journal.name}: {self._name_with_kind(journal.default_account_id)}"
            for journal in wanted
        )
        expected = ", ".join(
            f"{journal.name}: {account.display_name}"
            for journal, account in wanted.items()
            if account
        )
        usual = self.env._("Income for sales, expenses or stock for purchases")
        state = "wrong" if expected else "missing" if wanted else "ok"
        return Finding(
            state,
            actual or self.env._("Each of its kind"),
            expected or usual,
            self.env._(
                "Lines without a product are booked on the account of their journal."
            ),
        )

    def _fix_trade_journals(self, company):
        for journal, account in self._get_wanted_trade_accounts(company).items():
            if account:
                journal.default_account_id = account

    def _open_trade_journals(self, company):
        journals = self._get_misset_trade_journals(company)
        return self._open_records("trade_journals", journals) if journals else None

    # Open items ---------------------------------------------------------------------

    def _get_unreconcilable(self, company):
        """Accounts of receivables, payables and accrued receipts that keep no items."""
        accounts = self.env["account.account"]
        found = accounts.search(
            [
                *accounts._check_company_domain(company),
                ("account_type", "in", RECONCILED),
                ("reconcile", "=", False),
            ]
        )
        return found | company.jxc_accrual_account_id.filtered(
            lambda account: not account.reconcile
        )

    def _assess_open_item_accounts(self, company):
        return self._assess_reconcilable(
            self._get_unreconcilable(company),
            self.env._(
                "Without it nobody sees which receivables, payables and accrued"
                " receipts are still open, and nothing can be settled with them."
            ),
        )

    def _fix_open_item_accounts(self, company):
        self._get_unreconcilable(company).reconcile = True

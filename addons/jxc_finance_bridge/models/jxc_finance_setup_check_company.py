# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import models
from odoo.tools import LazyTranslate

from .jxc_finance_period_profit import CHARTS
from .jxc_finance_setup_check import Finding
from .jxc_finance_setup_check_settlement import RESULT

_lt = LazyTranslate(__name__)

LABELS = {
    "property_account_receivable_id": _lt("Receivables of customers"),
    "property_account_payable_id": _lt("Payables of vendors"),
    "income_account_id": _lt("Income of sales"),
    "expense_account_id": _lt("Cost of goods sold"),
    "income_currency_exchange_account_id": _lt("Exchange gains"),
    "expense_currency_exchange_account_id": _lt("Exchange losses"),
    "transfer_account_id": _lt("Money between own accounts"),
    "account_journal_suspense_account_id": _lt("Bank transactions not cleared up"),
}
# Field of the company, or of its partners by default: kinds of account that can be
# meant, and codes of the two charts. The platform lets people choose any account.
ACCOUNTS = {
    "property_account_receivable_id": ({"asset_receivable"}, "112200", "112200"),
    "property_account_payable_id": ({"liability_payable"}, "220200", "220200"),
    "income_account_id": ({"income"}, "500100", "600100"),
    "expense_account_id": ({"expense", "expense_direct_cost"}, "540100", "640100"),
    "income_currency_exchange_account_id": (RESULT, "530102", "606100"),
    "expense_currency_exchange_account_id": (RESULT, "560302", "606100"),
    "transfer_account_id": ({"asset_current"}, "101202", "100400"),
    "account_journal_suspense_account_id": (
        {"asset_current", "liability_current"},
        "101201",
        "100201",
    ),
}
JOURNALS = ("jxc_settlement_journal_id", "currency_exchange_journal_id")


class JxcFinanceSetupCheck(models.AbstractModel):
    """Accounts and journals of the company that the books are written on.

    A branch writes on those of its company.
    """

    _inherit = "jxc.finance.setup.check"

    def _get_codes(self):
        own = ["company_accounts", "profit_accounts", "journals"]
        return [*super()._get_codes(), *own]

    def _get_label(self, code):
        labels = {
            "company_accounts": self.env._("Accounts of the company"),
            "profit_accounts": self.env._("Accounts of the profit"),
            "journals": self.env._("Journals of the company"),
        }
        return labels.get(code) or super()._get_label(code)

    # Accounts -----------------------------------------------------------------------

    def _get_company_account(self, company, name):
        """The account of a field of the company, or that of its partners by default."""
        if name in company._fields:
            return company.root_id[name]
        partners = self.env["res.partner"].with_company(company.root_id)
        return partners._fields[name].get_company_dependent_fallback(partners)

    def _get_chart_code(self, company, name):
        """Code of the account that the chart has for a field; None for other charts."""
        codes = dict(zip(CHARTS, ACCOUNTS[name][1:], strict=True))
        return codes.get(company.root_id.chart_template)

    def _is_company_account_right(self, company, name, account):
        """Hook: whether an account can be meant in a field of ACCOUNTS."""
        return self._can_be_meant(account, ACCOUNTS[name][0])

    def _get_misset_accounts(self, company):
        """[(field, what it is, account, account of the chart)] of wrong ones."""
        misset = []
        accounts = self.env["account.account"].with_company(company.root_id)
        for name, (kinds, *_codes) in ACCOUNTS.items():
            account = self._get_company_account(company, name)
            if self._is_company_account_right(company, name, account):
                continue
            code = self._get_chart_code(company, name)
            wanted = accounts.search(
                [
                    *accounts._check_company_domain(company.root_id),
                    ("code", "=", code),
                    ("account_type", "in", list(kinds)),
                ],
                limit=1,
            )
            label = self.env._(LABELS[name])
            misset.append((name, label, account, wanted))
        return misset

    def _assess_company_accounts(self, company):
        misset = self._get_misset_accounts(company)
        actual = ", ".join(
            f"{label}: {account.display_name or self.env._('not set')}"
            for _name, label, account, _wanted in misset
        )
        expected = ", ".join(
            f"{label}: {wanted.display_name}"
            for _name, label, _account, wanted in misset
            if wanted
        )
        reason = self.env._(
            "An account of another kind puts these amounts on the wrong line of the"
            " statements, or keeps them from being settled."
        )
        if misset and not expected:
            reason = self.env._(
                "The chart has no account for it any more: create it, or give the one"
                " that is there its kind back; then fix."
            )
            return Finding("missing", actual, "", reason)
        return Finding(
            "wrong" if misset else "ok",
            actual or self.env._("Each of its kind"),
            expected or self.env._("Each of its kind"),
            reason,
        )

    def _fix_company_accounts(self, company):
        for name, _label, _account, wanted in self._get_misset_accounts(company):
            if not wanted:
                continue
            if name in company._fields:
                company.root_id[name] = wanted
            else:
                self.env["ir.default"].set(
                    "res.partner", name, wanted.id, company_id=company.root_id.id
                )

    # Profit -------------------------------------------------------------------------

    def _assess_profit_accounts(self, company):
        """Profit of the year and undistributed profit are found by their codes."""
        chart = CHARTS.get(company.root_id.chart_template)
        if not chart:
            return Finding("missing", "", "", self._no_chart_text(company))
        wanted = {
            chart[1]: {"equity_unaffected", "equity"},
            chart[2]: {"equity_unaffected", "equity"},
        }
        found = {prefix: self._find_account(company, prefix) for prefix in wanted}
        actual = ", ".join(
            account.display_name for account in found.values() if account
        )
        lacking = [prefix for prefix, account in found.items() if not account]
        if lacking:
            text = self.env._(
                "Create an account %(prefix)s first.", prefix=", ".join(lacking)
            )
            return Finding("missing", actual, ", ".join(lacking), text)
        wrong = any(
            found[prefix].account_type not in kinds for prefix, kinds in wanted.items()
        )
        return Finding(
            "wrong" if wrong else "ok",
            actual,
            self.env._("Accounts of equity"),
            self.env._(
                "Profit and loss are transferred to them when a month is closed."
            ),
        )

    def _fix_profit_accounts(self, company):
        chart = CHARTS[company.root_id.chart_template]
        accounts = self.env["account.account"]
        for prefix in chart[1:3]:
            accounts |= self._find_account(company, prefix)
        # A company has one unaffected account; one that was made another kind is plain.
        accounts.filtered(
            lambda account: account.account_type not in ("equity_unaffected", "equity")
        ).account_type = "equity"

    # Journals -----------------------------------------------------------------------

    def _get_misset_journals(self, company):
        root = company.root_id
        wrong = [
            name for name in JOURNALS if root[name] and self._is_misset(root[name])
        ]
        if not root.currency_exchange_journal_id:
            wrong.append("currency_exchange_journal_id")
        return wrong

    def _is_misset(self, journal):
        return journal.type != "general" or not journal.active

    def _assess_journals(self, company):
        wrong = self._get_misset_journals(company)
        root = company.root_id
        labels = {
            name: root._fields[name]._description_string(self.env) for name in wrong
        }
        actual = ", ".join(
            f"{labels[name]}: {root[name].display_name or self.env._('not set')}"
            for name in wrong
        )
        expected = self.env._("Journals of type Miscellaneous")
        reason = self.env._(
            "Vouchers of settlements and exchange differences are no sales, purchases"
            " or bank transactions."
        )
        if wrong and not self._find_general_journal(root):
            return Finding("missing", actual, expected, reason)
        return Finding("wrong" if wrong else "ok", actual or expected, expected, reason)

    def _fix_journals(self, company):
        root = company.root_id
        for name in self._get_misset_journals(company):
            root[name] = self._find_general_journal(root, name)

    def _find_general_journal(self, company, name=None):
        """That of the chart for exchange differences, else the first one."""
        if name == "currency_exchange_journal_id":
            journal = self.env.ref(
                f"account.{company.id}_exch", raise_if_not_found=False
            )
            if journal and not self._is_misset(journal):
                return journal
        return self.env["account.journal"].search(
            [
                *self.env["account.journal"]._check_company_domain(company),
                ("type", "=", "general"),
            ],
            limit=1,
        )

# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import models

from .jxc_finance_setup_check import Finding
from .res_company_settlement import ACCOUNT_FIELDS

# Codes by chart, in the order of ACCOUNT_FIELDS: advances received and paid, discounts
# given and taken, small differences, fees. Six digits as the charts install them.
CODES = {
    "cn": ["220300", "112300", "560304", "530104", "560300", "560300"],
    "cn_large_bis": ["220300", "112300", "660300", "660300", "660300", "660300"],
}
EXPENSES = {"expense", "expense_other"}
RESULT = {*EXPENSES, "income", "income_other"}
# What may be chosen, in the same order: a bank account or stock is never meant. A
# discount may lower the price of the sale or of the goods.
KINDS = [
    {"liability_current"},
    {"asset_prepayments"},
    RESULT,
    {*RESULT, "expense_direct_cost"},
    RESULT,
    EXPENSES,
]


class JxcFinanceSetupCheck(models.AbstractModel):
    """Accounts of settlements."""

    _inherit = "jxc.finance.setup.check"

    def _get_codes(self):
        return [*super()._get_codes(), "settlement_accounts"]

    def _get_label(self, code):
        if code == "settlement_accounts":
            return self.env._("Accounts of settlements")
        return super()._get_label(code)

    def _get_settlement_accounts(self, company):
        """Accounts by the chart, in the order of ACCOUNT_FIELDS."""
        codes = CODES.get(company.root_id.chart_template) or []
        accounts = self.env["account.account"]
        found = accounts.search(
            [*accounts._check_company_domain(company), ("code", "in", codes)]
        )
        by_code = {account.code: account for account in found}
        return [by_code.get(code, accounts) for code in codes]

    def _get_misset_settlements(self, company):
        """The fields whose account is not chosen, or of a kind that cannot be meant."""
        return {
            field
            for field, kinds in zip(ACCOUNT_FIELDS, KINDS, strict=True)
            if not self._can_be_meant(company[field], kinds)
        }

    def _get_lacking_codes(self, company):
        """Codes of accounts still to be chosen that the chart has no more."""
        codes = CODES.get(company.root_id.chart_template) or []
        accounts = self._get_settlement_accounts(company)
        misset = self._get_misset_settlements(company)
        rows = zip(ACCOUNT_FIELDS, codes, accounts, strict=False)
        lacking = [
            code for name, code, account in rows if name in misset and not account
        ]
        return list(dict.fromkeys(lacking))

    def _assess_settlement_accounts(self, company):
        actual = self._settlement_text([company[name] for name in ACCOUNT_FIELDS])
        wanted = self._get_settlement_accounts(company)
        misset = self._get_misset_settlements(company)
        if not wanted and misset:
            return Finding("missing", actual, "", self._no_chart_text(company))
        lacking = self._get_lacking_codes(company)
        findable = any(
            account and name in misset
            for name, account in zip(ACCOUNT_FIELDS, wanted, strict=False)
        )
        if lacking and not findable:
            text = self.env._(
                "Create an account %(prefix)s first.", prefix=", ".join(lacking)
            )
            return Finding("missing", actual, ", ".join(lacking), text)
        return Finding(
            "wrong" if misset else "ok",
            actual,
            self._settlement_text(wanted) if wanted else actual,
            self.env._(
                "Advances are settled on their own accounts; cash discounts, small"
                " differences and fees of settlements need one each to be booked on: of"
                " income or expenses, not of money or goods."
            ),
        )

    def _settlement_text(self, accounts):
        """What each account is for: one may serve for more than one thing.

        :param accounts: in the order of ACCOUNT_FIELDS
        """
        fields = self.env["res.company"]._fields
        rows = zip(ACCOUNT_FIELDS, accounts, strict=True)
        return "\n".join(
            f"{fields[name]._description_string(self.env)}: "
            f"{account.display_name or self.env._('not set')}"
            for name, account in rows
        )

    def _fix_settlement_accounts(self, company):
        accounts = self._get_settlement_accounts(company)
        misset = self._get_misset_settlements(company)
        for name, account in zip(ACCOUNT_FIELDS, accounts, strict=True):
            if account and name in misset:
                company[name] = account

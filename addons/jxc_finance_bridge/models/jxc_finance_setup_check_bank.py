# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import models

from .account_move_sign import CASH_TYPES
from .jxc_finance_setup_check import Finding

#: Cash and bank of the charts; what is below them may be money under way.
MONEY_CODES = ("100100", "100200")
#: Headings of money, whose accounts are only of a wrong kind when a journal has them.
MONEY_HEADINGS = ("1001", "1002", "1012")


class JxcFinanceSetupCheck(models.AbstractModel):
    """Journals of money have an account of their own (1001, 1002 …)."""

    _inherit = "jxc.finance.setup.check"

    def _get_codes(self):
        """Before payments, which are booked on the account of their journal."""
        codes = super()._get_codes()
        place = codes.index("payment_methods")
        return [*codes[:place], "money_journals", *codes[place:]]

    def _get_label(self, code):
        if code == "money_journals":
            return self.env._("Accounts of bank and cash journals")
        return super()._get_label(code)

    def _get_journals_without_account(self, company):
        """Journals of money without an account of money, or with one put away."""
        journals = self.env["account.journal"].search(
            [
                ("company_id", "=", company.id),
                ("type", "in", ("bank", "cash", "credit")),
            ]
        )
        return journals.filtered(
            lambda journal: (
                not self._can_be_meant(journal.default_account_id, CASH_TYPES)
            )
        )

    def _get_money_of_wrong_kind(self, company):
        """Accounts of money, by their codes, that are of another kind."""
        accounts = self.env["account.account"]
        if not self._has_chart(company):
            return accounts
        found = accounts.search(
            [
                *accounts._check_company_domain(company),
                ("code", "in", list(MONEY_CODES)),
            ]
        )
        journals = self._get_journals_without_account(company)
        found |= journals.default_account_id.filtered(
            lambda account: (
                account.active and (account.code or "").startswith(MONEY_HEADINGS)
            )
        )
        return found.filtered(lambda account: account.account_type not in CASH_TYPES)

    def _assess_money_journals(self, company):
        journals = self._get_journals_without_account(company)
        actual = [
            f"{journal.name}: {self._name_with_kind(journal.default_account_id)}"
            if journal.default_account_id
            else f"{journal.name}: {self.env._('not set')}"
            for journal in journals
        ]
        others = self._get_money_of_wrong_kind(company) - journals.default_account_id
        actual += [self._name_with_kind(account) for account in others]
        return Finding(
            "wrong" if actual else "ok",
            ", ".join(actual) or self.env._("Each with its account"),
            self.env._("An account of money for each of them"),
            self.env._(
                "Without its account a journal books no bank transactions, its payments"
                " stay on outstanding accounts, and they are in no voucher as money"
                " (收, 付)."
            ),
        )

    def _fix_money_journals(self, company):
        self._correct_kind(self._get_money_of_wrong_kind(company), CASH_TYPES)
        for journal in self._get_journals_without_account(company):
            journal.default_account_id = self._get_money_account(company, journal)

    def _get_money_account(self, company, journal):
        """The one its payments are booked on, when it is its own; else a new one."""
        ways = journal.inbound_payment_method_line_ids
        ways |= journal.outbound_payment_method_line_ids
        found = ways.payment_account_id
        if len(found) == 1 and self._is_own_money_account(found, journal):
            return found
        values = {"name": journal.name, "currency_id": journal.currency_id.id}
        account = journal._create_default_account(company, journal.type, values)
        return found.browse(account)

    def _is_own_money_account(self, account, journal):
        if account.account_type not in CASH_TYPES or not account.active:
            return False
        others = self.env["account.journal"].search(
            [("default_account_id", "=", account.id), ("id", "!=", journal.id)], limit=1
        )
        return not others

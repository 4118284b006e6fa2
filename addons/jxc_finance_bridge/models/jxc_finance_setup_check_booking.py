# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import models
from odoo.tools import LazyTranslate

from .jxc_finance_setup_check import Finding

_lt = LazyTranslate(__name__)

NAMES = [_lt("Accrued receipts"), _lt("Goods in transit"), _lt("Goods shipped")]
TYPES = ["liability_current", "asset_current", "asset_current"]
# What may be chosen in their place: a bank account or an expense is never meant.
KINDS = [
    {"liability_current", "liability_payable"},
    {"asset_current"},
    {"asset_current"},
]
# Codes of these accounts; the chart for small enterprises knows no goods shipped.
CODES = {
    "cn": ["220202", "140200", "140501"],
    "cn_large_bis": ["220202", "140200", "140600"],
}
FIELDS = (
    "jxc_accrual_account_id",
    "jxc_transit_account_id",
    "jxc_shipped_account_id",
)


class JxcFinanceSetupCheck(models.AbstractModel):
    """Accounts for what is open between goods and invoices."""

    _inherit = "jxc.finance.setup.check"

    def _get_codes(self):
        return [*super()._get_codes(), "booking_accounts", "books_stock"]

    def _get_label(self, code):
        if code == "booking_accounts":
            return self.env._("Accrued and shipped goods")
        if code == "books_stock":
            return self.env._("Booking of stock")
        return super()._get_label(code)

    def _assess_booking_accounts(self, company):
        wanted = CODES.get(company.root_id.chart_template)
        now = [company[name] for name in FIELDS]
        actual = ", ".join(account.display_name for account in now if account)
        misset = self._get_misset_fields(company)
        if misset and not wanted:
            return Finding("missing", actual, "", self._no_chart_text(company))
        held = self._get_held_fields(company, misset)
        if held and held.keys() == misset:
            expected = ", ".join(code for code in wanted)
            return Finding("missing", actual, expected, self._held_text(company, held))
        return Finding(
            "wrong" if misset else "ok",
            actual or self.env._("not set"),
            ", ".join(
                f"{code} {self.env._(name)}"
                for code, name in zip(wanted or [], NAMES, strict=False)
            ),
            self.env._(
                "Goods without a bill, bills without goods and deliveries without an"
                " invoice need an account each; without them they end up in the cost of"
                " goods sold."
            ),
        )

    def _get_misset_fields(self, company):
        """The fields whose account is not chosen, or of a kind that cannot be meant."""
        return {
            field
            for field, kinds in zip(FIELDS, KINDS, strict=True)
            if not self._can_be_meant(company[field], kinds)
        }

    def _get_held_fields(self, company, misset):
        """{field: {account: amount}} of those whose ledger is not cleared yet."""
        held = {name: company._jxc_get_ledger_amounts(name) for name in misset}
        return {name: amounts for name, amounts in held.items() if amounts}

    def _held_text(self, company, held):
        amounts = ", ".join(
            f"{account.display_name} {company.currency_id.format(amount)}"
            for found in held.values()
            for account, amount in found.items()
        )
        return self.env._(
            "Ledgers still hold amounts on it: %(amounts)s. Bill, invoice or return the"
            " goods behind them (see Accrued Receipts and Goods Shipped); then press"
            " “Check Again” and “Fix”.",
            amounts=amounts,
        )

    def _fix_booking_accounts(self, company):
        """Choose the accounts of the chart, but for those that hold amounts."""
        wanted = CODES[company.root_id.chart_template]
        misset = self._get_misset_fields(company)
        misset -= self._get_held_fields(company, misset).keys()
        for field, code, name, kind in zip(FIELDS, wanted, NAMES, TYPES, strict=True):
            if field not in misset:
                continue
            accounts = self.env["account.account"].with_context(active_test=False)
            found = accounts.search(
                [
                    *accounts._check_company_domain(company),
                    ("code", "=", code),
                ],
                limit=1,
            )
            if not found:
                found = accounts.create(
                    {
                        "code": code,
                        "name": self.env._(name),
                        "account_type": kind,
                        "reconcile": kind == "liability_current",
                        "company_ids": [(4, company.root_id.id)],
                    }
                )
                self._set_translated(found, "name", name)
            found.filtered(lambda account: not account.active).active = True
            company[field] = found

    def _get_decisions(self):
        return super()._get_decisions() | {"books_stock"}

    def _assess_books_stock(self, company):
        wanted = self.env._("At movement")
        if company.jxc_books_stock:
            return Finding("ok", wanted, wanted, self._books_stock_text())
        if company.jxc_stock_at_invoicing:
            return Finding(
                "ok",
                self.env._("At invoicing, as decided"),
                wanted,
                self.env._(
                    "The company has decided so in the accounting settings: receipts"
                    " without a bill are accrued by hand, and the month-end says how"
                    " many there are."
                ),
            )
        now = self.env._("At invoicing")
        if not company._jxc_moved_goods():
            text = self.env._(
                "Comes when the opening stock is recorded; goods have not been received"
                " or delivered yet."
            )
            return Finding("later", now, wanted, text)
        if not self._has_chart(company) and self._get_misset_fields(company):
            return Finding("missing", now, wanted, self._no_chart_text(company))
        return Finding("wrong", now, wanted, self._books_stock_text())

    def _books_stock_text(self):
        return self.env._(
            "Booked at invoicing, receipts and deliveries of a month are missing until"
            " their invoice comes. The next month-end of stock catches up with what is"
            " open. A company that wants it so says so in the accounting settings."
        )

    def _fix_books_stock(self, company):
        if self._get_misset_fields(company):
            self._fix_booking_accounts(company)
        company.jxc_books_stock = True

# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import models
from odoo.tools import LazyTranslate

from .jxc_finance_setup_check import Finding
from .jxc_finance_setup_check_settlement import KINDS
from .res_company_settlement import ACCOUNT_FIELDS

_lt = LazyTranslate(__name__)

#: Sub-accounts of 应交税费 – 应交增值税. The charts use 222101 for something else, so
#: the codes follow it; other finance systems get theirs from the mapping of accounts.
VAT_ACCOUNTS = {
    "222102": _lt("VAT payable: input tax"),
    "222103": _lt("VAT payable: output tax"),
    "222104": _lt("VAT payable: input tax transferred out"),
    "222105": _lt("VAT payable: unpaid VAT transferred out"),
    "222106": _lt("Unpaid VAT"),
    "222107": _lt("Input tax to be certified"),
    "222108": _lt("Excess input tax credit"),
    "222109": _lt("VAT by simple method"),
}
#: VAT is owed or to be had back: no other kind can be meant; the first is the usual.
VAT_KINDS = ("liability_current", "asset_current")
#: Rates of the simple method (征收率) and those without tax: code, percent, name.
TAXES = (
    ("3", 3.0, _lt("3%")),
    ("1", 1.0, _lt("1%")),
    ("0", 0.0, _lt("0%")),
    ("exempt", 0.0, _lt("VAT exempt")),
)
GROUPS = {
    "3": _lt("VAT 3%"),
    "1": _lt("VAT 1%"),
    "0": _lt("VAT 0%"),
    "exempt": _lt("VAT exempt"),
}
#: Advances to vendors and from customers are settled against invoices.
ADVANCES = ("1123", "2203")


class JxcFinanceSetupCheck(models.AbstractModel):
    """Accounts and taxes that the Chinese charts come without.

    What taxes book on is judged by ``jxc_finance_setup_check_tax_accounts``.
    """

    _inherit = "jxc.finance.setup.check"

    def _get_codes(self):
        own = ["vat_accounts", "taxes", "advance_accounts"]
        return [*super()._get_codes(), *own]

    def _get_label(self, code):
        labels = {
            "vat_accounts": self.env._("VAT sub-accounts"),
            "taxes": self.env._("Tax rates"),
            "advance_accounts": self.env._("Advances"),
        }
        return labels.get(code) or super()._get_label(code)

    def _set_translated(self, record, name, text):
        """Write a text of this addon in all installed languages."""
        for lang, _label in self.env["res.lang"].get_installed():
            in_lang = self.with_context(lang=lang)
            record.with_context(lang=lang)[name] = in_lang.env._(text)

    def _has_chart(self, company):
        return bool(self._get_prefixes(company))

    # VAT accounts -------------------------------------------------------------

    def _find_code(self, company, code):
        """The account with exactly this code."""
        accounts = self.env["account.account"]
        return accounts.search(
            [*accounts._check_company_domain(company), ("code", "=", code)], limit=1
        )

    def _get_vat_accounts(self, company):
        """{code: account} of the sub-accounts that exist, those put away included."""
        accounts = self.env["account.account"].with_context(active_test=False)
        domain = accounts._check_company_domain(company)
        found = accounts.search([*domain, ("code", "in", list(VAT_ACCOUNTS))])
        return {account.code: account for account in found}

    def _get_missing_vat_codes(self, company):
        found = self._get_vat_accounts(company)
        return [code for code in VAT_ACCOUNTS if code not in found]

    def _get_wrong_vat_accounts(self, company):
        """Sub-accounts of another kind, or that nobody can choose."""
        found = self.env["account.account"].union(
            *self._get_vat_accounts(company).values()
        )
        return found.filtered(
            lambda account: account.account_type not in VAT_KINDS or not account.active
        )

    def _assess_vat_accounts(self, company):
        if not self._has_chart(company):
            return Finding("missing", "", "", self._no_chart_text(company))
        missing = self._get_missing_vat_codes(company)
        wrong = self._get_wrong_vat_accounts(company)
        texts = [
            self._name_with_kind(account)
            if account.active
            else self.env._("Archived: %(account)s", account=account.display_name)
            for account in wrong
        ]
        if missing:
            texts.insert(0, self.env._("Missing: %(codes)s", codes=", ".join(missing)))
        return Finding(
            "wrong" if texts else "ok",
            ", ".join(texts) or self.env._("All there"),
            f"{min(VAT_ACCOUNTS)} – {max(VAT_ACCOUNTS)}",
            self.env._(
                "The chart books all VAT on 2221; input, output and unpaid tax have to"
                " be told apart for the tax return."
            ),
        )

    def _fix_vat_accounts(self, company):
        wrong = self._get_wrong_vat_accounts(company)
        wrong.filtered(lambda account: not account.active).active = True
        self._correct_kind(wrong, VAT_KINDS)
        missing = self._get_missing_vat_codes(company)
        accounts = self.env["account.account"].create(
            [
                {
                    "code": code,
                    "name": self.env._(VAT_ACCOUNTS[code]),
                    "account_type": VAT_KINDS[0],
                    "company_ids": [(4, company.root_id.id)],
                }
                for code in missing
            ]
        )
        for code, account in zip(missing, accounts, strict=True):
            self._set_translated(account, "name", VAT_ACCOUNTS[code])

    # Taxes --------------------------------------------------------------------

    def _tax_xmlid(self, company, kind, code):
        return f"account.{company.root_id.id}_jxc_{kind}_{code}"

    def _get_missing_taxes(self, company):
        """[(kind, code, percent, name)] of taxes that the company lacks."""
        taxes = self.env["account.tax"].with_context(active_test=False)
        found = taxes.search(
            [
                *taxes._check_company_domain(company),
                ("amount_type", "=", "percent"),
                ("type_tax_use", "in", ("sale", "purchase")),
            ]
        )
        rates = {(tax.type_tax_use, tax.amount) for tax in found}
        return [
            (kind, code, percent, name)
            for kind in ("sale", "purchase")
            for code, percent, name in TAXES
            if not (percent and (kind, percent) in rates)
            and not self.env.ref(
                self._tax_xmlid(company, kind, code), raise_if_not_found=False
            )
        ]

    def _assess_taxes(self, company):
        if not self._has_chart(company):
            return Finding("missing", "", "", self._no_chart_text(company))
        missing = self._get_missing_taxes(company)
        names = dict.fromkeys(self.env._(name) for *_key, name in missing)
        return Finding(
            "wrong" if missing else "ok",
            self.env._("Missing: %(codes)s", codes=", ".join(names))
            if missing
            else self.env._("All there"),
            ", ".join(self.env._(name) for _code, _percent, name in TAXES),
            self.env._(
                "The chart has 13 %, 9 % and 6 % only: small-scale taxpayers, exports"
                " and exempt goods need their own rates."
            ),
        )

    def _fix_taxes(self, company):
        root = company.root_id
        groups = {}
        for kind, code, percent, name in self._get_missing_taxes(company):
            if code not in groups:
                groups[code] = self._get_tax_group(root, code)
            text = self.env._(name)
            tax = self.env["account.tax"].create(
                {
                    "name": text,
                    "amount": percent,
                    "amount_type": "percent",
                    "type_tax_use": kind,
                    "tax_group_id": groups[code].id,
                    "invoice_label": text,
                    "company_id": root.id,
                    "country_id": root.account_fiscal_country_id.id,
                }
            )
            self._set_translated(tax, "name", name)
            self._set_translated(tax, "invoice_label", name)
            self.env["ir.model.data"]._update_xmlids(
                [
                    {
                        "xml_id": self._tax_xmlid(root, kind, code),
                        "record": tax,
                        "noupdate": True,
                    }
                ]
            )

    def _get_tax_group(self, company, code):
        """The group of a rate, made when there is none."""
        xmlid = self._tax_xmlid(company, "group", code)
        group = self.env.ref(xmlid, raise_if_not_found=False)
        if group:
            return group
        group = self.env["account.tax.group"].create(
            {
                "name": self.env._(GROUPS[code]),
                "company_id": company.id,
                "country_id": company.account_fiscal_country_id.id,
            }
        )
        self._set_translated(group, "name", GROUPS[code])
        self.env["ir.model.data"]._update_xmlids(
            [{"xml_id": xmlid, "record": group, "noupdate": True}]
        )
        return group

    # Advances -----------------------------------------------------------------

    def _get_deviating_advances(self, company):
        found = self.env["account.account"]
        for prefix in ADVANCES:
            found |= self._find_account(company, prefix)
        for name, kinds in zip(ACCOUNT_FIELDS[:2], KINDS[:2], strict=True):
            found |= company[name].filtered(lambda a, k=kinds: a.account_type in k)
        return found.filtered(lambda account: not account.reconcile)

    def _assess_advance_accounts(self, company):
        if not self._has_chart(company):
            return Finding("missing", "", "", self._no_chart_text(company))
        return self._assess_reconcilable(
            self._get_deviating_advances(company),
            self.env._(
                "Advances to vendors and from customers are settled against invoices;"
                " the chart does not allow it."
            ),
        )

    def _fix_advance_accounts(self, company):
        self._get_deviating_advances(company).reconcile = True

# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import models

from .jxc_finance_setup_check import Finding
from .jxc_finance_setup_check_tax import VAT_ACCOUNTS, VAT_KINDS
from .jxc_finance_setup_check_tax_accounts import MEANT, TAX_HEADING

#: Kinds of account an amount per piece can be meant to book on. What was bought may
#: cost more by it, what was sold does not.
FIXED_KINDS = {
    "sale": VAT_KINDS,
    "purchase": (*VAT_KINDS, "expense", "expense_direct_cost", "expense_other"),
}
#: Kinds of account that only one of the same kind can stand for: what is on them is
#: settled, or counted as money.
ALONE = {
    "asset_receivable",
    "liability_payable",
    "asset_cash",
    "liability_credit_card",
    "equity_unaffected",
}


class JxcFinanceSetupCheck(models.AbstractModel):
    """Taxes by quantity, groups of taxes, and positions that replace taxes.

    What an amount per piece is for, or which tax was meant, only people know: these are
    listed, with what is wrong. Only a tax that stands for one of the other side cannot
    have been meant at all, and is taken out.
    """

    _inherit = "jxc.finance.setup.check"

    def _get_codes(self):
        codes = super()._get_codes()
        place = codes.index("default_taxes") + 1
        return [*codes[:place], "tax_kinds", "fiscal_positions", *codes[place:]]

    def _get_label(self, code):
        labels = {
            "tax_kinds": self.env._("Taxes by quantity, groups of taxes"),
            "fiscal_positions": self.env._("Fiscal positions"),
        }
        return labels.get(code) or super()._get_label(code)

    # Taxes by quantity and groups -----------------------------------------------

    def _get_odd_taxes(self, company):
        """{tax: what is wrong with it, in words} of fixed amounts and groups."""
        taxes = self.env["account.tax"].search(
            [
                ("company_id", "=", company.root_id.id),
                ("amount_type", "in", ("fixed", "group")),
                ("type_tax_use", "in", [*MEANT, "none"]),
            ]
        )
        texts = {
            tax: self._judge_group(tax)
            if tax.amount_type == "group"
            else self._judge_fixed(company, tax)
            for tax in taxes
        }
        return {tax: text for tax, text in texts.items() if text}

    def _judge_group(self, tax):
        parts = tax.with_context(active_test=False).children_tax_ids
        if not parts:
            return self.env._("no parts")
        archived = parts.filtered(lambda part: not part.active)
        if not archived:
            return ""
        names = ", ".join(archived.mapped("name"))
        return self.env._("archived parts: %(taxes)s", taxes=names)

    def _judge_fixed(self, company, tax):
        """What is wrong with where an amount per piece is booked."""
        heading = self._find_account(company, TAX_HEADING)
        lines = tax.invoice_repartition_line_ids + tax.refund_repartition_line_ids
        texts = []
        for kind in self._get_tax_kinds(tax):
            for line in lines.filtered(lambda line: line.repartition_type == "tax"):
                account = line.account_id
                if not account:
                    if kind == "sale":
                        texts.append(self.env._("no account: counts as income"))
                elif account == heading or account.code in VAT_ACCOUNTS:
                    texts.append(account.display_name)
                elif account.account_type not in FIXED_KINDS[kind]:
                    texts.append(self._name_with_kind(account))
        return ", ".join(dict.fromkeys(texts))

    def _assess_tax_kinds(self, company):
        if not self._has_chart(company):
            return Finding("missing", "", "", self._no_chart_text(company))
        odd = self._get_odd_taxes(company)
        names = [f"{tax.name} ({text})" for tax, text in odd.items()]
        return Finding(
            "missing" if odd else "ok",
            "\n".join(names) or self.env._("None, or right"),
            self.env._(
                "An account of their own (excise under %(heading)s), no VAT account;"
                " groups with parts that are in use",
                heading=TAX_HEADING,
            ),
            self.env._(
                "VAT is a share of the price: an amount per piece on its accounts makes"
                " the tax return wrong. A part that is archived is left out of the"
                " invoice without a word. Open the list and correct them."
            ),
        )

    def _describe_taxes(self, company):
        """{id: what is wrong with it} of taxes for people to correct."""
        checks = self._for(company)
        company = company.with_env(checks.env)
        if not checks._has_chart(company):
            return {}
        return {tax.id: text for tax, text in checks._get_odd_taxes(company).items()}

    def _open_tax_kinds(self, company):
        """Window with the taxes to correct; None if there are none."""
        odd = self._has_chart(company) and self._get_odd_taxes(company)
        return self._open_records("tax_kinds", list(odd)) if odd else None

    # Fiscal positions -------------------------------------------------------------

    def _get_positions(self, company):
        return self.env["account.fiscal.position"].search(
            [("company_id", "=", company.root_id.id)]
        )

    def _get_crossed_taxes(self, company):
        """{(position, tax): taxes of the other side that it replaces}"""
        found = {}
        for position in self._get_positions(company):
            for tax in position.tax_ids:
                other = tax.original_tax_ids.filtered(
                    lambda one, tax=tax: one.type_tax_use != tax.type_tax_use
                )
                if other:
                    found[position, tax] = other
        return found

    def _get_odd_positions(self, company):
        """{position: [what is wrong with it, in words]} that only people can mend."""
        texts = {
            position: self._judge_position(company, position)
            for position in self._get_positions(company)
        }
        return {position: found for position, found in texts.items() if found}

    def _judge_position(self, company, position):
        """What is wrong with the taxes and the accounts that it replaces."""
        taxes = self._judge_position_taxes(company, position)
        return [*taxes, *self._judge_position_accounts(position)]

    def _judge_position_accounts(self, position):
        """Pairs of accounts that never apply, or book where it cannot be meant."""
        texts = []
        for source, pairs in position.account_ids.grouped("account_src_id").items():
            if not source.active:
                texts.append(
                    self.env._(
                        "account %(account)s is archived, its replacement is never"
                        " used",
                        account=source.display_name,
                    )
                )
            if len(pairs) > 1:
                texts.append(
                    self.env._(
                        "account %(account)s is replaced by several: %(accounts)s",
                        account=source.display_name,
                        accounts=", ".join(
                            pairs.account_dest_id.mapped("display_name")
                        ),
                    )
                )
            for instead in pairs.account_dest_id:
                text = self._judge_replacement(source, instead)
                texts += [f"{source.display_name} → {text}"] if text else []
        return texts

    def _judge_replacement(self, source, instead):
        """What is wrong with an account in place of another one; empty if nothing."""
        if not instead.active:
            return self.env._("%(account)s: archived", account=instead.display_name)
        if instead == source:
            return self.env._("itself: nothing is replaced")
        kinds = source.account_type, instead.account_type
        if kinds[0] == kinds[1]:
            return ""
        if source.internal_group == instead.internal_group and not (
            ALONE.intersection(kinds)
        ):
            return ""
        return self.env._(
            "%(account)s: of another kind than %(replaced)s",
            account=self._name_with_kind(instead),
            replaced=self._value_label(source, "account_type"),
        )

    def _judge_position_taxes(self, company, position):
        every = position.with_context(active_test=False).tax_ids
        taxes = every.filtered("active")
        texts = [
            self.env._("%(tax)s is archived, nothing is replaced by it", tax=tax.name)
            for tax in every - taxes
            if tax.original_tax_ids
        ]
        if not taxes:
            return [*texts, self.env._("without taxes: takes all taxes off")]
        replaced = taxes.original_tax_ids
        if not replaced and position != company.root_id.domestic_fiscal_position_id:
            texts.append(self.env._("no tax says which one it replaces"))
        for tax in replaced:
            instead = taxes.filtered(
                lambda one, tax=tax: (
                    tax in one.original_tax_ids and one.type_tax_use == tax.type_tax_use
                )
            )
            if len(instead) > 1:
                texts.append(
                    self.env._(
                        "%(tax)s is replaced by several at once: %(taxes)s",
                        tax=tax.name,
                        taxes=", ".join(instead.mapped("name")),
                    )
                )
        return texts

    def _assess_fiscal_positions(self, company):
        if not self._has_chart(company):
            return Finding("missing", "", "", self._no_chart_text(company))
        crossed = self._get_crossed_taxes(company)
        odd = self._get_odd_positions(company)
        names = [
            f"{position.name}: {self._tax_text(one)} → {self._tax_text(tax)}"
            for (position, tax), others in crossed.items()
            for one in others
        ]
        names += [
            f"{position.name}: {text}"
            for position, texts in odd.items()
            for text in texts
        ]
        state = "wrong" if crossed else "missing" if odd else "ok"
        reason = self.env._(
            "A position puts one tax in place of another on orders and invoices. A tax"
            " of sales does not stand for one of purchases; the fix takes such pairs"
            " out."
        )
        if odd:
            reason = self.env._(
                "%(reason)s The rest is for you to decide: a position without taxes"
                " takes all of them off, one whose taxes replace none changes nothing,"
                " and two in place of one are both charged. An account stands for one"
                " of its own kind that is in use.",
                reason=reason,
            )
        return Finding(
            state,
            "\n".join(names) or self.env._("None, or right"),
            self.env._(
                "One tax in use, of the same side, for each it replaces; accounts of"
                " the same kind"
            ),
            reason,
        )

    def _tax_text(self, tax):
        return f"{tax.name} ({self._value_label(tax, 'type_tax_use')})"

    def _fix_fiscal_positions(self, company):
        for (_position, tax), others in self._get_crossed_taxes(company).items():
            tax.original_tax_ids -= others

    def _describe_positions(self, company):
        """{id: what is wrong with it} of fiscal positions for people to correct."""
        checks = self._for(company)
        company = company.with_env(checks.env)
        if not checks._has_chart(company):
            return {}
        odd = checks._get_odd_positions(company)
        return {position.id: "\n".join(texts) for position, texts in odd.items()}

    def _open_fiscal_positions(self, company):
        """Window with the positions to correct; None if there are none."""
        odd = self._has_chart(company) and self._get_odd_positions(company)
        return self._open_records("fiscal_positions", list(odd)) if odd else None

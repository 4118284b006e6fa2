# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import models

from .jxc_finance_setup_check import Finding
from .jxc_finance_setup_check_tax import TAXES, VAT_ACCOUNTS, VAT_KINDS

TAX_HEADING = "2221"
INPUT, OUTPUT, UNPAID, TO_CERTIFY, SIMPLE = (
    "222102",
    "222103",
    "222106",
    "222107",
    "222109",
)
#: Sub-accounts a tax of each kind can be meant to book on; the first is the usual. A
#: company may have others of its own under the heading.
MEANT = {
    "sale": (OUTPUT, SIMPLE, UNPAID),
    "purchase": (INPUT, TO_CERTIFY),
}
OPPOSITE = {"sale": "purchase", "purchase": "sale"}
#: Field of the company with the tax that products get by default, for each kind.
DEFAULTS = {"sale": "account_sale_tax_id", "purchase": "account_purchase_tax_id"}


class JxcFinanceSetupCheck(models.AbstractModel):
    """Accounts that taxes book on, and the taxes of new products."""

    _inherit = "jxc.finance.setup.check"

    def _get_codes(self):
        codes = super()._get_codes()
        place = codes.index("taxes") + 1
        return [*codes[:place], "tax_accounts", "default_taxes", *codes[place:]]

    def _get_label(self, code):
        labels = {
            "tax_accounts": self.env._("Accounts of taxes"),
            "default_taxes": self.env._("Taxes of new products"),
        }
        return labels.get(code) or super()._get_label(code)

    # Accounts -----------------------------------------------------------------

    def _get_deviating_taxes(self, company):
        """{VAT: its repartition lines that book where it cannot be meant}."""
        heading = self._find_account(company, TAX_HEADING)
        taxes = (
            self.env["account.tax"]
            .with_context(active_test=False)
            .search(
                [
                    ("company_id", "=", company.root_id.id),
                    ("amount_type", "not in", ("fixed", "group")),
                ]
            )
            .filtered(self._get_tax_kinds)
        )
        lines = {
            tax: (
                tax.invoice_repartition_line_ids + tax.refund_repartition_line_ids
            ).filtered(
                lambda line: (
                    line.repartition_type == "tax"
                    and not self._is_tax_line_right(line, heading)
                )
            )
            for tax in taxes
        }
        return {tax: found for tax, found in lines.items() if found}

    def _is_tax_line_right(self, line, heading):
        account = line.account_id
        code = account.code or ""
        if account == heading or not code.startswith(TAX_HEADING):
            return False
        if account.account_type not in VAT_KINDS:
            return False
        return code not in VAT_ACCOUNTS or any(
            code in MEANT[side] for side in self._get_sides(line)
        )

    def _get_tax_kinds(self, tax):
        """Sale, purchase: what a tax is for; part of a group, what the group is for."""
        if tax.type_tax_use in MEANT:
            return [tax.type_tax_use]
        groups = tax.search([("children_tax_ids", "in", tax.ids)])
        return [kind for kind in MEANT if kind in groups.mapped("type_tax_use")]

    def _get_sides(self, line):
        """Whose tax a repartition line can be: taken back, that of the other side.

        What is bought under reverse charge is owed and had back at once.
        """
        # odoo19-ok: old-name the tax of a repartition line
        kinds = self._get_tax_kinds(line.tax_id)
        if line.factor_percent < 0:
            return [OPPOSITE[kind] for kind in kinds]
        return kinds

    def _assess_tax_accounts(self, company):
        if not self._has_chart(company):
            return Finding("missing", "", "", self._no_chart_text(company))
        names = [
            f"{tax.name} ({self._value_label(tax, 'type_tax_use')}: {booked})"
            for tax, lines in self._get_deviating_taxes(company).items()
            for booked in [
                ", ".join(lines.account_id.mapped("display_name"))
                or self.env._("not set")
            ]
        ]
        return Finding(
            "wrong" if names else "ok",
            ", ".join(names) or self.env._("On sub-accounts"),
            f"{INPUT}, {OUTPUT}, {SIMPLE}",
            self.env._(
                "Tax of sales belongs on accounts of output tax and tax of purchases on"
                " those of input tax; on 2221 itself they are mixed. Entries made"
                " before the fix stay as they are."
            ),
        )

    def _fix_tax_accounts(self, company):
        self._fix_vat_accounts(company)
        simple_rates = [percent for _code, percent, _name in TAXES if percent]
        for tax, lines in self._get_deviating_taxes(company).items():
            for line in lines:
                code = MEANT[self._get_sides(line)[0]][0]
                if code == OUTPUT and tax.amount in simple_rates:
                    code = SIMPLE
                line.account_id = self._find_code(company, code)

    # Default taxes ------------------------------------------------------------

    def _get_misset_defaults(self, company):
        """Kinds of tax whose default is not set, of the other kind or put away."""
        root = company.root_id
        return [
            kind
            for kind, name in DEFAULTS.items()
            if root[name].type_tax_use != kind or not root[name].active
        ]

    def _find_default_tax(self, company, kind):
        """The tax with the highest rate of the chart, else of those there are."""
        root = company.root_id
        taxes = self.env["account.tax"].search(
            [
                ("company_id", "=", root.id),
                ("type_tax_use", "=", kind),
                ("amount_type", "=", "percent"),
            ],
            order="amount desc, sequence, id",
        )
        names = taxes.get_external_id()
        of_chart = taxes.filtered(
            lambda tax: names[tax.id].startswith(f"account.{root.id}_l10n_cn_")
        )
        return (of_chart or taxes)[:1]

    def _assess_default_taxes(self, company):
        if not self._has_chart(company):
            return Finding("missing", "", "", self._no_chart_text(company))
        root = company.root_id
        misset = self._get_misset_defaults(company)
        actual = {
            kind: self._default_text(kind, root[name])
            for kind, name in DEFAULTS.items()
        }
        wanted = {kind: self._find_default_tax(company, kind) for kind in misset}
        expected = ", ".join(
            self._default_text(kind, tax) for kind, tax in wanted.items() if tax
        )
        reason = self.env._(
            "Products that are new take these taxes. A tax of the other side, or one"
            " that is put away, is missing on their invoices and bills."
        )
        state = "wrong" if misset else "ok"
        if misset and not expected:
            state = "missing"
        return Finding(
            state,
            ", ".join(actual[kind] for kind in misset or actual),
            expected or ", ".join(actual.values()),
            reason,
        )

    def _default_text(self, kind, tax):
        labels = dict(tax._fields["type_tax_use"]._description_selection(self.env))
        return f"{labels[kind]}: {tax.name or self.env._('not set')}"

    def _fix_default_taxes(self, company):
        for kind in self._get_misset_defaults(company):
            tax = self._find_default_tax(company, kind)
            if tax:
                company.root_id[DEFAULTS[kind]] = tax

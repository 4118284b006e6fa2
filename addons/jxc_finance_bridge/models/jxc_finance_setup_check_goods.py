# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from dataclasses import dataclass

from markupsafe import Markup

from odoo import models

from .jxc_finance_setup_check import Finding

#: Headings of the cost of sales, by chart: those that its income statement reads.
COST_HEADINGS = {"cn": ("5401", "5402"), "cn_large_bis": ("6401", "6402")}
COST_KINDS = {"expense_direct_cost", "expense"}
INCOME_KINDS = {"income", "income_other"}
VAT_HEADING = "2221"
#: Kinds that what is bought, but not kept in stock, is never booked on. Others can be
#: meant: tools, fixed assets, welfare of the staff.
NEVER_BOUGHT = {
    *INCOME_KINDS,
    "asset_receivable",
    "asset_cash",
    "liability_payable",
    "liability_credit_card",
    "equity",
    "equity_unaffected",
    "off_balance",
}
#: (what is asked about, field of categories, field of products)
INCOME = ("income", "property_account_income_categ_id", "property_account_income_id")
COST = ("cost", "property_account_expense_categ_id", "property_account_expense_id")
SHOWN = 20


@dataclass(frozen=True)
class Misset:
    """A setting of a category or product that cannot be meant.

    :param record: category or product template
    :param name: its field
    :param wanted: account or journal to take instead; empty: what the category says
    :param can_fix: whether that is known
    """

    record: models.BaseModel
    name: str
    wanted: models.BaseModel
    can_fix: bool


class JxcFinanceSetupCheck(models.AbstractModel):
    """Accounts and journals that categories and products have of their own.

    Goods in stock become cost of sales (5401, 5402; ASBE 6401, 6402) when they are
    invoiced, whatever the company's own accounts are. What is bought otherwise may be
    booked on any expense.
    """

    _inherit = "jxc.finance.setup.check"

    def _get_codes(self):
        return [*super()._get_codes(), "goods_accounts"]

    def _get_label(self, code):
        if code == "goods_accounts":
            return self.env._("Accounts of categories and products")
        return super()._get_label(code)

    # What can be meant --------------------------------------------------------------

    def _is_cost_right(self, company, account):
        """Whether an account is one of cost of sales."""
        if not self._can_be_meant(account, COST_KINDS):
            return False
        headings = COST_HEADINGS.get(company.root_id.chart_template)
        is_cost = account.account_type == "expense_direct_cost"
        return is_cost or not headings or (account.code or "").startswith(headings)

    def _is_income_right(self, account, of_goods):
        """Advances and vouchers that are sold are owed, until they are used."""
        if self._can_be_meant(account, INCOME_KINDS):
            return True
        is_owed = self._can_be_meant(account, {"liability_current"})
        is_vat = (account.code or "").startswith(VAT_HEADING)
        return is_owed and not is_vat and not of_goods

    def _is_company_account_right(self, company, name, account):
        is_right = super()._is_company_account_right(company, name, account)
        if name == "expense_account_id":
            return is_right and self._is_cost_right(company, account)
        return is_right

    def _get_trade_account(self, company, name):
        """The company's account of income or cost, or else that of its chart."""
        account = self._get_company_account(company, name)
        if self._is_company_account_right(company, name, account):
            return account
        return next(
            (row[3] for row in self._get_misset_accounts(company) if row[0] == name),
            account.browse(),
        )

    # Finding ------------------------------------------------------------------------

    def _get_misset_goods(self, company):
        """[Misset] of categories, then of products."""
        wanted = {
            "income": self._get_trade_account(company, "income_account_id"),
            "cost": self._get_trade_account(company, "expense_account_id"),
        }
        return [
            *self._get_misset_of_categories(company, wanted),
            *self._get_misset_journals_of_categories(company),
            *self._get_misset_of_products(company),
        ]

    def _get_misset_of_categories(self, company, wanted):
        goods, others = self._get_used_categories(company)
        found = []
        for category in self.env["product.category"].search([]):
            of_goods = category in goods
            for kind, name, _name in (INCOME, COST):
                account = category[name]
                if not account or self._is_goods_account_right(
                    company, kind, account, of_goods
                ):
                    is_empty = category not in goods | others
                    # Nobody knows yet what an empty one is for: people decide.
                    if kind == "cost" and is_empty and account:
                        if not self._is_cost_right(company, account):
                            found.append(Misset(category, name, account, False))
                    continue
                found.append(Misset(category, name, wanted[kind], bool(wanted[kind])))
        return found

    def _get_misset_journals_of_categories(self, company):
        journal = self._find_stock_journal(company)
        return [
            Misset(category, "property_stock_journal", journal, bool(journal))
            for category in self.env["product.category"].search([])
            if category.property_stock_journal
            and self._is_misset(category.property_stock_journal)
        ]

    def _get_misset_of_products(self, company):
        templates = self.env["product.template"]
        none = self.env["account.account"]
        return [
            Misset(template, name, none, True)
            for kind, _name, name in (INCOME, COST)
            for template in templates.search(
                [
                    *templates._check_company_domain(company),
                    (name, "!=", False),
                ]
            )
            if not self._is_goods_account_right(
                company, kind, template[name], template.is_storable
            )
        ]

    def _is_goods_account_right(self, company, kind, account, of_goods):
        if kind == "income":
            return self._is_income_right(account, of_goods)
        if of_goods:
            return self._is_cost_right(company, account)
        return account.active and account.account_type not in NEVER_BOUGHT

    def _get_used_categories(self, company):
        """(categories with goods in stock, categories with anything else)"""
        templates = self.env["product.template"]
        groups = templates._read_group(
            templates._check_company_domain(company), ["categ_id", "is_storable"]
        )
        goods = others = self.env["product.category"]
        for category, is_storable in groups:
            if is_storable:
                goods |= category
            else:
                others |= category
        return goods, others

    # Check --------------------------------------------------------------------------

    def _assess_goods_accounts(self, company):
        misset = self._get_misset_goods(company)
        right = self.env._("Each of its kind")
        if not misset:
            return Finding("ok", right, right, self._goods_accounts_text())
        fixable = [row for row in misset if row.can_fix]
        shown = fixable or misset
        actual = "\n".join(self._misset_text(row) for row in shown[:SHOWN])
        if len(shown) > SHOWN:
            actual += f"\n… ({len(shown)})"
        if fixable:
            wanted = {row.wanted.display_name for row in fixable if row.wanted}
            expected = ", ".join(sorted(wanted)) or self.env._("As the category")
            return Finding("wrong", actual, expected, self._goods_accounts_text())
        return Finding(
            "missing",
            actual,
            self.env._("Cost of sales for goods, another expense for the rest"),
            self.env._(
                "Goods in stock become cost of sales when they are invoiced. If the"
                " category is for goods, choose an account of cost of sales; what it"
                " has is right once it holds products that are not kept in stock."
            ),
        )

    def _misset_text(self, row):
        label = row.record._fields[row.name]._description_string(self.env)
        setting = row.record[row.name].display_name
        return f"{row.record.display_name}: {label} {setting}"

    def _goods_accounts_text(self):
        return self.env._(
            "An account of another kind, chosen on a category or product, puts its"
            " sales or their cost on the wrong line of the statements; stock is booked"
            " in a journal of type Miscellaneous."
        )

    def _fix_goods_accounts(self, company):
        rows = [row for row in self._get_misset_goods(company) if row.can_fix]
        notes = self._get_notes(company, rows)
        for row in rows:
            # Not tracked as well: the note says the same, and of which company.
            row.record.with_context(mail_notrack=True)[row.name] = row.wanted
        for model, bodies in notes.items():
            self.env[model].browse(bodies)._message_log_batch(bodies=bodies)

    def _get_notes(self, company, rows):
        """{model: {id: what its chatter says a fix takes from it}}, before the fix."""
        texts = {}
        for row in rows:
            of_model = texts.setdefault(row.record._name, {})
            of_model.setdefault(row.record.id, []).append(self._note_text(company, row))
        return {
            model: {id_: Markup("<br/>").join(lines) for id_, lines in of_model.items()}
            for model, of_model in texts.items()
        }

    def _note_text(self, company, row):
        """What the chatter of a record says of a fix."""
        return self.env._(
            "Finance Set-up Check of %(company)s: %(setting)s %(before)s → %(after)s",
            company=company.display_name,
            setting=row.record._fields[row.name]._description_string(self.env),
            before=row.record[row.name].display_name,
            after=row.wanted.display_name or self.env._("As the category"),
        )

    def _open_goods_accounts(self, company):
        misset = self._get_misset_goods(company)
        if not misset:
            return None
        records = [
            row.record for row in misset if row.record._name == "product.category"
        ]
        records = records or [row.record for row in misset]
        unique = records[0].browse(dict.fromkeys(record.id for record in records))
        return self._open_records("goods_accounts", unique)

# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from dataclasses import dataclass

from odoo import models
from odoo.tools import LazyTranslate

_lt = LazyTranslate(__name__)

# Prefixes of (goods in stock, cost of goods sold, count differences) per chart.
ACCOUNT_PREFIXES = {
    "cn": ("1405", "5401", "1901"),
    "cn_large_bis": ("1405", "6401", "1901"),
}
# Kinds of account each of them can be; the first is what a fix makes of a wrong one.
ACCOUNT_KINDS = (
    ("asset_current",),
    ("expense_direct_cost", "expense"),
    ("asset_non_current", "asset_current"),
)
LABELS = {
    "inventory_valuation": _lt("Stock valuation"),
    "cost_method": _lt("Costing method"),
    "valuation_account": _lt("Stock valuation account"),
    "variation_account": _lt("Stock variation account"),
    "stock_journal": _lt("Stock journal"),
    "categories": _lt("Product categories"),
    "payment_methods": _lt("Bank and cash payments"),
    "count_location": _lt("Count differences"),
}


@dataclass(frozen=True)
class Finding:
    """What a check found for one company.

    :param state: "ok", "wrong" (can be fixed), "later" (not yet time), or "missing"
        (people make or choose something first)
    :param actual: what is set now, in words
    :param expected: what should be set, in words
    :param reason: why, and what happens otherwise
    """

    state: str
    actual: str
    expected: str
    reason: str


class JxcFinanceSetupCheck(models.AbstractModel):
    """The settings Chinese trading books need, each with a check and a fix.

    Every code in ``_get_codes`` has ``_assess_<code>(company)``, which reads and
    returns a Finding, and ``_fix_<code>(company)``, which is called only for a
    finding in state "wrong". Both run as superuser in the environment of the
    company; the callers check the rights. For a finding in state "missing" the window
    of ``_open_<code>(company)`` is where it is mended, see
    ``jxc_finance_setup_check_ways``.

    Why these settings: Odoo's Chinese charts come with periodic valuation at
    standard price on 1403 and close the difference to selling expenses; payments
    stay on outstanding accounts instead of 1002.
    """

    _name = "jxc.finance.setup.check"
    _description = "Checks of the Finance Set-up"

    def _get_codes(self):
        """Codes of the checks in the order in which they are fixed. Extend freely."""
        return list(LABELS)

    def _get_decisions(self):
        """Codes of checks that are fixed one by one only: they change how everything is
        booked from then on, which is not decided along with the rest."""
        return set()

    def _get_label(self, code):
        return self.env._(LABELS[code])

    def _assess(self, code, company):
        """The Finding of one check for one company."""
        checks = self._for(company)
        # Codes of accounts are those of the company of the record's environment.
        return getattr(checks, f"_assess_{code}")(company.with_env(checks.env))

    def _fix(self, code, company):
        """Correct one setting of one company."""
        checks = self._for(company)
        getattr(checks, f"_fix_{code}")(company.with_env(checks.env))

    def _for(self, company):
        return self.sudo().with_company(company)

    # Accounts -----------------------------------------------------------------

    def _get_prefixes(self, company):
        """(stock, cost, count) prefixes of the chart, None for other charts."""
        return ACCOUNT_PREFIXES.get(company.root_id.chart_template)

    def _find_account(self, company, prefix):
        """The account for a four-digit heading: the shortest, lowest code under it."""
        accounts = self.env["account.account"].search(
            [
                *self.env["account.account"]._check_company_domain(company),
                ("code", "=like", f"{prefix}%"),
            ]
        )
        return accounts.sorted(lambda account: (len(account.code), account.code))[:1]

    def _assess_account(self, company, position, account, reason):
        """Finding for "this setting must be an account under heading ``position``"."""
        prefixes = self._get_prefixes(company)
        actual = account.display_name or self.env._("not set")
        if not prefixes:
            chosen = self._can_be_meant(account, ACCOUNT_KINDS[position])
            text = reason if chosen else self._no_chart_text(company)
            return Finding("ok" if chosen else "missing", actual, "", text)
        expected = self._find_account(company, prefixes[position])
        if not expected:
            text = self.env._(
                "Create an account %(prefix)s first.", prefix=prefixes[position]
            )
            return Finding("missing", actual, prefixes[position], text)
        kinds = ACCOUNT_KINDS[position]
        if account and account.account_type not in kinds:
            actual = self._name_with_kind(account)
        right = self._is_account_right(company, position, account)
        return Finding(
            "ok" if right else "wrong", actual, expected.display_name, reason
        )

    def _assess_reconcilable(self, accounts, reason):
        """Finding for "every one of these accounts must allow reconciliation"."""
        return Finding(
            "wrong" if accounts else "ok",
            ", ".join(accounts.mapped("display_name"))
            or self.env._("Can be reconciled"),
            self.env._("Allow reconciliation"),
            reason,
        )

    def _is_account_right(self, company, position, account):
        """Whether an account is under its heading, and can be meant."""
        prefix = self._get_prefixes(company)[position]
        return (account.code or "").startswith(prefix) and self._can_be_meant(
            account, ACCOUNT_KINDS[position]
        )

    def _can_be_meant(self, account, kinds):
        """Whether an account is of one of the kinds, and in use."""
        return account.account_type in kinds and account.active

    def _get_right_account(self, company, position):
        """The account of the heading, of the kind it should be."""
        account = self._find_account(company, self._get_prefixes(company)[position])
        self._correct_kind(account, ACCOUNT_KINDS[position])
        return account

    def _correct_kind(self, accounts, kinds):
        """Give accounts of another kind the first of those that can be meant."""
        wrong = accounts.filtered(lambda account: account.account_type not in kinds)
        wrong.account_type = kinds[0]

    def _name_with_kind(self, account):
        """An account with what it is, for one that is of the wrong kind."""
        return f"{account.display_name} ({self._value_label(account, 'account_type')})"

    def _no_chart_text(self, company):
        return self.env._(
            "%(company)s does not use a Chinese chart of accounts; choose its accounts"
            " by hand.",
            company=company.display_name,
        )

    def _value_label(self, record, name):
        selection = record._fields[name]._description_selection(self.env)
        return dict(selection).get(record[name]) or self.env._("not set")

    # Stock valuation ----------------------------------------------------------

    def _assess_inventory_valuation(self, company):
        return Finding(
            "ok" if company.inventory_valuation == "real_time" else "wrong",
            self._value_label(company, "inventory_valuation"),
            self.env._("Perpetual"),
            self.env._(
                "With periodic valuation every vendor bill is booked as cost of goods"
                " sold at once, whether the goods were sold or not."
            ),
        )

    def _fix_inventory_valuation(self, company):
        company.inventory_valuation = "real_time"

    def _assess_cost_method(self, company):
        return Finding(
            "ok" if company.cost_method in ("average", "fifo") else "wrong",
            self._value_label(company, "cost_method"),
            self.env._("Average cost (first in, first out is accepted)"),
            self.env._(
                "At standard price the stock is not valued at what it cost; the"
                " difference ends up in the result of the period."
            ),
        )

    def _fix_cost_method(self, company):
        company.cost_method = "average"

    def _assess_valuation_account(self, company):
        return self._assess_account(
            company,
            0,
            company.account_stock_valuation_id,
            self.env._("The chart puts goods for sale on raw materials (1403)."),
        )

    def _fix_valuation_account(self, company):
        company.account_stock_valuation_id = self._get_right_account(company, 0)

    def _assess_variation_account(self, company):
        return self._assess_account(
            company,
            1,
            self._get_stock_account(company).account_stock_variation_id,
            self.env._(
                "Differences found when the stock is closed belong to the cost of goods"
                " sold; the chart books them as selling expenses."
            ),
        )

    def _fix_variation_account(self, company):
        stock = self._get_stock_account(company)
        stock.account_stock_variation_id = self._get_right_account(company, 1)

    def _get_stock_account(self, company):
        """The goods-in-stock account: of the company when right, else of the chart."""
        prefixes = self._get_prefixes(company)
        account = company.account_stock_valuation_id
        if not prefixes or self._is_account_right(company, 0, account):
            return account
        return self._find_account(company, prefixes[0])

    def _assess_stock_journal(self, company):
        journal = company.account_stock_journal_id
        if journal and not self._is_misset(journal):
            state = "ok"
        else:
            state = "wrong" if self._find_stock_journal(company) else "missing"
        return Finding(
            state,
            journal.display_name or self.env._("not set"),
            self.env._("A journal of type Miscellaneous"),
            self.env._("Count differences and stock closing need a journal."),
        )

    def _fix_stock_journal(self, company):
        company.account_stock_journal_id = self._find_stock_journal(company)

    def _find_stock_journal(self, company):
        journal = self.env.ref(
            f"account.{company.id}_inventory_valuation", raise_if_not_found=False
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

    def _assess_categories(self, company):
        categories = self._get_deviating_categories() | self._get_misbooked_categories(
            company
        )
        return Finding(
            "wrong" if categories else "ok",
            ", ".join(categories.mapped("display_name"))
            or self.env._("All categories follow the company"),
            self.env._("Perpetual, average cost or first in, first out"),
            self.env._(
                "A category with its own setting is valued differently from the others."
            ),
        )

    def _fix_categories(self, company):
        categories = self._get_deviating_categories()
        categories.property_valuation = "real_time"
        at_standard = categories.filtered(
            lambda category: category.property_cost_method not in ("average", "fifo")
        )
        at_standard.property_cost_method = "average"
        misbooked = self._get_misbooked_categories(company)
        misbooked.property_stock_valuation_account_id = self._get_stock_account(company)

    def _get_misbooked_categories(self, company):
        """Categories whose own stock account is none of the chart's (14…)."""
        categories = self.env["product.category"]
        if not self._get_prefixes(company) or not self._get_stock_account(company):
            return categories
        return categories.search([]).filtered(
            lambda category: (
                category.property_stock_valuation_account_id
                and not (
                    category.property_stock_valuation_account_id.code or ""
                ).startswith("14")
            )
        )

    def _get_deviating_categories(self):
        """Categories whose own values differ from perpetual at average cost or FIFO.

        Values are company-dependent, so the answer is that of the environment.
        """
        return (
            self.env["product.category"]
            .search([])
            .filtered(
                lambda category: (
                    category.property_valuation != "real_time"
                    or category.property_cost_method not in ("average", "fifo")
                )
            )
        )

    # Payments -----------------------------------------------------------------

    def _assess_payment_methods(self, company):
        lines = self._get_deviating_payment_lines(company)
        return Finding(
            "wrong" if lines else "ok",
            ", ".join(
                f"{line.journal_id.name}: "
                f"{line.payment_account_id.display_name or self.env._('not set')}"
                for line in lines
            )
            or self.env._("Booked on the journal's account"),
            self.env._("The account of the bank or cash journal"),
            self.env._(
                "Otherwise payments stay on outstanding receipts and payments"
                " (100201 …) and vouchers never show the bank account."
            ),
        )

    def _fix_payment_methods(self, company):
        for line in self._get_deviating_payment_lines(company):
            line.payment_account_id = line.journal_id.default_account_id

    def _get_deviating_payment_lines(self, company):
        lines = self.env["account.payment.method.line"].search(
            [
                ("journal_id.company_id", "=", company.id),
                ("journal_id.type", "in", ("bank", "cash", "credit")),
                ("journal_id.default_account_id", "!=", False),
            ]
        )
        return lines.filtered(
            lambda line: line.payment_account_id != line.journal_id.default_account_id
        )

    # Counts -------------------------------------------------------------------

    def _assess_count_location(self, company):
        reason = self.env._(
            "Gains and losses of a count are booked to property awaiting disposal when"
            " the count is applied."
        )
        locations = self._get_count_locations(company)
        if not locations:
            text = self.env._("The company has no inventory loss location.")
            wanted = self.env._("A location of its own for what counts find")
            return Finding("wrong", self.env._("not set"), wanted, text)
        findings = [
            self._assess_account(company, 2, location.valuation_account_id, reason)
            for location in locations
        ]
        finding = next((f for f in findings if f.state != "ok"), findings[0])
        if finding.state == "wrong" and not self._has_stock_moves(company):
            text = self.env._(
                "Comes after the opening stock is recorded; set before, the opening"
                " stock itself would be booked as a count gain."
            )
            return Finding("later", finding.actual, finding.expected, text)
        return finding

    def _fix_count_location(self, company):
        if not self._get_count_locations(company):
            company._create_inventory_loss_location()
        if self._assess_count_location(company).state != "wrong":
            return  # its account is not to be chosen yet, or not there
        account = self._get_right_account(company, 2)
        for location in self._get_count_locations(company):
            location.valuation_account_id = account

    def _get_count_locations(self, company):
        """Locations of count differences; scrap shares their usage, not their role."""
        templates = self.env["product.template"]
        field = templates._fields["property_stock_inventory"]
        fallback = field.get_company_dependent_fallback(templates)
        return fallback.filtered(lambda location: location.company_id == company)

    def _has_stock_moves(self, company):
        return bool(
            self.env["stock.move"].search_count(
                [("company_id", "=", company.id), ("state", "=", "done")], limit=1
            )
        )

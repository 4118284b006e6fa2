# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
"""Expressions of statements that MIS Builder does not know, beside its own.

``partner_debit[1122%,2203%]`` and ``partner_credit[…]``
    what customers or vendors owe, and what they are owed, at the end of the period:
    the balance of every account and partner counts on the side on which it falls
``cash_flow[sme_01]``
    cash that came in (negative: went out) in the period under an item of the cash flow
    statement; ``cash_flow[sme_none]`` is what has no item
"""

import re
from collections import defaultdict

from odoo.addons.mis_builder.models.accounting_none import AccountingNone
from odoo.addons.mis_builder.models.aep import AccountingExpressionProcessor

OWN = re.compile(
    r"\b(?:partner_(?P<side>debit|credit)\[(?P<codes>[\d%, ]+)\]"
    r"|cash_flow\[(?P<item>\w+)\])"
)
NONE = "none"


def is_own(expression):
    """Whether a statement expression needs the processor of this module.

    >>> is_own("-cash_flow[sme_03]"), is_own("bale[1001%] - b4")
    (True, False)
    """
    return bool(OWN.search(expression or ""))


def split_item(code):
    """Standard and number of a cash flow item's code.

    >>> split_item("sme_01"), split_item("sme_none")
    (('sme', '01'), ('sme', 'none'))
    """
    standard, _sep, number = code.partition("_")
    return standard, number


class StatementProcessor(AccountingExpressionProcessor):
    """MIS Builder's processor of accounting expressions, with those of this module."""

    def __init__(self, companies, currency=None, account_model="account.account"):
        super().__init__(companies, currency, account_model)
        self._chart = None
        self._codes = {}
        self._partner_accounts = {}
        self._standards = set()
        self._partners = {}
        self._flows = {}

    def parse_expr(self, expr):
        """Collect the accounts and items of an expression."""
        super().parse_expr(expr)
        for match in OWN.finditer(expr):
            if match["item"]:
                self._standards.add(split_item(match["item"])[0])
            else:
                self._partner_accounts[match["codes"]] = ()

    def done_parsing(self):
        """Find the accounts of the collected codes, each code once."""
        wanted = {
            domain for domains in self._map_account_ids.values() for domain in domains
        }
        found = {domain: self._find_accounts(domain) for domain in wanted}
        self._account_ids_by_acc_domain.update(found)
        for key, domains in self._map_account_ids.items():
            self._map_account_ids[key] = list(
                {id_ for domain in domains for id_ in found[domain]}
            )
        for codes in self._partner_accounts:
            domain = self._account_codes_to_domain(codes)
            self._partner_accounts[codes] = self._find_accounts(domain)

    def _account_codes_to_domain(self, account_codes):
        """The domain of a list of codes; which codes it was is remembered."""
        domain = super()._account_codes_to_domain(account_codes)
        self._codes[domain] = [code.strip() for code in account_codes.split(",")]
        return domain

    def _find_accounts(self, domain):
        """Ids of the companies' accounts: codes from the chart, read once."""
        codes = self._codes.get(domain)
        if codes and not any("%" in code[:-1] or "_" in code for code in codes):
            heads = tuple(code[:-1] for code in codes if code.endswith("%"))
            return {
                id_
                for id_, code in self._get_chart()
                if code in codes or (heads and code.startswith(heads))
            }
        return {
            id_ for company in self.companies for id_ in self._search(domain, company)
        }

    def _search(self, domain, company):
        accounts = self._account_model.with_company(company)
        return accounts.search([*domain, ("company_ids", "parent_of", company.id)]).ids

    def _get_chart(self):
        """[(account id, code)]; an account has a code in each of its companies."""
        if self._chart is None:
            self._chart = {
                (account.id, account.code)
                for company in self.companies
                for account in self._account_model.with_company(company).browse(
                    self._search([], company)
                )
                if account.code
            }
        return self._chart

    def get_account_ids(self):
        """Every account that an expression of the statement counts."""
        sets = [
            *self._account_ids_by_acc_domain.values(),
            *self._partner_accounts.values(),
        ]
        return set().union(*sets)

    def do_queries(
        self, date_from, date_to, additional_move_line_filter=None, aml_model=None
    ):
        """Read the sums of the period, one query for each kind of them."""
        super().do_queries(date_from, date_to, additional_move_line_filter, aml_model)
        extra = list(additional_move_line_filter or [])
        self._partners = self._read_partners(date_to, extra)
        self._flows = defaultdict(float)
        items = self.env["jxc.cash.flow.item"]
        for standard in self._standards:
            for _line, code, amount in items._get_flows(
                standard, self.companies, date_from, date_to, extra
            ):
                self._flows[code] += amount

    def _read_partners(self, date_to, extra):
        """{account id: {commercial partner id: balance}} at the end of a day."""
        balances = defaultdict(lambda: defaultdict(float))
        ids = set().union(*self._partner_accounts.values())
        if not ids:
            return balances
        groups = (
            self.env["account.move.line"]
            .with_context(active_test=False, allowed_company_ids=self.companies.ids)
            ._read_group(
                [("account_id", "in", list(ids)), ("date", "<=", date_to), *extra],
                ["account_id", "partner_id"],
                ["balance:sum"],
            )
        )
        for account, partner, balance in groups:
            # The entry may be read although the contact itself may not.
            commercial = partner.sudo().commercial_partner_id
            balances[account.id][commercial.id] += balance or 0.0
        return balances

    def _own_amount(self, match):
        if match["item"]:
            amount = self._flows.get(match["item"], 0.0)
        else:
            sign = 1 if match["side"] == "debit" else -1
            amount = sum(
                max(sign * round(balance, self.dp), 0.0)
                for account in self._partner_accounts[match["codes"]]
                for balance in self._partners.get(account, {}).values()
            )
        return round(amount, self.dp) or AccountingNone

    def replace_expr(self, expr):
        """The expression with amounts in place of accounts and items."""
        expr = OWN.sub(lambda match: f"({self._own_amount(match)!r})", expr)
        return super().replace_expr(expr)

    def replace_exprs_by_account_id(self, exprs):
        """Details by account; items and partners have no part in them."""
        own = [OWN.sub("(AccountingNone)", expr) for expr in exprs]
        return super().replace_exprs_by_account_id(own)

    def get_own_domain(self, expr, date_from, date_to, extra=()):
        """Domain of the journal items behind the expressions of this module.

        The queries of the period must have been done; None without such expressions.
        """
        domains = []
        for match in OWN.finditer(expr):
            if match["item"]:
                items = self.env["jxc.cash.flow.item"]
                ids = items._get_flow_line_ids(
                    match["item"], self.companies, date_from, date_to, list(extra)
                )
                domains.append([("id", "in", ids)])
            else:
                domains += self._get_partner_domains(match, date_to)
        return domains

    def _get_partner_domains(self, match, date_to):
        """One domain for each account with partners on the side asked for."""
        sign = 1 if match["side"] == "debit" else -1
        domains = []
        for account in self._partner_accounts[match["codes"]]:
            partners = [
                partner
                for partner, balance in self._partners.get(account, {}).items()
                if round(sign * balance, self.dp) > 0
            ]
            if partners:
                known = [partner for partner in partners if partner]
                condition = [("partner_id", "child_of", known)]
                if len(known) < len(partners):
                    condition = ["|", ("partner_id", "=", False), *condition]
                domains.append(
                    [("account_id", "=", account), ("date", "<=", date_to), *condition]
                )
        return domains

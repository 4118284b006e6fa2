# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from collections import defaultdict
from decimal import Decimal

from odoo import api, fields, models
from odoo.tools import SQL

from ..tools.open_items import flush_settled
from ..tools.statement import NONE

CHARTS = [
    ("cn", "Small enterprises (小企业会计准则)"),
    ("cn_large_bis", "Enterprises (企业会计准则)"),
]
STANDARDS = {"sme": "cn", "asbe": "cn_large_bis"}
#: heads of the accounts that are cash in the statements of a chart
CASH_CODES = {
    "cn": ("1001", "1002", "1012"),
    "cn_large_bis": ("1001", "1002", "1003", "1004", "1012"),
}
VAT = "2221"
#: taxes that the chart books on 2221 itself count as these accounts do
TAX_CODES = {"sale": "222103", "purchase": "222102"}


class JxcCashFlowItem(models.Model):
    """An item of the cash flow statement (现金流量项目).

    Every line on the other side of cash gets one: the one somebody gave it; for what
    is reconciled with an invoice, the item of the accounts that the invoice is booked
    on; otherwise that of its own account. Lines on the other side add up to the change
    in cash, so the items do too, together with what has none.
    """

    _name = "jxc.cash.flow.item"
    _description = "Cash Flow Item"
    _order = "chart, sequence, id"
    _rec_names_search = ["name", "code"]

    code = fields.Char(
        string="Item Code",
        required=True,
        help="What expressions of statements call it: cash_flow[code].",
    )
    name = fields.Char(required=True, translate=True)
    chart = fields.Selection(
        selection=CHARTS,
        string="Accounting Standard",
        required=True,
    )
    sequence = fields.Integer(string="Line Number")
    active = fields.Boolean(default=True)

    _code_unique = models.UniqueIndex("(code)", "There is an item with this code.")

    @api.model
    def _get_cash_accounts(self, standard, companies):
        """Accounts of cash and bank, by the heads of their codes."""
        accounts = self.env["account.account"].with_context(active_test=False)
        heads = CASH_CODES[STANDARDS[standard]]
        domain = ["|"] * (len(heads) - 1)
        domain += [("code", "=like", f"{head}%") for head in heads]
        found = accounts
        for company in companies:
            found |= accounts.with_company(company).search(
                [*accounts._check_company_domain(company), *domain]
            )
        return found

    @api.model
    def _get_flows(self, standard, companies, date_from, date_to, extra=()):
        """Cash flows of a period by line and item.

        :param str standard: sme or asbe
        :param extra: domain that the lines have to meet besides
        :return: list of (journal item id, item code, amount in company currency, in
            is positive); the code of what has no item ends with "none"
        """
        if standard not in STANDARDS:
            return []
        cash = self._get_cash_accounts(standard, companies)
        rows = self._read_counterparts(cash, companies, date_from, date_to, extra)
        finder = self._get_finder(standard, companies)
        via = self._read_settled(rows, cash, date_to)
        flows = []
        for row in rows:
            rest = row["amount"]
            if row["item"] or row["tax"]:
                flows.append((row["id"], finder.item_of(row), rest))
                continue
            for account, amount in via.get(row["id"], ()):
                rest -= amount
                code = finder.by_account(account, row["amount"])
                flows.append((row["id"], code, amount))
            if rest:
                flows.append((row["id"], finder.item_of(row), rest))
        return flows

    @api.model
    def _get_flow_line_ids(self, code, companies, date_from, date_to, extra=()):
        """Ids of the journal items that an item of the statement counts."""
        standard = code.partition("_")[0]
        flows = self._get_flows(standard, companies, date_from, date_to, extra)
        return sorted({line for line, item, _amount in flows if item == code})

    def _read_counterparts(self, cash, companies, date_from, date_to, extra):
        """The lines on the other side of cash."""
        lines = self.env["account.move.line"].with_context(
            active_test=False, allowed_company_ids=companies.ids
        )
        query = lines._search(
            [
                ("company_id", "in", companies.ids),
                ("date", ">=", date_from),
                ("date", "<=", date_to),
                ("account_id", "not in", cash.ids),
                ("account_id", "!=", False),
                ("move_id.line_ids", "any", [("account_id", "in", cash.ids)]),
                *extra,
            ]
        )
        columns = [
            lines._field_to_sql(query.table, name, query)
            for name in ("account_id", "balance", "jxc_cash_flow_item_id")
        ]
        columns.append(SQL("%s.tax_line_id", SQL.identifier(query.table)))
        query.order = None
        found = self.env.execute_query(
            query.select(SQL("%s.id", SQL.identifier(query.table)), *columns)
        )
        return [
            {
                "id": id_,
                "account": account,
                "amount": -balance,
                "item": item,
                "tax": tax,
            }
            for id_, account, balance, item, tax in found
            if balance
        ]

    def _read_settled(self, rows, cash, date_to):
        """{line id: [(account id, amount)]} of what was paid on invoices.

        A payment of an office bill is an expense, not a purchase of goods: what it
        settles is spread over the accounts that the bill is booked on.
        """
        accounts = self.env["account.account"].browse({row["account"] for row in rows})
        open_accounts = accounts.filtered("reconcile")._origin
        ids = [row["id"] for row in rows if row["account"] in set(open_accounts.ids)]
        if not ids:
            return {}
        flush_settled(self.env)
        parts = self.env.execute_query(
            SQL(
                """SELECT part.debit_move_id, -part.amount, other.move_id
                FROM account_partial_reconcile part
                JOIN account_move_line other ON other.id = part.credit_move_id
                WHERE part.debit_move_id = ANY(%(ids)s) AND part.max_date <= %(date)s
                    AND other.parent_state = 'posted'
                UNION ALL
                SELECT part.credit_move_id, part.amount, other.move_id
                FROM account_partial_reconcile part
                JOIN account_move_line other ON other.id = part.debit_move_id
                WHERE part.credit_move_id = ANY(%(ids)s) AND part.max_date <= %(date)s
                    AND other.parent_state = 'posted'
                """,
                ids=ids,
                date=date_to,
            )
        )
        bases = self._read_bases({move for _line, _amount, move in parts}, cash)
        settled = defaultdict(list)
        for line, amount, move in parts:
            settled[line] += self._spread(amount, bases.get(move, {}))
        return settled

    def _read_bases(self, move_ids, cash):
        """{move id: {account id: balance}} of what invoices and entries are about."""
        if not move_ids:
            return {}
        lines = self.env["account.move.line"]
        lines.flush_model(["balance", "account_id", "tax_line_id"])
        rows = self.env.execute_query(
            SQL(
                """SELECT line.move_id, line.account_id, sum(line.balance)
                FROM account_move_line line
                JOIN account_account account ON account.id = line.account_id
                WHERE line.move_id = ANY(%(moves)s) AND line.tax_line_id IS NULL
                    AND line.display_type NOT IN ('cogs', 'tax', 'rounding')
                    AND account.account_type
                        NOT IN ('asset_receivable', 'liability_payable')
                    AND NOT EXISTS (
                        SELECT 1 FROM account_move_line money
                        WHERE money.move_id = line.move_id
                            AND money.account_id = ANY(%(cash)s)
                    )
                GROUP BY line.move_id, line.account_id""",
                moves=list(move_ids),
                cash=cash.ids,
            )
        )
        bases = defaultdict(dict)
        codes = self._get_codes({account for _move, account, _balance in rows})
        for move, account, balance in rows:
            if balance and not codes[account].startswith(VAT):
                bases[move][account] = balance
        return bases

    def _get_codes(self, account_ids):
        accounts = self.env["account.account"].browse(account_ids)
        return {account.id: account.code or "" for account in accounts}

    @staticmethod
    def _spread(amount, base):
        """[(account id, share)] of an amount in proportion; no cent is lost."""
        total = sum(base.values())
        if abs(total) < 0.005:
            return []
        shares = {
            account: round(Decimal(str(amount * balance / total)), 2)
            for account, balance in base.items()
        }
        largest = max(shares, key=lambda account: abs(shares[account]))
        shares[largest] += round(Decimal(str(amount)), 2) - sum(shares.values())
        return [(account, float(share)) for account, share in shares.items()]

    def _get_finder(self, standard, companies):
        return ItemFinder(self.env, standard, companies[:1])


class ItemFinder:
    """Finds the cash flow item of accounts, each account once."""

    def __init__(self, env, standard, company):
        self.env, self.company = env, company.root_id
        self.none = f"{standard}_{NONE}"
        chart = STANDARDS[standard]
        # Rules of the head company count in branches, whoever reads the statement.
        rules = (
            env["jxc.cash.flow.rule"]
            .sudo()
            .search(
                [
                    ("chart", "=", chart),
                    ("company_id", "in", [False, *company.parent_ids.ids]),
                ],
            )
        )
        self.rules = {}
        # Rules of the company come last, so that they win over those for all.
        for rule in rules.sorted(lambda rule: bool(rule.company_id)):
            for head in rule._get_heads():
                self.rules[head] = (rule.item_in_id.code, rule.item_out_id.code)
        items = env["jxc.cash.flow.item"].with_context(active_test=False)
        found = items.search([("chart", "=", chart)])
        self.items = {item.id: item.code for item in found}
        self.codes = {}

    def item_of(self, row):
        """Code of the item of a line by itself."""
        if row["item"] in self.items:
            return self.items[row["item"]]
        if row["tax"] and self._code(row["account"]).startswith(VAT):
            tax = self.env["account.tax"].browse(row["tax"]).sudo()
            code = TAX_CODES.get(tax.type_tax_use, VAT)
            return self._by_code(code, row["amount"])
        return self.by_account(row["account"], row["amount"])

    def by_account(self, account_id, amount):
        """Code of the item for an account, by the direction of the money."""
        return self._by_code(self._code(account_id), amount)

    def _by_code(self, code, amount):
        for length in range(len(code), 0, -1):
            rule = self.rules.get(code[:length])
            if rule:
                return rule[0 if amount > 0 else 1] or self.none
        return self.none

    def _code(self, account_id):
        if account_id not in self.codes:
            accounts = self.env["account.account"].with_company(self.company)
            self.codes[account_id] = accounts.browse(account_id).code or ""
        return self.codes[account_id]

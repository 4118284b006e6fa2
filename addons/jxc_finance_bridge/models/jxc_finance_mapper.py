# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
"""From journal entries to normalised vouchers, in the terms of a target."""

from collections import defaultdict
from decimal import Decimal
from functools import cached_property

from odoo.tools import float_repr

from ..tools.voucher import (
    CUSTOMER,
    DEPARTMENT,
    ONE,
    PROJECT,
    VENDOR,
    Aux,
    Entry,
    Voucher,
)
from ..tools.voucher_group import merge
from .jxc_finance_flows import Flows

#: entries are read in parts of this size, so that memory stays bounded
PART = 1000


class Mapper:
    """Makes vouchers, and notes what has no code in the other system.

    :param env: environment of who asks
    :param company: the company whose entries these are
    :param target: recordset of jxc.finance.target, empty for the default rules
    """

    def __init__(self, env, company, target):
        self.env = env
        self.company = company
        self.target = target
        #: texts: what is missing, in the order it was met
        self.missing = {}
        self._codes = defaultdict(dict)
        for mapping in target.mappings:
            if mapping.cash_flow_item_id:
                # sudo: who reads vouchers need not read the items
                item = mapping.cash_flow_item_id.sudo()
                self._codes["item"][item.code] = mapping
                self._check_standard(item)
                continue
            subject = mapping.account_id or mapping.partner_id
            subject = subject or mapping.analytic_account_id
            self._codes[mapping.kind][subject.id or mapping.word] = mapping
        self._with_flows = bool(
            target.with_cash_flow or self._codes["item"] or self._codes["cash_flow"]
        )
        self._departments = self._analytic_ids(target.department_plan_id)
        self._projects = self._analytic_ids(target.project_plan_id)

    def vouchers(self, moves):
        """Yield the vouchers of posted entries, in their order.

        Entries without any amount are no vouchers and are left out. Names of accounts
        are those of the company's language: other programs ask in none.
        """
        lang = self.company._jxc_lang()
        for start in range(0, len(moves), PART):
            part = moves[start : start + PART]
            part = part.with_company(self.company).with_context(lang=lang)
            heads = part._jxc_voucher_heads()
            part.line_ids.fetch(
                ["account_id", "partner_id", "name", "debit", "credit", "currency_id"]
                + ["amount_currency", "quantity", "analytic_distribution"]
                + ["display_type", "product_id", "sequence", "move_id"]
            )
            flows = self._get_flows(part)
            for move in part:
                entries = self._entries(move, flows)
                if entries:
                    head = heads[move.id]
                    yield Voucher(
                        key=move._jxc_voucher_key(),
                        date=move.date,
                        entries=tuple(entries),
                        **{**head, "word": self._word(head["word"])},
                    )

    def groups(self, moves, grouping):
        """Yield (voucher, its entries): several posted entries as one, see ``merge``.

        :param grouping: "document", "day" or "kind"
        """
        if grouping == "document":
            by_key = {move._jxc_voucher_key(): move for move in moves}
            for voucher in self.vouchers(moves):
                yield voucher, by_key[voucher.key]
            return
        lang = self.company._jxc_lang()
        for group in moves._jxc_voucher_groups(grouping):
            vouchers = list(self.vouchers(group.moves))
            text = group.moves.with_context(lang=lang)._jxc_get_group_text()
            if vouchers:
                yield merge(vouchers, group.key, group.number, text), group.moves

    def _get_flows(self, moves):
        """The items of the cash flow statement, if the other system wants them."""
        return Flows(moves if self._with_flows else moves.browse(), self.company)

    def _entries(self, move, flows):
        lines = move.line_ids.sorted("id")
        # Money that the statement does not count: its account says the item.
        is_cash = (
            self._with_flows
            and not any(flows.of(line) for line in lines)
            and any(line.account_id.account_type == "asset_cash" for line in lines)
        )
        return [
            entry
            for line in lines
            if line.debit or line.credit
            for entry in self._line_entries(move, line, flows.of(line), is_cash)
        ]

    def _line_entries(self, move, line, flows, is_cash):
        account = line.account_id
        mapping = self._codes["account"].get(account.id)
        code, name = self._account(account, mapping)
        aux = self._partner(move, line, mapping)
        if is_cash and account.account_type != "asset_cash":
            flows = [("", ONE)]
        shares = [
            (share * part, (items, flow))
            for flow, part in self._cash_flows(line, flows)
            for share, items in self._shares(line, mapping)
        ]
        for (items, flow), parts in self._parts(line, shares):
            debit, credit, amount, quantity = parts
            if not debit and not credit:
                continue
            yield Entry(
                summary=line._jxc_get_summary(),
                account=code,
                account_name=name,
                debit=debit,
                credit=credit,
                currency=(line.currency_id or self.company.currency_id).name,
                amount_currency=amount,
                rate=self._rate(line, debit - credit, amount),
                quantity=abs(quantity).normalize() + 0,
                aux=(*aux, *items),
                cash_flow=flow,
            )

    def _parts(self, line, shares):
        """[(what a share is for, (debit, credit, amount in its currency, quantity))].

        :param shares: list of (share of the line, what it is for)
        """
        places = self.company.currency_id.decimal_places
        currency = line.currency_id or self.company.currency_id
        columns = (
            _split(line.debit, shares, places),
            _split(line.credit, shares, places),
            _split(line.amount_currency, shares, currency.decimal_places),
            _split(line.quantity if line.product_id else 0, shares, 6),
        )
        return [
            (items, parts)
            for (_share, items), parts in zip(
                shares, zip(*columns, strict=True), strict=True
            )
        ]

    def _rate(self, line, balance, amount):
        if line.currency_id in (self.company.currency_id, False) or not amount:
            return ONE
        return abs(balance / amount).quantize(Decimal("0.000001")) or ONE

    def _account(self, account, mapping):
        if mapping:
            return mapping.external_code, mapping.external_name or account.name
        code = account.code or ""
        if self.target.account_rule == "mapped":
            self._miss(self.env._("Account %(name)s", name=account.display_name))
            return "", account.name
        if self.target.account_rule != "same":
            while len(code) > 4 and code.endswith("00"):
                code = code[:-2]
        return code, account.name

    def _partner(self, move, line, mapping):
        kind = mapping.partner_kind if mapping else False
        if not kind:
            kind = {"asset_receivable": CUSTOMER, "liability_payable": VENDOR}.get(
                line.account_id.account_type
            )
        partner = (line.partner_id or move.partner_id).commercial_partner_id
        if kind not in (CUSTOMER, VENDOR):
            return ()
        if not partner:
            self._miss(self.env._("%(name)s: no partner", name=move.display_name))
            return ()
        mapped = self._codes["partner"].get(partner.id)
        if mapped:
            code, name = mapped.external_code, mapped.external_name or partner.name
        else:
            code = partner.ref if self.target.partner_rule != "mapped" else ""
            name = partner.name
        if not code:
            self._miss(self.env._("Partner %(name)s", name=partner.display_name))
            return ()
        return (Aux(kind, code, name or ""),)

    def _shares(self, line, mapping):
        """[(percentage, auxiliary items)] a line is split into."""
        wanted = {}
        if mapping and mapping.with_department:
            wanted[DEPARTMENT] = self._departments
        if mapping and mapping.with_project:
            wanted[PROJECT] = self._projects
        if not wanted:
            return [(ONE, ())]
        shares, rest = [], ONE
        for key, percentage in (line.analytic_distribution or {}).items():
            ids = [int(part) for part in key.split(",") if part.isdigit()]
            items = self._analytic_items(ids, wanted)
            share = Decimal(str(percentage)) / 100
            if items and share > 0:
                shares.append((share, items))
                rest -= share
        if rest > Decimal("0.0001"):
            self._miss(
                self.env._(
                    "%(name)s: no department or project on account %(account)s",
                    name=line.move_id.display_name,
                    account=line.account_id.display_name,
                )
            )
            shares.append((rest, ()))
        return shares

    def _analytic_items(self, ids, wanted):
        items = []
        for kind, known in wanted.items():
            for id_ in ids:
                if id_ not in known:
                    continue
                mapping = self._codes["analytic"].get(id_)
                account = self.env["account.analytic.account"].browse(id_)
                code = mapping.external_code if mapping else account.code
                if not code:
                    self._miss(
                        self.env._(
                            "Department or project %(name)s", name=account.display_name
                        )
                    )
                    continue
                name = mapping.external_name if mapping else account.name
                items.append(Aux(kind, code, name or ""))
                break
        return tuple(items)

    def _analytic_ids(self, plan):
        if not plan:
            return set()
        accounts = self.env["account.analytic.account"].with_context(active_test=False)
        return set(accounts.search([("root_plan_id", "=", plan.root_id.id)]).ids)

    def _cash_flows(self, line, flows):
        """[(cash-flow code there, share)] of a line, each code once."""
        codes = defaultdict(Decimal)
        for item, share in flows:
            codes[self._cash_flow(line, item)] += share
        return list(codes.items()) or [("", ONE)]

    def _cash_flow(self, line, item):
        """Code there of an item of our statement; an empty one is not known."""
        mapping = self._codes["item"].get(item)
        # An account must not contradict the item that somebody gave the line.
        if not mapping and not line.jxc_cash_flow_item_id:
            mapping = self._codes["cash_flow"].get(line.account_id.id)
        if mapping:
            return mapping.external_code
        if self.target.with_cash_flow or line.jxc_cash_flow_item_id:
            name = self._item_names.get(item)
            self._miss(
                self.env._("Cash-flow item %(name)s", name=name)
                if name
                else self.env._(
                    "Cash-flow item of account %(name)s",
                    name=line.account_id.display_name,
                )
            )
        return ""

    @cached_property
    def _item_names(self):
        """Names of the items of our statements by code."""
        # sudo: who reads vouchers need not read the items
        items = self.env["jxc.cash.flow.item"].sudo()
        found = items.with_context(active_test=False).search([])
        return {item.code: item.display_name for item in found}

    def _word(self, word):
        mapping = self._codes["word"].get(word)
        return mapping.external_code if mapping else word

    def _check_standard(self, item):
        """No money of these books is ever under an item of another standard."""
        if item.chart != self.company.root_id.sudo().chart_template:
            text = self.env._(
                "The code of the cash-flow item %(name)s is for another accounting"
                " standard than that of %(company)s. Give the code to the item of its"
                " own standard.",
                name=item.display_name,
                company=self.company.name,
            )
            self.missing[text] = 1

    def _miss(self, text):
        self.missing[self.env._("%(what)s: no code in the other system", what=text)] = 1


def _split(amount, shares, places):
    """Split an amount by shares; the last part takes what rounding leaves.

    >>> _split(10.0, [(Decimal("0.5"), ()), (Decimal("0.5"), ())], 2)
    [Decimal('5.00'), Decimal('5.00')]
    """
    amount = Decimal(float_repr(amount or 0.0, places))
    unit = Decimal(1).scaleb(-places)
    parts = [(amount * share).quantize(unit) for share, _items in shares[:-1]]
    return [*parts, amount - sum(parts, Decimal(0))]

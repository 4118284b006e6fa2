# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
import re
import unicodedata
from collections import defaultdict

from odoo import models
from odoo.fields import Command

from odoo.addons.base.models.res_bank import sanitize_account_number

from ..tools.settlement import Item, numbers, propose
from .account_bank_statement_line_share import CERTAIN
from .jxc_settlement import SIDES

#: What money in and out settles, by its sign: first what is sold or bought, then
#: refunds of the other side.
SETTLED = {
    1: (SIDES["receivable"][0], SIDES["payable"][1]),
    -1: (SIDES["payable"][0], SIDES["receivable"][1]),
}
VAT = re.compile(r"[0-9A-Z]{15,20}")


def _name(text):
    """A company's name as it is compared: half-width brackets, no spaces."""
    return re.sub(r"\s", "", unicodedata.normalize("NFKC", text or "")).upper()


def _by_number(found):
    """{document number: open items} of {(partner, currency): open items}."""
    numbered = defaultdict(list)
    for items in found.values():
        for item in items:
            for number in numbers(item.own):
                numbered[number].append(item)
    return numbered


class AccountBankStatementLine(models.Model):
    """Proposals: whose money it is and what it settles."""

    _inherit = "account.bank.statement.line"

    def action_jxc_propose(self):
        """Propose partner and documents for lines that are not matched yet.

        Partners are found by bank account, name or tax id, else by the number of a
        document in the memo; documents by number, equal amount or age. Fees and
        interest, which are nobody's, get an account by the words of the memo. A number
        of queries that does not grow with the lines.
        """
        self._jxc_check_may_match()
        for company, lines in self.grouped("company_id").items():
            open_lines = lines.filtered(lambda line: not line.is_reconciled)
            if open_lines:
                open_lines._jxc_propose(company)
        return True

    def _jxc_propose(self, company):
        settlements = self.env["jxc.settlement"]
        day = max(self.mapped("date"))
        partners = self._jxc_find_partners()
        # All at once: what is written on each is compared with it.
        self.mapped("jxc_proposed_line_ids")
        taken, promised = self._jxc_get_promised()
        for sign, sides in SETTLED.items():
            lines = self.filtered(lambda line, sign=sign: line.amount * sign > 0)
            if not lines:
                continue
            found = [settlements._jxc_read_open(company, side, day) for side in sides]
            numbered = [_by_number(items) for items in found]
            named = {line: line._jxc_find_named(numbered) for line in lines}
            refunds = self._jxc_get_refunds(found[1])
            # Who names a document goes before who may be meant by its age.
            naming = lines.filtered(lambda line, named=named: any(named[line]))
            for line in [*naming._jxc_by_day(), *(lines - naming)._jxc_by_day()]:
                partner = partners.get(line.id)
                line._jxc_propose_one(
                    partner, found, named[line], refunds, taken, promised
                )
        self._jxc_propose_accounts(company)

    def _jxc_get_refunds(self, found):
        """Ids of those open items that are credit notes, in one query."""
        ids = [item.id for items in found.values() for item in items]
        items = self.env["account.move.line"].search(
            [("id", "in", ids), ("move_type", "in", ("out_refund", "in_refund"))]
        )
        return set(items.ids)

    def _jxc_get_promised(self):
        """Two of {open item id: what other lines settle of it}: surely, and perhaps."""
        taken, promised = defaultdict(int), defaultdict(int)
        for line, parts in (self._jxc_get_proposed() - self)._jxc_get_shares().items():
            amounts = taken if line.jxc_proposal in CERTAIN else promised
            for claim, part in parts.items():
                amounts[claim.id] += part
        return taken, promised

    def _jxc_propose_one(self, partner, found, named, refunds, taken, promised):
        """Write the proposal of one line.

        :param found: open items by partner and currency, of each side in ``SETTLED``
        :param named: open items whose numbers the line names, of each side
        :param refunds: ids of the credit notes of the second side
        :param taken: {open item id: what others settle of it}; what this one does is
            added
        :param promised: what lines settle of it that were proposed for before by its
            age or amount; who names a document goes before them
        """
        partner_id = partner.id if partner else None
        owners = {item.partner_id for items in named for item in items}
        if not partner_id and len(owners) == 1:
            [partner_id] = owners
        own = [
            [item for item in items if item.partner_id == partner_id] for items in named
        ]
        # Of one side only: the line is booked on one account.
        meant = next(filter(None, own), []) if partner_id else []
        chosen = [item for item in meant if self._jxc_left(item, taken) > 0]
        method = "document" if chosen else None
        if partner_id and not meant:
            key = (partner_id, self.currency_id.id)
            free = [
                [
                    item
                    for item in items.get(key, ())
                    if self._jxc_left(item, taken, promised) > 0
                ]
                for items in found
            ]
            method, chosen = self._jxc_choose_side(free, refunds, taken, promised)
        parts = self._jxc_take(chosen, taken, *([] if meant else [promised]))
        # sudo: kept by the server
        self.sudo().jxc_proposed_parts = parts
        self.write(
            {
                "jxc_proposed_partner_id": partner_id or False,
                "jxc_proposed_line_ids": [Command.set([item.id for item in chosen])],
                "jxc_account_id": False,
                "jxc_proposal": (method or "partner") if partner_id else False,
            }
        )

    def _jxc_by_day(self):
        return self.sorted(lambda line: (line.date, line.id))

    def _jxc_left(self, item, *settled):
        """What of an open item no other line settles, in units of the currency."""
        left = self._jxc_units(abs(item.residual))
        return left - sum(amounts[item.id] for amounts in settled)

    def _jxc_take(self, chosen, taken, *promised):
        """Add what the line settles of open items, oldest first, to ``taken``.

        :return: the same of this line, as it is kept
        """
        parts = {}
        money = self._jxc_units(abs(self.amount))
        for item in sorted(chosen, key=lambda item: (item.due, item.id)):
            part = max(0, min(money, self._jxc_left(item, taken, *promised)))
            taken[item.id] += part
            parts[str(item.id)] = part
            money -= part
        return parts

    def _jxc_find_named(self, numbered):
        """Open items whose numbers the line names, of each side."""
        names = numbers(self.payment_ref, self.move_id.ref)
        return [
            list(
                {
                    item.id: item
                    for name in names
                    for item in items.get(name, ())
                    if item.currency_id == self.currency_id.id
                }.values()
            )
            for items in numbered
        ]

    def _jxc_choose_side(self, sides, refunds, *settled):
        """(how they were found, open items) of the side that fits better.

        An equal amount on the second side fits better than what is due on the first.
        What is just due on the second is proposed if it is a credit note: money out to
        a vendor is an advance rather than a receipt paid back.
        """
        first, second = (self._jxc_choose(candidates, *settled) for candidates in sides)
        if first[0] != "amount" and second[0] == "amount":
            return second
        if first[0]:
            return first
        refunded = [item for item in sides[1] if item.id in refunds]
        return self._jxc_choose(refunded, *settled)

    def _jxc_choose(self, candidates, *settled):
        """(how they were found, open items that the line's amount settles)."""
        money = self._jxc_units(abs(self.amount))
        for method in ("amount", "due"):
            items = [
                Item(item, self._jxc_left(item, *settled), item.due)
                for item in candidates
            ]
            for place, item in enumerate(items):
                item.key, item.due = place, (item.due, place)
            result = propose(method, items, [Item(0, money, (0,))])
            chosen = [candidates[item.key] for item in result.claims if item.settled]
            if chosen:
                return method, chosen
        return None, []

    def _jxc_find_partners(self):
        """{line id: commercial partner} by bank account, name or tax id."""
        accounts, names, vats = {}, {}, {}
        for line in self:
            if line.account_number:
                accounts[line.id] = sanitize_account_number(line.account_number)
            texts = f"{line.partner_name or ''} {line.payment_ref or ''}".upper()
            names[line.id] = _name(line.partner_name)
            vats[line.id] = VAT.findall(texts)
        domain = self.env["res.partner"]._check_company_domain(self.company_id)
        banks = defaultdict(set)
        for bank in self.env["res.partner.bank"].search(
            [
                ("sanitized_acc_number", "in", list(set(accounts.values()))),
                ("partner_id", "any", domain),
            ]
        ):
            banks[bank.sanitized_acc_number].add(bank.partner_id.commercial_partner_id)
        by_vat = defaultdict(set)
        wanted = {vat for found in vats.values() for vat in found}
        partners = self.env["res.partner"]
        for partner in partners.search([*domain, ("vat", "in", list(wanted))]):
            by_vat[partner.vat].add(partner.commercial_partner_id)
        by_name = defaultdict(set)
        spellings = set(self.filtered("partner_name").mapped("partner_name"))
        spellings |= {unicodedata.normalize("NFKC", name) for name in spellings}
        spellings |= {name.replace("(", "（").replace(")", "）") for name in spellings}
        for partner in partners.search([*domain, ("name", "in", list(spellings))]):
            by_name[_name(partner.name)].add(partner.commercial_partner_id)
        result = {}
        for line in self:
            ways = [
                {line.partner_id.commercial_partner_id} if line.partner_id else set(),
                banks.get(accounts.get(line.id), set()),
                by_name.get(names[line.id], set()),
                *(by_vat.get(vat, set()) for vat in vats[line.id]),
            ]
            # Whoever is not the only one is not found.
            result[line.id] = next(
                (next(iter(way)) for way in ways if len(way) == 1), None
            )
        return result

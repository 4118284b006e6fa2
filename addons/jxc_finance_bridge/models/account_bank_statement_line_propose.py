# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
import re
import unicodedata
from collections import defaultdict

from odoo import models
from odoo.fields import Command

from odoo.addons.base.models.res_bank import sanitize_account_number

from ..tools.settlement import Item, numbers, propose
from .jxc_settlement import SIDES

VAT = re.compile(r"[0-9A-Z]{15,20}")


def _name(text):
    """A company's name as it is compared: half-width brackets, no spaces."""
    return re.sub(r"\s", "", unicodedata.normalize("NFKC", text or "")).upper()


class AccountBankStatementLine(models.Model):
    """Proposals: whose money it is and what it settles."""

    _inherit = "account.bank.statement.line"

    def action_jxc_propose(self):
        """Propose partner and documents for lines that are not matched yet.

        Partners are found by bank account, name or tax id, else by the number of a
        document in the memo; documents by number, equal amount or age. A number of
        queries that does not grow with the lines.
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
        taken = set()
        for sign, kind in ((1, "receivable"), (-1, "payable")):
            lines = self.filtered(lambda line, sign=sign: line.amount * sign > 0)
            if not lines:
                continue
            found = settlements._jxc_read_open(company, SIDES[kind][0], day)
            numbered = defaultdict(list)
            for items in found.values():
                for item in items:
                    for number in numbers(item.own):
                        numbered[number].append(item)
            for line in lines.sorted(lambda line: (line.date, line.id)):
                line._jxc_propose_one(partners.get(line.id), found, numbered, taken)

    def _jxc_propose_one(self, partner, found, numbered, taken):
        """Write the proposal of one line; items in ``taken`` are promised to others."""
        named = numbers(self.payment_ref, self.move_id.ref)
        claims = {
            item.id: item
            for number in named
            for item in numbered.get(number, ())
            if item.currency_id == self.currency_id.id and item.id not in taken
        }
        partner_id = partner and partner.id
        if partner_id:
            claims = {
                key: item
                for key, item in claims.items()
                if item.partner_id == partner_id
            }
        elif len({item.partner_id for item in claims.values()}) == 1:
            partner_id = next(iter(claims.values())).partner_id
        else:
            claims = {}
        method = "document" if claims else None
        chosen = list(claims.values())
        if partner_id and not chosen:
            candidates = [
                item
                for item in found.get((partner_id, self.currency_id.id), ())
                if item.id not in taken
            ]
            method, chosen = self._jxc_choose(candidates)
        chosen = chosen if partner_id else []
        taken.update(item.id for item in chosen)
        self.write(
            {
                "jxc_proposed_partner_id": partner_id or False,
                "jxc_proposed_line_ids": [Command.set([item.id for item in chosen])],
                "jxc_proposal": (method or "partner") if partner_id else False,
            }
        )

    def _jxc_choose(self, candidates):
        """(how they were found, open items that the line's amount settles)."""
        money = self._jxc_units(abs(self.amount))
        for method in ("amount", "due"):
            items = [
                Item(item, self._jxc_units(abs(item.residual)), item.due)
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
            [("sanitized_acc_number", "in", list(set(accounts.values())))]
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

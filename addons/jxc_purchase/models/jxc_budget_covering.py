# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from collections import defaultdict

from odoo import fields, models
from odoo.fields import Domain

from ..tools import sources, token


class JxcBudgetCovering(models.AbstractModel):
    """Lets overrides cover what a document takes beyond its budget lines.

    An override covers no more than what is missing when its document asks, and never
    more than its document holds on that line. What the document gives back, the
    override no longer covers. So nobody else gets a part of it.
    """

    _name = "jxc.budget.covering"
    _description = "Purchase Budget: Overrides"

    def _covers_after(self, changes, found):
        """Return ``{override: amount}`` of overrides that will cover less than now.

        Only what gives back can make them: most events ask nothing here.
        """
        line_ids = {key.line_id for key, amount in changes.items() if amount < 0}
        overrides = self.env["jxc.budget.override"]
        if line_ids:
            overrides = overrides.search(
                [("line_id", "in", sorted(line_ids)), ("state", "=", "used")]
            )
        if not overrides:
            return {}
        chains = self._chains(found)
        held = overrides._amounts_held()
        covers = {}
        for override in overrides:
            document = override.res_model, override.res_id
            change = sum(
                amount
                for key, amount in changes.items()
                if key.line_id == override.line_id.id
                and document in self._chain_of(key, chains)
            )
            after = max(0.0, min(override.amount_used, held[override.id] + change))
            after = override.currency_id.round(after)
            if after != override.amount_used:
                covers[override] = after
        return covers

    def _cover(self, shortages, changes, found, covers):
        """Cover what is missing by overrides of the documents that ask.

        :param dict covers: ``{override: amount}``, extended here
        :return: whether anything could be covered
        """
        judged = self.env["jxc.purchase.budget.line"].browse(
            [short.resource_id for short in shortages]
        )
        parts = judged._judged_with()
        chains = self._chains(found)
        asking = defaultdict(set)
        for key, amount in changes.items():
            if amount > 0:
                asking[key.line_id] |= self._chain_of(key, chains)
        today = fields.Date.context_today(self)
        overrides = self.env["jxc.budget.override"].search(
            Domain("line_id", "in", list(asking))
            & (
                Domain("state", "=", "used")
                | Domain("state", "=", "open")
                & (Domain("date_until", "=", False) | Domain("date_until", ">=", today))
            ),
            order="id",
        )
        new = defaultdict(float)
        for short in shortages:
            lines = parts[judged.browse(short.resource_id)]
            missing = short.missing - sum(new[line.id] for line in lines)
            for override in overrides:
                document = override.res_model, override.res_id
                line = override.line_id
                if line not in lines or document not in asking[line.id]:
                    continue
                covered = covers.get(override, override.amount_used)
                share = override.currency_id.round(
                    min(missing, override.amount - covered)
                )
                if share > 0:
                    covers[override] = override.currency_id.round(covered + share)
                    new[line.id] += share
                    missing -= share
        return bool(new)

    def _use_covers(self, covers):
        """Write down what overrides cover; also what keeps others from it."""
        marked = {token.ENGINE: token.Engine()}
        for override, amount in covers.items():
            values = {"amount_used": amount, "state": "used" if amount else "ended"}
            if override.state == "open":
                values["used_at"] = fields.Datetime.now()
            override.with_context(**marked).write(values)

    def _chains(self, found):
        """Return ``{source key: documents whose overrides count}``, batched.

        The overrides of a request count for the orders made of it as well, those of an
        order for its bills.
        """
        ids = {id_ for source in found for id_ in source.request_line_ids}
        lines = self.env["jxc.purchase.request.line"].browse(ids)
        request_of = {line.id: line.request_id.id for line in lines}
        behind = {
            source.record: {(sources.ORDER, source.document.id)}
            | {(sources.REQUEST, request_of[id_]) for id_ in source.request_line_ids}
            for source in found
            if source.stage == "committed"
        }
        return {
            source.key: {(source.document._name, source.document.id)}
            | behind.get(source.record, set())
            | behind.get(source.order_line, set())
            for source in found
        }

    def _chain_of(self, key, chains):
        return chains.get(key.source) or {(key.res_model, key.res_id)}

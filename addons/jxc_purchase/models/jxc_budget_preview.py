# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from collections import defaultdict

from odoo import models
from odoo.tools import format_amount

from ..tools import sources

SEVERITY = ["none", "ok", "warning", "over"]


class JxcBudgetPreview(models.AbstractModel):
    """Tells early, while a document is still a draft, what its budgets would say.

    Only a hint: it reads without the gate. Submitting and confirming decide.
    """

    _name = "jxc.budget.preview"
    _inherit = ["jxc.budget.reader", "jxc.budget.preview.judge"]
    _description = "Purchase Budget: Hints"

    def _preview_lines(self, order_lines):
        """Return ``{order line: (budget line, available amount)}``, batched."""
        lines = order_lines.sudo()
        nothing = self.env["jxc.purchase.budget.line"]
        answers = {line: (nothing, 0.0) for line in order_lines}
        found, budget_lines = self._preview(
            self.sudo()._order_sources(lines, confirming=True)
        )
        for source in found:
            for line_id in source.budget_line_ids[:1]:
                line = budget_lines.browse(line_id).with_prefetch(budget_lines.ids)
                answers[source.record] = (line, line.amount_available)
        return answers

    def _preview_request_lines(self, request_lines):
        """Return ``{request line: budget line}``, batched."""
        answers = dict.fromkeys(request_lines, self.env["jxc.purchase.budget.line"])
        found, budget_lines = self._preview(
            self.sudo()._request_sources(request_lines.sudo(), drafts=True)
        )
        for source in found:
            for line_id in source.budget_line_ids[:1]:
                line = budget_lines.browse(line_id).with_prefetch(budget_lines.ids)
                answers[source.record] = line
        return answers

    def _preview_orders(self, orders):
        """Return ``{order: (budget state, hint)}``, batched."""
        current = orders.filtered(lambda order: order.state != "cancel").sudo()
        found = self.sudo()._order_sources(current.order_line, confirming=True)
        behind = self.sudo()._requests_behind(
            source for source in found if self._is_draft(source.document)
        )
        return self._preview_documents(orders, found, behind)

    def _preview_requests(self, requests):
        """Return ``{request: (budget state, hint)}``, batched."""
        current = requests.sudo().filtered(
            lambda request: request.decision in ("draft", *sources.HOLDING)
        )
        found = self.sudo()._request_sources(current.line_ids, drafts=True)
        return self._preview_documents(requests, found)

    def _preview_bills(self, bills):
        """Return ``{draft bill: (budget state, hint)}``, batched."""
        if not bills:
            return {}
        found = self.sudo()._bill_sources(bills.sudo().invoice_line_ids, drafts=True)
        return self._preview_documents(
            bills, [source for source in found if source.counts]
        )

    def _preview_missing(self, document):
        """Return ``{budget line: amount missing}`` of one document that is no more than
        a draft; lines that suffice are 0.0."""
        self = self.sudo()
        document = document.sudo()
        behind = ()
        if document._name == sources.REQUEST:
            found = self._request_sources(document.line_ids, drafts=True)
        elif document._name == sources.ORDER:
            found = self._order_sources(document.order_line, confirming=True)
            behind = self._requests_behind(found)
        else:
            found = self._bill_sources(document.invoice_line_ids, drafts=True)
        found, budget_lines = self._preview(found)
        freed = {
            "reserved": self._preview_released(found, behind),
            "committed": self._preview_taken_over(found),
        }
        offsets = self._preview_offsets(found)
        asked = self._preview_asked(found, offsets[document._origin])
        needed = self._preview_needed(budget_lines, asked, freed)
        read = self._preview_read(budget_lines)
        allowed = self._preview_allowed(found, budget_lines)
        allowed = {id_: allowed[document, id_] for id_ in budget_lines.ids}
        stage = found[0].stage if found else "committed"
        given = self._preview_given_way(budget_lines, stage, asked, freed)
        answers = self._preview_answers(budget_lines, needed, read, allowed, given)
        missing, told = {}, defaultdict(float)
        for line, answer in answers.items():
            short = answer.shortage
            rest = short.missing - told[short.resource_id] if short else 0.0
            most = needed[line.id] + given[line.id]
            missing[line] = line.currency_id.round(max(min(rest, most), 0.0))
            if short:
                told[short.resource_id] += missing[line]
        return missing

    def _preview_asked(self, found, offsets):
        """Return ``{budget line id: amount}`` of sources in full.

        :param offsets: ``{budget line id: amount}``, see ``_preview_offsets``
        """
        asked = defaultdict(float, offsets)
        for source in found:
            for line_id, _account_id, part in self._parts(source):
                asked[line_id] += part
        return asked

    def _preview_needed(self, budget_lines, asked, freed):
        """Return ``{budget line id: amount}``, net of what is taken over."""
        return {
            id_: asked[id_] - sum(of_stage[id_] for of_stage in freed.values())
            for id_ in budget_lines.ids
        }

    def _preview_taken_over(self, found):
        """Return ``{budget line id: amount}`` that bills take over from their orders.

        What an order committed is freed by its bill, as far as something is left of it.
        """
        taken = defaultdict(float)
        bills = [
            source for source in found if source.stage == "actual" and source.order_line
        ]
        if not bills:
            return taken
        order_lines = self.env["purchase.order.line"].union(
            *(source.order_line for source in bills)
        )
        order_lines = self._with_companions(order_lines)
        left = {}
        for ordered in self.sudo()._order_sources(order_lines):
            ordered.match = ordered.stored_match
            left[ordered.record.id] = ordered
        posted = self.sudo()._posted_ahead(order_lines)
        before = self._offsets_by_line([*left.values(), *posted])
        for source in bills:
            ordered = left.get(source.order_line.id)
            if not ordered or not ordered.match:
                continue
            open_amount = ordered.amount
            part = self._preview_billed_part(source)
            ordered.amount = min(open_amount, ordered.total * part)
            for line_id, _account_id, amount in self._parts(ordered):
                taken[line_id] += amount
            ordered.amount = open_amount - ordered.amount
        after = self._offsets_by_line([*left.values(), *posted, *bills])
        for line_id in {*before, *after}:
            taken[line_id] += before[line_id] - after[line_id]
        return taken

    def _preview_billed_part(self, source):
        """Return which part of its order line a bill line bills, 0.0 to 1.0."""
        order_line, line = source.order_line, source.record
        unit, quantity = line.product_uom_id, line.quantity
        if unit and unit._has_common_reference(order_line.product_uom_id):
            quantity = unit._compute_quantity(
                quantity, order_line.product_uom_id, round=False
            )
        if not order_line.product_qty or source.document.move_type == "in_refund":
            return 0.0
        return min(abs(quantity / order_line.product_qty), 1.0)

    def _preview_documents(self, documents, found, behind=()):
        """Return ``{document: (budget state, hint)}``.

        :param found: the sources of the documents, as if they were in force
        :param behind: request lines that would give back what the documents take over
        """
        answers = {document: ("none", False) for document in documents}
        found, budget_lines = self._preview(found)
        limits = budget_lines._limits()
        read = self._preview_read(budget_lines)
        released = self._preview_released(found, behind)
        allowed = self._preview_allowed(found, budget_lines)
        offsets = self._preview_offsets(found)
        by_document = defaultdict(list)
        for source in found:
            by_document[source.document].append(source)
        for document, own in by_document.items():
            beyond = {line.id: allowed[document, line.id] for line in budget_lines}
            freed = {"reserved": released, "committed": self._preview_taken_over(own)}
            asked = self._preview_asked(own, offsets[document._origin])
            answers[document] = self._preview_document(
                document, own, limits, asked, freed, read, beyond
            )
        return answers

    def _preview(self, found):
        """Return the given sources, matched, and all their budget lines."""
        self = self.sudo()
        index = self._index(found)
        if not index and not self._is_tracked(found):
            return [], self.env["jxc.purchase.budget.line"]
        for source in found:
            source.is_fresh = self._is_draft(source.document)
        billed = self.env["purchase.order.line"].union(
            *(source.order_line for source in found if source.order_line)
        )
        self._match([*self._posted_ahead(billed), *found], index)
        line_ids = {line_id for source in found for line_id in source.budget_line_ids}
        return found, self.env["jxc.purchase.budget.line"].browse(sorted(line_ids))

    def _is_draft(self, document):
        if document._name == sources.REQUEST:
            return document.decision not in sources.HOLDING
        if document._name == sources.BILL:
            return document.state != "posted"
        return document.state != "purchase"

    def _preview_released(self, found, behind):
        """Return ``{budget line id: amount}`` that requests would give back.

        Taken together for all documents of the list; exact for one.
        """
        released = defaultdict(float)
        if not behind:
            return released
        self = self.sudo()
        order_lines = self.env["purchase.order.line"].union(
            *(source.record for source in found)
        )
        before = self._request_sources(behind)
        after = self._request_sources(behind, confirming=order_lines)
        for sign, several in ((1, before), (-1, after)):
            for source in several:
                source.match = source.stored_match
                for line_id, _account_id, part in self._parts(source):
                    released[line_id] += sign * part
        return released

    def _preview_document(self, document, own, limits, asked, freed, read, beyond):
        is_draft = self._is_draft(document)
        free = sum(source.match["free"] for source in own)
        every = self.env["jxc.purchase.budget.line"].sudo().union(*limits)
        # What is read of one document's lines is read of those of all documents.
        lines = every.filtered(lambda line: line.id in asked).with_prefetch(every.ids)
        needed, given = dict.fromkeys(lines.ids, 0.0), {}
        if is_draft:
            needed = self._preview_needed(lines, asked, freed)
            given = self._preview_given_way(lines, own[0].stage, asked, freed)
        answers = self._preview_answers(lines, needed, read, beyond, given)
        state = "none"
        texts = []
        for line in lines:
            line_state, line_texts = self._preview_line(
                document, line, own[0].stage, limits[line], answers[line], needed, read
            )
            if not answers[line].shortage or line_state != "over":
                line_texts.insert(
                    0,
                    self._preview_text(
                        line, limits[line], asked[line.id], needed[line.id], is_draft
                    ),
                )
            texts += [text for text in line_texts if text not in texts]
            state = max(state, line_state, key=SEVERITY.index)
        if free and is_draft:
            rule = document.company_id.jxc_budget_missing
            free_state = {"warn": "warning", "block": "over"}.get(rule, "none")
            state = max(state, free_state, key=SEVERITY.index)
            if rule != "allow" or texts:
                currency = document.company_id.currency_id
                texts.append(
                    self.env._(
                        "Without budget: %s", format_amount(self.env, free, currency)
                    )
                )
        return state, "\n".join(texts) or False

    def _preview_line(self, document, line, stage, limit, answer, needed, read):
        """Return ``(state, texts)`` of one budget line of a document."""
        if line._control_of(stage) == "none":
            return "ok", []
        if answer.shortage:
            return "over", [self._preview_short_text(answer.shortage, document)]
        if not self._is_draft(document) and self._preview_is_over(line, read):
            return "over", []
        if answer.covered:
            money = format_amount(self.env, answer.covered, line.currency_id)
            return "warning", [self.env._("An override of %s covers the rest.", money)]
        return "warning" if limit.is_scarce(needed[line.id]) else "ok", []

    def _preview_text(self, line, limit, asked, needed, is_draft):
        def money(amount):
            return format_amount(self.env, amount, line.currency_id)

        values = {
            "line": line.display_name,
            "planned": money(limit.base),
            "available": money(limit.available),
            "asked": money(asked),
        }
        if not is_draft:
            return self.env._(
                "%(line)s: planned %(planned)s, available %(available)s, this document"
                " holds %(asked)s",
                **values,
            )
        held = line.currency_id.round(asked - needed)
        if line.currency_id.is_zero(held):
            return self.env._(
                "%(line)s: planned %(planned)s, available %(available)s, this document"
                " asks %(asked)s",
                **values,
            )
        return self.env._(
            "%(line)s: planned %(planned)s, available %(available)s, this document asks"
            " %(asked)s, of which %(held)s is held for it already",
            held=money(held),
            **values,
        )

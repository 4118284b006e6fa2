# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from collections import defaultdict

from odoo import models
from odoo.tools import format_amount

SEVERITY = ["none", "ok", "warning", "over"]


class JxcBudgetPreview(models.AbstractModel):
    """Tells early, while an order is still a draft, what its budgets would say.

    Only a hint: it reads without the gate. Confirming decides.
    """

    _name = "jxc.budget.preview"
    _inherit = ["jxc.budget.reader"]
    _description = "Purchase Budget: Hints"

    def _preview_lines(self, order_lines):
        """Return ``{order line: (budget line, available amount)}``, batched."""
        lines = order_lines.sudo()
        nothing = self.env["jxc.purchase.budget.line"]
        answers = {line: (nothing, 0.0) for line in order_lines}
        found, budget_lines = self._preview(lines)
        for source in found:
            for line_id in source.budget_line_ids[:1]:
                line = budget_lines.browse(line_id)
                answers[source.record] = (line, line.amount_available)
        return answers

    def _preview_orders(self, orders):
        """Return ``{order: (budget state, hint)}``, batched."""
        answers = {order: ("none", False) for order in orders}
        current = orders.filtered(lambda order: order.state != "cancel").sudo()
        found, budget_lines = self._preview(current.order_line)
        used = budget_lines._used_amounts()
        by_order = defaultdict(list)
        for source in found:
            by_order[source.document].append(source)
        for order, of_order in by_order.items():
            answers[order] = self._preview_order(order, of_order, budget_lines, used)
        return answers

    def _preview(self, order_lines):
        """Return the sources of order lines, matched, and all their budget lines."""
        self = self.sudo()
        found = self._order_sources(order_lines, confirming=True)
        index = self._index(found)
        if not index and not self._is_tracked(found):
            return [], self.env["jxc.purchase.budget.line"]
        for source in found:
            source.is_fresh = source.document.state != "purchase"
        self._match(found, index)
        line_ids = {line_id for source in found for line_id in source.budget_line_ids}
        return found, self.env["jxc.purchase.budget.line"].browse(sorted(line_ids))

    def _preview_order(self, order, of_order, budget_lines, used):
        is_draft = order.state != "purchase"
        asked = defaultdict(float)
        free = 0.0
        for source in of_order:
            free += source.match["free"]
            for line_id, _account_id, part in self._parts(source):
                asked[line_id] += part
        state = "none"
        texts = []
        for line in budget_lines.filtered(lambda line: line.id in asked):
            after = used[line.id] + (asked[line.id] if is_draft else 0.0)
            state = max(state, self._preview_state(line, after), key=SEVERITY.index)
            texts.append(self._preview_text(line, asked[line.id], is_draft))
        if free and is_draft:
            rule = order.company_id.jxc_budget_missing
            free_state = {"warn": "warning", "block": "over"}.get(rule, "none")
            state = max(state, free_state, key=SEVERITY.index)
            if rule != "allow" or texts:
                texts.append(
                    self.env._(
                        "Without budget: %s",
                        format_amount(self.env, free, order.company_id.currency_id),
                    )
                )
        return state, "\n".join(texts) or False

    def _preview_state(self, line, used):
        if line.control == "none":
            return "ok"
        if line._is_over(used):
            return "over"
        if line.budget_id.state == "closed" and line.control == "block":
            return "over"
        return "warning" if line._is_scarce(used) else "ok"

    def _preview_text(self, line, asked, is_draft):
        values = {
            "line": line.display_name,
            "available": format_amount(
                self.env, line.amount_available, line.currency_id
            ),
            "asked": format_amount(self.env, asked, line.currency_id),
        }
        if is_draft:
            return self.env._(
                "%(line)s: available %(available)s, this order asks %(asked)s", **values
            )
        return self.env._(
            "%(line)s: available %(available)s, this order holds %(asked)s", **values
        )

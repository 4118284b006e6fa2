# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from collections import defaultdict

from odoo import models
from odoo.exceptions import UserError
from odoo.fields import Domain

from ..tools import sources, token

#: Stages of what is still open, and the lines of their documents.
OPEN_STAGES = {
    "committed": (sources.ORDER, "purchase.order.line", "jxc_budget_date"),
    "reserved": (sources.REQUEST, "jxc.purchase.request.line", "budget_date"),
}


class JxcPurchaseBudgetTransfer(models.Model):
    """Open commitments move along when a budget is carried forward."""

    _inherit = "jxc.purchase.budget.transfer"

    def _carry(self, lost):
        """Move what is open, and judge it together with the amounts that move.

        Bills from the new period on count there as well; what was billed before stays,
        and so does what was paid ahead.

        :param lost: ``{budget line id: amount}`` that the limits lose, see ``_take``
        :raise UserError: a budget line does not suffice, or a document would move that
            others hold, too
        """
        moved = {}
        for stage, (document_model, name, field) in OPEN_STAGES.items():
            holders = self._holders(stage, document_model)
            lines = self.env[name].browse(holders).exists()
            days = self._carried_days(lines, holders)
            marked = lines.with_context(**{token.ENGINE: token.Engine()})
            for day in sorted(set(days.values())):
                ids = [line_id for line_id, of_line in days.items() if of_line == day]
                marked.browse(ids).write({field: day})
            moved[name] = lines
        order_lines = moved["purchase.order.line"]
        order_lines |= order_lines.order_id.order_line._jxc_follow_goods()
        self.env["jxc.budget.engine"]._sync(
            order_lines=order_lines,
            request_lines=moved["jxc.purchase.request.line"],
            lost=lost,
        )

    def _holders(self, stage, document_model):
        """Return ``{document line id: budget lines}`` of what the budgets hold.

        Of the documents that a budget line which is carried holds; with all budget
        lines that hold them, also those that are not carried. Below zero as well: so
        much less is held because of discounts and down payments.
        """
        held = Domain("stage", "=", stage) & Domain("res_model", "=", document_model)
        carried = self._open_entries(
            held & Domain("line_id", "in", self.line_ids.line_from_id.ids)
        )
        ids = [line_id for _budget_line, line_id in carried]
        holders = defaultdict(self.env["jxc.purchase.budget.line"].browse)
        for budget_line, line_id in self._open_entries(
            held & Domain("res_line_id", "in", ids)
        ):
            holders[line_id] |= budget_line
        return holders

    def _open_entries(self, domain):
        groups = self.env["jxc.budget.entry"]._read_group(
            domain, ["line_id", "res_line_id"], ["amount:sum"]
        )
        return [
            (budget_line, line_id)
            for budget_line, line_id, amount in groups
            if not budget_line.currency_id.is_zero(amount)
        ]

    def _carried_days(self, lines, holders):
        """Return ``{document line id: day it counts on}``.

        A line has one day for all its shares. So what is split over several budget
        lines moves only where all of them move along or count that day anyway.

        :param holders: see :meth:`_holders`
        :raise UserError: naming the documents, and the budget lines to carry with them
        """
        targets = {line.line_from_id: line.line_to_id for line in self.line_ids}
        days, torn = {}, []
        for line in lines:
            budget_lines = holders[line.id]
            moving = [targets[one] for one in budget_lines if one in targets]
            days[line.id] = day = max(target.date_from for target in moving)
            left = budget_lines.filtered(
                lambda one, day=day: (
                    not targets.get(one, one).date_from
                    <= day
                    <= targets.get(one, one).date_to
                )
            )
            if left:
                torn.append((line, left))
        if torn:
            raise UserError(self._text_torn(torn))
        return days

    def _text_torn(self, torn):
        texts = [
            self.env._(
                "%(document)s, %(line)s: also held by %(budgets)s",
                document=line[line._jxc_approval_document].display_name,
                line=line.name,
                budgets=", ".join(left.mapped("display_name")),
            )
            for line, left in torn
        ]
        return self.env._(
            "What is split over several budget lines moves as a whole. Carry all of "
            "them together, to periods that share a day:\n%s",
            "\n".join(f"- {text}" for text in texts),
        )

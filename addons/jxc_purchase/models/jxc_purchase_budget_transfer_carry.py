# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from collections import defaultdict

from odoo import models

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

        Bills from the new period on count there as well; what was billed before stays.

        :param lost: ``{budget line id: amount}`` that the limits lose, see ``_take``
        :raise UserError: a budget line does not suffice
        """
        moved = {name: self.env[name].browse() for _m, name, _f in OPEN_STAGES.values()}
        for stage, (document_model, name, field) in OPEN_STAGES.items():
            held = self._open_ids(stage, document_model)
            for line in self.line_ids:
                lines = moved[name].browse(held[line.line_from_id.id]).exists()
                marked = lines.with_context(**{token.ENGINE: token.Engine()})
                marked.write({field: line.line_to_id.date_from})
                moved[name] |= lines
        self.env["jxc.budget.engine"]._sync(
            order_lines=moved["purchase.order.line"],
            request_lines=moved["jxc.purchase.request.line"],
            lost=lost,
        )

    def _open_ids(self, stage, document_model):
        """Return ``{budget line id: ids of document lines that hold it}``."""
        entries = self.env["jxc.budget.entry"]._read_group(
            [
                ("line_id", "in", self.line_ids.line_from_id.ids),
                ("stage", "=", stage),
                ("res_model", "=", document_model),
            ],
            ["line_id", "res_line_id"],
            ["amount:sum"],
        )
        held = defaultdict(list)
        for line, line_id, amount in entries:
            if line.currency_id.compare_amounts(amount, 0.0) > 0:
                held[line.id].append(line_id)
        return held

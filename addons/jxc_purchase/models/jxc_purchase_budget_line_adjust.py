# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import fields, models

from ..tools import token


class JxcPurchaseBudgetLine(models.Model):
    """The adjusted amount follows from approved budget changes."""

    _inherit = "jxc.purchase.budget.line"

    transfer_out_ids = fields.One2many(
        comodel_name="jxc.purchase.budget.transfer.line",
        inverse_name="line_from_id",
        string="Given",
        readonly=True,
    )
    transfer_in_ids = fields.One2many(
        comodel_name="jxc.purchase.budget.transfer.line",
        inverse_name="line_to_id",
        string="Received",
        readonly=True,
    )

    def _adjusted_by_documents(self):
        """Return ``{line id: sum of its approved changes}``, two queries."""
        adjusted = dict.fromkeys(self.ids, 0.0)
        lines = self.env["jxc.purchase.budget.transfer.line"].sudo()
        for name, sign in (("line_from_id", -1), ("line_to_id", 1)):
            for line, amount in lines._read_group(
                [(name, "in", self.ids), ("transfer_id.state", "=", "approved")],
                [name],
                ["amount:sum"],
            ):
                adjusted[line.id] += sign * amount
        return adjusted

    def _set_adjusted(self):
        """Bring the adjusted amounts in line with the approved changes."""
        adjusted = self._adjusted_by_documents()
        marked = self.with_context(**{token.ENGINE: token.Engine()})
        for line in marked:
            line.amount_adjusted = line.currency_id.round(adjusted[line.id])

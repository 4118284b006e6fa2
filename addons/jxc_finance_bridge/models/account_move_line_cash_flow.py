# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import fields, models
from odoo.exceptions import UserError


class AccountMoveLine(models.Model):
    _inherit = "account.move.line"

    jxc_cash_flow_item_id = fields.Many2one(
        comodel_name="jxc.cash.flow.item",
        string="Cash Flow Item",
        ondelete="restrict",
        index="btree_not_null",
        copy=False,
        help="On the other side of cash and bank: under which item of the cash flow "
        "statement the money counts. Empty: as the rules for the account say.",
    )

    def write(self, vals):
        """Statements of closed months stay as they are."""
        if "jxc_cash_flow_item_id" in vals:
            for line in self:
                closed = line.company_id.sudo().root_id.jxc_closed_date
                if (
                    closed
                    and line.date <= closed
                    and line.jxc_cash_flow_item_id.id != vals["jxc_cash_flow_item_id"]
                ):
                    raise UserError(
                        self.env._(
                            "%(move)s: the month is closed. Reopen it to change the"
                            " cash flow item.",
                            move=line.move_id.name,
                        )
                    )
        return super().write(vals)

# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import api, fields, models


class AccountMove(models.Model):
    _inherit = "account.move"

    jxc_fapiao_ids = fields.Many2many(
        comodel_name="jxc.fapiao",
        relation="jxc_fapiao_move_rel",
        column1="move_id",
        column2="fapiao_id",
        string="Tax Invoices",
        copy=False,
    )
    jxc_fapiao_count = fields.Integer(
        string="Tax Invoice Count",
        compute="_compute_jxc_fapiao_count",
        # Salespeople open invoices, too; they see how many, not which.
        compute_sudo=True,
    )

    @api.depends("jxc_fapiao_ids")
    def _compute_jxc_fapiao_count(self):
        for move in self:
            move.jxc_fapiao_count = len(move.jxc_fapiao_ids)

    def action_jxc_open_fapiaos(self):
        """The tax invoices (发票) of a bill or invoice."""
        fapiaos = self.jxc_fapiao_ids
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "jxc_finance_bridge.jxc_fapiao_action"
        )
        action["domain"] = [("id", "in", fapiaos.ids)]
        if len(fapiaos) == 1:
            action.update(res_id=fapiaos.id, views=[(False, "form")])
        return action

# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import fields, models


class JxcFinancePeriodCheck(models.Model):
    """Result of one check of a period; made new by every run."""

    _name = "jxc.finance.period.check"
    _description = "Check of an Accounting Period"
    _order = "period_id, sequence, id"

    period_id = fields.Many2one(
        comodel_name="jxc.finance.period",
        required=True,
        ondelete="cascade",
        index=True,
    )
    company_id = fields.Many2one(related="period_id.company_id")
    sequence = fields.Integer()
    code = fields.Char(required=True, export_string_translation=False)
    name = fields.Char(string="Check", required=True)
    state = fields.Selection(
        selection=[
            ("ok", "Passed"),
            ("warning", "Look at it"),
            ("error", "In the way"),
        ],
        string="Result",
        required=True,
    )
    count = fields.Integer(string="Found")
    message = fields.Char(string="What to Do")
    action = fields.Json(export_string_translation=False)
    has_action = fields.Boolean(compute="_compute_has_action")

    def _compute_has_action(self):
        for check in self:
            check.has_action = bool(check.action)

    def action_open(self):
        """Open the records a check found; entries as the vouchers they are."""
        self.ensure_one()
        self.check_access("read")
        action = self.action or False
        if action and action["res_model"] == "account.move":
            views = self.env["ir.actions.act_window"]._for_xml_id(
                "jxc_finance_bridge.account_move_voucher_action"
            )
            names = ("views", "view_mode", "search_view_id")
            action = {**action, **{name: views[name] for name in names}}
        return action

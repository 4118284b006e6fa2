# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from datetime import timedelta

from dateutil.relativedelta import relativedelta

from odoo import api, fields, models


class JxcStockSnapshotTake(models.TransientModel):
    _name = "jxc.stock.snapshot.take"
    _description = "Take a Stock Month-End"
    _check_company_auto = True

    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company
    )
    date = fields.Date(
        string="Month-End",
        required=True,
        compute="_compute_date",
        store=True,
        readonly=False,
        precompute=True,
        help="The month after the last one taken, else the last month that is over.",
    )

    @api.depends("company_id")
    def _compute_date(self):
        for wizard in self:
            last = self.env["jxc.stock.snapshot"].search(
                [("company_id", "=", wizard.company_id.id)], limit=1
            )
            if last:
                wizard.date = last.date + timedelta(days=1) + relativedelta(day=31)
            else:
                today = fields.Date.context_today(wizard)
                wizard.date = today.replace(day=1) - timedelta(days=1)

    def action_take(self):
        """Take the month-end and show it; see :meth:`jxc.stock.snapshot.take`."""
        self.ensure_one()
        snapshot = self.env["jxc.stock.snapshot"].take(self.date, self.company_id)
        return {
            "type": "ir.actions.act_window",
            "res_model": snapshot._name,
            "res_id": snapshot.id,
            "views": [(False, "form")],
        }

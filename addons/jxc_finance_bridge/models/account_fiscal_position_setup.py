# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import fields, models


class AccountFiscalPosition(models.Model):
    _inherit = "account.fiscal.position"

    jxc_setup_problem = fields.Text(
        string="What Is Wrong",
        compute="_compute_jxc_setup_problem",
        help="What the check of the finance set-up finds wrong with it.",
    )

    def _compute_jxc_setup_problem(self):
        checks = self.env["jxc.finance.setup.check"]
        for company, positions in self.grouped("company_id").items():
            odd = checks._describe_positions(company)
            for position in positions:
                position.jxc_setup_problem = odd.get(position._origin.id)

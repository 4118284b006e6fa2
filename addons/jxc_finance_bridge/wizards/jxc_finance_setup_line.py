# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import api, fields, models


class JxcFinanceSetupLine(models.TransientModel):
    _name = "jxc.finance.setup.line"
    _description = "Finance Set-up Setting"
    _order = "sequence, id"

    setup_id = fields.Many2one(
        comodel_name="jxc.finance.setup",
        required=True,
        ondelete="cascade",
        index=True,
    )
    sequence = fields.Integer()
    code = fields.Char(required=True, export_string_translation=False)
    name = fields.Char(string="Setting", required=True)
    state = fields.Selection(
        selection=[
            ("ok", "Right"),
            ("wrong", "Wrong"),
            ("later", "Later"),
            ("missing", "For You to Decide"),
        ],
        compute="_compute_finding",
    )
    actual = fields.Text(string="Is", compute="_compute_finding")
    expected = fields.Text(string="Should Be", compute="_compute_finding")
    reason = fields.Text(string="Why", compute="_compute_finding")
    refused = fields.Text(export_string_translation=False)
    has_list = fields.Boolean(
        compute="_compute_has_list", export_string_translation=False
    )

    @api.depends("code", "refused", "setup_id.company_id")
    def _compute_finding(self):
        """What the check says now: people come back from what they corrected."""
        checks = self.env["jxc.finance.setup.check"]
        for line in self:
            company = line.setup_id._check_company(line.setup_id.company_id)
            finding = checks._assess(line.code, company)
            line.state = finding.state
            line.actual = finding.actual
            line.expected = finding.expected
            still = finding.state == "wrong" and line.refused
            line.reason = still or finding.reason

    @api.depends("state")
    def _compute_has_list(self):
        for line in self:
            line.has_list = line.state == "missing"

    def action_open_list(self):
        """Open what people choose or correct so that this setting is right.

        :return: window with the records, with the form of what has to be made, or with
            the accounting settings; the page itself once there is nothing to choose
        :raise AccessError: for anyone but accounting managers and administrators
        :raise UserError: where only an administrator can choose it
        """
        self.ensure_one()
        setup = self.setup_id
        company = setup._check_company(setup.company_id)
        checks = self.env["jxc.finance.setup.check"]
        is_known = self.code in checks._get_codes()
        if is_known and checks._assess(self.code, company).state == "missing":
            return checks._open(self.code, company)
        setup._refresh_lines()
        return setup._open()

    def action_fix(self):
        """Fix this setting and show the page again."""
        self.ensure_one()
        setup = self.setup_id
        company = setup._check_company(setup.company_id)
        checks = self.env["jxc.finance.setup.check"]
        is_known = self.code in checks._get_codes()
        if is_known and checks._assess(self.code, company).state == "wrong":
            checks._fix(self.code, company)
        setup._refresh_lines()
        return setup._open()

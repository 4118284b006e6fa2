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
            ("missing", "Cannot be set"),
        ],
        required=True,
    )
    actual = fields.Text(string="Is")
    expected = fields.Text(string="Should Be")
    reason = fields.Text(string="Why")
    has_list = fields.Boolean(
        compute="_compute_has_list", export_string_translation=False
    )

    @api.depends("code", "state")
    def _compute_has_list(self):
        checks = self.env["jxc.finance.setup.check"]
        for line in self:
            line.has_list = bool(line.state == "missing" and line._get_list(checks))

    def _get_list(self, checks):
        """Window with the records that keep the setting from being right, or None."""
        company = self.setup_id.company_id
        checks = checks._for(company)
        opens = getattr(checks, f"_open_{self.code}", None)
        return opens(company.with_env(checks.env)) if opens else None

    def action_open_list(self):
        """Open the records that keep this setting from being right.

        :raise AccessError: for anyone but accounting managers and administrators
        """
        self.ensure_one()
        setup = self.setup_id
        setup._check_company(setup.company_id)
        checks = self.env["jxc.finance.setup.check"]
        action = None
        if self.code in checks._get_codes() and self.state == "missing":
            action = self._get_list(checks)
        if action:
            return action
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

# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import fields, models


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
    actual = fields.Char(string="Is")
    expected = fields.Char(string="Should Be")
    reason = fields.Char(string="Why")

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

# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command


class JxcFinanceSetup(models.TransientModel):
    """Screen and service that bring a company's books in order.

    The settings themselves are in ``jxc.finance.setup.check``.
    """

    _name = "jxc.finance.setup"
    _description = "Finance Set-up"

    company_id = fields.Many2one(
        comodel_name="res.company",
        required=True,
        readonly=True,
        default=lambda self: self.env.company,
    )
    chart_name = fields.Char(
        string="Chart of Accounts",
        compute="_compute_chart_name",
    )
    chart = fields.Selection(
        selection=[
            ("cn", "Small enterprises"),
            ("cn_large_bis", "Enterprises (ASBE)"),
        ],
        string="Chart to Load",
        help="Accounts of the 小企业会计准则 or of the 企业会计准则. A chart is chosen"
        " before the first entry.",
    )
    can_load_chart = fields.Boolean(
        compute="_compute_can_load_chart",
    )
    line_ids = fields.One2many(
        comodel_name="jxc.finance.setup.line",
        inverse_name="setup_id",
        string="Settings",
        readonly=True,
    )
    wrong_count = fields.Integer(
        compute="_compute_wrong_count",
    )
    open_count = fields.Integer(
        compute="_compute_wrong_count",
        export_string_translation=False,
    )

    @api.depends("company_id")
    def _compute_display_name(self):
        for setup in self:
            setup.display_name = self.env._(
                "Finance Set-up Check of %(company)s",
                company=setup.company_id.display_name or "",
            )

    @api.depends("company_id")
    def _compute_chart_name(self):
        templates = self.env["account.chart.template"]._get_chart_template_mapping()
        for setup in self:
            code = setup.company_id.root_id.sudo().chart_template
            setup.chart_name = templates.get(code, {}).get("name") or code

    @api.depends("company_id")
    def _compute_can_load_chart(self):
        is_system = self.env.user.has_group("base.group_system")
        for setup in self:
            root = setup.company_id.root_id.sudo()
            setup.can_load_chart = is_system and not root._existing_accounting()

    @api.depends("line_ids.state")
    def _compute_wrong_count(self):
        for setup in self:
            states = setup.line_ids.mapped("state")
            setup.wrong_count = states.count("wrong")
            setup.open_count = setup.wrong_count + states.count("missing")

    @api.model_create_multi
    def create(self, vals_list):
        setups = super().create(vals_list)
        for setup in setups:
            setup._refresh_lines()
        return setups

    def action_open(self):
        """Open the check page for the current company."""
        return self.create({"company_id": self.env.company.id})._open()

    def action_load_chart(self):
        """Load the chosen chart into a company without entries, and set it up.

        :raise AccessError: for anyone but administrators
        :raise UserError: without a chosen chart, and when there are entries
        """
        self.ensure_one()
        if not self.chart:
            raise UserError(self.env._("Choose the chart to load."))
        self.load_chart(self.company_id, self.chart)
        self._refresh_lines()
        return self._open()

    def action_apply(self):
        """Fix every wrong setting of the company and show the result."""
        self.ensure_one()
        report = self.apply_defaults(self.company_id)
        self._refresh_lines({row["code"]: row["refused"] for row in report})
        return self._open()

    @api.model
    def apply_defaults(self, company):
        """Set up a company's books the Chinese way; right settings stay as they are.

        Repeatable: a second call changes nothing, except that count differences get
        their account once the opening stock has been recorded. A setting that cannot
        be changed does not keep the others from being fixed. How stock is booked is
        decided on its own line of the page and stays "wrong" here.

        :param company: record or id of a company the user may work in
        :return: list of dicts with code, label, state ("ok", "wrong", "later" or
            "missing"), changed (bool), actual, expected, reason and refused (why a
            wrong setting could not be changed, empty otherwise), in the order of the
            work
        :raise AccessError: for anyone but accounting managers and administrators
        """
        company = self._check_company(company)
        checks = self.env["jxc.finance.setup.check"]
        report = []
        for code in checks._get_codes():
            finding = checks._assess(code, company)
            wrong = finding.state == "wrong" and code not in checks._get_decisions()
            refused = ""
            if wrong:
                refused = self._try_fix(code, company)
                finding = checks._assess(code, company)
            report.append(
                {
                    "code": code,
                    "label": checks._get_label(code),
                    "state": "missing" if refused else finding.state,
                    "changed": wrong and not refused,
                    "actual": finding.actual,
                    "expected": finding.expected,
                    "reason": refused or finding.reason,
                    "refused": refused,
                }
            )
        return report

    def _try_fix(self, code, company):
        """Fix one setting; return why it was refused, or nothing."""
        checks = self.env["jxc.finance.setup.check"]
        try:
            with self.env.cr.savepoint():
                checks._fix(code, company)
        except UserError as error:
            return str(error)
        return ""

    @api.model
    def load_chart(self, company, chart):
        """Load a Chinese chart of accounts and set up the company.

        A company made in the same transaction gets its country's default chart just
        before the commit, on top of whatever was loaded before; so that pending work
        is done first.

        :param company: record or id of a company
        :param chart: "cn" (small enterprises) or "cn_large_bis" (ASBE)
        :return: see ``apply_defaults``
        :raise AccessError: for anyone but administrators
        :raise UserError: when the company already has entries under another chart
        """
        if not (self.env.su or self.env.user.has_group("base.group_system")):
            raise AccessError(
                self.env._("Only administrators can load a chart of accounts.")
            )
        company = self._check_company(company)
        if chart not in ("cn", "cn_large_bis"):
            raise UserError(
                self.env._("%(chart)s is not a Chinese chart of accounts.", chart=chart)
            )
        self.env.cr.precommit.run()
        if company.chart_template != chart:
            if company._existing_accounting():
                raise UserError(
                    self.env._(
                        "%(company)s already has journal entries; its chart of accounts"
                        " cannot be replaced.",
                        company=company.display_name,
                    )
                )
            self.env["account.chart.template"].try_loading(chart, company)
        return self.apply_defaults(company)

    def _check_company(self, company):
        """The company as a record, when the user may set it up."""
        user = self.env.user
        if not self.env.su and not (
            user.has_group("account.group_account_manager")
            or user.has_group("base.group_system")
        ):
            raise AccessError(
                self.env._(
                    "Only accounting managers can change the finance set-up of a"
                    " company."
                )
            )
        if isinstance(company, int):
            company = self.env["res.company"].browse(company)
        company.ensure_one()
        if not self.env.su and company not in user.company_ids:
            raise AccessError(
                self.env._("You do not work in the company you want to set up.")
            )
        return company

    def _refresh_lines(self, refused=None):
        """One line for each check, which says by itself what it finds.

        :param refused: {code: why it could not be fixed just now}
        """
        self.ensure_one()
        self._check_company(self.company_id)
        checks = self.env["jxc.finance.setup.check"]
        vals_list = [
            {
                "sequence": sequence,
                "code": code,
                "name": checks._get_label(code),
                "refused": (refused or {}).get(code),
            }
            for sequence, code in enumerate(checks._get_codes())
        ]
        self.line_ids = [Command.clear(), *map(Command.create, vals_list)]

    def _open(self):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Finance Set-up Check"),
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
            "target": "current",
        }

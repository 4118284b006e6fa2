# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError

from ..tools.formats import FORMATS
from ..tools.services import SERVICES
from .account_move_voucher_group import GROUPINGS


class JxcFinanceTarget(models.Model):
    """Another finance system that gets the vouchers, as files or over a service."""

    _name = "jxc.finance.target"
    _description = "Finance System"
    _inherit = ["mail.thread", "mail.activity.mixin", "jxc.outside.system.mixin"]
    _order = "sequence, name, id"
    _rec_names_search = ["name", "code"]
    _check_company_auto = True

    _jxc_address_fields = ("endpoint", "login", "adapter")

    name = fields.Char(
        required=True,
        tracking=True,
    )
    code = fields.Char(
        string="System Code",
        required=True,
        tracking=True,
        help="What other programs call this system when they ask for exports.",
    )
    sequence = fields.Integer(
        default=10,
    )
    active = fields.Boolean(
        default=True,
    )
    company_id = fields.Many2one(
        comodel_name="res.company",
        required=True,
        index=True,
        default=lambda self: self.env.company,
    )
    adapter = fields.Selection(
        selection=[
            ("kingdee_k3", "Kingdee K/3, KIS: workbook"),
            ("kingdee_cloud", "Kingdee Cloud: workbook"),
            ("u8_text", "UFIDA U8: text"),
            ("u8_xml", "UFIDA U8 EAI: XML file"),
            ("gbt24589", "GB/T 24589.1-2010: XML for auditors"),
            ("kingdee_eas", "Kingdee EAS: SOAP service"),
            ("kingdee_cloud_api", "Kingdee Cloud: web API"),
            ("u8_eai", "UFIDA U8 EAI: XML service"),
            ("tplus", "UFIDA T+: OpenAPI"),
        ],
        required=True,
        default="kingdee_k3",
        tracking=True,
    )
    is_service = fields.Boolean(
        compute="_compute_is_service",
    )
    endpoint = fields.Char(
        string="Address",
        tracking=True,
        groups="account.group_account_manager",
        help="Where the system answers: https://host/path. Plain http and systems in"
        " the house must be named in outbound_hosts of the server's configuration.",
    )
    login = fields.Char(
        groups="account.group_account_manager",
        help="User name, or the application's key.",
    )
    tenant = fields.Char(
        string="Data Centre",
        groups="account.group_account_manager",
        help="Data centre or account set that is logged in to (数据中心, 帐套).",
    )
    secret = fields.Char(
        groups="account.group_account_manager",
        help="Password, or the application's secret. Once saved it is never shown"
        " again; empty keeps the one that is there.",
    )
    options = fields.Text(
        string="Further Settings",
        groups="account.group_account_manager",
        help="One a line, like key_field = F_JXC_Key (Kingdee Cloud: the text field of"
        " the voucher's head that keeps our reference) or database_type = 1 (EAS).",
    )
    book = fields.Char(
        string="Set of Books",
        help="Code of the set of books or company there (账簿, 公司编码, U8: 外部系统"
        "注册码).",
    )
    word = fields.Char(
        string="Default Word",
        default="记",
        required=True,
        help="凭证字 of vouchers that have none here.",
    )
    currency_code = fields.Char(
        string="Code of the Currency",
        default="RMB",
        required=True,
        help="What the currency of the books is called there.",
    )
    encoding = fields.Selection(
        selection=[("gb18030", "GB18030 (GBK)"), ("utf-8", "UTF-8")],
        default="gb18030",
        required=True,
        help="Of text files. Both hold every character. A program that reads GBK only"
        " takes emoji and rare characters of GB18030 for question marks.",
    )
    account_rule = fields.Selection(
        selection=[
            ("short", "Our code without zeros at its end"),
            ("same", "Our code"),
            ("mapped", "Only mapped accounts"),
        ],
        default="short",
        required=True,
        help="What an account without mapping is called there: 140500 is 1405.",
    )
    partner_rule = fields.Selection(
        selection=[
            ("ref", "The partner's reference"),
            ("mapped", "Only mapped partners"),
        ],
        default="ref",
        required=True,
    )
    with_cash_flow = fields.Boolean(
        string="Cash-flow Items",
        help="Every voucher with cash or bank needs cash-flow items there.",
    )
    department_plan_id = fields.Many2one(
        comodel_name="account.analytic.plan",
        string="Plan of Departments",
    )
    project_plan_id = fields.Many2one(
        comodel_name="account.analytic.plan",
        string="Plan of Projects",
    )
    grouping = fields.Selection(
        selection=GROUPINGS,
        string="Vouchers in a File",
        default="document",
        required=True,
        help="Entries summed up to one voucher (凭证合并). Services get every entry by"
        " itself: it is sent once, looked up by its own reference, and what is wrong"
        " with it is corrected by its own reversal.",
    )
    send_mode = fields.Selection(
        selection=[
            ("manual", "When somebody sends them"),
            ("posted", "When they are posted"),
        ],
        default="manual",
        required=True,
        tracking=True,
    )
    date_from = fields.Date(
        string="From",
        help="Entries before this day are never sent.",
    )
    timeout = fields.Integer(
        string="Seconds for an Answer",
        default=60,
        required=True,
    )
    mappings = fields.One2many(
        comodel_name="jxc.finance.mapping",
        inverse_name="target_id",
        string="Codes There",
        copy=True,
    )
    outbox_ids = fields.One2many(
        comodel_name="jxc.finance.outbox",
        inverse_name="target_id",
        string="Vouchers Sent",
    )
    waiting_count = fields.Integer(
        compute="_compute_counts",
    )
    refused_count = fields.Integer(
        compute="_compute_counts",
    )
    done_count = fields.Integer(
        compute="_compute_counts",
    )

    _code_unique = models.Constraint(
        "UNIQUE (company_id, code)",
        "There is already a finance system with this code.",
    )
    _timeout_range = models.Constraint(
        "CHECK (timeout BETWEEN 1 AND 600)",
        "An answer may take 1 to 600 seconds.",
    )

    @api.depends("adapter")
    def _compute_is_service(self):
        for target in self:
            target.is_service = target.adapter in SERVICES

    @api.depends("outbox_ids.state")
    def _compute_counts(self):
        counts = {
            (target, state): count
            for target, state, count in self.env["jxc.finance.outbox"]._read_group(
                [("target_id", "in", self.ids)], ["target_id", "state"], ["__count"]
            )
        }
        for target in self:
            record = target._origin
            target.waiting_count = sum(
                counts.get((record, state), 0)
                for state in ("ready", "sending", "unknown")
            )
            target.refused_count = counts.get((record, "refused"), 0)
            target.done_count = counts.get((record, "done"), 0)

    @api.constrains("adapter", "endpoint")
    def _check_endpoint(self):
        self.filtered("is_service")._jxc_check_address()

    @api.constrains("adapter", "grouping")
    def _check_grouping(self):
        """What is sent over a service is looked up, corrected and reversed by itself.

        A sum could be neither: one of its entries taken back would change a voucher
        that the other system may have, and a retry would take the old sum for the new.
        """
        for target in self.filtered("is_service"):
            if target.grouping != "document":
                raise ValidationError(
                    self.env._(
                        "%(target)s gets vouchers over a service: one for each"
                        " document. Only files hold vouchers that are summed up.",
                        target=target.name,
                    )
                )

    @api.onchange("adapter")
    def _onchange_adapter(self):
        if self.is_service:
            self.grouping = "document"

    @api.constrains("options")
    def _check_options(self):
        for target in self.sudo():
            for line in (target.options or "").splitlines():
                if line.strip() and "=" not in line:
                    raise ValidationError(
                        self.env._(
                            "%(target)s: settings are written like name = value, not"
                            " “%(line)s”.",
                            target=target.name,
                            line=line.strip(),
                        )
                    )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_used(self):
        used = self.filtered("outbox_ids")
        if used:
            raise UserError(
                self.env._(
                    "%(targets)s got vouchers; archive it instead.",
                    targets=", ".join(used.mapped("name")),
                )
            )

    # Helpers ------------------------------------------------------------------

    def _get_format(self):
        """The format of a target that gets files."""
        if self.adapter not in FORMATS:
            raise UserError(
                self.env._("%(target)s gets vouchers over a service.", target=self.name)
            )
        return FORMATS[self.adapter]

    def _check_one(self):
        """:raise UserError: for none or several"""
        if len(self) != 1:
            raise UserError(self.env._("Ask for one finance system at a time."))

    def _check_accountant(self):
        if not self.env.su and not self.env.user.has_group(
            "account.group_account_user"
        ):
            raise AccessError(
                self.env._("Only accountants send vouchers to other finance systems.")
            )

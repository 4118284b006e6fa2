# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
import re

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..tools.sms_request import CANONICAL, Form, hidden, lines

ADMIN = "base.group_system"
PATTERNS = ("success_pattern", "report_pattern")


class JxcSmsGateway(models.Model):
    """Where the SMS of a company go: the platform's own service or a provider's API."""

    _name = "jxc.sms.gateway"
    _description = "SMS Gateway"
    _inherit = ["mail.thread", "jxc.outside.system.mixin"]
    _order = "sequence, id"

    _jxc_address_fields = ("endpoint", "login", "provider")

    name = fields.Char(
        required=True,
        tracking=True,
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
    provider = fields.Selection(
        selection=[
            ("odoo", "The platform's own (Odoo IAP)"),
            ("http", "Provider with an HTTP interface"),
        ],
        required=True,
        default="http",
        tracking=True,
    )
    signature = fields.Char(
        tracking=True,
        help="Registered name of the sender (签名), without brackets. It is written in"
        " front of each message as 【…】 where the provider does not do so itself.",
    )
    is_signed_by_provider = fields.Boolean(
        string="Provider Adds the Signature",
    )
    endpoint = fields.Char(
        string="Address",
        tracking=True,
        groups=ADMIN,
        help="https://host/path. Plain http and hosts inside the own network must be"
        " named in outbound_hosts of the server's configuration.",
    )
    login = fields.Char(
        groups=ADMIN,
        help="Account, user id or application key: {login} in the parameters.",
    )
    secret = fields.Char(
        help="{secret} in the parameters, and the key of the signature. Once saved it"
        " is never shown again; empty keeps the one that is there.",
    )
    method = fields.Selection(
        selection=[
            ("get", "GET"),
            ("form", "POST, form"),
            ("json", "POST, JSON"),
        ],
        required=True,
        default="form",
    )
    parameters = fields.Text(
        groups=ADMIN,
        default="account = {login}\nphone = {numbers}\ncontent = {content}\n"
        "ts = {milliseconds}\nsign = {sign}",
        help="One a line, name = text with {placeholders}; := instead of = for JSON,"
        " dots in names for objects within objects.",
    )
    headers = fields.Text(
        string="HTTP Headers",
        groups=ADMIN,
        help="One a line, like the parameters.",
    )
    charset = fields.Selection(
        selection=[("utf-8", "UTF-8"), ("gbk", "GBK")],
        required=True,
        default="utf-8",
    )
    number_style = fields.Selection(
        selection=[
            ("plain", "13800138000"),
            ("86", "8613800138000"),
            ("plus", "+8613800138000"),
        ],
        string="Numbers",
        required=True,
        default="plain",
    )
    is_abroad = fields.Boolean(
        string="Other Countries",
        help="The provider also takes numbers outside mainland China.",
    )
    batch_size = fields.Integer(
        string="Numbers per Request",
        required=True,
        default=1,
        help="Messages with the same text go out together, numbers with commas.",
    )
    timeout = fields.Integer(
        string="Seconds for an Answer",
        required=True,
        default=15,
    )
    needs_template = fields.Boolean(
        string="Approved Texts Only",
        help="Messages that fit none of the templates are not sent.",
    )
    sign = fields.Selection(
        selection=[
            ("none", "None"),
            ("md5", "MD5"),
            ("sha256", "SHA-256"),
            ("hmac_md5", "HMAC-MD5"),
            ("hmac_sha1", "HMAC-SHA1"),
            ("hmac_sha256", "HMAC-SHA256"),
            (CANONICAL, "HMAC-SHA1 over the Canonical Request"),
        ],
        string="Signature of Requests",
        required=True,
        default="md5",
        help="Over all parameters sorted by name, except the one with {sign}. The"
        " canonical request is method, path and parameters percent-encoded, signed"
        " under the password and an ampersand, in Base64, as Alibaba Cloud's RPC"
        " interfaces want it.",
    )
    sign_pairs = fields.Selection(
        selection=[
            ("query", "a=1&b=2"),
            ("plain", "a1b2"),
            ("values", "12"),
        ],
        string="Signed Text",
        required=True,
        default="query",
    )
    sign_key = fields.Selection(
        selection=[
            ("after", "At the End"),
            ("before", "At the Beginning"),
            ("both", "At Both Ends"),
            ("pair", "As &key=…"),
        ],
        string="Place of the Password",
        required=True,
        default="after",
        help="For MD5 and SHA-256; HMAC uses it as key.",
    )
    sign_case = fields.Selection(
        selection=[
            ("lower", "Hexadecimal, small"),
            ("upper", "Hexadecimal, capitals"),
            ("base64", "Base64"),
        ],
        string="Written in",
        required=True,
        default="lower",
    )
    success_path = fields.Char(
        default="code",
        help="Where the JSON answer says whether it worked, like data.0.code. Empty:"
        " the pattern is searched in the whole answer.",
    )
    success_pattern = fields.Char(
        required=True,
        default="^(0|OK)$",
        help="Regular expression that only a success matches; (?P<ref>…) is the"
        " message number where answers are plain text.",
    )
    ref_path = fields.Char(
        string="Path of the Message Number",
        default="msgid",
    )
    error_path = fields.Char(
        string="Path of the Reason",
        default="msg",
    )
    max_hours = fields.Integer(
        string="Send within (hours)",
        required=True,
        default=24,
        help="Messages that could not be handed over for longer are given up.",
    )
    template_ids = fields.One2many(
        comodel_name="jxc.sms.gateway.template",
        inverse_name="gateway_id",
        string="Templates",
        copy=True,
    )
    message_count = fields.Integer(
        compute="_compute_message_count",
    )

    _sizes = models.Constraint(
        "CHECK (batch_size BETWEEN 1 AND 1000 AND timeout BETWEEN 1 AND 120"
        " AND max_hours BETWEEN 1 AND 168)",
        "Requests take 1 to 1000 numbers and 1 to 120 seconds, and messages 1 to 168"
        " hours.",
    )

    def _compute_message_count(self):
        counts = dict(
            self.env["jxc.sms.message"]._read_group(
                [("gateway_id", "in", self.ids)], ["gateway_id"], ["__count"]
            )
        )
        for gateway in self:
            gateway.message_count = counts.get(gateway, 0)

    @api.constrains("provider", "endpoint", "parameters", "headers", *PATTERNS)
    def _check_request(self):
        """What is wrong with a request is said here, not when an SMS waits."""
        asked = self.sudo().filtered(lambda each: each.provider == "http")
        asked._jxc_check_address()
        for gateway in asked:
            try:
                lines(gateway.parameters)
                lines(gateway.headers)
                for name in PATTERNS:
                    re.compile(gateway[name])
            except ValueError as error:
                problem = self.env._(
                    "lines are name = text with {known} placeholders, not “%(line)s”.",
                    known="{…}",
                    line=error,
                )
            except re.error as error:
                problem = self.env._(
                    "“%(pattern)s” is no regular expression: %(error)s",
                    pattern=gateway[name],
                    error=error,
                )
            else:
                continue
            raise ValidationError(
                self.env._(
                    "SMS gateway %(name)s: %(problem)s",
                    name=gateway.name,
                    problem=problem,
                )
            )

    @api.model
    def _of_company(self, company):
        """The gateway that sends for a company; none where it has set up none."""
        # sudo: whoever sends an SMS need not see gateways
        return self.sudo().search([("company_id", "=", company.id)], limit=1)

    def _get_form(self):
        """How requests are made."""
        gateway = self.sudo()
        return Form(
            url=gateway.endpoint or "",
            method=gateway.method,
            parameters=gateway.parameters or "",
            headers=gateway.headers or "",
            charset=gateway.charset,
            sign=gateway.sign,
            sign_pairs=gateway.sign_pairs,
            sign_key=gateway.sign_key,
            sign_case=gateway.sign_case,
        )

    def _hide(self, text):
        """A text for logs and people, without the password."""
        return hidden(text or "", self._jxc_get_secret())

    def action_send_now(self):
        """Start sending now, also in a pause after failures.

        :raise AccessError: no administrator
        """
        self.check_access("write")
        # sudo: the pause is written by the sending itself
        self.sudo().next_try = False
        self._wake()
        return True

    def action_view_messages(self):
        self.ensure_one()
        return {
            **self.env["ir.actions.act_window"]._for_xml_id(
                "jxc_crm_lite.jxc_sms_message_action"
            ),
            "domain": [("gateway_id", "=", self.id)],
        }

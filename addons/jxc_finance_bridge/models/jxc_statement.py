# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import date_utils
from odoo.tools.misc import formatLang

STATES = [
    ("draft", "Draft"),
    ("sent", "Sent"),
    ("confirmed", "Confirmed"),
    ("disputed", "Difference"),
    ("cancel", "Cancelled"),
]


class JxcStatement(models.Model):
    """往来对账单: the account of a customer or vendor over a period, which the partner
    confirms.

    Figures and lines are those of the books at the time the statement was made (or
    refreshed): what was sent out stays what it was. Amounts are in company currency;
    a positive balance is owed by the partner.
    """

    _name = "jxc.statement"
    _description = "Statement of Account"
    _inherit = [
        "jxc.server.fields.mixin",
        "portal.mixin",
        "mail.thread",
        "mail.activity.mixin",
    ]
    _order = "date_to desc, id desc"
    _check_company_auto = True
    _jxc_server_fields = frozenset(
        {
            "access_token",
            "ageing",
            "answer_note",
            "answered_by",
            "answered_from",
            "answered_on",
            "closing",
            "credit",
            "debit",
            "line_ids",
            "name",
            "opening",
            "state",
        }
    )

    name = fields.Char(
        string="Number",
        readonly=True,
        copy=False,
        default="/",
    )
    state = fields.Selection(
        selection=STATES,
        readonly=True,
        required=True,
        default="draft",
        copy=False,
        tracking=True,
        index=True,
    )
    partner_id = fields.Many2one(
        comodel_name="res.partner",
        required=True,
        index=True,
        check_company=True,
        domain="[('parent_id', '=', False)]",
        ondelete="restrict",
    )
    company_id = fields.Many2one(
        comodel_name="res.company",
        required=True,
        index=True,
        default=lambda self: self.env.company,
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    user_id = fields.Many2one(
        comodel_name="res.users",
        string="Accountant",
        required=True,
        default=lambda self: self.env.user,
        domain="[('share', '=', False)]",
        tracking=True,
        help="Is told when the partner states a difference.",
    )
    kind = fields.Selection(
        selection=[
            ("receivable", "Receivable"),
            ("payable", "Payable"),
            ("all", "Receivable and payable"),
        ],
        required=True,
        default="receivable",
    )
    date_from = fields.Date(
        string="From",
        required=True,
        default=lambda self: self._default_period()[0],
    )
    date_to = fields.Date(
        string="To",
        required=True,
        default=lambda self: self._default_period()[1],
    )
    with_goods = fields.Boolean(
        string="Goods",
        default=True,
        help="List the goods of each invoice with quantity and price.",
    )
    opening = fields.Monetary(
        string="Opening Balance", readonly=True, copy=False, tracking=True
    )
    debit = fields.Monetary(readonly=True, copy=False)
    credit = fields.Monetary(readonly=True, copy=False)
    closing = fields.Monetary(
        string="Closing Balance", readonly=True, copy=False, tracking=True
    )
    ageing = fields.Json(
        readonly=True,
        copy=False,
        export_string_translation=False,
        help="Pairs of age class and amount on the last day.",
    )
    line_ids = fields.One2many(
        comodel_name="jxc.statement.line",
        inverse_name="statement_id",
        string="Movements",
        readonly=True,
        copy=False,
    )
    answered_by = fields.Char(readonly=True, copy=False)
    answered_on = fields.Datetime(readonly=True, copy=False)
    answered_from = fields.Char(string="IP Address", readonly=True, copy=False)
    answer_note = fields.Text(string="Answer", readonly=True, copy=False)

    def _default_period(self):
        """The month before this one."""
        today = fields.Date.context_today(self)
        return date_utils.get_month(date_utils.subtract(today, months=1))

    @api.depends("name", "partner_id")
    def _compute_display_name(self):
        for statement in self:
            parts = (statement.name, statement.sudo().partner_id.name)
            statement.display_name = " ".join(part for part in parts if part)

    def _compute_access_url(self):
        super()._compute_access_url()
        for statement in self:
            statement.access_url = f"/my/statements/{statement.id}"

    @api.constrains("date_from", "date_to")
    def _check_dates(self):
        for statement in self:
            if statement.date_from > statement.date_to:
                raise ValidationError(
                    self.env._("Give a first and a last day, in that order.")
                )

    @api.model_create_multi
    def create(self, vals_list):
        partners = self.env["res.partner"]
        for vals in vals_list:
            if vals.get("partner_id"):
                partner = partners.browse(vals["partner_id"])
                vals["partner_id"] = partner.commercial_partner_id.id
        statements = super().create(vals_list)
        numbers = self.env["ir.sequence"].sudo()
        for statement in statements:
            number = numbers.with_company(statement.company_id).next_by_code(
                "jxc.statement", statement.date_to
            )
            statement.sudo().name = number or "/"
        statements._refresh()
        return statements

    def write(self, vals):
        figures = {"partner_id", "company_id", "kind", "date_from", "date_to"}
        changed = (figures | {"with_goods"}) & vals.keys()
        if changed:
            self._check_draft()
        result = super().write(vals)
        if changed:
            self._refresh()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_answered(self):
        for statement in self:
            if statement._jxc_was_answered():
                raise UserError(
                    self.env._(
                        "%(statement)s was answered by %(name)s and is kept.",
                        statement=statement.display_name,
                        name=statement.answered_by,
                    )
                )
            if statement.state not in ("draft", "cancel"):
                raise UserError(
                    self.env._(
                        "%(statement)s was sent out; cancel it before it is deleted.",
                        statement=statement.display_name,
                    )
                )

    # Actions ------------------------------------------------------------------

    def action_refresh(self):
        """Read the books again.

        :raise UserError: sent already: what the partner sees stays what it was
        """
        self.check_access("write")
        self._check_draft()
        self._refresh()
        return True

    def action_send(self):
        """Mail the statements, with a link where the partner answers.

        :raise UserError: no address, naming the partner, or answered already
        """
        self.check_access("write")
        self._check_state(("draft", "sent"))
        for statement in self:
            if not statement.partner_id.email:
                raise UserError(
                    self.env._(
                        "%(partner)s has no e-mail address. Enter one, or print the"
                        " statement and mark it as sent.",
                        partner=statement.partner_id.display_name,
                    )
                )
        for statement in self:
            statement._portal_ensure_token()
        template = self.env.ref("jxc_finance_bridge.jxc_statement_mail_template")
        # sudo: who sends statements need not be allowed to edit templates
        template.sudo().send_mail_batch(self.ids)
        self.sudo().state = "sent"
        return True

    def action_mark_sent(self):
        """The statements were handed over another way.

        :raise UserError: not drafts
        """
        self.check_access("write")
        self._check_draft()
        for statement in self:
            statement._portal_ensure_token()
        self.sudo().state = "sent"
        return True

    def action_confirm(self):
        """The partner sent back the signed paper.

        :raise UserError: not sent, or answered already
        """
        self.check_access("write")
        self._check_state(("sent", "disputed"))
        self.sudo().write(
            {
                "state": "confirmed",
                "answered_by": self.env.user.name,
                "answered_on": fields.Datetime.now(),
                "answered_from": False,
                "answer_note": self.env._("Signed paper"),
            }
        )
        return True

    def action_draft(self):
        """Take statements back, for example to correct them; a stated difference is
        forgotten, the log keeps it.

        :raise UserError: confirmed, now or before they were cancelled
        """
        self.check_access("write")
        for statement in self:
            if statement._jxc_was_answered():
                raise UserError(
                    self.env._(
                        "%(statement)s was answered by %(name)s and stays as it is."
                        " Cancel it and make a new one.",
                        statement=statement.display_name,
                        name=statement.answered_by,
                    )
                )
        self.sudo().write(
            {
                "state": "draft",
                "answered_by": False,
                "answered_on": False,
                "answered_from": False,
                "answer_note": False,
            }
        )
        return True

    def action_cancel(self):
        """Cancel statements; links to them lead nowhere from now on.

        Who confirmed one, and when, is kept.

        :raise UserError: cancelled ones
        """
        self.check_access("write")
        self._check_state(("draft", "sent", "disputed", "confirmed"))
        self.sudo().state = "cancel"
        return True

    def action_preview(self):
        """The page the partner sees; readers make no link for others."""
        self.ensure_one()
        editable = self.has_access("write")
        return {
            "type": "ir.actions.act_url",
            "target": "self",
            "url": self.get_portal_url() if editable else self.access_url,
        }

    def _check_draft(self):
        self._check_state(("draft",))

    def _check_state(self, states):
        labels = dict(self._fields["state"]._description_selection(self.env))
        for statement in self:
            if statement.state in states:
                continue
            values = {
                "statement": statement.display_name,
                "state": labels[statement.state],
            }
            if statement._jxc_was_answered():
                raise UserError(
                    self.env._(
                        "%(statement)s is in state %(state)s and stays as it is; make a"
                        " new one.",
                        **values,
                    )
                )
            raise UserError(
                self.env._(
                    "%(statement)s is in state %(state)s; take it back to draft first.",
                    **values,
                )
            )

    # Print --------------------------------------------------------------------

    def _format_amount(self, amount):
        return formatLang(self.env, amount, digits=self.currency_id.decimal_places)

    def _get_today(self):
        return fields.Date.to_string(fields.Date.context_today(self))

    def _get_report_base_filename(self):
        return self.display_name.replace("/", "-")

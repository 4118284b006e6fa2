# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command

from odoo.addons.jxc_base.tools.approval import SKIP
from odoo.addons.jxc_base.tools.guard import own_defaults

from ..tools import marks
from ..tools.language import in_company_lang
from .jxc_price_watch import PRICE_MANAGER

#: Settled by the server.
SERVER_FIELDS = {
    "applied_at",
    "approver_ids",
    "max_percent",
    "name",
    "state",
    "user_id",
}


class JxcPriceChange(models.Model):
    """New sales prices (调价单): proposed, approved, and in effect from a day on.

    A change within the company's limit needs nobody, one beyond it a tier's approval,
    or where no tier applies that of a price manager.
    """

    _name = "jxc.price.change"
    _description = "Price Change"
    _inherit = ["tier.validation", "mail.thread", "mail.activity.mixin"]
    _order = "id desc"
    _check_company_auto = True

    _state_from = ["draft", "requested"]
    _state_to = ["approved", "done"]
    _cancel_state = "cancel"

    name = fields.Char(
        string="Number",
        readonly=True,
        copy=False,
        default=lambda self: self.env._("New"),
    )
    company_id = fields.Many2one(
        comodel_name="res.company",
        required=True,
        index=True,
        default=lambda self: self.env.company,
    )
    user_id = fields.Many2one(
        comodel_name="res.users",
        string="Proposed By",
        readonly=True,
        default=lambda self: self.env.user,
        copy=False,
    )
    approver_ids = fields.Many2many(
        comodel_name="res.users",
        string="Approved By",
        readonly=True,
        copy=False,
        help="Nobody where the change is within the company's limit.",
    )
    reason = fields.Char(
        required=True,
        tracking=True,
    )
    date_apply = fields.Date(
        string="In Effect From",
        required=True,
        default=fields.Date.context_today,
        tracking=True,
    )
    line_ids = fields.One2many(
        comodel_name="jxc.price.change.line",
        inverse_name="change_id",
        string="Prices",
        copy=True,
    )
    max_percent = fields.Float(
        string="Largest Change (%)",
        digits=(16, 2),
        compute="_compute_max_percent",
        store=True,
    )
    state = fields.Selection(
        selection=[
            ("draft", "Draft"),
            ("requested", "To Approve"),
            ("approved", "Approved"),
            ("done", "In Effect"),
            ("cancel", "Cancelled"),
        ],
        required=True,
        readonly=True,
        default="draft",
        copy=False,
        tracking=True,
        index=True,
    )
    applied_at = fields.Datetime(
        string="In Effect Since",
        readonly=True,
        copy=False,
    )
    log_ids = fields.One2many(
        comodel_name="jxc.price.log",
        inverse_name="change_id",
    )

    @api.depends("line_ids.percent")
    def _compute_max_percent(self):
        for change in self:
            percents = change.line_ids.mapped("percent")
            change.max_percent = max(map(abs, percents), default=0.0)

    @api.constrains("reason")
    def _check_reason(self):
        """A form insists on the reason, over RPC blanks would do."""
        if any(not (one.reason or "").strip() for one in self):
            raise ValidationError(self.env._("Say why: the reason is kept."))

    @api.model
    def default_get(self, fields):
        return own_defaults(self, super().default_get(fields), SERVER_FIELDS)

    @api.model_create_multi
    def create(self, vals_list):
        sequences = self.env["ir.sequence"].sudo()
        prepared = []
        for vals in vals_list:
            vals = {k: v for k, v in vals.items() if k not in SERVER_FIELDS}
            company = vals.get("company_id") or self.env.company.id
            number = sequences.with_company(company).next_by_code("jxc.price.change")
            prepared.append({**vals, "name": number or "/", "user_id": self.env.uid})
        return super().create(prepared)

    def write(self, vals):
        if not self.env.su:
            if SERVER_FIELDS & set(vals):
                raise AccessError(
                    self.env._(
                        "A price change goes on by its buttons, not by writing it."
                    )
                )
            settled = {"line_ids", "date_apply", "reason", "company_id"} & set(vals)
            if settled:
                self._check_draft()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_in_effect(self):
        self._check_draft()

    def _check_draft(self):
        """:raise UserError: naming a document that is not a draft any more"""
        for change in self:
            if change.state != "draft":
                raise UserError(
                    self.env._(
                        "%s is not a draft any more: take it back to change it.",
                        change.name,
                    )
                )

    # -- steps --------------------------------------------------------------------

    def action_submit(self):
        """Ask for approval; changes within the limit need none.

        :raise UserError: nothing is in the document, or it was submitted already
        """
        self.check_access("write")
        for change in self:
            change._check_draft()
            if not change.line_ids:
                raise UserError(self.env._("%s changes no price.", change.name))
            change.line_ids._renew()
        self.sudo()._set_state("requested")
        for change in self:
            change._jxc_forget_need()
            if change.need_validation:
                change.request_validation()
            elif not change._beyond_limit():
                change._approve()
            elif change._is_manager():
                change._approve(self.env.user)
        return True

    def _beyond_limit(self):
        """Whether somebody has to approve it; also without a right to the records."""
        self.ensure_one()
        return any(line._is_beyond() for line in self.sudo().line_ids) or not all(
            line._record().with_env(self.env).has_access("write")
            for line in self.line_ids
        )

    def _is_manager(self):
        return self.env.user.has_group(PRICE_MANAGER)

    def action_approve(self):
        """Approve; by a price manager, where no tier decides.

        :raise AccessError: for everybody else
        :raise UserError: it does not wait for that
        """
        if not self._is_manager():
            raise AccessError(self.env._("Only price managers approve price changes."))
        self.check_access("read")
        for change in self:
            if change.state != "requested":
                raise UserError(
                    self.env._("%s does not wait for approval.", change.name)
                )
            change._approve(self.env.user)
        return True

    def action_back(self):
        """Take back to draft what is not in effect yet.

        :raise UserError: it is in effect
        """
        self.check_access("write")
        for change in self:
            if change.state == "done":
                raise UserError(
                    self.env._("%s is in effect: propose new prices.", change.name)
                )
        self._withdraw("draft")
        return True

    def action_cancel(self):
        """Give up what is not in effect yet.

        :raise UserError: it is in effect
        """
        self.action_back()
        self.sudo()._set_state("cancel")
        return True

    def _withdraw(self, state):
        """Go back to a state in which nobody has agreed yet."""
        self.sudo()._set_state(state, approver_ids=[Command.clear()])
        self.sudo().review_ids.unlink()

    def _set_state(self, state, **values):
        changes = self._jxc_engine().with_context(skip_validation_check=SKIP)
        changes.write({"state": state, **values})

    def _approve(self, approvers=None):
        """Let it take effect on its day, or at once when that is here.

        :param approvers: res.users who agreed; kept, since reviews need not stay
        """
        self.ensure_one()
        change = self.sudo()
        # What is agreed to is the step from the prices of today.
        change.line_ids._renew()
        ids = approvers.ids if approvers else []
        change._set_state("approved", approver_ids=[Command.set(ids)])
        if change.date_apply <= fields.Date.context_today(change):
            change._apply()

    def _apply(self):
        """Write the prices; with superuser rights, after the user was judged."""
        for change in self:
            # A rule may have got another base since it was proposed.
            change.line_ids._check_follows_costs()
            with marks.PriceChange(change) as mark:
                context = {marks.PRICE_CHANGE: mark}
                for line in change.line_ids:
                    record = line._record().with_context(**context)
                    record.write({line._field(): line.new_price})
            change.with_context(skip_validation_check=SKIP).write(
                {"state": "done", "applied_at": fields.Datetime.now()}
            )

    # -- approval glue ------------------------------------------------------------

    def _jxc_requesters(self):
        return super()._jxc_requesters() | self.user_id | self.line_ids.create_uid

    def _jxc_widening_fields(self):
        return {
            **super()._jxc_widening_fields(),
            "line_ids": {"new_price": "change", "kind": "change"},
        }

    def _jxc_approval_summary(self):
        self.ensure_one()
        return "\n".join([self.reason, *self.line_ids[:5].mapped("display_name")])

    def _validate_tier(self, tiers=False):
        result = super()._validate_tier(tiers)
        done = self._validated_states()
        for change in self.sudo().filtered(lambda one: one.state == "requested"):
            reviews = change.review_ids
            if reviews and all(review.status in done for review in reviews):
                change._approve(reviews.done_by)
        return result

    def _rejected_tier(self, tiers=False):
        result = super()._rejected_tier(tiers)
        for change in self.sudo().filtered(lambda one: one.state == "requested"):
            rejected = change.review_ids.filtered(lambda one: one.status == "rejected")
            if rejected:
                reasons = "; ".join(filter(None, rejected.mapped("comment"))) or "–"
                change.message_post(
                    body=in_company_lang(change).env._("Rejected: %s", reasons),
                    partner_ids=change.user_id.partner_id.ids,
                )
        return result

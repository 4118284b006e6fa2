# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from dateutil.relativedelta import relativedelta
from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Domain

from odoo.addons.jxc_base.tools.guard import own_defaults

MANAGER = "sales_team.group_sale_manager"
KEPT_BY_SERVER = {
    *("is_next_done", "activity_id", "escalated_on", "customer_id"),
    *("next_user_id", "is_plan"),
}
# After this the author's words stay as they are.
EDIT_HOURS = 24
KINDS = [
    ("visit", "Visit"),
    ("phone", "Phone Call"),
    ("sms", "SMS"),
    ("email", "E-mail"),
    ("wechat", "WeChat"),
    ("other", "Other"),
]
OUTCOMES = [
    ("interested", "Interested"),
    ("quote", "Wants a Quotation"),
    ("ordered", "Will Order"),
    ("later", "Later"),
    ("no_answer", "Not Reached"),
    ("complaint", "Complaint"),
    ("refused", "No Interest"),
]


class JxcFollowup(models.Model):
    """One contact (跟进) with a customer or about an opportunity, and what comes next.

    The next step is an activity of the platform, see ``jxc_followup_step``.
    """

    _name = "jxc.followup"
    _inherit = ["jxc.server.fields.mixin"]
    _description = "Follow-up"
    _order = "date desc, id desc"
    _rec_name = "partner_id"

    # See ``jxc.server.fields.mixin``: the team says who is told of what is overdue.
    _jxc_server_fields = frozenset({"team_id"})

    partner_id = fields.Many2one(
        comodel_name="res.partner",
        string="Customer",
        compute="_compute_partner_id",
        store=True,
        readonly=False,
        index="btree_not_null",
    )
    customer_id = fields.Many2one(
        related="partner_id.commercial_partner_id",
        string="Commercial Customer",
        store=True,  # indexed with its date, below
    )
    lead_id = fields.Many2one(
        comodel_name="crm.lead",
        string="Opportunity",
        index="btree_not_null",
    )
    company_id = fields.Many2one(
        comodel_name="res.company",
        required=True,
        default=lambda self: self.env.company,
        index=True,
    )
    user_id = fields.Many2one(
        comodel_name="res.users",
        string="Salesperson",
        required=True,
        default=lambda self: self.env.user,
        index=True,
    )
    team_id = fields.Many2one(
        related="user_id.sale_team_id",
        string="Sales Team",
        store=True,
    )
    kind = fields.Selection(selection=KINDS, required=True, default="phone")
    date = fields.Datetime(required=True, default=fields.Datetime.now, index=True)
    outcome = fields.Selection(selection=OUTCOMES)
    note = fields.Text()
    next_date = fields.Date(string="Next Step on")
    next_note = fields.Char(string="Next Step")
    next_user_id = fields.Many2one(
        comodel_name="res.users",
        string="Next Step by",
        compute="_compute_next_user_id",
        store=True,
        index=True,
        help="Who reports a contact plans its next step, until the customer, or the"
        " to-do, is handed over to somebody else.",
    )
    is_next_done = fields.Boolean(string="Next Step Done", readonly=True, copy=False)
    activity_id = fields.Many2one(
        comodel_name="mail.activity",
        readonly=True,
        copy=False,
        ondelete="set null",
        index="btree_not_null",
    )
    escalated_on = fields.Date(readonly=True, copy=False)
    is_plan = fields.Boolean(
        string="Planned Only",
        readonly=True,
        copy=False,
        help="A next step that was agreed on without a contact: it ends no former step"
        " and keeps nobody out of the public pool.",
    )
    is_overdue = fields.Boolean(
        string="Overdue", compute="_compute_is_overdue", search="_search_is_overdue"
    )
    template_id = fields.Many2one(
        comodel_name="jxc.followup.template",
        help="Fills in kind, outcome, text and the next step.",
    )
    photo_ids = fields.Many2many(
        comodel_name="ir.attachment",
        relation="jxc_followup_attachment_rel",
        column1="followup_id",
        column2="attachment_id",
        string="Photos and Voice Notes",
        bypass_search_access=True,
    )
    latitude = fields.Float(digits=(10, 6), copy=False)
    longitude = fields.Float(digits=(10, 6), copy=False)
    is_located = fields.Boolean(
        string="Location Stamped",
        copy=False,
        help="The salesperson agreed to keep the place of this contact.",
    )

    # The last one of a customer; of the days that still keep him, see jxc.pool.run.
    _customer_date = models.Index("(customer_id, date) WHERE customer_id IS NOT NULL")
    _who_is_named = models.Constraint(
        "CHECK (partner_id IS NOT NULL OR lead_id IS NOT NULL)",
        "A follow-up is about a customer or an opportunity.",
    )

    # Computed ---------------------------------------------------------------------

    @api.depends("lead_id")
    def _compute_partner_id(self):
        for followup in self:
            followup.partner_id = followup.lead_id.partner_id or followup.partner_id

    @api.depends("user_id")
    def _compute_next_user_id(self):
        for followup in self:
            followup.next_user_id = followup.user_id

    @api.depends("next_date", "is_next_done")
    def _compute_is_overdue(self):
        today = fields.Date.context_today(self)
        for followup in self:
            followup.is_overdue = bool(
                followup.next_date
                and followup.next_date < today
                and not followup.is_next_done
            )

    def _search_is_overdue(self, operator, value):
        if operator != "in":
            return NotImplemented
        today = fields.Date.context_today(self)
        overdue = Domain("next_date", "<", today)
        overdue &= Domain("is_next_done", "=", False)
        return Domain.OR(overdue if wanted else ~overdue for wanted in set(value))

    @api.onchange("template_id")
    def _onchange_template_id(self):
        for name, value in self._prepare_template_values(self.template_id).items():
            self[name] = value

    # Constraints ------------------------------------------------------------------

    @api.constrains("date", "next_date")
    def _check_dates(self):
        limit = fields.Datetime.now() + relativedelta(minutes=5)
        for followup in self:
            if followup.date > limit:
                raise ValidationError(
                    self.env._(
                        "The follow-up of %(name)s has not happened yet; plan it as a"
                        " next step instead.",
                        name=followup.display_name,
                    )
                )
            zone = followup.company_id._jxc_timezone()
            day = fields.Datetime.context_timestamp(
                followup.with_context(tz=zone), followup.date
            ).date()
            if followup.next_date and followup.next_date < day:
                raise ValidationError(
                    self.env._(
                        "The next step of %(name)s must come after the follow-up of"
                        " %(date)s.",
                        name=followup.display_name,
                        date=fields.Date.to_string(day),
                    )
                )

    @api.constrains("partner_id", "lead_id")
    def _check_lead(self):
        """One contact is with one customer; a lead nobody knows yet is anybody's.

        :raise ValidationError: naming both customers
        """
        for followup in self.sudo():
            customer = followup.lead_id.partner_id.commercial_partner_id
            named = followup.partner_id.commercial_partner_id
            if customer and named and named != customer:
                raise ValidationError(
                    self.env._(
                        "Opportunity %(lead)s is about %(of)s, not %(customer)s: enter"
                        " two follow-ups, or leave one of them out.",
                        lead=followup.lead_id.display_name,
                        of=customer.display_name,
                        customer=named.display_name,
                    )
                )

    @api.constrains("latitude", "longitude", "is_located")
    def _check_place(self):
        """No place without consent, and only places there are."""
        for followup in self:
            has_place = bool(followup.latitude or followup.longitude)
            fits = abs(followup.latitude) <= 90 and abs(followup.longitude) <= 180
            if (has_place and not followup.is_located) or not fits:
                raise ValidationError(
                    self.env._(
                        "The place of a follow-up is kept only when the salesperson"
                        " stamps it: latitude within 90, longitude within 180 degrees."
                    )
                )

    # Guards -----------------------------------------------------------------------

    @api.model
    def default_get(self, fields):
        return own_defaults(self, super().default_get(fields), KEPT_BY_SERVER)

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self._check_values(vals)
            if vals.get("lead_id") and not vals.get("partner_id"):
                vals.pop("partner_id", None)  # the opportunity says it
            if vals.get("template_id"):
                template = self.env["jxc.followup.template"].browse(vals["template_id"])
                values = self._prepare_template_values(template)
                vals.update({k: v for k, v in values.items() if k not in vals})
        followups = super().create(vals_list)
        followups._check_author()
        followups._after_contact()
        return followups

    def write(self, vals):
        self._check_values(vals)
        # Who may read a report of somebody else does not change his words.
        self._check_author()
        self._check_still_open(vals)
        result = super().write(self._without_same_user(vals))
        if "user_id" in vals:
            self._check_author()
        return result

    def _without_same_user(self, vals):
        """Whose report it is already, is not entered again: steps handed over stay."""
        if "user_id" in vals and set(self.user_id.ids) == {vals["user_id"]}:
            return {name: vals[name] for name in vals if name != "user_id"}
        return vals

    def _check_values(self, vals):
        if not self.env.su and KEPT_BY_SERVER & vals.keys():
            raise AccessError(
                self.env._("Whether a next step is done follows from the follow-ups.")
            )

    def _check_author(self):
        """Everyone reports for himself; sales managers also for others."""
        if self.env.su or self.env.user.has_group(MANAGER):
            return
        if any(followup.user_id != self.env.user for followup in self):
            raise AccessError(
                self.env._("Only sales managers write follow-ups of other people.")
            )

    def _check_still_open(self, vals):
        """A report is not rewritten later, least of all whom it is about.

        Drafts and plans are reported late rather than never.
        """
        if self.env.su or self.env.user.has_group(MANAGER):
            return
        since = fields.Datetime.now() - relativedelta(hours=EDIT_HOURS)
        fixed = {"partner_id", "lead_id", "date", "company_id"} & vals.keys()
        for followup in self:
            if fixed or followup._is_closed(since):
                raise UserError(
                    self.env._(
                        "The follow-up of %(name)s is a report: its author can correct"
                        " the text for %(hours)s hours, not whom and when it is about."
                        " Ask a sales manager.",
                        name=followup.display_name,
                        hours=EDIT_HOURS,
                    )
                )

    # Steps after a contact --------------------------------------------------------

    def _prepare_template_values(self, template):
        """Return what a template fills in."""
        if not template:
            return {}
        values = {
            "kind": template.kind,
            "outcome": template.outcome,
            "note": template.note,
            "next_note": template.next_note,
        }
        if template.next_days:
            today = fields.Date.context_today(self)
            values["next_date"] = today + relativedelta(days=template.next_days)
        return {name: value for name, value in values.items() if value}

    def _after_contact(self):
        """Show it in the timeline, end what was planned, plan what comes next."""
        self.filtered(lambda followup: not followup.is_plan)._end_former_steps()
        self._plan_next_step()
        self._post()

    def _post(self):
        """One line in the timeline of the customer or opportunity."""
        for followup in self.sudo():
            told = followup._told()
            parts = [told._label("kind"), told._label("outcome"), followup.note]
            target = followup.lead_id or followup.partner_id
            target.message_post(
                body=Markup("<br/>").join(part for part in parts if part),
                author_id=followup.user_id.partner_id.id,
                subtype_xmlid="mail.mt_note",
                attachment_ids=followup.photo_ids.ids,
            )

    def _told(self):
        """In the language of the company: what is kept, everybody in it reads."""
        return self.with_context(lang=self[:1].company_id._jxc_lang())

    def _get_title(self):
        """Return what it was, in the language of the user."""
        if self.is_plan:
            return self.env._("Planned Only")
        return " · ".join(filter(None, (self._label("kind"), self._label("outcome"))))

    def _label(self, name):
        self.ensure_one()
        return dict(self._fields[name]._description_selection(self.env)).get(self[name])

# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from odoo.addons.jxc_base.tools.approval import SKIP
from odoo.addons.jxc_base.tools.guard import own_defaults

APPROVER = "purchase.group_purchase_manager"
OPEN = ("open", "rejected")
#: What the server notes when an urgent order is confirmed and decided on.
SERVER_FIELDS = {
    "amount",
    "company_id",
    "confirmed_at",
    "deadline",
    "decided_at",
    "decided_by_id",
    "escalated_at",
    "order_id",
    "reason",
    "state",
    "user_id",
}


class JxcPurchaseUrgent(models.Model):
    """The approval that an urgent order gets afterwards (紧急采购补审批).

    Made when the order is confirmed. Until it is approved the order is open; after the
    deadline it is escalated, and the order's bills are not posted.
    """

    _name = "jxc.purchase.urgent"
    _description = "Urgent Purchase"
    _inherit = ["tier.validation", "mail.thread", "mail.activity.mixin"]
    _order = "deadline desc, id desc"
    _rec_name = "order_id"
    _check_company_auto = True

    _state_field = "state"
    _state_from = ["open", "rejected"]
    _state_to = ["approved"]
    _cancel_state = "cancelled"

    order_id = fields.Many2one(
        comodel_name="purchase.order",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
        check_company=True,
    )
    company_id = fields.Many2one(
        comodel_name="res.company",
        required=True,
        readonly=True,
        index=True,
    )
    currency_id = fields.Many2one(
        related="company_id.currency_id",
    )
    partner_id = fields.Many2one(
        related="order_id.partner_id",
        store=True,
    )
    user_id = fields.Many2one(
        comodel_name="res.users",
        string="Confirmed by",
        required=True,
        readonly=True,
        index=True,
    )
    reason = fields.Text(
        required=True,
        readonly=True,
    )
    amount = fields.Monetary(
        readonly=True,
        help="Untaxed, in company currency: what the approval is for.",
    )
    confirmed_at = fields.Datetime(
        string="Confirmed on",
        required=True,
        readonly=True,
    )
    deadline = fields.Datetime(
        required=True,
        readonly=True,
        index=True,
    )
    state = fields.Selection(
        selection=[
            ("open", "To Approve"),
            ("approved", "Approved"),
            ("rejected", "Rejected"),
            ("cancelled", "Cancelled"),
        ],
        string="Status",
        required=True,
        readonly=True,
        default="open",
        index=True,
        tracking=True,
    )
    is_late = fields.Boolean(
        compute="_compute_is_late",
        search="_search_is_late",
    )
    approver_id = fields.Many2one(
        comodel_name="res.users",
        compute="_compute_approver_id",
        help="Who is asked: the person named in the settings, or a purchase manager.",
    )
    decided_by_id = fields.Many2one(
        comodel_name="res.users",
        string="Decided by",
        readonly=True,
    )
    decided_at = fields.Datetime(
        string="Decided on",
        readonly=True,
    )
    escalated_at = fields.Datetime(
        string="Escalated on",
        readonly=True,
    )
    can_approve = fields.Boolean(
        compute="_compute_can_approve",
        export_string_translation=False,
    )

    _one_at_a_time = models.UniqueIndex(
        "(order_id) WHERE state <> 'cancelled'",
        "An order is approved afterwards only once at a time.",
    )

    @api.depends("state", "deadline")
    def _compute_is_late(self):
        now = fields.Datetime.now()
        for urgent in self:
            urgent.is_late = urgent.state in OPEN and urgent.deadline < now

    def _search_is_late(self, operator, value):
        if operator != "in":
            return NotImplemented
        late = [("state", "in", OPEN), ("deadline", "<", fields.Datetime.now())]
        in_time = ["|", ("state", "not in", OPEN), ("deadline", ">=", late[1][2])]
        return {
            (True, False): late,
            (False, True): in_time,
            (True, True): [],
        }.get((True in value, False in value), [(0, "=", 1)])

    @api.depends("company_id.jxc_urgent_approver_id", "order_id")
    def _compute_approver_id(self):
        managers = self.env.ref(APPROVER).sudo().all_user_ids
        for urgent in self.sudo():
            people = urgent._jxc_requesters_known()
            named = urgent.company_id.jxc_urgent_approver_id
            possible = (named | managers.sorted("id")).filtered(
                lambda user, urgent=urgent, people=people: (
                    user.active
                    and not user.share
                    and user not in people
                    and urgent.company_id in user.company_ids
                )
            )
            urgent.approver_id = possible[:1]

    @api.depends("state", "review_ids.status")
    @api.depends_context("uid")
    def _compute_can_approve(self):
        for urgent in self:
            if urgent.state not in OPEN:
                urgent.can_approve = False
            elif urgent.sudo().review_ids:
                urgent.can_approve = urgent.can_review
            else:
                urgent.can_approve = urgent._may_decide()

    # ------------------------------------------------------------
    # ORM overrides
    # ------------------------------------------------------------

    @api.model
    def default_get(self, fields):
        return own_defaults(self, super().default_get(fields), SERVER_FIELDS)

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su:
            raise AccessError(
                self.env._("Urgent purchases come from urgent orders, not by hand.")
            )
        return super().create(vals_list)

    def write(self, vals):
        """Let nobody write what actions decide.

        :raise AccessError: naming the field
        """
        names = SERVER_FIELDS & set(vals)
        if names and not self.env.su:
            raise AccessError(
                self.env._(
                    "%(field)s of an urgent purchase follows from its order and from"
                    " approval; it cannot be written.",
                    field=self._fields[min(names)]._description_string(self.env),
                )
            )
        return super().write(vals)

    # ------------------------------------------------------------
    # Approval glue
    # ------------------------------------------------------------

    def _jxc_states_before_approval(self):
        return super()._jxc_states_before_approval() | set(OPEN)

    def _jxc_transition_fields(self):
        return super()._jxc_transition_fields() | SERVER_FIELDS

    def _jxc_requesters(self):
        return super()._jxc_requesters() | self._jxc_requesters_known()

    def _jxc_requesters_known(self):
        """Return who ordered: they do not approve it afterwards."""
        self.ensure_one()
        order = self.order_id
        return self.user_id | order.user_id | order.create_uid

    def _validate_tier(self, tiers=False):
        result = super()._validate_tier(tiers)
        done = self._validated_states()
        for urgent in self.sudo().filtered(lambda one: one.state in OPEN):
            reviews = urgent.review_ids
            if reviews and all(review.status in done for review in reviews):
                urgent._decide("approved")
        return result

    def _rejected_tier(self, tiers=False):
        result = super()._rejected_tier(tiers)
        for urgent in self.sudo().filtered(lambda one: one.state == "open"):
            if urgent.review_ids.filtered(lambda one: one.status == "rejected"):
                urgent._decide("rejected")
        return result

    # ------------------------------------------------------------
    # Actions
    # ------------------------------------------------------------

    def action_approve(self):
        """Approve urgent orders afterwards.

        With tiers this decides the user's reviews; without, it takes a purchase manager
        or the approver of the settings, but none of those who ordered.

        :return: True, or the action that asks for the tier's comment
        :raise AccessError: the user may not decide
        :raise UserError: it is approved or cancelled already
        """
        self._check_open()
        for urgent in self:
            if urgent.sudo().review_ids:
                action = urgent.validate_tier()
                if isinstance(action, dict):
                    return action
            else:
                urgent._check_may_decide()
                urgent.sudo()._decide("approved")
        return True

    def action_reject(self):
        """Refuse urgent orders afterwards: their bills are not posted any more.

        :return: True, or the action that asks for the tier's comment
        :raise AccessError: see :meth:`action_approve`
        :raise UserError: it is approved or cancelled already
        """
        self._check_open()
        for urgent in self:
            if urgent.sudo().review_ids:
                action = urgent.reject_tier()
                if isinstance(action, dict):
                    return action
            else:
                urgent._check_may_decide()
                urgent.sudo()._decide("rejected")
        return True

    def _check_open(self):
        self.check_access("read")
        labels = dict(self._fields["state"]._description_selection(self.env))
        for urgent in self:
            if urgent.state not in OPEN:
                raise UserError(
                    self.env._(
                        "%(order)s is “%(state)s”; there is nothing to decide.",
                        order=urgent.sudo().order_id.name,
                        state=labels[urgent.state],
                    )
                )

    def _may_decide(self):
        self.ensure_one()
        user, urgent = self.env.user, self.sudo()
        named = urgent.company_id.jxc_urgent_approver_id
        right = user == named or user.has_group(APPROVER)
        return right and user not in urgent._jxc_requesters_known()

    def _check_may_decide(self):
        if not self._may_decide():
            raise AccessError(
                self.env._(
                    "%s: urgent orders are approved afterwards by a purchase manager or"
                    " the approver of the settings, and by none of those who ordered.",
                    self.sudo().order_id.name,
                )
            )

    # ------------------------------------------------------------
    # Steps
    # ------------------------------------------------------------

    def _decide(self, state):
        """Write a decision; with superuser rights, after the user was judged."""
        self.with_context(skip_validation_check=SKIP).write(
            {
                "state": state,
                "decided_by_id": self.env.uid,
                "decided_at": fields.Datetime.now(),
            }
        )
        self.activity_unlink(["jxc_purchase.mail_activity_urgent"])
        for urgent in self:
            text = {
                "approved": self.env._("The urgent order was approved afterwards."),
                "rejected": self.env._(
                    "The urgent order was rejected afterwards: its bills cannot be"
                    " posted."
                ),
            }[state]
            urgent.order_id.message_post(body=text, subtype_xmlid="mail.mt_note")

    @api.model
    def _open_for(self, orders):
        """Note urgent orders that were just confirmed, and ask for their approval."""
        now = fields.Datetime.now()
        # An order that was cancelled before gives its place to the new record.
        self.flush_model(["state"])
        made = self.sudo().create(
            [
                {
                    "order_id": order.id,
                    "company_id": order.company_id.id,
                    "user_id": self.env.uid,
                    "reason": order.jxc_urgent_reason,
                    "amount": order._jxc_amount_today(),
                    "confirmed_at": now,
                    "deadline": now
                    + timedelta(hours=order.company_id.jxc_urgent_hours),
                }
                for order in orders
            ]
        )
        made._ask()
        return made

    def _ask(self):
        """Open the reviews of tiers that apply, or ask the approver."""
        for urgent in self:
            if urgent.need_validation:
                urgent.request_validation()
            elif urgent.approver_id:
                urgent.activity_schedule(
                    "jxc_purchase.mail_activity_urgent",
                    date_deadline=fields.Datetime.context_timestamp(
                        urgent, urgent.deadline
                    ).date(),
                    user_id=urgent.approver_id.id,
                    note=urgent.reason,
                )

    def _reopen(self):
        """Ask again: the order goes beyond what was approved."""
        for urgent in self:
            hours = urgent.company_id.jxc_urgent_hours
            engine = urgent._jxc_engine()
            engine._jxc_log_dropped_reviews()
            engine.review_ids.unlink()
            urgent.invalidate_recordset(["review_ids"])
            urgent.with_context(skip_validation_check=SKIP).write(
                {
                    "state": "open",
                    "amount": urgent.order_id._jxc_amount_today(),
                    "deadline": fields.Datetime.now() + timedelta(hours=hours),
                    "decided_by_id": False,
                    "decided_at": False,
                    "escalated_at": False,
                }
            )
        self._ask()

    @api.model
    def _cron_escalate(self):
        """Tell the approvers of urgent orders whose deadline has passed."""
        late = self.search([("is_late", "=", True), ("escalated_at", "=", False)])
        for urgent in late:
            if not urgent.approver_id:
                continue
            urgent.activity_schedule(
                "jxc_purchase.mail_activity_urgent",
                summary=self.env._("Urgent order: approval is overdue"),
                user_id=urgent.approver_id.id,
                note=urgent.reason,
            )
        late.write({"escalated_at": fields.Datetime.now()})

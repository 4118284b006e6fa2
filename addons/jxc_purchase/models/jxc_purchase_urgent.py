# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import api, fields, models
from odoo.exceptions import AccessError

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
    "order_tier_ids",
    "orderer_ids",
    "partner_id",
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
    _inherit = [
        "jxc.server.fields.mixin",
        "tier.validation",
        "mail.thread",
        "mail.activity.mixin",
    ]
    _order = "deadline desc, id desc"
    _rec_name = "order_id"
    _check_company_auto = True

    #: See ``jxc.server.fields.mixin``.
    _jxc_server_fields = frozenset(SERVER_FIELDS)

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
    order_tier_ids = fields.Many2many(
        comodel_name="tier.definition",
        relation="jxc_purchase_urgent_tier_rel",
        string="Tiers of the Order",
        readonly=True,
        help="The approval tiers that would have stood before the order: they are"
        " decided here, afterwards.",
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
    orderer_ids = fields.Many2many(
        comodel_name="res.users",
        relation="jxc_purchase_urgent_orderer_rel",
        string="Ordered by",
        readonly=True,
        copy=False,
        help="Whose order it was when it was confirmed, who entered lines of it, and"
        " who ordered more afterwards. They do not approve it, whoever takes the order"
        " over.",
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

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su:
            raise AccessError(
                self.env._("Urgent purchases come from urgent orders, not by hand.")
            )
        return super().create(vals_list)

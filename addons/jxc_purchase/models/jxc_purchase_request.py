# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

BUYER = "purchase.group_purchase_user"
APPROVER = "jxc_purchase.group_request_approver"

#: Written by the actions only, never by a client.
SERVER_FIELDS = frozenset(
    {
        "amount_total",
        "decision",
        "former_requester_ids",
        "origin_type",
        "rejection_reason",
        "state",
        "submitted_at",
        "submitted_by_id",
    }
)
#: Those that follow from the lines and their orders.
COMPUTED_FIELDS = {"amount_total", "state"}
#: Settled by the submission.
SETTLED_FIELDS = {
    "company_id",
    "date_required",
    "name",
    "origin",
    "origin_type",
    "user_id",
    "warehouse_id",
}
PROGRESS_STATES = ("approved", "in_progress", "done")


class JxcPurchaseRequest(models.Model):
    """A purchase request (采购申请): what somebody needs, before anybody orders it.

    ``decision`` is what people decided; ``state`` follows from it and from the orders
    made of the lines, so an approved request is in progress or done, and back again,
    whatever happens to its orders.
    """

    _name = "jxc.purchase.request"
    _description = "Purchase Request"
    _inherit = [
        "jxc.server.fields.mixin",
        "jxc.number.mixin",
        "jxc.purchase.decision.mixin",
        "tier.validation",
        "mail.thread",
        "mail.activity.mixin",
    ]
    _order = "id desc"
    _check_company_auto = True

    #: See ``jxc.server.fields.mixin``.
    _jxc_server_fields = SERVER_FIELDS

    _state_field = "decision"
    _state_from = ["submitted"]
    _state_to = ["approved"]
    _cancel_state = "cancelled"

    name = fields.Char(
        string="Number",
        default="/",
        copy=False,
        index="trigram",
    )
    company_id = fields.Many2one(
        comodel_name="res.company",
        required=True,
        index=True,
        default=lambda self: self.env.company,
    )
    currency_id = fields.Many2one(
        related="company_id.currency_id",
    )
    user_id = fields.Many2one(
        comodel_name="res.users",
        string="Requester",
        required=True,
        index=True,
        default=lambda self: self.env.user,
        check_company=True,
        tracking=True,
    )
    former_requester_ids = fields.Many2many(
        comodel_name="res.users",
        relation="jxc_purchase_request_former_requester_rel",
        string="Also Requested by",
        readonly=True,
        copy=False,
        help="Who the request was entered for before, who submitted it before, who "
        "changed its lines, and who asked for requests that were merged into it. They "
        "do not approve it either.",
    )
    warehouse_id = fields.Many2one(
        comodel_name="stock.warehouse",
        check_company=True,
        help="Where the goods are to arrive. Empty: the buyer decides.",
    )
    date_required = fields.Date(
        string="Needed by",
        default=fields.Date.context_today,
        help="For lines that give no date of their own.",
    )
    origin_type = fields.Selection(
        selection=[
            ("manual", "Entered by hand"),
            ("alert", "Stock alert"),
            ("reorder", "Reordering rule"),
            ("sale", "Sale shortage"),
        ],
        string="Origin",
        required=True,
        default="manual",
        copy=False,
        help="What made the request; only what makes one says so.",
    )
    origin = fields.Char(
        string="Source Document",
        copy=False,
    )
    note = fields.Text(
        string="Reason",
        help="What the goods are for.",
    )
    line_ids = fields.One2many(
        comodel_name="jxc.purchase.request.line",
        inverse_name="request_id",
        string="Lines",
        copy=True,
    )
    amount_total = fields.Monetary(
        compute="_compute_amount_total",
        string="Estimated Total",
        store=True,
        help="Untaxed, from the estimated prices. Approval tiers may depend on it.",
    )
    decision = fields.Selection(
        selection=[
            ("draft", "Draft"),
            ("submitted", "To Approve"),
            ("approved", "Approved"),
            ("rejected", "Rejected"),
            ("cancelled", "Cancelled"),
        ],
        required=True,
        readonly=True,
        default="draft",
        copy=False,
    )
    state = fields.Selection(
        selection=[
            ("draft", "Draft"),
            ("submitted", "To Approve"),
            ("approved", "Approved"),
            ("in_progress", "In Progress"),
            ("done", "Done"),
            ("rejected", "Rejected"),
            ("cancelled", "Cancelled"),
        ],
        compute="_compute_state",
        string="Status",
        store=True,
        index=True,
        tracking=True,
    )
    submitted_by_id = fields.Many2one(
        comodel_name="res.users",
        string="Submitted by",
        readonly=True,
        copy=False,
    )
    submitted_at = fields.Datetime(
        string="Submitted on",
        readonly=True,
        copy=False,
    )
    rejection_reason = fields.Text(
        readonly=True,
        copy=False,
    )
    can_approve = fields.Boolean(
        compute="_compute_can_approve",
        export_string_translation=False,
    )
    can_edit = fields.Boolean(
        compute="_compute_can_edit",
        export_string_translation=False,
    )
    has_open = fields.Boolean(
        compute="_compute_has_open",
        export_string_translation=False,
    )
    order_count = fields.Integer(
        compute="_compute_order_count",
        string="Purchase Orders",
        groups="purchase.group_purchase_user,jxc_base.group_executive",
    )

    @api.depends("line_ids.price_subtotal")
    def _compute_amount_total(self):
        for request in self:
            request.amount_total = sum(request.line_ids.mapped("price_subtotal"))

    @api.depends("decision", "line_ids.progress")
    def _compute_state(self):
        for request in self:
            request.state = request.decision
            steps = set(request.line_ids.mapped("progress"))
            if request.decision != "approved" or not steps:
                continue
            if steps == {"done"}:
                request.state = "done"
            elif steps != {"open"}:
                request.state = "in_progress"

    @api.depends(
        "decision",
        "former_requester_ids",
        "review_ids.status",
        "submitted_by_id",
        "user_id",
    )
    @api.depends_context("uid")
    def _compute_can_approve(self):
        approver = self.env.user.has_group(APPROVER)
        for request in self:
            if request.decision != "submitted":
                request.can_approve = False
            elif request.sudo().review_ids:
                request.can_approve = request.can_review
            else:
                requesters = request.sudo()._jxc_requesters_known()
                request.can_approve = approver and self.env.user not in requesters

    @api.depends("decision")
    @api.depends_context("uid")
    def _compute_can_edit(self):
        buyer = self.env.user.has_group(BUYER)
        for request in self:
            mine = self.env.user in (request.user_id | request.create_uid)
            request.can_edit = buyer or mine or not request.id

    @api.depends("line_ids.qty_open", "decision")
    def _compute_has_open(self):
        for request in self:
            request.has_open = request.decision == "approved" and any(
                line.qty_open > 0 for line in request.line_ids
            )

    @api.depends("line_ids.link_ids.order_line_id.order_id")
    def _compute_order_count(self):
        for request in self:
            links = request.sudo().line_ids.link_ids
            request.order_count = len(links.order_line_id.order_id)

    # ------------------------------------------------------------
    # ORM overrides
    # ------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            if vals.get("name", "/") == "/":
                company = vals.get("company_id") or self.env.company.id
                sequences = self.env["ir.sequence"].with_company(company)
                vals["name"] = sequences.next_by_code("jxc.purchase.request") or "/"
        requests = super().create(vals_list)
        # Not the values: a client names the requester by a default as well.
        requests._check_requester(requests.user_id)
        return requests

    def write(self, vals):
        if vals.get("user_id"):
            self._check_requester(self.env["res.users"].browse(vals["user_id"]))
        if SETTLED_FIELDS.intersection(vals) and not self.env.su:
            self._check_draft()
        before = {one: one.user_id for one in self if "user_id" in vals}
        result = super().write(vals)
        for request, user in before.items():
            if user != request.user_id:
                # Whom it was entered for does not come to approve it that way.
                request.sudo().former_requester_ids += user
        return result

    def _jxc_guarded_fields(self):
        # Nobody writes what is computed, no matter with which rights.
        return super()._jxc_guarded_fields() | COMPUTED_FIELDS

    def _jxc_is_born_with(self, name, value):
        if name == "state" and not self and value == "draft":
            return True
        return super()._jxc_is_born_with(name, value)

    def _check_requester(self, users):
        """Only buyers enter requests for somebody else.

        :raise AccessError: naming the other persons
        """
        others = users - self.env.user
        if not others or self.env.su or self.env.user.has_group(BUYER):
            return
        raise AccessError(
            self.env._(
                "Only purchase users may enter a request for somebody else (%s).",
                ", ".join(others.sudo().mapped("name")),
            )
        )

    def _check_draft(self):
        """Refuse changes of what has been submitted.

        :raise UserError: naming the request and the way back
        """
        for request in self:
            if request.decision != "draft":
                raise UserError(
                    self.env._(
                        "%(request)s is “%(state)s” and cannot change any more. Set it"
                        " back to draft first; it is then approved again.",
                        request=request.name,
                        state=request._state_label(),
                    )
                )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_submitted(self):
        for request in self:
            if request.decision not in ("draft", "cancelled"):
                raise UserError(
                    self.env._(
                        "%(request)s is “%(state)s”. Cancel it before you delete it.",
                        request=request.name,
                        state=request._state_label(),
                    )
                )

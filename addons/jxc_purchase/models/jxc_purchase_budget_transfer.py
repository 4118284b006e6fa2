# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import api, fields, models
from odoo.exceptions import UserError

from .jxc_purchase_budget_line_scope import LIMIT_FIELDS

#: Written by the actions only, never by a client.
SERVER_FIELDS = frozenset(
    {
        "amount_total",
        "approved_at",
        "approved_by_id",
        "former_submitter_ids",
        "name",
        "rejection_reason",
        "state",
        "submitted_at",
        "submitted_by_id",
        "user_id",
    }
)
#: Settled by the submission.
SETTLED_FIELDS = {"carry_commitments", "company_id", "kind", "line_ids", "reason"}


class JxcPurchaseBudgetTransfer(models.Model):
    """A change of confirmed budgets (预算调整): of amounts or of what lines let by.

    What was planned stays as it was; the adjusted amount of a budget line is the sum of
    its approved changes.
    """

    _name = "jxc.purchase.budget.transfer"
    _description = "Purchase Budget Change"
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

    _state_from = ["submitted"]
    _state_to = ["approved"]
    _cancel_state = "cancelled"

    name = fields.Char(
        string="Number",
        default="/",
        copy=False,
        readonly=True,
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
        default=lambda self: self.env.user,
        readonly=True,
        copy=False,
        tracking=True,
    )
    kind = fields.Selection(
        selection=[
            ("transfer", "Transfer"),
            ("addition", "Addition"),
            ("cut", "Cut"),
            ("carry", "Carry-Forward"),
            ("control", "Control"),
        ],
        required=True,
        default="transfer",
        tracking=True,
    )
    carry_commitments = fields.Boolean(
        string="Move Open Commitments",
        help="Orders that are not billed yet, and requests that are not ordered yet,"
        " count on the new budget line from its first day on.",
    )
    reason = fields.Text(
        required=True,
    )
    line_ids = fields.One2many(
        comodel_name="jxc.purchase.budget.transfer.line",
        inverse_name="transfer_id",
        string="Lines",
        copy=True,
    )
    amount_total = fields.Monetary(
        compute="_compute_amount_total",
        string="Total",
        store=True,
        help="Approval tiers may depend on it. Of a change of control: what the lines"
        " let through beyond their limits; of lines that stop blocking, all of it.",
    )
    is_over_budget = fields.Boolean(
        string="Over Budget",
        compute="_compute_is_over_budget",
        help="A budget line that receives has used more than it has. Approval tiers may"
        " depend on it.",
    )
    state = fields.Selection(
        selection=[
            ("draft", "Draft"),
            ("submitted", "To Approve"),
            ("approved", "Approved"),
            ("rejected", "Rejected"),
            ("cancelled", "Cancelled"),
        ],
        string="Status",
        required=True,
        readonly=True,
        default="draft",
        copy=False,
        index=True,
        tracking=True,
    )
    submitted_by_id = fields.Many2one(
        comodel_name="res.users",
        string="Submitted by",
        readonly=True,
        copy=False,
    )
    former_submitter_ids = fields.Many2many(
        comodel_name="res.users",
        relation="jxc_purchase_budget_transfer_former_submitter_rel",
        string="Also Asked for by",
        help="Who submitted it before, or changed its lines. They do not approve it.",
        readonly=True,
        copy=False,
    )
    submitted_at = fields.Datetime(
        string="Submitted on",
        readonly=True,
        copy=False,
    )
    approved_by_id = fields.Many2one(
        comodel_name="res.users",
        string="Approved by",
        readonly=True,
        copy=False,
    )
    approved_at = fields.Datetime(
        string="Approved on",
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

    @api.depends("line_ids.line_to_id.amount_available")
    def _compute_is_over_budget(self):
        for transfer in self:
            targets = transfer.line_ids.line_to_id
            transfer.is_over_budget = any(
                line.currency_id.compare_amounts(line.amount_available, 0.0) < 0
                for line in targets
            )

    @api.depends(
        "kind",
        "line_ids.amount",
        "line_ids.line_to_id",
        *map("line_ids.{}".format, LIMIT_FIELDS),
    )
    def _compute_amount_total(self):
        for transfer in self:
            lines = transfer.line_ids
            if transfer.kind == "control":
                amounts = [line._amount_let_through() for line in lines]
            else:
                amounts = lines.mapped("amount")
            transfer.amount_total = sum(amounts)

    @api.depends("state", "review_ids.status")
    @api.depends_context("uid")
    def _compute_can_approve(self):
        for transfer in self:
            if transfer.state != "submitted":
                transfer.can_approve = False
            elif transfer.sudo().review_ids:
                transfer.can_approve = transfer.can_review
            else:
                transfer.can_approve = transfer._may_decide()

    @api.onchange("kind")
    def _onchange_kind(self):
        """Keep the budget line that was chosen on the side that the kind asks for."""
        for line in self.line_ids:
            if self.kind == "cut":
                line.line_from_id = line.line_from_id or line.line_to_id
                line.line_to_id = False
            elif self.kind in ("addition", "control"):
                line.line_to_id = line.line_to_id or line.line_from_id
                line.line_from_id = False

    # ------------------------------------------------------------
    # Guards
    # ------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        """Make drafts with the next numbers of their companies.

        :raise AccessError: naming what only the actions write
        """
        transfers = super().create(vals_list)
        for transfer in transfers:
            sequences = self.env["ir.sequence"].with_company(transfer.company_id)
            # Budget managers may not read sequences of all companies.
            transfer.sudo().name = (
                sequences.sudo().next_by_code("jxc.purchase.budget.transfer") or "/"
            )
        return transfers

    def write(self, vals):
        """Change drafts.

        :raise AccessError: naming what only the actions write, or the company is not
            the user's
        :raise UserError: the change was submitted, or budget lines of another company
        """
        if SETTLED_FIELDS & set(vals) and not self.env.su:
            self._check_draft()
        result = super().write(vals)
        if "company_id" in vals:
            self.line_ids._check_company()
        return result

    def _check_draft(self):
        """:raise UserError: naming what was submitted and the way back"""
        for transfer in self:
            if transfer.state != "draft":
                raise UserError(
                    self.env._(
                        "%(transfer)s is “%(state)s” and cannot change any more. Set it"
                        " back to draft first, or make another one.",
                        transfer=transfer.name,
                        state=transfer._state_label(),
                    )
                )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_submitted(self):
        for transfer in self:
            if transfer.state not in ("draft", "cancelled"):
                raise UserError(
                    self.env._(
                        "%(transfer)s is “%(state)s”. Cancel it before you delete it;"
                        " what is approved stays.",
                        transfer=transfer.name,
                        state=transfer._state_label(),
                    )
                )

# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import api, fields, models
from odoo.exceptions import UserError


class JxcPurchaseBudgetTransferLine(models.Model):
    """So much from one budget line to another; additions come, cuts go nowhere."""

    _name = "jxc.purchase.budget.transfer.line"
    _description = "Purchase Budget Change Line"
    _inherit = [
        "jxc.server.fields.mixin",
        "jxc.approval.line.mixin",
        "jxc.number.mixin",
    ]
    _order = "transfer_id desc, sequence, id"
    _rec_name = "transfer_id"
    _check_company_auto = True
    _jxc_approval_document = "transfer_id"

    #: See ``jxc.server.fields.mixin``.
    _jxc_server_fields = frozenset({"company_id", "state"})

    transfer_id = fields.Many2one(
        comodel_name="jxc.purchase.budget.transfer",
        required=True,
        index=True,
        ondelete="cascade",
    )
    sequence = fields.Integer(
        default=10,
    )
    company_id = fields.Many2one(
        related="transfer_id.company_id",
        store=True,
        index=True,
    )
    currency_id = fields.Many2one(
        related="company_id.currency_id",
    )
    state = fields.Selection(
        related="transfer_id.state",
        string="Status",
        store=True,
    )
    line_from_id = fields.Many2one(
        comodel_name="jxc.purchase.budget.line",
        string="From",
        check_company=True,
        index="btree_not_null",
        domain="[('budget_id.state', '!=', 'draft')]",
        ondelete="restrict",
    )
    line_to_id = fields.Many2one(
        comodel_name="jxc.purchase.budget.line",
        string="To",
        check_company=True,
        index="btree_not_null",
        domain="[('budget_id.state', '=', 'confirmed')]",
        ondelete="restrict",
    )
    amount_available = fields.Monetary(
        related="line_from_id.amount_available",
        string="Available",
    )
    amount = fields.Monetary(
        required=True,
        default=0.0,
        help="Untaxed, in company currency.",
    )

    _amount_not_negative = models.Constraint(
        "CHECK (amount >= 0)",
        "The amount of a budget change cannot be below zero.",
    )

    # ------------------------------------------------------------
    # Guards
    # ------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        lines = super().create(vals_list)
        lines.transfer_id._check_draft()
        return lines

    def write(self, vals):
        if not self.env.su:
            self.transfer_id._check_draft()
        result = super().write(vals)
        if "transfer_id" in vals and not self.env.su:
            self.transfer_id._check_draft()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_submitted(self):
        for transfer in self.transfer_id:
            if transfer.state not in ("draft", "cancelled"):
                transfer._check_draft()

    def _check_complete(self):
        """:raise UserError: naming the line that lacks something for its kind"""
        for line in self:
            source, target = line.line_from_id, line.line_to_id
            kind = line.transfer_id.kind
            problem = None
            if not line.amount and kind not in ("carry", "control"):
                problem = self.env._("enter an amount above zero.")
            elif kind == "control" and line.amount:
                problem = self.env._("a change of control has no amount.")
            elif kind not in ("addition", "control") and not source:
                problem = self.env._("choose the budget line that gives.")
            elif kind != "cut" and not target:
                problem = self.env._("choose the budget line that receives.")
            elif kind == "control" and source:
                problem = self.env._("a change of control is about one budget line.")
            elif kind == "addition" and source or kind == "cut" and target:
                problem = self.env._(
                    "additions come from nowhere and cuts go nowhere; choose a transfer"
                    " instead."
                )
            elif source == target:
                problem = self.env._("choose two different budget lines.")
            elif (source | target).filtered(lambda one: one.state == "draft"):
                problem = self.env._("confirm the budgets first.")
            elif target.state == "closed" or (
                source.state == "closed" and kind != "carry"
            ):
                problem = self.env._("reopen the closed budget first.")
            elif kind == "control" and not line._limits_changed():
                problem = self.env._("choose another control or tolerance than now.")
            elif kind == "carry" and target.date_from <= source.date_to:
                problem = self.env._("carry forward to a later period.")
            if problem:
                raise UserError(
                    self.env._(
                        "%(transfer)s, %(line)s: %(problem)s",
                        transfer=line.transfer_id.name,
                        line=(source or target).display_name or line.sequence,
                        problem=problem,
                    )
                )

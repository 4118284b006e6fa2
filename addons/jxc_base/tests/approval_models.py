# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
"""Documents under approval that exist in tests only.

Imported by ``approval_common`` when a test class is set up, never with the package: a
module that is merely imported must not leave models in the registry.
"""

from odoo import api, fields, models

STATES = [
    ("draft", "Draft"),
    ("confirmed", "Confirmed"),
    ("done", "Done"),
    ("cancel", "Cancelled"),
]


class ApprovalTester(models.Model):
    _name = "jxc.approval.tester"
    _description = "Approval Tester"
    _inherit = ["tier.validation", "mail.thread"]
    _rec_name = "name"

    name = fields.Char(default="Tester")
    state = fields.Selection(selection=STATES, default="draft")
    amount = fields.Float()
    confirmed_on = fields.Datetime()
    partner_id = fields.Many2one(comodel_name="res.partner")
    user_id = fields.Many2one(comodel_name="res.users")
    company_id = fields.Many2one(comodel_name="res.company")
    folder_id = fields.Many2one(comodel_name="jxc.approval.tester.folder")
    line_ids = fields.One2many(
        comodel_name="jxc.approval.tester.line", inverse_name="tester_id"
    )
    total = fields.Float(compute="_compute_total", store=True)

    @api.depends("line_ids.qty", "line_ids.price")
    def _compute_total(self):
        for tester in self:
            tester.total = sum(line.qty * line.price for line in tester.line_ids)

    def action_confirm(self):
        self.write({"state": "confirmed", "confirmed_on": fields.Datetime.now()})

    def _jxc_widening_fields(self):
        return {
            "amount": "increase",
            "partner_id": "change",
            "total": "increase",
            "line_ids": {"qty": "increase", "price": "increase"},
        }


class ApprovalTesterLine(models.Model):
    _name = "jxc.approval.tester.line"
    _description = "Approval Tester Line"
    _inherit = ["jxc.approval.line.mixin"]
    _jxc_approval_document = "tester_id"

    tester_id = fields.Many2one(
        comodel_name="jxc.approval.tester", required=True, ondelete="cascade"
    )
    name = fields.Char(default="Line")
    qty = fields.Float(string="Quantity")
    price = fields.Float()
    note = fields.Char()


class ApprovalTesterFolder(models.Model):
    _name = "jxc.approval.tester.folder"
    _description = "Approval Tester Folder"

    name = fields.Char()
    tester_ids = fields.One2many(
        comodel_name="jxc.approval.tester", inverse_name="folder_id"
    )


class ApprovalTesterBack(models.Model):
    """A document that knows how to go back when it widens."""

    _name = "jxc.approval.tester.back"
    _description = "Approval Tester that Goes Back"
    _inherit = ["tier.validation", "mail.thread"]

    name = fields.Char(default="Goes back")
    state = fields.Selection(selection=STATES, default="draft")
    amount = fields.Float()

    def _jxc_widening_fields(self):
        return {"amount": "increase"}

    def _jxc_on_widened(self, changes):
        self.write({"state": "draft"})


class ApprovalTesterComputed(models.Model):
    """A document whose state is computed from what happened to it."""

    _name = "jxc.approval.tester.computed"
    _description = "Approval Tester with Computed State"
    _inherit = ["tier.validation"]
    _tier_validation_state_field_is_computed = True

    is_confirmed = fields.Boolean()
    is_done = fields.Boolean()
    state = fields.Selection(selection=STATES, compute="_compute_state", store=True)

    @api.depends("is_confirmed", "is_done")
    def _compute_state(self):
        for tester in self:
            tester.state = (
                "done"
                if tester.is_done
                else "confirmed"
                if tester.is_confirmed
                else "draft"
            )


class ServerFieldsTester(models.Model):
    """A document whose state and worth follow from its actions."""

    _name = "jxc.server.fields.tester"
    _description = "Server Fields Tester"
    _inherit = ["jxc.server.fields.mixin"]
    _jxc_server_fields = frozenset({"state", "user_id", "worth"})

    name = fields.Char()
    state = fields.Selection(selection=STATES, default="draft")
    user_id = fields.Many2one(
        comodel_name="res.users", default=lambda self: self.env.user
    )
    worth = fields.Float()

    def action_confirm(self):
        self.sudo().write({"state": "confirmed", "worth": 5.0})


MODELS = [
    ApprovalTester,
    ApprovalTesterLine,
    ApprovalTesterFolder,
    ApprovalTesterBack,
    ApprovalTesterComputed,
    ServerFieldsTester,
]

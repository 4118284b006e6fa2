# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from odoo.addons.jxc_base.tools.approval import SKIP
from odoo.addons.jxc_base.tools.importing import is_history
from odoo.addons.jxc_base.tools.prefetch import RARELY_READ

from ..tools import token

GROUP = "jxc_purchase.group_urgent_buyer"


class PurchaseOrder(models.Model):
    """Urgent orders: confirmed first, approved afterwards."""

    _inherit = "purchase.order"

    jxc_urgent_reason = fields.Text(
        string="Why Urgent",
        copy=False,
        help="Compulsory for urgent orders; the approver reads it.",
        prefetch=RARELY_READ,
    )
    jxc_urgent_ids = fields.One2many(
        comodel_name="jxc.purchase.urgent",
        inverse_name="order_id",
        string="Urgent Purchases",
        readonly=True,
        copy=False,
        groups="base.group_user",
    )
    jxc_urgent_state = fields.Selection(
        selection=[
            ("open", "Approval Open"),
            ("late", "Approval Late"),
            ("approved", "Approved"),
            ("rejected", "Rejected"),
        ],
        string="Urgent Approval",
        compute="_compute_jxc_urgent_state",
        groups="base.group_user",
    )

    @api.depends("jxc_urgent_ids.deadline", "jxc_urgent_ids.state")
    def _compute_jxc_urgent_state(self):
        for order in self:
            urgent = order.sudo()._jxc_urgent()
            state = (
                "late" if urgent.is_late and urgent.state == "open" else urgent.state
            )
            order.jxc_urgent_state = state

    def _jxc_urgent(self):
        """Return the approvals that count of these orders."""
        return self.jxc_urgent_ids.filtered(lambda one: one.state != "cancelled")

    def write(self, vals):
        """Note when urgent orders become confirmed and when they are taken back.

        :raise UserError: the reason changes after the confirmation
        """
        if "jxc_urgent_reason" in vals:
            settled = self.filtered(lambda order: order.state in ("purchase", "cancel"))
            for order in settled:
                if order.jxc_urgent_reason != vals["jxc_urgent_reason"]:
                    raise UserError(
                        self.env._(
                            "%s: the reason for an urgent order stays as it was"
                            " confirmed.",
                            order.name,
                        )
                    )
        before = self.filtered(lambda order: order.state == "purchase")
        result = super().write(vals)
        if vals.get("state") == "purchase":
            confirmed = (self - before).filtered(
                lambda order: (
                    order.state == "purchase" and order.jxc_procurement_mode == "urgent"
                )
            )
            if confirmed and not is_history(self.env):
                confirmation = token.confirmation_of(self.env)
                tiers = confirmation.tiers_afterwards if confirmation else {}
                self.env["jxc.purchase.urgent"]._open_for(confirmed, tiers)
        elif "state" in vals:
            urgent = before.sudo()._jxc_urgent()
            if urgent:
                urgent.activity_unlink(["jxc_purchase.mail_activity_urgent"])
                urgent.with_context(skip_validation_check=SKIP).write(
                    {"state": "cancelled"}
                )
        return result

    def _jxc_check_mode_urgent(self):
        """Who may do so gives a reason.

        :raise UserError: naming what is missing
        """
        for order in self:
            allowed = (
                self.env.su
                or order.company_id.jxc_urgent_policy == "all"
                or self.env.user.has_group(GROUP)
            )
            if not allowed:
                raise UserError(
                    self.env._(
                        "%s: you have no right to confirm urgent orders. Ask somebody"
                        " of the group “Confirms Urgent Orders”, or have the purchase"
                        " requested and approved first.",
                        order.name,
                    )
                )
            order._jxc_check_nothing_overdue()
            if not (order.jxc_urgent_reason or "").strip():
                raise UserError(
                    self.env._(
                        "%s is urgent: give the reason, its approver reads it.",
                        order.name,
                    )
                )

    def _jxc_check_nothing_overdue(self):
        """Who lets approvals of urgent orders become overdue confirms no more of them.

        :raise UserError: naming the orders that are overdue and who approves them
        """
        if not self.company_id.jxc_urgent_stop:
            return
        people = self.env.user | self.user_id
        overdue = (
            self.env["jxc.purchase.urgent"]
            .sudo()
            .search(
                Domain("is_late", "=", True)
                & Domain("company_id", "=", self.company_id.id)
                & Domain("user_id", "in", people.ids)
                & Domain("order_id", "!=", self.id)
            )
        )
        if overdue:
            raise UserError(
                self.env._(
                    "%(order)s: the approval of earlier urgent orders is overdue"
                    " (%(overdue)s). Have them approved first, or cancel them; until"
                    " then %(people)s may confirm no further urgent order.",
                    order=self.name,
                    overdue=", ".join(overdue.order_id.mapped("name")),
                    people=", ".join(overdue.user_id.mapped("name")),
                )
            )

    def _action_jxc_widened(self):
        """An approval is for what the order said."""
        super()._action_jxc_widened()
        urgent = self._jxc_urgent()
        tiers = urgent.order_id._jxc_tiers_afterwards()
        for one in urgent.with_context(skip_validation_check=SKIP):
            one.order_tier_ids |= tiers[one.order_id.id]
        urgent._reopen()

    def action_jxc_open_urgent(self):
        """Show the approval that this urgent order gets afterwards."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Urgent Purchase"),
            "res_model": "jxc.purchase.urgent",
            "view_mode": "form",
            "res_id": self._jxc_urgent()[:1].id,
        }

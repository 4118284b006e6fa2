# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from collections import defaultdict

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from odoo.addons.jxc_base.tools.guard import own_defaults
from odoo.addons.jxc_base.tools.prefetch import RARELY_READ

from .purchase_order_line_billed import CONTROLLED_TYPES

RELEASER = "account.group_account_manager"
HOLD_FIELDS = {
    "jxc_hold_reason",
    "jxc_hold_released_by_id",
    "jxc_hold_release_reason",
    "jxc_payment_hold",
}


class AccountMove(models.Model):
    """Vendor bills against what was accepted at receipt."""

    _inherit = "account.move"

    jxc_payment_hold = fields.Boolean(
        string="Payment on Hold",
        readonly=True,
        copy=False,
        tracking=True,
        help="The bill asks for more than was accepted at receipt. It cannot be paid"
        " until the goods are accepted, a refund comes or somebody releases it.",
    )
    jxc_hold_reason = fields.Text(
        string="Why on Hold",
        readonly=True,
        copy=False,
        prefetch=RARELY_READ,
    )
    jxc_hold_released_by_id = fields.Many2one(
        comodel_name="res.users",
        string="Hold Released by",
        readonly=True,
        copy=False,
        tracking=True,
        prefetch=RARELY_READ,
    )
    jxc_hold_release_reason = fields.Char(
        string="Reason for the Release",
        readonly=True,
        copy=False,
        tracking=True,
        prefetch=RARELY_READ,
    )

    _jxc_payment_hold_idx = models.Index("(id) WHERE jxc_payment_hold")

    @api.model
    def default_get(self, fields):
        return own_defaults(self, super().default_get(fields), HOLD_FIELDS)

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self._jxc_check_hold_fields(vals)
        return super().create(vals_list)

    def write(self, vals):
        """Compare vendor bills with what was accepted when they are posted.

        :raise UserError: a bill asks for more and the company refuses that; names
            order, product, accepted and billed quantities
        """
        self._jxc_check_hold_fields(vals)
        if "state" not in vals:
            return super().write(vals)
        was_posted = self._jxc_posted_bills()
        result = super().write(vals)
        posted = self._jxc_posted_bills()
        changed = (posted - was_posted) | (was_posted - posted)
        order_lines = changed.invoice_line_ids.purchase_line_id
        if order_lines:
            (posted - was_posted)._jxc_control_bills()
            order_lines._jxc_recheck_holds()
        left = self.filtered(
            lambda move: move.state != "posted" and move.jxc_payment_hold
        )
        left.sudo().write({"jxc_payment_hold": False, "jxc_hold_reason": False})
        return result

    def _jxc_check_hold_fields(self, vals):
        """Holds follow from receipts and from releasing them.

        :raise AccessError: a client writes them
        """
        if not HOLD_FIELDS.isdisjoint(vals) and not self.env.su:
            raise AccessError(
                self.env._(
                    "The payment hold of bills cannot be written: it follows from what"
                    " was accepted. Release it with a reason."
                )
            )

    # ------------------------------------------------------------
    # Control
    # ------------------------------------------------------------

    def _jxc_control_bills(self):
        """Refuse or hold bills that were just posted, by the policy of the company."""
        bills = self.filtered(
            lambda move: (
                move.move_type in CONTROLLED_TYPES
                and move.company_id.sudo().jxc_bill_control != "none"
            )
        )
        excess = bills._jxc_excess()
        refused = [
            text
            for bill, texts in excess.items()
            if bill.company_id.sudo().jxc_bill_control == "refuse"
            for text in texts
        ]
        if refused:
            raise UserError(
                self.env._(
                    "Bills are posted for accepted goods only:\n%(lines)s\nCorrect the"
                    " bill, wait for the goods or their inspection, or ask the vendor"
                    " for a refund.",
                    lines="\n".join(refused),
                )
            )
        bills._jxc_hold(excess)

    def _jxc_hold(self, excess=None):
        """Put bills on hold that ask for more than was accepted.

        :param excess: what :meth:`_jxc_excess` returns, where it is known already
        """
        if excess is None:
            excess = self._jxc_excess()
        for bill, texts in excess.items():
            bill.sudo().write(
                {"jxc_payment_hold": True, "jxc_hold_reason": "\n".join(texts)}
            )

    def _jxc_excess(self):
        """What these posted bills have of order lines that are billed too much.

        :return: {account.move: [text]}, only bills with such lines
        """
        lines = self.invoice_line_ids.filtered("purchase_line_id")
        billed = lines.purchase_line_id._jxc_billed_and_allowed()
        excess = defaultdict(list)
        for line in lines:
            order_line = line.purchase_line_id
            quantity, allowed = billed.get(order_line, (0.0, None))
            unit = order_line.product_uom_id
            if allowed is None or unit.compare(quantity, allowed) <= 0:
                continue
            text = self.env._(
                "%(bill)s, %(order)s, %(product)s: billed %(billed)s %(unit)s, accepted"
                " %(accepted)s, to inspect %(inspecting)s, rejected %(rejected)s.",
                bill=line.move_id.name or line.move_id.display_name,
                order=order_line.order_id.name,
                product=order_line.product_id.display_name,
                billed=f"{quantity:g}",
                unit=unit.name,
                accepted=f"{order_line.qty_received:g}",
                inspecting=f"{order_line.jxc_qty_inspecting:g}",
                rejected=f"{order_line.jxc_qty_rejected:g}",
            )
            if text not in excess[line.move_id]:
                excess[line.move_id].append(text)
        return excess

    def action_jxc_release_hold(self, reason=None):
        """Let bills on hold be paid although more is billed than was accepted.

        :param reason: why; kept on the bill
        :raise AccessError: the user is no accounting manager
        :raise UserError: there is no reason, or a bill is not on hold
        """
        self.check_access("write")
        if not self.env.user.has_group(RELEASER):
            raise AccessError(
                self.env._("Only accounting managers release bills on hold.")
            )
        if not isinstance(reason, str) or not reason.strip():
            raise UserError(self.env._("Say why the bill may be paid."))
        for move in self:
            if not move.jxc_payment_hold:
                raise UserError(
                    self.env._("%(bill)s is not on hold.", bill=move.display_name)
                )
        self.sudo().write(
            {
                "jxc_payment_hold": False,
                "jxc_hold_released_by_id": self.env.uid,
                "jxc_hold_release_reason": reason.strip(),
            }
        )
        return True

    def action_register_payment(self):
        self._jxc_check_not_held()
        return super().action_register_payment()

    def _jxc_check_not_held(self):
        """Refuse to pay bills on hold.

        :raise UserError: naming the bills and why they are on hold
        """
        held = self.sudo().filtered("jxc_payment_hold")
        if held:
            raise UserError(
                self.env._(
                    "These bills are on hold and cannot be paid:\n%(bills)s\nThey are"
                    " free when the goods are accepted or a refund is posted; an"
                    " accounting manager can release them.",
                    bills="\n".join(held.mapped("jxc_hold_reason")),
                )
            )

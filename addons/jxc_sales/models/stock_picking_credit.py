# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import fields, models
from odoo.exceptions import UserError

from odoo.addons.jxc_base.tools.importing import is_history

from ..tools import marks
from ..tools.language import in_company_lang
from ..tools.refusal import refusal_of, text_for
from .jxc_credit_account_gate import STRICT


class StockPicking(models.Model):
    """Goods leave for a customer only as far as the credit account lets them.

    Judged where every way of validating a delivery ends, with what it really ships.
    """

    _inherit = "stock.picking"

    jxc_credit_state = fields.Selection(
        related="sale_id.jxc_credit_state",
        string="Credit",
        groups="base.group_user",
    )
    jxc_credit_hold_reason = fields.Text(
        related="sale_id.jxc_credit_hold_reason",
        string="Why on Hold",
        groups="base.group_user",
    )

    def write(self, vals):
        if "partner_id" not in vals:
            return super().write(vals)
        # Goods that left are owed as soon as it is said who got them.
        with self.move_ids._jxc_done()._jxc_receiver_watch(vals["partner_id"]):
            return super().write(vals)

    def button_validate(self):
        if marks.delivering_of(self.env):
            return super().button_validate()
        with marks.Delivering() as delivering:
            pickings = self.with_context(**{marks.DELIVERING: delivering})
            result = super(StockPicking, pickings).button_validate()
        if delivering.refused:
            return self.env["sale.order"]._jxc_notification(
                list(delivering.refused.values())
            )
        return result

    def _action_done(self):
        if is_history(self.env):
            return super()._action_done()
        orders = self._jxc_credit_orders()
        if not orders and not self.move_ids._jxc_unordered():
            return super()._action_done()
        try:
            return self._jxc_done_within_credit(orders)
        except UserError as error:
            if not refusal_of(error):
                raise
            return self._jxc_done_apart(error)

    def _jxc_credit_orders(self):
        """The orders whose goods these deliveries bring to customers, or back."""
        moves = self.move_ids.filtered(
            lambda move: move.sale_line_id and move._jxc_touches_customer()
        )
        # Whoever ships need not be allowed to read orders or credit.
        return moves.sudo().sale_line_id.order_id

    def _jxc_done_within_credit(self, orders):
        """Validate all of the deliveries, or raise and leave them as they are."""
        with self.env.cr.savepoint():
            self._jxc_check_paid_before()
            goods = {order: order.jxc_credit_shipped for order in orders}
            uses = orders._jxc_credit_uses()
            unordered = self.move_ids._jxc_maybe_unordered(frozenset())
            counted = unordered._jxc_counted_before()
            unpaid = orders._jxc_cash_open()
            with marks.Settling() as settling:
                pickings = self.with_context(**{marks.SETTLING: settling})
                result = super(StockPicking, pickings)._action_done()
            orders._jxc_check_gone_paid(unpaid)
            orders._jxc_credit_settle_delivery(goods, uses)
            unordered._jxc_judge_unordered(counted)
            self.browse(settling.picking_ids)._send_confirmation_email()
        return result

    def _jxc_check_paid_before(self):
        """:raise UserError: for goods whose order's mode wants money first"""
        leaving = self.move_ids.filtered(
            lambda move: (
                move.location_dest_id._jxc_is_outgoing()
                and move.state not in ("done", "cancel")
                and not move.product_uom.is_zero(move.quantity)
            )
        )
        leaving.sudo().sale_line_id.order_id._jxc_check_paid_before()

    def _jxc_done_apart(self, error):
        """Validate the deliveries that the credit suffices for, one after the other."""
        refused = {self: error} if len(self) == 1 else {}
        for picking in self if len(self) > 1 else ():
            try:
                picking._jxc_done_within_credit(picking._jxc_credit_orders())
            except UserError as refusal:
                if not refusal_of(refusal):
                    raise
                refused[picking] = refusal
        blocked = {p: e for p, e in refused.items() if not refusal_of(e).holds}
        if len(blocked) == len(self):
            if len(self) == 1:
                raise error
            raise UserError("\n\n".join(e.args[0] for e in blocked.values()))
        delivering = marks.delivering_of(self.env)
        for picking, refusal in refused.items():
            text = picking._jxc_settle_refused(refusal, picking in blocked)
            if delivering:
                delivering.refused[picking.id] = text
        return True

    def _jxc_settle_refused(self, refusal, is_blocked):
        """Leave a delivery as it is; return the text that says why."""
        self.ensure_one()
        if not is_blocked:
            for order in self._jxc_credit_orders():
                order._jxc_put_on_hold(refusal, refusal_of(refusal).asked)
        kept = in_company_lang(self)
        reason = text_for(refusal, kept.env.lang)
        self._message_log(body=kept._jxc_refused_text(reason, is_blocked))
        return self._jxc_refused_text(refusal.args[0], is_blocked)

    def _jxc_refused_text(self, reason, is_blocked):
        if is_blocked:
            return self.env._(
                "%(delivery)s was not validated. %(reason)s",
                delivery=self.name,
                reason=reason,
            )
        return self.env._(
            "%(delivery)s is on hold. %(reason)s",
            delivery=self.name,
            reason=reason,
        )

    def action_jxc_deliver_what_fits(self):
        """Ship as much of a delivery as the customer's credit suffices for.

        Moves are filled in their order, in whole units of each; the rest stays for a
        backorder.

        :return: as ``button_validate``
        :raise UserError: nothing fits, or the credit suffices for all of it
        """
        self.ensure_one()
        self.check_access("write")
        room = self._jxc_credit_room()
        if room is None:
            return self.button_validate()
        fits = False
        for move in self.move_ids.filtered(
            lambda one: one.state not in ("done", "cancel")
        ):
            wanted = move.quantity
            quantity = move._jxc_quantity_within(room)
            room -= move._jxc_credit_value(quantity)
            if move.product_uom.compare(quantity, wanted) < 0:
                move.quantity = quantity
            move.picked = quantity > 0
            fits = fits or quantity > 0
        if not fits:
            raise UserError(
                self.env._(
                    "%s: the customer's credit does not even suffice for one unit.",
                    self.name,
                )
            )
        return self.with_context(skip_backorder=True).button_validate()

    def _jxc_credit_room(self):
        """What may still leave of this delivery, in company currency; None for all."""
        orders = self._jxc_credit_orders()
        accounts = orders.jxc_credit_account_id
        if not accounts or len(orders) != 1:
            return None
        leave = orders._jxc_credit_leaves().get(orders)
        if leave and leave.is_full:
            return None
        if not leave and accounts._jxc_is_too_late("delivery"):
            return 0.0
        if accounts.unlimited or accounts.delivery_action not in STRICT:
            return None
        extra = leave.extra if leave else 0.0
        accounts.invalidate_recordset()
        return max(0.0, accounts.capacity + extra - accounts.exposure_shipped)

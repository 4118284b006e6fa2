# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import SUPERUSER_ID, api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain

from odoo.addons.jxc_base.tools.arguments import day_of
from odoo.addons.jxc_base.tools.importing import is_history
from odoo.addons.jxc_base.tools.prefetch import RARELY_READ

from ..tools import marks
from ..tools.language import in_company_lang
from ..tools.refusal import refusal_of, text_for

CREDIT_MANAGER = "jxc_base.group_credit_manager"


class SaleOrder(models.Model):
    """Orders on hold (冻结): they wait for money, or for a credit manager.

    An order that is held when it is confirmed stays a quotation; one that is held at
    its delivery stays undelivered.
    """

    _inherit = "sale.order"

    jxc_credit_state = fields.Selection(
        selection=[
            ("free", "Not on Hold"),
            ("hold", "On Hold"),
            ("released", "Released"),
        ],
        string="Credit",
        default="free",
        readonly=True,
        copy=False,
        groups="base.group_user",
    )
    jxc_credit_held_at = fields.Datetime(
        string="On Hold Since",
        readonly=True,
        copy=False,
        groups="base.group_user",
        prefetch=RARELY_READ,
    )
    jxc_credit_hold_reason = fields.Text(
        string="Why on Hold",
        readonly=True,
        copy=False,
        groups="base.group_user",
        prefetch=RARELY_READ,
    )
    jxc_credit_hold_amount = fields.Monetary(
        string="Goods Waiting",
        currency_field="jxc_company_currency_id",
        readonly=True,
        copy=False,
        groups="base.group_user",
        help="Value of the delivery that was held back.",
        prefetch=RARELY_READ,
    )
    jxc_credit_release_ids = fields.One2many(
        comodel_name="jxc.credit.release",
        inverse_name="order_id",
        string="Credit Releases",
        groups="base.group_user",
    )
    jxc_credit_account_id = fields.Many2one(
        comodel_name="jxc.credit.account",
        string="Credit Account",
        compute="_compute_jxc_credit_account_id",
        compute_sudo=True,
        groups="base.group_user",
    )

    _jxc_credit_held_idx = models.Index(
        "(jxc_credit_held_at) WHERE jxc_credit_state = 'hold'"
    )

    @api.depends("partner_invoice_id", "company_id")
    def _compute_jxc_credit_account_id(self):
        accounts = self._jxc_hint_accounts(self)
        for order in self:
            order.jxc_credit_account_id = accounts.get(order._jxc_customer())

    # -- confirming ---------------------------------------------------------------

    def action_confirm(self):
        """Confirm the orders that their customers' credit suffices for.

        All are judged together. Where that is too much, they are judged in their order,
        each with the ones before it: what fits is confirmed, what does not is put on
        hold or refused, as the credit account says.

        :return: what the platform returns; with orders on hold or refused, the action
            that shows which and why
        :raise UserError: when not a single order was confirmed or put on hold
        """
        if is_history(self.env):
            return super().action_confirm()
        try:
            with self.env.cr.savepoint(), marks.TakingBack(self.ids) as taking_back:
                orders = self.with_context(**{marks.TAKING_BACK: taking_back})
                result = super(SaleOrder, orders).action_confirm()
                taking_back.raise_swallowed()
        except UserError as error:
            if not refusal_of(error):
                raise
            refused = self._jxc_confirm_apart(error)
            return self._jxc_settle_refused(refused)
        self._jxc_leave_hold()
        return result

    def _jxc_confirm_all(self):
        """Confirm all of the orders, or raise; nothing is put on hold."""
        return super().action_confirm()

    def _jxc_confirm_apart(self, error):
        """Confirm those that fit; return {order: error} of the others."""
        if len(self) == 1:
            return {self: error}
        customers = refusal_of(error).customers
        doubtful = self.filtered(lambda order: order._jxc_customer() in customers)
        doubtful = doubtful or self
        refused = {}
        # Nobody who has enough credit is made to wait for those who have not.
        for orders in (self - doubtful, *doubtful):
            if not orders:
                continue
            try:
                with self.env.cr.savepoint():
                    orders._jxc_confirm_all()
            except UserError as refusal:
                if not refusal_of(refusal):
                    raise
                refused.update(orders._jxc_confirm_apart(refusal))
            else:
                orders._jxc_leave_hold()
        return refused

    def _jxc_settle_refused(self, refused):
        """Put on hold what waits, and say what was refused.

        :param refused: {order: error}
        """
        held = [order for order, error in refused.items() if refusal_of(error).holds]
        blocked = {order: e for order, e in refused.items() if order not in held}
        if len(blocked) == len(self):
            if len(self) == 1:
                raise refused[self]
            raise UserError("\n\n".join(self._jxc_refusal_texts(blocked)))
        for order in held:
            order._jxc_put_on_hold(refused[order])
        for order, error in blocked.items():
            texts = in_company_lang(order).env
            order.sudo()._message_log(
                body=texts._("Not confirmed: %s", text_for(error, texts.lang))
            )
        lines = [
            self.env._(
                "%(order)s is on hold. %(reason)s",
                order=order.name,
                reason=refused[order].args[0],
            )
            for order in held
        ]
        lines += self._jxc_refusal_texts(blocked)
        # Credit is one reason of several, prices and amounts are others.
        return self._jxc_notification(lines, self.env._("Not confirmed yet"))

    def _jxc_refusal_texts(self, refused):
        return [
            self.env._(
                "%(order)s was not confirmed. %(reason)s",
                order=order.name,
                reason=error.args[0],
            )
            for order, error in refused.items()
        ]

    def _jxc_notification(self, lines, title=None):
        """Return the action that shows lines to who pressed the button."""
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "warning",
                "title": title or self.env._("Customer Credit"),
                "message": "\n".join(lines),
                "sticky": True,
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }

    def _action_cancel(self):
        result = super()._action_cancel()
        self._jxc_leave_hold()
        return result

    # -- hold ---------------------------------------------------------------------

    def _jxc_put_on_hold(self, error, amount=0.0):
        """Have the order wait; credit managers and its salesperson are told once.

        The reason is kept in the language of the company: everybody there reads it.

        :param error: the refusal
        :param amount: value of the goods that were held back, in company currency
        """
        self.ensure_one()
        # Customers who sign or pay do not write orders; and the note is not theirs.
        order = in_company_lang(self.with_user(SUPERUSER_ID))
        is_new = order.jxc_credit_state != "hold"
        order.write(
            {
                "jxc_credit_state": "hold",
                "jxc_credit_hold_reason": text_for(error, order.env.lang),
                "jxc_credit_hold_amount": amount,
            }
        )
        if not is_new:
            return
        order.jxc_credit_held_at = fields.Datetime.now()
        order.message_post(
            body=order.env._("On hold: %s", order.jxc_credit_hold_reason),
            subtype_xmlid="mail.mt_note",
            partner_ids=order._jxc_hold_recipients().ids,
        )
        self.env["jxc.credit.account"]._jxc_judge_holds_soon(second_look=True)

    def _jxc_hold_recipients(self):
        managers = self.env.ref(CREDIT_MANAGER).all_user_ids.filtered(
            lambda user: self.company_id in user.company_ids and not user.share
        )
        return (managers | self.user_id).partner_id - self.env.user.partner_id

    def _jxc_leave_hold(self, text=None):
        """Orders that got through, or are given up, do not wait any more."""
        held = self.sudo().filtered(lambda order: order.jxc_credit_state == "hold")
        for order in held:
            released = order.state != "cancel" and order._jxc_releases()
            order.write(
                {
                    "jxc_credit_state": "released" if released else "free",
                    "jxc_credit_held_at": False,
                    "jxc_credit_hold_reason": False,
                    "jxc_credit_hold_amount": 0.0,
                }
            )
            if text:
                order.message_post(
                    body=text,
                    subtype_xmlid="mail.mt_note",
                    partner_ids=order.user_id.partner_id.ids,
                )

    # -- judging again ------------------------------------------------------------

    @api.model
    def _jxc_held_orders(self):
        """All orders on hold, the longest waiting first."""
        return self.sudo().search(
            Domain("jxc_credit_state", "=", "hold"), order="jxc_credit_held_at, id"
        )

    def _jxc_judge_again(self):
        """Let an order on hold go on if its customer's credit suffices now."""
        self.ensure_one()
        order = self.with_user(SUPERUSER_ID).with_company(self.company_id)
        order = in_company_lang(order)
        if not order.try_lock_for_update() or order.jxc_credit_state != "hold":
            return
        try:
            with self.env.cr.savepoint():
                if order.state in ("draft", "sent"):
                    order._jxc_confirm_all()
                elif order.state == "sale":
                    order._jxc_check_goods_waiting()
        except UserError as error:
            order.invalidate_recordset()
            if refusal_of(error):
                order._jxc_put_on_hold(error, order.jxc_credit_hold_amount)
            elif order.jxc_credit_hold_reason != error.args[0]:
                # Fits, but something else is wrong with it: somebody has to look.
                order.jxc_credit_hold_reason = error.args[0]
                order._message_log(body=error.args[0])
            return
        order._jxc_leave_hold(order.env._("The credit suffices now: no more on hold."))

    def _jxc_check_goods_waiting(self):
        """:raise UserError: when the goods that wait may still not leave"""
        account = self.jxc_credit_account_id
        if not account:
            return
        with self.env.cr.savepoint() as savepoint:
            # Asked for, not taken: that is done when they leave.
            account._jxc_delivery_take(
                {account.id: self.jxc_credit_hold_amount},
                {},
                self._jxc_credit_leaves().get(self),
            )
            savepoint.rollback()

    # -- release ------------------------------------------------------------------

    def action_jxc_credit_release(self, amount=None, until=None, reason=None):
        """Let orders go beyond their customers' credit, and go on with those on hold.

        :param amount: how far beyond the limit each order may go, in company currency;
            None or 0 releases it in full, as it is now
        :param until: last day on which the release counts; None for no end
        :param reason: why; without one a window asks for all three (one order)
        :return: True, or the action of that window
        :raise AccessError: unless the user is a credit manager
        :raise UserError: cancelled, ``until`` is over or no day, ``amount`` no number,
            or several without a reason
        """
        self._jxc_check_credit_manager()
        if not reason:
            if len(self) != 1:
                raise UserError(self.env._("Say why these orders are released."))
            return {
                "type": "ir.actions.act_window",
                "name": self.env._("Release"),
                "res_model": "jxc.credit.release",
                "view_mode": "form",
                "target": "new",
                "context": {"default_order_id": self.id},
            }
        self.env["jxc.credit.release"].create(
            [
                {
                    "order_id": order.id,
                    "amount": amount or 0.0,
                    "until": until,
                    "reason": reason,
                }
                for order in self
            ]
        )
        return True

    def _jxc_check_credit_manager(self):
        """:raise AccessError: for everybody else"""
        if not (self.env.su or self.env.user.has_group(CREDIT_MANAGER)):
            raise AccessError(
                self.env._(
                    "Only credit managers release orders. Ask one to do it (Sales >"
                    " Credit > Orders on Hold)."
                )
            )

    def _jxc_check_may_release(self, until):
        """:raise UserError: naming the order that cannot be released, or the day"""
        self._jxc_check_credit_manager()
        self.check_access("read")
        order = self.sudo()
        if order.state == "cancel":
            raise UserError(
                self.env._("%s is cancelled: there is nothing to release.", order.name)
            )
        account = self.env["jxc.credit.account"].new(
            {"company_id": order.company_id.id}
        )
        try:
            day = day_of(self.env, until)
        except UserError as error:
            raise UserError(
                self.env._(
                    "%(order)s cannot be released until “%(until)s”: %(reason)s",
                    order=order.name,
                    until=str(until),
                    reason=error.args[0],
                )
            ) from error
        if day and day < account._jxc_today():
            raise UserError(self.env._("A release until %s would be over.", until))

    def _jxc_go_on_released(self):
        """Go on with a released order; with superuser rights."""
        self.ensure_one()
        if self.jxc_credit_state == "hold":
            self._jxc_judge_again()
        elif self._jxc_releases():
            self.jxc_credit_state = "released"

    def _jxc_releases(self):
        """The releases of this order that count today."""
        self.ensure_one()
        return self._jxc_releases_of_each()[self]

    def _jxc_releases_of_each(self):
        """``{order: releases that count today}``, one search for all of a company."""
        releases = self.env["jxc.credit.release"].sudo()
        found = dict.fromkeys(self, releases)
        for company, orders in self.grouped("company_id").items():
            valid = releases.search(
                releases._get_valid_domain(company)
                & Domain("order_id", "in", orders.ids)
            ).grouped(lambda one: (one.order_id.id, one.customer_id.id))
            for order in orders:
                key = (order.id, order.jxc_credit_partner_id.id)
                found[order] = valid.get(key, releases)
        return found

    def _jxc_company_total(self):
        """Total of the order in company currency, tax included."""
        self.ensure_one()
        currency = self.company_id.currency_id
        return currency.round(self.amount_total / (self.currency_rate or 1.0))

    def _jxc_credit_leaves(self):
        """Return {order: Leave} of those that may go beyond the limit."""
        leaves = {
            order: order._jxc_mode_leave() or order._jxc_prepaid_leave()
            for order in self.sudo()
        }
        unpaid = self.sudo().filtered(lambda order: not leaves[order])
        for order, releases in unpaid._jxc_releases_of_each().items():
            leaves[order] = releases._leave()
        return {order: leave for order, leave in leaves.items() if leave}

# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import api, fields, models
from odoo.fields import Domain

from odoo.addons.jxc_base.tools.prefetch import RARELY_READ

from ..tools.language import in_company_lang


class SaleOrder(models.Model):
    """Pre-sales (预售) get stock in the order of their deposits, and keep a window."""

    _inherit = "sale.order"

    jxc_deposit_paid_at = fields.Datetime(
        string="Deposit Paid At",
        readonly=True,
        copy=False,
        groups="base.group_user",
        help="Stock is reserved from then on; of several pre-sales, for the one whose"
        " deposit came first.",
        prefetch=RARELY_READ,
    )
    jxc_presale_late_on = fields.Date(
        string="Late Since",
        readonly=True,
        copy=False,
        groups="base.group_user",
        help="The delivery window was over and goods had not left.",
        prefetch=RARELY_READ,
    )
    jxc_window_from = fields.Date(tracking=True)
    jxc_window_to = fields.Date(tracking=True)

    _jxc_deposit_paid_idx = models.Index(
        "(jxc_deposit_paid_at, id) WHERE jxc_deposit_paid_at IS NOT NULL"
    )

    # -- deposit ------------------------------------------------------------------

    def _jxc_deposit_due(self):
        """What has to be paid before stock is reserved, in company currency."""
        self.ensure_one()
        total = self._jxc_company_total()
        currency = self.company_id.currency_id
        if self.jxc_deposit_amount:
            deposit = self.jxc_deposit_amount / (self.currency_rate or 1.0)
        else:
            deposit = total * (self.jxc_deposit_percent or 0.0) / 100
        return min(total, currency.round(deposit))

    def _jxc_note_deposits(self):
        """Note which deposits have come, or are gone again, after money moved.

        Stock is reserved by a job after the commit: it sees all deposits that came by
        then, also where their halves were booked at once, and serves them in their
        order.
        """
        presales = self.sudo().filtered(
            lambda order: order.state == "sale" and order.jxc_sale_mode == "presale"
        )
        presales._jxc_update_deposits()
        if presales:
            self._jxc_reserve_presales_soon()

    def _jxc_update_deposits(self):
        """Bring the day a deposit came in line with what these pre-sales were paid."""
        came = gone = self.browse()
        for order in self:
            currency = order.company_id.currency_id
            due = order._jxc_deposit_due()
            is_paid = currency.compare_amounts(order._jxc_covered(), due) >= 0
            if is_paid and not order.jxc_deposit_paid_at:
                came |= order
            elif not is_paid and order.jxc_deposit_paid_at:
                gone |= order
        if came:
            came.jxc_deposit_paid_at = fields.Datetime.now()
        if gone:
            gone.jxc_deposit_paid_at = False
            gone._jxc_waiting_moves()._do_unreserve()

    def _action_confirm(self):
        # A deposit may have come before; then stock is reserved by what follows.
        self._jxc_note_deposits()
        return super()._action_confirm()

    # -- stock --------------------------------------------------------------------

    def _jxc_may_reserve(self):
        """Whether a pre-sale has a right to stock: paid, and not given up as late."""
        self.ensure_one()
        if not self.jxc_deposit_paid_at:
            return False
        gives_up = self.company_id.jxc_presale_late_action == "release"
        return not (self.jxc_presale_late_on and gives_up)

    def _jxc_waiting_moves(self):
        """Moves of these orders towards the customer that have not been done."""
        return self.order_line.move_ids.filtered(
            lambda move: (
                move.state not in ("draft", "done", "cancel")
                and not move.location_id._jxc_is_outgoing()
            )
        )

    @api.model
    def _jxc_reserve_presales_soon(self):
        cron = self.env.ref(
            "jxc_sales.jxc_presale_reserve_cron", raise_if_not_found=False
        )
        if cron:
            # Whoever books a payment may not start jobs himself.
            cron.sudo()._trigger()

    @api.model
    def _cron_reserve_presales(self):
        """Reserve stock for pre-sales whose deposits came, the first one first.

        Two parts of a deposit that are booked at once do not see each other; both are
        seen here, as is what was taken back at once.
        """
        cron = self.env["ir.cron"]
        self.sudo().search(
            Domain("state", "=", "sale")
            & Domain("jxc_sale_mode", "=", "presale")
            & Domain("picking_ids", "any", [("state", "not in", ("done", "cancel"))])
        )._jxc_update_deposits()
        moves = self.env["stock.move"].search(
            Domain("state", "in", ("confirmed", "partially_available"))
            & Domain("procure_method", "=", "make_to_stock")
            & Domain("sale_line_id.order_id.jxc_sale_mode", "=", "presale")
            & Domain("sale_line_id.order_id.jxc_deposit_paid_at", "!=", False)
            & (
                Domain("reservation_date", "<=", "today")
                | Domain("picking_type_id.reservation_method", "=", "at_confirm")
            )
        )
        orders = moves.sale_line_id.order_id.sorted(
            lambda order: (order.jxc_deposit_paid_at, order.id)
        )
        for number, order in enumerate(orders, start=1):
            order_moves = moves.filtered(
                lambda move, order=order: move.sale_line_id.order_id == order
            )
            order_moves._action_assign()
            if self.env.context.get(
                "ir_cron_progress_id"
            ) and not cron._commit_progress(1, remaining=len(orders) - number):
                break

    # -- window -------------------------------------------------------------------

    def write(self, vals):
        result = super().write(vals)
        if "jxc_window_to" in vals:
            self.sudo()._jxc_leave_late()
        return result

    def _jxc_leave_late(self):
        """Pre-sales whose window was moved on are not late any more."""
        in_time = self.filtered(
            lambda order: (
                order.jxc_presale_late_on
                and (not order.jxc_window_to or order.jxc_window_to >= order._jxc_day())
            )
        )
        if in_time:
            in_time.jxc_presale_late_on = False
            in_time.activity_unlink(["jxc_sales.jxc_presale_late_activity_type"])
            self._jxc_reserve_presales_soon()

    def _jxc_day(self):
        """The day it is for the company of the order."""
        account = self.env["jxc.credit.account"].new({"company_id": self.company_id.id})
        return account._jxc_today()

    @api.model
    def _cron_presale_windows(self):
        """Flag pre-sales whose window is over, once; tell who sells, free the stock."""
        # Tomorrow by one clock is today by another: each order is asked for its day.
        orders = self.sudo().search(
            Domain("state", "=", "sale")
            & Domain("jxc_sale_mode", "=", "presale")
            & Domain("jxc_presale_late_on", "=", False)
            & Domain("jxc_window_to", "<=", "today")
            & Domain("picking_ids", "any", [("state", "not in", ("done", "cancel"))])
        )
        late = orders.filtered(lambda order: order.jxc_window_to < order._jxc_day())
        for order in late:
            order.jxc_presale_late_on = order._jxc_day()
            texts = in_company_lang(order).env
            order.activity_schedule(
                "jxc_sales.jxc_presale_late_activity_type",
                user_id=(order.user_id or order.team_id.user_id or order.create_uid).id,
                note=texts._(
                    "The delivery window ended on %s and goods have not left. Agree on"
                    " a new window, or cancel the order.",
                    order.jxc_window_to,
                ),
            )
        late.filtered(
            lambda order: order.company_id.jxc_presale_late_action == "release"
        )._jxc_waiting_moves()._do_unreserve()

# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from contextlib import contextmanager

from odoo import api, models

from odoo.addons.jxc_base.tools.importing import is_history

from ..tools import marks

#: Writing one of these on a move that is done changes what a customer got.
GOODS_FIELDS = {
    "location_dest_id",
    "location_id",
    "move_line_ids",
    "product_uom",
    "quantity",
    "sale_line_id",
    "state",
    "to_refund",
}

#: The same of the lines of a move.
LINE_FIELDS = {"move_id", "product_uom_id", "quantity", "state"}


class StockMove(models.Model):
    """Goods that leave in another way than by validating their delivery.

    The quantity of a delivery that is done can be corrected, and a client may write a
    status: what leaves by that is judged as if it had been delivered so at once. An
    order whose rest was given up takes no credit for it: a further delivery widens it.
    """

    _inherit = "stock.move"

    @api.model_create_multi
    def create(self, vals_list):
        lines = sold = self.env["sale.order.line"]
        for vals in vals_list:
            sold |= sold.browse(vals.get("sale_line_id"))
            picking = self.env["stock.picking"].browse(vals.get("picking_id"))
            if vals.get("state") == "done" or picking.state == "done":
                lines |= lines.browse(vals.get("sale_line_id"))
        if not sold:
            return super().create(vals_list)
        with (
            self._jxc_goods_watch(lines) as watch,
            self._jxc_reopening_watch(sold) as order_watch,
        ):
            context = {**watch, **order_watch}
            moves = super(StockMove, self.with_context(**context)).create(vals_list)
        return moves.with_env(self.env)

    def write(self, vals):
        is_sold = vals.get("sale_line_id") or self.sale_line_id
        if not is_sold or not GOODS_FIELDS & set(vals):
            return super().write(vals)
        moves = self if vals.get("state") == "done" else self._jxc_done()
        lines = moves._jxc_customer_lines(vals)
        sold = self.env["sale.order.line"]
        if vals.get("state", "cancel") not in ("cancel", "done"):
            sold = self.filtered(lambda move: move.state == "cancel").sale_line_id
        with (
            self._jxc_goods_watch(lines) as watch,
            self._jxc_reopening_watch(sold) as order_watch,
        ):
            context = {**watch, **order_watch}
            return super(StockMove, self.with_context(**context)).write(vals)

    def _jxc_done(self):
        return self.filtered(lambda move: move.state == "done")

    def _jxc_touches_customer(self):
        """Whether these goods leave for a customer, or come back from one.

        As the platform counts what was delivered: on their way to a sister company they
        have left as well.
        """
        self.ensure_one()
        return (
            self.location_id._jxc_is_outgoing()
            or self.location_dest_id._jxc_is_outgoing()
        )

    def _jxc_customer_lines(self, vals):
        """Lines of orders that a change of these moves may deliver more of."""
        moves = self
        if not {"location_id", "location_dest_id", "sale_line_id"} & set(vals):
            moves = self.filtered(
                lambda move: move.sale_line_id and move._jxc_touches_customer()
            )
        lines = moves.sale_line_id
        if moves and vals.get("sale_line_id"):
            lines |= lines.browse(vals["sale_line_id"])
        return lines

    def _jxc_reopening_watch(self, lines):
        """Watch orders of which nothing more was to leave, as if they were widened.

        :return: as ``_jxc_credit_watch`` of the orders
        """
        finished = lines.sudo().filtered(
            lambda line: line.move_ids and line._jxc_progress().finished
        )
        orders = finished.order_id
        if marks.settling_of(self.env) or is_history(self.env):
            orders = orders.browse()
        return orders._jxc_credit_watch()

    @contextmanager
    def _jxc_goods_watch(self, lines):
        """Compare what was delivered of orders before and after a change, and judge it.

        :param lines: lines of the orders; none costs nothing
        :yield: context values that keep changes inside from being judged twice
        :raise UserError: more goods left than the customer's credit allows, or than
            the order's mode does before it is paid
        """
        if not lines or marks.settling_of(self.env) or is_history(self.env):
            yield {}
            return
        # Whoever ships need not be allowed to read orders or credit.
        orders = lines.sudo().order_id
        left = {line: line.qty_delivered for line in orders.order_line}
        goods = {order: order.jxc_credit_shipped for order in orders}
        uses = orders._jxc_credit_uses()
        unpaid = orders._jxc_cash_open()
        # Refused changes are taken back here, should a caller swallow the error.
        with self.env.cr.savepoint():
            with marks.Settling() as settling:
                yield {marks.SETTLING: settling}
            more = orders.filtered(
                lambda order: any(
                    line.qty_delivered > left.get(line, 0.0)
                    for line in order.order_line
                )
            )
            more._jxc_check_paid_before()
            more._jxc_check_gone_paid(unpaid)
            orders._jxc_credit_settle_delivery(goods, uses)
        pickings = self.env["stock.picking"].browse(settling.picking_ids)
        pickings._send_confirmation_email()


class StockMoveLine(models.Model):
    _inherit = "stock.move.line"

    @api.model_create_multi
    def create(self, vals_list):
        moves = self.env["stock.move"].browse(
            filter(None, (vals.get("move_id") for vals in vals_list))
        )
        lines = moves._jxc_done()._jxc_customer_lines({})
        if not lines:
            return super().create(vals_list)
        with moves._jxc_goods_watch(lines) as watch:
            items = super(StockMoveLine, self.with_context(**watch)).create(vals_list)
        return items.with_env(self.env)

    def write(self, vals):
        if not LINE_FIELDS & set(vals):
            return super().write(vals)
        moves = self.move_id
        if vals.get("move_id"):
            moves |= moves.browse(vals["move_id"])
        lines = moves._jxc_done()._jxc_customer_lines({})
        with moves._jxc_goods_watch(lines) as watch:
            return super(StockMoveLine, self.with_context(**watch)).write(vals)

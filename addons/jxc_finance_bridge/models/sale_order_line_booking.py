# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from collections import defaultdict

from odoo import fields, models

from ..tools.open_goods import Event


class SaleOrderLine(models.Model):
    _inherit = "sale.order.line"

    # Counted up by whoever books for this line: of two at once, one has to try again.
    jxc_booking_turn = fields.Integer(copy=False, export_string_translation=False)
    jxc_shipped_ids = fields.One2many(
        "jxc.stock.shipped", "sale_line_id", string="Goods Shipped", copy=False
    )

    def _jxc_is_booked(self, company):
        """Lines of goods whose value is followed on a stock account."""
        return self.filtered(
            lambda line: (
                line.product_id.is_storable
                and line.product_id.with_company(company).valuation == "real_time"
            )
        )

    def _jxc_open_events(self, company):
        """{sales line: documents}, see :func:`..tools.open_goods.delivered_open`.

        Cost that the platform booked on invoices, before stock was booked at movement,
        is kept apart: it has left the stock account and is cost already.
        """
        events = defaultdict(list)
        for line in self:
            product = line.product_id
            for move in line.move_ids.filtered(lambda move: move.state == "done"):
                if move.product_id != product or not (move.is_in or move.is_out):
                    continue
                kind = "out" if move.is_out else "in"
                day = company._jxc_stock_day(move.date)
                quantity = move._get_valued_qty()
                events[line].append(Event(day, kind, quantity, move.value))
            events[line] += line._jxc_direct_events(company)
            for item in line.invoice_lines:
                if item.parent_state != "posted" or item.product_id != product:
                    continue
                sign = -1 if item.move_id.move_type == "out_refund" else 1
                # odoo19-ok: unit-unchecked invoices of a line are in a unit of it
                quantity = item.product_uom_id._compute_quantity(
                    item.quantity, product.uom_id, round=False
                )
                events[line].append(Event(item.date, "invoice", sign * quantity, 0.0))
        items = self.env["account.move.line"].search(
            [
                ("cogs_origin_id", "in", self.invoice_lines.ids),
                ("display_type", "=", "cogs"),
                ("parent_state", "=", "posted"),
                ("balance", "!=", 0),
            ]
        )
        for item in items:
            product = item.product_id.with_company(company)
            if item.account_id == product._get_product_accounts()["stock_valuation"]:
                line = item.cogs_origin_id.sale_line_ids & self
                events[line[:1]].append(Event(item.date, "cost", 0.0, -item.balance))
        return events

    def _jxc_direct_events(self, company):
        """Documents of goods that vendors sent straight to the customer (直运).

        They cost what their purchase lines put on the stock account, day by day.
        """
        self.ensure_one()
        moves = self.move_ids.filtered(
            lambda move: (
                move.state == "done"
                and move.is_dropship
                and move.product_id == self.product_id
            )
        )
        events = []
        for purchase, own in moves.grouped("purchase_line_id").items():
            returned = defaultdict(float)
            for move in own:
                day = company._jxc_stock_day(move.date)
                quantity = move._get_valued_qty()
                if move._is_dropshipped():
                    events.append(Event(day, "out", quantity, 0.0))
                else:
                    returned[day] += quantity
            changes = {}
            if purchase:
                of_all = purchase.move_ids.filtered(
                    lambda move: move.state == "done" and move.is_dropship
                )
                share = sum(own.mapped("quantity")) / sum(of_all.mapped("quantity"))
                changes = purchase._jxc_direct_values(company)
            for day in changes.keys() | returned.keys():
                value = changes.get(day, 0.0) * (share if purchase else 0.0)
                if returned[day] and value < 0:
                    events.append(Event(day, "in", returned[day], -value))
                    continue
                if returned[day]:
                    events.append(Event(day, "in", returned[day], 0.0))
                events.append(Event(day, "out", 0.0, value))
        return events

# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from collections import defaultdict

from odoo import models
from odoo.fields import Command
from odoo.tools import float_compare

from odoo.addons.jxc_base.tools.guard import by_server

from ..tools.language import in_company_lang


class JxcSaleReturn(models.Model):
    """The money of a return: one invoice or credit note over the difference."""

    _inherit = "jxc.sale.return"

    def _make_invoices(self):
        """Make the draft documents, one for each invoiced customer and currency.

        :return: account.move
        """
        credits = self._credited_quantities()
        groups = defaultdict(lambda: ([], [], [], []))
        for line, quantity in credits.items():
            order = line.order_id
            groups[order.partner_invoice_id, order.currency_id][0].append(
                (line, quantity)
            )
        for order in self.exchange_order_ids.filtered(lambda one: one.state == "sale"):
            billed = groups[order.partner_invoice_id, order.currency_id][1]
            for line in order.order_line.filtered(lambda one: not one.display_type):
                quantity = line.product_uom_qty - line.qty_invoiced
                if line.product_uom_id.compare(quantity, 0) > 0:
                    billed.append((line, quantity))
        for order in self._returned_orders():
            taken = self._promotions_to_take(order)
            groups[order.partner_invoice_id, order.currency_id][2].extend(taken)
        goods = self._credited_goods()
        for line, quantity in goods:
            partner = line.move_id.partner_id
            groups[partner, line.currency_id][3].append((line, quantity))
        moves = by_server(self.env["account.move"]).create(
            [self._prepare_invoice(*lines) for lines in groups.values() if any(lines)]
        )
        negative = moves.filtered(lambda move: move.amount_total < 0)
        negative.action_switch_move_type()
        origin = self._credited_invoices(credits)
        origin |= origin.union(*(line.move_id for line, _quantity in goods))
        if len(origin) == 1:
            refunds = moves.filtered(lambda move: move.move_type == "out_refund")
            refunds.reversed_entry_id = origin
        for move in moves:
            move.message_post_with_source(
                "mail.message_origin_link",
                render_values={"self": move, "origin": self},
                subtype_xmlid="mail.mt_note",
            )
        return moves

    def _credited_quantities(self):
        """How much of accepted goods is invoiced and has to be credited.

        What was delivered and not invoiced yet is just not invoiced any more.

        :return: ``{sale.order.line: quantity in its unit, not rounded}``
        """
        accepted = defaultdict(float)
        for move, parts in self._accepted_parts().items():
            line = move.sale_line_id
            if not line:
                continue
            accepted[line] += move.product_id.uom_id._jxc_convert(
                sum(parts.values()), line.product_uom_id
            )
        credits = {}
        for line, quantity in accepted.items():
            unit = line.product_uom_id
            if line.product_id.invoice_policy == "delivery":
                owed = self._delivered_exactly(line)
            else:
                owed = line.product_uom_qty - line._jxc_progress().returned
            room = self._invoiced_exactly(line) - owed
            if unit.compare(quantity, room) > 0:
                quantity = room
            if unit.compare(quantity, 0) > 0:
                credits[line] = quantity
        return credits

    @staticmethod
    def _delivered_exactly(line):
        """What the customer has of a line, in its unit.

        Not ``qty_delivered``: that rounds what each transfer moves, so that the twelve
        bottles of a box which come back one by one leave some of the box behind.
        """
        if line.qty_delivered_method != "stock_move":
            return line.qty_delivered
        delivered = 0.0
        for sign, moves in zip(
            (1, -1), line._get_outgoing_incoming_moves(), strict=True
        ):
            for move in moves.filtered(lambda one: one.state == "done"):
                delivered += sign * move.product_uom._jxc_convert(
                    move.quantity, line.product_uom_id
                )
        return delivered

    @staticmethod
    def _invoiced_exactly(line):
        """What of a line is on invoices less credit notes, in its unit, not rounded."""
        invoiced = 0.0
        for one in line.invoice_lines:
            if one.parent_state == "cancel":
                continue
            quantity = one.product_uom_id._jxc_convert(
                one.quantity, line.product_uom_id
            )
            invoiced += -quantity if one.move_id.move_type == "out_refund" else quantity
        return invoiced

    def _credited_invoices(self, credits):
        """The posted invoices of what is credited."""
        lines = self.env["sale.order.line"].union(*credits)
        return lines.invoice_lines.move_id.filtered(
            lambda move: move.state == "posted" and move.move_type == "out_invoice"
        )

    def _prepare_invoice(self, credited, billed, taken, goods):
        """Values of one document.

        :param credited: list of (sale order line, quantity) that came back
        :param billed: list of (sale order line, quantity) of the replacement
        :param taken: list of (sale order line, part) of promotions taken back, see
            :meth:`_promotions_to_take`
        :param goods: list of (account.move.line, quantity) that came back of goods
            without order, see :meth:`_credited_goods`
        :return: values of an invoice, or of a credit note when nothing is billed
        """
        sign = -1 if billed else 1
        ordered = billed or credited or taken
        if ordered:
            values = ordered[0][0].order_id._prepare_invoice()
        else:
            values = self._prepare_goods_invoice(goods[0][0])
        lines = [line._prepare_invoice_line(quantity=qty) for line, qty in billed]
        for line, quantity in credited:
            lines.append(self._prepare_credited_line(line, quantity, sign))
        for line, part in taken:
            lines.append(self._prepare_promotion_line(line, part, sign))
        for line, quantity in goods:
            lines.append(self._prepare_goods_line(line, quantity, sign))
        for number, line_values in enumerate(lines, start=1):
            line_values["sequence"] = number
        values.update(
            move_type="out_invoice" if billed else "out_refund",
            ref=self.name,
            invoice_origin=self.name,
            jxc_sale_return_id=self.id,
            invoice_line_ids=[Command.create(line_values) for line_values in lines],
        )
        return values

    def _prepare_credited_line(self, line, quantity, sign):
        """Values of the invoice line over goods that came back.

        A part of the unit they were sold in that its decimals cannot say, as 5 of a box
        of 12, is credited in the product's own unit.
        """
        unit, base = line.product_uom_id, line.product_id.uom_id
        rounded = unit.round(quantity)
        values = line._prepare_invoice_line(quantity=sign * rounded)
        if float_compare(rounded, quantity, precision_digits=9) != 0:
            pieces = unit._jxc_convert(quantity, base, rounded=True)
            values.update(
                product_uom_id=base.id,
                quantity=sign * pieces,
                price_unit=unit._compute_price(line.price_unit, base),
            )
        return values

    def _undo_invoices(self):
        """Cancel drafts, reverse what is posted."""
        moves = self.settlement_ids
        moves.filtered(lambda move: move.state == "draft").button_cancel()
        for move in moves.filtered(lambda one: one.state == "posted"):
            reverse = move._reverse_moves(
                [{"ref": self.name, "jxc_sale_return_id": self.id}], cancel=True
            )
            texts = in_company_lang(self).env
            reverse.message_post(body=texts._("%s was cancelled.", self.name))

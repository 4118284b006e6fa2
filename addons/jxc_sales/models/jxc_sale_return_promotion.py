# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from collections import defaultdict

from odoo import api, fields, models
from odoo.tools import float_is_zero
from odoo.tools.sql import column_exists, table_exists


class JxcSaleReturn(models.Model):
    """Promotions and loyalty of returned orders, judged again for what is kept.

    What is decided, and why, is told at ``sale.order._jxc_promotions_kept``.
    """

    _inherit = "jxc.sale.return"

    promotion_loss = fields.Monetary(
        string="Lost When Accepted",
        readonly=True,
        copy=False,
        currency_field="company_currency_id",
    )
    is_to_settle = fields.Boolean(
        string="Promotions Not Settled",
        readonly=True,
        copy=False,
        export_string_translation=False,
    )
    amount_promotion = fields.Monetary(
        string="Promotions Lost",
        compute="_compute_amounts",
        currency_field="company_currency_id",
        help="The promotions of the orders are judged again for what is kept: what the"
        " customer loses, besides the share of promotions in the value of the goods."
        " Below zero: what he gets on top.",
    )

    def _auto_init(self):
        """Without the column yet, returns that were accepted are to be settled."""
        cr, table = self.env.cr, self._table
        is_missing = table_exists(cr, table) and not column_exists(
            cr, table, "is_to_settle"
        )
        result = super()._auto_init()
        if is_missing:
            self.pool.post_init(self._mark_to_settle)
        return result

    def _mark_to_settle(self):
        # The orders, and so their customers' exposure, follow.
        self.search([("state", "=", "accepted")]).is_to_settle = True

    @api.depends("promotion_loss")
    def _compute_amounts(self):
        super()._compute_amounts()
        for back in self:
            if back.state in ("draft", "confirmed"):
                back.amount_promotion = back.sudo()._promotion_loss()
            else:
                back.amount_promotion = back.promotion_loss
            back.amount_difference += back.amount_promotion

    # -- amounts ------------------------------------------------------------------

    def _returned_orders(self):
        """The orders that the goods of one return were sold by."""
        return self.line_ids.allocation_ids.order_id

    def _coming(self):
        """What comes back, or came, by one return.

        :return: ``{order: {sale order line: quantity in its unit}}``
        """
        coming = defaultdict(lambda: defaultdict(float))
        if self.state == "draft":
            parts = [
                (share.sale_line, share.quantity)
                for shares in self._plan().shares.values()
                for share in shares
            ]
        elif self.state == "confirmed":
            allocations = self.line_ids.allocation_ids
            parts = [(share.sale_line_id, share.quantity) for share in allocations]
        else:
            parts = [
                (move.sale_line_id, sum(outcomes.values()))
                for move, outcomes in self._accepted_parts().items()
            ]
        for line, quantity in parts:
            if not line:
                continue  # Delivered without an order, and so without promotions.
            base = line.product_id.uom_id
            quantity = base._jxc_convert(quantity, line.product_uom_id)
            coming[line.order_id][line] += quantity
        return coming

    def _promotion_loss(self):
        """What the customer loses besides the share of promotions in what he gave.

        :return: company currency, tax included
        """
        total = 0.0
        for order, coming in self._coming().items():
            if all(
                line.price_total >= 0 and not line.reward_id
                for line in order.order_line
            ):
                continue
            if self.state in ("draft", "confirmed"):
                loss = order._jxc_promotion_loss({}, coming)
            else:
                undone = {line: -quantity for line, quantity in coming.items()}
                loss = order._jxc_promotion_loss(undone, {})
            goods = sum(
                line._jxc_unit_price() * quantity
                for line, quantity in coming.items()
                if line.price_total > 0
            )
            # Part of the value already, see stock.move._jxc_charged
            loss += goods * order._jxc_promotion_rate()
            total += loss / (order.currency_rate or 1.0)
        return self.company_id.currency_id.round(total)

    # -- money --------------------------------------------------------------------

    def _promotions_to_take(self, order):
        """What the documents of one return take back of an order's promotions.

        So that the invoices of the order and the documents of all its returns together
        charge what the goods that are kept cost. A promotion that the order has not
        invoiced counts as long as it will be: with goods the customer keeps, as the
        platform invoices no reward alone.

        :return: list of (sale order line, part): of a discount the part of the line,
            of a gift the quantity to charge, both below zero when given again
        """
        keeps = any(
            quantity > 0
            for line, quantity in order._jxc_kept().items()
            if line.price_total > 0
        )
        taken = []
        for line, holds in order._jxc_promotions_kept().items():
            part = holds - self._promotion_charged(line)
            digits = 6
            if line.reward_id.reward_type != "product":
                invoiced = self._invoiced_exactly(line) / (line.product_uom_qty or 1.0)
                given = invoiced or (1.0 if keeps else 0.0)
                part = given - holds - self._promotion_charged(line)
            if not float_is_zero(part, precision_digits=digits):
                taken.append((line, part))
        return taken

    @staticmethod
    def _promotion_charged(line):
        """What documents over returns have charged of a promotion, less credited.

        :return: of a discount the part of the line, of a gift the quantity
        """
        charged = 0.0
        for one in line.jxc_taken_back_ids:
            if one.parent_state == "cancel":
                continue
            sign = one.move_id.direction_sign
            if line.reward_id.reward_type == "product":
                charged += -sign * one.product_uom_id._jxc_convert(
                    one.quantity, line.product_uom_id
                )
            elif line.price_subtotal:
                charged += -sign * one.price_subtotal / -line.price_subtotal
        return charged

    def _prepare_promotion_line(self, line, part, sign):
        """Values of the invoice line that takes a promotion back.

        It does not belong to the order's own line: that stays invoiced, as the
        promotion was given.

        :param sign: 1 in a credit note, -1 in an invoice
        """
        if line.reward_id.reward_type == "product":
            values = line._prepare_invoice_line(quantity=-sign * part)
            values["discount"] = 0.0
        else:
            values = line._prepare_invoice_line(quantity=sign * line.product_uom_qty)
            values["price_unit"] = line.price_unit * part
        values.update(sale_line_ids=[], jxc_promotion_line_id=line.id)
        return values

    # -- points -------------------------------------------------------------------

    def _settle_promotions(self):
        """Move the loyalty points, and note what promotions lose."""
        for back in self:
            back.promotion_loss = back._promotion_loss()
            # Only now, with the goods in: what they cost is not asked of the credit.
            back.is_to_settle = True
            back._settle_points()

    def _settle_points(self):
        """Leave the cards with the points that kept goods earn and cost."""
        for order in self._returned_orders().filtered("coupon_point_ids") | (
            self._returned_orders().filtered("order_line.coupon_id")
        ):
            order._jxc_settle_points(self.name)

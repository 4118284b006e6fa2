# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import models


class SaleOrder(models.Model):
    """How far the invoices of an order go beyond what was agreed and delivered."""

    _inherit = "sale.order"

    def _jxc_beyond_order(self):
        """Return ``{order: amount}``: what posted invoices bill beyond the order.

        Judged on the whole order, so that deposits, discounts and lines that replace
        each other on an invoice need no more credit. At the order's prices and rate,
        so that an exchange rate needs none either.

        :return: amounts in company currency, tax included, never negative
        """
        beyond = {}
        for order in self:
            amount = order._jxc_billed() - order._jxc_agreed()
            # Taxes are rounded by line here, by document there.
            noise = order.currency_id.rounding * (len(order.order_line) + 1)
            amount = amount / (order.currency_rate or 1.0) if amount > noise else 0.0
            beyond[order] = amount
        return beyond

    def _jxc_agreed(self):
        """What the customer ordered or got, whichever is more; order currency."""
        self.ensure_one()
        lines = self.order_line.filtered(lambda line: not line.display_type)
        is_confirmed = self.state == "sale"
        agreed = self.amount_total if is_confirmed else 0.0
        for line in lines:
            if line.jxc_is_priced_by_aux and line.jxc_aux_qty:
                ordered, delivered = line.jxc_aux_qty, line.jxc_aux_delivered
                price = line.price_total / ordered
            else:
                ordered, delivered = line.product_uom_qty, line.qty_delivered
                price = line._jxc_unit_price()
            more = delivered - (ordered if is_confirmed else 0.0)
            agreed += max(0.0, more) * price
        return agreed

    def _jxc_is_billed_by(self, move):
        """Whether an invoice is to whoever owes this order, under the same limit."""
        return self.env["jxc.credit.account"]._jxc_is_shared(
            self.company_id, self.jxc_credit_partner_id, move.commercial_partner_id
        )

    def _jxc_billed(self):
        """What posted invoices, less credit notes, bill to its customer.

        Or to one under the same credit account.
        """
        self.ensure_one()
        billed = 0.0
        for line in self.order_line.invoice_lines:
            move = line.move_id
            if move.state != "posted" or not self._jxc_is_billed_by(move):
                continue
            amount = line.currency_id._convert(
                line.price_total,
                self.currency_id,
                self.company_id,
                move.invoice_date or self.date_order,
            )
            shared_by = len(line.sale_line_ids.order_id)
            billed -= move.direction_sign * amount / shared_by
        return billed

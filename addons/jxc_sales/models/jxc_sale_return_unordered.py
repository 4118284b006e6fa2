# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from collections import defaultdict

from odoo import models
from odoo.fields import Command, Domain


class JxcSaleReturn(models.Model):
    """Goods that were delivered without an order come back.

    Nothing says which invoice billed them. As in the customer's exposure, invoices over
    the product bill what left first; what more is billed than the customer keeps, is
    credited at the prices of the last of these invoices.
    """

    _inherit = "jxc.sale.return"

    def _unordered_moves(self, products):
        """Past deliveries of products to the customer, without an order.

        :return: ids of stock.move
        """
        goods = self.env["jxc.credit.unordered"].search(
            self._unordered_domain(products)
        )
        return goods.move_id.ids

    def _unordered_domain(self, products):
        customer = self.partner_id.commercial_partner_id
        return (
            Domain("partner_id.commercial_partner_id", "=", customer.id)
            & Domain("company_id", "=", self.company_id.id)
            & Domain("product_id", "in", products.ids)
        )

    def _credited_goods(self):
        """What of accepted goods without order is invoiced and has to be credited.

        Goods that a credit manager took out of the exposure are billed otherwise, and
        are credited so as well.

        :return: list of (account.move.line, quantity in the product's own unit)
        """
        accepted = defaultdict(float)
        for share, outcomes in self._accepted_shares().items():
            goods = share.move_id.jxc_unordered_ids
            if not share.sale_line_id and not goods.excused_by_id:
                accepted[share.line_id.product_id] += sum(outcomes.values())
        credits = []
        for product, quantity in accepted.items():
            base = product.uom_id
            domain = Domain("excused_by_id", "=", False)
            goods = self.env["jxc.credit.unordered"].search(
                self._unordered_domain(product) & domain
            )
            billed = goods._jxc_billed_lines()
            room = sum(billed.values()) - sum(goods.mapped("quantity"))
            quantity = base.round(min(quantity, room))
            for line in sorted(billed, key=lambda line: -line.id):
                part = min(quantity, billed[line])
                if base.compare(part, 0) > 0 and line.parent_state == "posted":
                    credits.append((line, part))
                    quantity -= part
        return credits

    def _prepare_goods_invoice(self, line):
        """Values of a document that credits goods of one invoice line, and no order."""
        invoice = line.move_id
        return {
            "partner_id": invoice.partner_id.id,
            "partner_shipping_id": invoice.partner_shipping_id.id,
            "fiscal_position_id": invoice.fiscal_position_id.id,
            "currency_id": invoice.currency_id.id,
            "journal_id": invoice.journal_id.id,
            "invoice_user_id": invoice.invoice_user_id.id,
            "company_id": self.company_id.id,
        }

    @staticmethod
    def _prepare_goods_line(line, quantity, sign):
        """Values of the line that credits what an invoice line billed.

        :param quantity: in the product's own unit
        :param sign: 1 in a credit note, -1 in an invoice
        """
        base = line.product_id.uom_id
        return {
            "product_id": line.product_id.id,
            "name": line.name,
            "product_uom_id": base.id,
            "quantity": sign * quantity,
            "price_unit": line.product_uom_id._compute_price(line.price_unit, base),
            "discount": line.discount,
            "tax_ids": [Command.set(line.tax_ids.ids)],
        }

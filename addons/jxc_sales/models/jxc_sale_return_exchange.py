# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import models
from odoo.exceptions import UserError
from odoo.fields import Command


class JxcSaleReturn(models.Model):
    """What replaces returned goods: an order like any other."""

    _inherit = "jxc.sale.return"

    def _make_exchange_order(self):
        """Make the quotation over the replacement, unless there is one already."""
        lines = self.line_ids.filtered(lambda line: line.direction == "out")
        if lines and not self.exchange_order_ids:
            self.env["sale.order"].create(self._prepare_exchange_order(lines))

    def _prepare_exchange_order(self, lines):
        """Values of the order over the replacement."""
        return {
            "partner_id": self.partner_id.id,
            "company_id": self.company_id.id,
            "user_id": self.user_id.id,
            "origin": self.name,
            "jxc_sale_return_id": self.id,
            "order_line": [
                Command.create(self._prepare_exchange_line(line)) for line in lines
            ],
        }

    def _prepare_exchange_line(self, line):
        """Values of one order line over the replacement."""
        return {
            "product_id": line.product_id.id,
            "product_uom_id": line.product_uom_id.id,
            "product_uom_qty": line.product_uom_qty,
            "price_unit": line.price_unit,
        }

    def _confirm_exchange(self):
        """Order the replacement; what keeps it from that is noted, the goods are in."""
        orders = self.exchange_order_ids.filtered(
            lambda order: order.state in ("draft", "sent")
        )
        if not orders:
            return
        try:
            with self.env.cr.savepoint():
                orders.action_confirm()
        except UserError as error:
            orders.invalidate_recordset()
            self.message_post(
                body=self.env._(
                    "The replacement %(orders)s is not confirmed yet: %(reason)s",
                    orders=", ".join(orders.mapped("name")),
                    reason=str(error),
                ),
                partner_ids=self.user_id.partner_id.ids,
                subtype_xmlid="mail.mt_comment",
            )

    def _undo_exchange(self):
        """Send no replacement: its orders are cancelled."""
        open_orders = self.exchange_order_ids.filtered(
            lambda order: order.state != "cancel"
        )
        for order in open_orders:
            if order.locked:
                order.action_unlock()
            order._action_cancel()

    def _replaced(self):
        """What the replacement costs, tax included, in company currency."""
        self.ensure_one()
        orders = self.sudo().exchange_order_ids.filtered(
            lambda order: order.state != "cancel"
        )
        if orders:
            return sum(
                order.amount_total / (order.currency_rate or 1.0) for order in orders
            )
        partner = self.partner_id.with_company(self.company_id)
        company_currency = self.company_id.currency_id
        currency = partner.property_product_pricelist.currency_id or company_currency
        total = 0.0
        for line in self.line_ids.filtered(lambda line: line.direction == "out"):
            taxes = line.product_id.taxes_id._filter_taxes_by_company(self.company_id)
            position = self.env["account.fiscal.position"]._get_fiscal_position(partner)
            amounts = position.map_tax(taxes).compute_all(
                line.price_unit,
                currency=currency,
                quantity=line.product_uom_qty,
                product=line.product_id,
                partner=partner,
            )
            total += amounts["total_included"]
        return currency._convert(
            total, company_currency, self.company_id, self.date or None
        )

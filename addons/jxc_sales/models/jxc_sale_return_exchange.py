# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import fields, models
from odoo.exceptions import UserError
from odoo.fields import Command

from ..tools.language import in_company_lang
from ..tools.refusal import text_for


class JxcSaleReturn(models.Model):
    """What replaces returned goods: an order like any other."""

    _inherit = "jxc.sale.return"

    def _make_exchange_order(self):
        """Make the quotation over the replacement, unless there is one already."""
        lines = self.line_ids.filtered(lambda line: line.direction == "out")
        orders = self.exchange_order_ids.filtered(lambda one: one.state != "cancel")
        if lines and not orders:
            self.env["sale.order"].create(self._prepare_exchange_order(lines))

    def _prepare_exchange_order(self, lines):
        """Values of the order over the replacement."""
        return {
            "partner_id": self.partner_id.id,
            "company_id": self.company_id.id,
            "user_id": self.user_id.id,
            "pricelist_id": self._replacement_pricelist().id,
            "origin": self.name,
            "jxc_sale_return_id": self.id,
            "order_line": [
                Command.create(self._prepare_exchange_line(line)) for line in lines
            ],
        }

    def _prepare_exchange_line(self, line):
        """Values of one order line over the replacement."""
        values = {
            "product_id": line.product_id.id,
            "product_uom_id": line.product_uom_id.id,
            "product_uom_qty": line.product_uom_qty,
            "price_unit": line.price_unit,
        }
        if line.jxc_aux_qty:
            values["jxc_aux_qty"] = line.jxc_aux_qty
        sold = self._sold_lines().get(line.product_id.id)
        if sold:
            # The same price means the same money with the same taxes only.
            values["tax_ids"] = [Command.set(sold.tax_ids.ids)]
        return values

    def _confirm_exchange(self):
        """Order the replacement; what keeps it from that is noted, the goods are in."""
        orders = self.exchange_order_ids.filtered(
            lambda order: order.state in ("draft", "sent")
        )
        if not orders:
            return
        texts = in_company_lang(self).env
        try:
            with self.env.cr.savepoint():
                reason = orders.with_context(lang=texts.lang)._jxc_confirm_text()
        except UserError as error:
            orders.invalidate_recordset()
            reason = text_for(error, texts.lang)
        if reason:
            self.message_post(
                body=texts._(
                    "The replacement %(orders)s is not confirmed yet: %(reason)s",
                    orders=", ".join(orders.mapped("name")),
                    reason=reason,
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

    # -- prices -------------------------------------------------------------------

    def _sold_lines(self):
        """The first line that sold each product that comes back.

        :return: ``{product id: sale.order.line}``
        """
        self.ensure_one()
        sold = self.sudo().line_ids.allocation_ids.sale_line_id
        if not sold:
            shares = self._plan().shares.values()
            sold = [share.sale_line for found in shares for share in found]
            sold = filter(None, sold)
        first = {}
        for line in sold:
            first.setdefault(line.product_id.id, line)
        return first

    def _replacement_pricelist(self):
        """The pricelist that the goods were sold by, else the customer's.

        So that the replacement and what it replaces make one difference.
        """
        sold = self._sold_lines().values()
        pricelists = {line.order_id.pricelist_id for line in sold}
        if len(pricelists) == 1:
            return pricelists.pop().sudo(False)
        partner = self.partner_id.with_company(self.company_id)
        return partner.property_product_pricelist

    def _replacement_currency(self):
        return self._replacement_pricelist().currency_id or self.company_id.currency_id

    def _price_of_replacement(self, line):
        """Propose the price of one line that replaces goods, in its unit.

        :return: what the same product was sold for less its discount, else what the
            pricelist says; in the currency of the replacement
        """
        self.ensure_one()
        product, unit = line.product_id, line.product_uom_id
        currency = self._replacement_currency()
        day = self.date or fields.Date.context_today(self)
        sold = self._sold_lines().get(product._origin.id)
        if sold and sold.price_unit:
            price = sold.price_unit * (1 - (sold.discount or 0.0) / 100.0)
            price = sold.product_uom_id._compute_price(price, unit)
            return sold.currency_id._convert(
                price, currency, self.company_id, day, round=False
            )
        pricelist = self._replacement_pricelist()
        if not pricelist:
            return product.uom_id._compute_price(product.lst_price, unit)
        return pricelist._get_product_price(
            product, line.product_uom_qty or 1.0, uom=unit
        )

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
        lines = self.line_ids.filtered(lambda line: line.direction == "out")
        if not lines:
            return 0.0
        partner = self.partner_id.with_company(self.company_id)
        company_currency = self.company_id.currency_id
        currency = self._replacement_currency()
        position = self.env["account.fiscal.position"]._get_fiscal_position(partner)
        sold = self._sold_lines()
        total = 0.0
        for line in lines:
            product = line.product_id
            if product._origin.id in sold:
                taxes = sold[product._origin.id].tax_ids
            else:
                taxes = product.taxes_id._filter_taxes_by_company(self.company_id)
                taxes = position.map_tax(taxes)
            amounts = taxes.compute_all(
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

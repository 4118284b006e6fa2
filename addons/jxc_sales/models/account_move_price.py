# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import models
from odoo.exceptions import UserError

from odoo.addons.jxc_base.tools.importing import is_history

from ..tools import marks
from ..tools.language import in_company_lang


class AccountMove(models.Model):
    """Lowest prices hold on the invoices of orders, as on the orders themselves."""

    _inherit = "account.move"

    def _post(self, soft=True):
        """Judge what invoices ask for goods of orders.

        :raise UserError: naming goods, price and lowest price
        """
        if not is_history(self.env) and not marks.replay_of(self.env):
            for move in self.filtered(lambda one: one.move_type == "out_invoice"):
                move._jxc_judge_prices()
        return super()._post(soft)

    def _jxc_judge_prices(self):
        """Refuse, or tell the order of, prices below the lowest and below the order's.

        Who agrees to less changes the price of the order: approval can be asked there.
        """
        self.ensure_one()
        for order in self.sudo().invoice_line_ids.sale_line_ids.order_id:
            texts = order._jxc_low_on_invoice(self.sudo())
            if not texts:
                continue
            if order.company_id.jxc_min_price_action != "warn":
                raise UserError(
                    self.env._(
                        "%(invoice)s, %(order)s:\n%(lines)s\nInvoice what was agreed,"
                        " or change the price of the order first.",
                        invoice=self.display_name,
                        order=order.name,
                        lines="\n".join(texts),
                    )
                )
            kept = in_company_lang(order)
            texts = kept._jxc_low_on_invoice(self.sudo())
            order._message_log(
                body=kept.env._("Invoiced below what was set:\n%s", "\n".join(texts))
            )


class SaleOrder(models.Model):
    _inherit = "sale.order"

    def _jxc_low_on_invoice(self, move):
        """Say what an invoice asks less for than the order and the lowest price.

        :param move: account.move in draft
        :return: list of texts, in the language of the user
        """
        self.ensure_one()
        if self.company_id.jxc_min_price_action == "none" or not self._jxc_is_guarded():
            return []
        ordered = move.invoice_line_ids.filtered("sale_line_ids")
        asked = sum(max(0.0, line.price_total) for line in ordered)
        taken_off = self._jxc_taken_off(move)
        rate = max(0.0, 1 + taken_off / asked) if asked else 1.0
        date = move.invoice_date or self.date_order
        texts = []
        for one in self._jxc_judged()[self]:
            own = ordered.filtered(
                lambda item, line=one.line: (
                    line in item.sale_line_ids and item.quantity > 0
                )
            )
            quantity = sum(
                item.product_uom_id._jxc_convert(item.quantity, one.line.product_uom_id)
                for item in own
            )
            if not quantity or not one.floor:
                continue
            net = move.currency_id._convert(
                sum(own.mapped("price_subtotal")) * rate,
                self.currency_id,
                self.company_id,
                date,
                round=False,
            )
            # Each line was rounded once, and so were the lines of the order.
            noise = self.currency_id.rounding * (len(own) + 1)
            floor = one.floor / one.quantity
            if net < min(floor, one.price) * quantity - noise:
                texts.append(self._jxc_low_text(one, net / quantity, floor))
        return texts

    def _jxc_low_text(self, one, price, floor):
        return self.env._(
            "%(product)s: %(price)s per %(unit)s untaxed is below the lowest price"
            " %(floor)s.",
            product=one.line.product_id.with_context(lang=self.env.lang).display_name,
            price=self.currency_id.format(price),
            unit=one.line.product_uom_id.with_context(lang=self.env.lang).display_name,
            floor=self.currency_id.format(floor),
        )

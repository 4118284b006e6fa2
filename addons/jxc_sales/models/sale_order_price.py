# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import api, fields, models

from ..tools.costs import SEE_COSTS, tells_costs
from ..tools.price import margin_percent, strictest


class SaleOrder(models.Model):
    """What an order asks for its goods, against lowest prices, margins, price list.

    All in the currency of the order, untaxed. Promotions (rewards) are the company's
    own and count for nothing here; discounts given by hand, as a discount of the line,
    a price or a line below zero, count in full.
    """

    _inherit = "sale.order"

    jxc_value = fields.Monetary(
        string="Value in Company Currency",
        compute="_compute_jxc_value",
        currency_field="jxc_company_currency_id",
        groups="base.group_user",
    )
    jxc_discount_percent = fields.Float(
        string="Largest Discount (%)",
        digits=(16, 2),
        compute="_compute_jxc_discount_percent",
        compute_sudo=True,
        groups="base.group_user",
        help="How far the cheapest line is below the price list of the order, or the"
        " customer's own where that asks more, prices and discounts given by hand"
        " included.",
    )
    jxc_price_guard = fields.Selection(
        selection=[
            ("none", "Nothing"),
            ("warn", "Warning"),
            ("approval", "Needs Approval"),
            ("block", "Refused"),
        ],
        string="Price Control",
        compute="_compute_jxc_price_guard",
        groups="base.group_user",
    )
    jxc_price_hint = fields.Text(
        string="Price Hint",
        compute="_compute_jxc_price_guard",
        groups="base.group_user",
    )
    jxc_margin_amount = fields.Monetary(
        string="Expected Margin",
        compute="_compute_jxc_margin",
        compute_sudo=True,
        groups=SEE_COSTS,
    )
    jxc_margin_percent = fields.Float(
        string="Expected Margin (%)",
        digits=(16, 2),
        compute="_compute_jxc_margin",
        compute_sudo=True,
        groups=SEE_COSTS,
    )
    jxc_has_margin = fields.Boolean(
        compute="_compute_jxc_margin",
        compute_sudo=True,
        groups=SEE_COSTS,
        export_string_translation=False,
    )

    @api.depends("amount_total", "currency_rate", "company_id", "state")
    def _compute_jxc_value(self):
        for order in self:
            if not order.company_id:
                order.jxc_value = 0.0
            elif order.state in ("draft", "sent"):
                # Confirming sets the date, and with it the rate, to today.
                order.jxc_value = order.currency_id._convert(
                    order.amount_total,
                    order.company_id.currency_id,
                    order.company_id,
                    fields.Date.context_today(order),
                )
            else:
                order.jxc_value = order._jxc_company_total()

    @api.depends(
        "order_line.price_subtotal",
        "order_line.product_id",
        "order_line.product_uom_id",
        "order_line.product_uom_qty",
        "partner_id.specific_property_product_pricelist",
        "pricelist_id",
        "date_order",
    )
    def _compute_jxc_discount_percent(self):
        judged = self._jxc_judged()
        for order in self:
            order.jxc_discount_percent = order._jxc_largest_discount(judged[order])

    @api.depends(
        "company_id",
        "currency_id",
        "date_order",
        "order_line.price_subtotal",
        "order_line.product_id",
        "order_line.product_uom_id",
        "order_line.product_uom_qty",
        "state",
    )
    @api.depends_context("lang", "uid")
    def _compute_jxc_price_guard(self):
        """Margins count for the server and for who sees costs only."""
        judged = self._jxc_guarded()._jxc_judged()
        margins = tells_costs(self.env)
        for order in self:
            found = [
                one
                for one in judged.get(order, ())
                if one.is_below or (margins and one.is_low)
            ]
            action = order._jxc_price_action(found, margins)
            order.jxc_price_guard = action
            order.jxc_price_hint = action != "none" and order._jxc_price_texts(
                found, margins
            )

    @api.depends(
        "order_line.price_subtotal",
        "order_line.product_id",
        "order_line.product_uom_id",
        "order_line.product_uom_qty",
    )
    def _compute_jxc_margin(self):
        judged = self._jxc_judged(costs=True)
        for order in self:
            known = [one for one in judged[order] if one.cost]
            net = sum(one.net for one in known)
            cost = sum(one.cost for one in known)
            order.jxc_has_margin = bool(known)
            order.jxc_margin_amount = net - cost
            order.jxc_margin_percent = margin_percent(net, cost) if known else 0.0

    # -- judging ------------------------------------------------------------------

    def _jxc_judged(self, costs=False):
        """Judge the goods of these orders.

        :param costs: what they cost is wanted, also where no margin is
        :return: ``{order: [Judged]}``, lines with superuser rights
        """
        result = {}
        for original in self:
            order = original.sudo().with_company(original.company_id)
            lines = order.order_line.filtered(lambda line: line._jxc_has_price())
            goods = lines.filtered(lambda line: line._jxc_is_judged())
            net = {line: line._jxc_net() for line in goods}
            total = sum(net.values())
            by_hand = sum(line._jxc_given_by_hand() for line in lines - goods)
            rate = max(0.0, 1 + by_hand / total) if total > 0 else 1.0
            result[original] = [
                line._jxc_judge(net[line] * rate, costs)
                for line in goods
                if line.product_uom_qty
            ]
        return result

    def _jxc_guarded(self):
        """Those of these orders whose goods have a lowest price or minimum margin.

        The others need not be judged line by line.
        """
        return self.filtered(lambda order: order._jxc_is_guarded())

    def _jxc_is_guarded(self):
        order = self.sudo().with_company(self.company_id)
        company, products = order.company_id, order.order_line.product_id
        if company.jxc_min_margin_action != "none" and (
            company.jxc_min_margin
            or any(category._jxc_margin_wanted() for category in products.categ_id)
        ):
            return True
        return company.jxc_min_price_action != "none" and any(
            template.jxc_has_min_price for template in products.product_tmpl_id
        )

    def _jxc_price_texts(self, judged, margins=False):
        """Say what is wrong with the prices of these lines.

        :param margins: who reads it may know of margins
        """
        lang = self.env.lang
        texts = (
            one.line.with_context(lang=lang)._jxc_price_text(one, margins)
            for one in judged
        )
        return "\n".join(filter(None, texts))

    def _jxc_price_action(self, judged, margins=True):
        """What the company does about these lines, the strictest of it."""
        self.ensure_one()
        company = self.company_id.sudo()
        actions = []
        if any(one.is_below for one in judged):
            actions.append(company.jxc_min_price_action)
        if margins and any(one.is_low for one in judged):
            actions.append(company.jxc_min_margin_action)
        return strictest(actions)

    def _jxc_largest_discount(self, judged):
        """How far the cheapest of these lines is below the price list, in percent."""
        self.ensure_one()
        largest = 0.0
        for one, listed in self._jxc_listed_amounts(judged).items():
            if listed > 0:
                largest = max(largest, (1 - one.net / listed) * 100)
        return largest

    def _jxc_listed_amounts(self, judged):
        """What is asked for each of these lines of one order by list, untaxed.

        Who sells chooses the price list of an order: where the customer's own asks
        more, the difference is given away like a discount.

        :return: ``{Judged: amount}`` in the order's currency; 0 for unknown
        """
        self.ensure_one()
        order = self.sudo().with_company(self.company_id)
        products = order.order_line.product_id
        date = order.date_order or fields.Datetime.now()
        own = order.partner_id.property_product_pricelist
        amounts = dict.fromkeys(judged, 0.0)
        for pricelist in {order.pricelist_id, own or order.pricelist_id}:
            # One search for all lines; what applies to each is judged in memory.
            rules = pricelist._get_applicable_rules(products, date) if pricelist else ()
            for one in judged:
                amounts[one] = max(amounts[one], one.line._jxc_listed(rules, date))
        return amounts

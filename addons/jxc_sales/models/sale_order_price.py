# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import api, fields, models

from ..tools.costs import SEE_COSTS
from ..tools.price import Judged, margin_percent, strictest


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
        help="How far the cheapest line is below the price list of the order, prices"
        " and discounts given by hand included.",
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
        compute_sudo=True,
        groups="base.group_user",
    )
    jxc_price_hint = fields.Text(
        compute="_compute_jxc_price_guard",
        compute_sudo=True,
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

    @api.depends("amount_total", "currency_rate", "company_id")
    def _compute_jxc_value(self):
        for order in self:
            order.jxc_value = order._jxc_company_total() if order.company_id else 0.0

    @api.depends(
        "order_line.price_subtotal",
        "order_line.product_id",
        "order_line.product_uom_id",
        "order_line.product_uom_qty",
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
    @api.depends_context("lang")
    def _compute_jxc_price_guard(self):
        judged = self._jxc_judged()
        for order in self:
            found = [one for one in judged[order] if one.is_below or one.is_low]
            order.jxc_price_guard = order._jxc_price_action(found)
            texts = [one.line._jxc_price_text(one) for one in found]
            order.jxc_price_hint = (
                "\n".join(texts) if order.jxc_price_guard != "none" else False
            )

    @api.depends(
        "order_line.price_subtotal",
        "order_line.product_id",
        "order_line.product_uom_id",
        "order_line.product_uom_qty",
    )
    def _compute_jxc_margin(self):
        judged = self._jxc_judged()
        for order in self:
            known = [one for one in judged[order] if one.cost]
            net = sum(one.net for one in known)
            cost = sum(one.cost for one in known)
            order.jxc_has_margin = bool(known)
            order.jxc_margin_amount = net - cost
            order.jxc_margin_percent = margin_percent(net, cost) if known else 0.0

    # -- judging ------------------------------------------------------------------

    def _jxc_judged(self):
        """Judge the goods of these orders.

        :return: ``{order: [Judged]}``, lines with superuser rights
        """
        result = {}
        for original in self:
            order = original.sudo().with_company(original.company_id)
            lines = order.order_line.filtered(
                lambda line: not line.display_type and not line.is_downpayment
            )
            goods = lines.filtered(lambda line: line._jxc_is_judged())
            net = {line: line._jxc_net() for line in goods}
            total = sum(net.values())
            by_hand = sum(
                line.price_subtotal
                for line in lines - goods
                if line._jxc_is_given_by_hand()
            )
            rate = max(0.0, 1 + by_hand / total) if total > 0 else 1.0
            result[original] = [
                line._jxc_judge(net[line] * rate)
                for line in goods
                if line.product_uom_qty
            ]
        return result

    def _jxc_price_action(self, judged):
        """What the company does about these lines, the strictest of it."""
        self.ensure_one()
        company = self.company_id.sudo()
        actions = []
        if any(one.is_below for one in judged):
            actions.append(company.jxc_min_price_action)
        if any(one.is_low for one in judged):
            actions.append(company.jxc_min_margin_action)
        return strictest(actions)

    def _jxc_largest_discount(self, judged):
        """How far the cheapest of these lines is below the price list, in percent."""
        self.ensure_one()
        order = self.sudo().with_company(self.company_id)
        products = order.order_line.product_id
        date = order.date_order or fields.Datetime.now()
        pricelist = order.pricelist_id
        # One search for all lines; what applies to each is judged in memory.
        rules = pricelist._get_applicable_rules(products, date) if pricelist else ()
        largest = 0.0
        for one in judged:
            listed = one.line._jxc_listed(rules, date)
            if listed > 0:
                largest = max(largest, (1 - one.net / listed) * 100)
        return largest


class SaleOrderLine(models.Model):
    _inherit = "sale.order.line"

    jxc_floor_price = fields.Float(
        string="Lowest Price",
        min_display_digits="Product Price",
        compute="_compute_jxc_floor_price",
        compute_sudo=True,
        groups="base.group_user",
        help="Lowest price of one unit after discount, untaxed, in the currency of the"
        " order.",
    )
    jxc_is_below_floor = fields.Boolean(
        string="Below the Lowest Price",
        compute="_compute_jxc_floor_price",
        compute_sudo=True,
        groups="base.group_user",
    )
    jxc_margin_percent = fields.Float(
        string="Expected Margin (%)",
        digits=(16, 2),
        compute="_compute_jxc_margin_percent",
        compute_sudo=True,
        groups=SEE_COSTS,
    )

    @api.depends(
        "order_id.currency_id",
        "order_id.date_order",
        "order_id.order_line.price_subtotal",
        "price_subtotal",
        "product_id",
        "product_uom_id",
        "product_uom_qty",
    )
    def _compute_jxc_floor_price(self):
        found = self._jxc_judged_lines()
        for line in self:
            one = found.get(line)
            line.jxc_floor_price = one.floor / one.quantity if one else 0.0
            line.jxc_is_below_floor = bool(one and one.is_below)

    @api.depends(
        "order_id.order_line.price_subtotal",
        "price_subtotal",
        "product_id",
        "product_uom_id",
        "product_uom_qty",
    )
    def _compute_jxc_margin_percent(self):
        found = self._jxc_judged_lines()
        for line in self:
            one = found.get(line)
            line.jxc_margin_percent = (
                margin_percent(one.net, one.cost) if one and one.cost else 0.0
            )

    def _jxc_judged_lines(self):
        """Return ``{line: Judged}`` of those of these lines that are judged."""
        judged = self.order_id._jxc_judged()
        return {one.line: one for ones in judged.values() for one in ones}

    # -- judging ------------------------------------------------------------------

    def _jxc_is_judged(self):
        """Whether this line sells goods at a price somebody chose.

        Promotions, returns and the parts of a combo are not: a combo is judged as a
        whole, on its own line.
        """
        return bool(
            self.product_id
            and self.product_uom_qty > 0
            and not self.reward_id
            and not self.combo_item_id
            and self.price_subtotal >= 0
        )

    def _jxc_is_given_by_hand(self):
        """Whether this line takes something off the order, other than a promotion."""
        return (
            self.price_subtotal < 0 and self.product_uom_qty > 0 and not self.reward_id
        )

    def _jxc_net(self):
        """What this line brings, untaxed; of a combo, what its parts bring."""
        parts = self.linked_line_ids.filtered("combo_item_id")
        return self.price_subtotal + sum(parts.mapped("price_subtotal"))

    def _jxc_judge(self, net):
        """Judge this line, with superuser rights and in the company of its order.

        :param net: what it brings, see :class:`Judged`
        """
        company = self.order_id.company_id
        currency = self.order_id.currency_id
        wanted = self.product_id.categ_id._jxc_margin_wanted() or company.jxc_min_margin
        one = Judged(
            line=self,
            quantity=self.product_uom_qty,
            net=net,
            floor=self._jxc_floor_amount(),
            cost=self._jxc_cost_amount(),
            min_margin=wanted,
        )
        one.is_below = bool(
            one.floor and currency.compare_amounts(currency.round(net), one.floor) < 0
        )
        one.is_low = bool(
            one.cost > 0 and wanted and margin_percent(net, one.cost) < wanted - 0.005
        )
        return one

    def _jxc_floor_amount(self):
        """Lowest amount for the line's quantity, untaxed, in the order's currency."""
        template = self.product_id.product_tmpl_id
        floor = template._jxc_floor(self.product_uom_id)
        if not floor:
            return 0.0
        return self._jxc_untaxed(self._jxc_in_order_currency(floor))

    def _jxc_cost_amount(self):
        """What the line's quantity costs, in the order's currency; 0 when unknown."""
        lines = self.linked_line_ids.filtered("combo_item_id") or self
        cost = 0.0
        for line in lines:
            product = line.product_id
            quantity = line.product_uom_id._compute_quantity(  # odoo19-ok: unit-unchecked constrained by _check_jxc_unit
                line.product_uom_qty, product.uom_id, round=False
            )
            cost += product.standard_price * quantity
        if not cost:
            return 0.0
        return self._jxc_in_order_currency(cost, self.product_id.cost_currency_id)

    def _jxc_listed(self, rules, date):
        """What the price list asks for the line's quantity, untaxed.

        :param rules: items of the order's price list that may apply
        """
        product, uom = self.product_id, self.product_uom_id
        if self.product_type == "combo":
            return 0.0
        quantity = uom._compute_quantity(self.product_uom_qty, product.uom_id)  # odoo19-ok: unit-unchecked constrained by _check_jxc_unit
        currency = self.order_id.currency_id
        rule = self.env["product.pricelist.item"]
        for candidate in rules:
            if candidate._is_applicable_for(product, quantity):
                rule = candidate
                break
        price = rule._compute_price(
            product, self.product_uom_qty, uom, date=date, currency=currency
        )
        return self._jxc_untaxed(price)

    def _jxc_in_order_currency(self, amount, currency=None):
        order = self.order_id
        return (currency or self.product_id.currency_id)._convert(
            amount,
            order.currency_id,
            order.company_id,
            order.date_order or fields.Date.today(),
            round=False,
        )

    def _jxc_untaxed(self, price):
        """The line's quantity at a price in terms of the product's own, without tax."""
        currency = self.order_id.currency_id
        quantity = self.product_uom_qty
        taxes = self.product_id.taxes_id._filter_taxes_by_company(
            self.order_id.company_id
        )
        if not any(taxes.mapped("price_include")):
            return currency.round(price * quantity)
        return taxes.compute_all(
            price, currency=currency, quantity=quantity, product=self.product_id
        )["total_excluded"]

    def _jxc_price_text(self, one):
        """Say what is wrong with the price of this line; nothing of its cost."""
        name = self.product_id.display_name
        currency = self.order_id.currency_id
        if one.is_below:
            return self.env._(
                "%(product)s: %(price)s per %(unit)s untaxed is below the lowest price"
                " %(floor)s.",
                product=name,
                price=currency.format(one.price),
                unit=self.product_uom_id.display_name,
                floor=currency.format(one.floor / one.quantity),
            )
        return self.env._("%s: the margin is below the minimum.", name)

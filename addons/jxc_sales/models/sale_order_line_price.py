# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import api, fields, models

from ..tools.costs import SEE_COSTS
from ..tools.price import MARGIN_NOISE, Judged, margin_percent


class SaleOrderLine(models.Model):
    """What a line asks for its goods, see the order."""

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
        found = self._jxc_judged_lines(costs=True)
        for line in self:
            one = found.get(line)
            line.jxc_margin_percent = (
                margin_percent(one.net, one.cost) if one and one.cost else 0.0
            )

    def _jxc_judged_lines(self, costs=False):
        """Return ``{line: Judged}`` of those of these lines that are judged."""
        judged = self.order_id._jxc_judged(costs)
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
            and not self._jxc_is_part()
            and self.price_subtotal >= 0
        )

    def _jxc_is_part(self):
        """Whether this line is what was chosen of a combo on its order.

        One line for each choice, and no more of it than of the combo: whatever is
        beyond that only says that it belongs to one.
        """
        head = self.linked_line_id
        if not self.combo_item_id or head.order_id != self.order_id:
            return False
        choice = self.combo_item_id.combo_id
        same = head.linked_line_ids.filtered(
            lambda line: line.combo_item_id.combo_id == choice
        )
        surplus = self._jxc_base_qty() - head.product_uom_qty
        return self == same[:1] and self.product_uom_id.compare(surplus, 0) <= 0

    def _jxc_parts(self):
        """The lines of what was chosen of this combo."""
        return self.linked_line_ids.filtered(lambda line: line._jxc_is_part())

    def _jxc_has_price(self):
        """Whether this line counts: down payments only repeat what others are worth."""
        is_deposit = self.is_downpayment and not self.product_uom_qty
        return not self.display_type and not is_deposit

    def _jxc_given_by_hand(self):
        """What this line takes off the order, other than a promotion; below zero.

        Goods that come back are worth what the product or the price list asks; a line
        that pays more for them makes others cheaper.
        """
        if self.price_subtotal >= 0 or self.reward_id:
            return 0.0
        if self.product_uom_qty > 0 or not self.product_id:
            return self.price_subtotal
        order = self.order_id
        date = order.date_order or fields.Datetime.now()
        rules = order.pricelist_id and order.pricelist_id._get_applicable_rules(
            self.product_id, date
        )
        worth = min(self._jxc_listed((), date), self._jxc_listed(rules or (), date))
        return min(0.0, self.price_subtotal - worth)

    def _jxc_net(self):
        """What this line brings, untaxed; of a combo, what its parts bring."""
        return self.price_subtotal + sum(self._jxc_parts().mapped("price_subtotal"))

    def _jxc_judge(self, net, costs=False):
        """Judge this line, with superuser rights and in the company of its order.

        :param net: what it brings, see :class:`Judged`
        :param costs: what it costs is wanted, also where no margin is
        """
        company = self.order_id.company_id
        currency = self.order_id.currency_id
        wanted = 0.0
        if company.jxc_min_margin_action != "none":
            category = self.product_id.categ_id
            wanted = category._jxc_margin_wanted() or company.jxc_min_margin
        one = Judged(
            line=self,
            quantity=self.product_uom_qty,
            net=net,
            floor=self._jxc_floor_amount(),
            cost=self._jxc_cost_amount() if wanted or costs else 0.0,
            min_margin=wanted,
        )
        one.is_below = bool(
            company.jxc_min_price_action != "none"
            and one.floor
            and currency.compare_amounts(currency.round(net), one.floor) < 0
        )
        one.is_low = bool(
            one.cost > 0
            and wanted
            and margin_percent(net, one.cost) < wanted - MARGIN_NOISE
        )
        return one

    def _jxc_floor_amount(self):
        """Lowest amount for the line's quantity, untaxed, in the order's currency.

        A combo without a lowest price of its own has that of its parts.
        """
        template = self.product_id.product_tmpl_id
        floor = template._jxc_floor(self.product_uom_id)
        if not floor:
            return sum(part._jxc_floor_amount() for part in self._jxc_parts())
        return self._jxc_untaxed(self._jxc_in_order_currency(floor))

    def _jxc_cost_amount(self):
        """What the line's quantity costs, in the order's currency; 0 when unknown."""
        lines = self._jxc_parts() or self
        cost = 0.0
        for line in lines:
            product = line.product_id
            # odoo19-ok: unit-unchecked lines are kept to units that convert
            quantity = line.product_uom_id._compute_quantity(
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
        # odoo19-ok: unit-unchecked lines are kept to units that convert
        quantity = uom._compute_quantity(self.product_uom_qty, product.uom_id)
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

    def _jxc_price_text(self, one, margins=False):
        """Say what is wrong with the price of this line; nothing of its cost.

        :param margins: who reads it may know of margins
        """
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
        if not margins:
            return ""
        return self.env._("%s: the margin is below the minimum.", name)

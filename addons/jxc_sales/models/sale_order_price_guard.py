# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from contextlib import contextmanager

from odoo import models
from odoo.exceptions import UserError

from odoo.addons.jxc_base.tools.importing import is_history

from ..tools import marks
from ..tools.costs import tells_costs
from ..tools.language import in_company_lang
from ..tools.price import MARGIN_NOISE, margin_percent


class SaleOrder(models.Model):
    """Lowest prices and margins hold whoever confirms or changes an order, and how."""

    _inherit = "sale.order"

    def write(self, vals):
        """Judge the prices of orders that become confirmed, or change their day.

        On another day, what a foreign currency is worth is another price.

        :raise UserError: naming goods, price and lowest price
        """
        if vals.get("state") != "sale" or is_history(self.env):
            if not {"currency_id", "date_order"} & set(vals):
                return super().write(vals)
            with self._jxc_price_watch(can_ask=False) as watch:
                return super(SaleOrder, self.with_context(**watch)).write(vals)
        entering = self.filtered(lambda order: order.state != "sale")
        result = super().write(vals)
        for order, ones in entering._jxc_guarded()._jxc_judged().items():
            found = [one for one in ones if one.is_below or one.is_low]
            if found:
                order._jxc_settle_prices(found)
        return result

    def _jxc_settle_prices(self, found, keep=True):
        """Refuse, or let pass and keep what was sold below its lowest price or margin.

        :param found: lines of this order, as :class:`Judged`
        :param keep: whether what needs approval has it already
        :raise UserError: the company refuses them, or nobody is there to approve them
        """
        self.ensure_one()
        action = self._jxc_price_action(found)
        if action == "none":
            return
        text = self._jxc_price_texts(found)
        if action == "block":
            raise UserError(self._jxc_price_refusal(text))
        if action == "approval" and not self._jxc_price_tiers():
            raise UserError(self._jxc_no_tier_text(text))
        if keep or action != "approval":
            self._jxc_keep_exceptions(found)
        if text and action == "warn":
            kept = in_company_lang(self)
            text = kept._jxc_price_texts(found)
            self.sudo()._message_log(
                body=kept.env._("Sold below what was set:\n%s", text)
            )

    def _jxc_no_tier_text(self, text):
        return self.env._(
            "%(order)s:\n%(lines)s\nThis needs approval, but no tier asks for it:"
            " activate the preset for prices (Settings > Sales), or raise the prices.",
            order=self.name,
            lines=text,
        )

    def _jxc_price_refusal(self, text):
        return self.env._(
            "%(order)s:\n%(lines)s\nRaise the prices, or ask a sales manager to change"
            " the lowest price or the minimum margin.",
            order=self.name,
            lines=text,
        )

    def _jxc_price_tiers(self):
        """The approval tiers in force that apply because of prices: hook."""
        return self.env["tier.definition"]

    def _jxc_asks_for_prices(self):
        """Whether any tier in force would ask for approval of prices: hook."""
        return False

    def _jxc_keep_exceptions(self, found):
        """Write down what is sold below its lowest price or margin; once each."""
        Exception_ = self.env["jxc.price.exception"].sudo()
        known = {
            (one.line_id.id, round(one.price, 6), one.quantity)
            for one in Exception_.search([("order_id", "=", self.id)])
        }
        costs = {one.line: one.cost or one.line._jxc_cost_amount() for one in found}
        reviews = self.sudo().review_ids if "review_ids" in self._fields else None
        approvers = reviews.done_by.ids if reviews else []
        Exception_.create(
            [
                {
                    "order_id": self.id,
                    "line_id": one.line.id,
                    "company_id": self.company_id.id,
                    "partner_id": self.partner_id.id,
                    "salesman_id": self.user_id.id,
                    "product_id": one.line.product_id.id,
                    "uom_id": one.line.product_uom_id.id,
                    "quantity": one.quantity,
                    "currency_id": self.currency_id.id,
                    "price": one.price,
                    "floor_price": one.floor / one.quantity,
                    "is_below": one.is_below,
                    "is_low": one.is_low,
                    "margin_percent": (
                        margin_percent(one.net, costs[one.line])
                        if costs[one.line]
                        else 0.0
                    ),
                    "user_id": self.env.uid,
                    "approver_ids": approvers,
                }
                for one in found
                if (one.line.id, round(one.price, 6), one.quantity) not in known
            ]
        )

    # -- changes of confirmed orders ----------------------------------------------

    @contextmanager
    def _jxc_price_watch(self, can_ask=True):
        """Compare the prices of confirmed orders before and after a change.

        :param can_ask: whether the approval glue takes the order back for this change
        :yield: context values that keep changes inside from being compared twice
        :raise UserError: see :meth:`_jxc_settle_prices`
        """
        outer = marks.pricing_of(self.env)
        known = outer.order_ids if outer else frozenset()
        orders = self.filtered(
            lambda order: order.state == "sale" and order.id not in known
        )
        if not orders or is_history(self.env) or marks.replay_of(self.env):
            yield {}
            return
        before = {
            order: {one.line: one for one in ones}
            for order, ones in orders._jxc_judged().items()
        }
        # Refused changes are taken back here, should a caller swallow the error.
        with self.env.cr.savepoint():
            with marks.Pricing([*known, *orders.ids]) as pricing:
                yield {marks.PRICING: pricing}
            for order, ones in orders._jxc_judged().items():
                if order.state != "sale":
                    continue
                order._jxc_refuse_untold(ones, before[order], can_ask)
                found = [
                    one
                    for one in ones
                    if (one.is_below or one.is_low)
                    and one.cheaper_than(before[order].get(one.line))
                ]
                if not found:
                    continue
                if not can_ask and order._jxc_price_action(found) == "approval":
                    text = order._jxc_price_texts(found)
                    raise UserError(order._jxc_price_refusal(text))
                order._jxc_settle_prices(found, keep=False)

    def _jxc_refuse_untold(self, ones, before, can_ask):
        """Refuse what gives more away where approval cannot be asked for any more.

        Who does not see costs is judged by the price list: a refusal that depended on
        the margin of a price he chose would tell the cost in a dozen tries. What asks
        the listed price, or more, passes if that one has its margin.

        :param before: ``{line: Judged}`` before the change
        :param can_ask: whether the approval glue takes the order back for this change
        :raise UserError: naming the goods that a minimum margin stands for
        """
        if (
            self.company_id.sudo().jxc_min_margin_action != "approval"
            or tells_costs(self.env)
            or (
                can_ask
                and self._jxc_asks_for_prices()
                and not self.sudo()._jxc_no_way_back()
            )
        ):
            return
        more = [
            one
            for one in ones
            if one.min_margin and one.cheaper_than(before.get(one.line))
        ]
        listed = self._jxc_listed_amounts(more)
        names = [
            one.line.product_id.display_name
            for one, amount in listed.items()
            if not amount
            or self.currency_id.compare_amounts(one.net, amount) < 0
            or (
                one.cost
                and margin_percent(amount, one.cost) < one.min_margin - MARGIN_NOISE
            )
        ]
        if names:
            text = self.env._(
                "%s: approval can no longer be asked for more at a lower price. Sell it"
                " with a new order.",
                ", ".join(names),
            )
            raise UserError(self._jxc_price_refusal(text))

# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from collections import defaultdict

from odoo import models
from odoo.tools import float_round


class SaleOrder(models.Model):
    """What the promotions of an order are worth once goods came back.

    A customer who gives goods back pays what the goods he keeps would have cost him
    under the promotions of his order; the refund is what he paid less that:

    - Promotions that are earned by the order itself (满减, 满赠, 买N送M, 限时折扣,
      codes) are judged again for what is kept, by the platform's own rules. A threshold
      that is not reached any more loses the reward; a gift that is kept without being
      earned is charged at its price; a percentage follows the goods it was given on.
    - What was paid with points or cards of the customer (loyalty, eWallet, gift card),
      and discounts that are plain lines, follow the value of the goods. The points
      spent go back to the card by the same share.
    - Prices by quantity (阶梯价) are prices that were agreed: what is kept keeps its
      price, what comes back is worth what was paid for it.
    """

    _inherit = "sale.order"

    def _jxc_kept(self, coming=None):
        """How much of each line the customer keeps, or is still to get.

        :param coming: ``{line: quantity in its unit}`` that comes back besides
        :return: ``{line: quantity in its unit, not rounded}``
        """
        self.ensure_one()
        kept = {}
        for line in self.order_line:
            if line.display_type or line.is_downpayment:
                continue
            quantity = line.product_uom_qty - (coming or {}).get(line, 0.0)
            for move in line.move_ids:
                if sign := move._jxc_returned_sign():
                    quantity -= sign * move.product_uom._jxc_convert(
                        move.quantity, line.product_uom_id
                    )
            kept[line] = max(0.0, quantity)
        return kept

    def _jxc_promotions_kept(self, coming=None):
        """Judge the promotions of one order for the goods that are kept.

        :param coming: ``{line: quantity in its unit}`` that comes back besides
        :return: ``{line: what of it holds}``: for discounts the share of the line,
            between 0 and 1; for gifts the quantity that is kept without being earned,
            in the unit of the line
        """
        self.ensure_one()
        lines = self.order_line.filtered(
            lambda line: (
                not line.display_type
                and not line.is_downpayment
                and (line.price_total < 0 or line.reward_id)
            )
        )
        if not lines:
            return {}
        kept = self._jxc_kept(coming)
        earned = self._jxc_points_kept(lines.reward_id.program_id, kept)
        holds = {}
        for line in lines:
            reward = line.reward_id
            if reward.reward_type == "product":
                holds[line] = self._jxc_gift_not_earned(line, kept, earned)
            elif line.price_total < 0:
                holds[line] = self._jxc_discount_kept(line, kept, earned)
        return holds

    def _jxc_points_kept(self, programs, kept):
        """The points that kept goods earn with each promotion that is judged again.

        :return: ``{program: points}``, 0 below the threshold; without the programs
            whose rewards are paid from a card of the customer
        """
        judged = programs.filtered(
            lambda one: (
                one.applies_on == "current"
                and not one.is_nominative
                and not one.is_payment_program
            )
        )
        if not judged:
            return {}
        found = self._jxc_judge(judged, kept)
        # A coupon brought its points; the rules only say whether it holds.
        for program in self.applied_coupon_ids.program_id & judged:
            if found[program] is not None:
                found[program] = float("inf")
        return {program: points or 0.0 for program, points in found.items()}

    def _jxc_judge(self, programs, kept):
        """Let the platform judge programs for an order over what is kept.

        Nothing is written: the order that is judged lives in memory only.

        :return: ``{program: points}``, None for programs that do not apply any more
        """
        order = self.new(origin=self)
        enabled = self._fields["code_enabled_rule_ids"]
        # The rules themselves, not their likeness in memory, are looked for.
        enabled._update_cache(order, self.code_enabled_rule_ids._ids)
        virtual = {line._origin: line for line in order.order_line}
        share = self._jxc_share_kept(self._jxc_goods(kept), kept)
        agreed = ("price_unit", "discount", "technical_price_unit", "tax_ids")
        agreed = [self.order_line._fields[name] for name in agreed]
        with self.env.protecting(agreed, order.order_line):
            for line, quantity in kept.items():
                if line.price_total < 0:
                    quantity = line.product_uom_qty * share
                one = virtual[line]
                one.product_uom_qty = quantity
                if line.jxc_aux_qty and line.product_uom_qty:
                    share_kept = quantity / line.product_uom_qty
                    one.jxc_aux_qty = line.jxc_aux_qty * share_kept
            found = order._program_check_compute_points(programs)
        return {
            program: sum(status["points"]) if "points" in status else None
            for program, status in found.items()
        }

    def _jxc_goods(self, kept):
        """The lines that promotions are given on."""
        return self.order_line.filtered(
            lambda line: line in kept and line.price_total > 0 and not line.reward_id
        )

    def _jxc_gift_not_earned(self, line, kept, earned):
        """How much of a gift is kept without being earned, in the unit of the line."""
        reward = line.reward_id
        if reward.program_id not in earned or not line.product_uom_qty:
            return 0.0
        times = line.points_cost // (reward.required_points or 1.0) or 1.0
        if reward.clear_wallet:
            times = 1.0
        points = earned[reward.program_id]
        still = min(times, points // (reward.required_points or 1.0) if points else 0)
        due = line.product_uom_qty * still / times
        return max(0.0, kept[line] - due)

    def _jxc_discount_kept(self, line, kept, earned):
        """The share of a discount line that holds for the goods that are kept."""
        reward = line.reward_id
        goods = self._jxc_goods(kept)
        if reward.program_id not in earned:
            return self._jxc_share_kept(goods, kept)
        points = earned[reward.program_id]
        if points < reward.required_points:
            return 0.0
        if reward.discount_mode == "percent":
            if reward.discount_applicability == "specific":
                goods &= self._get_specific_discountable_lines(reward)
            elif reward.discount_applicability == "cheapest":
                goods &= self._cheapest_line(reward)
            return self._jxc_share_kept(goods, kept)
        share = 1.0
        if reward.discount_mode == "per_point" and line.points_cost:
            share = min(1.0, points / line.points_cost)
        # Nobody gets more off than the goods cost.
        worth = sum(one.price_total for one in goods) * self._jxc_share_kept(
            goods, kept
        )
        return min(share, worth / -line.price_total)

    @staticmethod
    def _jxc_share_kept(goods, kept):
        """The share of the value of goods that is kept."""
        whole = sum(line.price_total for line in goods)
        if not whole:
            return 0.0
        left = sum(
            line.price_total * kept[line] / line.product_uom_qty
            for line in goods
            if line.product_uom_qty
        )
        return left / whole

    def _jxc_promotion_loss(self, coming, back):
        """What a customer loses of promotions by goods that come back.

        :param coming: ``{line: quantity in its unit}`` not back yet, to judge before
        :param back: likewise, to judge after
        :return: in the currency of the order, tax included
        """
        self.ensure_one()
        before = self._jxc_promotions_kept(coming)
        after = self._jxc_promotions_kept(back)
        loss = 0.0
        for line, held in before.items():
            if line.reward_id.reward_type == "product":
                loss += self._jxc_gift_price(line, after[line] - held)
            else:
                loss += line.price_total * (after[line] - held)
        return loss

    def _jxc_gift_price(self, line, quantity):
        """What a quantity of a gift costs who has not earned it, tax included."""
        if not quantity:
            return 0.0
        return line.tax_ids.compute_all(
            line.price_unit,
            currency=self.currency_id,
            quantity=quantity,
            product=line.product_id,
            partner=self.partner_shipping_id,
        )["total_included"]

    # -- points -------------------------------------------------------------------

    def _jxc_settle_points(self, description):
        """Leave each card with the points that kept goods earn and cost.

        Points earned follow the value of the goods, and are lost with the threshold of
        their rule; points spent come back by the share of the discount, or of the
        gifts, that was given back. A coupon that holds for nothing any more is whole
        again. May be repeated: what was moved before counts, see ``loyalty.history``.

        :param description: of the movements
        """
        self.ensure_one()
        kept = self._jxc_kept()
        due = defaultdict(float)
        for card, points in self._jxc_points_earned(kept).items():
            due[card] += points
        at_first = self._get_point_changes()
        holds = self._jxc_promotions_kept()
        for line in self.order_line.filtered(lambda one: one in kept and one.coupon_id):
            program = line.coupon_id.program_id
            if line.points_cost and (
                program.is_nominative or line.coupon_id in self.applied_coupon_ids
            ):
                share = self._jxc_cost_kept(line, kept, holds)
                due[line.coupon_id] -= line.points_cost * share
        moved = self.env["loyalty.history"]._read_group(
            [
                ("order_model", "=", self._name),
                ("order_id", "=", self.id),
                ("card_id", "in", [card.id for card in due]),
            ],
            ["card_id"],
            ["issued:sum", "used:sum"],
        )
        known = {card: issued - used for card, issued, used in moved}
        vals_list = []
        for card, points in due.items():
            before = known.get(card, at_first[card])
            change = float_round(points - before, precision_digits=2)
            if not change:
                continue
            card.points += change
            vals_list.append(
                {
                    "card_id": card.id,
                    "order_model": self._name,
                    "order_id": self.id,
                    "description": description,
                    "used": max(0.0, -change),
                    "issued": max(0.0, change),
                }
            )
        self.env["loyalty.history"].create(vals_list)

    def _jxc_points_earned(self, kept):
        """The points that cards of the customer keep of what the order earned.

        A coupon for the next order is kept whole, or lost.

        :return: ``{card: points}``
        """
        entries = self.coupon_point_ids.filtered(
            lambda entry: (
                entry.coupon_id.program_id.applies_on != "current"
                or entry.coupon_id.program_id.is_nominative
            )
        )
        if not entries:
            return {}
        share = self._jxc_share_kept(self._jxc_goods(kept), kept)
        found = self._jxc_judge(entries.coupon_id.program_id, kept)
        earned = {}
        for entry in entries:
            program = entry.coupon_id.program_id
            holds = (found.get(program) or 0.0) > 0
            part = 1.0 if program.program_type == "next_order_coupons" else share
            earned[entry.coupon_id] = entry.points * part if holds else 0.0
        return earned

    def _jxc_cost_kept(self, line, kept, holds):
        """The share of the points of a reward line that stays spent."""
        if line.reward_id.reward_type == "product":
            return kept[line] / line.product_uom_qty if line.product_uom_qty else 1.0
        share = holds.get(line, 1.0)
        program = line.coupon_id.program_id
        if program.is_nominative or program.is_payment_program:
            return share
        return 1.0 if share else 0.0

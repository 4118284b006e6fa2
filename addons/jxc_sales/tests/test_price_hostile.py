# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged

from .price_common import PriceCommon


@tagged("post_install", "-at_install")
class TestPriceHostile(PriceCommon):
    """Ways to sell below the lowest price that are not called a price."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.product.product_tmpl_id.jxc_min_price = 90
        cls._set_action("block")
        cls.service = cls._create_lamp(
            stock=0,
            name="Service",
            type="service",
            is_storable=False,
            invoice_policy="order",
        )
        cls.program = cls.env["loyalty.program"].create(
            {
                "name": "Tenth",
                "program_type": "promotion",
                "trigger": "auto",
                "applies_on": "current",
                "rule_ids": [Command.clear(), Command.create({"minimum_amount": 1})],
                "reward_ids": [
                    Command.clear(),
                    Command.create({"reward_type": "discount", "discount": 10}),
                ],
            }
        )

    def _line(self, **values):
        return {
            "product_id": self.service.id,
            "product_uom_qty": 1,
            "price_unit": -80,
            **values,
        }

    def _add(self, order, **values):
        order.write({"order_line": [Command.create(self._line(**values))]})

    def _assert_refused(self, order):
        with self.assertRaisesRegex(UserError, "below the lowest price"):
            order.action_confirm()
        self.assertEqual(order.state, "draft")

    def test_down_payment_that_is_none(self):
        order = self._order(1, 100)
        self._add(order, is_downpayment=True)
        self._assert_refused(order)

    def test_down_payments_count_for_nothing(self):
        order = self._order(1, 100)
        order.action_confirm()
        wizard = self.env["sale.advance.payment.inv"].create(
            {
                "advance_payment_method": "fixed",
                "fixed_amount": 50,
                "sale_order_ids": [Command.set(order.ids)],
            }
        )
        wizard.create_invoices()
        self.assertTrue(order.order_line.filtered("is_downpayment"))
        order.order_line.filtered(lambda one: not one.is_downpayment).price_unit = 95
        self.assertEqual(order.amount_untaxed, 95)

    def test_goods_bought_back_dearly(self):
        order = self._order(5, 100)
        self._add(order, product_id=self.product.id, product_uom_qty=-1, price_unit=400)
        self._assert_refused(order)

    def test_goods_bought_back_at_their_price(self):
        order = self._order(5, 100)
        self._add(order, product_id=self.product.id, product_uom_qty=-1, price_unit=100)
        order.action_confirm()
        self.assertEqual(order.state, "sale")

    def test_reward_by_hand(self):
        order = self._order(1, 100)
        reward = self.program.reward_ids
        card = self.env["loyalty.card"].create({"program_id": self.program.id})
        made_up = {
            "name": "Gift",
            "product_id": reward.discount_line_product_id.id,
            "reward_id": reward.id,
            "coupon_id": card.id,
            "reward_identifier_code": "x",
            "points_cost": 0,
        }
        with self.assertRaisesRegex(AccessError, "their promotions"):
            self._add(order, **made_up)
        with self.assertRaisesRegex(AccessError, "their promotions"):
            order.with_context(default_reward_id=reward.id).write(
                {"order_line": [Command.create(self._line())]}
            )
        self._add(order)
        line = order.order_line.filtered(lambda one: one.price_unit < 0)
        with self.assertRaisesRegex(AccessError, "their promotions"):
            line.write({"reward_id": reward.id, "coupon_id": card.id})
        self._assert_refused(order)

    def test_reward_is_worth_what_it_is(self):
        order = self._order(1, 100)
        order._update_programs_and_rewards()
        for coupon, rewards in order._get_claimable_rewards().items():
            order._apply_program_reward(rewards, coupon)
        self.assertEqual(order.amount_untaxed, 90)
        reward = order.order_line.filtered("reward_id")
        for values in ({"price_unit": -80}, {"product_uom_qty": 8}, {"points_cost": 0}):
            with self.assertRaisesRegex(AccessError, "their promotions"):
                reward.write(values)
        reward.name = "A tenth less"
        # The promotion itself goes along with the order, and copies start anew.
        order.order_line.filtered(lambda one: not one.reward_id).product_uom_qty = 2
        order._update_programs_and_rewards()
        self.assertEqual(order.amount_untaxed, 180)
        self.assertFalse(order.copy().order_line.reward_id)
        order.action_confirm()
        self.assertEqual((order.state, order.amount_untaxed), ("sale", 180))

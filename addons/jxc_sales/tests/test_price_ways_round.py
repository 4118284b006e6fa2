# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import tagged

from .price_common import PriceCommon
from .test_sale_minimum import MinimumCommon


@tagged("post_install", "-at_install")
class TestComboAttacks(PriceCommon):
    """Goods do not get cheap by being called the part of a combo."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._set_action("block")
        cls.product.product_tmpl_id.jxc_min_price = 80
        cls.combo = cls.env["product.combo"].create(
            {
                "name": "Choice",
                "combo_item_ids": [Command.create({"product_id": cls.product.id})],
            }
        )
        cls.pack = cls.env["product.product"].create(
            {
                "name": "Pack",
                "type": "combo",
                "list_price": 100,
                "taxes_id": [Command.clear()],
                "combo_ids": [Command.set(cls.combo.ids)],
            }
        )

    def _pack(self, quantity=1, *parts):
        """An order of packs, with lines that say to be parts of them."""
        order = (
            self.env["sale.order"]
            .with_user(self.salesman)
            .create(
                {
                    "partner_id": self.customer.id,
                    "order_line": [
                        Command.create(
                            {"product_id": self.pack.id, "product_uom_qty": quantity}
                        )
                    ],
                }
            )
        )
        head = order.order_line
        for part, price in parts:
            order.order_line.create(
                {
                    "order_id": order.id,
                    "product_id": self.product.id,
                    "product_uom_qty": part,
                    "linked_line_id": head.id,
                    "combo_item_id": self.combo.combo_item_ids.id,
                }
            ).price_unit = price
        return order

    def test_more_parts_than_combos(self):
        order = self._pack(1, (50, 1))
        with self.assertRaisesRegex(UserError, "below the lowest price"):
            order.action_confirm()
        self.assertEqual(order.state, "draft")

    def test_the_same_choice_twice(self):
        order = self._pack(1, (1, 80), (1, 1))
        with self.assertRaisesRegex(UserError, "below the lowest price"):
            order.action_confirm()

    def test_part_in_boxes(self):
        """One box of ten is not one lamp."""
        order = self._pack(1, (1, 80))
        part = order.order_line.filtered("combo_item_id")
        part.write({"product_uom_id": self.box.uom_id.id, "price_unit": 100})
        with self.assertRaisesRegex(UserError, "below the lowest price"):
            order.action_confirm()

    def test_combo_for_nothing(self):
        """A combo without a lowest price has that of what is in it."""
        order = self._pack(5, (5, 79))
        with self.assertRaisesRegex(UserError, "79"):
            order.action_confirm()

    def test_honest_combo(self):
        order = self._pack(5, (5, 80))
        order.action_confirm()
        self.assertEqual(order.state, "sale")


@tagged("post_install", "-at_install")
class TestMinimumAttacks(MinimumCommon):
    """A minimum holds for goods that say to be a down payment."""

    def test_down_payment_of_goods(self):
        order = (
            self.env["sale.order"]
            .with_user(self.salesman)
            .create(
                {
                    "partner_id": self.customer.id,
                    "order_line": [
                        Command.create(
                            {
                                "product_id": self.product.id,
                                "product_uom_qty": 2,
                                "price_unit": 100,
                                "is_downpayment": True,
                            }
                        )
                    ],
                }
            )
        )
        with self.assertRaisesRegex(UserError, "minimum order"):
            order.action_confirm()
        self._assert_refused(order)

    def test_down_payment_after_confirming(self):
        order = self._order(20)
        order.action_confirm()
        with self.assertRaisesRegex(UserError, "minimum order"):
            order.order_line.write({"is_downpayment": True, "product_uom_qty": 2})


@tagged("post_install", "-at_install")
class TestCardAttacks(PriceCommon):
    """Points come from orders; nobody gives a customer a discount by his card."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.program = cls.env["loyalty.program"].create(
            {
                "name": "Points",
                "program_type": "loyalty",
                "trigger": "auto",
                "applies_on": "both",
                "rule_ids": [
                    Command.clear(),
                    Command.create(
                        {"reward_point_amount": 1, "reward_point_mode": "order"}
                    ),
                ],
                "reward_ids": [
                    Command.clear(),
                    Command.create(
                        {
                            "reward_type": "discount",
                            "discount": 90,
                            "discount_mode": "percent",
                            "discount_applicability": "order",
                            "required_points": 10,
                        }
                    ),
                ],
            }
        )
        cls.card = cls.env["loyalty.card"].create(
            {
                "program_id": cls.program.id,
                "partner_id": cls.customer.id,
                "points": 9,
            }
        )

    def _card(self, user=None):
        return self.card.with_user(user or self.salesman)

    def test_points_by_hand(self):
        other = self.program.copy({"name": "Other"})
        stranger = self.env["res.partner"].create({"name": "Stranger"})
        for vals in (
            {"points": 1000},
            {"program_id": other.id},
            {"partner_id": stranger.id},
            {"expiration_date": "2099-12-31"},
        ):
            with self.subTest(vals), self.assertRaisesRegex(AccessError, "manager"):
                self._card().write(vals)
        with self.assertRaises(AccessError):
            self._card().with_context(jxc_sales_counting=True).points = 1000
        wizard = self.env["loyalty.card.update.balance"].with_user(self.salesman)
        wizard = wizard.create(
            {"card_id": self.card.id, "new_balance": 1000, "description": "Gift"}
        )
        with self.assertRaises(AccessError):
            wizard.action_update_card_point()
        self.assertEqual(self.card.points, 9)
        self._card(self.manager).points = 10
        self.assertEqual(self.card.points, 10)

    def test_points_by_orders(self):
        """The seller's orders give points and take them, cancelling gives them back."""
        order = self._order(1, 100)
        order._update_programs_and_rewards()
        order.action_confirm()
        self.assertEqual(self.card.points, 10)
        second = self._order(1, 100)
        second._update_programs_and_rewards()
        reward = self.program.reward_ids
        second._apply_program_reward(reward, self._card())
        self.assertEqual(second.amount_untaxed, 10)
        second.action_confirm()
        self.assertEqual(self.card.points, 1)
        # Entries of points on orders are for managers to delete.
        second.with_user(self.manager)._action_cancel()
        self.assertEqual(self.card.points, 10)


@tagged("post_install", "-at_install")
class TestVendorPriceLists(PriceCommon):
    """Who may not see vendors' prices may see and count their list."""

    def test_list(self):
        prices = self.env["product.supplierinfo"]
        for price in (1, 2, 3):
            prices.create(
                {
                    "partner_id": self.customer.id,
                    "product_tmpl_id": self.product.product_tmpl_id.id,
                    "price": price,
                }
            )
        mine = [("product_tmpl_id", "=", self.product.product_tmpl_id.id)]
        seen = prices.with_user(self.salesman)
        self.assertEqual(seen.search_count(mine), 3)
        page = seen.web_search_read(mine, {"min_qty": {}}, limit=2)
        self.assertEqual((len(page["records"]), page["length"]), (2, 3))


@tagged("post_install", "-at_install")
class TestRewardMoved(PriceCommon):
    """A reward belongs to the order that its promotion put it on."""

    def test_to_a_confirmed_order(self):
        program = self.env["loyalty.program"].create(
            {
                "name": "Half",
                "program_type": "promotion",
                "trigger": "auto",
                "applies_on": "current",
                "rule_ids": [Command.clear(), Command.create({"minimum_qty": 1})],
                "reward_ids": [
                    Command.clear(),
                    Command.create({"reward_type": "discount", "discount": 50}),
                ],
            }
        )
        full = self._order(1, 100)
        full.action_confirm()
        draft = self._order(1, 100)
        draft._update_programs_and_rewards()
        for coupon, rewards in draft._get_claimable_rewards().items():
            draft._apply_program_reward(rewards, coupon)
        reward = draft.order_line.filtered("reward_id").with_user(self.salesman)
        self.assertEqual(reward.reward_id.program_id, program)
        for attack in (
            lambda: reward.write({"order_id": full.id}),
            lambda: full.write({"order_line": [Command.link(reward.id)]}),
        ):
            with self.assertRaises(AccessError):
                attack()
            self.env.invalidate_all()
        self.assertEqual(full.amount_untaxed, 100)


@tagged("post_install", "-at_install")
class TestReasons(PriceCommon):
    """Blanks are no reason, whichever way they come."""

    def test_blank(self):
        for reason in ("", "   "):
            with self.assertRaisesRegex(ValidationError, "Say why"):
                self.env["jxc.credit.override"].create(
                    {
                        "account_id": self.account.id,
                        "amount": 5,
                        "until": "2099-12-31",
                        "reason": reason,
                    }
                )


@tagged("post_install", "-at_install")
class TestFunnelOpens(PriceCommon):
    def test_row_opens_its_order(self):
        order = self._order(1, 100)
        order.action_confirm()
        self.env.flush_all()
        row = self.env["jxc.sale.funnel"].search([("order_id", "=", order.id)])
        action = row.action_open_document()
        self.assertEqual(
            (action["res_model"], action["res_id"]), ("sale.order", order.id)
        )
        view = self.env.ref("jxc_sales.jxc_sale_funnel_view_list")
        self.assertIn("action_open_document", view.arch)

# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged

from .price_common import PriceCommon


@tagged("post_install", "-at_install")
class TestPromotionPresets(PriceCommon):
    """Each preset by a real order."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._set_action("none")
        cls.cup = cls._create_lamp(name="Cup", list_price=20)
        cls.env["loyalty.program"].search([]).active = False

    def _make(self, **values):
        wizard = (
            self.env["jxc.promotion"]
            .with_user(self.manager)
            .create({"name": "Spring", **values})
        )
        action = wizard.action_create()
        return self.env[action["res_model"]].browse(action["res_id"])

    def _bought(self, quantity=1, price=100.0, unit=None):
        """An order with every reward it is offered."""
        order = self._order(quantity, price, unit=unit)
        order._update_programs_and_rewards()
        for coupon, rewards in order._get_claimable_rewards().items():
            for reward in rewards:
                order._apply_program_reward(reward, coupon)
        return order

    def test_money_off(self):
        self._make(kind="money_off", amount_from=300, amount_off=30)
        self.assertEqual(self._bought(2).amount_total, 200)
        order = self._bought(3)
        self.assertEqual(order.amount_total, 270)
        order.action_confirm()
        self.assertEqual(order.state, "sale")

    def test_gift(self):
        self._make(kind="gift", amount_from=300, gift_id=self.cup.id, gift_quantity=2)
        self.assertFalse(self._bought(2).order_line.reward_id)
        order = self._bought(3)
        gift = order.order_line.filtered("reward_id")
        self.assertEqual((gift.product_id, gift.product_uom_qty), (self.cup, 2))
        self.assertEqual(order.amount_total, 300)

    def test_buy_n_get_m_in_units(self):
        self._make(
            kind="buy_get",
            product_id=self.product.id,
            quantity=1,
            uom_id=self.box.uom_id.id,
            gift_id=self.product.id,
            gift_quantity=0.1,
        )
        self.assertFalse(self._bought(9).order_line.reward_id)
        for quantity, unit in ((1, self.box.uom_id), (10, None)):
            order = self._bought(quantity, unit=unit)
            free = order.order_line.filtered("reward_id")
            self.assertEqual(free.product_uom_qty, 1, "a piece with each box")
        order = self._bought(3, unit=self.box.uom_id)
        self.assertEqual(order.order_line.filtered("reward_id").product_uom_qty, 3)

    def test_buy_n_get_another(self):
        self._make(
            kind="buy_get",
            product_id=self.product.id,
            quantity=2,
            gift_id=self.cup.id,
            gift_quantity=1,
        )
        order = self._bought(5)
        gift = order.order_line.filtered("reward_id")
        self.assertEqual((gift.product_id, gift.product_uom_qty), (self.cup, 2))

    def test_discount_for_a_time(self):
        today = fields.Date.context_today(self.salesman)
        program = self._make(
            kind="flash",
            product_ids=[Command.set(self.product.ids)],
            percent_off=20,
            date_from=today,
            date_to=today,
        )
        order = self._bought(1)
        order.order_line = [
            Command.create({"product_id": self.cup.id, "price_unit": 20})
        ]
        order._update_programs_and_rewards()
        self.assertEqual(order.amount_total, 100, "80 and a cup at its price")
        program.write(
            {
                "date_from": today - timedelta(days=9),
                "date_to": today - timedelta(days=1),
            }
        )
        self.assertEqual(self._bought(1).amount_total, 100)

    def test_price_by_quantity(self):
        pricelist = self.env["product.pricelist"].create({"name": "Steps"})
        self._make(
            kind="ladder",
            product_id=self.product.id,
            uom_id=self.box.uom_id.id,
            pricelist_id=pricelist.id,
            line_ids=[
                Command.create({"quantity": 1, "price": 880}),
                Command.create({"quantity": 5, "price": 850}),
            ],
        )
        order = self._order(1, 0, pricelist_id=pricelist.id)
        line = order.order_line
        for quantity, unit, price in (
            (1, self.product.uom_id, 100),
            (10, self.product.uom_id, 88),
            (1, self.box.uom_id, 880),
            (5, self.box.uom_id, 850),
        ):
            line.write({"product_uom_id": unit.id, "product_uom_qty": quantity})
            order._recompute_prices()
            self.assertAlmostEqual(
                line.price_unit, price, msg=f"{quantity} {unit.name}"
            )

    def test_limited(self):
        program = self._make(
            kind="money_off", amount_from=100, amount_off=10, max_usage=1
        )
        self.assertTrue(program.limit_usage)
        first, second = self._bought(1), self._bought(1)
        first.action_confirm()
        with self.assertRaises(UserError):
            second.action_confirm()

    def test_what_is_missing_is_said(self):
        with self.assertRaisesRegex(UserError, "Money Off"):
            self._make(kind="money_off", amount_from=100)
        with self.assertRaisesRegex(UserError, "more than"):
            self._make(kind="money_off", amount_from=10, amount_off=100)
        with self.assertRaises(UserError):
            self._make(
                kind="flash",
                product_ids=[Command.set(self.product.ids)],
                percent_off=200,
                date_to=fields.Date.today(),
            )

    def test_salespeople_make_none(self):
        with self.assertRaises(AccessError):
            self.env["jxc.promotion"].with_user(self.salesman).create({"name": "x"})


@tagged("post_install", "-at_install")
class TestCustomerTiers(PriceCommon):
    """A tier's price list becomes the customer's, and that of new orders."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env.ref("base.group_user").implied_ids += cls.env.ref(
            "product.group_product_pricelist"
        )
        cls.gold_list, cls.silver_list = cls.env["product.pricelist"].create(
            [
                {
                    "name": name,
                    "sequence": 99,
                    "item_ids": [
                        Command.create(
                            {"compute_price": "percentage", "percent_price": percent}
                        )
                    ],
                }
                for name, percent in (("Gold", 15), ("Silver", 5))
            ]
        )
        cls.gold, cls.silver, cls.plain = cls.env["jxc.customer.tier"].create(
            [
                {"name": "Gold", "pricelist_id": cls.gold_list.id},
                {"name": "Silver", "pricelist_id": cls.silver_list.id},
                {"name": "Plain"},
            ]
        )

    def test_tier_brings_its_prices(self):
        self.customer.jxc_tier_id = self.gold
        self.assertEqual(self.customer.property_product_pricelist, self.gold_list)
        contact = self.env["res.partner"].create(
            {"name": "Buyer", "parent_id": self.customer.id}
        )
        self.assertEqual(contact.property_product_pricelist, self.gold_list)
        order = self.env["sale.order"].create(
            {
                "partner_id": contact.id,
                "order_line": [Command.create({"product_id": self.product.id})],
            }
        )
        self.assertEqual(order.pricelist_id, self.gold_list)
        self.assertEqual(order.order_line._jxc_net(), 85)

    def test_changing_the_tier(self):
        self.customer.jxc_tier_id = self.gold
        self.customer.jxc_tier_id = self.silver
        self.assertEqual(
            self.customer.specific_property_product_pricelist, self.silver_list
        )
        self.customer.jxc_tier_id = self.plain
        self.assertFalse(self.customer.specific_property_product_pricelist)
        self.customer.specific_property_product_pricelist = self.gold_list
        self.customer.jxc_tier_id = False
        self.assertEqual(
            self.customer.specific_property_product_pricelist,
            self.gold_list,
            "what he was given apart from a tier stays",
        )

    def test_changing_the_tiers_price_list(self):
        self.customer.jxc_tier_id = self.gold
        self.gold.pricelist_id = self.silver_list
        self.assertEqual(self.customer.property_product_pricelist, self.silver_list)
        self.gold.pricelist_id = False
        self.assertFalse(self.customer.specific_property_product_pricelist)

    def test_each_company_has_its_own(self):
        other = self.setup_other_company()["company"]
        there = self.silver_list.copy({"company_id": other.id})
        self.gold.with_company(other).pricelist_id = there
        # Whoever sets the tier sees one company only.
        self.customer.with_user(self.manager).jxc_tier_id = self.gold
        self.assertEqual(
            self.customer.with_company(other).property_product_pricelist, there
        )
        self.assertEqual(self.customer.property_product_pricelist, self.gold_list)

    def test_quotations_say_so(self):
        order = self._order(2, 100)
        self.assertFalse(order.jxc_pricelist_hint)
        self.customer.jxc_tier_id = self.gold
        self.assertIn("Gold", order.jxc_pricelist_hint)
        order.action_jxc_take_pricelist()
        self.assertFalse(order.jxc_pricelist_hint)
        self.assertEqual(order.amount_untaxed, 170)
        order.action_confirm()
        self.customer.jxc_tier_id = self.silver
        self.assertFalse(order.jxc_pricelist_hint, "its prices stand")
        with self.assertRaises(UserError):
            order.action_jxc_take_pricelist()


@tagged("post_install", "-at_install")
class TestTiersSwitchPriceListsOn(PriceCommon):
    """Without the platform's price lists a tier would bring no prices."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.feature = cls.env.ref("product.group_product_pricelist")
        cls.env["res.groups"].search([])._remove_group(cls.feature)
        # As Settings leave it when price lists are switched off.
        cls.env["product.pricelist"].search([]).active = False
        cls.gold_list = cls.env["product.pricelist"].create(
            {
                "name": "Gold",
                "sequence": 1,
                "company_id": False,
                "item_ids": [
                    Command.create({"compute_price": "percentage", "percent_price": 15})
                ],
            }
        )
        cls.other = cls.env["res.partner"].create({"name": "Passer-by"})
        cls.Tiers = cls.env["jxc.customer.tier"].with_user(cls.manager)

    def _is_on(self):
        return self.env["res.groups"]._is_feature_enabled(
            "product.group_product_pricelist"
        )

    def _price(self, customer):
        order = self.env["sale.order"].with_user(self.salesman)
        order = order.create(
            {
                "partner_id": customer.id,
                "order_line": [Command.create({"product_id": self.product.id})],
            }
        )
        return order.order_line._jxc_net()

    def test_the_first_list_of_a_tier(self):
        tier = self.Tiers.create({"name": "Gold"})
        self.customer.jxc_tier_id = tier
        self.assertFalse(self._is_on())
        self.assertEqual(self._price(self.customer), 100)
        tier.pricelist_id = self.gold_list
        self.assertTrue(self._is_on())
        self.assertTrue(self.salesman.has_group("product.group_product_pricelist"))
        self.assertEqual(self._price(self.customer), 85)
        self.assertEqual(self._price(self.other), 100, "prices of others stay")

    def test_a_new_tier_with_a_list(self):
        tier = self.Tiers.create({"name": "Gold", "pricelist_id": self.gold_list.id})
        self.assertTrue(self._is_on())
        self.customer.with_user(self.manager).jxc_tier_id = tier
        self.assertEqual(self._price(self.customer), 85)

    def test_a_list_without_rules_yet_is_not_for_everybody(self):
        self.gold_list.item_ids.unlink()
        self.gold_list.company_id = self.company
        self.Tiers.create({"name": "Gold", "pricelist_id": self.gold_list.id})
        self.assertNotEqual(self.other.property_product_pricelist, self.gold_list)
        self.assertTrue(self.other.property_product_pricelist)

    def test_by_the_button(self):
        for user in (self.manager, self.salesman):
            arch = self.Tiers.with_user(user).get_view(view_type="list")["arch"]
            self.assertEqual("action_use_pricelists" in arch, user == self.manager)
            self.assertIn("pricelist_id", arch)
        with self.assertRaises(AccessError):
            self.Tiers.with_user(self.salesman).browse().action_use_pricelists()
        self.assertFalse(self._is_on())
        self.Tiers.browse().action_use_pricelists()
        self.assertTrue(self._is_on())
        arch = self.Tiers.get_view(view_type="list")["arch"]
        self.assertNotIn("action_use_pricelists", arch)
        self.assertEqual(self._price(self.other), 100)


@tagged("post_install", "-at_install")
class TestPriceHistory(PriceCommon):
    def test_history_of_customer_and_product(self):
        orders = self.env["sale.order"]
        for price in (90, 95):
            order = self._order(30, price)
            order.order_line.discount = 10
            order.action_confirm()
            orders |= order
        stranger = self.env["res.partner"].create({"name": "Other"})
        self._create_order(1, 50, partner_id=stranger.id).action_confirm()
        line = self._order(1, 100).order_line
        self.assertIn("85.5", line.jxc_last_price)
        self.assertIn("3Box", line.jxc_last_price.replace(" ", ""))
        action = line.action_jxc_price_history()
        found = self.env["sale.order.line"].search(action["domain"])
        self.assertEqual(found.order_id, orders)
        self.assertEqual(sorted(found.mapped("jxc_net_price")), [81, 85.5])

    def test_one_statement_for_all_lines(self):
        order = self._order(1, 100)
        order.order_line = [
            Command.create({"product_id": self.product.id}) for _index in range(20)
        ]
        self._order(1, 90).action_confirm()
        self.env.flush_all()
        self.env.invalidate_all()
        order.order_line.mapped("product_id.display_name")
        before = self.env.cr.sql_log_count
        order.order_line.mapped("jxc_last_price")
        many = self.env.cr.sql_log_count - before
        self.env.invalidate_all()
        order.order_line[:1].mapped("product_id.display_name")
        before = self.env.cr.sql_log_count
        order.order_line[:1].mapped("jxc_last_price")
        one = self.env.cr.sql_log_count - before
        self.assertLess(many - one, 10, "the same for 21 lines as for one")

# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
import doctest

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged

from odoo.addons.jxc_sales.tools import price as price_tools

from .price_common import PriceCommon


@tagged("post_install", "-at_install")
class TestPriceGuard(PriceCommon):
    """Lowest prices and margins, whoever confirms and changes."""

    def test_tools(self):
        failed, tried = doctest.testmod(price_tools)
        self.assertTrue(tried)
        self.assertFalse(failed)

    def test_floor_follows_the_unit(self):
        order = self._order(2, 850, unit=self.box.uom_id)
        line = order.order_line
        self.assertEqual(line.jxc_floor_price, 800)
        self.assertFalse(line.jxc_is_below_floor)
        # No lowest price of its own: a piece of a box.
        pieces = self._order(1, 79)
        self.assertEqual(pieces.order_line.jxc_floor_price, 80)
        self.assertTrue(pieces.order_line.jxc_is_below_floor)
        self.product.product_tmpl_id.jxc_min_price = 75
        pieces.order_line.invalidate_recordset()
        self.assertEqual(pieces.order_line.jxc_floor_price, 75)
        self.assertFalse(pieces.order_line.jxc_is_below_floor)

    def test_what_has_a_lowest_price_is_known(self):
        """Orders of other goods are not judged line by line."""
        template = self.product.product_tmpl_id
        self.assertTrue(template.jxc_has_min_price, "by its box")
        self.box.active = False
        self.assertFalse(template.jxc_has_min_price)
        template.jxc_min_price = 90
        self.assertTrue(template.jxc_has_min_price)
        template.jxc_min_price = 0
        self.assertFalse(template.jxc_has_min_price)
        self.box.active = True
        self.assertTrue(template.jxc_has_min_price)
        self.box.min_price = 0
        self.assertFalse(template.jxc_has_min_price)

    def test_block(self):
        self._set_action("block")
        order = self._order(1, 79)
        with self.assertRaisesRegex(UserError, "lowest price"):
            order.action_confirm()
        self.assertEqual(order.state, "draft")
        order.order_line.price_unit = 80
        order.action_confirm()
        self.assertEqual(order.state, "sale")

    def _dozen(self, **values):
        return self.env["jxc.product.unit"].create(
            {
                "product_tmpl_id": self.product.product_tmpl_id.id,
                "name": "Dozen",
                "factor": 12,
                **values,
            }
        )

    def test_block_by_the_unit_sold_in(self):
        """A box is held to its own lowest price, or to that of the pieces in it."""
        self._set_action("block")
        piece = self.product.product_tmpl_id
        own = self._dozen(min_price=1000)
        cases = (
            ("its own", self.box, 0, 800),
            ("its own, above the pieces'", own, 70, 1000),
            ("its own, below the pieces'", self.box, 90, 800),
            ("the pieces'", self._dozen(name="Case", factor=24), 75, 1800),
        )
        for name, unit, min_price, floor in cases:
            piece.jxc_min_price = min_price
            with self.subTest(name):
                order = self._order(2, floor - 1, unit=unit.uom_id)
                with self.assertRaisesRegex(UserError, "lowest price"):
                    order.action_confirm()
                self.assertEqual(order.state, "draft")
                order.order_line.price_unit = floor
                order.action_confirm()
                self.assertEqual(order.state, "sale")

    def test_margin_by_the_unit_sold_in(self):
        """What a dozen costs is what its pieces cost."""
        self._set_action("none", margin="approval", percent=20)
        self.product.standard_price = 60
        dozen = self._dozen().uom_id
        for price, state in ((650, "draft"), (899, "draft"), (900, "sale")):
            with self.subTest(price):
                order = self._order(3, price, unit=dozen)
                order.action_confirm()
                self.assertEqual(order.state, state)

    def test_discounts_given_by_hand_count(self):
        self._set_action("block")
        by_line = self._order(1, 100)
        by_line.order_line.discount = 21
        with self.assertRaisesRegex(UserError, "79"):
            by_line.action_confirm()
        by_order = self._order(1, 100)
        by_order.order_line = [
            Command.create(
                {
                    "product_id": self._create_lamp(stock=0, type="service").id,
                    "price_unit": -30,
                }
            )
        ]
        with self.assertRaisesRegex(UserError, "70"):
            by_order.action_confirm()

    def test_promotions_and_returns_do_not_count(self):
        self._set_action("block")
        self.env["loyalty.program"].create(
            {
                "name": "Half price",
                "program_type": "promotion",
                "trigger": "auto",
                "applies_on": "current",
                "rule_ids": [Command.create({"minimum_qty": 1})],
                "reward_ids": [
                    Command.create({"reward_type": "discount", "discount": 50})
                ],
            }
        )
        order = self._order(1, 100)
        order._update_programs_and_rewards()
        for coupon, rewards in order._get_claimable_rewards().items():
            order._apply_program_reward(rewards, coupon)
        self.assertEqual(order.amount_untaxed, 50)
        self.assertEqual(order.jxc_price_guard, "none")
        order.action_confirm()
        self.assertEqual(order.state, "sale")
        back = self._order(-1, 10)
        self.assertEqual(back.jxc_price_guard, "none")

    def test_combo_is_judged_as_a_whole(self):
        self._set_action("block")
        combo = self.env["product.combo"].create(
            {
                "name": "Choice",
                "combo_item_ids": [Command.create({"product_id": self.product.id})],
            }
        )
        pack = self.env["product.product"].create(
            {
                "name": "Pack",
                "type": "combo",
                "list_price": 70,
                "jxc_min_price": 60,
                "taxes_id": [Command.clear()],
                "combo_ids": [Command.set(combo.ids)],
            }
        )
        order = self._order(1, 100)
        order.order_line = [
            Command.clear(),
            Command.create({"product_id": pack.id, "product_uom_qty": 1}),
        ]
        head = order.order_line
        order.order_line = [
            Command.create(
                {
                    "product_id": self.product.id,
                    "product_uom_qty": 1,
                    "linked_line_id": head.id,
                    "combo_item_id": combo.combo_item_ids.id,
                }
            )
        ]
        part = order.order_line - head
        self.assertEqual(part.price_unit, 70)
        self.assertEqual(order.jxc_price_guard, "none", "above the combo's own 60")
        part.price_unit = 59
        self.assertEqual(order.jxc_price_guard, "block")

    def test_taxes_included_and_foreign_currency(self):
        tax = self.env["account.tax"].create(
            {
                "name": "13% incl",
                "amount": 13,
                "price_include_override": "tax_included",
                "company_id": self.company.id,
            }
        )
        self.product.taxes_id = tax
        self.product.jxc_min_price = 113
        line = self._order(10, 113).order_line
        self.assertEqual(line.jxc_floor_price, 100, "compared without tax")
        self.assertFalse(line.jxc_is_below_floor)
        # Sold without tax: 100 is what 113 was.
        line.write({"tax_ids": [Command.clear()], "price_unit": 100})
        self.assertFalse(line.jxc_is_below_floor)
        line.price_unit = 99.5
        self.assertTrue(line.jxc_is_below_floor)
        dollar = self.env["product.pricelist"].create(
            {"name": "USD", "currency_id": self.env.ref("base.USD").id}
        )
        self.env.ref("base.USD").active = True
        self.env["res.currency.rate"].create(
            {
                "currency_id": self.env.ref("base.USD").id,
                "company_id": self.company.id,
                "name": "2020-01-01",
                "rate": 0.125,
            }
        )
        order = self._order(1, 1, pricelist_id=dollar.id)
        self.assertEqual(order.order_line.jxc_floor_price, 12.5)

    def test_warning_and_record(self):
        self._set_action("warn")
        order = self._order(3, 79)
        self.assertIn("lowest price", order.jxc_price_hint)
        order.action_confirm()
        self.assertEqual(order.state, "sale")
        self.assertIn(
            "lowest price",
            order.message_ids[0].body + str(order.message_ids.mapped("body")),
        )
        kept = self.env["jxc.price.exception"].search([("order_id", "=", order.id)])
        self.assertRecordValues(
            kept.sudo(),
            [
                {
                    "quantity": 3,
                    "price": 79,
                    "floor_price": 80,
                    "is_below": True,
                    "is_low": False,
                    "user_id": self.salesman.id,
                    "salesman_id": self.salesman.id,
                }
            ],
        )
        with self.assertRaises(AccessError):
            kept.with_user(self.manager).write({"price": 100})
        with self.assertRaises(AccessError):
            kept.with_user(self.manager).unlink()
        with self.assertRaises(AccessError):
            kept.with_user(self.salesman).copy()

    def test_nothing_done(self):
        self._set_action("none")
        order = self._order(1, 1)
        self.assertFalse(order.jxc_price_hint)
        order.action_confirm()
        self.assertEqual(order.state, "sale")
        self.assertFalse(
            self.env["jxc.price.exception"].search([("order_id", "=", order.id)])
        )

    def test_minimum_margin(self):
        self._set_action("none", margin="approval", percent=20)
        self.product.standard_price = 85
        order = self._order(1, 100)
        order.action_confirm()
        self.assertEqual(order.state, "draft")
        order.restart_validation()
        category = self.env["product.category"].create({"name": "Lamps"})
        child = self.env["product.category"].create(
            {"name": "Desk lamps", "parent_id": category.id}
        )
        self.product.categ_id = child
        category.with_company(self.company).jxc_min_margin = 15
        order.action_confirm()
        self.assertEqual(order.state, "sale", "the category asks for less")

    def test_unknown_cost_has_no_margin(self):
        self._set_action("none", margin="approval", percent=20)
        self.product.standard_price = 0
        order = self._order(1, 1)
        order.action_confirm()
        self.assertEqual(order.state, "sale")

    def test_changes_of_confirmed_orders(self):
        self._set_action("block")
        order = self._order(2, 100)
        order.action_confirm()
        line = order.order_line
        with self.assertRaisesRegex(UserError, "lowest price"):
            line.price_unit = 50
        with self.assertRaisesRegex(UserError, "lowest price"):
            line.discount = 50
        with self.assertRaisesRegex(UserError, "lowest price"):
            order.write({"order_line": [Command.update(line.id, {"price_unit": 5})]})
        with self.assertRaisesRegex(UserError, "lowest price"):
            self.env["sale.order.line"].with_user(self.salesman).create(
                {
                    "order_id": order.id,
                    "product_id": self.product.id,
                    "price_unit": 10,
                }
            )
        with self.assertRaisesRegex(UserError, "lowest price"):
            order.order_line = [
                Command.create(
                    {
                        "product_id": self._create_lamp(stock=0, type="service").id,
                        "price_unit": -100,
                    }
                )
            ]
        self.env.invalidate_all()
        self.assertEqual(order.amount_untaxed, 200)
        line.price_unit = 90
        line.product_uom_qty = 5
        self.assertEqual(order.amount_untaxed, 450)

    def test_state_is_not_written_past_it(self):
        self._set_action("block")
        order = self._order(1, 1)
        with self.assertRaises(UserError):
            order.write({"state": "sale"})
        with self.assertRaises(UserError):
            order.with_context(
                jxc_sales_confirming=True, jxc_sales_pricing=True
            ).action_confirm()
        self.assertEqual(order.state, "draft")

    def test_good_orders_of_a_batch_go_through(self):
        self._set_action("block")
        bad, good = self._order(1, 1), self._order(1, 100)
        action = (bad + good).action_confirm()
        self.assertEqual((bad.state, good.state), ("draft", "sale"))
        self.assertIn(bad.name, action["params"]["message"])

    def test_each_company_has_its_own_action(self):
        self._set_action("block")
        other = self.setup_other_company()["company"]
        other.jxc_min_price_action = "none"
        self.env.user.company_ids += other
        order = (
            self.env["sale.order"]
            .with_company(other)
            .create(
                {
                    "partner_id": self.customer.id,
                    "company_id": other.id,
                    "order_line": [
                        Command.create(
                            {
                                "product_id": self.product.id,
                                "price_unit": 1,
                                "tax_ids": [Command.clear()],
                            }
                        )
                    ],
                }
            )
        )
        self.assertEqual(order.jxc_price_guard, "none")
        self.assertEqual(self._order(1, 1).jxc_price_guard, "block")

    def test_queries_do_not_grow_with_lines(self):
        self._set_action("block")

        def queries(lines):
            order = self._order(1, 100)
            order.order_line = [
                Command.create({"product_id": self.product.id, "price_unit": 100})
                for _index in range(lines - 1)
            ]
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            order.sudo()._jxc_judged()
            return self.env.cr.sql_log_count - before

        queries(1)
        self.assertLessEqual(queries(30), queries(1) + 1)

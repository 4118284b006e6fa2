# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged

from .price_common import PriceCommon


@tagged("post_install", "-at_install")
class TestPriceAttacks(PriceCommon):
    """Ways to sell for less, and to change prices, past who has to agree."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.template = cls.product.product_tmpl_id
        cls.env.user.group_ids += cls.env.ref("jxc_sales.group_price_manager")
        cls.company.jxc_price_change_percent = 10
        cls.pricing = cls._create_user(
            "jxc_pricing", "sales_team.group_sale_manager,product.group_product_manager"
        )
        cls.pricelist = cls.env["product.pricelist"].create({"name": "Gold"})
        cls.yen = cls.env.ref("base.JPY")
        cls.yen.active = True
        cls.env["res.currency.rate"].create(
            {
                "name": "2020-01-01",
                "currency_id": cls.yen.id,
                "company_id": cls.company.id,
                "company_rate": 20,
            }
        )

    # -- currency -----------------------------------------------------------------

    def test_currency_of_a_confirmed_order(self):
        order = self._order(5)
        order.action_confirm()
        with self.assertRaises(UserError):
            order.write({"currency_id": self.yen.id})
        order.invalidate_recordset()
        self.assertEqual(order.currency_id, self.company.currency_id)
        # What is there already is no change.
        order.write({"currency_id": order.currency_id.id})

    def test_currency_that_is_not_of_the_price_list(self):
        order = self._order(5)
        with self.assertRaises(UserError):
            order.write({"currency_id": self.yen.id})
        Order = self.env["sale.order"].with_user(self.salesman)
        values = {"partner_id": self.customer.id}
        made = Order.create({**values, "currency_id": self.yen.id})
        made |= Order.with_context(default_currency_id=self.yen.id).create(values)
        self.assertEqual(made.currency_id, self.company.currency_id)
        export = self.env["product.pricelist"].create(
            {"name": "Export", "currency_id": self.yen.id}
        )
        both = {"pricelist_id": export.id, "currency_id": self.yen.id}
        order.write(both)
        made = Order.create({"partner_id": self.customer.id, **both})
        self.assertEqual((order | made).currency_id, self.yen)

    def test_day_of_a_confirmed_order(self):
        """On a day when the currency was worth little, the price is too low."""
        self.template.jxc_min_price = 90
        self._set_action("block")
        self.env["res.currency.rate"].create(
            {
                "name": "2010-01-01",
                "currency_id": self.yen.id,
                "company_id": self.company.id,
                "company_rate": 100,
            }
        )
        export = self.env["product.pricelist"].create(
            {"name": "Export", "currency_id": self.yen.id}
        )
        order = self._order(1, 2000, pricelist_id=export.id)
        order.order_line.price_unit = 2000
        order.action_confirm()
        with self.assertRaisesRegex(UserError, "below the lowest price"):
            order.write({"date_order": "2015-01-01 08:00:00"})

    # -- price changes ------------------------------------------------------------

    def _change(self, **line):
        return (
            self.env["jxc.price.change"]
            .with_user(self.pricing)
            .create({"reason": "Season", "line_ids": [Command.create(line)]})
        )

    def test_change_that_says_it_is_none(self):
        values = {"product_tmpl_id": self.template.id, "new_price": 1}
        for told in ({"percent": 0}, {"old_price": 1}, {"percent": 0.5}):
            with self.subTest(told=told):
                try:
                    change = self._change(**values, **told)
                    change.action_submit()
                except UserError:
                    continue
                self.assertEqual(change.state, "requested")
        change = self._change(**values)
        for told in ({"percent": 0}, {"old_price": 1}, {"percent": -0.1}):
            with self.subTest(told=told), self.assertRaises(UserError):
                change.line_ids.write(told)
            with self.subTest(told=told), self.assertRaises(UserError):
                change.write({"line_ids": [Command.update(change.line_ids.id, told)]})
        with self.assertRaises(UserError):
            change.write({"max_percent": 0.5})
        for name in ("percent", "old_price"):
            Change = self.env["jxc.price.change"].with_user(self.pricing)
            made = Change.with_context(**{f"default_{name}": 1}).create(
                {"reason": "x", "line_ids": [Command.create(values)]}
            )
            made.action_submit()
            self.assertEqual(made.state, "requested", name)
        self.assertEqual(self.template.list_price, 100)

    def test_change_since_it_was_proposed(self):
        """What the price is when it is submitted counts, not what it was."""
        change = self._change(product_tmpl_id=self.template.id, new_price=95)
        self.template.list_price = 1000
        change.action_submit()
        self.assertEqual((change.state, self.template.list_price), ("requested", 1000))

    def test_unit_without_a_price_of_its_own(self):
        self.box.list_price = 0
        change = self._change(kind="unit", unit_id=self.box.id, new_price=5)
        self.assertEqual(change.line_ids.old_price, 1000, "ten pieces")
        change.action_submit()
        self.assertEqual((change.state, self.box.list_price), ("requested", 0))
        small = self._change(kind="unit", unit_id=self.box.id, new_price=950)
        small.action_submit()
        self.assertEqual((small.state, self.box.list_price), ("done", 950))

    def test_floor_of_a_unit_without_one(self):
        self.template.jxc_min_price = 90
        self.box.min_price = 0
        change = self._change(kind="unit_floor", unit_id=self.box.id, new_price=5)
        self.assertEqual(change.line_ids.old_price, 900)
        change.action_submit()
        self.assertEqual((change.state, self.box.min_price), ("requested", 0))
        own = self.box.with_user(self.pricing)
        with self.assertRaises(AccessError):
            own.min_price = 5
        own.min_price = 850
        with self.assertRaises(AccessError):
            self.env["jxc.product.unit"].with_user(self.pricing).create(
                {
                    "product_tmpl_id": self.template.id,
                    "name": "Crate",
                    "factor": 20,
                    "min_price": 5,
                }
            )

    # -- rules --------------------------------------------------------------------

    def _rule(self, **values):
        return (
            self.env["product.pricelist.item"]
            .with_user(self.pricing)
            .create(
                {
                    "pricelist_id": self.pricelist.id,
                    "applied_on": "3_global",
                    **values,
                }
            )
        )

    def test_rules_for_all(self):
        lamps = self.env["product.category"].create({"name": "Lamps"})
        category = {"applied_on": "2_product_category", "categ_id": lamps.id}
        formula = {"compute_price": "formula", "base": "list_price"}
        other = self.env["product.pricelist"].create({"name": "Other"})
        for values in (
            {"compute_price": "fixed", "fixed_price": 0.01},
            {"compute_price": "fixed", "fixed_price": 0.01, **category},
            {"compute_price": "fixed", "fixed_price": 100},
            {**formula, "price_surcharge": -90},
            {**formula, "price_max_margin": -90, "price_min_margin": -95},
            {**formula, "price_round": 1000, **category},
            {**formula, "base": "pricelist", "base_pricelist_id": other.id},
        ):
            with self.subTest(values=values), self.assertRaises(AccessError):
                self._rule(**values)
        self._rule(**formula, price_discount=5)
        with self.assertRaises(AccessError):
            self._rule(**formula, price_discount=15)

    def test_rules_for_goods(self):
        goods = {"applied_on": "1_product", "product_tmpl_id": self.template.id}
        variant = {"applied_on": "0_product_variant", "product_id": self.product.id}
        formula = {"compute_price": "formula", "base": "list_price"}
        for values in (
            {**formula, "price_surcharge": -90},
            {**formula, "price_max_margin": -90, "price_min_margin": -95},
            {**formula, "price_round": 1000},
            {**formula, "price_discount": 5, "price_surcharge": -6},
        ):
            for scope in (goods, variant):
                with self.subTest(values=values), self.assertRaises(AccessError):
                    self._rule(**scope, **values)
        rule = self._rule(**goods, **formula, price_discount=12, price_surcharge=3)
        for values in (
            {"price_surcharge": -90},
            {"price_max_margin": -90, "price_min_margin": -95},
            {"price_round": 1000},
            {"price_discount": 50},
        ):
            with self.subTest(values=values), self.assertRaises(AccessError):
                rule.write(values)
        rule.price_surcharge = 2.5
        self.assertEqual(rule.price_surcharge, 2.5)
        # 9 % below the sales price when it was made, 12 % now.
        with self.assertRaisesRegex(AccessError, "-12.0 %"):
            rule.price_surcharge = 0

    def test_rules_that_reach_further(self):
        """A rule that was agreed on for much, or for a day, is made one for all."""
        rule = self.env["product.pricelist.item"].create(
            {
                "pricelist_id": self.pricelist.id,
                "compute_price": "percentage",
                "percent_price": 50,
                "min_quantity": 10000,
                "date_start": "2020-01-01 00:00:00",
                "date_end": "2020-01-02 00:00:00",
            }
        )
        other = self.env["product.pricelist"].create({"name": "Other"})
        own = rule.with_user(self.pricing)
        for values in (
            {"min_quantity": 0},
            {"date_end": False},
            {"pricelist_id": other.id},
        ):
            with self.subTest(values=values), self.assertRaises(AccessError):
                own.write(values)
        small = self._rule(
            compute_price="percentage", percent_price=5, min_quantity=100
        )
        small.min_quantity = 0
        self.assertEqual(small.min_quantity, 0)

    def test_currency_of_a_price_list(self):
        self._rule_of_goods(100)
        own = self.pricelist.with_user(self.pricing)
        with self.assertRaises(AccessError):
            own.currency_id = self.yen
        own.currency_id = own.currency_id

    def _rule_of_goods(self, price):
        return self._rule(
            applied_on="1_product",
            product_tmpl_id=self.template.id,
            compute_price="fixed",
            fixed_price=price,
        )

# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo.exceptions import AccessError, ValidationError
from odoo.fields import Command
from odoo.tests import Form, tagged

from .price_common import PriceCommon

#: What a rule says of itself, as columns or as text.
TERMS = (
    "base",
    "compute_price",
    "name",
    "percent_price",
    "price",
    "price_discount",
    "price_markup",
    "price_max_margin",
    "price_min_margin",
    "price_round",
    "price_surcharge",
    "rule_tip",
)


@tagged("post_install", "-at_install")
class TestCostRules(PriceCommon):
    """Rules based on costs give prices to everybody, and terms to who sees costs."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        (cls.salesman + cls.manager).group_ids += cls.env.ref("base.group_allow_export")
        cls.env.ref("base.group_user").implied_ids += cls.env.ref(
            "product.group_product_pricelist"
        )
        cls.product.standard_price = 60
        cls.other = cls._create_lamp(name="Bulb", list_price=50)
        cls.pricelist = cls.env["product.pricelist"].create(
            {
                "name": "Cost plus",
                "item_ids": [
                    Command.create(
                        {
                            "compute_price": "formula",
                            "base": "standard_price",
                            "price_markup": 20,
                            "price_surcharge": 3,
                            "product_tmpl_id": cls.product.product_tmpl_id.id,
                        }
                    ),
                    Command.create(
                        {
                            "compute_price": "percentage",
                            "percent_price": 10,
                            "product_tmpl_id": cls.other.product_tmpl_id.id,
                        }
                    ),
                ],
            }
        )
        items = cls.pricelist.item_ids
        cls.closed = items.filtered(lambda item: item.base == "standard_price")
        cls.open = items - cls.closed

    def _item(self, user, item=None):
        self.env.flush_all()
        self.env.invalidate_all()
        return (item or self.closed).with_user(user)

    def test_terms_are_not_read(self):
        for user in (self.salesman, self.manager):
            for name in TERMS:
                for attempt in (
                    lambda r, n: r.read([n]),
                    lambda r, n: r.web_read({n: {}}),
                    lambda r, n: r.export_data([n]),
                    lambda r, n: r.mapped(n),
                ):
                    item = self._item(user)
                    with (
                        self.subTest(user=user.login, field=name),
                        self.assertRaises(AccessError),
                    ):
                        attempt(item, name)
            with self.assertRaises(AccessError):
                self._item(user).filtered_domain([("price_markup", ">", 10)])
            with self.assertRaises(AccessError):
                self._item(user).copy()

    def test_terms_are_not_found(self):
        for user in (self.salesman, self.manager):
            Items = self._item(user).browse()
            for domain in (
                [("id", "=", self.closed.id)],
                [("price_markup", "=", 20)],
                [("base", "=", "standard_price"), ("compute_price", "=", "formula")],
                ["!", ("price_surcharge", "!=", 3)],
            ):
                self.assertFalse(Items.search(domain), domain)
                self.assertFalse(Items.search_count(domain), domain)
                self.assertFalse(Items.search_read(domain, TERMS))
            groups = Items.formatted_read_group(
                [("pricelist_id", "=", self.pricelist.id)],
                ["base"],
                ["__count", "price_markup:max", "price_surcharge:sum"],
            )
            self.assertEqual([g["base"] for g in groups], ["list_price"])
            self.assertEqual(groups[0]["price_surcharge:sum"], 0)
            self.assertEqual(groups[0]["__count"], 1)
            for model, path in (
                ("product.pricelist", "item_ids"),
                ("product.template", "pricelist_rule_ids"),
            ):
                records = self.env[model].with_user(user)
                for name, value in (("price_markup", 20), ("price_surcharge", 3)):
                    self.assertFalse(records.search([(f"{path}.{name}", "=", value)]))
            pricelist = self.pricelist.with_user(user)
            self.assertEqual(pricelist.item_ids, self.open)
            self.assertEqual(pricelist.read(["item_ids"])[0]["item_ids"], self.open.ids)
            exported = pricelist.export_data(["item_ids/price", "item_ids/rule_tip"])
            self.assertNotIn("20", str(exported["datas"]))

    def test_other_rules_stay_readable(self):
        for user in (self.salesman, self.manager):
            item = self._item(user, self.open)
            self.assertEqual(item.read(["percent_price"])[0]["percent_price"], 10)
            self.assertIn("10", item.price)
        self._item(self.manager, self.open).percent_price = 12
        self.assertEqual(self.open.percent_price, 12)

    def test_with_the_right_they_are_read(self):
        keeper = self._create_user("jxc_keeper", "stock.group_stock_manager")
        for user in (self.seer, keeper):
            item = self._item(user)
            self.assertEqual(item.price_markup, 20)
            self.assertIn("20", item.price)
            self.assertIn("20", item.rule_tip)
            self.assertFalse(self.pricelist.with_user(user).jxc_has_closed_rules)

    def test_the_price_is_computed_for_everybody(self):
        self.customer.property_product_pricelist = self.pricelist
        self._item(self.salesman)
        with Form(self.env["sale.order"].with_user(self.salesman)) as form:
            form.partner_id = self.customer
            with form.order_line.new() as line:
                line.product_id = self.product
                self.assertEqual(line.price_unit, 75)
            with form.order_line.new() as line:
                line.product_id = self.other
        order = form.save()
        self.assertEqual(order.pricelist_id, self.pricelist)
        self.assertEqual(order.order_line.mapped("price_unit"), [75, 45])
        self.env.invalidate_all()
        order.order_line[0].product_uom_qty = 7
        order.action_update_prices()
        self.assertEqual(order.order_line[0].price_unit, 75)
        self.env.invalidate_all()
        with self.assertRaises(AccessError):
            order.order_line.web_read(
                {"pricelist_item_id": {"fields": {"price_markup": {}}}}
            )
        order.action_confirm()
        self.assertEqual(order.state, "sale")

    def test_lists_on_top_of_it_give_prices_too(self):
        top = self.env["product.pricelist"].create(
            {
                "name": "Top",
                "item_ids": [
                    Command.create(
                        {
                            "compute_price": "percentage",
                            "percent_price": 10,
                            "base": "pricelist",
                            "base_pricelist_id": self.pricelist.id,
                        }
                    )
                ],
            }
        )
        self._item(self.salesman)
        price = top.with_user(self.salesman)._get_product_price(
            self.product.with_user(self.salesman), 1
        )
        self.assertAlmostEqual(price, 67.5)

    def test_nobody_makes_one_to_learn_the_cost(self):
        values = {"compute_price": "formula", "base": "standard_price"}
        Items = self.env["product.pricelist.item"].with_user(self.manager)
        for kind in ("formula", "percentage"):
            with self.assertRaisesRegex(AccessError, "see costs"):
                Items.create(
                    {
                        **values,
                        "compute_price": kind,
                        "pricelist_id": self.pricelist.id,
                    }
                )
        with self.assertRaisesRegex(AccessError, "see costs"):
            Items.with_context(default_base="standard_price").create(
                {"compute_price": "formula", "pricelist_id": self.pricelist.id}
            )
        with self.assertRaisesRegex(AccessError, "see costs"):
            self._item(self.manager, self.open).write(values)
        with self.assertRaisesRegex(AccessError, "see costs"):
            self.pricelist.with_user(self.manager).item_ids = [Command.create(values)]
        with self.assertRaises(AccessError):
            self._item(self.manager).write({"price_markup": 0})
        with self.assertRaises(AccessError):
            self._item(self.manager).unlink()
        item = Items.with_user(self.seer).create(
            {**values, "pricelist_id": self.pricelist.id}
        )
        self.assertEqual(item.base, "standard_price")

    def test_lists_with_closed_rules(self):
        """They say so; what would tell their terms, or lose them, is refused."""
        pricelist = self.pricelist.with_user(self.manager)
        self.assertTrue(pricelist.jxc_has_closed_rules)
        with self.assertRaisesRegex(AccessError, "based on costs"):
            pricelist.copy()
        with self.assertRaisesRegex(AccessError, "based on costs"):
            pricelist.currency_id = self.env.ref("base.USD")
        pricelist.name = "Other name"
        self.closed.unlink()
        self.assertFalse(pricelist.jxc_has_closed_rules)
        self.assertEqual(len(pricelist.copy().item_ids), 1)
        pricelist.currency_id = self.env.ref("base.USD")

    def test_the_price_log_tells_no_terms(self):
        self.closed.with_user(self.seer).price_markup = 25
        self.open.percent_price = 15
        self.open.write({"compute_price": "formula", "base": "standard_price"})
        self.open.price_markup = 30
        self.open.write({"base": "list_price", "price_discount": 5})
        self.closed.unlink()
        domain = [("pricelist_id", "=", self.pricelist.id)]
        Log = self.env["jxc.price.log"]
        seen = Log.with_user(self.seer).search(domain)
        texts = seen.mapped(lambda one: f"{one.old_text} {one.new_text}")
        self.assertIn("20 25", texts)
        for user in (self.salesman, self.manager):
            told = Log.with_user(user).search(domain)
            self.assertTrue(told)
            self.assertTrue(told < seen)
            told = str(told.mapped(lambda one: f"{one.old_text} {one.new_text}"))
            self.assertIn("10 15", told)
            for term in ("20", "25", "30", "Cost"):
                self.assertNotIn(term, told)

    def test_price_changes_do_not_take_them(self):
        """Everybody in sales reads price changes, also what a rule said before."""
        Changes = self.env["jxc.price.change"]
        values = {"kind": "item", "item_id": self.closed.id, "new_price": 1}
        for user in (self.salesman, self.seer):
            with self.assertRaisesRegex(ValidationError, "based on costs"):
                Changes.with_user(user).create(
                    {"reason": "try", "line_ids": [Command.create(values)]}
                )
        told = (
            self.env["jxc.price.change.line"]
            .with_user(self.salesman)
            .onchange({**values, "new_price": 1}, ["item_id"], {"old_price": {}})
        )
        self.assertFalse(told["value"].get("old_price"))
        change = Changes.create(
            {
                "reason": "later",
                "line_ids": [
                    Command.create({**values, "item_id": self.open.id, "new_price": 3})
                ],
            }
        )
        self.open.write({"compute_price": "formula", "base": "standard_price"})
        with self.assertRaisesRegex(ValidationError, "based on costs"):
            change._apply()

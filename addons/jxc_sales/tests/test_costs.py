# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import Form, tagged

from .price_common import PriceCommon

#: Everything of a model that tells a cost or a margin.
CLOSED = {
    "product.product": ["standard_price", "avg_cost", "total_value"],
    "product.template": ["standard_price"],
    "product.supplierinfo": ["price", "price_discounted", "discount"],
    "stock.lot": ["standard_price", "avg_cost", "total_value"],
    "stock.move": [
        "value",
        "value_manual",
        "value_justification",
        "standard_price",
        "price_unit",
        "remaining_value",
    ],
    "sale.order": ["jxc_margin_amount", "jxc_margin_percent", "jxc_has_margin"],
    "sale.order.line": ["jxc_margin_percent"],
    "jxc.price.exception": ["is_low", "margin_percent"],
}


@tagged("post_install", "-at_install")
class TestCosts(PriceCommon):
    """Salespeople without the right see no cost and no margin, whichever way."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.product.standard_price = 61.5
        # Whoever may export does not export what he may not see.
        (cls.salesman + cls.manager).group_ids += cls.env.ref("base.group_allow_export")
        cls._set_action("warn")
        cls.order = cls._create_order(2, 70, user_id=cls.salesman.id)
        cls.order.with_user(cls.salesman).action_confirm()
        cls._deliver(cls.order)
        cls.records = {
            "product.product": cls.product,
            "product.template": cls.product.product_tmpl_id,
            "product.supplierinfo": cls.env["product.supplierinfo"].create(
                {
                    "partner_id": cls.customer.id,
                    "product_tmpl_id": cls.product.product_tmpl_id.id,
                    "price": 61.5,
                }
            ),
            "stock.lot": cls.env["stock.lot"].create(
                {"name": "L1", "product_id": cls._create_lamp(0, tracking="lot").id}
            ),
            "stock.move": cls.order.picking_ids.move_ids,
            "sale.order": cls.order,
            "sale.order.line": cls.order.order_line,
            "jxc.price.exception": cls.env["jxc.price.exception"].search(
                [("order_id", "=", cls.order.id)]
            ),
        }

    def _each(self, user):
        for model, names in CLOSED.items():
            for name in names:
                records = self.records[model].with_user(user)
                self.assertTrue(records)
                with self.subTest(user=user.login, model=model, field=name):
                    yield records, name

    def test_salespeople_see_none(self):
        for user in (self.salesman, self.manager):
            for records, name in self._each(user):
                model = records.browse()
                self.assertNotIn(name, model.fields_get())
                for attempt in (
                    lambda r=records, n=name: r.read([n]),
                    lambda r=records, n=name: r.web_read({n: {}}),
                    lambda r=records, n=name: r.search_read([], [n], limit=1),
                    lambda r=records, n=name: r.export_data([n]),
                    lambda r=records, n=name: r.mapped(n),
                    lambda r=records, n=name: r[:1].onchange({}, [], {n: {}}),
                ):
                    with self.assertRaises(AccessError):
                        attempt()

    def test_domains_and_groups_tell_nothing(self):
        for records, name in self._each(self.salesman):
            field = records._fields[name]
            if field.store or field.search or field.related:
                tried = (
                    (name, "=", True) if field.type == "boolean" else (name, ">", 60)
                )
                for domain in ([tried], [(name, "!=", False)]):
                    with self.assertRaises(AccessError):
                        records.search_count(domain)
                with self.assertRaises(AccessError):
                    records.filtered_domain([tried])
            if field.store:
                with self.assertRaises(AccessError):
                    records.search([], order=name)
                with self.assertRaises(AccessError):
                    records.formatted_read_group([], [], [f"{name}:max"])
                with self.assertRaises(AccessError):
                    records.formatted_read_group([], [name], ["__count"])

    def test_domains_through_relations(self):
        order = self.order.with_user(self.salesman)
        for path in (
            "order_line.product_id.standard_price",
            "order_line.move_ids.value",
            "picking_ids.move_ids.price_unit",
        ):
            with self.subTest(path=path), self.assertRaises(AccessError):
                order.search_count([(path, ">", 1)])
        with self.assertRaises(AccessError):
            order.order_line.export_data(["product_id/standard_price"])
        with self.assertRaises(AccessError):
            order.order_line.web_read(
                {"product_id": {"fields": {"standard_price": {}}}}
            )

    def test_with_the_right_they_are_seen(self):
        for records, name in self._each(self.seer):
            self.assertIn(name, records.fields_get())
        product = self.product.with_user(self.seer)
        self.assertEqual(product.read(["standard_price"])[0]["standard_price"], 61.5)
        order = self.order.with_user(self.seer)
        self.assertAlmostEqual(order.jxc_margin_amount, 17)
        self.assertAlmostEqual(order.jxc_margin_percent, 12.14, 2)

    def _told(self, order):
        """Everything a quotation says about its prices, without being confirmed."""
        names = ["jxc_price_guard", "jxc_price_hint", "need_validation"]
        order.env.flush_all()
        order.env.invalidate_all()
        values = {name: {} for name in names}
        spec = {**values, "order_line": {}}
        changed = order.onchange({"order_line": []}, ["order_line"], spec)
        return order.read(names), changed

    def test_prices_are_not_tried_until_one_passes(self):
        """A quotation says the same above and below the minimum margin."""
        with self.assertRaises(ValueError):
            self.company.jxc_min_margin_action = "block"
        self._activate("sale_margin", threshold=20)
        order = self._order(1, 100)
        for action in ("warn", "approval"):
            self._set_action("none", margin=action, percent=20)
            told = []
            for price in (100, 62):
                order.order_line.price_unit = price
                told.append(self._told(order))
            with self.subTest(action=action):
                self.assertEqual(*told)
                self.assertFalse(told[0][0][0]["need_validation"])
        seen = order.with_user(self.seer)
        self.assertEqual(seen.jxc_price_guard, "approval")
        self.assertIn("margin", seen.jxc_price_hint)
        self.assertTrue(seen.need_validation)
        order.action_confirm()
        self.assertEqual(order.state, "draft", "the server judged it all the same")
        self.assertTrue(order.sudo().review_ids)

    def test_low_margins_are_kept_from_the_salesperson(self):
        """A warning about a margin goes to who sees costs, not to the chatter."""
        self._set_action("none", margin="warn", percent=20)
        order = self._order(1, 62)
        order.action_confirm()
        self.assertEqual(order.state, "sale")
        self.assertNotIn("Sold below", str(order.message_ids.mapped("body")))
        Exceptions = self.env["jxc.price.exception"]
        domain = [("order_id", "=", order.id)]
        self.assertFalse(Exceptions.with_user(self.manager).search(domain))
        self.assertTrue(Exceptions.with_user(self.seer).search(domain).is_low)

    def test_delivered_orders_are_not_tried_either(self):
        """Where no approval can be asked for, no price falls, whatever the margin."""
        self._set_action("none", margin="approval", percent=20)
        order = self._order(2, 100)
        order.action_confirm()
        self._deliver(order.sudo())
        texts = set()
        for price in (99, 30):
            with self.assertRaises(UserError) as refused:
                order.order_line.price_unit = price
            texts.add(str(refused.exception))
            self.env.invalidate_all()
        self.assertEqual(len(texts), 1)
        order.order_line.price_unit = 101
        order.with_user(self.seer).order_line.price_unit = 99
        self.assertEqual(order.order_line.price_unit, 99)

    def test_delivered_orders_take_more_at_the_listed_price_only(self):
        """What is added is judged by the price list, whatever the margin is."""
        self._set_action("none", margin="approval", percent=20)
        order = self._order(2, 100)
        order.action_confirm()
        self._deliver(order.sudo())
        line = {"product_id": self.product.id, "product_uom_qty": 1}
        texts = set()
        for price in (99, 62, 30):
            with self.assertRaises(UserError) as refused:
                order.order_line = [Command.create({**line, "price_unit": price})]
            texts.add(str(refused.exception))
            self.env.invalidate_all()
        self.assertEqual(len(texts), 1)
        order.order_line = [Command.create({**line, "price_unit": 100})]
        order.order_line[0].product_uom_qty = 3
        self.product.standard_price = 95
        texts = set()
        for price in (100, 118, 500):
            with self.assertRaises(UserError) as refused:
                order.order_line = [Command.create({**line, "price_unit": price})]
            texts.add(str(refused.exception))
            self.env.invalidate_all()
        self.assertEqual(len(texts), 1, "what is listed has no margin, at any price")

    def test_tries_without_a_tier_are_written_down(self):
        self._set_action("none", margin="approval", percent=20)
        self.env.ref("jxc_sales.tier_preset_sale_price").action_jxc_deactivate()
        order = self._order(1, 62)
        answer = order.action_confirm()
        self.assertIn("no tier", answer["params"]["message"])
        self.assertEqual(order.state, "draft")
        self.assertIn("no tier", str(order.message_ids.mapped("body")))
        order.order_line.price_unit = 100
        order.action_confirm()
        self.assertEqual(order.state, "sale")
        with self.assertRaisesRegex(UserError, "no longer"):
            order.order_line.price_unit = 99

    def test_cost_entries_of_invoices(self):
        invoice = self.order._create_invoices()
        invoice.action_post()
        cogs = (
            self.env["account.move.line"]
            .sudo()
            .create(
                [
                    {
                        "move_id": invoice.id,
                        "display_type": "cogs",
                        "name": "cost",
                        "account_id": self.company_data["default_account_expense"].id,
                        "balance": balance,
                    }
                    for balance in (123, -123)
                ]
            )
        )
        Items = self.env["account.move.line"].with_user(self.salesman)
        domain = [("move_id", "=", invoice.id)]
        self.assertTrue(Items.search(domain))
        self.assertFalse(Items.search(domain) & cogs)
        with self.assertRaises(AccessError):
            cogs.with_user(self.salesman).read(["balance"])
        self.assertTrue(
            Items.with_user(self.seer).search(domain) >= cogs.with_user(self.seer)
        )

    def test_views_leave_them_out(self):
        for model in ("product.template", "product.product", "sale.order"):
            for user, is_in in ((self.manager, False), (self.seer, True)):
                view = self.env[model].with_user(user).get_view(view_type="form")
                name = "margin_percent" if model == "sale.order" else "standard_price"
                self.assertEqual(
                    f'name="{name}"' in view["arch"]
                    or f'name="jxc_{name}"' in view["arch"],
                    is_in,
                )

    def test_work_goes_on_without_the_right(self):
        keeper = self._create_user(
            "jxc_keeper", "sales_team.group_sale_salesman,stock.group_stock_user"
        )
        with self.assertRaises(AccessError):
            self.product.with_user(keeper).read(["standard_price"])
        order = self._order(4, 100)
        order.action_confirm()
        picking = order.sudo().picking_ids.with_user(keeper)
        picking.move_ids.quantity = 1
        picking.move_ids.picked = True
        picking.with_context(skip_backorder=True)._action_done()
        self.assertEqual(picking.state, "done")
        self.assertAlmostEqual(picking.sudo().move_ids.value, 61.5)
        wizard = (
            self.env["stock.return.picking"]
            .with_user(keeper)
            .create({"picking_id": picking.id})
        )
        wizard.product_return_moves.quantity = 1
        back = wizard._create_return()
        back.move_ids.quantity = 1
        back.move_ids.picked = True
        back._action_done()
        self.assertEqual(back.state, "done")
        lots = self._create_lamp(
            0,
            tracking="lot",
            lot_valuated=True,
            standard_price=5,
            categ_id=self.env["product.category"]
            .create({"name": "Lots", "property_cost_method": "average"})
            .id,
        )
        lot = (
            self.env["stock.lot"]
            .with_user(keeper)
            .create({"name": "L2", "product_id": lots.id})
        )
        self.assertEqual(lot.sudo().standard_price, 5)

    def test_products_are_made_and_copied_without_the_right(self):
        manager = self._create_user(
            "jxc_pm", "sales_team.group_sale_manager,product.group_product_manager"
        )
        with Form(self.env["product.template"].with_user(manager)) as form:
            form.name = "New lamp"
            form.list_price = 10
        product = form.save()
        self.assertEqual(product.copy().list_price, 10)
        with self.assertRaises(AccessError):
            product.write({"standard_price": 1})

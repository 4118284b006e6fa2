# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
import doctest

from odoo.fields import Command
from odoo.tests import new_test_user, tagged

from odoo.addons.jxc_base.tools import capitals

from .common import CreditCommon


@tagged("post_install", "-at_install")
class TestCustomerPriceList(CreditCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env.ref("base.group_user").implied_ids += cls.env.ref(
            "product.group_product_pricelist"
        )
        cls.env["jxc.product.unit"].create(
            {
                "product_tmpl_id": cls.product.product_tmpl_id.id,
                "name": "箱",
                "factor": 12,
                "list_price": 1100,
            }
        )
        cls.customer.property_product_pricelist = cls.env["product.pricelist"].create(
            {
                "name": "Gold",
                "item_ids": [
                    Command.create(
                        {
                            "compute_price": "percentage",
                            "percent_price": 10,
                            "applied_on": "3_global",
                        }
                    )
                ],
            }
        )
        cls.report = cls.env["report.jxc_sales.report_customer_price_list"]

    def _prices(self, partner):
        values = self.report._get_report_values(partner.ids)
        rows = values["price_lists"][partner][self.product.categ_id]
        (row,) = (row for row in rows if row["product"] == self.product)
        return row["prices"]

    def test_prices_by_unit_of_the_customer_s_list(self):
        base = self.product.uom_id.name
        self.assertEqual(
            self._prices(self.customer), [(base, "", 90), ("箱", f"12{base}", 990)]
        )

    def test_same_price_as_an_order_gets(self):
        order = self.env["sale.order"].create({"partner_id": self.customer.id})
        box = self.product.product_tmpl_id.jxc_unit_ids.uom_id
        line = self.env["sale.order.line"].create(
            {
                "order_id": order.id,
                "product_id": self.product.id,
                "product_uom_id": box.id,
            }
        )
        self.assertEqual(
            self._prices(self.customer)[1][2],
            line.price_unit * (1 - line.discount / 100),
        )

    def test_goods_of_other_companies_and_not_for_sale_are_left_out(self):
        other = self.env["res.company"].create({"name": "Other"})
        hidden = self._create_lamp(name="Theirs", stock=0, company_id=other.id)
        hidden |= self._create_lamp(name="Own use", stock=0, sale_ok=False)
        values = self.report._get_report_values(self.customer.ids)
        listed = {
            row["product"]
            for rows in values["price_lists"][self.customer].values()
            for row in rows
        }
        self.assertIn(self.product, listed)
        self.assertFalse(listed & set(hidden))

    def test_print(self):
        html, _kind = self.env["ir.actions.report"]._render_qweb_html(
            "jxc_sales.report_customer_price_list", self.customer.ids
        )
        self.assertIn("Bright Trading", html.decode())
        self.assertIn("990.00", html.decode())

    def test_goods_without_category_have_a_heading(self):
        """They come last, and are not of the category before them."""
        self.product.categ_id = self.env.ref("product.product_category_goods")
        self._create_lamp(name="Loose", stock=0, categ_id=False)
        html, _kind = self.env["ir.actions.report"]._render_qweb_html(
            "jxc_sales.report_customer_price_list", self.customer.ids
        )
        text = html.decode()
        self.assertLess(text.index("Other Goods"), text.index("Loose"))
        self.assertLess(text.index("990.00"), text.index("Other Goods"))

    def test_only_salespersons_get_it(self):
        action = self.env.ref("jxc_sales.customer_price_list_report")
        user = new_test_user(self.env, "jxc_nobody", "base.group_user")
        bindings = self.env["ir.actions.actions"].with_user(user)
        names = bindings.get_bindings("res.partner").get("report", [])
        self.assertNotIn(action.id, [one["id"] for one in names])
        bindings = self.env["ir.actions.actions"].with_user(self.salesman)
        names = bindings.get_bindings("res.partner").get("report", [])
        self.assertIn(action.id, [one["id"] for one in names])


@tagged("post_install", "-at_install")
class TestSaleOrderPrint(CreditCommon):
    def test_total_in_words(self):
        self.assertEqual(doctest.testmod(capitals).failed, 0)
        order = self._create_order(2, price=840.16)
        self.assertEqual(order._jxc_amount_in_words(), "壹仟陆佰捌拾元叁角贰分")

    def test_print(self):
        order = self._create_order(3)
        html, _kind = self.env["ir.actions.report"]._render_qweb_html(
            "jxc_sales.sale_order_print", order.ids
        )
        for text in ("Quotation", order.name, "Bright Trading", "叁佰元整"):
            self.assertIn(text, html.decode())

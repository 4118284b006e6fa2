# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
"""Lists ask the database for all rows together, whatever is behind them."""

from lxml import etree

from odoo.fields import Command
from odoo.tests import tagged

from .common import CreditCommon

FEW, MANY = 2, 8


@tagged("post_install", "-at_install")
class TestListQueries(CreditCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.shipper = cls._create_user("jxc_shipper", "stock.group_stock_user")
        cls.goods = cls.product + cls._create_lamp(name="Second")

    def _orders(self, number, **values):
        """Orders of two goods each, every one of another customer."""
        lines = [
            Command.create({"product_id": one.id, "price_unit": 100})
            for one in self.goods
        ]
        customers = self.env["res.partner"].create(
            [{"name": f"Customer {one}", "is_company": True} for one in range(number)]
        )
        self.env["jxc.credit.account"].create(
            [
                {
                    "partner_id": customer.id,
                    "credit_limit": 1000,
                    "delivery_action": "hold",
                }
                for customer in customers
            ]
        )
        orders = self.env["sale.order"].create(
            [
                {"partner_id": customer.id, "order_line": lines, **values}
                for customer in customers
            ]
        )
        orders.action_confirm()
        return orders

    def _queries(self, records, view, user):
        """How many queries a list of these records makes, its caches warm."""
        records = records.with_user(user)
        arch = etree.fromstring(records.get_view(self.env.ref(view).id, "list")["arch"])
        spec = {
            field.get("name"): (
                {"fields": {"display_name": {}}}
                if records._fields[field.get("name")].relational
                else {}
            )
            for field in arch.iter("field")
        }
        for _time in range(2):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            records.web_search_read([("id", "in", records.ids)], spec)
        return self.env.cr.sql_log_count - before

    def _assert_constant(self, make, view, user):
        # What is planned besides is read, too: once, for any number of rows.
        lists = [make(number) for number in (FEW, MANY)]
        few, many = (self._queries(rows, view, user) for rows in lists)
        self.assertEqual(few, many)

    def _deposits(self, orders):
        for order in orders:
            self._receipt(50, order, partner_id=order.partner_id.id)
        return orders

    def test_delivery_plan(self):
        def planned(number):
            pickings = self._orders(number).picking_ids
            pickings.action_assign()
            pickings.action_jxc_plan_today()
            return pickings

        def over(number):
            orders = self._orders(number)
            accounts = self.env["jxc.credit.account"].search(
                [("partner_id", "in", orders.partner_id.ids)]
            )
            accounts.credit_limit = 1
            return orders.picking_ids

        def unpaid(number):
            return self._deposits(
                self._orders(number, jxc_sale_mode="presale")
            ).picking_ids

        view = "jxc_sales.stock_picking_plan_view_list"
        for make in (planned, over, unpaid):
            with self.subTest(make.__name__):
                self._assert_constant(make, view, self.shipper)
        self.assertEqual(set(over(1).mapped("jxc_ship_state")), {"over"})

    def test_presale_list(self):
        self._assert_constant(
            lambda number: self._deposits(
                self._orders(number, jxc_sale_mode="presale")
            ),
            "jxc_sales.sale_order_presale_view_list",
            self.salesman,
        )

# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import SQL

from .common import CustomerClassCommon


@tagged("post_install", "-at_install")
class TestCustomerClassMargin(CustomerClassCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.goods = cls.env["product.product"].create(
            {"name": "Goods", "type": "consu", "taxes_id": [Command.clear()]}
        )
        # Each company has a cost of its own; that of another one must not count.
        cls.goods.with_company(cls.env.ref("base.main_company")).standard_price = 1
        cls.goods.with_company(cls.company).standard_price = 95
        cls.big, cls.fine = cls._customer("big"), cls._customer("fine")
        cls._sell(cls.big, 10, 100)  # revenue 1,000, margin 50
        cls._order(cls.fine, 10, 40)  # revenue 40, margin 40
        cls.least = cls._customer("least")
        cls._order(cls.least, 10, 2)  # revenue 2, margin 2

    @classmethod
    def _sell(cls, partner, quantity, price, unit=None, **values):
        order = cls._order(partner, 10, price, confirm=False, **values)
        order.order_line.write(
            {
                "product_id": cls.goods.id,
                "product_uom_qty": quantity,
                "product_uom_id": (unit or cls.goods.uom_id).id,
                "price_unit": price,
                "tax_ids": [Command.clear()],
            }
        )
        day = order.date_order
        order.action_confirm()
        order.date_order = day
        return order

    def _classes(self):
        return [self._row(each).abc for each in (self.big, self.fine, self.least)]

    def test_the_company_chooses(self):
        """Shares before each: by revenue 0, 96, 99; by margin 0, 54, 97 percent."""
        self._recompute()
        self.assertEqual(self._classes(), ["a", "c", "c"])
        self.company.jxc_class_by = "margin"
        self._recompute()
        self.assertEqual(self._classes(), ["a", "a", "c"])
        self.assertEqual(self._row(self.big).monetary, 1000.0, "still the revenue")

    def test_sold_below_cost(self):
        """A by revenue, C by margin; the loss does not count against the others."""
        loss = self._customer("loss")
        self._sell(loss, 100, 90)
        self._recompute()
        self.assertEqual((self._row(loss).abc, self._row(self.fine).abc), ("a", "c"))
        self.company.jxc_class_by = "margin"
        self._recompute()
        self.assertEqual((self._row(loss).abc, self._row(self.fine).abc), ("c", "a"))
        self.assertEqual(self._recompute()["changed"], 0)

    def test_in_company_currency(self):
        """A margin of 3,000 at 100 to one is worth 30: less than fine's 40."""
        currency = self.env["res.currency"].create(
            {
                "name": "XJX",
                "symbol": "x",
                "rate_ids": [(0, 0, {"name": "2020-01-01", "rate": 100})],
            }
        )
        pricelist = self.env["product.pricelist"].create(
            {"name": "XJX", "currency_id": currency.id}
        )
        abroad = self._customer("abroad")
        self._order(abroad, 10, 3000, pricelist_id=pricelist.id)
        self.company.write(
            {
                "jxc_class_by": "margin",
                "jxc_class_a_percent": 70,
                "jxc_class_b_percent": 74,
            }
        )
        # 50, 40, 30, 2 of 122: 0, 41, 73.8 and 98 percent come before.
        self._recompute()
        self.assertEqual(self._row(abroad).abc, "b")
        self.assertEqual(self._classes(), ["a", "a", "c"])

    def test_cost_where_orders_keep_no_margin(self):
        """Two dozens at 24 times the company's cost of one; a service costs nothing."""
        dozen = self._sell(self.big, 2, 1200, self.env.ref("uom.product_uom_dozen"))
        advice = self._order(self.fine, 10, 40)
        self.env.flush_all()
        rows = self.env.execute_query(
            SQL(
                "SELECT o.id, %s FROM sale_order o WHERE o.id IN %s",
                self.classes._get_order_cost(self.company),
                (dozen.id, advice.id),
            )
        )
        self.assertEqual(dict(rows), {dozen.id: 24 * 95.0, advice.id: 0})

    def test_nobody_reads_the_margin(self):
        self.company.jxc_class_by = "margin"
        self._recompute()
        for model in ("jxc.customer.class", "jxc.customer.class.log"):
            self.assertFalse(
                [name for name in self.env[model]._fields if "margin" in name]
            )

# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from datetime import timedelta

from odoo import fields
from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import tagged

from .test_duplicates import DuplicateCommon


@tagged("post_install", "-at_install")
class TestDuplicateAttacks(DuplicateCommon):
    """Ways past the comparison with what is on its way that are no buttons."""

    def _sold(self, product, quantity=1):
        order = self.env["sale.order"].create(
            {
                "partner_id": self.other_vendor.id,
                "order_line": [
                    Command.create(
                        {"product_id": product.id, "product_uom_qty": quantity}
                    )
                ],
            }
        )
        order.action_confirm()
        return order.order_line

    def test_more_than_the_total_says(self):
        """How much more is asked for is not compared with a number anybody wrote."""
        order = self._on_its_way((self.tea, 10, 10))
        self._on_its_way((self.tea, 5, 10))
        line = order.order_line
        with self.assertRaises(UserError), self.cr.savepoint():
            line.write({"product_uom_qty": 1000})
        line.invalidate_recordset()
        with self.assertRaisesRegex(UserError, "on its way"), self.cr.savepoint():
            line.write({"product_qty": 100})
        with self.assertRaises(UserError), self.cr.savepoint():
            line.write({"product_qty": 100, "product_uom_qty": 1})
        line.invalidate_recordset()
        line.write({"product_qty": 8})
        self.assertEqual(line.product_uom_qty, 8)

    def test_more_in_another_unit(self):
        order = self._on_its_way((self.tea, 10, 10))
        self._on_its_way((self.tea, 5, 10))
        line = order.order_line
        with self.assertRaisesRegex(UserError, "on its way"), self.cr.savepoint():
            line.product_uom_id = self.tea_box
        line.invalidate_recordset()
        line.write({"product_uom_id": self.tea_box.id, "product_qty": 1})
        self.assertEqual(line.product_uom_qty, 10)

    def test_day_moved_back(self):
        """An order that was confirmed for later does not come into the window."""
        soon = self._on_its_way((self.tea, 5, 10))
        later = fields.Datetime.now() + timedelta(days=40)
        order = self._purchase((self.tea, 12, 10, {"date_planned": later}))
        order.button_confirm()
        self.assertEqual(order.state, "purchase")
        values = {"date_planned": soon.date_planned}
        change = Command.update(order.order_line.id, values)
        with self.assertRaisesRegex(UserError, "on its way"), self.cr.savepoint():
            order.order_line.write(values)
        self.env.invalidate_all()
        with self.assertRaisesRegex(UserError, "on its way"), self.cr.savepoint():
            order.write({"order_line": [change]})
        self.env.invalidate_all()
        order.order_line.date_planned = later + timedelta(days=9)
        order.order_line.date_planned = later
        soon.order_line.date_planned = soon.date_planned - timedelta(days=1)

    def test_sale_of_something_else(self):
        """Only a confirmed sale of all of it makes an order one for a customer."""
        self._stock(100)
        draft = self._sold(self.tea, 12).order_id.copy().order_line
        for sold in (self._sold(self.wine), draft, self._sold(self.tea, 1)):
            order = self._purchase((self.tea, 12, 10))
            order.order_line.write({"sale_line_id": sold.id})
            self.assertIn("free in stock", self._refused(order))
            order.button_cancel()
        seller = self._user(
            "dup_seller",
            "purchase.group_purchase_user,sales_team.group_sale_salesman_all_leads",
        )
        order = self._purchase((self.tea, 12, 10), user=seller)
        order.order_line.write({"sale_line_id": self._sold(self.tea, 12).id})
        self._assert_free(order)

    def test_delivery_of_something_else(self):
        """Nor does any movement that is linked make others wait for the goods."""
        self._stock(100)
        for product, quantity in ((self.wine, 12), (self.tea, 1)):
            move = self._sold(product, quantity).move_ids
            order = self._purchase((self.tea, 12, 10))
            order.order_line.write({"move_dest_ids": [Command.set(move.ids)]})
            self.assertIn("free in stock", self._refused(order))
            order.button_cancel()
        move = self._sold(self.tea, 12).move_ids
        order = self._purchase((self.tea, 12, 10))
        order.order_line.write({"move_dest_ids": [Command.set(move.ids)]})
        self._assert_free(order)

    def _stock(self, quantity):
        warehouse = self.env["stock.warehouse"].search(
            [("company_id", "=", self.company.id)], limit=1
        )
        self.env["stock.quant"]._update_available_quantity(
            self.tea, warehouse.lot_stock_id, quantity
        )

# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import tagged

from .common import UnitCase


@tagged("post_install", "-at_install")
class TestProductUnitUsage(UnitCase):
    def _refused(self, *fragments):
        return self.assertRaisesRegex(UserError, "(?s)" + ".*".join(fragments))

    def _assert_frozen(self, unit, *fragments):
        for change in ({"factor": 24}, {"name": "件"}, {"uom_id": self.kg.id}):
            with self.subTest(change=change), self._refused(*fragments):
                unit.write(change)
        with self._refused(*fragments):
            unit.unlink()

    def test_move(self):
        """A transfer in boxes freezes what a box is, not what a pack is."""
        move = self._create_move(self.wine, 2, self._unit(self.wine, "箱").uom_id)
        move._action_confirm()
        self._assert_frozen(self._unit(self.wine, "箱"), "1 stock moves of Wine")
        self._unit(self.wine, "提").factor = 4

    def test_move_line(self):
        """So does an operation in boxes of a transfer in bottles."""
        move = self._create_move(self.wine, 24)
        self.env["stock.move.line"].create(
            {
                "move_id": move.id,
                "product_id": self.wine.id,
                "product_uom_id": self._unit(self.wine, "箱").uom_id.id,
                "quantity": 2,
                "location_id": move.location_id.id,
                "location_dest_id": move.location_dest_id.id,
            }
        )
        self._assert_frozen(self._unit(self.wine, "箱"), "stock moves of Wine")

    def test_done_move_without_stock(self):
        """History keeps its meaning."""
        box = self._unit(self.wine, "箱")
        self._receive(self.wine, 1, box.uom_id)
        self.env["stock.quant"]._update_available_quantity(self.wine, self.shelf, -12)
        self._assert_frozen(box, "1 stock moves of Wine")

    def test_invoice(self):
        """A bill of boxes, with no order and nothing in stock, means what it meant."""
        box = self._unit(self.wine, "箱")
        bill = self.env["account.move"].create(
            {
                "move_type": "in_invoice",
                "partner_id": self.env["res.partner"].create({"name": "Cellar"}).id,
                "invoice_line_ids": [
                    Command.create(
                        {
                            "product_id": self.wine.id,
                            "product_uom_id": box.uom_id.id,
                            "quantity": 2,
                        }
                    )
                ],
            }
        )
        self._assert_frozen(box, "1 invoices of Wine")
        bill.button_cancel()
        box.factor = 24

    def test_cancelled_move(self):
        move = self._create_move(self.wine, 2, self._unit(self.wine, "箱").uom_id)
        move._action_confirm()
        move._action_cancel()
        self._unit(self.wine, "箱").factor = 24

    def test_stock(self):
        """Boxes on the shelf hold what they hold."""
        self.env["stock.quant"]._update_available_quantity(self.wine, self.shelf, 41)
        self._assert_frozen(
            self._unit(self.wine, "箱"), "stock on hand: 3箱5瓶 of Wine", "archive"
        )
        with self._refused("base unit of Wine", "stock on hand: 3箱5瓶"):
            self.wine.product_tmpl_id.uom_id = self.env["uom.uom"].create(
                {"name": "罐"}
            )

    def test_stock_of_another_company(self):
        """A shared product's unit counts for all companies."""
        other = self.env["res.company"].create({"name": "Other Company"})
        warehouse = self.env["stock.warehouse"].search([("company_id", "=", other.id)])
        self.env["stock.quant"].sudo()._update_available_quantity(
            self.wine, warehouse.lot_stock_id, 12
        )
        user = self._new_user(
            "jxc_usage", "product.group_product_manager,base.group_user"
        )
        with self._refused("stock on hand: 1箱 of Wine"):
            self._unit(self.wine, "箱").with_user(user).factor = 24

    def test_way_out(self):
        """The wrong unit is archived, the right one added beside it."""
        self._receive(self.wine, 1, self._unit(self.wine, "箱").uom_id)
        self._unit(self.wine, "箱").action_archive()
        self.env["jxc.product.unit"].create(
            {
                "product_tmpl_id": self.wine.product_tmpl_id.id,
                "name": "箱",
                "factor": 10,
            }
        )
        self.assertEqual(self.wine.jxc_format_qty(12), "1箱2瓶")

    def test_what_does_not_change_is_free(self):
        """Prices and uses are free, and so are values that stay."""
        self._receive(self.wine, 1, self._unit(self.wine, "箱").uom_id)
        box = self._unit(self.wine, "箱")
        box.write({"name": "箱", "factor": 12.0, "list_price": 100, "use_sale": True})
        self.assertEqual(box.list_price, 100)

    def test_base_unit_in_draft_moves(self):
        self._create_move(self.wine, 5)
        with self._refused("base unit of Wine", "1 stock moves of Wine"):
            self.wine.product_tmpl_id.uom_id = self.env["uom.uom"].create(
                {"name": "罐"}
            )

    def test_batch(self):
        """The usages of many units are found with as many queries as those of one."""
        products = [self._create_product(f"P{i}", {"箱": 12}) for i in range(20)]
        units = self.env["jxc.product.unit"].union(*(p.jxc_unit_ids for p in products))
        self.assertFalse(units._jxc_unit_usage())
        self.assertEqual(self._count_queries(units), self._count_queries(units[:1]))

    def _count_queries(self, units):
        before = self.cr.sql_log_count
        units._jxc_unit_usage()
        return self.cr.sql_log_count - before

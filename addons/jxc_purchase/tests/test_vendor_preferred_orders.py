# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from datetime import datetime

from odoo.fields import Command
from odoo.tests import tagged

from .vendor_common import VendorCommon


@tagged("post_install", "-at_install")
class TestVendorPreferredOrders(VendorCommon):
    """From whom the platform itself orders: rules, deliveries, drop-shipping."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._criterion()
        prices = cls.env["product.supplierinfo"]
        cls.wine.seller_ids.unlink()
        cls.first, cls.second = prices.create(
            [
                {
                    "partner_id": vendor.id,
                    "product_tmpl_id": cls.wine.product_tmpl_id.id,
                    "price": price,
                    "sequence": sequence,
                    "company_id": cls.company.id,
                }
                for sequence, (vendor, price) in enumerate(
                    ((cls.vendor, 8.0), (cls.other_vendor, 9.0)), 1
                )
            ]
        )
        cls.second.jxc_is_preferred = True
        cls.buy = cls.env.ref("purchase_stock.route_warehouse0_buy")
        cls.customers = cls.env.ref("stock.stock_location_customers")

    def _ordered_from(self):
        line = self.env["purchase.order.line"].search(
            [("product_id", "=", self.wine.id)]
        )
        return line.order_id.partner_id, line.price_unit

    def _reorder(self, quantity=20):
        self.wine.route_ids = [Command.set(self.buy.ids)]
        rule = self.env["stock.warehouse.orderpoint"].create(
            {
                "product_id": self.wine.id,
                "warehouse_id": self.warehouse.id,
                "location_id": self.stock.id,
                "product_min_qty": 5,
                "product_max_qty": quantity,
            }
        )
        rule._procure_orderpoint_confirm(company_id=self.company)
        return self._ordered_from()

    def _deliver(self, source, picking_type, route, procure_method):
        """Have the rules buy what a delivery asks for."""
        self.wine.route_ids = [Command.set(route.ids)]
        delivery = self.env["stock.picking"].create(
            {
                "picking_type_id": picking_type.id,
                "location_id": source.id,
                "location_dest_id": self.customers.id,
                "move_ids": [
                    Command.create(
                        {
                            "product_id": self.wine.id,
                            "product_uom_qty": 10,
                            "location_id": source.id,
                            "location_dest_id": self.customers.id,
                            "procure_method": procure_method,
                        }
                    )
                ],
            }
        )
        delivery.action_confirm()
        return self._ordered_from()

    def test_without_preference_the_platforms_order_stays(self):
        self.second.jxc_is_preferred = False
        self.assertEqual(self._reorder(), (self.vendor, 8.0))

    def test_reordering_rule(self):
        self.assertEqual(self._reorder(), (self.other_vendor, 9.0))

    def test_vendor_of_the_rule_stays(self):
        """Who names a vendor on a rule wants that one."""
        self.wine.route_ids = [Command.set(self.buy.ids)]
        rule = self.env["stock.warehouse.orderpoint"].create(
            {
                "product_id": self.wine.id,
                "warehouse_id": self.warehouse.id,
                "location_id": self.stock.id,
                "product_min_qty": 5,
                "product_max_qty": 20,
                "supplier_id": self.first.id,
            }
        )
        rule._procure_orderpoint_confirm(company_id=self.company)
        self.assertEqual(self._ordered_from(), (self.vendor, 8.0))

    def test_made_to_order(self):
        mto = self.env.ref("stock.route_warehouse0_mto")
        mto.active = True
        out = self.warehouse.out_type_id
        found = self._deliver(self.stock, out, self.buy | mto, "make_to_order")
        self.assertEqual(found, (self.other_vendor, 9.0))

    def test_dropshipped(self):
        route = self.env.ref("stock_dropshipping.route_drop_shipping")
        self.wine.route_ids = [Command.set(route.ids)]
        self.env["stock.rule"].run(
            [
                self.env["stock.rule"].Procurement(
                    self.wine,
                    10.0,
                    self.wine.uom_id,
                    self.customers,
                    "Sold",
                    "Sold",
                    self.company,
                    {
                        "warehouse_id": self.warehouse,
                        "route_ids": route,
                        "partner_id": self.vendor.create({"name": "Shop"}).id,
                        "date_planned": datetime(2026, 5, 1, 4),
                    },
                )
            ]
        )
        self.assertEqual(self._ordered_from(), (self.other_vendor, 9.0))

    def test_not_without_a_price_for_the_quantity(self):
        self.second.min_qty = 100
        self.assertEqual(self._reorder(), (self.vendor, 8.0))

    def test_not_without_a_price_for_the_day(self):
        self.second.date_end = "2026-03-01"
        self.assertEqual(self._reorder(), (self.vendor, 8.0))

    def test_not_of_another_company(self):
        self.second.company_id = self.env["res.company"].create({"name": "Other"})
        self.assertEqual(self._reorder(), (self.vendor, 8.0))

    def test_not_with_a_grade_that_blocks(self):
        self._given(self.other_vendor, 20)
        self.company.jxc_vendor_grade_d_control = "block"
        self.assertEqual(self._reorder(), (self.vendor, 8.0))

    def test_with_a_grade_that_only_warns(self):
        self._given(self.other_vendor, 20)
        self.company.jxc_vendor_grade_d_control = "warn"
        self.assertEqual(self._reorder(), (self.other_vendor, 9.0))

    def test_not_without_qualification(self):
        self.company.jxc_vendor_unqualified_control = "block"
        self.assertEqual(self._reorder(), (self.vendor, 8.0))

    def test_not_without_papers(self):
        self.wine.categ_id = self.env["product.category"].create({"name": "Wine"})
        self.env["jxc.vendor.certificate.type"].create(
            {
                "name": "Wine Licence",
                "control": "block",
                "category_ids": [Command.set(self.wine.categ_id.ids)],
            }
        )
        self.assertEqual(self._reorder(), (self.vendor, 8.0))

    def test_exempt(self):
        self.company.jxc_vendor_unqualified_control = "block"
        self.env["jxc.vendor.exemption"].sudo().create(
            {
                "partner_id": self.other_vendor.id,
                "company_id": self.company.id,
                "kind": "qualification",
                "reason": "Being qualified",
                "date_from": "2026-04-01",
                "date_to": "2026-04-30",
            }
        )
        self.assertEqual(self._reorder(), (self.other_vendor, 9.0))

    def test_no_queries_where_nobody_is_preferred(self):
        self.second.jxc_is_preferred = False
        self.wine._prepare_sellers()
        self.env.flush_all()
        with self.assertQueryCount(0):
            self.wine._prepare_sellers()

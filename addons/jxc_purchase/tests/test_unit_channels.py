# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
import json

from odoo.exceptions import ValidationError
from odoo.fields import Command
from odoo.tests import Form, HttpCase, tagged

from .request_common import RequestCommon


@tagged("post_install", "-at_install")
class TestUnitChannels(RequestCommon, HttpCase):
    """Wine by the bottle and the box, from a vendor who sells boxes for 48."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.kilo = cls.env.ref("uom.product_uom_kgm")
        cls.wine.supplier_taxes_id = False
        cls.price = cls.env["product.supplierinfo"].create(
            {
                "partner_id": cls.vendor.id,
                "product_tmpl_id": cls.wine.product_tmpl_id.id,
                "product_uom_id": cls.box.id,
                "price": 48,
            }
        )

    def _rpc(self, route, **params):
        self.authenticate("req_buyer", "req_buyer")
        answer = self.url_open(
            route,
            data=json.dumps({"params": params}),
            headers={"Content-Type": "application/json"},
        ).json()
        self.assertNotIn("error", answer)
        return answer["result"]

    def _order_in(self, uom, quantity=1, vendor=None):
        orders = self.env["purchase.order"].with_user(self.buyer)
        return orders.create(
            {
                "partner_id": (vendor or self.vendor).id,
                "order_line": [
                    Command.create(
                        {
                            "product_id": self.wine.id,
                            "product_qty": quantity,
                            "product_uom_id": uom.id,
                        }
                    )
                ],
            }
        )

    def test_prices(self):
        self.assertEqual(self._order_in(self.box).order_line.price_unit, 48)
        # The vendor's price is for boxes; for bottles the platform takes the cost.
        line = self._order_in(self.bottle, 24).order_line
        self.assertRecordValues(
            line,
            [
                {
                    "product_uom_id": self.bottle.id,
                    "product_qty": 24,
                    "price_unit": 5,
                    "price_subtotal": 120,
                }
            ],
        )
        self.assertEqual(self._order_in(self.bottle, 1).order_line.price_unit, 5)

    def test_foreign_unit(self):
        with self.assertRaisesRegex(ValidationError, "Wine"):
            self._order_in(self.kilo)

    def test_unit_of_another_product(self):
        """It converts, but a box of 24 beers is no box of wine."""
        beer = self._product("Beer", {"箱": 24})
        with self.assertRaisesRegex(ValidationError, "not of Wine"):
            self._order_in(beer.jxc_unit_ids.uom_id)

    def test_proposed_unit(self):
        for vendor in (self.vendor, self.other_vendor):
            with Form(self.env["purchase.order"].with_user(self.buyer)) as form:
                form.partner_id = vendor
                with form.order_line.new() as line:
                    line.product_id = self.wine
                    self.assertEqual(line.product_uom_id, self.box)

    def test_catalog(self):
        order = self._order_in(self.box, 1)
        common = {"res_model": "purchase.order", "order_id": order.id}
        shown = self._rpc(
            "/product/catalog/order_lines_info", product_ids=self.wine.ids, **common
        )[str(self.wine.id)]
        self.assertEqual(shown["uomDisplayName"], self.box.display_name)
        self.assertEqual((shown["quantity"], shown["price"]), (1, 48))
        price = self._rpc(
            "/product/catalog/update_order_line_info",
            product_id=self.wine.id,
            quantity=3,
            **common,
        )
        self.assertEqual(price, 48)
        order.invalidate_recordset()
        self.assertRecordValues(
            order.order_line,
            [{"product_uom_id": self.box.id, "product_qty": 3, "price_subtotal": 144}],
        )

    def test_catalog_adds_what_it_shows(self):
        order = self._order_in(self.box)
        order.order_line.unlink()
        common = {"res_model": "purchase.order", "order_id": order.id}
        shown = self._rpc(
            "/product/catalog/order_lines_info", product_ids=self.wine.ids, **common
        )[str(self.wine.id)]
        price = self._rpc(
            "/product/catalog/update_order_line_info",
            product_id=self.wine.id,
            quantity=2,
            **common,
        )
        order.invalidate_recordset()
        line = order.with_context(lang=self.buyer.lang).order_line
        self.assertEqual(line.product_uom_id.display_name, shown["uomDisplayName"])
        self.assertEqual(price, line.price_unit)

    def test_receipt_and_bill(self):
        order = self._order_in(self.box, 2).with_user(self.manager)
        order.button_confirm()
        self.assertEqual(order.picking_ids.move_ids.product_qty, 24)
        self._receive(order.sudo())
        self.assertEqual(order.order_line.qty_received, 2)
        order.sudo().action_create_invoice()
        line = order.sudo().invoice_ids.invoice_line_ids
        self.assertRecordValues(
            line,
            [
                {
                    "product_uom_id": self.box.id,
                    "quantity": 2,
                    "price_unit": 48,
                    "price_subtotal": 96,
                }
            ],
        )
        with self.assertRaisesRegex(ValidationError, "Wine"):
            line.product_uom_id = self.kilo

# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo.exceptions import AccessError
from odoo.tests import Form, tagged

from .request_common import RequestCommon


@tagged("post_install", "-at_install")
class TestRequestPrices(RequestCommon):
    """Whose price a line has: the estimate of the server, or one entered by hand."""

    def test_a_price_by_hand_survives_the_quantity(self):
        line = self._request((self.wine, 2)).line_ids
        self.assertEqual((line.price_unit, line.price_source), (5, "cost"))
        line.price_unit = 9
        self.assertEqual(line.price_source, "manual")
        line.product_qty = 7
        self.assertEqual((line.price_unit, line.price_source), (9, "manual"))
        self.assertEqual(line.price_subtotal, 63)
        line.product_uom_id = self.box
        self.assertEqual((line.price_unit, line.price_source), (60, "cost"))

    def test_another_vendor_has_another_price(self):
        line = self._request((self.wine, 2, {"price_unit": 9})).line_ids
        self.assertEqual(line.price_source, "manual")
        self.env["product.supplierinfo"].create(
            {
                "partner_id": self.vendor.id,
                "product_tmpl_id": self.wine.product_tmpl_id.id,
                "price": 4,
            }
        )
        self.wine.supplier_taxes_id = False
        line.vendor_id = self.vendor
        self.assertEqual((line.price_unit, line.price_source), (4, "vendor"))

    def test_an_estimate_follows_the_quantity(self):
        self.wine.supplier_taxes_id = False
        for quantity, price in ((0, 4), (100, 3)):
            self.env["product.supplierinfo"].create(
                {
                    "partner_id": self.vendor.id,
                    "product_tmpl_id": self.wine.product_tmpl_id.id,
                    "min_qty": quantity,
                    "price": price,
                }
            )
        line = self._request((self.wine, 2, {"price_unit": 4})).line_ids
        self.assertEqual((line.price_unit, line.price_source), (4, "vendor"))
        line.product_qty = 100
        self.assertEqual((line.price_unit, line.price_source), (3, "vendor"))

    def test_in_the_form(self):
        requests = self.env["jxc.purchase.request"].with_user(self.requester)
        with Form(requests) as form, form.line_ids.new() as line:
            line.product_id = self.wine
            self.assertEqual(line.price_source, "cost")
            line.price_unit = 9
            self.assertEqual(line.price_source, "manual")
            line.product_qty = 4
            self.assertEqual((line.price_unit, line.price_source), (9, "manual"))
        request = form.record
        self.assertEqual(request.line_ids.price_source, "manual")
        with Form(request) as form, form.line_ids.edit(0) as line:
            line.product_qty = 5
            self.assertEqual(line.price_unit, 9)
            line.product_id = self._product("Beer", standard_price=2)
            self.assertEqual((line.price_unit, line.price_source), (2, "cost"))
        self.assertEqual(request.line_ids.price_source, "cost")

    def test_nobody_says_whose_price_it_is(self):
        line = self._request((self.wine, 2)).line_ids
        for values in ({"is_price_manual": True}, {"price_source": "manual"}):
            with self.assertRaises(AccessError):
                line.write(values)

    def test_described_lines(self):
        """Without a product there are no units to tell a quantity in."""
        values = {"name": "Something", "price_unit": 3, "product_id": False}
        line = self._request((self.wine.browse(), 2, values)).line_ids
        self.assertFalse(line.quantity_text)
        line.product_qty = 5
        self.assertEqual(line.price_unit, 3)

    def test_nobody_says_where_a_request_is_from(self):
        with self.assertRaises(AccessError):
            self._request((self.wine, 1), origin_type="alert")
        request = self._request((self.wine, 1), origin_type="manual")
        with self.assertRaises(AccessError):
            request.origin_type = "alert"
        asked = self.env["jxc.purchase.request"].with_user(self.requester)
        asked = asked.with_context(default_origin_type="reorder").create({})
        self.assertEqual(asked.origin_type, "manual")

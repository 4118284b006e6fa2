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

    def _vendor_price(self, price, quantity=0):
        self.wine.supplier_taxes_id = False
        self.env["product.supplierinfo"].create(
            {
                "partner_id": self.vendor.id,
                "product_tmpl_id": self.wine.product_tmpl_id.id,
                "min_qty": quantity,
                "price": price,
            }
        )

    def test_nothing_is_a_price_by_hand(self):
        """Samples are free, whatever the vendor else asks for."""
        self._vendor_price(4)
        given = self._request((self.wine, 2, {"price_unit": 0})).line_ids
        written = self._request((self.wine, 2)).line_ids
        written.price_unit = 0
        changed = self._request((self.wine, 2, {"price_unit": 7})).line_ids
        changed.price_unit = 0
        for line in (given, written, changed):
            self.assertEqual((line.price_unit, line.price_source), (0, "manual"))
            line.product_qty = 5
            self.assertEqual((line.price_unit, line.price_source), (0, "manual"))
            copy = line.request_id.copy().line_ids
            self.assertEqual((copy.price_unit, copy.price_source), (0, "manual"))
            line.price_unit = 4
            self.assertEqual(line.price_source, "vendor")

    def test_nothing_that_nobody_entered(self):
        """An estimate of 0, and the empty cell of a file, are no prices by hand."""
        self.wine.standard_price = 0
        line = self._request((self.wine, 2)).line_ids
        same = self._request((self.wine, 2, {"price_unit": 0})).line_ids
        self.assertFalse(line.price_unit or same.price_unit)
        self._vendor_price(4)
        copy = line.request_id.copy().line_ids
        empty = self._request((self.wine, 2, {"price_unit": False})).line_ids
        (line | same).product_qty = 5
        for one in (line, same, copy):
            self.assertEqual((one.price_unit, one.price_source), (4, "vendor"))
        empty.product_qty = 5
        self.assertEqual(empty.price_unit, 4)

    def test_nothing_in_the_form(self):
        requests = self.env["jxc.purchase.request"].with_user(self.requester)
        free = self._product("Leaflet", standard_price=0)
        with Form(requests) as form:
            with form.line_ids.new() as line:
                line.product_id = free
                self.assertEqual((line.price_unit, line.price_source), (0, False))
                line.product_id = self.wine
                self.assertEqual((line.price_unit, line.price_source), (5, "cost"))
            with form.line_ids.new() as line:
                line.product_id = self.wine
                line.price_unit = 0
                self.assertEqual((line.price_unit, line.price_source), (0, "manual"))
                line.product_qty = 4
                self.assertEqual((line.price_unit, line.price_source), (0, "manual"))
            with form.line_ids.new() as line:
                line.product_id = free
        lines = form.record.line_ids
        self.assertEqual(lines.mapped("price_source"), ["cost", "manual", False])
        self.assertEqual(lines.mapped("is_price_manual"), [False, True, False])
        with Form(form.record) as form, form.line_ids.edit(1) as line:
            line.product_qty = 9
            self.assertEqual(line.price_unit, 0)
        self.assertEqual(lines[1].price_source, "manual")
        with Form(
            self.env["jxc.purchase.request.line"].with_context(
                default_product_id=self.wine.id,
                default_request_id=form.record.id,
            )
        ) as form:
            self.assertEqual((form.price_unit, form.price_source), (5, "cost"))

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

# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo.tests import tagged

from .vendor_common import VendorCommon


@tagged("post_install", "-at_install")
class TestVendorPreferred(VendorCommon):
    """Who is suggested for a product."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._criterion()
        cls.third = cls.env["res.partner"].create({"name": "Vendor C"})
        cls.dear, cls.cheap, cls.boxed = cls.env["product.supplierinfo"].create(
            [
                cls._price(cls.vendor, 9.0, cls.bottle, 1),
                cls._price(cls.other_vendor, 8.0, cls.bottle, 2),
                # 7 a bottle
                cls._price(cls.third, 84.0, cls.box, 3),
            ]
        )

    @classmethod
    def _price(cls, vendor, price, unit, sequence):
        return {
            "partner_id": vendor.id,
            "product_tmpl_id": cls.wine.product_tmpl_id.id,
            "price": price,
            "product_uom_id": unit.id,
            "sequence": sequence,
        }

    def _suggested(self):
        return self._request((self.wine, 24)).line_ids.vendor_id

    def _ranks(self):
        sellers = self.dear | self.cheap | self.boxed
        return sellers.with_user(self.buyer).mapped("jxc_rank")

    def test_nothing_known_leaves_the_platforms_choice(self):
        self.assertEqual(self._suggested(), self.vendor)
        self.assertEqual(self._ranks(), [3, 2, 1])

    def test_grade_before_price(self):
        self._given(self.vendor, 80)
        self._given(self.other_vendor, 92)
        self._given(self.third, 70)
        self.assertEqual(self._suggested(), self.other_vendor)
        self.assertEqual(self._ranks(), [2, 1, 3])

    def test_unknown_before_bad(self):
        self._given(self.vendor, 65)
        self.assertEqual(self._ranks(), [3, 2, 1])
        self.assertEqual(self._suggested(), self.third)

    def test_preferred_unless_blocked(self):
        self.dear.jxc_is_preferred = True
        self._given(self.other_vendor, 95)
        self._given(self.vendor, 20)
        self.assertEqual(self._suggested(), self.vendor)
        self.company.jxc_vendor_grade_d_control = "block"
        self.assertEqual(self._suggested(), self.other_vendor)

    def test_prices_that_do_not_fit_are_left_out(self):
        self._given(self.vendor, 80)
        self._given(self.other_vendor, 92)
        self.cheap.min_qty = 100
        self.assertEqual(self._suggested(), self.vendor)
        self.cheap.write({"min_qty": 0, "date_end": "2026-03-01"})
        self.assertEqual(self._suggested(), self.vendor)

    def test_buyers_keep_what_they_chose(self):
        self._given(self.other_vendor, 92)
        request = self._request((self.wine, 24))
        request.line_ids.vendor_id = self.third
        self.assertEqual(request.line_ids.vendor_id, self.third)

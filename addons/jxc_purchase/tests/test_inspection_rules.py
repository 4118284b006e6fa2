# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo.exceptions import ValidationError
from odoo.tests import tagged

from .inspection_common import InspectionCommon


@tagged("post_install", "-at_install")
class TestInspectionRules(InspectionCommon):
    def _is_inspected(self, product, vendor=None, quantity=1):
        order = self._buy((product, quantity), vendor=vendor)
        announced = bool(order.picking_ids.jxc_to_inspect)
        self._come(order)
        inspected = bool(self._inspection(order))
        self.assertEqual(announced, inspected, "the receipt says so before")
        return inspected

    def test_places_speak_the_language_of_the_company(self):
        """Everybody reads the name of a place; who makes it does not matter."""
        self.env["res.lang"]._activate_lang("zh_CN")
        warehouse = self.env["stock.warehouse"].create({"name": "W", "code": "WLANG"})
        warehouse.company_id.partner_id.lang = "zh_CN"
        mine = warehouse.with_user(self.inspector).with_context(lang="en_US")
        self.assertEqual(mine._jxc_inspection_place().name, "待检")
        warehouse.company_id.partner_id.lang = "en_US"
        mine = mine.with_context(lang="zh_CN")
        self.assertEqual(mine._jxc_defective_place().name, "Defective")

    def test_vendor_alone(self):
        """Everything of a vendor is inspected, also what a contact of his sends."""
        self.rule.active = False
        self._rule(partner_id=self.other_vendor.id)
        contact = self.other_vendor.create(
            {"name": "Sales", "parent_id": self.other_vendor.id}
        )
        for product in (self.wine, self.water):
            self.assertFalse(self._is_inspected(product))
            self.assertTrue(self._is_inspected(product, self.other_vendor))
            self.assertTrue(self._is_inspected(product, contact))
        # A rule for the product is more specific than one for the vendor.
        self._rule(product_id=self.water.id, mode="never")
        self.assertFalse(self._is_inspected(self.water, self.other_vendor))
        self.assertTrue(self._is_inspected(self.wine, self.other_vendor))

    def test_most_specific_wins(self):
        self.rule.active = False
        parent = self.env["product.category"].create({"name": "Drinks"})
        child = parent.create({"name": "Wines", "parent_id": parent.id})
        self.wine.categ_id = child
        self.assertFalse(self._is_inspected(self.wine))
        self._rule(category_id=parent.id)
        self.assertTrue(self._is_inspected(self.wine))
        self.assertFalse(self._is_inspected(self.water))
        self._rule(category_id=child.id, mode="never")
        self.assertFalse(self._is_inspected(self.wine))
        self._rule(category_id=child.id, partner_id=self.other_vendor.id)
        self.assertFalse(self._is_inspected(self.wine))
        self.assertTrue(self._is_inspected(self.wine, self.other_vendor))
        self._rule(product_id=self.wine.id, mode="never")
        self.assertFalse(self._is_inspected(self.wine, self.other_vendor))

    def test_vendor_with_addresses(self):
        self.rule.partner_id = self.vendor
        address = self.vendor.create({"name": "Depot", "parent_id": self.vendor.id})
        self.assertTrue(self._is_inspected(self.wine, address))
        self.assertFalse(self._is_inspected(self.wine, self.other_vendor))

    def test_every_nth_receipt(self):
        self.rule.write({"mode": "nth", "interval": 3})
        found = [self._is_inspected(self.wine) for _number in range(7)]
        self.assertEqual(found, [True, False, False] * 2 + [True])
        # Counted for each vendor.
        self.assertTrue(self._is_inspected(self.wine, self.other_vendor))
        self.assertFalse(self._is_inspected(self.wine, self.other_vendor))

    def test_score(self):
        """Without a score, or with a low one, goods are inspected."""
        self.rule.write({"mode": "score", "score_below": 80})
        self.assertTrue(self._is_inspected(self.wine))
        scores = {self.vendor: 79.9, self.other_vendor: 80.0}
        self.patch(
            self.env.registry["res.partner"],
            "_jxc_vendor_scores",
            lambda vendors: {one: scores[one] for one in vendors if one in scores},
        )
        self.assertTrue(self._is_inspected(self.wine))
        self.assertFalse(self._is_inspected(self.wine, self.other_vendor))

    def test_product_or_category(self):
        with self.assertRaises(ValidationError):
            self.rule.category_id = self.env["product.category"].create({"name": "A"})
        characteristic = self.env["jxc.inspection.characteristic"]
        with self.assertRaises(ValidationError):
            characteristic.create({"name": "Of nothing"})
        with self.assertRaises(ValidationError):
            characteristic.create(
                {
                    "name": "Upside down",
                    "product_tmpl_id": self.wine.product_tmpl_id.id,
                    "lower_limit": 5,
                    "upper_limit": 4,
                }
            )

    def test_queries_do_not_grow(self):
        """A receipt of many lines asks no more about rules than one of few."""
        products = [self._product(f"P{number}") for number in range(21)]

        def queries(products):
            order = self._buy(*((product, 1) for product in products))
            moves = self.env["stock.move"].browse(order.picking_ids.move_ids.ids)
            self.env.flush_all()
            self.env.invalidate_all()
            start = self.env.cr.sql_log_count
            moves._jxc_due_for_inspection()
            return self.env.cr.sql_log_count - start

        queries(products[:1])
        self.assertEqual(queries(products[1:2]), queries(products[2:]))

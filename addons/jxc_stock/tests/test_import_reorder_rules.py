# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import SUPERUSER_ID
from odoo.tests import tagged

from .import_common import ImportCase


@tagged("post_install", "-at_install")
class TestImportReorderRules(ImportCase):
    def _row(self, **values):
        return {
            "warehouse": self.warehouse.code,
            "code": "WINE",
            "min_qty": "12",
            "max_qty": "48",
            **values,
        }

    def test_created_and_updated(self):
        report = self._import(reorder_rules=[self._row()])
        self.assertEqual(self._counts(report), {"created": 1})
        rule = self.wine.orderpoint_ids
        self.assertRecordValues(
            rule,
            [
                {
                    "product_min_qty": 12,
                    "product_max_qty": 48,
                    "location_id": self.shelf.id,
                    "trigger": "manual",
                }
            ],
        )
        report = self._import(reorder_rules=[self._row()])
        self.assertEqual(self._counts(report), {"unchanged": 1})
        report = self._import(reorder_rules=[self._row(max_qty="60")])
        self.assertEqual(self._counts(report), {"updated": 1})
        self.assertEqual(self.wine.orderpoint_ids, rule)
        self.assertEqual(rule.product_max_qty, 60)

    def test_rules_of_the_system_stay(self):
        """The platform drops its own filled proposals every night, and only them."""
        system = self.env["jxc.import"].with_user(SUPERUSER_ID)
        system.run_tables(self._tables({"reorder_rules": [self._row(min_qty="0")]}))
        rule = self.wine.orderpoint_ids
        self.assertEqual(rule.create_uid.id, SUPERUSER_ID)
        tea = self._create_product("Tea", default_code="TEA")
        proposal = rule.with_user(SUPERUSER_ID).create(
            {
                "product_id": tea.id,
                "trigger": "manual",
                "location_id": self.shelf.id,
                "product_min_qty": 0,
                "product_max_qty": 0,
            }
        )
        # Nothing is to be ordered: there is more than enough.
        self.env["stock.quant"]._update_available_quantity(self.wine, self.shelf, 99)
        (rule | proposal)._unlink_processed_orderpoints()
        self.assertEqual((rule | proposal).exists(), rule)
        rule._unlink_processed_orderpoints()
        rule.browse()._unlink_processed_orderpoints()
        self.assertTrue(rule.exists())

    def test_rules_of_the_system_stay_when_they_order(self):
        """The platform drops filled rules of the system at once: not with levels."""
        system = self.env["jxc.import"].with_user(SUPERUSER_ID)
        tea = self._create_product("Tea", default_code="TEA")
        milk = self._create_product("Milk")
        for product in (self.wine, tea, milk):
            self.env["stock.quant"]._update_available_quantity(product, self.shelf, 99)
        rows = [self._row(), self._row(code="TEA", min_qty="0")]
        system.run_tables(self._tables({"reorder_rules": rows}))
        rules = (self.wine | tea).orderpoint_ids
        proposal = rules.with_user(SUPERUSER_ID).create(
            {
                "product_id": milk.id,
                "trigger": "manual",
                "location_id": self.shelf.id,
                "product_min_qty": 0,
                "product_max_qty": 0,
            }
        )
        keeper = self._new_user("orderer", "stock.group_stock_manager")
        for rule in rules | proposal:
            rule.with_user(keeper).action_replenish()
        self.assertEqual((rules | proposal).exists(), rules)
        # No client can say so, and people still delete what they want to be rid of.
        rules.with_context(jxc_ordering=True).unlink()
        self.assertFalse(rules.exists())

    def test_with_new_product(self):
        self._import(
            products=[{"code": "W1", "name": "Wine", "base_unit": "瓶"}],
            reorder_rules=[self._row(code="W1")],
        )
        self.assertEqual(self._product("W1").orderpoint_ids.product_min_qty, 12)

    def test_all_problems_at_once(self):
        work = {"type": "service", "is_storable": False, "default_code": "WORK"}
        self._create_product("Work", **work)
        self._assert_problems(
            {
                (2, "warehouse"): "no warehouse NONE",
                (3, "code"): "no product has the code NONE",
                (4, "code"): "not kept in stock",
                (5, "max_qty"): "less than the minimum",
                (6, "min_qty"): "too fine",
            },
            reorder_rules=[
                self._row(warehouse="NONE"),
                self._row(code="NONE"),
                self._row(code="WORK"),
                self._row(max_qty="3"),
                self._row(code="WATER", min_qty="0.001"),
            ],
            products=[{"code": "WATER", "name": "Water", "base_unit": "瓶"}],
        )
        self.assertFalse(self.wine.orderpoint_ids)

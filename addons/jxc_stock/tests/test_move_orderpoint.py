# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo.tests import new_test_user, tagged

from .common import UnitCase


@tagged("post_install", "-at_install")
class TestMoveOrderpoint(UnitCase):
    """Reordering rules are looked for where there are any, and always found there."""

    def _rule(self, product, warehouse=None, **values):
        warehouse = warehouse or self.warehouse
        return (
            self.env["stock.warehouse.orderpoint"]
            .sudo()
            .create(
                {
                    "product_id": product.id,
                    "warehouse_id": warehouse.id,
                    "location_id": warehouse.lot_stock_id.id,
                    "company_id": warehouse.company_id.id,
                    "product_min_qty": 10,
                    "product_max_qty": 10,
                    **values,
                }
            )
        )

    def _expect(self, product, quantity):
        """Have so much arrive in the warehouse soon."""
        self._create_move(product, quantity)._action_confirm()

    def test_move_changes_what_a_rule_orders(self):
        rule = self._rule(self.wine, trigger="manual")
        self.assertEqual(rule.qty_to_order, 10)
        self._expect(self.wine, 4)
        self.assertEqual(rule.qty_to_order, 6)

    def test_rule_made_after_the_first_move(self):
        """What was known to have no rule is not taken for it for ever."""
        self._expect(self.wine, 1)
        self.assertFalse(self.wine.jxc_has_orderpoints)
        rule = self._rule(self.wine, trigger="manual")
        self.assertTrue(self.wine.jxc_has_orderpoints)
        self._expect(self.wine, 4)
        self.assertEqual(rule.qty_to_order, 5)
        rule.unlink()
        self.assertFalse(self.wine.jxc_has_orderpoints)

    def test_archived_rule_counts(self):
        """Reading rules in use first does not hide one that comes back."""
        rule = self._rule(self.wine, trigger="manual", active=False)
        self.assertFalse(self.wine.orderpoint_ids)
        self.assertTrue(self.wine.jxc_has_orderpoints)
        rule.active = True
        self._expect(self.wine, 4)
        self.assertEqual(rule.qty_to_order, 6)

    def test_rule_of_another_company_counts(self):
        """Also for who sees one company only, and has read its rules before."""
        company = self.env["res.company"].create({"name": "Second"})
        warehouse = self.env["stock.warehouse"].search(
            [("company_id", "=", company.id)], limit=1
        )
        rule = self._rule(self.wine, warehouse, trigger="manual")
        self.assertEqual(rule.qty_to_order, 10)
        keeper = new_test_user(
            self.env, "one_company", groups="stock.group_stock_manager"
        )
        self.env.invalidate_all()
        wine = self.wine.with_user(keeper)
        self.assertFalse(wine.orderpoint_ids)
        self.assertTrue(wine.jxc_has_orderpoints)

    def test_automatic_rule_orders_when_goods_leave(self):
        """A delivery triggers the rule of its product, whatever else is delivered."""
        route = self.env["stock.route"].create(
            {
                "name": "From vendors",
                "rule_ids": [
                    (
                        0,
                        0,
                        {
                            "name": "Pull",
                            "action": "pull",
                            "procure_method": "make_to_stock",
                            "location_src_id": self.supplier.id,
                            "location_dest_id": self.shelf.id,
                            "picking_type_id": self.warehouse.in_type_id.id,
                        },
                    )
                ],
            }
        )
        self._rule(self.wine, trigger="auto", route_id=route.id, product_min_qty=0)
        other = self._create_product("No Rule")
        other = self._create_product("No Rule")
        picking = self.env["stock.picking"].create(
            {
                "picking_type_id": self.warehouse.out_type_id.id,
                "location_id": self.shelf.id,
                "location_dest_id": self.customers.id,
            }
        )
        for product in (other, self.wine):
            self._create_move(
                product,
                3,
                picking_id=picking.id,
                location_id=self.shelf.id,
                location_dest_id=self.customers.id,
            )
        picking.action_confirm()
        ordered = self.env["stock.move"].search(
            [
                ("product_id", "in", (self.wine | other).ids),
                ("location_id", "=", self.supplier.id),
            ]
        )
        self.assertEqual(ordered.product_id, self.wine)

    def test_no_question_per_move(self):
        """Confirming asks for rules once, however many goods there are."""
        products = self._create_product("P0")
        for number in range(1, 12):
            products |= self._create_product(f"P{number}")

        def statements(chosen):
            moves = self.env["stock.move"].union(
                *(self._create_move(product, 1) for product in chosen)
            )
            self.env.flush_all()
            self.env.invalidate_all()
            moves.mapped("product_id.jxc_has_orderpoints")
            before = self.cr.sql_log_count
            moves._trigger_scheduler()
            moves._update_orderpoints()
            return self.cr.sql_log_count - before

        statements(products[:1])
        self.assertEqual(statements(products[1:2]), statements(products[2:]))
        self.assertEqual(statements(products[2:]), 0)


@tagged("post_install", "-at_install")
class TestPartnerLocations(UnitCase):
    """Where goods come from and go to is found without a statement."""

    def test_known_locations_ask_nothing(self):
        warehouses = self.env["stock.warehouse"]
        expected = (self.customers, self.supplier)
        self.assertEqual(warehouses._get_partner_locations(), expected)
        before = self.cr.sql_log_count
        self.assertEqual(warehouses._get_partner_locations(), expected)
        self.assertEqual(self.cr.sql_log_count, before)

    def test_deleted_location_is_replaced(self):
        """Without the platform's own record, another one of the kind serves."""
        other = self.customers.copy({"name": "Customers abroad"})
        self.env["ir.model.data"].search(
            [("model", "=", "stock.location"), ("res_id", "=", self.customers.id)]
        ).unlink()
        self.customers.usage = "view"
        customers, supplier = self.env["stock.warehouse"]._get_partner_locations()
        self.assertEqual(customers.usage, "customer")
        self.assertIn(
            other, self.env["stock.location"].search([("usage", "=", "customer")])
        )
        self.assertEqual(supplier, self.supplier)

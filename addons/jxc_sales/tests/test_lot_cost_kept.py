# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo.exceptions import AccessError
from odoo.tests import TransactionCase, new_test_user, tagged


@tagged("post_install", "-at_install")
class TestLotCostKept(TransactionCase):
    """What a lot cost when it left is noted by leaving."""

    def test_not_written(self):
        boss = new_test_user(
            self.env,
            "lot_cost_boss",
            "stock.group_stock_manager,account.group_account_user",
        )
        warehouse = self.env["stock.warehouse"].search([], limit=1)
        product = self.env["product.product"].create(
            {"name": "Oil", "is_storable": True}
        )
        vals = {
            "product_id": product.id,
            "company_id": warehouse.company_id.id,
            "quantity": 1,
            "location_id": self.env.ref("stock.stock_location_suppliers").id,
            "location_dest_id": warehouse.lot_stock_id.id,
        }
        lines = self.env["stock.move.line"].with_user(boss)
        line = lines.with_context(default_jxc_lot_cost=99).create(vals)
        self.assertEqual(line.sudo().jxc_lot_cost, 0)
        with self.assertRaises(AccessError):
            line.jxc_lot_cost = 99
        with self.assertRaises(AccessError):
            lines.create({**vals, "jxc_lot_cost": 99})

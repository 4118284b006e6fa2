# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import tagged

from .control_common import ControlCase


@tagged("post_install", "-at_install")
class TestServerKept(ControlCase):
    """What follows from other things, no client writes."""

    def test_status_of_places(self):
        boss = self._new_user("boss", "stock.group_stock_manager")
        bad = self._place("Bad", "defective")
        with self._refused("follows from", AccessError):
            bad.with_user(boss).jxc_status = "available"
        places = bad.with_user(boss).browse()
        vals = {"name": "New", "location_id": bad.id}
        with self._refused("follows from", AccessError):
            places.create({**vals, "jxc_status": "available"})
        new = places.with_context(default_jxc_status="available").create(vals)
        self.assertEqual(new.jxc_status, "defective")
        self.assertIn(new.id, new._jxc_held_ids())
        bad.with_user(boss).jxc_stock_status = "inspect"
        self.assertEqual((bad | new).mapped("jxc_status"), ["inspect", "inspect"])

    def test_moves(self):
        other = self.env["stock.warehouse"].create({"name": "Other", "code": "OTH"})
        allocation = self.env["jxc.stock.allocation"].create(
            {
                "product_ids": self.product.ids,
                "line_ids": [
                    Command.create(
                        {
                            "product_id": self.product.id,
                            "source_id": self.warehouse.id,
                            "target_id": other.id,
                            "quantity": 2,
                        }
                    )
                ],
            }
        )
        line = allocation.line_ids
        move = self._create_move(self.product, 1)
        mine = move.with_user(self.keeper)
        names = ("product_id", "product_uom", "location_id")
        same = {name: move[name].id for name in (*names, "location_dest_id")}
        same["product_uom_qty"] = 1
        for vals in (
            {"jxc_allocation_line_id": line.id},
            {"jxc_import_number": "opening | 1"},
        ):
            with self.subTest(vals):
                with self._refused("follows from what made them", AccessError):
                    mine.write(vals)
                with self._refused("follows from what made them", AccessError):
                    mine.with_context(jxc_allocating=True).create({**same, **vals})
        twin = mine.with_context(
            default_jxc_import_number="x", default_jxc_allocation_line_id=line.id
        ).create(same)
        self.assertFalse(twin.jxc_import_number)
        self.assertFalse(twin.jxc_allocation_line_id)

    def test_plan_of_a_count(self):
        plan = self.env["jxc.stock.count.plan"].search([], limit=1)
        boss = self._new_user("boss", "stock.group_stock_manager")
        plan = plan or plan.create({"name": "Plan", "warehouse_id": self.warehouse.id})
        count = self.env["jxc.stock.count"].with_user(boss)
        with self._refused("follows from its actions", AccessError):
            count.create({"warehouse_id": self.warehouse.id, "plan_id": plan.id})

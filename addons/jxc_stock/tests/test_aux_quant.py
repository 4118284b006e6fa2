# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo.exceptions import AccessError
from odoo.tests import tagged

from .aux_common import AuxCase


@tagged("post_install", "-at_install")
class TestAuxQuant(AuxCase):
    """Counting goods of two quantities, and quants that become one or nothing."""

    def _quant(self):
        return (
            self.env["stock.quant"]
            .with_context(inventory_mode=True)
            .search(
                [("product_id", "=", self.pig.id), ("location_id", "=", self.shelf.id)]
            )
        )

    def test_count(self):
        self._bring(1000, 10)
        quant = self._quant()
        for counted, head, after in (
            (980, None, (980, 10)),  # dried up: the same head
            (490, None, (490, 5)),  # half of it is gone
            (490, 6, (490, 6)),  # only the head were wrong
            (500, 5, (500, 5)),  # more weight, fewer head
            (0, None, (0, 0)),
        ):
            with self.subTest(counted=counted, head=head):
                quant.inventory_quantity = counted
                if head is not None:
                    quant.jxc_aux_inventory_qty = head
                quant.action_apply_inventory()
                self.assertEqual(self._stock(), after)
                self._assert_balanced(self.pig)

    def test_count_of_head_alone(self):
        self._bring(1000, 10)
        quant = self._quant()
        quant.jxc_aux_inventory_qty = 9
        self.assertTrue(quant.inventory_quantity_set)
        quant.action_apply_inventory()
        self.assertEqual(self._stock(), (1000, 9))
        self.assertFalse(quant.inventory_quantity_set)
        self._assert_balanced(self.pig)

    def test_count_by_stock_user(self):
        """New stock found by a count, entered by somebody who may only count."""
        user = self._new_user("aux_counter", "stock.group_stock_user")
        Quant = (
            self.env["stock.quant"].with_user(user).with_context(inventory_mode=True)
        )
        quant = Quant.create(
            {
                "product_id": self.pig.id,
                "location_id": self.shelf.id,
                "inventory_quantity": 310,
                "jxc_aux_inventory_qty": 3,
            }
        )
        quant.action_apply_inventory()
        self.assertEqual(self._stock(), (310, 3))
        with self.assertRaises(AccessError):
            quant.jxc_aux_qty = 99
        with self.assertRaises(AccessError):
            Quant.create(
                {
                    "product_id": self.pig.id,
                    "location_id": self.stall.id,
                    "inventory_quantity": 1,
                    "jxc_aux_qty": 5,
                }
            )
        found = Quant.with_context(default_jxc_aux_qty=50).create(
            {
                "product_id": self.pig.id,
                "location_id": self.stall.id,
                "inventory_quantity": 100,
            }
        )
        self.assertEqual(found.jxc_aux_qty, 0, "a default is no way around either")
        manager = self._new_user("aux_manager", "stock.group_stock_manager")
        with self.assertRaises(AccessError):
            quant.with_user(manager).with_context(inventory_mode=False).write(
                {"jxc_aux_qty": 99}
            )

    def test_merge_and_zero_quants(self):
        """Quants doubled by parallel operations are merged with their head; head
        without weight do not vanish."""
        self._bring(1000, 10)
        self.env["stock.quant"].create(
            {
                "product_id": self.pig.id,
                "location_id": self.shelf.id,
                "quantity": 200,
                "jxc_aux_qty": 2,
            }
        )
        self.env["stock.quant"]._merge_quants()
        self.assertEqual(len(self._quant()), 1)
        self.assertEqual(self._stock(), (1200, 12))
        out = self._create_move(
            self.pig, 1200, location_id=self.shelf.id, location_dest_id=self.stall.id
        )
        out._action_confirm()
        out._action_assign()
        out.move_line_ids.jxc_aux_qty = 11
        out.picked = True
        out._action_done()
        self.env["stock.quant"]._quant_tasks()
        self.assertEqual(self._stock(), (0, 1))
        quant = self._quant()
        quant.jxc_aux_inventory_qty = 0
        quant.action_apply_inventory()
        self.env["stock.quant"]._quant_tasks()
        self.assertFalse(self._quant())

# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import tagged

from .control_common import ControlCase


@tagged("post_install", "-at_install")
class TestDoneKept(ControlCase):
    """What was moved is not rewritten; stock staff corrects quantities."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # Who bills may write moves, as the platform has it.
        cls.clerk = cls._new_user("clerk", "account.group_account_invoice")
        cls.product.standard_price = 5
        cls.picking = cls.env["stock.picking"].create(
            {
                "picking_type_id": cls.warehouse.out_type_id.id,
                "location_id": cls.shelf.id,
                "location_dest_id": cls.customers.id,
                "partner_id": cls.env["res.partner"].create({"name": "Inn"}).id,
            }
        )
        cls.move = cls._delivery(cls.product, 4, picking_id=cls.picking.id)
        cls._validate(cls.move)
        cls.line = cls.move.move_line_ids

    def test_facts_of_moves(self):
        other = self._create_product("Vinegar", {})
        scrap = self.env["stock.location"].search([("usage", "=", "inventory")])[:1]
        origin = self._create_move(self.product, 1)
        self.move.origin_returned_move_id = origin
        changes = (
            {"state": "cancel"},
            {"product_id": other.id},
            {"location_id": scrap.id},
            {"location_dest_id": scrap.id},
            {"picking_id": False},
            {"is_out": False},
            {"is_in": True},
            {"is_dropship": True},
            {"origin_returned_move_id": False},
        )
        for user in (self.clerk, self.keeper):
            for values in changes:
                with (
                    self.subTest(values, user=user.login),
                    self._refused("moved already", AccessError),
                ):
                    self.move.with_user(user).write(values)
        self.assertEqual(self.move.state, "done")
        self.assertTrue(self.move.is_out)

    def test_value_of_moves(self):
        """Also for who may see it."""
        self.assertEqual(self.move.value, 20)
        boss = self._new_user(
            "boss", "stock.group_stock_manager,account.group_account_manager"
        )
        for values in ({"value": 1}, {"price_unit": 1}):
            with (
                self.subTest(values),
                self._refused("moved already", AccessError),
            ):
                self.move.with_user(boss).write(values)

    def test_operations(self):
        """What the platform lets every user write."""
        clerk = self.line.with_user(self.clerk)
        for values in ({"move_id": False}, {"picking_id": False}):
            for user in (self.clerk, self.keeper):
                with (
                    self.subTest(values, user=user.login),
                    self._refused("stay there", AccessError),
                ):
                    self.line.with_user(user).write(values)
        dozen = self.env.ref("uom.product_uom_dozen")
        for values in (
            {"quantity": 1},
            {"product_uom_id": dozen.id},
            {"location_id": self.warehouse.wh_input_stock_loc_id.id},
        ):
            with (
                self.subTest(values),
                self._refused("only stock staff", AccessError),
            ):
                clerk.write(values)
        with self._refused("only stock staff", AccessError):
            self.move.with_user(self.clerk).quantity = 1
        with self._refused("only stock staff", AccessError):
            self.move.with_user(self.clerk).write(
                {"move_line_ids": [Command.update(self.line.id, {"quantity": 1})]}
            )
        more = {name: self.line[name].id for name in ("product_id", "location_id")}
        more |= {
            "move_id": self.move.id,
            "location_dest_id": self.customers.id,
            "product_uom_id": self.product.uom_id.id,
            "quantity": 1,
        }
        with self._refused("only stock staff", AccessError):
            clerk.create(more)
        self.assertEqual(self.product.qty_available, 6)

    def test_dates(self):
        before = self.move.date
        with self._refused("only stock staff", AccessError):
            self.move.with_user(self.clerk).date = "2020-01-01 12:00:00"
        self.assertEqual(self.move.date, before)
        self.picking.with_user(self.keeper).date_done = "2020-01-01 12:00:00"
        self.assertEqual(str(self.move.date), "2020-01-01 12:00:00")

    def test_stock_staff_corrects(self):
        self.line.with_user(self.keeper).quantity = 1
        self.assertEqual(self.product.qty_available, 9)
        self.assertEqual((self.move.quantity, self.move.value), (1, 5))
        self.move.with_user(self.keeper).quantity = 2
        self.assertEqual(self.product.qty_available, 8)

    def test_what_is_sent_back_unchanged(self):
        self.move.with_user(self.clerk).write(
            {
                "product_id": self.product.id,
                "state": "done",
                "location_id": self.shelf.id,
                "picking_id": self.picking.id,
                "quantity": 4,
            }
        )
        self.line.with_user(self.clerk).write(
            {"move_id": self.move.id, "quantity": 4, "lot_id": False}
        )
        self.assertEqual(self.product.qty_available, 6)

    def test_transparent_rule(self):
        """A rule that sends goods on in their own movement does so for anybody."""
        inner = self._place("Inner")
        self.env["stock.route"].create(
            {
                "name": "On",
                "product_selectable": True,
                "product_ids": [Command.link(self.product.product_tmpl_id.id)],
                "rule_ids": [
                    Command.create(
                        {
                            "name": "On",
                            "action": "push",
                            "auto": "transparent",
                            "location_src_id": self.shelf.id,
                            "location_dest_id": inner.id,
                            "picking_type_id": self.warehouse.int_type_id.id,
                        }
                    )
                ],
            }
        )
        move = self._create_move(self.product, 3)
        move._action_confirm()
        move.quantity = 3
        move.picked = True
        move.with_user(self.keeper)._action_done()
        self.assertEqual(move.location_dest_id, inner)

# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import Command
from odoo.exceptions import AccessError
from odoo.tests import Form, tagged

from .inspection_common import InspectionCommon


@tagged("post_install", "-at_install")
class TestInspectionAsked(InspectionCommon):
    """An inspection that was asked for does not vanish with its receipt."""

    def _asked(self):
        order = self._buy((self.water, 10), user_id=self.buyer.id)
        order.picking_ids.with_user(self.inspector).action_jxc_ask_inspection()
        return order

    def assertInspected(self, order):
        self._come(order)
        self.assertEqual((self._free(self.water), len(self._inspection(order))), (0, 1))

    def test_receipt_copied(self):
        order = self._asked()
        receipt = order.picking_ids.with_user(self.inspector)
        twin = receipt.copy()
        receipt.action_cancel()
        twin.action_confirm()
        twin.move_ids.quantity = 10
        twin.move_ids.picked = True
        twin.button_validate()
        self.assertEqual(twin.state, "done")
        self.assertEqual(order.order_line.jxc_qty_arrived, 10)
        self.assertEqual((self._free(self.water), len(self._inspection(order))), (0, 1))

    def test_order_taken_back(self):
        order = self._asked().with_user(self.buyer)
        order.button_cancel()
        order.button_draft()
        order.button_confirm()
        moves = order.sudo().picking_ids.move_ids
        move = moves.filtered(lambda one: one.state != "cancel")
        self.assertTrue(move.jxc_inspect)
        self.assertTrue(move.picking_id.jxc_to_inspect)
        self.assertInspected(order.sudo())

    def test_line_exchanged(self):
        """Nor does it vanish with the line of the order."""
        order = self._asked().with_user(self.buyer)
        order.button_cancel()
        order.button_draft()
        line = order.order_line
        for change in (
            lambda: order.write({"order_line": [Command.delete(line.id)]}),
            lambda: line.write({"product_id": self.wine.id}),
            lambda: line.write({"jxc_inspect": False}),
        ):
            with self.assertRaises(AccessError), self.env.cr.savepoint():
                change()
            self.env.invalidate_all()
        with Form(order) as form, form.order_line.edit(0) as shown:
            shown.product_qty = 12
        self.assertTrue(line.jxc_inspect)

    def test_move_made_for_the_order(self):
        """Whatever brings goods of the line is inspected."""
        order = self._asked()
        other = self._buy((self.wine, 1)).picking_ids.with_user(self.inspector)
        other.move_ids = [
            Command.create(
                {
                    "product_id": self.water.id,
                    "product_uom_qty": 4,
                    "location_id": other.location_id.id,
                    "location_dest_id": other.location_dest_id.id,
                    "purchase_line_id": order.order_line.id,
                }
            )
        ]
        other.action_confirm()
        other.move_ids.picked = True
        other.button_validate()
        self.assertEqual((other.state, self._free(self.water)), ("done", 0))

    def test_called_off(self):
        """Managers decide: for what comes then, and for what comes again."""
        order = self._asked()
        move = order.picking_ids.move_ids
        with self.assertRaises(AccessError):
            move.with_user(self.inspector).jxc_inspect = False
        move.with_user(self.keeper).jxc_inspect = False
        self.assertFalse(order.order_line.jxc_inspect)
        order.button_cancel()
        order.button_draft()
        order.button_confirm()
        self._come(order)
        self.assertEqual(self._free(self.water), 10)


@tagged("post_install", "-at_install")
class TestRejectedComesAgain(InspectionCommon):
    """Rejected goods come again for their order, or by decision of somebody."""

    def setUp(self):
        super().setUp()
        order = self._buy((self.water, 10))
        order.picking_ids.with_user(self.inspector).action_jxc_ask_inspection()
        self._come(order)
        inspection = self._inspection(order)
        self._decide(inspection, accepted=6, rejected=4, reject_to="exchange")
        self.back = inspection.move_ids.picking_id.with_user(self.inspector)
        self.back.button_validate()
        self.assertEqual((self.back.state, self._free(self.water)), ("done", 6))
        self.order = order

    def test_for_the_order(self):
        """The replacement is inspected as what came first, and accepted."""
        self._come(self.order)
        self._decide(self._inspection(self.order), accepted=4)
        self.assertEqual(self._free(self.water), 10)

    def test_without_order(self):
        receipt = self.order.picking_ids.filtered(
            lambda one: one.state not in ("done", "cancel")
        ).with_user(self.inspector)
        receipt.action_cancel()
        plain = receipt.create(
            {
                "picking_type_id": self.warehouse.in_type_id.id,
                "location_id": receipt.location_id.id,
                "location_dest_id": self.stock.id,
                "move_ids": [
                    Command.create(
                        {
                            "product_id": self.water.id,
                            "product_uom_qty": 4,
                            "location_id": receipt.location_id.id,
                            "location_dest_id": self.stock.id,
                        }
                    )
                ],
            }
        )
        plain.action_confirm()
        plain.move_ids.picked = True
        with self.assertRaisesRegex(AccessError, "as much left as defective"):
            plain.button_validate()

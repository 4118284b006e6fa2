# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged

from .inspection_common import InspectionCommon


@tagged("post_install", "-at_install")
class TestInspectionAway(InspectionCommon):
    """Counts, returns, transfers and scraps do not decide what an inspection does."""

    def _arrived(self, quantity=10):
        order = self._buy((self.wine, quantity))
        receipt = self._come(order)
        return order, receipt, self._inspection(order)

    def _quant(self, place):
        return self.env["stock.quant"].search(
            [("product_id", "=", self.wine.id), ("location_id", "=", place.id)]
        )

    def assertStillHeld(self, quantity=10, free=0):
        self.env.invalidate_all()
        self.assertEqual((self._free(), self._in(self.place)), (free, quantity))

    def _count(self, *found):
        """A whole count of the warehouse; found are (place, quantity)."""
        reason = self.env["jxc.stock.count.reason"].create({"name": "Lost"})
        count = (
            self.env["jxc.stock.count"]
            .with_user(self.keeper)
            .create(
                {
                    "warehouse_id": self.warehouse.id,
                    "product_ids": self.wine.ids,
                    "reason_id": reason.id,
                }
            )
        )
        count.action_start()
        counter = self.inspector
        sheet = count.with_user(counter)._find_or_create_sheet()
        for place, quantity in found:
            self.env["jxc.stock.count.entry"].with_user(counter).create(
                {
                    "sheet_id": sheet.id,
                    "product_id": self.wine.id,
                    "location_id": place.id,
                    "quantity": quantity,
                }
            )
        count.action_submit()
        return count

    def test_count_of_the_whole_warehouse(self):
        """Goods that are found where they are to be inspected stay there."""
        self.env["stock.quant"]._update_available_quantity(self.wine, self.stock, 5)
        self._arrived()
        count = self._count((self.place, 10), (self.stock, 4))
        count.action_apply()
        self.assertEqual(count.state, "done")
        self.assertStillHeld(free=4)

    def test_count_that_misses_goods_to_inspect(self):
        """Neither fewer nor more: the inspection says what came."""
        _order, _receipt, inspection = self._arrived()
        for found in (0, 4, 12):
            count = self._count((self.place, found))
            with (
                self.subTest(found=found),
                self.assertRaisesRegex(UserError, inspection.name),
                self.cr.savepoint(),
            ):
                count.action_apply()
            self.assertStillHeld()
            count.action_cancel()
        inspection.action_accept_rest()
        inspection.action_done()
        self.assertEqual((self._free(), self._in(self.place)), (10, 0))

    def _returning(self):
        """3 of 10 are rejected and wait for their way back; another 5 just came."""
        order, _receipt, inspection = self._arrived()
        self._decide(inspection, accepted=7, rejected=3, reject_to="return")
        self._arrived(5)
        back = inspection.move_ids.picking_id.with_user(self.keeper)
        self.assertEqual((back.state, self._free()), ("assigned", 7))
        return order, back

    def _send(self, back):
        """Validate; a refusal leaves everything as it was."""
        back.move_ids.picked = True
        back.button_validate()

    def test_return_that_goes_to_stock_instead(self):
        """Rejected goods of a return come to no place of ours, however it is said."""
        order, back = self._returning()
        for record in (back, back.move_ids, back.move_line_ids):
            with (
                self.subTest(record._name),
                self.assertRaises(UserError),
                self.cr.savepoint(),
            ):
                record.location_dest_id = self.stock
                self._send(back)
            self.env.invalidate_all()
            self.assertEqual((self._free(), self._in(self.defective)), (7, 3))
            self.assertStillHeld(5, free=7)
        self._send(back)
        self.assertEqual(back.state, "done")
        self.assertEqual(order.order_line.qty_received, 7)
        self.assertStillHeld(5, free=7)

    def test_return_that_is_changed_afterwards(self):
        """Neither its operations nor new ones bring done returns back to stock."""
        _order, back = self._returning()
        self._send(back)
        added = {
            "move_id": back.move_ids.id,
            "picking_id": back.id,
            "product_id": self.wine.id,
            "quantity": 3,
            "location_id": self.defective.id,
            "location_dest_id": self.stock.id,
        }
        for change in (
            lambda: back.move_line_ids.write({"location_dest_id": self.stock.id}),
            lambda: back.move_ids.write({"location_dest_id": self.stock.id}),
            lambda: back.move_line_ids.create(added),
        ):
            with self.assertRaises(UserError), self.cr.savepoint():
                change()
            self.env.invalidate_all()
            self.assertEqual((self._free(), self._in(self.defective)), (7, 0))

    def test_plain_return_that_goes_to_stock_instead(self):
        """The platform's return of rejected goods leads out of the house as well."""
        self.rule.mode = "never"
        order = self._buy((self.wine, 10))
        order.picking_ids.with_user(self.inspector).action_jxc_ask_inspection()
        receipt = self._come(order)
        self._decide(self._inspection(order), accepted=7, rejected=3)
        wizard = self.env["stock.return.picking"].with_user(self.keeper)
        wizard = wizard.with_context(
            active_id=receipt.id, active_ids=receipt.ids, active_model="stock.picking"
        ).create({"picking_id": receipt.id})
        wizard.product_return_moves.quantity = 3
        back = wizard._create_return()
        back.move_ids.location_id = self.defective
        back.action_assign()
        back.move_line_ids.location_id = self.defective
        back.location_dest_id = self.stock
        with self.assertRaisesRegex(UserError, "rejected"), self.cr.savepoint():
            self._send(back)
        self.env.invalidate_all()
        self.assertEqual((self._free(), self._in(self.defective)), (7, 3))

    def test_return_that_takes_goods_to_inspect(self):
        """A return of rejected goods takes no goods whose inspection is open."""
        _order, back = self._returning()
        for record in (back.move_ids, back.move_line_ids):
            with (
                self.subTest(record._name),
                self.assertRaises(UserError),
                self.cr.savepoint(),
            ):
                record.location_id = self.place
                self._send(back)
            self.assertStillHeld(5, free=7)

    def test_transfer_with_operations_of_its_own(self):
        """Operations that name the goods themselves need no reservation."""
        _order, _receipt, inspection = self._arrived()
        for dest in (self.stock, self.warehouse._jxc_defective_place()):
            with (
                self.subTest(dest.name),
                self.assertRaisesRegex(UserError, inspection.name),
                self.cr.savepoint(),
            ):
                picking = (
                    self.env["stock.picking"]
                    .with_user(self.keeper)
                    .create(
                        {
                            "picking_type_id": self.warehouse.int_type_id.id,
                            "location_id": self.stock.id,
                            "location_dest_id": dest.id,
                            "move_line_ids": [
                                Command.create(
                                    {
                                        "product_id": self.wine.id,
                                        "quantity": 10,
                                        "quant_id": self._quant(self.place).id,
                                        "location_id": self.place.id,
                                        "location_dest_id": dest.id,
                                    }
                                )
                            ],
                        }
                    )
                )
                picking.action_confirm()
                self._send(picking)
            self.assertStillHeld()

    def test_rejected_goods_beside_a_receipt(self):
        """Validated together with goods that are inspected, they are not inspected."""
        _order, _receipt, inspection = self._arrived()
        self._decide(inspection, accepted=7, rejected=3)
        self.assertEqual(self._in(self.defective), 3)
        picking = (
            self.env["stock.picking"]
            .with_user(self.inspector)
            .create(
                {
                    "picking_type_id": self.warehouse.int_type_id.id,
                    "location_id": self.defective.id,
                    "location_dest_id": self.stock.id,
                    "jxc_release_reason": "Looks fine",
                    "move_ids": [
                        Command.create(
                            {
                                "product_id": self.wine.id,
                                "product_uom_qty": 3,
                                "location_id": self.defective.id,
                                "location_dest_id": self.stock.id,
                            }
                        )
                    ],
                }
            )
        )
        picking.action_confirm()
        picking.action_assign()
        order = self._buy((self.wine, 5))
        both = picking | order.picking_ids.with_user(self.inspector)
        for pickings in (picking, both):
            with self.assertRaises(AccessError), self.cr.savepoint():
                self._send(pickings)
            self.env.invalidate_all()
            self.assertEqual((self._free(), self._in(self.defective)), (7, 3))
        self._send(picking.with_user(self.keeper))
        self.assertEqual((self._free(), self._in(self.defective)), (10, 0))

    def test_scrap_that_is_undone(self):
        """What cannot be scrapped cannot come back from the scrap either."""
        _order, _receipt, inspection = self._arrived()
        scraps = self.env["stock.location"].search(
            [("usage", "=", "inventory"), ("company_id", "=", self.company.id)], limit=1
        )
        scrap = self.env["stock.scrap"].with_user(self.keeper)
        with self.assertRaisesRegex(UserError, inspection.name), self.cr.savepoint():
            scrap.create(
                {
                    "product_id": self.wine.id,
                    "scrap_qty": 10,
                    "location_id": self.place.id,
                    "scrap_location_id": scraps.id,
                }
            ).action_validate()
        self.assertStillHeld()
        self.assertFalse(scrap.search([("product_id", "=", self.wine.id)]))

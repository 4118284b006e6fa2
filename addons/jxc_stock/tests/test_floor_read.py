# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged

from .floor_common import KEY, FloorCase, photo


@tagged("post_install", "-at_install")
class TestFloorRead(FloorCase):
    """What a device is told, and what it may not send."""

    def test_count_code(self):
        """Who counts learns what a code means, and nothing about the stock."""
        milk = self._create_product("Milk", {"箱": 12}, tracking="lot", barcode="M-1")
        lot = self.env["stock.lot"].create({"name": "M-LOT", "product_id": milk.id})
        self.env["stock.quant"]._update_available_quantity(
            milk, self.shelf, 98765.5, lot_id=lot
        )
        count = self.env["jxc.stock.count"].create(
            {
                "warehouse_id": self.warehouse.id,
                "product_ids": milk.ids,
                "blind": True,
            }
        )
        count.action_start()
        counter = self._new_user("jxc_floor_blind", "jxc_stock.group_stock_counter")
        floor = self.env["jxc.floor.operation"].with_user(counter)
        self.assertEqual(floor.read_code(count.id, "SHELF-1")["type"], "location")
        found = floor.read_code(count.id, "M-LOT")
        self.assertEqual((found["id"], found["lot"]), (milk.id, "M-LOT"))
        self.assertEqual(found["units"][0], {"name": "箱", "factor": 12.0})
        self.assertNotIn("98765.5", str(found))
        for unknown in ("nothing", "", None, 7):
            with self.assertRaises(UserError):
                floor.read_code(count.id, unknown)
        with self.assertRaises(UserError):
            floor.read_code(0, "M-1")
        with self.assertRaises(AccessError):
            floor.with_user(self.outsider).read_code(count.id, "M-1")
        lines = [
            {"barcode": "SHELF-1"},
            {"barcode": "M-1", "quantity_text": "1箱", "lot_name": "M-LOT"},
        ]
        self._submit("count", lines, user=counter, count_id=count.id)
        entry = count.sheet_ids.entry_ids
        self.assertEqual((entry.lot_id, entry.quantity), (lot, 12))
        lines[1]["lot_name"] = "M-NONE"
        with self.assertRaises(UserError) as refused:
            self._submit("count", lines, user=counter, count_id=count.id)
        self.assertIn("M-NONE", str(refused.exception))

    def test_wrong_messages(self):
        floor = self.env["jxc.floor.operation"].with_user(self.keeper)
        picking = self._picking()
        good = {"lines": [self._line("1")], "picking_id": picking.id}
        for arguments in (
            ("short", "receive", good),
            (None, "receive", good),
            (KEY[:16] + "\0", "receive", good),
            (KEY % 1, "receive", {"lines": [self._line("1", lot_name="a\0")]}),
            (KEY % 1, "receive", {**good, "picking_id": True}),
            (KEY % 1, "sell", good),
            (KEY % 1, "_claim", good),
            (KEY % 1, "receive", []),
            (KEY % 1, "receive", {**good, "lines": "x"}),
            (KEY % 1, "receive", {**good, "lines": [self._line("1")] * 501}),
            (KEY % 1, "receive", {**good, "photos": 7}),
            (KEY % 1, "receive", {**good, "photos": {"data": photo()}}),
            (KEY % 1, "receive", {**good, "photos": ["no dict"]}),
            (KEY % 1, "receive", {**good, "photos": [{"data": "no picture"}]}),
            (KEY % 1, "receive", {**good, "photos": [{"data": "PHN2Zz4="}]}),
            (KEY % 1, "receive", {**good, "photos": [{"data": photo()}] * 11}),
        ):
            with self.subTest(arguments=arguments), self.assertRaises(UserError):
                with self.env.cr.savepoint():
                    floor.submit(*arguments)

    def test_rights(self):
        floor = self.env["jxc.floor.operation"].with_user(self.outsider)
        picking = self._picking()
        with self.assertRaises(AccessError):
            self._submit(
                "receive",
                [self._line("1")],
                user=self.outsider,
                picking_id=picking.id,
            )
        for method, argument in (
            ("get_documents", "receive"),
            ("get_document", picking.id),
            ("look_up", "WINE-1"),
        ):
            with self.assertRaises(AccessError):
                getattr(floor, method)(argument)
        self._submit("receive", [self._line("1")], picking_id=picking.id)
        mine = self.env["jxc.floor.operation"].with_user(self.keeper).search([])
        self.assertEqual(mine.user_id, self.keeper)
        for change in (
            lambda: mine[:1].write({"payload": {}}),
            lambda: mine[:1].unlink(),
            lambda: mine.create(
                {
                    "key": KEY % 7000,
                    "kind": "pick",
                    "user_id": self.keeper.id,
                    "company_id": self.env.company.id,
                }
            ),
        ):
            with self.assertRaises(AccessError):
                change()
        other = self._new_user("jxc_floor_3", "stock.group_stock_user")
        self.assertFalse(mine.with_user(other).search([("id", "in", mine.ids)]))

    def test_two_companies(self):
        """Documents of a company where somebody does not work stay out of reach."""
        company = self.env["res.company"].create({"name": "Other"})
        warehouse = self.env["stock.warehouse"].search(
            [("company_id", "=", company.id)]
        )
        picking = self.env["stock.picking"].create(
            {
                "picking_type_id": warehouse.in_type_id.id,
                "location_id": self.supplier.id,
                "location_dest_id": warehouse.lot_stock_id.id,
                "move_ids": [
                    Command.create(
                        {
                            "product_id": self.wine.id,
                            "product_uom_qty": 5,
                            "location_id": self.supplier.id,
                            "location_dest_id": warehouse.lot_stock_id.id,
                            "company_id": company.id,
                        }
                    )
                ],
            }
        )
        picking.action_confirm()
        with self.assertRaises(AccessError):
            self._submit("receive", [self._line("5")], picking_id=picking.id)
        floor = self.env["jxc.floor.operation"].with_user(self.keeper)
        listed = [one["id"] for one in floor.get_documents("receive")]
        self.assertNotIn(picking.id, listed)
        self.keeper.company_ids |= company
        both = floor.with_context(allowed_company_ids=[company.id, self.env.company.id])
        both.submit(
            KEY % 8000,
            "receive",
            {"lines": [self._line("5")], "picking_id": picking.id, "finish": True},
        )
        self.assertEqual(picking.state, "done")
        self.assertTrue(both.search([("key", "=", KEY % 8000)]))
        alone = floor.with_context(allowed_company_ids=self.env.company.ids)
        self.assertFalse(alone.search([("key", "=", KEY % 8000)]))

    def test_look_up(self):
        self._receive(self.wine, 41)
        floor = self.env["jxc.floor.operation"].with_user(self.keeper)
        found = floor.look_up("WINE-1")
        self.assertEqual(found["type"], "goods")
        self.assertEqual(found["on_hand"], "3箱5瓶")
        self.assertEqual(found["stock"][0]["free"], "3箱5瓶")
        self.assertEqual(found["units"][-1], {"name": "瓶", "factor": 1.0})
        self._unit(self.wine, "箱").barcode = "WINE-12"
        self.assertEqual(floor.look_up("WINE-12")["scan_qty"], 12)
        self.assertEqual(floor.look_up("BIN-1")["id"], self.bin.id)
        picking = self._picking()
        found = floor.look_up(f"{picking.name}\0")
        self.assertEqual((found["kind"], found["state_name"]), ("receive", "Ready"))
        for unknown in ("nothing", "", None, 7):
            with self.assertRaises(UserError):
                floor.look_up(unknown)

    def test_look_up_much(self):
        """Stock in more places than are listed is counted in full; what is not free
        for orders is not called free."""
        places = self.env["stock.location"].create(
            [
                {"name": f"Rack {number}", "location_id": self.shelf.id}
                for number in range(61)
            ]
        )
        for place in places:
            self.env["stock.quant"]._update_available_quantity(self.wine, place, 1)
        floor = self.env["jxc.floor.operation"].with_user(self.keeper)
        found = floor.look_up("WINE-1")
        self.assertEqual((len(found["stock"]), found["on_hand"]), (60, "5箱1瓶"))
        places.jxc_stock_status = "defective"
        self.assertEqual(floor.look_up("WINE-1")["stock"][0]["free"], "0瓶")

    def test_document(self):
        self._unit(self.wine, "箱").barcode = "WINE-12"
        picking = self._picking()
        floor = self.env["jxc.floor.operation"].with_user(self.keeper)
        self.assertIn(picking.id, [d["id"] for d in floor.get_documents("receive")])
        # Scheduled for tomorrow morning in China, while it is today in UTC.
        picking.scheduled_date = "2030-05-01 20:00:00"
        floor = floor.with_context(tz="Asia/Shanghai")
        [shown] = [d for d in floor.get_documents("receive") if d["id"] == picking.id]
        self.assertEqual(shown["date"], "2030-05-02")
        document = floor.get_document(picking.id)
        self.assertEqual(document["lines"][0]["demand"], "2箱1提")
        self.assertEqual(
            document["lines"][0]["barcodes"], {"WINE-1": 1.0, "WINE-12": 12.0}
        )
        with self.assertRaises(UserError):
            floor.get_documents("sell")

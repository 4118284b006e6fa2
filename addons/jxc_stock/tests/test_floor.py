# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
import base64
import io

from PIL import Image

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged

from .common import UnitCase

KEY = "floor-test-key-%04d"


def photo():
    file = io.BytesIO()
    Image.new("RGB", (4, 4), "red").save(file, "JPEG")
    return base64.b64encode(file.getvalue()).decode()


@tagged("post_install", "-at_install")
class TestFloor(UnitCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.keeper = cls._new_user("jxc_floor", "stock.group_stock_user")
        cls.outsider = cls._new_user("jxc_floor_outsider", "base.group_user")
        cls.shelf.barcode = "SHELF-1"
        cls.bin = cls.env["stock.location"].create(
            {"name": "Bin", "location_id": cls.shelf.id, "barcode": "BIN-1"}
        )
        cls.wine.barcode = "WINE-1"
        cls.number = 0

    def _picking(self, kind="incoming", product=None, quantity=30):
        product = product or self.wine
        kinds = {
            "incoming": (self.warehouse.in_type_id, self.supplier, self.shelf),
            "outgoing": (self.warehouse.out_type_id, self.shelf, self.customers),
            "internal": (self.warehouse.int_type_id, self.shelf, self.shelf),
        }
        type_, source, dest = kinds[kind]
        picking = self.env["stock.picking"].create(
            {
                "picking_type_id": type_.id,
                "location_id": source.id,
                "location_dest_id": dest.id,
                "move_ids": [
                    Command.create(
                        {
                            "product_id": product.id,
                            "product_uom_qty": quantity,
                            "location_id": source.id,
                            "location_dest_id": dest.id,
                        }
                    )
                ],
            }
        )
        picking.action_confirm()
        return picking

    def _submit(self, kind, lines, key=None, user=None, **payload):
        type(self).number += 1
        return (
            self.env["jxc.floor.operation"]
            .with_user(user or self.keeper)
            .submit(key or KEY % self.number, kind, {"lines": lines, **payload})
        )

    def _line(self, text, product=None, **values):
        product = product or self.wine
        return {"product_id": product.id, "quantity_text": text, **values}

    def _on_hand(self, place=None):
        return self.env["stock.quant"]._get_available_quantity(
            self.wine, place or self.shelf
        )

    def test_receive(self):
        """In any unit; what is missing becomes a backorder; photos are kept."""
        picking = self._picking()
        result = self._submit(
            "receive",
            [self._line("2箱1瓶")],
            picking_id=picking.id,
            finish=True,
            photos=[{"name": "a", "data": photo()}],
        )
        self.assertEqual(result["state"], "done")
        self.assertEqual(self._on_hand(), 25)
        backorder = self.env["stock.picking"].search(
            [("backorder_id", "=", picking.id)]
        )
        self.assertEqual(backorder.move_ids.product_uom_qty, 5)
        self.assertEqual(result["backorder"], backorder.name)
        files = picking.message_ids.attachment_ids
        self.assertEqual(files.mimetype, "image/jpeg")
        self.assertEqual(picking.message_ids[0].author_id, self.keeper.partner_id)

    def test_receive_lots(self):
        milk = self._create_product("Milk", {"箱": 12}, tracking="lot")
        picking = self._picking(product=milk)
        with self.assertRaises(UserError):
            self._submit(
                "receive",
                [self._line("30", milk)],
                picking_id=picking.id,
                finish=True,
            )
        self._submit(
            "receive",
            [
                self._line("1箱", milk, lot_name="A"),
                self._line("18", milk, lot_name="B", location_dest_id=self.bin.id),
            ],
            picking_id=picking.id,
            finish=True,
        )
        found = {
            (quant.lot_id.name, quant.location_id): quant.quantity
            for quant in self.env["stock.quant"].search(
                [("product_id", "=", milk.id), ("location_id.usage", "=", "internal")]
            )
        }
        self.assertEqual(found, {("A", self.shelf): 12, ("B", self.bin): 18})

    def test_details_are_shared_among_moves(self):
        """Two order lines of one product: each gets what it asks for, in its lots."""
        milk = self._create_product("Milk", {"箱": 12}, tracking="lot")
        picking = self._picking(product=milk, quantity=10)
        values = picking.move_ids.copy_data({"product_uom_qty": 20})[0]
        second = self.env["stock.move"].create(
            {**values, "picking_id": picking.id, "description_picking": "second"}
        )
        second._action_confirm(merge=False)
        self._submit(
            "receive",
            [
                self._line("1箱", milk, lot_name="A"),
                self._line("18", milk, lot_name="B"),
            ],
            picking_id=picking.id,
            finish=True,
        )
        self.assertEqual(picking.move_ids.mapped("quantity"), [10, 20])
        self.assertEqual(
            picking.move_ids.move_line_ids.mapped(
                lambda l: (l.lot_id.name, l.quantity)
            ),
            [("A", 10), ("A", 2), ("B", 18)],
        )
        self.assertFalse(picking.backorder_ids)

    def test_pick(self):
        self._receive(self.wine, 40)
        picking = self._picking("outgoing")
        self._submit("pick", [self._line("30")], picking_id=picking.id, finish=True)
        self.assertEqual(picking.state, "done")
        self.assertEqual(self._on_hand(), 10)

    def test_put_away(self):
        self._receive(self.wine, 40)
        picking = self._picking("internal")
        self._submit(
            "put_away",
            [self._line("30", location_dest_id=self.bin.id)],
            picking_id=picking.id,
            finish=True,
        )
        self.assertEqual(self._on_hand(self.bin), 30)
        outside = self.env["stock.location"].create({"name": "Elsewhere"})
        with self.assertRaises(UserError) as refused:
            self._submit(
                "put_away",
                [self._line("5", location_dest_id=outside.id)],
                picking_id=self._picking("internal", quantity=5).id,
            )
        self.assertIn("Elsewhere", str(refused.exception))

    def test_transfer(self):
        self._receive(self.wine, 30)
        places = {"location_id": self.shelf.id, "location_dest_id": self.bin.id}
        result = self._submit("transfer", [self._line("1箱")], **places)
        self.assertEqual(result["state"], "done")
        self.assertEqual(self._on_hand(self.bin), 12)
        with self.assertRaises(UserError) as refused:
            self._submit("transfer", [self._line("4箱")], **places)
        self.assertIn("2箱", str(refused.exception))
        for wrong in (
            {**places, "location_dest_id": self.shelf.id},
            {**places, "location_id": self.supplier.id},
            {**places, "location_id": 0},
        ):
            with self.assertRaises(UserError):
                self._submit("transfer", [self._line("1")], **wrong)

    def test_count(self):
        self._receive(self.wine, 30)
        count = self.env["jxc.stock.count"].create(
            {"warehouse_id": self.warehouse.id, "product_ids": self.wine.ids}
        )
        count.action_start()
        lines = [
            {"barcode": "SHELF-1"},
            {"barcode": "WINE-1", "quantity_text": "2箱"},
            {"barcode": "WINE-1"},
        ]
        values = {"key": KEY % 999, "count_id": count.id}
        counter = self._new_user("jxc_floor_counter", "jxc_stock.group_stock_counter")
        floor = self.env["jxc.floor.operation"].with_user(counter)
        self.assertIn(count.id, [one["id"] for one in floor.get_documents("count")])
        self._submit("count", lines, user=counter, **values)
        self._submit("count", lines, user=counter, **values)
        self.assertEqual(sum(count.sheet_ids.entry_ids.mapped("quantity")), 25)
        self.assertEqual(count.sheet_ids.entry_ids.user_id, counter)
        with self.assertRaises(AccessError):
            floor.look_up("WINE-1")
        with self.assertRaises(AccessError):
            self._submit("receive", [self._line("1")], user=counter)

    def test_count_code(self):
        """Who counts learns what a code means, and nothing about the stock."""
        milk = self._create_product("Milk", {"箱": 12}, tracking="lot", barcode="M-1")
        lot = self.env["stock.lot"].create({"name": "M-LOT", "product_id": milk.id})
        self.env["stock.quant"]._update_available_quantity(
            milk, self.shelf, 77, lot_id=lot
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
        self.assertNotIn("77", str(found))
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

    def test_once(self):
        """Sent again with the same key, nothing happens and the answer is the same."""
        picking = self._picking()
        values = {"picking_id": picking.id, "finish": True, "key": KEY % 500}
        first = self._submit("receive", [self._line("30")], **values)
        again = self._submit("receive", [self._line("30")], **values)
        self.assertFalse(first["repeated"])
        self.assertEqual(again, {**first, "repeated": True})
        self.assertEqual(self._on_hand(), 30)
        stranger = self._new_user("jxc_floor_2", "stock.group_stock_user")
        with self.assertRaises(AccessError):
            self._submit("receive", [self._line("30")], user=stranger, **values)
        with self.assertRaises(AccessError):
            self._submit("pick", [self._line("30")], **values)

    def test_refused_leaves_no_trace(self):
        """The same key may come again after the cause is gone."""
        picking = self._picking()
        key = KEY % 600
        with self.assertRaises(UserError), self.env.cr.savepoint():
            self._submit("receive", [self._line("三箱")], key, picking_id=picking.id)
        self.assertFalse(self.env["jxc.floor.operation"].search([("key", "=", key)]))
        self._submit("receive", [self._line("3箱")], key, picking_id=picking.id)
        self.assertEqual(picking.move_ids.quantity, 36)

    def test_finished_documents_are_closed(self):
        picking = self._picking()
        values = {"picking_id": picking.id, "finish": True}
        self._submit("receive", [self._line("30")], **values)
        with self.assertRaises(UserError) as refused:
            self._submit("receive", [self._line("30")], **values)
        self.assertIn(picking.name, str(refused.exception))

    def test_wrong_goods(self):
        picking = self._picking()
        other = self._create_product("Beer")
        for kind, line in (
            ("receive", self._line("1", other)),
            ("receive", self._line("0")),
            ("receive", self._line("-1")),
            ("receive", self._line(None)),
            ("receive", {"product_id": 0, "quantity_text": "1"}),
            ("pick", self._line("1")),
        ):
            with self.subTest(line=line), self.assertRaises(UserError):
                self._submit(kind, [line], picking_id=picking.id)
        with self.assertRaises(UserError):
            self._submit("receive", [], picking_id=picking.id, finish=True)

    def test_wrong_messages(self):
        floor = self.env["jxc.floor.operation"].with_user(self.keeper)
        picking = self._picking()
        good = {"lines": [self._line("1")], "picking_id": picking.id}
        for arguments in (
            ("short", "receive", good),
            (None, "receive", good),
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
        self.assertEqual(floor.look_up(picking.name)["kind"], "receive")
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
        document = floor.get_document(picking.id)
        self.assertEqual(document["lines"][0]["demand"], "2箱1提")
        self.assertEqual(
            document["lines"][0]["barcodes"], {"WINE-1": 1.0, "WINE-12": 12.0}
        )
        with self.assertRaises(UserError):
            floor.get_documents("sell")

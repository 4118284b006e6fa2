# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .floor_common import KEY, FloorCase, photo


@tagged("post_install", "-at_install")
class TestFloor(FloorCase):
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

    def test_pieces_and_weight(self):
        """Goods with an auxiliary unit: both quantities, and why they are off."""
        head = self.env["uom.uom"].create({"name": "头"})
        pig = self._create_product(
            "Pig",
            uom_id=self.kg.id,
            jxc_aux_uom_id=head.id,
            jxc_aux_ratio=95,
            jxc_aux_tolerance=5,
        )
        picking = self._picking(product=pig, quantity=1900)
        info = self.env["jxc.floor.operation"].get_document(picking.id)["lines"][0]
        self.assertEqual(info["aux"], "头")
        values = {"picking_id": picking.id, "finish": True}
        line = self._line("1873.5", pig, aux_quantity=18)
        with self.assertRaisesRegex(UserError, "off the ratio"):
            with self.env.cr.savepoint():
                self._submit("receive", [line], **values)
        for wrong in (-1, "18", float("nan"), float("inf")):
            with self.subTest(wrong=wrong), self.assertRaises(UserError):
                self._submit("receive", [{**line, "aux_quantity": wrong}], **values)
        self._submit("receive", [{**line, "aux_reason": "Heavy ones"}], **values)
        operation = picking.move_ids.move_line_ids
        self.assertEqual((operation.quantity, operation.jxc_aux_qty), (1873.5, 18))
        self.assertEqual(operation.jxc_aux_reason, "Heavy ones")
        places = {"location_id": self.shelf.id, "location_dest_id": self.bin.id}
        lines = [self._line("936.75", pig, aux_quantity=9)]
        self._submit("transfer", lines, **places)
        lines[0]["location_dest_id"] = self.bin.id
        self._submit(
            "put_away",
            lines,
            picking_id=self._picking("internal", pig, 936.75).id,
            finish=True,
        )
        stock = self.env["stock.quant"].search(
            [("product_id", "=", pig.id), ("location_id", "=", self.bin.id)]
        )
        self.assertEqual((stock.quantity, stock.jxc_aux_qty), (1873.5, 18))
        pig.barcode = "PIG-1"
        floor = self.env["jxc.floor.operation"].with_user(self.keeper)
        for code in ("PIG-1", "BIN-1"):
            shown = [row["quantity"] for row in floor.look_up(code)["stock"]]
            self.assertTrue(any("18头" in text for text in shown), shown)
        with self.assertRaises(UserError):
            self._submit(
                "receive",
                [self._line("30", aux_quantity=3)],
                picking_id=self._picking().id,
            )

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
                lambda line: (line.lot_id.name, line.quantity)
            ),
            [("A", 10), ("A", 2), ("B", 18)],
        )
        self.assertFalse(picking.backorder_ids)

    def test_pick(self):
        self._receive(self.wine, 40)
        picking = self._picking("outgoing")
        picking.partner_id = self.env["res.partner"].create({"name": "Inn"})
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

    def test_photos_of_a_count(self):
        """They are posted to the count, once, by who took them."""
        self._receive(self.wine, 30)
        count = self.env["jxc.stock.count"].create(
            {"warehouse_id": self.warehouse.id, "product_ids": self.wine.ids}
        )
        count.action_start()
        counter = self._new_user("jxc_floor_photo", "jxc_stock.group_stock_counter")
        lines = [
            {"barcode": "SHELF-1"},
            {"barcode": "WINE-1", "quantity_text": "2箱"},
        ]
        values = {
            "key": KEY % 998,
            "count_id": count.id,
            "photos": [{"name": "a", "data": photo()}, {"name": "b", "data": photo()}],
        }
        before = count.message_ids
        refused = self.assertRaisesRegex(UserError, "JPEG")
        with refused, self.env.cr.savepoint():
            self._submit(
                "count",
                lines,
                user=counter,
                **{**values, "photos": [{"name": "a", "data": "PHN2Zz4="}]},
            )
        self.assertEqual(count.message_ids, before)
        for _turn in range(3):
            self._submit("count", lines, user=counter, **values)
        message = count.message_ids - before
        self.assertEqual(len(message), 1)
        self.assertIn(self.wine.display_name, message.body)
        self.assertEqual(message.author_id, counter.partner_id)
        photos = message.attachment_ids
        self.assertEqual(photos.mapped("mimetype"), ["image/jpeg"] * 2)
        self.assertEqual(set(photos.mapped("res_model")), {"jxc.stock.count"})
        self.assertEqual(set(photos.mapped("res_id")), {count.id})
        self.assertTrue(photos[:1].with_user(self.keeper).raw)
        self.assertEqual(len(count.sheet_ids.entry_ids), 1)
        count.action_cancel()
        with self.assertRaises(UserError):
            self._submit("count", lines, user=counter, **{**values, "key": KEY % 997})
        self.assertEqual(count.message_attachment_count, 2)

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

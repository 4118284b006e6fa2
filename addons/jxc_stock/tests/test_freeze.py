# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo.exceptions import AccessError
from odoo.tests import tagged

from .control_common import ControlCase


@tagged("post_install", "-at_install")
class TestFreeze(ControlCase):
    def _freeze(self, quantity=None, quant=None):
        quant = (quant or self.quant).with_user(self.controller)
        return quant.action_jxc_freeze(quantity, "Smells of diesel")

    def _unfreeze(self, quantity=None, quant=None):
        quant = (quant or self.quant).with_user(self.controller)
        return quant.action_jxc_unfreeze(quantity, "Laboratory says fine")

    # ------------------------------------------------------------
    # What freezing does
    # ------------------------------------------------------------

    def test_a_part_is_not_reserved(self):
        self._freeze(4)
        self.assertEqual(self.quant.available_quantity, 6)
        self.assertEqual(self.product.free_qty, 6)
        self.assertEqual(self.product.qty_available, 10)
        move = self._delivery(self.product, 10)
        self.assertEqual(move.quantity, 6)
        self.assertEqual(move.state, "partially_available")

    def test_all_and_back(self):
        self.assertTrue(self._freeze())
        move = self._delivery(self.product, 3)
        self.assertEqual(move.state, "confirmed")
        self.assertTrue(self._unfreeze())
        move._action_assign()
        self.assertEqual(move.state, "assigned")
        self.assertEqual(self.quant.jxc_frozen_quantity, 0)
        self.assertEqual(self.quant.reserved_quantity, 3)

    def test_unfreeze_a_part(self):
        self._freeze(5)
        self._unfreeze(2)
        self.assertEqual(self.quant.jxc_frozen_quantity, 3)
        self.assertEqual(self.quant.available_quantity, 7)

    def test_each_one_is_recorded(self):
        self._freeze(5)
        self._unfreeze(2)
        records = self.env["jxc.stock.freeze"].search(
            [("product_id", "=", self.product.id)], order="id"
        )
        self.assertRecordValues(
            records,
            [
                {
                    "kind": "freeze",
                    "quantity": 5,
                    "reason": "Smells of diesel",
                    "user_id": self.controller.id,
                    "location_id": self.shelf.id,
                    "company_id": self.env.company.id,
                },
                {
                    "kind": "unfreeze",
                    "quantity": 2,
                    "reason": "Laboratory says fine",
                    "user_id": self.controller.id,
                    "location_id": self.shelf.id,
                    "company_id": self.env.company.id,
                },
            ],
        )

    def test_reserved_goods_are_taken_back(self):
        """Other goods are reserved instead, where there are any."""
        early = self._delivery(self.product, 4, date="2030-01-01")
        late = self._delivery(self.product, 6, date="2030-02-01")
        self._freeze(5)
        self.assertEqual(early.quantity, 4)
        self.assertEqual(late.quantity, 1)
        self.assertEqual(late.state, "partially_available")
        self.assertEqual(self.quant.reserved_quantity, 10)
        shelf = self._place("Second")
        self._stock(self.product, 5, shelf)
        late._action_assign()
        self.assertEqual(late.quantity, 6)

    def test_picked_goods_are_not_taken_back(self):
        move = self._delivery(self.product, 8)
        move.picked = True
        with self._refused("picked already"):
            self._freeze(5)
        self._freeze(2)

    def test_no_quantities(self):
        """Programs may send anything; they are told that it is no quantity."""
        quant = self.quant.with_user(self.controller)
        for quantity in (float("nan"), float("inf"), "5", -1, 0.001, [1]):
            for action in (quant.action_jxc_freeze, quant.action_jxc_unfreeze):
                with self.subTest(quantity=quantity), self._refused("is no quantity"):
                    action(quantity, "Why")
        self.assertEqual(self.quant.jxc_frozen_quantity, 0)

    def test_a_whole_lot_and_location(self):
        product = self._create_product("Milk", tracking="lot", is_storable=True)
        lot = self._create_lot(product, "L1")
        places = [self._place("A"), self._place("B")]
        quants = self._stock(product, 3, places[0], lot)
        quants |= self._stock(product, 4, places[1], lot)
        wizard = self.env["jxc.stock.freeze.wizard"].with_user(self.controller)
        recall = wizard.create({"lot_id": lot.id, "reason": "Recall"})
        other = self._new_user("other_controller", "jxc_stock.group_stock_control")
        with self._refused(error=AccessError):
            recall.with_user(other).read(["reason"])
        recall.action_apply()
        self.assertEqual(sum(quants.mapped("jxc_frozen_quantity")), 7)
        wizard.create(
            {"kind": "unfreeze", "location_id": places[0].id, "reason": "Over"}
        ).action_apply()
        self.assertRecordValues(
            quants, [{"jxc_frozen_quantity": 0}, {"jxc_frozen_quantity": 4}]
        )

    # ------------------------------------------------------------
    # Who may, and what may not be
    # ------------------------------------------------------------

    def test_needs_the_right(self):
        for action in ("action_jxc_freeze", "action_jxc_unfreeze"):
            with self._refused(error=AccessError):
                getattr(self.quant.with_user(self.keeper), action)(1, "Because")

    def test_needs_stock(self):
        for action in ("action_jxc_freeze", "action_jxc_unfreeze"):
            for quantity in (None, 1):
                with self._refused("Choose the stock"):
                    getattr(self.quant.browse(), action)(quantity, "Because")

    def test_needs_a_reason(self):
        for reason in (None, "", "  ", 5):
            with self._refused("why"):
                self.quant.action_jxc_freeze(1, reason)

    def test_quantities_that_are_none(self):
        for quantity in (-1, 0, 0.0, 0.00001, True):
            with self._refused():
                self.quant.action_jxc_freeze(quantity, "Because")
        with self._refused("only 10瓶"):
            self.quant.action_jxc_freeze(11, "Because")
        self._freeze(4)
        with self._refused("only 4瓶"):
            self._unfreeze(5)
        self._freeze()
        with self._refused("nothing left"):
            self._freeze()

    def test_only_own_places(self):
        self._stock(self.product, 5, self.customers)
        quant = self._quant(self.product, self.customers)
        with self._refused("no place of your stock"):
            self._freeze(1, quant)

    def test_nobody_writes_frozen_quantities(self):
        quant = self.quant.with_user(
            self._new_user("boss", "stock.group_stock_manager")
        )
        for quantity in (0, 5):
            with self._refused():
                quant.jxc_frozen_quantity = quantity
            with self._refused():
                quant.with_context(jxc_freezing=True).jxc_frozen_quantity = quantity
        goods = {"product_id": self.product.id, "location_id": self._place("N").id}
        new = quant.browse().with_context(default_jxc_frozen_quantity=5)
        self.assertRecordValues(new.create(goods), [{"jxc_frozen_quantity": 0}])

    def test_records_are_kept(self):
        self._freeze(1)
        record = self.env["jxc.stock.freeze"].search([], limit=1)
        with self._refused():
            record.reason = "Another"
        with self._refused():
            record.unlink()
        with self._refused():
            record.copy()
        with self._refused(error=AccessError):
            record.with_user(self.keeper).unlink()

    # ------------------------------------------------------------
    # Frozen goods stay
    # ------------------------------------------------------------

    def test_not_delivered(self):
        self._freeze(4)
        move = self._delivery(self.product, 7)
        with self._refused("4瓶 are frozen, 1瓶 more"):
            self._validate(move, 7)

    def test_not_by_a_done_transfer(self):
        """Neither a longer line nor one more line of a done transfer takes them."""
        self._freeze(4)
        move = self._delivery(self.product, 5)
        self._validate(move)
        self.assertEqual(self.quant.quantity, 5)
        with self._refused("frozen"):
            move.move_line_ids.quantity = 7
        with self._refused("frozen"):
            move.move_line_ids.copy({"quantity": 2, "move_id": move.id})

    def test_not_scrapped_moved_counted_away(self):
        self._freeze(8)
        scrap = self.env["stock.scrap"].create(
            {
                "product_id": self.product.id,
                "scrap_qty": 5,
                "location_id": self.shelf.id,
            }
        )
        with self._refused("frozen"):
            scrap.do_scrap()
        with self._refused("frozen"):
            self.quant.move_quants(self._place("Elsewhere"))
        self.quant.with_context(inventory_mode=True).inventory_quantity = 3
        with self._refused("frozen"):
            self.quant.action_apply_inventory()

    def test_may_go_to_a_place_for_defective_goods(self):
        place = self._place("Bad", "defective")
        self._freeze(8)
        with self._refused("frozen"):
            self.quant.with_user(self.keeper).move_quants(place)
        self.quant.with_user(self.controller).move_quants(place)
        self.assertEqual(self._quant(self.product, place).quantity, 10)
        self.assertEqual(
            sum(self._quant(self.product).mapped("jxc_frozen_quantity")), 0
        )
        record = self.env["jxc.stock.freeze"].search([], limit=1)
        self.assertRecordValues(record, [{"kind": "unfreeze", "quantity": 8}])
        self.assertIn("Bad", record.reason)

    def test_the_upkeep_of_quants_keeps_them(self):
        self._freeze(4)
        self._delivery(self.product, 3)
        self.env["stock.quant"]._quant_tasks()
        self.assertRecordValues(
            self.quant, [{"reserved_quantity": 7, "jxc_frozen_quantity": 4}]
        )

    def test_split_quants_are_merged(self):
        self._freeze(4)
        values = {"product_id": self.product.id, "location_id": self.shelf.id}
        other = self.env["stock.quant"].create({**values, "quantity": 5})
        self._freeze(2, other)
        self.env["stock.quant"]._merge_quants()
        self.assertRecordValues(
            self._quant(self.product),
            [{"quantity": 15, "reserved_quantity": 6, "jxc_frozen_quantity": 6}],
        )
        with self._refused("are frozen"):
            self._quant(self.product).sudo().unlink()

    # ------------------------------------------------------------
    # Places whose goods are not for orders
    # ------------------------------------------------------------

    def test_held_places(self):
        parent = self._place("Quality", "inspect")
        shelf = self._place("Box", location_id=parent.id)
        self.assertEqual(shelf.jxc_status, "inspect")
        quant = self._stock(self.product, 5, shelf)
        self.assertEqual(quant.available_quantity, 0)
        self.assertEqual(self.product.free_qty, 10)
        move = self._delivery(self.product, 12)
        self.assertEqual(move.quantity, 10)
        out = self._delivery(
            self.product, 2, location_id=shelf.id, location_dest_id=self.shelf.id
        )
        self.assertEqual(out.quantity, 2, "a transfer out of there takes them")
        with self._refused("handed over from"):
            self._validate(self._delivery(self.product, 1, location_id=shelf.id), 1)
        parent.write({"jxc_stock_status": False, "jxc_release_reason": "Passed"})
        self.assertEqual(shelf.jxc_status, "available")
        move._action_assign()
        self.assertEqual(move.quantity, 12)

    def test_two_companies(self):
        company = self.env["res.company"].create({"name": "Other"})
        place = self.env["stock.warehouse"].search(
            [("company_id", "=", company.id)], limit=1
        )
        quant = self._stock(self.product, 5, place.lot_stock_id)
        with self._refused(error=AccessError):
            quant.with_user(self.controller).action_jxc_freeze(1, "Because")
        quant.action_jxc_freeze(1, "Because")
        records = self.env["jxc.stock.freeze"]
        domain = [("product_id", "=", self.product.id)]
        self.assertFalse(records.with_user(self.controller).search(domain))
        self.assertEqual(records.search(domain).company_id, company)

    def test_queries_do_not_grow(self):
        """Freezing many quants of a lot asks the database as often as one."""
        product = self._create_product("Milk")
        for number in range(12):
            self._stock(product, 1, self._place(f"P{number}"))
        quants = self._quant_all(product)
        counts = []
        for some in (quants[:2], quants[2:]):
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            some.action_jxc_freeze(None, "Recall")
            self.env.flush_all()
            counts.append(self.env.cr.sql_log_count - before)
        self.assertLessEqual(counts[1], counts[0] + 2)

    def _quant_all(self, product):
        return self.env["stock.quant"].search([("product_id", "=", product.id)])

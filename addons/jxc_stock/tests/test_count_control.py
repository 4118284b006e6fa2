# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged

from .count_common import CountCase


@tagged("post_install", "-at_install")
class TestCountControl(CountCase):
    def test_states_and_results_cannot_be_written(self):
        count = self._start_count()
        for values in (
            {"state": "done"},
            {"state": "draft"},
            {"started_at": "2020-01-01"},
            {"variance_value": 1},
            {"line_ids": [Command.clear()]},
            {"started_at": False},
            {"sheet_number": 0},
        ):
            with self.assertRaises(AccessError, msg=str(values)):
                count.write(values)
        with self.assertRaises(AccessError):
            self._create_count(state="submitted")
        with self.assertRaisesRegex(UserError, "cannot change"):
            count.write({"blind": False})
        line = self._line(count, self.wine)
        for name in ("state", "difference", "round", "move_id", "book_quantity"):
            with self.assertRaises(AccessError, msg=name):
                line.write({name: False})
        with self.assertRaises(AccessError):
            line.unlink()

    def test_sheets_are_closed_and_reopened_by_actions(self):
        count = self._start_count()
        self._enter(count, self.wine, 30, self.uma)
        sheet = count.sheet_ids.with_user(self.uma)
        sheet.action_close()
        for values in (
            {"state": "open"},
            {"number": 0},
            {"entry_number": 0},
            {"company_id": False},
        ):
            with self.assertRaises(AccessError, msg=str(values)):
                sheet.write(values)
        sheet.action_reopen()
        self.assertEqual(sheet.state, "open")

    def test_moves_do_not_pretend_to_be_differences(self):
        """A forged move would keep the real difference from being applied."""
        count = self._start_count()
        self._enter(count, self.wine, 30)
        line = self._line(count, self.wine)
        values = {
            "product_id": self.wine.id,
            "product_uom_qty": 1,
            "location_id": self.shelf.id,
            "location_dest_id": self.bin.id,
        }
        moves = self.env["stock.move"].with_user(self.max)
        forged = {"jxc_count_line_id": line.id}
        with self.assertRaisesRegex(AccessError, "applied by the count"):
            moves.create({**values, **forged})
        move = moves.create(values)
        with self.assertRaisesRegex(AccessError, "applied by the count"):
            move.write(forged)
        key = {"default_jxc_count_line_id": line.id}
        move = moves.with_context(**key).create(values)
        self.assertFalse(move.jxc_count_line_id)

    def test_defaults_of_clients_change_nothing(self):
        keys = {
            "default_state": "done",
            "default_started_at": "2020-01-01",
            "default_variance_value": 5,
            "default_number": 77,
            "default_round": 9,
            "default_is_void": True,
            "default_book_quantity": 3,
            "default_location_dest_id": self.bin.id,
            "default_move_id": 1,
        }
        self.max.group_ids += self.env.ref("jxc_base.group_see_costs")
        count = self._create_count().with_context(**keys)
        self.assertEqual(count.copy().state, "draft")
        count = count.create({"warehouse_id": self.warehouse.id})
        self.assertEqual(count.state, "draft")
        self.assertFalse(count.started_at or count.sudo().variance_value)
        count.product_ids = self.wine
        count.reason_id = self.reason
        with self.after(minutes=1):
            count.action_start()
        sheet = count._find_or_create_sheet()
        self.assertEqual((sheet.state, sheet.number), ("open", 1))
        with self.after(minutes=1):
            entry = (
                self.env["jxc.stock.count.entry"]
                .with_user(self.max)
                .with_context(**keys)
                .create(
                    {
                        "sheet_id": sheet.id,
                        "product_id": self.wine.id,
                        "location_id": self.shelf.id,
                        "quantity": 39,
                    }
                )
            )
        self.assertEqual((entry.round, entry.is_void), (1, False))
        self.assertEqual(entry.book_quantity, 40)
        self._submit(count)
        self._apply(count)
        self.assertEqual(self._on_hand(self.wine), 39)

    def test_started_counts_stay(self):
        count = self._start_count()
        with self.assertRaisesRegex(UserError, "stays as a record"):
            count.unlink()
        self._create_count(product_ids=self.env["product.product"].ids).unlink()

    def test_actions_follow_their_order(self):
        count = self._create_count()
        for action in ("action_submit", "action_apply", "action_recount"):
            with self.assertRaisesRegex(UserError, "Draft"):
                getattr(count, action)()
        with self.assertRaisesRegex(UserError, "nothing is counted on it"):
            self._enter(count, self.wine, 1)
        count.action_start()
        with self.assertRaisesRegex(UserError, "In Progress"):
            count.action_start()

    def test_only_administrators_apply(self):
        count = self._start_count(product_ids=self.wine.ids)
        self._enter(count, self.wine, 39)
        self._submit(count)
        for user in (self.uma, self.cleo):
            for action in ("action_apply", "action_cancel", "action_recount"):
                with self.assertRaises(AccessError):
                    getattr(count.with_user(user), action)()
            for action in ("action_apply", "action_keep", "action_recount"):
                with self.assertRaises(AccessError):
                    getattr(count.line_ids.with_user(user), action)()

    def test_differences_need_a_reason(self):
        count = self._start_count(product_ids=self.wine.ids, reason_id=False)
        self._enter(count, self.wine, 39)
        self._submit(count)
        with self.assertRaisesRegex(UserError, "give the reason"):
            self._apply(count)
        self._line(count, self.wine).with_user(self.uma).reason_id = self.reason
        self._apply(count)
        self.assertEqual(count.state, "done")

    # -- parallel counts --------------------------------------------------------------

    def test_the_same_stock_is_counted_once_at_a_time(self):
        first = self._start_count(location_ids=self.shelf.ids)
        second = self._create_count(
            product_ids=self.wine.ids, location_ids=self.bin.ids
        )
        with self.assertRaisesRegex(UserError, f"{first.name} .* already counts"):
            second.action_start()
        self._enter(first, self.wine, 40)
        self._enter(first, self.beer, 48)
        self._submit(first)
        with self.assertRaisesRegex(UserError, "already counts"):
            second.action_start()
        first.action_cancel()
        second.action_start()

    def test_other_stock_is_counted_in_parallel(self):
        self._start_count(product_ids=self.wine.ids)
        self._start_count(product_ids=self.beer.ids)
        sibling = self.env["stock.location"].create(
            {"name": "Sibling", "location_id": self.shelf.id}
        )
        cider = self._create_product("Cider")
        self._start_count(product_ids=cider.ids, location_ids=sibling.ids)
        self._start_count(product_ids=cider.ids, location_ids=self.bin.ids)

    # -- per line -------------------------------------------------------------------

    def test_lines_are_applied_one_by_one(self):
        count = self._start_count()
        self._enter(count, self.wine, 39)
        self._enter(count, self.beer, 47)
        self._submit(count)
        wine, beer = self._line(count, self.wine), self._line(count, self.beer)
        wine.action_apply()
        self.assertEqual((count.state, wine.state), ("submitted", "applied"))
        self.assertEqual(self._on_hand(self.wine), 39)
        with self.assertRaisesRegex(UserError, "Applied"):
            wine.action_apply()
        with self.assertRaisesRegex(UserError, "applied to the stock already"):
            count.action_cancel()
        beer.action_keep()
        self.assertEqual((count.state, beer.state), ("done", "kept"))
        self.assertEqual(self._on_hand(self.wine), 39)
        self.assertEqual(self._on_hand(self.beer), 48)
        with self.assertRaises(UserError):
            self._apply(count)

    def test_recount_of_a_line(self):
        count = self._start_count()
        self._enter(count, self.wine, 30)
        self._enter(count, self.beer, 47)
        self._submit(count)
        self._line(count, self.beer).action_apply()
        self._line(count, self.wine).action_recount()
        self.assertEqual(count.state, "in_progress")
        with self.assertRaisesRegex(UserError, "counted and settled"):
            self._enter(count, self.beer, 47)
        self._enter(count, self.wine, 40)
        self._submit(count)
        self._apply(count)
        self.assertEqual(count.state, "done")
        self.assertEqual(self._on_hand(self.wine), 40)
        self.assertEqual(self._on_hand(self.beer), 47)

    def test_adjusted_by_somebody_else(self):
        count = self._start_count(product_ids=self.wine.ids)
        self._enter(count, self.wine, 39)
        self._submit(count)
        with self.after(minutes=1):
            quant = self.env["stock.quant"].search(
                [
                    ("product_id", "=", self.wine.id),
                    ("location_id", "=", self.shelf.id),
                ]
            )
            quant.with_context(inventory_mode=True).inventory_quantity = 39
            quant.action_apply_inventory()
        with self.assertRaisesRegex(UserError, "adjusted its stock"):
            self._apply(count)
        count.action_recount()
        self._enter(count, self.wine, 39)
        self._submit(count)
        self._apply(count)
        self.assertEqual(self._on_hand(self.wine), 39)

    def test_corrected_where_it_came_from(self):
        """A receipt that is corrected later has brought the difference in already."""
        with self.after(minutes=1):
            receipt = self._receive(self.wine, 10)
        count = self._start_count(product_ids=self.wine.ids)
        self._enter(count, self.wine, 52)
        self._submit(count)
        with self.after(minutes=1):
            receipt.move_line_ids.quantity = 12
        with self.assertRaisesRegex(UserError, "an operation was corrected"):
            self._apply(count)
        count.action_recount()
        self._enter(count, self.wine, 52)
        with self.after(minutes=1):
            receipt.move_line_ids.quantity = 11
        self.assertIsNot(self._submit(count), True, "it is to be counted again")
        self._enter(count, self.wine, 52)
        self._submit(count)
        self._apply(count)
        self.assertEqual(self._on_hand(self.wine), 52)

    # -- lots -----------------------------------------------------------------------

# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo.exceptions import AccessError
from odoo.tests import tagged

from .count_common import CountCase

HIDDEN = ("snapshot_quantity", "book_quantity", "difference")
SHOWN = ("shown_book_quantity", "shown_difference")


@tagged("post_install", "-at_install")
class TestCountBlind(CountCase):
    """Who counts does not learn what the books say."""

    def test_stored_figures_are_for_administrators(self):
        count = self._start_count()
        entry = self._enter(count, self.wine, 30)
        line = self._line(count, self.wine)
        for user in (self.uma, self.cleo):
            for name in HIDDEN:
                mine = line.with_user(user)
                with self.assertRaises(AccessError, msg=name):
                    mine.read([name])
                with self.assertRaises(AccessError, msg=name):
                    mine.search([(name, ">", 0)])
                with self.assertRaises(AccessError, msg=name):
                    mine._read_group([], [], [f"{name}:sum"])
                self.assertNotIn(name, mine.fields_get())
            with self.assertRaises(AccessError):
                entry.with_user(user).read(["book_quantity"])
        self.assertEqual(line.with_user(self.max).book_quantity, 40)

    def test_blind_counts_show_nothing(self):
        count = self._start_count(blind=True)
        self._enter(count, self.wine, 30)
        line = self._line(count, self.wine)
        names = [*SHOWN, "shown_book_text", "shown_difference_text", "counted_quantity"]
        for user in (self.uma, self.cleo):
            [values] = line.with_user(user).read(names)
            self.assertFalse(any(values[name] for name in names[:-1]), user.name)
            self.assertEqual(values["counted_quantity"], 30)
        self.assertEqual(line.with_user(self.max).shown_book_quantity, 40)

    def test_blind_until_done(self):
        count = self._start_count(blind=True, product_ids=self.wine.ids)
        self._enter(count, self.wine, 39)
        self._submit(count)
        line = self._line(count, self.wine)
        self.assertFalse(line.with_user(self.uma).shown_difference)
        self._apply(count)
        self.assertEqual(line.with_user(self.uma).shown_difference, -1)

    def test_open_counts_show_the_book(self):
        count = self._start_count()
        line = self._line(count, self.wine).with_user(self.cleo)
        self.assertEqual(line.shown_book_text, "3箱4瓶")

    def test_values_are_for_who_sees_costs(self):
        count = self._start_count(product_ids=self.wine.ids)
        self._enter(count, self.wine, 39)
        self._submit(count)
        line = self._line(count, self.wine)
        for user in (self.uma, self.max):
            for record, name in (
                (line, "difference_value"),
                (line, "unit_cost"),
                (count, "loss_value"),
                (count, "variance_value"),
            ):
                with self.assertRaises(AccessError):
                    record.with_user(user).read([name])
        boss = self._new_user("boss", "jxc_base.group_executive")
        self.assertEqual(line.with_user(boss).difference_value, -10)

    def test_who_only_counts_cannot_look_the_stock_up(self):
        count = self._start_count(blind=True, location_ids=self.shelf.ids)
        env = self.env(user=self.cleo)
        self.assertFalse(env["stock.quant"].search_count([]))
        self.assertFalse(env["stock.move.line"].search_count([]))
        self.assertFalse(env["report.stock.quantity"].search_count([]))
        with self.assertRaises(AccessError):
            self.wine.with_env(env).read(["qty_available"])
        self._enter(count, self.wine, "3箱", self.cleo)
        self.assertEqual(self._line(count, self.wine).counted_quantity, 36)
        for action in ("action_start", "action_submit", "action_apply"):
            with self.assertRaises(AccessError):
                getattr(count.with_user(self.cleo), action)()
        with self.assertRaises(AccessError):
            self._create_count(user=self.cleo)

    def test_printed_sheet_of_a_blind_count(self):
        count = self._start_count(blind=True)
        report = self.env["ir.actions.report"].with_user(self.uma)
        html, _type = report._render_qweb_html(
            "jxc_stock.jxc_stock_count_sheet_print", count.ids
        )
        self.assertIn("Wine", html.decode())
        self.assertNotIn("3箱4瓶", html.decode())

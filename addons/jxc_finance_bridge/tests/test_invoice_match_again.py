# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import tagged

from .match_common import MatchStoreCommon


@tagged("post_install", "-at_install")
class TestInvoiceMatchAgain(MatchStoreCommon):
    """Held bills are compared again: when their goods come, and by button."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.line = cls._buy("2026-01-05", 20, 10)

    def _held(self, *bills):
        return [bill.jxc_match_open for bill in bills]

    def test_goods_come_after_the_bill(self):
        bill = self._invoice("2026-01-06", self.line, 10, 10)
        self.assertEqual(bill.jxc_match_ids.state, "missing")
        self._move("2026-01-07", self.line, 4)
        self.assertEqual(bill.jxc_match_ids.state, "quantity")
        self.assertEqual(bill.jxc_match_ids.quantity_available, 4)
        with self.assertRaisesRegex(UserError, "held by matching"):
            self._pay(bill)
        self._move("2026-01-08", self.line, 6)
        self.assertRecordValues(
            bill.jxc_match_ids,
            [{"state": "matched", "is_open": False, "released_by_id": False}],
        )
        self.assertTrue(
            [text for text in bill.message_ids.mapped("body") if "no longer" in text]
        )
        self._pay(bill)
        self.assertIn(bill.payment_state, ("paid", "in_payment"))

    def test_first_bill_gets_the_goods(self):
        """Two bills wait for the same order line; bills that passed keep theirs."""
        first = self._invoice("2026-01-06", self.line, 10, 10)
        second = self._invoice("2026-01-06", self.line, 10, 10)
        self.assertEqual(self._held(first, second), [True, True])
        self._move("2026-01-07", self.line, 10)
        self.assertEqual(self._held(first, second), [False, True])
        self.assertEqual(second.jxc_match_ids.state, "missing")
        self._move("2026-01-08", self.line, 10)
        self.assertEqual(self._held(first, second), [False, False])

    def test_what_passed_stays_passed(self):
        """Of a bill with two lines only the open one is compared."""
        other = self._buy("2026-01-05", 5, 7)
        self._move("2026-01-06", self.line, 20)
        bill = self._invoice("2026-01-06", self.line, 20, 10, post=False)
        second = {
            "product_id": other.product_id.id,
            "quantity": 5,
            "price_unit": 7,
            "tax_ids": [],
            "purchase_line_id": other.id,
        }
        bill.write({"invoice_line_ids": [Command.create(second)]})
        bill.action_post()
        matches = bill.jxc_match_ids.sorted("line_id")
        self.assertEqual(matches.mapped("state"), ["matched", "missing"])
        self._back("2026-01-07", self.line, 3)
        self._move("2026-01-08", other, 5)
        self.assertEqual(matches.mapped("state"), ["matched", "matched"])
        self.assertFalse(bill.jxc_match_open)

    def test_price_stays_held(self):
        bill = self._invoice("2026-01-06", self.line, 10, 12)
        self._move("2026-01-07", self.line, 10)
        self.assertEqual(bill.jxc_match_ids.state, "price")
        self.assertTrue(bill.jxc_match_open)

    def test_corrected_receipt(self):
        """More is found than was written down when the goods came."""
        moves = self._move("2026-01-06", self.line, 8)
        bill = self._invoice("2026-01-06", self.line, 10, 10)
        self.assertTrue(bill.jxc_match_open)
        with self._on("2026-01-07"):
            moves.move_line_ids.quantity = 10
        self.assertFalse(bill.jxc_match_open)

    def test_button(self):
        """What else may have changed: the order was agreed to cost more."""
        self._move("2026-01-06", self.line, 10)
        bill = self._invoice("2026-01-06", self.line, 10, 12)
        self.line.price_unit = 12
        self.assertTrue(bill.jxc_match_open)
        bill.with_user(self.clerk).action_jxc_match()
        self.assertFalse(bill.jxc_match_open)
        self.assertEqual(bill.state, "posted")

    def test_cheap_without_held_bills(self):
        """Many order lines and no held bill: no query for each."""
        lines = self.line
        for _number in range(9):
            lines |= self._buy("2026-01-05", 1, 10)
        one, ten = (self._queries_of(some) for some in (lines[:1], lines))
        self.assertLessEqual(ten, one)
        self.assertLess(one, 8)

    def _queries_of(self, lines):
        """How many queries comparing again takes, with nothing in the cache."""
        self.env.flush_all()
        self.env.invalidate_all()
        lines.mapped("company_id.jxc_match_action")
        lines.mapped("product_id")
        before = self.env.cr.sql_log_count
        lines._jxc_match_again()
        return self.env.cr.sql_log_count - before

# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo.exceptions import UserError
from odoo.tests import tagged

from .booking_common import METHODS
from .match_common import MatchStoreCommon


@tagged("post_install", "-at_install")
class TestInvoiceMatchLate(MatchStoreCommon):
    """Bills posted without an order before their goods come."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.line = cls._buy("2026-01-05", 10, 10)

    def _unordered(self, quantity, price=10, day="2026-01-06", kind="in_invoice"):
        """A posted bill for goods, of which nobody said for which order it is."""
        bill = self._invoice(day, self.line, quantity, price, post=False)
        bill.invoice_line_ids.purchase_line_id = False
        bill = bill.copy({"invoice_date": day, "date": day, "ref": f"x{self._next()}"})
        self.assertFalse(bill.invoice_line_ids.purchase_line_id)
        bill.move_type = kind
        with self._on(day):
            bill.with_user(self.clerk).action_post()
        self.assertTrue(bill.jxc_match_open)
        self.assertEqual(bill.jxc_match_ids.state, "free")
        return bill

    def test_goods_come(self):
        """The bill gets their order and is free; the books are as if it always had."""
        for method in METHODS:
            with self.subTest(method), self.env.cr.savepoint() as savepoint:
                self.company.jxc_accrual_method = method
                bill = self._unordered(10)
                self.assertFalse(bill.jxc_match_ids.candidate_orders)
                self._move("2026-01-07", self.line, 10)
                self.assertEqual(bill.invoice_line_ids.purchase_line_id, self.line)
                self.assertEqual(bill.jxc_match_ids.state, "matched")
                self.assertFalse(bill.jxc_match_open)
                self.assertEqual(self.line.qty_invoiced, 10)
                self._assert_books("2026-01-31", stock=100)
                self._pay(bill)
                savepoint.rollback()
            self.env.invalidate_all()

    def test_price_still_counts(self):
        bill = self._unordered(10, 12)
        self._move("2026-01-07", self.line, 10)
        self.assertEqual(bill.jxc_match_ids.state, "price")
        self.assertTrue(bill.jxc_match_open)

    def test_first_bill_gets_them(self):
        first, second = self._unordered(10), self._unordered(10)
        self._move("2026-01-07", self.line, 10)
        self.assertFalse(first.jxc_match_open)
        self.assertTrue(second.jxc_match_open)
        self.assertFalse(second.jxc_match_ids.candidate_orders)

    def test_several_receipts(self):
        """A posted line is not split: the list names the orders, the button does it."""
        other = self._buy("2026-01-05", 10, 10)
        bill = self._unordered(20)
        name = bill.name
        self._move("2026-01-07", self.line, 10)
        self._move("2026-01-07", other, 10)
        match = bill.jxc_match_ids
        self.assertTrue(bill.jxc_match_open)
        names = ", ".join((self.line | other).order_id.mapped("name"))
        self.assertEqual(match.candidate_orders, names)
        texts = bill.message_ids.mapped("body")
        self.assertTrue([text for text in texts if "may be for" in text])
        for domain, found in (
            ([("candidate_orders", "!=", False)], True),
            ([("candidate_orders", "=", names)], True),
            ([("candidate_orders", "=", False)], False),
        ):
            self.assertEqual(match in match.search(domain), found)
        with self._on("2026-01-08"):
            bill.with_user(self.clerk).action_jxc_match()
        self.assertEqual((bill.state, bill.name), ("posted", name))
        self.assertEqual(
            [(item.purchase_line_id, item.quantity) for item in bill.invoice_line_ids],
            [(self.line, 10), (other, 10)],
        )
        self.assertFalse(bill.jxc_match_open)
        self._assert_books(stock=200)

    def test_partly_settled(self):
        """By a refund: people undo that first."""
        other = self._buy("2026-01-05", 10, 10)
        bill = self._unordered(20)
        refund = bill._reverse_moves([{"date": "2026-01-06", "ref": "r"}])
        refund.invoice_date = "2026-01-06"
        refund.invoice_line_ids.quantity = 1
        refund.action_post()
        (bill | refund).line_ids.filtered(
            lambda item: item.account_id.account_type == "liability_payable"
        ).reconcile()
        self._move("2026-01-07", self.line, 10)
        self._move("2026-01-07", other, 10)
        with self.assertRaisesRegex(UserError, "settled in part"):
            bill.action_jxc_match()

    def test_month_whose_stock_was_taken(self):
        """Nothing is booked there any more: the receipt is done, the bill waits."""
        bill = self._unordered(10)
        self._take("2026-01-31", "2026-02-01")
        moves = self._move("2026-02-03", self.line, 10)
        self.assertEqual(moves.state, "done")
        if bill.invoice_line_ids.purchase_line_id:
            self.assertFalse(bill.jxc_match_open)
        else:
            self.assertTrue(bill.jxc_match_ids.candidate_orders)
        self._assert_tied(self._take("2026-02-28"))

    def test_receipts_of_purchases(self):
        """Paid at once, but goods all the same: held, and their order billed once."""
        receipt = self._unordered(10, kind="in_receipt")
        with self.assertRaisesRegex(UserError, "held by matching"):
            self._pay(receipt)
        self._move("2026-01-07", self.line, 10)
        self.assertFalse(receipt.jxc_match_open)
        self.assertEqual(receipt.invoice_line_ids.purchase_line_id, self.line)
        bill = self._unordered(10)
        bill.action_jxc_match()
        self.assertTrue(bill.jxc_match_open, "nothing is left")
        self.assertFalse(bill.invoice_line_ids.purchase_line_id)
        self.company.jxc_match_action = "block"
        draft = self._invoice("2026-01-08", self.line, 10, 10, post=False)
        draft.move_type = "in_receipt"
        with self.assertRaisesRegex(UserError, "Nothing received"):
            draft.action_post()

    def test_warning_only(self):
        """It is told on the bill, and nothing is held."""
        self.company.jxc_match_action = "warn"
        bill = self._invoice("2026-01-06", self.line, 10, 12)
        self.assertTrue(bill.jxc_match_ids.is_exceeded)
        self.assertFalse(bill.jxc_match_open)
        texts = bill.message_ids.mapped("body")
        self.assertTrue([text for text in texts if "Nothing received" in text])
        self._pay(bill)
        self.assertIn(bill.payment_state, ("paid", "in_payment"))

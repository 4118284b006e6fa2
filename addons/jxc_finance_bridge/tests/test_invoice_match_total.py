# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import tagged

from .match_common import MatchCommon

DAY = "2026-01-05"


@tagged("post_install", "-at_install")
class TestInvoiceMatchTotal(MatchCommon):
    """Many small differences come to a large one."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.jxc_match_price_percent = 1
        cls.company.jxc_match_limit_percent = 0.5
        cls.company.jxc_match_limit_amount = 5
        cls.lines = cls.env["purchase.order.line"]
        for _number in range(10):
            cls.lines |= cls._buy(DAY, 100, 10)

    def setUp(self):
        super().setUp()
        for line in self.lines:
            self._move(DAY, line, 100)

    def _bill(self, *prices, post=True):
        """A bill of all lines; 1,000 by each order."""
        with self._on(DAY):
            bill = self.env["account.move"].create(
                {
                    "move_type": "in_invoice",
                    "partner_id": self.vendor.id,
                    "invoice_date": DAY,
                    "date": DAY,
                    "ref": f"total {self._next()}",
                    "invoice_line_ids": [
                        Command.create(
                            {
                                "product_id": line.product_id.id,
                                "quantity": 100,
                                "price_unit": price,
                                "tax_ids": [Command.clear()],
                                "purchase_line_id": line.id,
                            }
                        )
                        for line, price in zip(self.lines, prices, strict=True)
                    ],
                }
            )
            if post:
                bill.action_post()
        return bill

    def test_many_small_differences(self):
        """Each line is 0.9 % off, which may be; together 90 are more than 50."""
        bill = self._bill(*[10.09] * 10)
        self.assertTrue(bill.jxc_match_open)
        matches = bill.jxc_match_ids.sorted("id")
        self.assertEqual(matches.mapped("is_exceeded").count(True), 1)
        self.assertEqual(matches[0].state, "total")
        self.assertAlmostEqual(matches[0].amount_total_difference, 90)
        self.assertEqual(set(matches[1:].mapped("state")), {"matched"})
        self.assertIn("90.00", matches[0]._jxc_text())
        self.assertIn("the whole bill differs", matches[0]._jxc_text())
        self.assertIn("the whole bill differs", bill.message_ids[0].body)
        with self.assertRaisesRegex(UserError, "held by matching"):
            self._pay(bill)

    def test_differences_that_even_out(self):
        bill = self._bill(*[10.09, 9.91] * 5)
        self.assertFalse(bill.jxc_match_open)

    def test_refused(self):
        self.company.jxc_match_action = "block"
        with self.assertRaisesRegex(UserError, "the whole bill differs"):
            self._bill(*[10.09] * 10)

    def test_release_is_for_that_total(self):
        bill = self._bill(*[10.09] * 10)
        boss = self._user("total_boss", "account.group_account_manager")
        bill.jxc_match_ids.filtered("is_open").with_user(boss).action_release("agreed")
        self.assertFalse(bill.jxc_match_open)
        bill.button_draft()
        bill.action_post()
        self.assertFalse(bill.jxc_match_open, "the same bill")
        bill.button_draft()
        bill.invoice_line_ids[-1].price_unit = 10.1
        bill.action_post()
        self.assertTrue(bill.jxc_match_open, "another line made it more")

    def test_corrected(self):
        bill = self._bill(*[10.09] * 10)
        bill.button_draft()
        bill.invoice_line_ids[1:].price_unit = 10
        bill.action_post()
        self.assertFalse(bill.jxc_match_open)
        self.assertEqual(set(bill.jxc_match_ids.mapped("state")), {"matched"})

    def test_limit_raised_meanwhile(self):
        """A held bill that is matched again is judged by what is tolerated now."""
        bill = self._bill(*[10.09] * 10)
        self.company.jxc_match_limit_percent = 1
        bill.action_jxc_match()
        self.assertFalse(bill.jxc_match_open)
        self.assertEqual(set(bill.jxc_match_ids.mapped("state")), {"matched"})

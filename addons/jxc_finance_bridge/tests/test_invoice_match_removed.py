# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged

from .match_common import MatchCommon


@tagged("post_install", "-at_install")
class TestInvoiceMatchRemoved(MatchCommon):
    """No way past matching by taking lines or orders away."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.line = cls._buy("2026-01-05", 10, 10)
        cls.service = cls.env["product.product"].create(
            {"name": "Freight", "type": "service", "purchase_method": "purchase"}
        )

    def _draft(self, **values):
        bill = self._invoice("2026-01-06", self.line, 10, 12, post=False)
        bill.write(values)
        return bill.with_user(self.clerk)

    def _expense(self, price=120):
        return Command.create(
            {"name": "Other costs", "price_unit": price, "tax_ids": [Command.clear()]}
        )

    def _open(self, bill):
        return bill.jxc_match_ids.filtered("is_open").line_id.mapped("name")

    def test_line_entered_again_as_expense(self):
        """Nothing was received. The line is deleted, its amount typed as an expense, in
        one step or in two."""
        for steps in (1, 2):
            with self.subTest(steps=steps):
                bill = self._draft()
                commands = [Command.delete(bill.invoice_line_ids.id), self._expense()]
                for part in [commands] if steps == 1 else [commands[:1], commands[1:]]:
                    bill.write({"invoice_line_ids": part})
                with self.assertRaises(AccessError):
                    bill.write({"jxc_removed_order_lines": False})
                bill.action_post()
                self.assertEqual(self._open(bill), ["Other costs"])
                with self.assertRaisesRegex(UserError, "held by matching"):
                    bill._jxc_check_not_held_by_match()
        self.company.jxc_match_action = "block"
        bill = self._draft()
        bill.write({"invoice_line_ids": [Command.clear(), self._expense()]})
        with self.assertRaisesRegex(UserError, "Other costs: without order"):
            bill.action_post()

    def test_what_was_there_before(self):
        """Freight stood on the bill already, and the order comes back to it."""
        bill = self._draft()
        bill.write({"invoice_line_ids": [self._expense(7)]})
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE account_move_line SET create_date = create_date - interval '1 hour'"
            " WHERE move_id = %s AND purchase_line_id IS NULL",
            [bill.id],
        )
        self.env.invalidate_all()
        ordered = bill.invoice_line_ids.filtered("purchase_line_id")
        bill.write({"invoice_line_ids": [Command.delete(ordered.id)]})
        bill.action_post()
        self.assertFalse(bill.jxc_match_open)
        bill.button_draft()
        bill.write({"invoice_line_ids": [self._expense(8)]})
        bill.action_post()
        self.assertTrue(bill.jxc_match_open, "this one came later")
        bill.button_draft()
        self._move("2026-01-06", self.line, 10)
        again = {
            "product_id": self.goods.id,
            "quantity": 10,
            "price_unit": 10,
            "purchase_line_id": self.line.id,
            "tax_ids": [Command.clear()],
        }
        bill.write({"invoice_line_ids": [Command.create(again)]})
        bill.action_post()
        self.assertFalse(bill.jxc_match_open)

    def test_order_deleted(self):
        """Cancelled and deleted behind a draft bill, as a whole or by line."""
        self.company.jxc_match_unordered = "none"
        for what in ("order_id", "id"):
            with self.subTest(what):
                line = self._buy("2026-01-05", 1, 30, product=self.service)
                bill = self._invoice("2026-01-06", line, 1, 90, post=False)
                line.order_id.button_cancel()
                (line.order_id if what == "order_id" else line).unlink()
                self.env.invalidate_all()
                self.assertFalse(bill.invoice_line_ids.purchase_line_id)
                bill.with_user(self.clerk).action_post()
                self.assertTrue(bill.jxc_match_open)

    def test_order_of_a_posted_bill(self):
        """Cancelling it is prevented; however it came about, it is not deleted."""
        line = self._buy("2026-01-05", 1, 30, product=self.service)
        bill = self._invoice("2026-01-06", line, 1, 30)
        order = line.order_id
        with self.assertRaises(UserError):
            order.button_cancel()
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE purchase_order SET state = 'cancel' WHERE id = %s", [order.id]
        )
        self.env.invalidate_all()
        for record in (order, line):
            with self.assertRaisesRegex(UserError, "stays as the reason"):
                record.unlink()
        self.assertEqual(bill.jxc_match_ids.purchase_line_id, line)

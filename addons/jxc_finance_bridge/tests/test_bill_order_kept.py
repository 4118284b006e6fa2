# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import tagged

from .match_common import MatchCommon


@tagged("post_install", "-at_install")
class TestBillOrderKept(MatchCommon):
    """The same goods are not billed once more by letting go of their order."""

    def setUp(self):
        super().setUp()
        self.line = self._buy("2026-01-05", 10, 10)
        self._move("2026-01-05", self.line, 10)
        self.bill = self._invoice("2026-01-06", self.line, 10, 10)

    def test_posted_bill_keeps_its_order(self):
        self.assertFalse(self.bill.jxc_match_open)
        other = self._buy("2026-01-05", 10, 10)
        billed = self.bill.invoice_line_ids.with_user(self.clerk)
        ordered = self.line.with_user(self.clerk)
        for work in (
            lambda: billed.write({"purchase_line_id": False}),
            lambda: billed.write({"purchase_line_id": other.id}),
            lambda: ordered.write({"invoice_lines": [Command.clear()]}),
            lambda: ordered.write({"invoice_lines": [Command.unlink(billed.id)]}),
            lambda: other.with_user(self.clerk).write(
                {"invoice_lines": [Command.link(billed.id)]}
            ),
        ):
            with (
                self.assertRaisesRegex(UserError, "stay"),
                self.env.cr.savepoint(),
            ):
                work()
                self.env.flush_all()
            self.env.invalidate_all()
        billed.write({"purchase_line_id": self.line.id})
        self.assertEqual(self.line.qty_invoiced, 10)
        again = self._invoice("2026-01-07", self.line, 10, 10)
        self.assertTrue(again.jxc_match_open)

    def test_set_back_it_is_compared_again(self):
        bill = self.bill.with_user(self.clerk)
        bill.button_draft()
        bill.invoice_line_ids.purchase_line_id = False
        bill.action_post()
        self.assertTrue(bill.jxc_match_open)

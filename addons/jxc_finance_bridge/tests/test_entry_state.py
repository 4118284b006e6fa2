# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
"""What clients may not write of entries, however they reach the database."""

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged

from ..tools.token import engine_context
from .common import FinanceBridgeCommon


@tagged("post_install", "-at_install")
class TestEntryState(FinanceBridgeCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.boss = cls._user("state_boss", "account.group_account_manager")
        cls.clerk = cls._user("state_clerk", "account.group_account_invoice")

    def _own_entry(self, date="2023-01-31", post=True):
        move = self._entry(date, ("112200", 100, 0), ("500100", 0, 100), post=False)
        move = move.with_user(self.boss)
        if post:
            move.action_post()
        return move

    def test_state_is_changed_by_its_methods(self):
        """Writing the state would go round what posting and resetting check."""
        move = self._own_entry()
        for values in ({"state": "draft"}, {"state": "cancel"}):
            with self.subTest(values), self.assertRaises(AccessError):
                move.write(values)
        with self.assertRaises(AccessError):
            move.write({"posted_before": False})
        with self.assertRaises(AccessError):
            move.write({"move_type": "out_invoice"})
        move.button_draft()
        self.assertEqual(move.state, "draft")
        with self.assertRaises(AccessError):
            move.write({"state": "posted"})
        move.action_post()
        self.assertEqual(move.state, "posted")
        move.button_draft()
        move.button_cancel()
        self.assertEqual(move.state, "cancel")
        with self.assertRaises(AccessError):
            move.write({"state": "draft"})

    def test_what_secures_an_entry(self):
        """A hash that somebody made up would say that entries were never changed."""
        move, draft = self._own_entry(), self._own_entry(post=False)
        for record in (move, draft):
            for values in ({"inalterable_hash": "x"}, {"secure_sequence_number": 7}):
                with self.subTest(values), self.assertRaises(AccessError):
                    record.write(values)
                with self.subTest(values), self.assertRaises(AccessError):
                    record.create(values)
        entries = self.env["account.move"].with_user(self.boss)
        entry = entries.with_context(default_inalterable_hash="x").create({})
        self.assertFalse(entry.inalterable_hash)
        move.button_hash()
        self.assertTrue(move.inalterable_hash)

    def test_since_when_items_are_settled(self):
        """The ageing of what is open looks at the day of the reconciliation."""
        debt = self._own_entry()
        paid = self._entry("2023-02-28", ("112200", 0, 100), ("100200", 100, 0))
        lines = (debt | paid).line_ids.with_user(self.boss)
        lines.filtered(lambda line: line.account_id.code == "112200").reconcile()
        partial = debt.line_ids.matched_credit_ids
        self.assertEqual(str(partial.max_date), "2023-02-28")
        with self.assertRaises(AccessError):
            partial.max_date = "2023-01-01"
        lines.remove_move_reconcile()
        self.assertFalse(partial.exists())

    def test_what_a_posted_entry_is(self):
        """Its day, partner and books, and what it reverses, stay: also for clients that
        know the key by which the platform's own code goes round its check."""
        move, other = self._own_entry(), self._own_entry("2023-02-28")
        journal = self.env["account.journal"].search(
            [("company_id", "=", self.company.id), ("type", "=", "bank")], limit=1
        )
        for values in (
            {"date": "2023-02-01"},
            {"invoice_date": "2023-02-01"},
            {"partner_id": self.partner_b.id},
            {"currency_id": self.env.ref("base.USD").id},
            {"journal_id": journal.id, "name": "/"},
            {"company_id": self.env["res.company"].create({"name": "Other"}).id},
            {"reversed_entry_id": other.id},
        ):
            client = move.with_context(skip_readonly_check=True)
            with self.subTest(values), self.assertRaises(AccessError):
                client.write(values)
        # what forms send back as it is
        client.write({"date": str(move.date), "reversed_entry_id": False, "ref": "R"})
        reversal = move._reverse_moves([{"date": "2023-02-28"}])
        reversal.action_post()
        self.assertEqual(reversal.reversed_entry_id, move)
        with self.assertRaises(AccessError):
            reversal.write({"reversed_entry_id": False})

    def test_figures_follow(self):
        move = self._own_entry().with_user(self.clerk)
        for values in (
            {"amount_untaxed": 1},
            {"amount_total_signed": 1},
            {"amount_residual": 1},
            {"payment_state": "paid"},
        ):
            with self.subTest(values), self.assertRaises(AccessError):
                move.write(values)
        # what forms send back as it is
        move.write({"amount_tax": move.amount_tax, "ref": "R"})
        self.assertEqual(move.ref, "R")

    def test_a_payment_may_be_blocked(self):
        bill = self.env["account.move"].create(
            {
                "move_type": "in_invoice",
                "partner_id": self.partner_a.id,
                "invoice_date": "2023-01-31",
                "invoice_line_ids": [
                    Command.create({"name": "x", "price_unit": 5, "tax_ids": []})
                ],
            }
        )
        bill.action_post()
        bill.with_user(self.clerk).action_toggle_block_payment()
        self.assertEqual(bill.payment_state, "blocked")

    def test_lines_follow_their_entry(self):
        """No line leaves the month, or the books, of its entry."""
        line = self._own_entry().line_ids[0].with_user(self.clerk)
        for values in (
            {"date": "2023-02-01"},
            {"parent_state": "draft"},
            {"company_id": False},
            {"amount_residual": 0},
            {"amount_residual_currency": 0},
            {"reconciled": True},
            {"full_reconcile_id": False},
        ):
            with self.subTest(values), self.assertRaises(AccessError):
                line.write(values)
        line.write({"name": "another summary"})

    def test_closed_months_keep_their_texts(self):
        move = self._own_entry()
        move.line_ids[0].name = "as it was"
        books = self.company.sudo().with_context(**engine_context())
        books.jxc_closed_date = "2023-01-31"
        with self.assertRaises(UserError):
            move.line_ids[0].name = "as it suits"
        with self.assertRaises(UserError):
            move.jxc_attachment_count = 7
        with self.assertRaises(UserError):
            move.jxc_summary = "as it suits"
        for values in ({"quantity": 7}, {"price_unit": 7}):
            with self.subTest(values), self.assertRaises(UserError):
                move.line_ids[0].write(values)
        move.line_ids[0].name = "as it was"

    def test_who_wrote_the_lines_does_not_review_them(self):
        groups = "account.group_account_user,jxc_finance_bridge.group_voucher_reviewer"
        reviewer = self._user("state_reviewer", groups)
        move = self._own_entry(post=False)
        move.with_user(reviewer).write(
            {
                "line_ids": [
                    Command.clear(),
                    *(
                        Command.create(
                            {
                                "account_id": self._account(code).id,
                                "balance": balance,
                                "name": "mine",
                            }
                        )
                        for code, balance in (("112200", 900), ("500100", -900))
                    ),
                ]
            }
        )
        move.action_post()
        with self.assertRaises(AccessError):
            move.with_user(reviewer).action_jxc_check()

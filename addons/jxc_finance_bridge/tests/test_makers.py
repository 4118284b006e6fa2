# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
"""Who had a hand in what a voucher says does not review it."""

from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import tagged

from .booking_common import BookingCommon


@tagged("post_install", "-at_install")
class TestMakers(BookingCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.clerk = cls._user("makers_clerk", "account.group_account_invoice")
        cls.reviewer = cls._user(
            "makers_reviewer",
            "account.group_account_manager,jxc_finance_bridge.group_voucher_reviewer",
        )

    def _draft(self, lines=2):
        """An entry of the clerk."""
        move = self.env["account.move"].with_user(self.clerk)
        return move.create(
            {
                "move_type": "entry",
                "date": "2026-01-05",
                "journal_id": self.company_data["default_journal_misc"].id,
                "line_ids": [
                    Command.create(
                        {
                            "account_id": self._account(code).id,
                            "balance": sign * 100,
                            "name": code,
                        }
                    )
                    for _pair in range(lines // 2)
                    for code, sign in (("112200", 1), ("500100", -1))
                ],
            }
        )

    def _bill(self, **values):
        """A vendor bill of the clerk."""
        move = self.env["account.move"].with_user(self.clerk)
        return move.create(
            {
                "move_type": "in_invoice",
                "partner_id": self.vendor.id,
                "invoice_date": "2026-01-05",
                "date": "2026-01-05",
                "invoice_line_ids": [
                    Command.create(
                        {
                            "name": "x",
                            "quantity": 2,
                            "price_unit": 50,
                            "tax_ids": [Command.clear()],
                        }
                    )
                ],
                **values,
            }
        )

    def _assert_maker(self, move, is_maker=True):
        move.with_user(self.clerk).action_post()
        own = move.with_user(self.reviewer)
        if is_maker:
            self.assertEqual(move.jxc_drafter_ids, self.reviewer)
            self._assert_shown(move, self.reviewer)
            with self.assertRaisesRegex(AccessError, "changed"):
                own.action_jxc_check()
        else:
            self.assertFalse(move.jxc_drafter_ids)
            self._assert_shown(move, self.clerk)
            own.action_jxc_check()
            self.assertEqual(move.jxc_checked_by, self.reviewer)

    def _assert_shown(self, move, user):
        """Who is 制单 on the voucher, on paper and in other finance systems."""
        self.assertEqual(move.jxc_maker_id, user)
        people = dict(move._jxc_get_voucher_sheets()[0]["people"])
        self.assertEqual(people["Made by"], user.name)
        self.assertEqual(move._jxc_voucher_heads()[move.id]["prepared_by"], user.name)

    def test_who_changes_lines(self):
        other = self._account("112300").id
        for vals in ({"account_id": other}, {"partner_id": self.customer.id}):
            for by_line in (True, False):
                with self.subTest(vals, by_line=by_line):
                    move = self._draft()
                    line = move.line_ids[0].with_user(self.reviewer)
                    if by_line:
                        line.write(vals)
                    else:
                        line.move_id.write(
                            {"line_ids": [Command.update(line.id, vals)]}
                        )
                    self._assert_maker(move)

    def test_who_changes_amounts(self):
        move = self._draft()
        first, second = move.line_ids
        move.with_user(self.reviewer).write(
            {
                "line_ids": [
                    Command.update(first.id, {"balance": 900}),
                    Command.update(second.id, {"balance": -900}),
                ]
            }
        )
        self._assert_maker(move)

    def test_who_changes_bills(self):
        for vals in ({"price_unit": 60}, {"quantity": 3}, {"discount": 10}):
            with self.subTest(vals):
                bill = self._bill()
                bill.with_user(self.reviewer).invoice_line_ids.write(vals)
                self._assert_maker(bill)

    def test_who_changes_the_head(self):
        bill = self._bill()
        bill.with_user(self.reviewer).partner_id = self.customer
        self._assert_maker(bill)

    def test_who_changes_how_it_is_paid(self):
        """Term, days and journal say when, and in which books, it is owed."""
        journal = self.env["account.journal"].create(
            {"name": "Other bills", "type": "purchase", "code": "OTHB"}
        )
        term = self.env.ref("account.account_payment_term_30days")
        # A new bill has the first one.
        _first, bank = self.env["res.partner.bank"].create(
            [
                {"acc_number": number, "partner_id": self.vendor.id}
                for number in ("6222021", "6222022")
            ]
        )
        for vals in (
            {"journal_id": journal.id},
            {"invoice_payment_term_id": term.id},
            {"invoice_date_due": "2027-01-31"},
            {"partner_bank_id": bank.id},
        ):
            with self.subTest(vals):
                bill = self._bill()
                bill.with_user(self.reviewer).write(vals)
                self._assert_maker(bill)

    def test_who_takes_lines_out(self):
        bill = self._bill()
        self._add_line(bill.with_user(self.clerk))
        bill.with_user(self.reviewer).invoice_line_ids[1].unlink()
        self._assert_maker(bill)

    def test_who_adds_lines(self):
        bill = self._bill()
        self._add_line(bill.with_user(self.reviewer))
        self._assert_maker(bill)

    def _add_line(self, bill):
        line = {"name": "y", "price_unit": 9, "tax_ids": []}
        bill.write({"invoice_line_ids": [Command.create(line)]})

    def test_the_last_one_is_shown(self):
        """Back in the hands of who entered it; the other stays no reviewer of it."""
        bill = self._bill()
        for user, price in ((self.reviewer, 60), (self.clerk, 70)):
            bill.with_user(user).invoice_line_ids.price_unit = price
        self.assertEqual(bill.jxc_drafter_ids, self.reviewer)
        bill.with_user(self.clerk).action_post()
        self._assert_shown(bill, self.clerk)
        with self.assertRaisesRegex(AccessError, "changed"):
            bill.with_user(self.reviewer).action_jxc_check()
        self.assertEqual(
            bill.with_user(self.reviewer).copy().jxc_maker_id, self.reviewer
        )

    def test_who_changes_what_is_posted(self):
        """The platform lets accountants give posted lines another account."""
        move = self._draft()
        move.action_post()
        move.line_ids[0].with_user(self.reviewer).account_id = self._account("112300")
        with self.assertRaisesRegex(AccessError, "changed"):
            move.with_user(self.reviewer).action_jxc_check()

    def test_texts_and_what_is_there_make_nobody_a_maker(self):
        move = self._draft()
        line = move.line_ids[0].with_user(self.reviewer)
        line.write({"name": "another", "account_id": line.account_id.id})
        line.move_id.write(
            {"ref": "R", "line_ids": [Command.update(line.id, {"balance": 100.0})]}
        )
        self._assert_maker(move, is_maker=False)

    def test_who_posts_only_is_noted_as_such(self):
        bill = self._bill(
            move_type="out_invoice", partner_id=self.customer.id, invoice_date=False
        )
        bill.with_user(self.reviewer).action_post()
        self.assertFalse(bill.jxc_drafter_ids)
        self.assertEqual(bill.jxc_posted_by, self.reviewer)
        bill.with_user(self.reviewer).button_draft()
        self.assertFalse(bill.jxc_drafter_ids)

    def test_the_server_is_no_maker(self):
        move = self._draft()
        line = move.line_ids[0].with_user(self.reviewer).sudo()
        line.account_id = self._account("112300")
        self._assert_maker(move, is_maker=False)

    def test_clients_do_not_write_makers(self):
        move = self._draft().with_user(self.reviewer)
        move.line_ids[0].account_id = self._account("112300")
        for command in (Command.clear(), Command.unlink(self.reviewer.id)):
            with self.assertRaises(AccessError):
                move.write({"jxc_drafter_ids": [command]})
        with self.assertRaises(AccessError):
            move.jxc_maker_id = self.clerk
        self.assertEqual(move.jxc_maker_id, self.reviewer)
        self.assertEqual(move.jxc_drafter_ids, self.reviewer)
        self.assertFalse(move.copy().jxc_drafter_ids)

    def test_a_hold_is_released_by_somebody_else(self):
        """Who raised the price is no judge of it, and who booked the bill neither."""
        self.company.jxc_match_action = "hold"
        line = self._buy("2026-01-05", 10, 10)
        self._move("2026-01-05", line, 10)
        other = self._user("makers_other", "account.group_account_manager")
        bill = self._invoice("2026-01-06", line, 10, 10, post=False)
        bill.with_user(self.reviewer).invoice_line_ids.price_unit = 12
        bill.with_user(self.clerk).action_post()
        match = bill.jxc_match_ids
        with self.assertRaisesRegex(AccessError, "somebody else"):
            match.with_user(self.reviewer).action_release("agreed")
        match.with_user(other).action_release("agreed")
        second = self._invoice("2026-01-07", line, 10, 12, user=other)
        with self.assertRaisesRegex(AccessError, "somebody else"):
            second.jxc_match_ids.with_user(other).action_release("agreed")

    def test_cheap(self):
        """A hand in a voucher costs the same for two lines as for forty."""
        extra = []
        for count in (2, 2, 40):
            move = self._draft(count)
            counts = []
            for user, partner in (
                (self.clerk, self.vendor),
                (self.reviewer, self.customer),
            ):
                self.env.flush_all()
                before = self.env.cr.sql_log_count
                move.line_ids.with_user(user).partner_id = partner
                self.env.flush_all()
                counts.append(self.env.cr.sql_log_count - before)
            extra.append(counts[1] - counts[0])
        self.assertEqual(extra[2], extra[1], extra)

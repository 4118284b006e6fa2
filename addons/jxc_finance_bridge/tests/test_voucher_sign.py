# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged

from .common import FinanceBridgeCommon
from .test_voucher import CASH_IN, SALE


@tagged("post_install", "-at_install")
class TestVoucherSign(FinanceBridgeCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.accountant = cls._user(
            "sign_accountant",
            "account.group_account_user,jxc_finance_bridge.group_voucher_reviewer",
        )
        cls.reviewer = cls._user(
            "sign_reviewer", "jxc_finance_bridge.group_voucher_reviewer"
        )
        cls.cashier = cls._user(
            "sign_cashier", "jxc_finance_bridge.group_voucher_cashier"
        )

    def _make(self, *lines, user=None):
        env = self.env(user=user or self.accountant)
        journal = self.company_data["default_journal_misc"]
        move = env["account.move"].create(
            {
                "move_type": "entry",
                "date": "2024-01-05",
                "journal_id": journal.id,
                "line_ids": [
                    Command.create(
                        {
                            "account_id": self._account(code).id,
                            "balance": debit - credit,
                        }
                    )
                    for code, debit, credit in lines
                ],
            }
        )
        move.action_post()
        return move

    def test_review_by_somebody_else(self):
        move = self._make(*SALE)
        self.assertEqual(move.jxc_posted_by, self.accountant)
        with self.assertRaisesRegex(AccessError, "yourself"):
            move.action_jxc_check()
        with self.assertRaises(AccessError):
            move.with_user(self.cashier).action_jxc_check()
        move.with_user(self.reviewer).action_jxc_check()
        self.assertEqual(move.jxc_checked_by, self.reviewer)
        self.assertTrue(move.jxc_checked_date)
        with self.assertRaisesRegex(UserError, "already"):
            move.with_user(self.reviewer).action_jxc_check()

    def test_poster_counts_as_maker(self):
        draft = self._entry("2024-01-05", *SALE, post=False)
        draft.with_user(self.accountant).action_post()
        with self.assertRaises(AccessError):
            draft.with_user(self.accountant).action_jxc_check()

    def test_drafts_are_not_reviewed(self):
        draft = self._entry("2024-01-05", *SALE, post=False)
        with self.assertRaisesRegex(UserError, "post it first"):
            draft.with_user(self.reviewer).action_jxc_check()

    def test_reviewed_voucher_does_not_change(self):
        move = self._make(*SALE)
        move.with_user(self.reviewer).action_jxc_check()
        for change in (
            move.button_draft,
            move.button_cancel,
            lambda: move.write({"state": "draft"}),
            lambda: move.write({"date": "2024-01-06"}),
            lambda: move.write({"jxc_summary": "x"}),
            lambda: move.write({"jxc_attachment_count": 9}),
            lambda: move.line_ids[0].write({"name": "x"}),
            lambda: move.line_ids[0].write({"account_id": self._account("112300").id}),
            lambda: move.line_ids[0].write({"quantity": 7}),
            lambda: move.line_ids[0].write({"price_unit": 7}),
        ):
            with self.assertRaises(UserError):
                change()
        with self.assertRaises(AccessError):
            move.with_user(self.cashier).action_jxc_uncheck()
        move.with_user(self.reviewer).action_jxc_uncheck()
        self.assertFalse(move.jxc_checked_by)
        move.button_draft()
        self.assertFalse(move.jxc_posted_by)

    def test_cashier_signs_for_money(self):
        sale, receipt = self._make(*SALE), self._make(*CASH_IN)
        with self.assertRaisesRegex(UserError, "moves no money"):
            sale.with_user(self.cashier).action_jxc_cashier_sign()
        with self.assertRaises(AccessError):
            receipt.with_user(self.reviewer).action_jxc_cashier_sign()
        receipt.with_user(self.cashier).action_jxc_cashier_sign()
        self.assertEqual(receipt.jxc_cashier_id, self.cashier)
        unsigned = self.env["account.move"].search(
            [
                ("company_id", "=", self.company.id),
                ("jxc_has_cash", "=", True),
                ("jxc_cashier_id", "=", False),
            ]
        )
        self.assertFalse(unsigned)
        receipt.with_user(self.cashier).action_jxc_cashier_unsign()
        self.assertFalse(receipt.jxc_cashier_id)

    def test_cashier_and_reviewer_are_two(self):
        both = self._user(
            "sign_both",
            "jxc_finance_bridge.group_voucher_reviewer,"
            "jxc_finance_bridge.group_voucher_cashier",
        )
        move = self._make(*CASH_IN)
        move.with_user(both).action_jxc_cashier_sign()
        with self.assertRaisesRegex(AccessError, "as cashier"):
            move.with_user(both).action_jxc_check()
        with self.assertRaises(AccessError):
            move.with_user(self.cashier).action_jxc_cashier_unsign()
        other = self._make(*CASH_IN)
        other.with_user(both).action_jxc_check()
        with self.assertRaisesRegex(AccessError, "reviewed"):
            other.with_user(both).action_jxc_cashier_sign()

    def test_other_company_is_out_of_reach(self):
        other = self.setup_other_company(name="Other")["company"]
        move = self._entry(
            "2024-01-05", ("112200", 1, 0), ("500100", 0, 1), company=other
        )
        with self.assertRaises(AccessError):
            move.with_user(self.reviewer).action_jxc_check()
        with self.assertRaises(AccessError):
            move.with_user(self.cashier).action_jxc_cashier_sign()

    def test_reset_takes_signatures_along(self):
        move = self._make(*CASH_IN)
        move.with_user(self.cashier).action_jxc_cashier_sign()
        move.button_draft()
        self.assertFalse(move.jxc_cashier_id)

# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Command
from odoo.tests import tagged

from .bank_matching_common import BankMatchingCommon


@tagged("post_install", "-at_install")
class TestBankMatching(BankMatchingCommon):
    """What bank transactions settle by their sign, and what settles nothing."""

    def test_refunds_are_settled_by_sign(self):
        """A vendor pays a refund back, a customer gets one: proposed by its number,
        settled, and free again when taken back."""
        for kind, partner, amount, code in (
            ("in_refund", self.vendor, 100, "220200"),
            ("out_refund", self.customer, -70, "112200"),
        ):
            with self.subTest(kind):
                open_item = self._refund(kind, abs(amount), partner)
                line = self._line(amount, f"退款 {open_item.move_id.name}")
                self.assertRecordValues(
                    line,
                    [
                        {
                            "jxc_proposed_partner_id": partner.id,
                            "jxc_proposed_line_ids": open_item.ids,
                            "jxc_proposal": "document",
                        }
                    ],
                )
                line.action_jxc_accept()
                self.assertTrue(line.is_reconciled and open_item.reconciled)
                self.assertEqual(self._codes(line), [code])
                line.action_jxc_take_back()
                self.assertFalse(line.is_reconciled or open_item.reconciled)

    def test_refunds_by_amount_and_by_hand(self):
        """By the partner's name and the amount; part of one chosen by hand."""
        refund = self._refund("in_refund", 100, self.vendor)
        other = self._refund("in_refund", 30, self.vendor)
        line = self._line(30, "退款", partner_id=self.vendor.id)
        self.assertEqual(line.jxc_proposed_line_ids, other)
        self.assertEqual(line.jxc_proposal, "amount")
        line.jxc_proposed_line_ids = refund
        line.action_jxc_accept()
        self.assertEqual((refund.amount_residual, other.amount_residual), (70, 30))

    def test_what_is_owed_goes_first(self):
        """Who buys and sells pays invoices with money in, not refunds of ours."""
        invoice = self._item("112200", 50, partner=self.vendor)
        refund = self._refund("in_refund", 80, self.vendor)
        line = self._line(40, "款", partner_id=self.vendor.id)
        self.assertEqual(line.jxc_proposed_line_ids, invoice)
        equal = self._line(80, "款", partner_id=self.vendor.id)
        self.assertEqual(equal.jxc_proposed_line_ids, refund)
        line.jxc_proposed_line_ids |= refund
        with self.assertRaisesRegex(UserError, "as a customer and as a vendor"):
            line.action_jxc_accept()
        wrong = self._line(-5, "款", propose=False)
        wrong.write(
            {
                "jxc_proposed_partner_id": self.vendor.id,
                "jxc_proposed_line_ids": [Command.set(refund.ids)],
            }
        )
        with self.assertRaisesRegex(UserError, "only"):
            wrong.action_jxc_accept()

    def test_advances_do_not_pay_back_what_came_in(self):
        """Money to a vendor who is a customer too pays back a receipt only by its
        number or amount, not because the receipt is the oldest."""
        receipt = self._item("112200", -2000, partner=self.vendor)
        line = self._line(-500, "预付货款", partner_id=self.vendor.id)
        self.assertEqual(line.jxc_proposal, "partner")
        self.assertFalse(line.jxc_proposed_line_ids)
        equal = self._line(-2000, "退款", partner_id=self.vendor.id)
        self.assertEqual(equal.jxc_proposal, "amount")
        self.assertEqual(equal.jxc_proposed_line_ids, receipt)
        number = receipt.move_id.name
        named = self._line(-500, f"退 {number}", partner_id=self.vendor.id)
        self.assertEqual(named.jxc_proposal, "document")
        line.action_jxc_accept()
        self.assertEqual(self._codes(line), ["220200"])
        self.assertEqual(receipt.amount_residual, -2000)
        # The other way round: a deposit of a customer who sells to us too.
        self._item("220200", 2000, partner=self.customer)
        line = self._line(500, "预收货款", partner_id=self.customer.id)
        self.assertEqual(line.jxc_proposal, "partner")
        self.assertFalse(line.jxc_proposed_line_ids)

    def test_several_credit_notes_are_paid_out(self):
        """Or a part of one: they are what money out to a customer is for."""
        notes = self._refund("out_refund", 200, self.customer)
        notes |= self._refund("out_refund", 300, self.customer)
        self._item("112200", -70, partner=self.customer)
        line = self._line(-500, "退货款", partner_id=self.customer.id)
        self.assertEqual(line.jxc_proposal, "due")
        self.assertEqual(line.jxc_proposed_line_ids, notes)
        line.action_jxc_accept()
        self.assertEqual(notes.mapped("amount_residual"), [0.0, 0.0])
        part = self._refund("in_refund", 500, self.vendor)
        line = self._line(300, "退款", partner_id=self.vendor.id)
        self.assertEqual(line.jxc_proposed_line_ids, part)
        line.action_jxc_accept()
        self.assertEqual(part.amount_residual, 200)

    # Fees and interest --------------------------------------------------------------

    def test_fees_and_interest(self):
        """Nobody's money is booked on the account its memo speaks of."""
        fee = self._line(-5.5, "网银转账手续费")
        interest = self._line(3.21, "一季度结息")
        unknown = self._line(9, "转账")
        earned = self._line(4, "手续费")
        self.assertEqual(fee.jxc_account_id, self.company.jxc_settlement_fee_account_id)
        self.assertEqual(fee.jxc_proposal, "words")
        code = interest.jxc_account_id.with_company(self.company).code
        self.assertEqual(code, "560301")
        self.assertFalse((unknown | earned).jxc_account_id, "banks pay no fees")
        with self.assertRaisesRegex(UserError, "Say whose money"):
            unknown.action_jxc_accept()
        (fee | interest).action_jxc_accept()
        self.assertEqual((fee | interest).mapped("is_reconciled"), [True, True])
        self.assertEqual(self._codes(fee), ["560300"])
        self.assertEqual(
            self._balances(interest.move_id),
            {self.bank.default_account_id.code: 3.21, "560301": -3.21},
        )
        fee.action_jxc_take_back()
        self.assertFalse(fee.is_reconciled)

    def test_account_chosen_by_hand(self):
        """Of no partner, no bank and beside no documents; advances have an owner."""
        line = self._line(500, "预付货款", propose=False)
        for code in ("112200", "220200"):
            with self.assertRaises(ValidationError, msg=code):
                line.jxc_account_id = self._account(code)
        for account in self.bank.default_account_id | self.bank.suspense_account_id:
            with self.assertRaises(ValidationError, msg=account.name):
                line.jxc_account_id = account
        advance = self._account("220300")
        with self.assertRaises(ValidationError) as caught:
            line.jxc_account_id = advance
        self.assertIn("whose advance", str(caught.exception))
        line.write(
            {"jxc_account_id": advance.id, "jxc_proposed_partner_id": self.customer.id}
        )
        with self.assertRaises(ValidationError) as caught:
            line.jxc_proposed_line_ids = self._item("112200", 300)
        self.assertIn("keep one", str(caught.exception))
        line.action_jxc_accept()
        booked = line.move_id.line_ids.filtered(lambda row: row.account_id == advance)
        self.assertEqual((booked.balance, booked.partner_id), (-500, self.customer))

    def test_company_without_the_accounts(self):
        self.company.jxc_settlement_fee_account_id = False
        fee = self._line(-5.5, "手续费")
        self.assertFalse(fee.jxc_account_id or fee.jxc_proposal)

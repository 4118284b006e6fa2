# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Command
from odoo.tests import tagged

from .settlement_common import SettlementCommon


@tagged("post_install", "-at_install")
class TestBankMatching(SettlementCommon):
    """What bank transactions settle by their sign, and what settles nothing."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.bank = cls.company_data["default_journal_bank"]
        cls.accountant = cls._user("match_accountant", "account.group_account_user")
        for partner in cls.customer | cls.vendor:
            partner.property_account_receivable_id = cls._account("112200")
            partner.property_account_payable_id = cls._account("220200")
            partner.property_payment_term_id = False

    def _line(self, amount, memo, propose=True, **values):
        line = (
            self.env["account.bank.statement.line"]
            .with_user(self.accountant)
            .create(
                {
                    "journal_id": self.bank.id,
                    "date": "2026-03-20",
                    "amount": amount,
                    "payment_ref": memo,
                    **values,
                }
            )
        )
        if propose:
            line.action_jxc_propose()
        return line

    def _refund(self, kind, amount, partner, ref=None):
        """A posted refund and its open item."""
        move = self.env["account.move"].create(
            {
                "move_type": kind,
                "partner_id": partner.id,
                "invoice_date": "2026-03-01",
                "date": "2026-03-01",
                "company_id": self.company.id,
                "ref": ref,
                "invoice_line_ids": [
                    Command.create(
                        {
                            "name": "x",
                            "price_unit": amount,
                            "tax_ids": [Command.clear()],
                        }
                    )
                ],
            }
        )
        move.action_post()
        return move.line_ids.filtered(lambda line: line.display_type == "payment_term")

    def _codes(self, line):
        accounts = line.move_id.line_ids.account_id - self.bank.default_account_id
        return accounts.with_company(self.company).mapped("code")

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

    # Several lines at once ----------------------------------------------------------

    def _lines(self, *rows, partner=None):
        """Lines of (amount, memo) that are proposed for together, in this order."""
        partner = partner or self.customer
        lines = self.env["account.bank.statement.line"].with_user(self.accountant)
        for day, (amount, memo) in enumerate(rows, start=10):
            lines += self._line(
                amount,
                memo,
                propose=False,
                date=f"2026-03-{day}",
                partner_id=partner.id,
            )
        lines.action_jxc_propose()
        return lines

    def test_who_names_a_document_goes_first(self):
        first = self._item("112200", 1000)
        second = self._item("112200", 1000, date="2026-03-02")
        name = first.move_id.name
        earlier, named = self._lines((500, "货款"), (1000, f"货款 {name}"))
        self.assertEqual(named.jxc_proposed_line_ids, first)
        self.assertEqual(named.jxc_proposal, "document")
        self.assertEqual(earlier.jxc_proposed_line_ids, second)
        (earlier | named).action_jxc_accept()
        self.assertEqual((first.amount_residual, second.amount_residual), (0, 500))

    def test_two_lines_pay_one_document(self):
        invoice = self._item("112200", 500)
        self._item("112200", 9000, date="2026-03-02")
        name = invoice.move_id.name
        lines = self._lines((200, name), (300, f"货款 {name}"), (50, name))
        self.assertEqual(
            lines.mapped("jxc_proposal"), ["document", "document", "partner"]
        )
        self.assertEqual(lines.mapped("jxc_proposed_line_ids"), invoice)
        self.assertFalse(
            lines[2].jxc_proposed_line_ids, "it is paid: who knows for what"
        )
        lines.action_jxc_accept()
        self.assertEqual(invoice.amount_residual, 0)
        self.assertEqual(lines.mapped("is_reconciled"), [True] * 3)

    def test_two_lines_by_age_share_documents(self):
        invoices = self._item("112200", 500)
        invoices |= self._item("112200", 400, date="2026-03-02")
        lines = self._lines((300, "款"), (450, "款"))
        self.assertEqual(lines[0].jxc_proposed_line_ids, invoices[0])
        self.assertEqual(lines[1].jxc_proposed_line_ids, invoices)
        # As the list shows them: the latest first.
        lines[::-1].action_jxc_accept()
        self.assertEqual(invoices.mapped("amount_residual"), [0.0, 150.0])

    def test_lines_of_the_next_file(self):
        """Documents are promised to those that nobody has accepted yet."""
        invoices = self._item("112200", 500)
        invoices |= self._item("112200", 400, date="2026-03-02")
        lines = self._lines((300, "款"))
        lines |= self._lines((450, "款"))
        self.assertEqual(lines[1].jxc_proposed_line_ids, invoices)
        lines.action_jxc_accept()
        self.assertEqual(invoices.mapped("amount_residual"), [0.0, 150.0])

    def test_one_credit_note_is_paid_out_twice_in_part(self):
        note = self._refund("out_refund", 500, self.customer)
        lines = self._lines((-200, "退款"), (-300, "退款"))
        self.assertEqual(lines.mapped("jxc_proposed_line_ids"), note)
        lines.action_jxc_accept()
        self.assertEqual(note.amount_residual, 0)
        self.assertEqual(self._codes(lines[1]), ["112200"])

    def test_documents_that_a_line_before_settles(self):
        """Chosen by hand for both: what is left over stays open."""
        invoice = self._item("112200", 500)
        lines = self._lines((500, "款"), (80, "款"))
        lines[1].jxc_proposed_line_ids = invoice
        lines.action_jxc_accept()
        self.assertEqual(invoice.amount_residual, 0)
        self.assertEqual(lines.mapped("is_reconciled"), [True, True])
        account = self._account("112200")
        rest = lines[1].move_id.line_ids.filtered(lambda row: row.account_id == account)
        self.assertEqual(rest.amount_residual, -80)

    def test_bank_accounts_of_other_companies(self):
        """They say nothing here, and stop no import."""
        number = "6222 0000 1111"
        theirs = self.env["res.partner"].create(
            {
                "name": "Theirs",
                "company_id": self.env["res.company"].create({"name": "Elsewhere"}).id,
            }
        )
        banks = self.env["res.partner.bank"].sudo()
        banks.create({"partner_id": theirs.id, "acc_number": number})
        user = self.accountant
        user.sudo().company_ids |= theirs.company_id
        line = self._line(5, "款", propose=False, account_number=number)
        companies = (self.company | theirs.company_id).ids
        line = line.with_context(allowed_company_ids=companies)
        line.action_jxc_propose()
        self.assertFalse(line.jxc_proposed_partner_id)
        banks.create({"partner_id": self.customer.id, "acc_number": number})
        line.action_jxc_propose()
        self.assertEqual(line.jxc_proposed_partner_id, self.customer)

    def test_queries_do_not_grow_with_the_lines(self):
        def count(number):
            lines = self._lines(*[(5, "款")] * number)
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            lines.action_jxc_propose()
            self.env.flush_all()
            return self.cr.sql_log_count - before

        count(1)
        self.assertLessEqual(count(12), count(3))

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

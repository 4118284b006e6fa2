# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo.tests import tagged

from .bank_matching_common import BankMatchingCommon


@tagged("post_install", "-at_install")
class TestBankSharing(BankMatchingCommon):
    """What several transactions settle of the same documents."""

    def _lines(self, *rows, first=10):
        """Lines of (amount, memo) that are proposed for together, in this order."""
        lines = self.env["account.bank.statement.line"].with_user(self.accountant)
        for day, (amount, memo) in enumerate(rows, start=first):
            lines += self._line(
                amount,
                memo,
                propose=False,
                date=f"2026-03-{day}",
                partner_id=self.customer.id,
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

    def _invoices(self, *amounts):
        items = self.env["account.move.line"]
        for day, amount in enumerate(amounts, start=1):
            items |= self._item("112200", amount, date=f"2026-03-0{day}")
        return items

    def test_lines_of_the_next_file(self):
        """Documents are promised to those that nobody has accepted yet."""
        invoices = self._invoices(500, 400, 400)
        first = self._lines((300, "款"))
        second, third = self._lines((450, "款"), (400, "款"), first=11)
        self.assertEqual(second.jxc_proposed_line_ids, invoices[:2])
        self.assertEqual(third.jxc_proposed_line_ids, invoices[2], "of equal amount")
        (third | second | first).action_jxc_accept()
        self.assertEqual(invoices.mapped("amount_residual"), [0.0, 150.0, 0.0])

    def test_one_line_is_accepted_before_those_that_came_first(self):
        """Also where it is older, as of another bank: promises are kept."""
        for day in (9, 11):
            with self.subTest(day):
                invoices = self._invoices(500, 400)
                first = self._lines((300, "款"))
                second = self._lines((450, "款"), first=day)
                self.assertEqual(second.jxc_proposed_line_ids, invoices)
                second.action_jxc_accept()
                self.assertEqual(invoices.mapped("amount_residual"), [300.0, 150.0])
                first.action_jxc_accept()
                self.assertEqual(invoices.mapped("amount_residual"), [0.0, 150.0])
                self._lines((150, "款"), first=20).action_jxc_accept()

    def test_numbers_of_other_partners(self):
        """They name no document of its partner: a line by age like others."""
        invoices = self._invoices(500, 400)
        other = self._item("112200", 70, partner=self.vendor)
        lines = self._lines((450, "款"), (300, f"款 {other.move_id.name}"))
        lines.action_jxc_accept()
        self.assertEqual(invoices.mapped("amount_residual"), [0.0, 150.0])
        self.assertEqual(other.amount_residual, 70)

    def test_chosen_by_hand(self):
        """It goes before guesses, however old they are."""
        invoices = self._invoices(500, 400)
        guessed, chosen = self._lines((500, "款"), (400, "款"))
        chosen.jxc_proposed_line_ids = invoices[0]
        self.assertFalse(chosen.jxc_proposal)
        (guessed | chosen).action_jxc_accept()
        self.assertEqual(invoices.mapped("amount_residual"), [0.0, 400.0])
        rest = guessed.move_id.line_ids.filtered("amount_residual")
        self.assertIn(-400, rest.mapped("amount_residual"))

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
        lines.jxc_proposed_line_ids = invoice
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
        self._invoices(500, 400)
        self._lines((100, "款"), (450, "款"))

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

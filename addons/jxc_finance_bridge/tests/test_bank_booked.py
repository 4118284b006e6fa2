# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import tagged

from .bank_import_common import MONEY, BankImportCommon

HEADER = f"{MONEY},对方户名,交易流水号,摘要\n"


@tagged("post_install", "-at_install")
class TestBankBooked(BankImportCommon):
    """Rows of a file that are payments in the books already."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.bank.default_account_id = cls._account("100200")

    def _rows(self, content, **values):
        """{day of the month: state} of what a check says."""
        wizard = self._wizard(HEADER + content, **values)
        wizard.action_check()
        return {row.date.day: row.state for row in wizard.row_ids}

    def _tie(self):
        """A payment that a row, which comes again, turned out to be."""
        item = self._item("112200", -500, date="2026-03-06")
        self._import(f"{HEADER}2026-03-06,500,,甲,A1,货款\n2026-03-09,9,,乙,A2,款\n")
        return item

    def test_nearest_wherever_it_stands(self):
        self._item("112200", -500, date="2026-03-06")
        rows = ["2026-03-08,500,,乙,A2,款\n", "2026-03-06,500,,甲,A1,货款\n"]
        for content in (rows, reversed(rows)):
            self.assertEqual(self._rows("".join(content)), {6: "booked", 8: "new"})

    def test_file_of_payments_alone(self):
        """They are tied, so that the next file does not take them again."""
        item = self._item("112200", -500, date="2026-03-06")
        content = f"{HEADER}2026-03-06,500,,甲,A1,货款\n"
        wizard = self._wizard(content)
        self.assertEqual(wizard.action_import()["res_id"], wizard.id)
        self.assertRecordValues(
            wizard, [{"state": "checked", "new_count": 0, "skipped_count": 1}]
        )
        self.assertRecordValues(
            wizard.row_ids, [{"state": "booked", "message": item.move_id.name}]
        )
        known = self.env["jxc.bank.format"].search([("journal_id", "=", self.bank.id)])
        self.assertEqual(known.column_memo, "摘要")
        self.assertEqual(self._rows("2026-03-08,500,,乙,A2,款\n"), {8: "new"})
        with self.assertRaisesRegex(UserError, "All 1 transactions"):
            self._import(content)

    # Currencies -------------------------------------------------------------------

    def _pay_in_dollars(self):
        dollar = self.env.ref("base.USD")
        dollar.active = True
        self._item("112200", -100, date="2026-03-06", currency=dollar, balance=-700)
        return dollar

    def test_payment_in_another_currency(self):
        self._pay_in_dollars()
        content = "2026-03-05,100,,乙,A1,款\n2026-03-06,700,,甲,A2,货款\n"
        self.assertEqual(self._rows(content), {5: "new", 6: "booked"})
        self._import(HEADER + content)
        wizard = self._wizard(f"{MONEY},对方户名\n2026-03-06,700,,甲\n")
        wizard.action_check()
        self.assertEqual(wizard.row_ids.state, "duplicate", "of another export, too")

    def test_bank_in_another_currency(self):
        """What its account has in others is no movement of that amount."""
        dollar = self._pay_in_dollars()
        euro = self.env.ref("base.EUR")
        euro.active = True
        self.bank.currency_id = dollar
        self.bank.default_account_id.currency_id = False
        self._item("112200", -9, date="2026-03-07", currency=euro, balance=-70)
        content = "2026-03-05,700,,乙,A1,款\n2026-03-06,100,,甲,A2,款\n"
        content += "2026-03-07,9,,丙,A3,款\n"
        states = {5: "new", 6: "booked", 7: "new"}
        self.assertEqual(self._rows(content), states)

    # Doubts -----------------------------------------------------------------------

    def test_doubtful_rows_take_what_others_leave(self):
        """Either way the row is in the books: who imports is told as what."""
        known = self._import(f"{MONEY},对方户名\n2026-03-06,500,,甲\n")
        item = self._item("112200", -500, date="2026-03-06")
        rows = "2026-03-06,500,,款\n2026-03-08,500,,款\n"
        wizard = self._wizard(f"{MONEY},摘要\n{rows}")
        wizard.action_check()
        self.assertEqual(wizard.row_ids.mapped("state"), ["new", "booked"])
        wizard = self._wizard(f"{MONEY},摘要\n2026-03-06,500,,款\n")
        wizard.action_import()
        self.assertEqual((wizard.state, wizard.doubt_count), ("checked", 1))
        self.assertEqual(wizard.row_ids.state, "booked")
        self.assertIn(item.move_id.name, wizard.row_ids.message)
        self.assertIn(known.move_id.name, wizard.row_ids.message)
        self.assertFalse(item.move_id.line_ids.sudo().filtered("jxc_bank_key"))
        wizard.action_import()
        self.assertEqual((wizard.new_count, wizard.doubt_count), (0, 0))
        self.assertTrue(item.move_id.line_ids.sudo().filtered("jxc_bank_key"))
        lines = self.env["account.bank.statement.line"]
        self.assertEqual(lines.search([("journal_id", "=", self.bank.id)]), known)

    def test_a_doubtful_row_is_no_payment_of_another_day(self):
        """It is rather what was imported; the payment's own row is still to come."""
        self._import(f"{MONEY},对方户名\n2026-03-06,500,,甲\n")
        item = self._item("112200", -500, date="2026-03-08")
        wizard = self._wizard(f"{MONEY},摘要\n2026-03-06,500,,款\n")
        wizard.action_check()
        self.assertEqual(wizard.row_ids.state, "new")
        self.assertEqual(wizard.doubt_count, 1)
        self.assertNotIn(item.move_id.name, wizard.row_ids.message)
        wizard = self._wizard(f"{MONEY},摘要\n2026-03-09,500,,款\n")
        wizard.action_check()
        self.assertEqual(wizard.row_ids.state, "booked")

    # Companies --------------------------------------------------------------------

    def _pay(self, company):
        """A payment of a company that may book on the bank's account."""
        self.env["account.move"].with_company(company).create(
            {
                "company_id": company.id,
                "journal_id": self.env["account.journal"]
                .with_company(company)
                .create({"name": "Other", "code": "OTH", "type": "general"})
                .id,
                "date": "2026-03-06",
                "line_ids": [
                    Command.create({"account_id": account.id, "balance": balance})
                    for account, balance in (
                        (self.bank.default_account_id, 500),
                        (self._account("112200"), -500),
                    )
                ],
            }
        ).action_post()

    def test_branches(self):
        """A branch and its root book on the same bank account."""
        branch = self.env["res.company"].create(
            {"name": "Branch", "parent_id": self.company.id}
        )
        self.accountant.company_ids |= branch
        self.env.user.company_ids |= branch
        row = "2026-03-06,500,,甲,A1,货款\n"
        self._item("112200", -500, date="2026-03-06")
        self.assertEqual(self._rows(row, company_id=branch.id), {6: "booked"})
        row += "2026-03-07,500,,乙,A2,款\n"
        self._pay(branch)
        self.assertEqual(self._rows(row), {6: "booked", 7: "booked"})
        self._import(f"{HEADER}{row}2026-03-09,9,,丙,A3,款\n")
        content = f"{MONEY},对方户名\n2026-03-06,500,,甲\n2026-03-07,500,,乙\n"
        self.assertEqual(self._states(content), ["duplicate"] * 2)

    # What became of payments ------------------------------------------------------

    def test_cancelled_payment_frees_its_row(self):
        move = self._tie().move_id
        content = "2026-03-06,500,,甲,A1,货款\n"
        move.button_draft()
        self.assertEqual(self._rows(content), {6: "duplicate"}, "it is corrected")
        move.button_cancel()
        self.assertEqual(self._rows(content), {6: "new"})

    def test_reversed_payment_frees_its_row(self):
        """What was booked instead is the transaction; the reversal is none."""
        move = self._tie().move_id
        content = "2026-03-06,500,,甲,A1,货款\n"
        reversal = move._reverse_moves([{"date": "2026-03-06"}])
        self.assertEqual(self._rows(content), {6: "duplicate"}, "not posted yet")
        reversal.action_post()
        out = "2026-03-07,,500,供货商,A7,付材料款\n"
        self.assertEqual(self._rows(content + out), {6: "new", 7: "new"})
        short = f"{MONEY},对方户名\n2026-03-06,500,,甲\n"
        self.assertEqual(self._states(short), ["new"], "nor in another export")
        self._item("112200", -500, date="2026-03-06")
        self.assertEqual(self._rows(content), {6: "booked"})

    def test_reversal_that_was_reversed(self):
        """The payment stands again, and neither of the other two is one."""
        payment = self._item("112200", -500, date="2026-03-06").move_id
        reversal = payment._reverse_moves([{"date": "2026-03-07"}])
        reversal.action_post()
        reversal._reverse_moves([{"date": "2026-03-08"}]).action_post()
        rows = "2026-03-06,500,,甲,A1,货款\n2026-03-08,500,,乙,A2,款\n"
        self.assertEqual(self._rows(rows), {6: "booked", 8: "new"})
        self.assertEqual(self._rows("2026-03-07,,500,甲,A3,退\n"), {7: "new"})

    def test_reversed_before_the_file_came(self):
        move = self._item("112200", -500, date="2026-03-06").move_id
        move._reverse_moves([{"date": "2026-03-06"}], cancel=True)
        content = "2026-03-06,500,,甲,A1,货款\n2026-03-07,,500,乙,A7,款\n"
        self.assertEqual(self._rows(content), {6: "new", 7: "new"})

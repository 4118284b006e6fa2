# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
import doctest
import io

import openpyxl
from psycopg2.errors import UniqueViolation

from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from ..tools import bank_alike, bank_booked, bank_statement
from ..tools.limits import BANK_ROWS
from .bank_import_common import MONEY, ROWS, BankImportCommon
from .hostile_files import workbook_of_attributes


@tagged("post_install", "-at_install")
class TestBankImport(BankImportCommon):
    def test_reading_by_itself(self):
        for module in (bank_alike, bank_booked, bank_statement):
            self.assertEqual(doctest.testmod(module).failed, 0)

    def test_import(self):
        lines = self._import()
        self.assertRecordValues(
            lines,
            [
                {
                    "amount": 1000,
                    "partner_name": "杭州明远百货（集团）有限公司",
                    "account_number": "6222 0001",
                    "ref": "A1",
                    "jxc_proposed_partner_id": self.mingyuan.id,
                    "is_reconciled": False,
                },
                {
                    "amount": 500,
                    "partner_name": "某某商行",
                    "account_number": False,
                    "ref": "A2",
                    "jxc_proposed_partner_id": False,
                    "is_reconciled": False,
                },
                {
                    "amount": -80.5,
                    "partner_name": "供货商",
                    "account_number": False,
                    "ref": "A3",
                    "jxc_proposed_partner_id": False,
                    "is_reconciled": False,
                },
            ],
        )
        self.assertTrue(all(lines.move_id.mapped("jxc_voucher_no")))
        known = self.env["jxc.bank.format"].search([("journal_id", "=", self.bank.id)])
        self.assertEqual(known.column_in, "收入金额（元）")
        form = Form(self.env["jxc.bank.import"].with_user(self.accountant))
        form.journal_id = self.bank
        self.assertEqual(form.column_memo, "摘要", "the columns of the last time")

    def test_twice_and_meanwhile(self):
        self._import()
        with self.assertRaisesRegex(UserError, "in the books already"):
            self._import()
        wizard = self._wizard([*ROWS, "2026-03-08,7,,新客户,,A4,x"])
        wizard.action_check()
        self.assertEqual((wizard.new_count, wizard.skipped_count), (1, 3))
        self.assertEqual(wizard.row_ids.mapped("state"), ["duplicate"] * 3 + ["new"])
        lines = self._import([*ROWS, "2026-03-08,7,,新客户,,A4,x"])
        self.assertEqual(lines.mapped("amount"), [7])
        with (
            mute_logger("odoo.sql_db"),
            self.assertRaises(UniqueViolation),
            self.env.cr.savepoint(),
        ):
            copy = lines.sudo().copy()
            copy.jxc_bank_key = lines.sudo().jxc_bank_key
            self.env.flush_all()

    def test_same_number_twice_in_a_file(self):
        self.assertEqual(len(self._import([*ROWS, ROWS[0]])), 3)

    def test_booked_by_a_payment(self):
        """A payment booked on the bank account is the transaction, not another one."""
        self.bank.default_account_id = self._account("100200")
        item = self._item("112200", -1000, date="2026-03-04")
        wizard = self._wizard(ROWS)
        wizard.action_check()
        row = wizard.row_ids.filtered(lambda row: row.state == "booked")
        self.assertEqual((row.number, row.message), (4, item.move_id.name))
        self.assertEqual(len(self._import()), 2)
        later = [*ROWS, "2026-03-05,1000,,杭州明远百货（集团）有限公司,,A9,再付"]
        self.assertEqual(
            self._import(later).mapped("ref"), ["A9"], "the payment is taken"
        )

    def test_problems_are_listed_and_nothing_is_written(self):
        bad = [
            "2026-13-05,5,,甲,,B1,x",
            "2026-03-05,5元,,甲,,B2,x",
            "2026-03-05,5,6,甲,,B3,x",
            "2026-03-05,,,甲,,B4,x",
            "2026-03-05,5.001,,甲,,B5,x",
        ]
        found = self._problems([ROWS[0], *bad])
        self.assertEqual([number for number, _text in found], [5, 6, 7, 8, 9])
        for (_number, text), words in zip(
            found,
            ("not a day", "not an amount", "money in and money out", "no amount", "3"),
            strict=False,
        ):
            self.assertIn(words if words != "3" else "decimals", text)

    def test_money_that_came_back(self):
        """A minus in the column of money out, unless the bank always writes one."""
        header = f"{MONEY},对方户名,交易流水号\n"
        for rows, amounts in (
            ("2026-03-05,,500,甲,A1\n2026-03-05,,-500,甲,A2\n", [-500, 500]),
            ("2026-03-06,,-40,甲,B1\n2026-03-06,,-30,乙,B2\n", [-40, -30]),
            (
                "2026-03-07,,-6,甲,C1\n2026-03-07,,-7,乙,C2\n2026-03-07,,7,乙,C3\n",
                [-6, -7, 7],
            ),
        ):
            with self.subTest(rows):
                lines = self._import(header + rows)
                self.assertEqual(lines.sorted("ref").mapped("amount"), amounts)

    def test_partners_called_like_totals(self):
        content = (
            "对方户名,交易日期,金额\nTotal Energies,2026-03-06,500\n"
            "小计算机公司,2026-03-06,7\n甲,2026-03-06,8\n合计,共3笔,515\n"
        )
        lines = self._import(content)
        self.assertEqual(sorted(lines.mapped("amount")), [7, 8, 500])

    def test_unicode_text(self):
        """As spreadsheet programs save it: UTF-16 with tabs."""
        text = "Date\tAmount\tCounterparty\n2026-03-05\t12.30\t甲\n"
        lines = self._import(text.encode("utf-16"), name="bank.txt")
        self.assertRecordValues(lines, [{"amount": 12.3, "partner_name": "甲"}])

    def test_hostile_files(self):
        formula = '2026-03-05,5,,=HYPERLINK("http://x"),,B1,x'
        self.assertIn("formula", self._problems([formula])[0][1])
        for content, name, words in (
            (b"\xff\xfe\x00", "bank.csv", "UTF-8 or GB18030"),
            (b"PK\x03\x04 no", "bank.xlsx", "not a workbook"),
            (b"old", "bank.xls", "neither a workbook"),
            ("随便\n1\n".encode(), "bank.csv", "no header"),
            (b'Date,Amount,Memo\n2026-03-05,5,"x\n', "bank.csv", "well-formed CSV"),
            (b"1\n" * (BANK_ROWS + 1), "bank.csv", f"at most {BANK_ROWS}"),
            (workbook_of_attributes(), "bank.xlsx", "spreadsheet programs"),
        ):
            self.assertIn(words, self._problems(content, name=name)[0][1])
        wizard = self._wizard(b"x" * 20_100_000)
        with self.assertRaisesRegex(UserError, "too large"):
            wizard.action_check()
        with self.assertRaisesRegex(UserError, "Choose the file"):
            self._wizard(b"").action_check()

    def test_workbook(self):
        book = openpyxl.Workbook()
        sheet = book.active
        sheet.append(["某银行"])
        sheet.append(["Date", "Amount", "Counterparty", "Memo"])
        sheet.append(["2026-03-05", 12.3, "甲", "x"])
        sheet.append(["2026-03-06", "=1+1", "甲", "x"])
        buffer = io.BytesIO()
        book.save(buffer)
        [(number, text)] = self._problems(buffer.getvalue(), name="bank.xlsx")
        self.assertEqual(number, 4)
        self.assertIn("formula", text)
        sheet.delete_rows(4)
        buffer = io.BytesIO()
        book.save(buffer)
        lines = self._import(buffer.getvalue(), name="bank.xlsx")
        self.assertRecordValues(lines, [{"amount": 12.3, "partner_name": "甲"}])

    # Proposals --------------------------------------------------------------------

    def test_propose_and_accept(self):
        named = self._item("112200", 600, ref="XS-2026-7", partner=self.mingyuan)
        oldest = self._item(
            "112200", 900, date="2026-02-01", ref="XS-2026-6", partner=self.mingyuan
        )
        line = self._import([ROWS[0]])
        self.assertRecordValues(
            line,
            [
                {
                    "jxc_proposal": "document",
                    "jxc_proposed_line_ids": named.ids,
                    "jxc_proposed_partner_id": self.mingyuan.id,
                }
            ],
        )
        line.jxc_proposed_line_ids |= oldest
        line.action_jxc_accept()
        self.assertTrue(line.is_reconciled)
        self.assertEqual(line.partner_id, self.mingyuan)
        self.assertEqual(
            named.amount_residual + oldest.amount_residual, 500, "1,000 are settled"
        )
        settlement = (named | oldest).matched_credit_ids.jxc_settlement_id
        self.assertEqual(settlement.amount_claim, 1000)
        self.assertFalse(settlement.move_id)
        with self.assertRaisesRegex(UserError, "matched already"):
            line.action_jxc_accept()
        with self.assertRaisesRegex(UserError, "Undo the settlement"):
            line.action_undo_reconciliation()
        line.action_jxc_take_back()
        self.assertEqual((named.amount_residual, oldest.amount_residual), (600, 900))
        self.assertEqual(settlement.state, "undone")
        self.assertFalse(line.is_reconciled)

    def test_ways_to_find_the_partner(self):
        self.env["res.partner.bank"].create(
            {"acc_number": "6222-0009", "partner_id": self.customer.id}
        )
        self.vendor.vat = "91330100MA27XQ0J1U"
        self.other.name = "重名"
        self.env["res.partner"].create({"name": "重名"})
        equal = self._item("112200", 300)
        older = self._item("112200", 100, date="2026-01-05")
        bill = self._item("220200", -80.5, ref="CG-55", partner=self.mingyuan)
        lines = self._import(
            [
                "2026-03-05,300,,不详,6222 0009,C1,款",
                "2026-03-06,40,,不详,62220009,C2,款",
                "2026-03-06,,9,不详,,C3,税号91330100MA27XQ0J1U 费",
                "2026-03-06,5,,重名,,C4,款",
                "2026-03-07,,80.5,不详,,C5,付CG-55",
            ]
        )
        self.assertEqual(
            [
                (line.jxc_proposed_partner_id, line.jxc_proposed_line_ids.ids)
                for line in lines
            ],
            [
                (self.customer, equal.ids),
                (self.customer, older.ids),
                (self.vendor, []),
                (self.env["res.partner"], []),
                (self.mingyuan, bill.ids),
            ],
        )
        self.assertEqual(
            lines.mapped("jxc_proposal"),
            ["amount", "due", "partner", False, "document"],
        )
        with self.assertRaisesRegex(UserError, "Say whose money"):
            lines.action_jxc_accept()
        lines = lines.filtered("jxc_proposed_partner_id")
        lines.action_jxc_accept()
        self.assertTrue(all(lines.mapped("is_reconciled")))
        self.assertTrue(equal.reconciled and bill.reconciled)
        self.assertEqual(older.amount_residual, 60)

    # Roles ------------------------------------------------------------------------

    def test_roles(self):
        clerk = self._user("bank_reader", "jxc_base.group_executive")
        with self.assertRaises(AccessError):
            self._wizard(ROWS, user=clerk)
        line = self._import()[0]
        for method in ("action_jxc_accept", "action_jxc_propose"):
            with self.assertRaises(AccessError):
                getattr(line.with_user(clerk), method)()
        with self.assertRaises(AccessError):
            line.jxc_bank_key = "X"

    def test_two_companies(self):
        other = self.setup_other_company()
        stranger = self._user(
            "bank_stranger", "account.group_account_user", other["company"]
        )
        with self.assertRaises(UserError):  # AccessError among them
            self._wizard(ROWS, user=stranger).action_check()
        self._import()
        self.assertFalse(self.env["jxc.bank.format"].with_user(stranger).search([]))

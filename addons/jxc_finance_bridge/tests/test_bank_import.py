# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
import base64
import doctest
import io

import openpyxl
from psycopg2.errors import UniqueViolation

from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from ..tools import bank_alike, bank_statement
from ..tools.limits import BANK_ROWS
from .hostile_files import workbook_of_attributes
from .settlement_common import SettlementCommon

HEADER = "交易日期,收入金额（元）,支出金额（元）,对方户名,对方账号,交易流水号,摘要"
ROWS = [
    '2026-03-05,"1,000.00",,杭州明远百货（集团）有限公司,6222 0001,A1,货款 XS-2026-7',
    "2026-03-06,500.00,,某某商行,,A2,往来款",
    "20260307,,80.5,供货商,,A3,付材料款",
]
TITLE = "某银行账户明细,,,,,,\n账号：123,,,,,,\n"
MONEY = "交易日期,收入金额（元）,支出金额（元）"
FOOT = "合计,1500,80.5,,,,\n"


@tagged("post_install", "-at_install")
class TestBankImport(SettlementCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.bank = cls.company_data["default_journal_bank"]
        cls.accountant = cls._user("bank_accountant", "account.group_account_user")
        cls.mingyuan = cls.env["res.partner"].create(
            {"name": "杭州明远百货(集团)有限公司", "is_company": True}
        )

    def _wizard(self, content, name="bank.csv", user=None, **values):
        if isinstance(content, list):
            content = TITLE + "\n".join([HEADER, *content]) + "\n" + FOOT
        if isinstance(content, str):
            content = content.encode("gb18030")
        return (
            self.env["jxc.bank.import"]
            .with_user(user or self.accountant)
            .create(
                {
                    "company_id": self.company.id,
                    "journal_id": self.bank.id,
                    "upload": base64.b64encode(content),
                    "upload_name": name,
                    **values,
                }
            )
        )

    def _import(self, content=None, **values):
        action = self._wizard(content or ROWS, **values).action_import()
        return (
            self.env[action["res_model"]]
            .with_user(self.accountant)
            .search(action["domain"], order="date, id")
        )

    def _problems(self, content, **values):
        wizard = self._wizard(content, **values)
        before = self.env["account.bank.statement.line"].search_count([])
        wizard.action_import()
        self.assertEqual(wizard.state, "refused")
        self.assertEqual(
            self.env["account.bank.statement.line"].search_count([]), before
        )
        rows = wizard.row_ids.filtered(lambda row: row.state == "problem")
        self.assertEqual(wizard.problem_count, len(rows))
        return [(row.number, row.message) for row in rows]

    def test_reading_by_itself(self):
        for module in (bank_alike, bank_statement):
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

    def test_two_alike_without_number(self):
        header = "日期,金额,户名,备注\n"
        content = header + "2026/3/5,10,甲,a\n2026/3/5,10,甲,a\n"
        self.assertEqual(len(self._import(content, column_partner="户名")), 2)
        with self.assertRaisesRegex(UserError, "All 2 transactions"):
            self._import(content)
        self.assertEqual(len(self._import(content + "2026/3/5,10,甲,a\n")), 1)

    def test_without_a_column_that_is_known(self):
        """Numbers and accounts of partners may be missing: what is there is not taken
        twice, what is not comes in, and the columns stay known."""
        self._import()
        short = (
            "交易日期,收入金额（元）,支出金额（元）,对方户名,摘要\n"
            "2026-03-05,1000,,杭州明远百货（集团）有限公司,货款\n"
            "2026-03-06,500.00,,某某商行,往来款\n"
            "2026-03-06,500.00,,某某商行,往来款\n"
            "20260307,,80.5,另一家,付材料款\n"
        )
        form = Form(self.env["jxc.bank.import"].with_user(self.accountant))
        form.journal_id = self.bank
        self.assertEqual(form.column_reference, "交易流水号")
        columns = {"column_reference": "交易流水号", "column_account": "对方账号"}
        wizard = self._wizard(short, **columns)
        wizard.action_check()
        self.assertEqual(
            wizard.row_ids.mapped("state"), ["duplicate", "duplicate", "new", "new"]
        )
        lines = self._import(short)
        self.assertEqual(lines.mapped("amount"), [500, -80.5])
        known = self.env["jxc.bank.format"].search([("journal_id", "=", self.bank.id)])
        self.assertEqual(known.column_reference, "交易流水号")
        with self.assertRaisesRegex(UserError, "All 5 transactions"):
            self._import(
                [
                    *ROWS,
                    "2026-03-06,500.00,,某某商行,,A8,往来款",
                    "20260307,,80.5,另一家,,A9,付材料款",
                ]
            )

    def _states(self, content, **values):
        wizard = self._wizard(content, **values)
        wizard.action_check()
        return wizard.row_ids.mapped("state")

    def test_memo_missing_in_another_export(self):
        """Memos tell transactions apart where there are no numbers: a file without
        them has the same transactions, and so has one with everything."""
        header = f"{MONEY},对方户名"
        self._import(
            f"{header},摘要\n2026-03-05,300,,甲,货款\n2026-03-06,,40,乙,材料\n"
        )
        short = f"{header}\n2026-03-05,300,,甲\n2026-03-06,,40,乙\n"
        self.assertEqual(self._states(short), ["duplicate"] * 2)
        self.assertEqual(
            self._states(short + "2026-03-05,300,,甲\n"),
            ["duplicate", "duplicate", "new"],
            "each line stands for one row",
        )
        full = ["2026-03-05,300,,甲,62,A1,货款", "2026-03-06,,40,乙,63,A2,材料"]
        self.assertEqual(self._states(full), ["duplicate"] * 2)

    def test_edited_lines_are_known_by_what_the_bank_said(self):
        header = f"{MONEY},对方户名,摘要\n"
        line = self._import(f"{header}2026-03-05,300,,甲,货款\n")
        line.payment_ref = "三月货款"
        short = f"{MONEY},摘要\n2026-03-05,300,,货款\n"
        self.assertEqual(self._states(short), ["duplicate"])

    def test_lines_imported_before_texts_were_kept(self):
        lines = self._import()
        lines.sudo().jxc_bank_said = False
        short = f"{MONEY},摘要\n2026-03-06,500,,往来款\n"
        self.assertEqual(self._states(short), ["duplicate"])
        short = f"{MONEY},摘要\n2026-03-06,500,,别的\n"
        self.assertEqual(self._states(short), ["new"])

    def test_booked_and_another_export(self):
        """A payment that is a transaction of one file is so in one without numbers,
        on the bank's day and once."""
        self.bank.default_account_id = self._account("100200")
        item = self._item("112200", -1000, date="2026-03-04")
        self._import()
        header = f"{MONEY},对方户名\n"
        row = "2026-03-05,1000,,杭州明远百货（集团）有限公司\n"
        wizard = self._wizard(header + row + row)
        wizard.action_check()
        self.assertEqual(wizard.row_ids.mapped("state"), ["duplicate", "new"])
        self.assertEqual(wizard.row_ids[0].message, item.move_id.name)

    def test_known_lines_go_before_payments(self):
        """A payment of the same amount stays for its own transaction."""
        self._import()
        self.bank.default_account_id = self._account("100200")
        self._item("112200", -500, date="2026-03-06")
        short = f"{MONEY},对方户名\n2026-03-06,500,,某某商行\n"
        self.assertEqual(self._states(short), ["duplicate"])

    def test_another_transaction_of_the_day(self):
        """Of the same partner and amount, with another memo or account: new."""
        self._import(["2026-03-06,500,,甲,6222,A1,往来款"])
        header = f"{MONEY},对方户名"
        for column, text in (("摘要", "第二笔"), ("对方账号", "6333")):
            with self.subTest(column):
                content = f"{header},{column}\n2026-03-06,500,,甲,{text}\n"
                self.assertEqual(self._states(content), ["new"])
        # What has more in common is the known one, wherever it stands.
        content = f"{header},摘要\n2026-03-06,500,,往来款\n2026-03-06,500,,甲,往来款\n"
        self.assertEqual(self._states(content), ["new", "duplicate"])
        content = f"{header},摘要\n2026-03-06,500,,甲,往来款2\n"
        self.assertEqual(self._states(content), ["new"], "asked, not left out")
        content = f"{header},摘要\n2026-03-06,500,,甲,第二笔\n"
        self.assertEqual(self._import(content).mapped("amount"), [500])

    def test_only_day_and_amount_in_common(self):
        """It may be another one: nothing is left out, but who imports is asked."""
        first = f"{MONEY},对方户名\n2026-03-06,500,,甲\n"
        known = self._import(first)
        rows = "2026-03-06,500,,款\n2026-03-07,9,,款\n"
        content = f"{MONEY},摘要\n{rows}"
        wizard = self._wizard(content)
        wizard.action_import()
        self.assertEqual(wizard.state, "checked")
        self.assertEqual((wizard.new_count, wizard.doubt_count), (2, 1))
        self.assertEqual(wizard.row_ids.mapped("state"), ["new", "new"])
        self.assertIn(known.move_id.name, wizard.row_ids[0].message)
        self.assertFalse(wizard.row_ids[1].message)
        lines = self.env["account.bank.statement.line"]
        domain = [("journal_id", "=", self.bank.id)]
        self.assertEqual(lines.search(domain), known, "nothing is written yet")
        wizard.action_import()
        self.assertEqual(len(lines.search(domain)), 3)

    def test_other_memos_in_files_of_one_form(self):
        """Files with the same columns have all there is: what differs is new."""
        header = f"{MONEY},对方户名,摘要\n"
        self._import(f"{header}2026-03-06,500,,甲,货款\n")
        rows = "2026-03-06,500,,甲,货款 XS-2026-7\n2026-03-06,500,,甲,\n"
        wizard = self._wizard(header + rows)
        wizard.action_check()
        self.assertEqual((wizard.new_count, wizard.doubt_count), (2, 0))

    def test_files_of_amounts_alone(self):
        """Nothing to compare on either side of another form: asked."""
        self._import(f"{MONEY}\n2026-03-06,500,,\n")
        wizard = self._wizard(f"{MONEY},摘要\n2026-03-06,500,,款\n")
        wizard.action_check()
        self.assertEqual((wizard.new_count, wizard.doubt_count), (1, 1))

    def test_queries_do_not_grow_with_rows(self):
        counts = []
        for day, count in (("2026-03-06", 2), ("2026-03-07", 30)):
            rows = range(count)
            self._import([f"{day},{n + 1},,甲,,{day}{n},款" for n in rows])
            short = "".join(f"{day},{n + 1},,甲\n" for n in rows)
            wizard = self._wizard(f"{MONEY},对方户名\n{short}")
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            _transactions, skipped, _problems = wizard._read()
            counts.append(self.env.cr.sql_log_count - before)
            self.assertEqual(len(skipped), count)
        self.assertLessEqual(counts[1], counts[0])

    def test_asked_for_each_file(self):
        """What was shown of one file says nothing of another."""
        self._import(f"{MONEY},对方户名\n2026-03-06,500,,甲\n")
        header = f"{MONEY},摘要\n"
        wizard = self._wizard(header + "2026-03-06,500,,款\n")
        wizard.action_check()
        wizard.upload = base64.b64encode(
            f"{header}2026-03-06,500,,另款\n".encode("gb18030")
        )
        self.assertEqual(wizard.action_import()["res_model"], "jxc.bank.import")
        self.assertNotEqual(wizard.action_import()["res_model"], "jxc.bank.import")

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

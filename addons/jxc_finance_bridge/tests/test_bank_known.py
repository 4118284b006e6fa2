# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
import base64

from odoo.exceptions import UserError
from odoo.tests import Form, tagged

from .bank_import_common import MONEY, ROWS, BankImportCommon


@tagged("post_install", "-at_install")
class TestBankKnown(BankImportCommon):
    """What is in the books already, told from files of whatever form."""

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

    def test_moved_lines_are_known_by_the_day_of_the_bank(self):
        header = f"{MONEY},对方户名,摘要\n"
        line = self._import(f"{header}2026-03-31,300,,甲,货款\n")
        line.date = "2026-04-15"
        short = f"{MONEY},摘要\n2026-03-31,300,,货款\n"
        self.assertEqual(self._states(short), ["duplicate"])
        short = f"{MONEY},摘要\n2026-04-15,300,,货款\n"
        self.assertEqual(self._states(short), ["new"])

    def test_numbers_of_zeros(self):
        """Some banks fill in zeros where they have no number."""
        content = (
            f"{MONEY},对方户名,凭证号,摘要\n"
            "2026-03-06,500,,甲,00000000,货款\n2026-03-06,500,,乙,00000000,运费\n"
        )
        lines = self._import(content)
        self.assertEqual(sorted(lines.mapped("partner_name")), ["乙", "甲"])
        self.assertEqual(lines.mapped("ref"), [False, False])
        short = f"{MONEY},凭证号,摘要\n2026-03-06,500,,00000000,租金\n"
        self.assertEqual(self._states(short), ["new"], "zeros tell nothing")

    def test_what_stands_in_brackets(self):
        header = f"{MONEY},对方户名,摘要\n"
        hangzhou = "2026-03-06,500,,中国移动(杭州),话费\n"
        self._import(header + hangzhou)
        rows = f"2026-03-06,500,,中国移动（上海）,话费\n{hangzhou}"
        self.assertEqual(self._states(header + rows), ["new", "duplicate"])

    def test_keys_that_were_made_in_another_way(self):
        """Zeros were numbers once, and brackets made no difference: texts tell."""
        header = f"{MONEY},对方户名,凭证号,摘要\n"
        content = (
            f"{header}2026-03-06,500,,移动(杭州),,话费\n2026-03-07,7,,乙,000,运费\n"
        )
        lines = self._import(content).sudo()
        for line, number in zip(lines, ("", "000"), strict=True):
            line.jxc_bank_key = f"Former {line.id}"
            line.jxc_bank_said = {**line.jxc_bank_said, "reference": number}
        more = "2026-03-06,500,,移动(上海),,话费\n2026-03-07,7,,丙,000,运费\n"
        states = ["duplicate", "duplicate", "new", "new"]
        self.assertEqual(self._states(content + more), states)
        lines.jxc_bank_said = False
        lines[1].ref = "000"
        self.assertEqual(self._states(content + more), states, "nothing was kept")

# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common import FinanceBridgeCommon
from .test_voucher import CASH_IN, SALE


@tagged("post_install", "-at_install")
class TestVoucherSheet(FinanceBridgeCommon):
    def _texts(self, sheet):
        return [(row["summary"], row["debit"], row["credit"]) for row in sheet["rows"]]

    def test_one_page(self):
        move = self._entry("2024-01-05", *SALE)
        [sheet] = move._jxc_get_voucher_sheets()
        self.assertEqual(sheet["number"], "记-1")
        self.assertEqual((sheet["page"], sheet["pages"]), (1, 1))
        self.assertEqual(len(sheet["rows"]), 5)
        self.assertEqual(
            self._texts(sheet)[:4],
            [
                ("112200", "113.00", ""),
                ("500100", "", "100.00"),
                ("222100", "", "13.00"),
                ("", "", ""),
            ],
        )
        self.assertEqual(sheet["foot"]["account"], "壹佰壹拾叁元整")
        self.assertEqual(sheet["foot"]["debit"], sheet["foot"]["credit"])
        people = dict(sheet["people"])
        self.assertEqual(people["Made by"], self.env.user.name)

    def test_other_systems_are_told_what_is_on_the_paper(self):
        """Source documents, and who checked it and signed for the money."""
        cashier = self._user("head_cash", "jxc_finance_bridge.group_voucher_cashier")
        checker = self._user("head_check", "jxc_finance_bridge.group_voucher_reviewer")
        move = self._entry("2024-01-05", *CASH_IN, post=False)
        move.jxc_attachment_count = 5
        move.action_post()
        head = {
            "word": "记",
            "number": 1,
            "attachments": 5,
            "prepared_by": self.env.user.name,
            "checked_by": "",
            "cashier": "",
        }
        self.assertEqual(move._jxc_voucher_heads(), {move.id: head})
        move.with_user(cashier).action_jxc_cashier_sign()
        move.with_user(checker).action_jxc_check()
        signed = {"checked_by": checker.name, "cashier": cashier.name}
        self.assertEqual(move._jxc_voucher_heads(), {move.id: {**head, **signed}})
        [sheet] = move._jxc_get_voucher_sheets()
        self.assertEqual(sheet["attachments"], 5)
        people = [name for _label, name in sheet["people"]]
        self.assertIn(checker.name, people)
        self.assertIn(cashier.name, people)

    def test_amount_is_that_of_the_paper(self):
        """Bills count like invoices, corrections in red below zero, drafts too."""
        bill = self._create_invoice_one_line(
            50.0,
            product_id=self.product_a,
            tax_ids=[],
            move_type="in_invoice",
            date="2024-01-05",
            post=True,
        )
        entry = self._entry("2024-01-05", *SALE, post=False)
        self.assertEqual((bill + entry).mapped("jxc_voucher_amount"), [50, 113])
        self.company.account_storno = True
        red = bill._reverse_moves([{"date": "2024-01-06"}])
        red.invoice_date = "2024-01-06"
        red.action_post()
        self.assertEqual(red.jxc_voucher_amount, -50)

    def test_bank_lines_say_what_the_bank_says(self):
        line = self.env["account.bank.statement.line"].create(
            {
                "journal_id": self.company_data["default_journal_bank"].id,
                "date": "2024-01-05",
                "amount": -35,
                "payment_ref": "Transfer fee",
            }
        )
        self.assertIn("Transfer fee", line.move_id.jxc_summary)

    def test_pages_carry_forward(self):
        lines = [("560200", n, 0) for n in range(1, 12)]
        move = self._entry("2024-01-05", *lines, ("100200", 0, 66))
        sheets = move._jxc_get_voucher_sheets()
        self.assertEqual([sheet["page"] for sheet in sheets], [1, 2, 3])
        self.assertTrue(all(len(sheet["rows"]) == 5 for sheet in sheets))
        first, second, last = sheets
        self.assertEqual(first["foot"]["summary"], "Carried forward")
        self.assertEqual(first["foot"]["debit"], "15.00")
        self.assertFalse(first["foot"]["account"])
        self.assertEqual(self._texts(second)[0], ("Brought forward", "15.00", ""))
        self.assertEqual(second["foot"]["debit"], "45.00")
        self.assertEqual(last["foot"]["summary"], "Total")
        self.assertEqual(last["foot"]["account"], "陆拾陆元整")
        shown = [
            row["summary"]
            for sheet in sheets
            for row in sheet["rows"]
            if row["account"]
        ]
        self.assertEqual(len(shown), 12)

    def test_page_size_of_the_company(self):
        self.company.jxc_voucher_lines = 8
        move = self._entry("2024-01-05", *SALE)
        self.assertEqual(len(move._jxc_get_voucher_sheets()[0]["rows"]), 8)

    def test_red(self):
        move = self._entry("2024-01-05", *SALE)
        reversal = move._reverse_moves([{"date": "2024-01-09"}])
        reversal.action_post()
        [sheet] = reversal._jxc_get_voucher_sheets()
        self.assertEqual(sheet["rows"][0]["debit"], "-113.00")
        self.assertTrue(sheet["rows"][0]["is_red"])
        self.assertEqual(sheet["foot"]["account"], "负壹佰壹拾叁元整")

    def test_invoice_lines_of_an_account_are_one_row(self):
        invoice = self._create_invoice(
            move_type="out_invoice",
            invoice_date="2024-01-05",
            date="2024-01-05",
            invoice_line_ids=[
                self._prepare_invoice_line(price_unit=price, tax_ids=[])
                for price in (10, 20, 30)
            ],
            post=True,
        )
        [sheet] = invoice._jxc_get_voucher_sheets()
        rows = [row for row in sheet["rows"] if row["account"]]
        self.assertEqual([row["debit"] for row in rows], ["60.00", ""])
        self.assertIn(invoice.partner_id.name, rows[0]["account"])
        self.assertEqual(rows[0]["summary"], invoice.jxc_summary)

    def test_groups(self):
        for day in ("2024-01-05", "2024-01-05", "2024-01-08"):
            self._entry(day, *SALE)
        self._entry("2024-01-08", *CASH_IN)
        wizard = self.env["jxc.voucher.print"].create(
            {"date_from": "2024-01-01", "date_to": "2024-01-31", "grouping": "day"}
        )
        self.assertEqual(wizard.move_count, 4)
        sheets = wizard._get_sheets()
        self.assertEqual([s["number"] for s in sheets], ["记-1", "记-2"])
        self.assertEqual([s["members"] for s in sheets], ["记-1 … 2", "记-3 … 4"])
        self.assertEqual(sheets[0]["rows"][0]["debit"], "226.00")
        self.assertEqual(sheets[0]["rows"][0]["summary"], "Sum of 2 vouchers 记-1 … 2")
        wizard.grouping = "kind"
        self.assertEqual([s["number"] for s in wizard._get_sheets()], ["记-1"])
        wizard.write({"grouping": "document", "number_from": 2, "number_to": 3})
        self.assertEqual([s["number"] for s in wizard._get_sheets()], ["记-2", "记-3"])

    def test_sums_of_groups_are_those_of_their_vouchers(self):
        moves = self.env["account.move"]
        for day in range(1, 20):
            moves += self._entry(f"2024-01-{day:02}", *SALE)
        for grouping in ("document", "day", "kind"):
            rows = [
                row
                for group in moves._jxc_voucher_groups(grouping)
                for row in group.moves._jxc_get_voucher_rows(grouping != "document")
            ]
            self.assertEqual(sum(row[2] for row in rows), 113 * 19)
            self.assertEqual(sum(row[3] for row in rows), 113 * 19)

    def test_nothing_to_print(self):
        wizard = self.env["jxc.voucher.print"].create(
            {"date_from": "2020-01-01", "date_to": "2020-01-31"}
        )
        with self.assertRaisesRegex(UserError, "no posted vouchers"):
            wizard.action_print()

    def test_rights(self):
        clerk = self._user("sheet_clerk", "base.group_user")
        with self.assertRaises(AccessError):
            self.env["jxc.voucher.print"].with_user(clerk).create({})
        reader = self._user("sheet_reader", "account.group_account_readonly")
        self._entry("2024-01-05", *SALE)
        wizard = self.env["jxc.voucher.print"].with_user(reader)
        wizard = wizard.create({"date_from": "2024-01-01", "date_to": "2024-01-31"})
        self.assertEqual(wizard.action_print()["type"], "ir.actions.report")
        self.assertEqual(len(wizard._get_sheets()), 1)

    def test_html(self):
        """The templates render; drafts are not on them."""
        move = self._entry("2024-01-05", *SALE)
        draft = self._entry("2024-01-05", *SALE, post=False)
        report = self.env["ir.actions.report"]
        html, _type = report._render_qweb_html(
            "jxc_finance_bridge.report_voucher", (move + draft).ids
        )
        text = html.decode()
        self.assertEqual(text.count("o_jxc_voucher"), 1)
        self.assertIn("壹佰壹拾叁元整", text)
        wizard = self.env["jxc.voucher.print"].create(
            {"date_from": "2024-01-01", "date_to": "2024-01-31"}
        )
        html, _type = report._render_qweb_html(
            "jxc_finance_bridge.report_voucher_batch", wizard.ids
        )
        self.assertIn("记-1", html.decode())

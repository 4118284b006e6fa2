# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
import base64
import dataclasses
import io

import openpyxl

from odoo.tests import tagged

from ..tools.formats import FORMATS
from ..tools.voucher import VoucherError
from .test_voucher_formats import voucher
from .workbook_common import WorkbookCommon

#: How texts begin that a spreadsheet would run.
STARTS = ("=", "+", "-", "@", "\t=", "\r=")
MARK = "1+1危险"


@tagged("post_install", "-at_install")
class TestHostileCells(WorkbookCommon):
    """Whatever writes a file: texts of users never come out as formulas."""

    def _poison(self, text):
        """Names and references that users write."""
        for partner in self.partner_a | self.partner_b:
            partner.name = text
        self.product_a.name = text
        self.company.name = text
        self._account("500100").name = text
        self.entry.ref = text
        self.entry.line_ids.write({"name": text})
        invoices = self.env["account.move"].search(
            [("partner_id", "=", self.partner_a.id)]
        )
        invoices.write({"ref": text, "payment_reference": text})
        self.env.flush_all()

    def _assert_harmless(self, content, poisoned=True):
        """No formula in any cell; the text is there as text."""
        book = openpyxl.load_workbook(io.BytesIO(content))
        cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
        formulas = [cell.coordinate for cell in cells if cell.data_type == "f"]
        self.assertFalse(formulas)
        texts = [cell.value for cell in cells if isinstance(cell.value, str)]
        if poisoned:
            self.assertTrue([text for text in texts if MARK in text])

    def test_workbooks(self):
        """All printed workbooks, a new one has to be added here."""
        reports = self._reports()
        self.assertTrue(reports)
        for start in STARTS:
            self._poison(f"{start}{MARK}")
            records = self._records()
            for report in reports:
                with self.subTest(report.report_name, start=start):
                    content = self._print(report, records[report.model])
                    # The official forms have no text of users but the company.
                    has_text = report.model != "jxc.finance.statement"
                    self._assert_harmless(content, poisoned=has_text)

    def test_general_ledger(self):
        for start in STARTS:
            with self.subTest(start=start):
                self._poison(f"{start}{MARK}")
                content = self._general_ledger()
                self._assert_harmless(content)

    def test_reports_that_users_build(self):
        for start in STARTS:
            with self.subTest(start=start):
                content = self._own_report(f"{start}{MARK}")
                self._assert_harmless(content)

    def test_templates_of_users(self):
        """Formulas of the template stay, texts that are filled in are none."""
        book = openpyxl.Workbook()
        book.active["A1"] = "{{company()}}"
        content = io.BytesIO()
        book.save(content)
        template = self.env["jxc.xlsx.template"].with_user(self.accountant)
        template = template.create(
            {"name": "Own", "file": base64.b64encode(content.getvalue())}
        )
        for start in STARTS:
            with self.subTest(start=start):
                self.company.name = f"{start}{MARK}"
                result = template.fill("2026-02-01", "2026-02-28", self.company.id)
                self._assert_harmless(base64.b64decode(result["content"]))

    def test_files_for_other_systems(self):
        """Workbooks keep texts as texts, text files refuse them, XML keeps them."""
        for code, kind in FORMATS.items():
            for start in STARTS:
                text = f"{start}{MARK}"
                one = voucher(summary=text)
                one = dataclasses.replace(one, prepared_by=text, checked_by=text)
                with self.subTest(code, start=start):
                    if kind.extension == "xlsx":
                        self._assert_harmless(kind.dump([one]))
                    elif kind.extension != "txt":
                        [read] = kind.load(kind.dump([one]))
                        self.assertEqual(read, kind.normal(one))
                    else:
                        with self.assertRaisesRegex(VoucherError, "like a formula"):
                            kind.dump([one])

# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
import io
import re
from datetime import date
from decimal import Decimal

import openpyxl

from odoo.tests import tagged

from ..reports.jxc_finance_workbook import FONT
from ..tools.formats import workbook
from .workbook_common import WorkbookCommon

#: what an amount looks like that somebody wrote as text
AMOUNT = re.compile(r"-?[\d,]*\d\.\d+")
NUMBER_FORMATS = re.compile(r"#,##0|^0(\.0+)?$|yy|mm")


@tagged("post_install", "-at_install")
class TestWorkbooks(WorkbookCommon):
    """The form of every workbook: what a Chinese accountant goes on working with."""

    def _contents(self):
        """{name: content} of the addon's workbooks and those of the libraries."""
        records = self._records()
        contents = {
            report.report_name: self._print(report, records[report.model])
            for report in self._reports()
        }
        return contents | {
            "general ledger": self._general_ledger(),
            "report of users": self._own_report("Own"),
        }

    def test_voucher_workbooks(self):
        """Those for other programs look the same; numbers are numbers there, too."""
        row = ["摘要", Decimal("1234.50"), 7, date(2026, 3, 5)]
        content = workbook.write_workbook([("V", [["A", "B", "C", "D"], row], 1)])
        sheet = openpyxl.load_workbook(io.BytesIO(content)).active
        self.assertEqual(sheet.freeze_panes, "A2")
        cells = [cell for cells in sheet.iter_rows() for cell in cells]
        self.assertEqual({cell.font.name for cell in cells}, {FONT})
        text, amount, number, day = cells[4:]
        self.assertEqual((text.value, amount.value, number.value), ("摘要", 1234.5, 7))
        self.assertEqual(day.value.date(), date(2026, 3, 5))
        for cell in (amount, number, day):
            self.assertRegex(cell.number_format, NUMBER_FORMATS)

    def test_every_workbook(self):
        """Real numbers with a format, a Chinese font everywhere, a frozen header."""
        contents = self._contents()
        self.assertGreaterEqual(len(contents), 6)
        for name, content in contents.items():
            with self.subTest(name):
                book = openpyxl.load_workbook(io.BytesIO(content))
                cells = [
                    cell
                    for sheet in book
                    for row in sheet.iter_rows()
                    for cell in row
                    if cell.value is not None
                ]
                for sheet in book:
                    self.assertTrue(sheet.freeze_panes, sheet.title)
                self.assertEqual({cell.font.name for cell in cells}, {FONT})
                numbers = [cell for cell in cells if cell.data_type in ("n", "d")]
                self.assertTrue(numbers)
                plain = {
                    f"{cell.coordinate}: {cell.number_format}"
                    for cell in numbers
                    if not NUMBER_FORMATS.search(cell.number_format)
                }
                self.assertFalse(plain)
                texts = {
                    cell.value
                    for cell in cells
                    if isinstance(cell.value, str) and AMOUNT.fullmatch(cell.value)
                }
                self.assertFalse(texts, "amounts as texts")

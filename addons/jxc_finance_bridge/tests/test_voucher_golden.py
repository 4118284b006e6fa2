# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
import csv
import datetime
import io
import zipfile
from decimal import Decimal

import openpyxl

from odoo.tests import TransactionCase, tagged
from odoo.tools.misc import file_path

from ..tools.formats import FORMATS
from .golden_month import SETTINGS, VOUCHERS


def golden(name):
    with open(file_path(f"jxc_finance_bridge/tests/golden/{name}"), "rb") as file:
        return file.read().decode()


def on_one_line(text):
    """An XML document without the lines and indents that make it readable."""
    head, *rest = text.splitlines()
    return head + "\n" + "".join(line.strip() for line in rest)


def written(cell):
    """A cell as golden files have it: texts begin with ', numbers and dates do not."""
    value = cell.value
    if value is None:
        return ""
    if isinstance(value, datetime.datetime):
        return f"{value:%Y-%m-%d}"
    if isinstance(value, str):
        return f"'{value}"
    return f"{Decimal(repr(value)).normalize():f}"


def sheets(content, headers):
    """Rows of every sheet of a workbook, each sheet after its name."""
    found = []
    for sheet in openpyxl.load_workbook(io.BytesIO(content)).worksheets:
        found.append([f"[{sheet.title}]"])
        for number, row in enumerate(sheet.iter_rows()):
            if number < headers:
                found.append([cell.value or "" for cell in row])
            else:
                found.append([written(cell) for cell in row])
    return found


@tagged("post_install", "-at_install")
class TestVoucherGolden(TransactionCase):
    """Whole files of a fixed month, compared with files made from the layouts.

    The golden files were not written by the code under test, but from the lists of
    columns and elements that are public, one for each format; see the tests.
    """

    maxDiff = None

    def _content(self, code):
        return FORMATS[code].dump(VOUCHERS, SETTINGS)

    def _assert_workbook(self, code, headers):
        wanted = list(csv.reader(io.StringIO(golden(f"{code}.csv"))))
        got = sheets(self._content(code), headers)
        self.assertEqual(len(got), len(wanted))
        for row, expected in zip(got, wanted, strict=True):
            self.assertEqual(row, expected)

    def test_kingdee_k3(self):
        """The 36 columns of the sheet Page1 as K/3 WISE and KIS write them out
        (标准格式引出), and the 20 of t_Schema; codes are texts, amounts numbers."""
        self._assert_workbook("kingdee_k3", 1)

    def test_kingdee_cloud(self):
        """The columns of GL_VOUCHER's template for imports, with both rows of names;
        dimensions FFLEX4 to FFLEX16 of the standard product. It has no column for
        cash-flow items."""
        self._assert_workbook("kingdee_cloud", 2)

    def test_u8_text(self):
        """The 48 columns behind 填制凭证,V800 as the tool 总账工具—凭证引入 reads them:
        the first 8 by UFIDA's description, the fixed end from programs in use."""
        text = golden("u8_text.txt").replace("\n", "\r\n")
        self.assertEqual(self._content("u8_text").decode("gb18030"), text)
        self.assertEqual(self._content("u8_text"), text.encode("gb18030"))

    def test_u8_text_for_others(self):
        """Servers that are set to UTF-8 read the same file in it."""
        content = FORMATS["u8_text"].dump(
            VOUCHERS, type(SETTINGS)(**{**vars(SETTINGS), "encoding": "utf-8"})
        )
        self.assertEqual(content, golden("u8_text.txt").replace("\n", "\r\n").encode())

    def test_u8_xml(self):
        """The elements of a voucher of U8's EAI (billtype gl), in UTF-8."""
        content = self._content("u8_xml")
        self.assertEqual(content.decode(), on_one_line(golden("u8_xml.xml.txt")))

    def test_standard_for_auditors(self):
        """GB/T 24589.1-2010, 公共档案 and 总账: names and order of its elements, all in
        GB18030, with the records of cash-flow items."""
        with zipfile.ZipFile(io.BytesIO(self._content("gbt24589"))) as archive:
            self.assertEqual(archive.namelist(), ["公共档案.xml", "总账.xml"])
            for name, file in (("公共档案", "public"), ("总账", "ledger")):
                content = archive.read(f"{name}.xml")
                text = on_one_line(golden(f"gbt24589_{file}.xml.txt"))
                self.assertEqual(content.decode("gb18030"), text)
                self.assertEqual(content, text.encode("gb18030"))

# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
import dataclasses
import datetime
import io
import zipfile
from decimal import Decimal

import openpyxl
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from odoo.tests import TransactionCase, tagged

from ..tools import limits
from ..tools.formats import FORMATS, Settings
from ..tools.voucher import Entry, Voucher, VoucherError
from .voucher_strategies import vouchers


def voucher(**values):
    """A small voucher."""
    summary = values.pop("summary", "货款")
    amount = Decimal("11.30")
    return Voucher(
        key="JXC1",
        date=datetime.date(2026, 1, 31),
        word="记",
        number=7,
        entries=(
            Entry(summary, "1122", debit=amount, amount_currency=amount),
            Entry(summary, "5001", credit=amount, amount_currency=-amount),
        ),
        **values,
    )


@tagged("post_install", "-at_install")
class TestVoucherFormats(TransactionCase):
    def _refused(self, function, *arguments):
        with self.assertRaises(VoucherError) as caught:
            function(*arguments)
        return str(caught.exception)

    @given(st.sampled_from(sorted(FORMATS)), vouchers())
    @settings(
        max_examples=60,
        deadline=None,
        suppress_health_check=list(HealthCheck),
        phases=(Phase.explicit, Phase.reuse, Phase.generate),
    )
    def test_what_is_written_is_read(self, code, found):
        kind = FORMATS[code]
        try:
            content = kind.dump(found)
        except VoucherError as error:
            # the only thing any of these vouchers can be refused for
            self.assertEqual(code, "u8_text")
            for problem in error.problems:
                self.assertIn("begins like a formula", str(problem))
            return
        self.assertEqual(kind.load(content), [kind.normal(one) for one in found])

    def test_red_entries_stay_on_their_side(self):
        one = voucher()
        red = dataclasses.replace(
            one,
            entries=tuple(
                dataclasses.replace(
                    entry,
                    debit=-entry.debit,
                    credit=-entry.credit,
                    amount_currency=-entry.amount_currency,
                )
                for entry in one.entries
            ),
        )
        for kind in FORMATS.values():
            [got] = kind.load(kind.dump([red]))
            self.assertEqual(got.entries[0].debit, Decimal("-11.30"), kind.code)
            self.assertEqual(got.entries[0].credit, 0, kind.code)

    def test_texts_are_no_formulas(self):
        """In a workbook a text stays a text; a text file refuses formulas."""
        evil = voucher(summary='=HYPERLINK("http://x","pay")')
        for code in ("kingdee_k3", "kingdee_cloud"):
            book = openpyxl.load_workbook(io.BytesIO(FORMATS[code].dump([evil])))
            for row in book.worksheets[0].iter_rows():
                self.assertNotIn("f", [cell.data_type for cell in row])
        for start in "=+-@":
            text = self._refused(
                FORMATS["u8_text"].dump, [voucher(summary=f"{start}1")]
            )
            self.assertIn("2026-01 记-7", text)

    def test_formulas_in_a_workbook_are_refused(self):
        book = openpyxl.load_workbook(
            io.BytesIO(FORMATS["kingdee_k3"].dump([voucher()]))
        )
        book["Page1"]["K2"] = "=1+1"
        stream = io.BytesIO()
        book.save(stream)
        self.assertIn(
            "K2", self._refused(FORMATS["kingdee_k3"].load, stream.getvalue())
        )

    def test_unbalanced_and_unnumbered(self):
        one = voucher()
        text = self._refused(
            FORMATS["u8_text"].dump, [dataclasses.replace(one, entries=one.entries[:1])]
        )
        self.assertIn("not balanced: debit 11.30, credit 0", text)
        text = self._refused(
            FORMATS["kingdee_k3"].dump, [dataclasses.replace(one, number=0)]
        )
        self.assertIn("no voucher number", text)

    def test_all_problems_are_told(self):
        long = dataclasses.replace(voucher().entries[0], account="9" * 16)
        one = dataclasses.replace(voucher(), entries=(long, voucher().entries[1]))
        text = self._refused(FORMATS["u8_text"].dump, [one, one])
        self.assertEqual(text.count("longer than the 15 characters"), 2)

    def test_hostile_xml(self):
        """Entities, document types, broken and endless documents."""
        entity = (
            b'<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>'
            b"<ufinterface><voucher>&a;</voucher></ufinterface>"
        )
        for code in ("u8_xml", "gbt24589"):
            kind = FORMATS[code]
            self.assertIn("DOCTYPE", self._refused(kind.load, entity))
            for content in (b"<a>", b"", b"\xff\xfe", b"<a/>", b"PK\x03\x04broken"):
                self._refused(kind.load, content)
            large = b"<a>" + b" " * limits.FILE_BYTES + b"</a>"
            self.assertIn("longer than 50 MB", self._refused(kind.load, large))

    def test_oversized_files(self):
        """Too long, too many rows, or small and enormous once unpacked: unread."""
        rows = f"填制凭证,V800{chr(10) * (limits.ENTRIES + 1)}".encode("gb18030")
        text = self._refused(FORMATS["u8_text"].load, rows)
        self.assertIn(f"More than {limits.ENTRIES} rows", text)
        for kind in FORMATS.values():
            large = b"x" * (limits.FILE_BYTES + 1)
            self.assertIn("longer than 50 MB", self._refused(kind.load, large))
        for code in ("kingdee_k3", "kingdee_cloud", "gbt24589"):
            content = self._bomb(FORMATS[code].dump([voucher()]))
            text = self._refused(FORMATS[code].load, content)
            self.assertRegex(text, "too large when it is unpacked|longer than 500 MB")

    @staticmethod
    def _bomb(content):
        """A zip file whose parts say that they are more than a server holds."""
        content = bytearray(content)
        place = content.find(b"PK\x01\x02")
        while place >= 0:
            size = (limits.UNPACKED_BYTES + 1).to_bytes(4, "little")
            content[place + 24 : place + 28] = size
            place = content.find(b"PK\x01\x02", place + 4)
        return bytes(content)

    def test_damaged_files(self):
        for kind in FORMATS.values():
            content = kind.dump([voucher()])
            for damaged in (content[: len(content) // 2], b"\x00" * 100, b""):
                self._refused(kind.load, damaged)
        text = FORMATS["u8_text"].dump([voucher()]).decode("gb18030")
        for old, new in (
            ("11.30", "1e99"),
            ("11.30", "NaN"),
            ("2026-01-31", "2026-02-31"),
            ("填制凭证", "凭证"),
            (",记,", ",,记,"),
        ):
            self._refused(FORMATS["u8_text"].load, text.replace(old, new).encode())

    def test_u8_line(self):
        """The line as U8's importer wants it: 48 columns."""
        line = FORMATS["u8_text"].dump([voucher()]).decode("gb18030").split("\r\n")[1]
        self.assertEqual(line.count(","), 47)
        self.assertTrue(
            line.startswith("2026-01-31,记,7,0,货款,1122,11.30,0.00,"), line
        )

    def test_standard_for_auditors(self):
        """GB18030, one document a class, and balances that add up."""
        row = {
            "code": "1122",
            "name": "应收账款",
            "type": "asset",
            "direction": "借",
            "year": "2026",
            "period": "1",
            "opening": Decimal(5),
            "debit": Decimal("11.30"),
            "credit": Decimal(0),
            "closing": Decimal("16.30"),
        }
        kind, about = FORMATS["gbt24589"], Settings(company="甲公司", balances=(row,))
        with zipfile.ZipFile(io.BytesIO(kind.dump([voucher()], about))) as archive:
            self.assertEqual(archive.namelist(), ["公共档案.xml", "总账.xml"])
            ledger = archive.read("总账.xml")
        self.assertIn(b"encoding='GB18030'", ledger[:60])
        text = ledger.decode("gb18030")
        self.assertIn("<记账凭证日期>20260131</记账凭证日期>", text)
        self.assertIn("<期末本币余额>16.30</期末本币余额>", text)
        row["closing"] = Decimal(17)
        self.assertIn("1122", self._refused(kind.dump, [voucher()], about))

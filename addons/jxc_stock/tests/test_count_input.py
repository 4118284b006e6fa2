# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
import base64
import io
from datetime import timedelta

import openpyxl

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged

from odoo.addons.jxc_base.tools.importing import ImportRefused

from .count_common import CountCase


def workbook(*rows):
    """The bytes of an .xlsx with these rows."""
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


@tagged("post_install", "-at_install")
class TestCountInput(CountCase):
    """Scanning, devices that send late, workbooks."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.wine.write({"barcode": "6901", "default_code": "WINE"})
        cls.beer.default_code = "BEER"
        cls._unit(cls.wine, "箱").barcode = "6901-12"
        cls.milk = cls._create_product("Milk", tracking="lot", default_code="MILK")
        cls.lot = cls.env["stock.lot"].create({"name": "L1", "product_id": cls.milk.id})
        cls._transfer(cls.milk, 10, cls.supplier, cls.shelf, cls.lot)

    def _sheet(self, user=None, **values):
        count = self._start_count(
            product_ids=False, location_ids=self.shelf.ids, **values
        )
        sheet = count.with_user(user or self.cleo)._find_or_create_sheet()
        sheet.location_id = self.shelf
        return sheet

    # -- scanning -------------------------------------------------------------------

    def test_scan(self):
        sheet = self._sheet()
        count = sheet.count_id.with_user(self.max)
        self.assertEqual(sheet.scan("6901")["quantity_text"], "1瓶")
        self.assertEqual(sheet.scan("6901-12")["quantity_text"], "1箱")
        self.assertEqual(sheet.scan("WINE", "2箱")["product"], "[WINE] Wine")
        self.assertEqual(self._line(count, self.wine).counted_quantity, 37)
        self.assertEqual(sheet.scan("L1", "9")["lot"], "L1")
        self.assertEqual(self._line(count, self.milk).counted_quantity, 9)
        self.assertEqual(sheet.scan("BIN-1")["location_id"], self.bin.id)
        sheet.scan("6901")
        self.assertEqual(self._line(count, self.wine, self.bin).counted_quantity, 1)

    def test_scan_of_nothing_known(self):
        sheet = self._sheet()
        for barcode in ("4711", "", False):
            with self.assertRaisesRegex(UserError, "no barcode of"):
                sheet.scan(barcode)
        self.env["stock.lot"].create({"name": "L1", "product_id": self.wine.id})
        with self.assertRaisesRegex(UserError, "Several products have a lot"):
            sheet.scan("L1")

    def test_scan_in_the_form(self):
        sheet = self._sheet(self.uma)
        with Form(sheet) as form:
            form._barcode_scanned = "6901-12"
            form._barcode_scanned = "6901"
        self.assertEqual(sheet.entry_ids.mapped("quantity"), [1, 12])

    def test_sent_twice_is_entered_once(self):
        sheet = self._sheet()
        first = sheet.scan("6901", "3箱", client_key="k1")
        self.assertEqual(sheet.scan("6901", "3箱", client_key="k1"), first)
        self.assertEqual(len(sheet.entry_ids), 1)

    def test_others_do_not_scan_on_the_sheet(self):
        sheet = self._sheet()
        with self.assertRaises(AccessError):
            sheet.with_user(self.ute).scan("6901")

    # -- counted earlier than sent -----------------------------------------------------

    def test_book_at_the_time_of_counting(self):
        count = self._start_count(product_ids=self.wine.ids)
        with self.after(minutes=5):
            moment = fields.Datetime.now()
        with self.after(minutes=5):
            self._deliver(self.wine, 8)
            self._receive(self.wine, 1)
        self._enter(count, self.wine, 39, counted_at=moment)
        line = self._line(count, self.wine)
        self.assertEqual((line.book_quantity, line.difference), (40, -1))
        self._submit(count)
        self._apply(count)
        self.assertEqual(self._on_hand(self.wine), 32)

    def test_moments_outside_of_the_count(self):
        count = self._start_count()
        for moment in (self.clock - timedelta(hours=1), self.clock + timedelta(days=1)):
            with self.assertRaisesRegex(UserError, "cannot have been counted"):
                self._enter(count, self.wine, 39, counted_at=moment)

    def test_no_numbers_and_no_moments(self):
        """Programs may send anything; they are told what is wrong with it."""
        count = self._start_count()
        sheet = count.with_user(self.uma)._find_or_create_sheet()
        entry = {
            "sheet_id": sheet.id,
            "product_id": self.wine.id,
            "location_id": self.shelf.id,
            "quantity": 1,
        }
        for values in (
            {"quantity": float("nan")},
            {"quantity": float("inf")},
            {"quantity": "5"},
            {"quantity": 5, "aux_quantity": float("nan")},
        ):
            with self.subTest(values=values):
                with self.assertRaisesRegex(UserError, "is not a quantity"):
                    sheet.entry_ids.create({**entry, **values})
        for moment in ("yesterday", 5, ["now"]):
            with self.assertRaisesRegex(UserError, "is no moment"):
                sheet.entry_ids.create({**entry, "counted_at": moment})
        self.assertFalse(count.line_ids.entry_ids)

    # -- workbooks ------------------------------------------------------------------

    def test_no_entry_without_sheet(self):
        with self.assertRaisesRegex(UserError, "on a sheet"):
            self.env["jxc.stock.count.entry"].create({"quantity": 1})

    def test_export_and_upload(self):
        sheet = self._sheet()
        url = sheet.action_export()["url"]
        attachment = self.env["ir.attachment"].browse(int(url.split("/")[3][:-14]))
        book = openpyxl.load_workbook(io.BytesIO(attachment.raw))
        rows = list(book.active.values)
        self.assertEqual(len(rows), 4)
        page = book.active
        for row in page.iter_rows(min_row=2):
            row[6].value = "1箱2瓶" if row[1].value == "WINE" else None
        content = io.BytesIO()
        book.save(content)
        with self.after(minutes=1):
            wizard = self.env["jxc.stock.count.upload"].with_user(self.cleo)
            wizard = wizard.create(
                {
                    "sheet_id": sheet.id,
                    "upload": base64.b64encode(content.getvalue()),
                    "upload_name": "count.xlsx",
                }
            )
            with self.assertRaises(AccessError):
                wizard.with_user(self.max).read(["upload"])
            wizard.action_upload()
        self.assertEqual(sheet.entry_ids.mapped("quantity"), [14])

    def test_upload_in_chinese_with_moments(self):
        self.env["res.lang"]._activate_lang("zh_CN")
        self.max.tz = "Asia/Shanghai"
        sheet = self._sheet(self.max).with_context(lang="zh_CN", tz="Asia/Shanghai")
        titles = [sheet.env._("Internal Reference"), "qty", "counted_at"]
        local = self.clock + timedelta(hours=8, minutes=5)
        with self.after(minutes=10):
            sheet._upload(
                "盘点.xlsx",
                workbook(titles, ["BEER", "2箱", local.strftime("%Y-%m-%d %H:%M:%S")]),
            )
        moment = self.clock - timedelta(minutes=5)
        self.assertEqual(sheet.entry_ids.counted_at, moment)

    def test_every_problem_is_listed_and_nothing_entered(self):
        sheet = self._sheet()
        header = ["location", "code", "lot", "qty", "counted_at"]
        place = self.shelf.complete_name
        content = workbook(
            header,
            [place, "WINE", None, "1箱", None],
            [place, "NOPE", None, "1", None],
            [place, "MILK", None, "1", None],
            [place, "MILK", "L9", "1", None],
            ["Moon", "WINE", None, "1", None],
            [place, "WINE", None, "many", None],
            [place, "WINE", None, "-1", None],
            [place, "WINE", None, "1", "yesterday"],
            [place, "WINE", None, "1", "0001-01-01 00:00"],
            [place, "WINE", None, "1", "9999-12-31 23:59"],
            ['=HYPERLINK("http://x")', "WINE", None, "1", None],
            [place, "WINE", None, "=1+1", None],
            [place, "WINE", None, "nan", None],
            [place, "WINE", None, "1e400", None],
            [place, "WINE", None, "9" * 300, None],
            [place, "' OR 1=1 --", None, "1", None],
            [place, "WINE", None, None, None],
        )
        with self.assertRaises(ImportRefused) as refusal:
            sheet._upload("count.xlsx", content)
        rows = [(p.row, p.column) for p in refusal.exception.problems]
        self.assertEqual(
            rows,
            [
                # Formulas are refused as they are read.
                (12, "location"),
                (13, "qty"),
                (3, "Internal Reference"),
                (4, "Lot"),
                (5, "Lot"),
                (6, "Location"),
                (7, "Counted"),
                (8, "Counted"),
                (9, "Counted at"),
                (10, "Counted at"),
                (11, "Counted at"),
                (14, "Counted"),
                (15, "Counted"),
                (16, "Counted"),
                (17, "Internal Reference"),
            ],
        )
        self.assertFalse(sheet.entry_ids)

    def test_files_that_are_none(self):
        sheet = self._sheet()
        for name, content in (
            ("count.xlsx", b"nothing"),
            ("count.pdf", b"nothing"),
            ("count.xlsx", workbook(["code", "qty"])),
            ("count.xlsx", workbook(["code", "amount"], ["WINE", 1])),
        ):
            with self.assertRaises(ImportRefused):
                sheet._upload(name, content)

    def test_settled_lines_are_reported(self):
        count = self._start_count(tolerance_percent=1)
        self._enter(count, self.wine, 40)
        self._enter(count, self.beer, 40)
        self._submit(count)
        sheet = count.with_user(self.uma)._find_or_create_sheet()
        content = workbook(
            ["location", "code", "qty"], [self.shelf.complete_name, "WINE", 40]
        )
        with self.assertRaisesRegex(ImportRefused, "counted and settled"):
            sheet._upload("count.xlsx", content)

    def test_others_do_not_upload(self):
        sheet = self._sheet()
        content = workbook(["code", "qty"], ["WINE", 1])
        with self.assertRaises(AccessError):
            sheet.with_user(self.ute)._upload("count.xlsx", content)

    def test_administrators_help_out(self):
        sheet = self._sheet().with_user(self.max)
        sheet.scan("6901", "40")
        self.assertEqual(sheet.entry_ids.user_id, self.max)

    def test_packages_are_separate_lines(self):
        package = self.env["stock.package"].create({"name": "PAL1"})
        self.env["stock.quant"]._update_available_quantity(
            self.wine, self.shelf, 6, package_id=package
        )
        count = self._start_count(product_ids=self.wine.ids)
        self.assertEqual(len(count.line_ids), 2)
        self._enter(count, self.wine, 40)
        self._enter(count, self.wine, 4, package_id=package.id)
        self._submit(count)
        self._apply(count)
        self.assertEqual(package.quant_ids.quantity, 4)

    def test_one_package_in_two_places(self):
        """Told when the count is submitted, not when it is applied."""
        package = self.env["stock.package"].create({"name": "PAL2"})
        self.env["stock.quant"]._update_available_quantity(
            self.wine, self.shelf, 6, package_id=package
        )
        other = self.env["stock.location"].create(
            {"name": "Aisle 9", "location_id": self.shelf.id}
        )
        count = self._start_count(product_ids=self.wine.ids)
        self._enter(count, self.wine, 77)
        self._enter(count, self.wine, 2, package_id=package.id, location_id=other.id)
        self._enter(count, self.wine, 4, package_id=package.id)
        with self.assertRaises(UserError) as refused:
            self._submit(count)
        for text in ("PAL2", self.shelf.display_name + "\n", other.display_name):
            self.assertIn(text, str(refused.exception))
        self.assertEqual(count.state, "in_progress")

    def test_goods_of_others(self):
        """Neither a barcode nor an old workbook makes goods of others our gain."""
        owner, other = self.env["res.partner"].create(
            [{"name": "Li's Wines"}, {"name": "Wang"}]
        )
        quants = self.env["stock.quant"]
        quants._update_available_quantity(self.milk, self.bin, 5, lot_id=self.lot)
        quants._update_available_quantity(self.beer, self.bin, 6, owner_id=owner)
        sheet = self._sheet(self.uma)
        count = sheet.count_id.with_user(self.max)
        sheet.location_id = self.bin
        sheet.scan("BEER", "4")
        self.assertEqual(sheet.entry_ids.owner_id, owner)
        sheet._upload("a.xlsx", workbook(["code", "qty"], ["BEER", 1]))
        self.assertEqual(set(sheet.entry_ids.mapped("owner_id")), {owner})
        rows = openpyxl.load_workbook(io.BytesIO(sheet._export_workbook())).active
        owners = {(row[1], row[9]) for row in list(rows.values)[1:]}
        self.assertIn(("BEER", "Li's Wines"), owners)
        header = ["code", "qty", "owner"]
        sheet._upload("a.xlsx", workbook(header, ["BEER", 1, "Wang"]))
        line = self._line(count, self.beer, self.bin).filtered("is_counted")
        self.assertEqual(
            [(one.owner_id, one.difference) for one in line.sorted("id")],
            [(owner, -1), (other, 1)],
        )
        with self.assertRaisesRegex(UserError, "for several owners"):
            sheet.scan("BEER")
        with self.assertRaisesRegex(ImportRefused, "no one owner"):
            sheet._upload("a.xlsx", workbook(header, ["BEER", 1, "Nobody"]))

    def test_stock_from_before_lots(self):
        """What the books have without a lot can be counted, and so the count ends."""
        old = self._create_product("Old", default_code="OLD")
        self._receive(old, 10)
        old.tracking = "serial"
        number = self.env["stock.lot"].create({"name": "S1", "product_id": old.id})
        count = self._start_count(product_ids=old.ids)
        self._enter(count, old, 1, lot_id=number.id)
        sheet = count.with_user(self.uma)._find_or_create_sheet()
        sheet._upload(
            "a.xlsx",
            workbook(["location", "code", "qty"], [self.shelf.complete_name, "OLD", 9]),
        )
        self._submit(count)
        self._apply(count)
        self.assertEqual(self._on_hand(old, lot=number), 1)
        self.assertEqual(self._on_hand(old), 10)

    def test_user_of_a_sheet(self):
        count = self._start_count()
        Sheet = self.env["jxc.stock.count.sheet"]
        with self.assertRaisesRegex(AccessError, "hand out sheets"):
            Sheet.with_user(self.uma).create(
                {"count_id": count.id, "user_id": self.ute.id}
            )
        sheet = Sheet.with_user(self.max).create(
            {"count_id": count.id, "user_id": self.ute.id}
        )
        with self.assertRaises(AccessError):
            sheet.with_user(self.uma).write({"note": "mine"})
        self.assertEqual(count.with_user(self.ute)._find_or_create_sheet(), sheet)
        with self.assertRaises(AccessError):
            sheet.with_user(self.ute).count_id = self._create_count()

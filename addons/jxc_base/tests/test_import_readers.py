# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
import datetime
import io
import os
import tempfile
import zipfile
from pathlib import Path

import openpyxl

from odoo.tests import TransactionCase, tagged

from odoo.addons.jxc_base.tools.importing import (
    Limits,
    read_folder,
    read_upload,
    read_xlsx,
    read_zip,
)


def make_zip(files):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def make_xlsx(sheets):
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


@tagged("post_install", "-at_install")
class TestImportReaders(TransactionCase):
    """Files, archives and workbooks, well-formed and hostile."""

    def read_csv(self, content):
        if isinstance(content, str):
            content = content.encode()
        return read_zip(make_zip({"partners.csv": content}))

    def assertProblem(self, result, *words, row=None, column=None):
        tables_problems = [
            problem
            for problem in result[1]
            if all(word in self.env._(problem.message) for word in words)
        ]
        found = [str(self.env._(problem.message)) for problem in result[1]]
        self.assertTrue(tables_problems, f"{words} not in {found}")
        if row:
            self.assertEqual(tables_problems[0].row, row)
        if column:
            self.assertEqual(tables_problems[0].column, column)

    # -- CSV ----------------------------------------------------------------------

    def test_csv_with_and_without_bom(self):
        for mark in (b"", b"\xef\xbb\xbf"):
            tables, problems = self.read_csv(mark + "ref,name\nA,红酒\n".encode())
            self.assertFalse(problems)
            self.assertEqual(tables[0].file, "partners")
            self.assertEqual(tables[0].columns, ["ref", "name"])
            self.assertEqual(tables[0].rows, [(2, {"ref": "A", "name": "红酒"})])

    def test_csv_row_is_the_line_it_begins_on(self):
        text = 'ref,name\r\n\r\nA,"two\r\nlines"\r\n , \r\nB,b\r\n'
        tables, problems = self.read_csv(text)
        self.assertFalse(problems)
        self.assertEqual([number for number, _row in tables[0].rows], [3, 6])

    def test_csv_wrong_encoding(self):
        result = self.read_csv("ref,name\nA,红酒\n".encode("gb18030"))
        self.assertProblem(result, "UTF-8", row=2)
        self.assertProblem(self.read_csv("ref\nA\n".encode("utf-16")), "UTF-8")

    def test_csv_header(self):
        self.assertProblem(self.read_csv(""), "header")
        self.assertProblem(self.read_csv("\n\n"), "header")
        result = self.read_csv("ref,name,ref\nA,b,C\n")
        self.assertProblem(result, "twice", row=1, column="ref")
        self.assertProblem(self.read_csv("ref,,name\nA,b,c\n"), "2 has no name")
        self.assertProblem(self.read_csv("ref;name\nA;b\n"), "commas")
        self.assertProblem(self.read_csv(",".join(map(str, range(101)))), "101", "100")

    def test_csv_width(self):
        result = self.read_csv("ref,name\nA,b\nB,c,d\nC\n")
        self.assertProblem(result, "3 cells", "2", row=3)
        self.assertProblem(result, "1 cells", "2", row=4)

    def test_csv_broken_quotes(self):
        self.assertProblem(self.read_csv('ref,name\nA,"b\n'), "quotes", row=2)
        self.assertProblem(self.read_csv('ref,name\nA,"b"c\n'), "quotes", row=2)

    # -- archives -----------------------------------------------------------------

    def test_zip_with_one_folder_and_notes(self):
        content = make_zip(
            {
                "mine/partners.csv": "ref\nA\n",
                "mine/README.md": "x",
                "__MACOSX/mine/._partners.csv": "x",
                "mine/.DS_Store": "x",
            }
        )
        tables, problems = read_zip(content)
        self.assertFalse(problems)
        self.assertEqual([table.file for table in tables], ["partners"])

    def test_zip_outside(self):
        for name in ("../partners.csv", "/etc/partners.csv", "a/../../p.csv", "C:\\p"):
            result = read_zip(make_zip({name: "ref\nA\n"}))
            self.assertProblem(result, "outside")
            self.assertFalse(result[0])

    def test_zip_in_several_folders_or_with_others(self):
        result = read_zip(make_zip({"a/partners.csv": "ref\n", "b/partners.csv": ""}))
        self.assertProblem(result, "one folder")
        self.assertProblem(result, "twice")
        self.assertProblem(read_zip(make_zip({"x.exe": "MZ"})), ".csv")

    def test_zip_bomb(self):
        bomb = make_zip({"partners.csv": b"ref\n" + b"0" * 50_000_000})
        self.assertLess(len(bomb), 100_000)
        result = read_zip(bomb)
        self.assertProblem(result, "50 MB")
        self.assertFalse(result[0])

    def test_zip_that_lies_about_its_size(self):
        content = make_zip({"partners.csv": "ref\n" + "A\n" * 1000})
        # Both headers of the entry claim 4 bytes instead of 2,004.
        lie = content.replace((2004).to_bytes(4, "little"), (4).to_bytes(4, "little"))
        self.assertNotEqual(lie, content)
        self.assertProblem(read_zip(lie), "damaged")

    def test_zip_damaged(self):
        self.assertProblem(read_zip(b""), "zip archive")
        self.assertProblem(read_zip(b"PK\x03\x04" + b"x" * 100), "zip archive")
        many = make_zip({f"f{n}.csv": "x" for n in range(201)})
        self.assertProblem(read_zip(many), "201", "200")

    def test_upload_kinds(self):
        self.assertProblem(read_upload("data.csv", b"ref\n"), ".xlsx", ".zip")
        self.assertProblem(read_upload("", b"ref\n"), ".xlsx", ".zip")
        tables, _problems = read_upload("D.ZIP", make_zip({"partners.csv": "ref\nA\n"}))
        self.assertEqual(tables[0].file, "partners")
        too_large = b"0" * (Limits.FILE_BYTES + 1)
        self.assertProblem(read_upload("data.zip", too_large), "too large")

    # -- workbooks ----------------------------------------------------------------

    def test_xlsx_values_as_csv_texts(self):
        rows = [
            ["text", "whole", "number", "date", "flag", "none"],
            ["00123", 12.0, 0.1 + 0.2, datetime.datetime(2024, 1, 31), True, None],
            [],
            ["红酒", 5, 1e-7, datetime.date(2024, 2, 1), False],
        ]
        tables, problems = read_xlsx(make_xlsx({"partners": rows}))
        self.assertFalse(problems)
        self.assertEqual(tables[0].file, "partners")
        self.assertEqual(
            [(number, list(row.values())) for number, row in tables[0].rows],
            [
                (2, ["00123", "12", "0.3", "2024-01-31", "1", ""]),
                (4, ["红酒", "5", "0.0000001", "2024-02-01", "0", ""]),
            ],
        )

    def test_xlsx_formula_and_error_cells(self):
        content = make_xlsx({"partners": [["ref", "name"], ["A", "=1+1"], ["#N/A", 1]]})
        result = read_xlsx(content)
        self.assertProblem(result, "formula", row=2, column="name")
        self.assertProblem(result, "#N/A", row=3, column="ref")

    def test_xlsx_header_and_width(self):
        result = read_xlsx(make_xlsx({"partners": [["ref", "ref"], ["A", "B"]]}))
        self.assertProblem(result, "twice", row=1, column="ref")
        result = read_xlsx(make_xlsx({"partners": [["ref"], ["A", "B"]]}))
        self.assertProblem(result, "2 cells", row=2)
        wide = [[f"c{n}" for n in range(5000)]]
        self.assertProblem(read_xlsx(make_xlsx({"partners": wide})), "101", "100")

    def test_xlsx_empty_sheet_is_left_out(self):
        content = make_xlsx({"Sheet1": [], "partners": [["ref"], ["A"]]})
        tables, problems = read_xlsx(content)
        self.assertFalse(problems)
        self.assertEqual([table.file for table in tables], ["partners"])

    def test_xlsx_damaged(self):
        self.assertProblem(read_xlsx(b"not a zip"), ".xlsx")
        self.assertProblem(read_xlsx(make_zip({"a.xml": "<a/>"})), ".xlsx")
        content = make_xlsx({"partners": [["ref"], ["A"]]})
        self.assertProblem(read_xlsx(content[: len(content) // 2]), ".xlsx")

    def test_xlsx_with_entities(self):
        entities = '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaa">]><x>&a;</x>'
        result = read_xlsx(make_zip({"xl/workbook.xml": entities}))
        self.assertProblem(result, "spreadsheet programs")

    def test_xlsx_bomb(self):
        bomb = make_zip({"xl/worksheets/sheet1.xml": b" " * 50_000_000})
        self.assertProblem(read_xlsx(bomb), "50 MB")

    # -- folders ------------------------------------------------------------------

    def test_xlsx_rows_far_down(self):
        """Which row comes next is up to the file: nobody counts up to two billion."""
        content = make_xlsx({"partners": [["ref", "name"], ["A", "a"]]})

        def with_row(number):
            cells = {f'"{column}2"': f'"{column}{number}"' for column in "AB"}
            cells['<row r="2"'] = f'<row r="{number}"'
            return self.patched(content, "xl/worksheets/sheet1.xml", cells)

        tables, problems = read_xlsx(with_row(Limits.SHEET_ROWS))
        self.assertFalse(problems)
        row = {"ref": "A", "name": "a"}
        self.assertEqual(tables[0].rows, [(Limits.SHEET_ROWS, row)])
        result = read_xlsx(with_row(2_000_000_000))
        self.assertProblem(result, "below the last row")

    def patched(self, content, name, texts):
        """The archive with texts of one of its files replaced."""
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            files = {entry: archive.read(entry) for entry in archive.namelist()}
        text = files[name].decode()
        for old, new in texts.items():
            self.assertIn(old, text)
            text = text.replace(old, new)
        return make_zip({**files, name: text})

    def test_folder(self):
        with tempfile.TemporaryDirectory() as folder:
            Path(folder, "partners.csv").write_text("ref\nA\n", encoding="utf-8")
            Path(folder, "README.md").write_text("notes", encoding="utf-8")
            tables, problems = read_folder(folder)
            self.assertFalse(problems)
            self.assertEqual([table.file for table in tables], ["partners"])
            Path(folder, "orders.xlsx").write_bytes(b"")
            self.assertProblem(read_folder(folder), ".csv")
            os.mkfifo(Path(folder, "products.csv"))
            self.assertProblem(read_folder(folder), "not a file")

    def test_folder_that_is_none(self):
        self.assertProblem(read_folder("/nonexistent/x"), "not a folder")

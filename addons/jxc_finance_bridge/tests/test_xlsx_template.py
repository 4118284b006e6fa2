# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
import base64
import doctest
import io
import zipfile

import openpyxl

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, tagged

from ..tools import cell_formula, statement
from .hostile_files import workbook_of_attributes
from .statement_common import READER, StatementCommon


@tagged("post_install", "-at_install")
class TestXlsxTemplate(StatementCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.accountant = cls._user("xlsx_user", "account.group_account_user")
        cls._entry("2023-12-05", ("100200", 50, 0), ("300100", 0, 50))
        cls._entry("2024-01-05", ("100200", 900, 0), ("500100", 0, 900))
        cls._entry("2024-01-06", ("560200", 100, 0), ("100100", 0, 100))

    def _template(self, cells, **values):
        book = openpyxl.Workbook()
        for place, value in cells.items():
            book.active[place] = value
        content = io.BytesIO()
        book.save(content)
        templates = self.env["jxc.xlsx.template"].with_user(self.accountant)
        return templates.create(
            {
                "name": "Own report",
                "file": base64.b64encode(content.getvalue()),
                **values,
            }
        )

    def _filled(self, template, user=None):
        template = template.with_user(user or self.reader)
        result = template.fill("2024-01-01", "2024-01-31", self.company.id)
        content = io.BytesIO(base64.b64decode(result["content"]))
        return openpyxl.load_workbook(content).active

    def test_cells_are_filled_in(self):
        """Balances, lines of statements, texts and sums; all else stays."""
        self.company.name = "=1+1"
        sheet = self._filled(
            self._template(
                {
                    "A1": '{{bal("1001, 1002")}}',
                    "A2": '{{bal("1002", "2024-01", "start")}}',
                    "A3": '{{bal("1002", "2023", "end")}}',
                    "A4": '{{-bal("5001", "", "change") / 100 + 2 * (1 + 0.5)}}',
                    "A5": '{{bal("1001", "2024-01", "credit")}}',
                    "A6": '{{line("profit", "32", "year")}}',
                    "A7": '{{line("balance", "b30", "opening")}}',
                    "B1": "{{company()}}",
                    "B2": 'Profit {{line("profit", 32)}} of {{period()}}',
                    "B3": "=A1*2",
                    "B5": '{{line("profit", 32)}} in {{period()}}',
                    "B4": "Title",
                }
            )
        )
        values = [sheet[f"A{row}"].value for row in range(1, 8)]
        self.assertEqual(values, [850, 50, 50, 12, 100, 800, 50])
        self.assertEqual(sheet["B1"].value, "=1+1")
        self.assertEqual(sheet["B1"].data_type, "s")
        self.assertEqual(sheet["B2"].value, "Profit 800.0 of 2024-01-01 – 2024-01-31")
        self.assertEqual(sheet["B5"].value, "800.0 in 2024-01-01 – 2024-01-31")
        self.assertEqual((sheet["B3"].value, sheet["B4"].value), ("=A1*2", "Title"))

    def test_nothing_else_is_understood(self):
        """Expressions are refused with their cell when the template is saved."""
        for text in (
            '{{bal("1002"}}',
            "{{1 +}}",
            "{{env.cr}}",
            "{{__import__('os')}}",
            '{{bal("1002").real}}',
            "{{1 / 0}}",
            "{{" + "(" * 30 + "1" + ")" * 30 + "}}",
            "{{bal}}",
        ):
            with self.assertRaisesRegex(UserError, "Sheet!B7"):
                self._template({"B7": text})
        template = self._template({"A1": '{{bal("1002", "2024-13")}}'})
        with self.assertRaisesRegex(UserError, "2024-13"):
            self._filled(template)
        template = self._template({"A1": '{{line("profit", "99")}}'})
        with self.assertRaisesRegex(UserError, "99"):
            self._filled(template)

    def test_what_is_no_workbook(self):
        bomb = io.BytesIO()
        with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as parts:
            parts.writestr("xl/workbook.xml", b"0" * 101_000_000)
        hostile = (b"no workbook", b"", bomb.getvalue(), workbook_of_attributes())
        for content in hostile:
            with self.assertRaisesRegex(ValidationError, "Own report"):
                self._template({}, file=base64.b64encode(content))

    def test_download(self):
        template = self._template({"A1": '{{bal("1002")}}'})
        action = template.with_user(self.reader).action_fill()
        fill = self.env["jxc.xlsx.fill"].with_user(self.reader)
        form = Form(fill.with_company(self.company).with_context(**action["context"]))
        wizard = form.save()
        self.assertIn(f"/{wizard.id}/file", wizard.action_fill()["url"])
        self.assertTrue(wizard.file)

    def test_who_may_what(self):
        template = self._template({"A1": '{{bal("1002")}}'})
        self.assertEqual(self._filled(template)["A1"].value, 950)
        with self.assertRaises(AccessError):
            template.with_user(self.reader).name = "Other"
        clerk = self._user("xlsx_clerk", "base.group_user")
        with self.assertRaises(AccessError):
            self._filled(template, clerk)
        other = self.setup_other_company(name="Other Books")["company"]
        both = self._user("xlsx_both", READER, self.company | other)
        template.sudo().company_id = other
        with self.assertRaisesRegex(UserError, "Other Books"):
            self._filled(template, both)
        with self.assertRaises(AccessError):
            self._filled(template)

    def test_documentation(self):
        for module in (cell_formula, statement):
            self.assertEqual(doctest.testmod(module).failed, 0)

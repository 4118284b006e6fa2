# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
import io

import openpyxl
from lxml import html

from odoo.tests import Form, tagged

from .statement_common import StatementCommon


@tagged("post_install", "-at_install")
class TestStatementScreen(StatementCommon):
    def test_screen_and_items(self):
        """A reader sees the statement and the items behind each amount."""
        self._partner_entry(
            "2024-01-05",
            ("112200", self.one, 1000),
            ("112200", self.other, -300),
            ("300100", None, -700),
        )
        screen = self._screen("balance")
        line = screen.line_ids.filtered(lambda line: line.code == "b4")
        self.assertTrue(line.has_items)
        self.assertEqual((line.line, line.amount_closing), ("4", 1000))
        items = self.env["account.move.line"].search(line.action_view_items()["domain"])
        self.assertEqual(items.mapped("balance"), [1000])
        advance = screen.line_ids.filtered(lambda line: line.code == "b34")
        items = self.env["account.move.line"].search(
            advance.action_view_items()["domain"]
        )
        self.assertEqual(items.mapped("balance"), [-300])
        total = screen.line_ids.filtered(lambda line: line.code == "b30")
        self.assertFalse(total.has_items)
        with Form(screen) as form:
            form.kind = "profit"
        self.assertIn("p32", screen.line_ids.mapped("code"))

    def test_by_account(self):
        """MIS Builder shows the same amounts; its report is made once."""
        self._partner_entry(
            "2024-01-05", ("112200", self.one, 1000), ("500100", None, -1000)
        )
        screen = self._screen("balance")
        action = screen.action_analyse()
        self.assertEqual(screen.action_analyse()["res_id"], action["res_id"])
        self.assertEqual(action["context"]["active_id"], action["res_id"])
        instance = self.env["mis.report.instance"].browse(action["res_id"])
        instance = instance.with_user(self.reader).with_company(self.company)
        rows = {row["label"]: row["cells"] for row in instance.compute()["body"]}
        cell, opening = rows["Accounts receivable"]
        self.assertEqual(opening["val"], None)
        self.assertEqual(rows["Total assets"][0]["val"], 1000)
        self.assertNotIn("Difference (assets less liabilities and equity)", rows)
        self.assertEqual(cell["val"], 1000)
        items = instance.drilldown(cell["drilldown_arg"])["domain"]
        found = self.env["account.move.line"].search(items)
        self.assertEqual(found.mapped("balance"), [1000])

    def test_print(self):
        """The form has its number, unit and halves; totals stand side by side."""
        self._entry("2024-01-05", ("100200", 1234.5, 0), ("300100", 0, 1234.5))
        report = self.env["ir.actions.report"].with_user(self.reader)
        pages = {}
        for kind in ("balance", "profit", "cash"):
            screen = self._screen(kind)
            action = screen.action_print()
            content, _type = report._render_qweb_html(action["report_name"], screen.ids)
            pages[kind] = html.fromstring(content)
        page = pages["balance"]
        text = page.text_content()
        for expected in ("会小企01表", "Unit: yuan", "1,234.50", self.company.name):
            self.assertIn(expected, text)
        rows = page.xpath("//tbody/tr")
        last = [cell.text_content().strip() for cell in rows[-1]]
        self.assertEqual((last[0], last[2]), ("Total assets", "1,234.50"))
        self.assertEqual((last[5], last[6]), ("53", "1,234.50"))
        self.assertIn("会小企02表", pages["profit"].text_content())
        header = [cell.text_content() for cell in pages["profit"].xpath("//thead//th")]
        self.assertEqual(header[2:], ["Year to Date", "This Period"])

    def test_workbook(self):
        self._entry("2024-01-05", ("100200", 1234.5, 0), ("300100", 0, 1234.5))
        screen = self._screen("balance")
        report = self.env["ir.actions.report"].with_user(self.reader)
        content, kind = report._render_xlsx(
            "jxc_finance_bridge.statement_xlsx", screen.ids, data={}
        )
        self.assertEqual(kind, "xlsx")
        sheet = openpyxl.load_workbook(io.BytesIO(content)).active
        self.assertEqual(sheet.freeze_panes, "B4")
        rows = {row[1].value: row for row in sheet.iter_rows(min_row=4)}
        self.assertEqual(rows["1"][2].value, 1234.5)
        self.assertEqual(rows["30"][2].value, 1234.5)
        self.assertEqual(rows["2"][2].value, 0)

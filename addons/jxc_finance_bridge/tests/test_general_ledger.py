# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
import io

from openpyxl import load_workbook

from odoo.tests import tagged

from .common import FinanceBridgeCommon


@tagged("post_install", "-at_install")
class TestGeneralLedger(FinanceBridgeCommon):
    """The library's general ledger (总账/明细账) in the words of Chinese books."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._entry("2022-03-01", ("100200", 1000, 0), ("300100", 0, 1000))
        cls._entry("2023-02-10", ("540100", 60, 0), ("140500", 0, 60))
        cls._entry("2023-02-20", ("100200", 500, 0), ("112200", 0, 500))

    def _ledger_rows(self, **values):
        """Rows of the general ledger's workbook in Chinese."""
        self.env["res.lang"]._activate_lang("zh_CN")
        env = self.env(context=dict(self.env.context, lang="zh_CN"))
        wizard = env["general.ledger.report.wizard"].create(
            {
                "company_id": self.company.id,
                "date_from": "2023-02-01",
                "date_to": "2023-02-28",
                **values,
            }
        )
        reports = env["report.a_f_r.report_general_ledger_xlsx"].with_context(
            active_model=wizard._name
        )
        content, _kind = reports.create_xlsx_report(
            wizard.ids, wizard._prepare_report_data()
        )
        self.ledger_sheet = load_workbook(io.BytesIO(content)).worksheets[0]
        return list(self.ledger_sheet.values)

    def test_general_ledger_workbook_to_read_and_print(self):
        self.assertIn("摘要", self._ledger_rows()[1])
        sheet = self.ledger_sheet
        head = sheet.freeze_panes, sheet.print_title_rows
        self.assertEqual(head, ("A3", "$1:$2"))
        fonts = {cell.font.name for row in sheet for cell in row if cell.value}
        self.assertEqual(fonts, {"Microsoft YaHei"})

    def test_general_ledger_tells_voucher_numbers(self):
        """Grouped or not, and beside the entry's own name."""
        move = self._entry("2023-02-20", ("112200", 40, 0), ("500100", 0, 40))
        self.assertTrue(move.jxc_voucher_no)
        for grouping in ("none", "partners"):
            rows = self._ledger_rows(grouped_by=grouping)
            words = [cell for row in rows for cell in row if isinstance(cell, str)]
            self.assertIn(f"{move.jxc_voucher_name} {move.name}", words)

    def test_general_ledger_in_chinese(self):
        """The library's workbook has no English word of its own, and no lost amount."""
        rows = self._ledger_rows(foreign_currency=True)
        words = [cell for row in rows for cell in row if isinstance(cell, str)]
        for word in ("期初余额", "期末余额", "摘要", "借方", "原币余额"):
            self.assertIn(word, words)
        for word in ("Initial balance", "Ending balance", "Cumul. Bal.", "Yes", "No"):
            self.assertNotIn(word, words)
        self.assertTrue(words[0].startswith("总账 - "))

    def test_general_ledger_adds_up(self):
        """A bank account by hand: 1,000 brought forward, 500 in, 80 out, 1,420 left.

        The last line has what was brought forward in its sums, as the balance has.
        """
        self._entry("2023-02-25", ("560200", 80, 0), ("100200", 0, 80))
        self._entry("2023-03-01", ("100200", 7, 0), ("300100", 0, 7))
        rows = self._ledger_rows(
            account_ids=self._account("100200").ids, grouped_by="none"
        )
        [title] = [n for n, row in enumerate(rows) if row[0] == "100200 - 银行存款"][:1]
        head = rows[title + 1]
        found = [
            (str(row[0] or row[head.index("往来单位")]), *amounts)
            for row in rows[title + 2 :]
            if any(
                amounts := [row[head.index(name)] for name in ("借方", "贷方", "余额")]
            )
        ]
        self.assertEqual(
            found,
            [
                ("期初余额", 1000, 0, 1000),
                ("2023-02-20", 500, 0, 1500),
                ("2023-02-25", 0, 80, 1420),
                ("100200 - 银行存款", 1500, 80, 1420),
            ],
        )

    def test_groups_of_the_general_ledger_in_chinese(self):
        """Groups without a record, months in one line and what was settled later."""
        receivable = self._entry("2023-02-20", ("112200", 40, 0), ("500100", 0, 40))
        later = self._entry("2023-03-20", ("100200", 40, 0), ("112200", 0, 40))
        (receivable + later).line_ids.filtered(
            lambda line: line.account_id.code == "112200"
        ).reconcile()
        said = {}
        self._account("112200").centralized = True
        for grouping in ("partners", "taxes", "none"):
            rows = self._ledger_rows(grouped_by=grouping, centralize=grouping == "none")
            said[grouping] = {c for row in rows for c in row if isinstance(c, str)}
        self.assertIn("无往来单位", " ".join(said["partners"]))
        self.assertIn("无税", " ".join(said["taxes"]))
        self.assertIn("本月合计", said["none"])
        self.assertIn("（之后核销）", " ".join(said["partners"]))
        self.assertIn("2023-02-20", said["partners"])
        for words in said.values():
            text = " ".join(words)
            for word in ("Missing", "future", "Centralized", "20/02/2023"):
                self.assertNotIn(word, text)

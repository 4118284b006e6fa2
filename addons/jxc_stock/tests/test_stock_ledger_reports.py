# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
import io

from freezegun import freeze_time
from openpyxl import load_workbook

from odoo.exceptions import AccessError
from odoo.tests import tagged

from .ledger_common import LedgerCase

TODAY = "2025-06-15 09:00:00"


@freeze_time(TODAY)
@tagged("post_install", "-at_install")
class TestStockLedgerReports(LedgerCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.rice.name = "=Rice"
        cls._receive_at("2025-03-10 08:00:00", cls.rice, 10, 100)
        cls._receive_at("2025-05-20 08:00:00", cls.rice, 10, 140)
        cls._issue_at("2025-06-01 08:00:00", cls.rice, 5)

    def _report(self, kind="summary", user=None, **values):
        return (
            self.env["jxc.stock.ledger.report"]
            .with_user(user or self.controller)
            .create(
                {
                    "kind": kind,
                    "date_from": "2025-06-01",
                    "date_to": "2025-06-30",
                    "product_ids": self.rice.ids,
                    **values,
                }
            )
        )

    def test_turnover(self):
        row = self.ledger.with_user(self.controller).turnover(
            "2025-06-01", "2025-06-30", domain=[("product_id", "=", self.rice.id)]
        )[0]
        self.assertEqual(row["average_qty"], 17.5)
        self.assertAlmostEqual(row["turnover_rate"], 5 / 17.5)
        self.assertAlmostEqual(row["turnover_days"], 30 * 17.5 / 5)
        self.assertAlmostEqual(row["turnover_value_rate"], 60 / 210)

    def test_no_turnover(self):
        """What was not issued lasts for ever, it is not sold out in no time."""
        slow, still, through = (
            self._create_goods(name) for name in ("Slow", "Still", "Through")
        )
        for product in (slow, still):
            self._receive_at("2025-04-01 08:00:00", product, 10, 100)
        self._receive_at("2025-05-02 08:00:00", through, 10, 100)
        for product, quantity in ((slow, 1), (through, 10)):
            self._issue_at("2025-05-03 08:00:00", product, quantity)
        period = {"date_from": "2025-05-01", "date_to": "2025-05-31"}
        ids = [product.id for product in (slow, still, through)]
        rows = self.ledger.with_user(self.controller).turnover(
            *period.values(), domain=[("product_id", "in", ids)]
        )
        found = {row["product_id"]: row for row in rows}
        shown = [
            (found[id_]["turnover_rate"], found[id_]["turnover_days"]) for id_ in ids
        ]
        self.assertEqual(shown, [(1 / 9.5, 31 * 9.5), (0, False), (False, False)])
        report = self._report("turnover", product_ids=ids, group_by="product", **period)
        report.action_xlsx()
        lines = report.line_ids.search(
            [("report_id", "=", report.id)], order="turnover_days"
        )
        self.assertEqual(lines[0].product_id, slow)
        self.assertEqual(report._format_cell(lines[1], "turnover_days"), "")
        content, _kind = (
            self.env["ir.actions.report"]
            .with_user(self.controller)
            ._render("jxc_stock.stock_ledger_xlsx", report.ids)
        )
        sheet = load_workbook(io.BytesIO(content)).active
        heads = [cell.value for cell in sheet[3]]
        days = {
            row[1].value: row[heads.index("Turnover Days")].value
            for row in sheet.iter_rows(min_row=4, max_row=6)
        }
        self.assertEqual(days, {"Slow": 31 * 9.5, "Still": None, "Through": None})

    def test_classes(self):
        """A makes up 80 %, B to 95 %; the keeper knows the class without the cost."""
        goods = [self._create_goods(f"Goods {number}") for number in range(4)]
        for product, worth in zip(goods, (800, 150, 40, 10), strict=True):
            self._receive_at("2025-04-01 08:00:00", product, 10, worth)
            self._issue_at("2025-04-02 08:00:00", product, 10)
        still = self._create_goods("Still")
        self._receive_at("2025-04-01 08:00:00", still, 10, 5000)
        ids = [product.id for product in (*goods, still)]
        rows = self.ledger.with_user(self.keeper).turnover(
            "2025-04-01", "2025-04-30", domain=[("product_id", "in", ids)]
        )
        found = {row["product_id"]: row["abc"] for row in rows}
        self.assertEqual([found[id_] for id_ in ids], ["A", "B", "C", "C", "C"])
        self.assertNotIn("out_value", rows[0])

    def test_lost_worth_is_not_issued(self):
        """Stock that fell in price did not turn over: no A for it."""
        sold, fallen = self._create_goods("Sold"), self._create_goods("Fallen")
        for product in (sold, fallen):
            self._receive_at("2025-04-01 08:00:00", product, 10, 100)
        self._issue_at("2025-04-02 08:00:00", sold, 1)
        with freeze_time("2025-04-03 08:00:00"):
            fallen.standard_price = 1
        rows = self.ledger.with_user(self.controller).turnover(
            "2025-04-01",
            "2025-04-30",
            domain=[("product_id", "in", [sold.id, fallen.id])],
        )
        found = {row["product_id"]: row for row in rows}
        self.assertLess(found[fallen.id]["adjust_value"], 0)
        self.assertEqual(found[fallen.id]["abc"], "C")
        self.assertEqual(found[fallen.id]["turnover_value_rate"], 0)
        self.assertEqual(found[sold.id]["abc"], "A")

    def test_ages(self):
        """First in, first out: five of the old ten are still there."""
        rows = self.ledger.with_user(self.controller).ages(
            "2025-06-15", "warehouse", [("product_id", "=", self.rice.id)]
        )
        self.assertEqual(len(rows), 1)
        row = rows[0]
        self.assertEqual(row["age_1_qty"], 10)
        self.assertEqual(row["age_4_qty"], 5)
        self.assertEqual(row["closing_qty"], 15)
        self.assertEqual(str(row["last_out"]), "2025-06-01")
        self.assertEqual(row["idle_days"], 14)
        self.assertAlmostEqual(row["average_age"], (10 * 26 + 5 * 97) / 15)
        before = self.ledger.with_user(self.controller).ages(
            "2025-04-01", domain=[("product_id", "=", self.rice.id)]
        )
        self.assertEqual([(r["age_1_qty"], r["idle_days"]) for r in before], [(10, 22)])

    def test_screen(self):
        report = self._report()
        action = report.action_show()
        lines = self.env["jxc.stock.ledger.report.line"].with_user(self.controller)
        line = lines.search(action["domain"])
        self.assertRecordValues(
            line,
            [
                {
                    "product_id": self.rice.id,
                    "warehouse_id": self.warehouse.id,
                    "opening_qty": 20,
                    "out_qty": 5,
                    "closing_qty": 15,
                    "closing_text": "1箱3瓶",
                    "closing_value": 180,
                }
            ],
        )
        entries = self.ledger.with_user(self.controller).search(
            line.action_view_entries()["domain"]
        )
        self.assertEqual(entries.mapped("quantity"), [-5])
        report.action_show()
        self.assertEqual(lines.search_count(action["domain"]), 1)

    def test_all_kinds_print(self):
        for kind in ("summary", "turnover", "age"):
            report = self._report(kind)
            self.assertEqual(report.action_print()["type"], "ir.actions.report")
            html = self.env["ir.actions.report"]._render_qweb_html(
                "jxc_stock.report_stock_ledger", report.ids
            )[0]
            self.assertIn(b"=Rice", html)

    def test_workbook(self):
        report = self._report()
        report.action_xlsx()
        action = self.env.ref("jxc_stock.stock_ledger_report_xlsx")
        content, kind = (
            self.env["ir.actions.report"]
            .with_user(self.controller)
            ._render(action.report_name, report.ids)
        )
        self.assertEqual(kind, "xlsx")
        sheet = load_workbook(io.BytesIO(content)).active
        heads = [cell.value for cell in sheet[3]]
        row = dict(zip(heads, sheet[4], strict=True))
        self.assertEqual(row["Product"].value, "=Rice")
        self.assertNotEqual(row["Product"].data_type, "f")
        self.assertEqual(row["Closing"].value, 15)
        self.assertEqual(row["Closing Value"].data_type, "n")
        totals = dict(zip(heads, sheet[5], strict=True))
        self.assertEqual(totals["Closing Value"].value, 180)

    def test_costs_stay_hidden(self):
        report = self._report(user=self.keeper)
        report.action_show()
        self.assertNotIn("closing_value", report._get_columns())
        self.assertFalse(report.sudo().line_ids.closing_value)
        with self.assertRaises(AccessError):
            report.line_ids.read(["closing_value"])

    def test_reports_are_ones_own(self):
        report = self._report()
        report.action_show()
        with self.assertRaises(AccessError):
            report.with_user(self.keeper).read(["kind"])
        with self.assertRaises(AccessError):
            report.line_ids.with_user(self.keeper).read(["closing_qty"])
        with self.assertRaises(AccessError):
            self._report(user=self.outsider)
        with self.assertRaises(AccessError):
            report.line_ids.write({"closing_qty": 1})

    def test_companies(self):
        """Rows of a company are gone for who no longer works there."""
        report = self._report()
        report.action_show()
        other = self.env["res.company"].create({"name": "Other"})
        self.controller.company_ids |= other
        lines = self.env["jxc.stock.ledger.report.line"].with_user(self.controller)
        here, there = ([company.id] for company in (self.env.company, other))
        domain = [("report_id", "=", report.id)]
        for ids, count in ((here, 1), (there, 0)):
            found = lines.with_context(allowed_company_ids=ids).search_count(domain)
            self.assertEqual(found, count)

    def test_menus(self):
        menus = self.env["ir.ui.menu"]
        names = ("report_summary", "report_turnover", "report_age")
        ids = [
            self.env.ref(f"jxc_stock.jxc_stock_ledger_{name}_menu").id for name in names
        ] + [self.env.ref("jxc_stock.jxc_stock_ledger_menu").id]
        for user, seen in ((self.keeper, True), (self.outsider, False)):
            visible = menus.with_user(user)._visible_menu_ids()
            self.assertEqual([id_ in visible for id_ in ids], [seen] * len(ids))

# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from datetime import date
from io import BytesIO

from freezegun import freeze_time
from lxml import etree
from openpyxl import load_workbook

from odoo.tests import tagged

from .change_common import BudgetChangeCommon


@tagged("post_install", "-at_install")
@freeze_time("2026-06-15 04:00:00")
class TestBudgetReport(BudgetChangeCommon):
    """Budget against use: workbook, cube, chart, and the way down to documents."""

    def test_workbook(self):
        self._create_order((self.bread, 1, 60.0)).button_confirm()
        report = self.env["report.jxc_purchase.budget_xlsx"]
        content, kind = report.create_xlsx_report(self.budget.ids, {})
        self.assertEqual(kind, "xlsx")
        book = load_workbook(BytesIO(content))
        lines, entries = (
            [[cell.value for cell in row] for row in sheet.rows]
            for sheet in book.worksheets
        )
        food = next(row for row in lines if "Food" in map(str, row))
        self.assertEqual(food[-7:], [1000, 0, 0, 60, 0, 940, 0.06])
        self.assertIn(self.budget.name, lines[0][0])
        bread = next(row for row in entries if row[-1] == 60)
        self.assertIn(self.vendor.name, map(str, bread))

    def test_by_vendor_account_and_product(self):
        """What is used, as the pivot table asks for it."""
        shop = self._create_budget(
            {"analytic_account_id": self.shop.id, "amount_planned": 500.0}
        )
        share = {"analytic_distribution": {str(self.shop.id): 100.0}}
        mine = self._create_order((self.bread, 1, 60.0), (self.juice, 1, 30.0, share))
        mine.button_confirm()
        theirs = self._create_order(
            (self.bread, 1, 5.0, share), partner_id=self.other_vendor.id
        )
        theirs.button_confirm()
        used = [
            ("budget_id", "in", (self.budget | shop).ids),
            ("kind", "=", "committed"),
        ]
        report = self.env["jxc.budget.report"]
        for name, wanted in (
            ("partner_id", {self.vendor: 90.0, self.other_vendor: 5.0}),
            ("product_id", {self.bread: 65.0, self.juice: 30.0}),
        ):
            with self.subTest(name):
                groups = report._read_group(used, [name], ["amount:sum"])
                self.assertEqual(dict(groups), wanted)
        groups = report._read_group(used, ["analytic_account_id"], ["amount:sum"])
        self.assertEqual(dict(groups)[self.shop], 35.0)

    def test_analysis(self):
        self._decide(self._change("addition", 50.0, target=self.food_line))
        self._create_order((self.bread, 1, 60.0)).button_confirm()
        self._create_request((self.juice, 1, 40.0)).action_submit()
        rows = self.env["jxc.budget.report"]._read_group(
            [("line_id", "=", self.food_line.id)],
            [],
            [
                "amount_planned:sum",
                "amount_adjusted:sum",
                "amount_reserved:sum",
                "amount_committed:sum",
                "amount_available:sum",
            ],
        )
        self.assertEqual(rows, [(1000.0, 50.0, 40.0, 60.0, 950.0)])
        entry = self.env["jxc.budget.report"].search(
            [("line_id", "=", self.food_line.id), ("kind", "=", "committed")]
        )
        action = entry.action_open_document()
        self.assertEqual(action["res_model"], "purchase.order")

    def test_chart_has_plan_and_use_side_by_side(self):
        """As the chart asks: by period and kind, in the order in which money goes."""
        quarters = self._create_budget(
            *(
                {
                    "partner_id": self.other_vendor.id,
                    "date_from": date(2026, month, 1),
                    "date_to": date(2026, month + 2, 28),
                    "amount_planned": 100.0,
                }
                for month in (1, 4)
            )
        )
        second = quarters.line_ids.sorted("date_from")[1]
        self._decide(self._change("addition", 50.0, target=second))
        theirs = {"partner_id": self.other_vendor.id}
        order = self._create_order((self.bread, 2, 30.0), **theirs)
        order.button_confirm()
        self._create_bill(order, {order.order_line: 1}).action_post()
        self._create_request(
            (self.bread, 1, 40.0, {"vendor_id": self.other_vendor.id})
        ).action_submit()
        report = self.env["jxc.budget.report"]
        arch = etree.fromstring(report.get_view(view_type="graph")["arch"])
        period, kind, measure = arch.iter("field")
        self.assertEqual(arch.get("stacked"), "0")
        groups = report.formatted_read_group(
            [("budget_id", "=", quarters.id)],
            [f"{period.get('name')}:{period.get('interval')}", kind.get("name")],
            [f"{measure.get('name')}:sum"],
        )
        found = [
            (group["period_start:month"][0], group["kind"], group["amount:sum"])
            for group in groups
        ]
        self.assertEqual(
            found,
            [
                ("2026-01-01", "planned", 100.0),
                ("2026-04-01", "planned", 100.0),
                ("2026-04-01", "adjusted", 50.0),
                ("2026-04-01", "reserved", 40.0),
                ("2026-04-01", "committed", 30.0),
                ("2026-04-01", "actual", 30.0),
            ],
        )
        committed = report.search(groups[4]["__extra_domain"])
        actions = [row.action_open_document() for row in committed]
        self.assertEqual({action["res_id"] for action in actions}, {order.id})
        by_category = report.formatted_read_group(
            [("budget_id", "=", self.budget.id)],
            ["budget_category_id", "kind"],
            ["amount:sum"],
        )
        self.assertEqual([row["amount:sum"] for row in by_category], [1000.0, 100.0])

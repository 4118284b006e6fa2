# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from collections import defaultdict
from datetime import date, datetime
from io import BytesIO

from freezegun import freeze_time
from lxml import etree
from openpyxl import load_workbook

from odoo.tests import tagged

from ..reports.jxc_budget_xlsx import AMOUNTS
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
        lines, analysis, entries = (
            [[cell.value for cell in row] for row in sheet.rows]
            for sheet in book.worksheets
        )
        food = next(row for row in lines if "Food" in map(str, row))
        self.assertEqual(food[-7:], [1000, 0, 0, 60, 0, 940, 0.06])
        self.assertIn(self.budget.name, lines[0][0])
        by_category = {row[1]: row[3:] for row in analysis[4:] if "Category" in row[0]}
        self.assertEqual(
            by_category,
            {"Food": [1000, 0, 0, 60, 0, 940], "Office": [100, 0, 0, 0, 0, 100]},
        )
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

    def _three_dimensions(self):
        """Two quarters with a line for a vendor, an account, a category and the rest.

        ``{line: (planned, adjusted, reserved, committed, actual)}``, by hand.
        """
        spans = (
            (date(2026, 1, 1), date(2026, 3, 31)),
            (date(2026, 4, 1), date(2026, 6, 30)),
        )
        kinds = (
            {"partner_id": self.other_vendor.id, "amount_planned": 100.0},
            {"analytic_account_id": self.shop.id, "amount_planned": 200.0},
            {"category_id": self.drinks.id, "amount_planned": 300.0},
            {"amount_planned": 400.0},
        )
        self.budget.action_draft()
        budget = self._create_budget(
            *(
                {**kind, "date_from": start, "date_to": end}
                for kind in kinds
                for start, end in spans
            )
        )
        lines = budget.line_ids.sorted("id")
        # The second quarter gets 50 more for the vendor.
        self._decide(self._change("addition", 50.0, target=lines[1]))
        march, june = datetime(2026, 3, 10), datetime(2026, 6, 10)
        theirs = {"partner_id": self.other_vendor.id}
        share = {"analytic_distribution": {str(self.shop.id): 100.0}}
        # 2 × 30 in June from the vendor, half of it billed.
        order = self._create_order((self.bread, 2, 30.0), date_order=june, **theirs)
        order.button_confirm()
        self._create_bill(order, {order.order_line: 1}).action_post()
        # 80 in March for the shop, and 25 in June.
        self._create_order(
            (self.bread, 1, 80.0, share), date_order=march
        ).button_confirm()
        self._create_order(
            (self.bread, 1, 25.0, share), date_order=june
        ).button_confirm()
        # 45 in June for juice, and 15 in March for paper.
        self._create_order((self.juice, 1, 45.0), date_order=june).button_confirm()
        self._create_order((self.paper, 1, 15.0), date_order=march).button_confirm()
        # 40 of the vendor are asked for in June.
        self._create_request(
            (self.bread, 1, 40.0, {"vendor_id": self.other_vendor.id})
        ).action_submit()
        return budget, dict(
            zip(
                lines,
                (
                    (100, 0, 0, 0, 0),
                    (100, 50, 40, 30, 30),
                    (200, 0, 0, 80, 0),
                    (200, 0, 0, 25, 0),
                    (300, 0, 0, 0, 0),
                    (300, 0, 0, 45, 0),
                    (400, 0, 0, 15, 0),
                    (400, 0, 0, 0, 0),
                ),
                strict=True,
            )
        )

    def _by_hand(self, figures, dimension):
        """Sum what was worked out by hand: ``{(value, period): amounts}``."""
        sums = defaultdict(lambda: (0,) * 6)
        for line, amounts in figures.items():
            planned, adjusted, *used = amounts
            row = (*amounts, planned + adjusted - sum(used))
            key = line[dimension], line.date_from
            sums[key] = tuple(map(sum, zip(sums[key], row, strict=True)))
        return dict(sums)

    def test_plan_against_use_by_each_dimension(self):
        budget, figures = self._three_dimensions()
        report = self.env["jxc.budget.report"]
        measures = [f"{name}:sum" for name in AMOUNTS]
        for name in ("analytic_account_id", "category_id", "partner_id"):
            with self.subTest(name):
                groups = report._read_group(
                    [("budget_id", "=", budget.id)],
                    [f"budget_{name}", "period_start:day"],
                    measures,
                )
                found = {
                    (value, period): tuple(amounts)
                    for value, period, *amounts in groups
                }
                self.assertEqual(found, self._by_hand(figures, name))
        vendor = self._by_hand(figures, "partner_id")
        second = vendor[self.other_vendor, date(2026, 4, 1)]
        self.assertEqual(second, (100, 50, 40, 30, 30, 50))

    def test_drill_down_by_each_dimension(self):
        """Each group leads to its plan and to the documents that use it."""
        budget, _figures = self._three_dimensions()
        report = self.env["jxc.budget.report"]
        mine = [("budget_id", "=", budget.id)]
        for name, value, kinds in (
            ("budget_partner_id", self.other_vendor, {"actual": 30, "reserved": 40}),
            ("budget_analytic_account_id", self.shop, {"committed": 105}),
            ("budget_category_id", self.drinks, {"committed": 45}),
        ):
            groups = report.formatted_read_group(
                [*mine, (name, "=", value.id)], [name, "kind"], ["amount:sum"]
            )
            by_kind = {group["kind"]: group for group in groups}
            for kind, amount in kinds.items():
                with self.subTest(name, kind=kind):
                    self.assertEqual(by_kind[kind]["amount:sum"], amount)
                    rows = report.search(
                        [*mine, (name, "=", value.id), ("kind", "=", kind)]
                    )
                    self.assertEqual(sum(rows.mapped("amount")), amount)
                    models = {row.action_open_document()["res_model"] for row in rows}
                    self.assertLessEqual(
                        models,
                        {"purchase.order", "account.move", "jxc.purchase.request"},
                    )
            plan = report.search(
                [*mine, (name, "=", value.id), ("kind", "=", "planned")]
            )
            self.assertEqual(
                {row.action_open_document()["res_id"] for row in plan}, {budget.id}
            )

    def test_workbook_by_each_dimension(self):
        budget, figures = self._three_dimensions()
        report = self.env["report.jxc_purchase.budget_xlsx"]
        content, _kind = report.create_xlsx_report(budget.ids, {})
        sheet = load_workbook(BytesIO(content)).worksheets[1]
        rows = [[cell.value for cell in row] for row in sheet.rows][4:]
        label = {
            name: self.env["jxc.budget.report"]._fields[name].string
            for name in ("budget_analytic_account_id", "budget_partner_id")
        }
        for name, field in (
            ("analytic_account_id", "budget_analytic_account_id"),
            ("partner_id", "budget_partner_id"),
        ):
            wanted = {
                (value.display_name or "Any", period): list(amounts)
                for (value, period), amounts in self._by_hand(figures, name).items()
            }
            found = {
                (row[1], row[2].date()): row[3:]
                for row in rows
                if row[0] == label[field]
            }
            self.assertEqual(found, wanted)

    def test_views_offer_the_dimensions(self):
        arch = self.env["jxc.budget.report"].get_view(view_type="search")["arch"]
        for name in ("budget_partner_id", "budget_category_id"):
            self.assertIn(f"'group_by': '{name}'", arch)

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

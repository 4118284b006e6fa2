# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
import io

import openpyxl

from odoo.exceptions import AccessError
from odoo.tests import tagged

from .analysis_common import AnalysisCommon


@tagged("post_install", "-at_install")
class TestSaleRanking(AnalysisCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.lamps = cls.product
        cls.desks = cls._create_lamp(name="Desk", standard_price=99)
        cls.chairs = cls._create_lamp(name="Chair", standard_price=1)
        cls._sold_on("2026-03-10", 5, product=cls.desks)
        cls._sold_on("2026-03-10", 4, product=cls.lamps)
        cls._sold_on("2026-03-31", 3, product=cls.chairs)
        cls._sold_on("2026-04-01", 50, product=cls.chairs)
        cls._sold_on("2025-03-10", 2, product=cls.lamps)

    def _rank(self, user=None, **values):
        ranking = (
            self.env["jxc.sale.ranking"]
            .with_user(user or self.env.user)
            .create({"date_from": "2026-03-01", "date_to": "2026-03-31", **values})
        )
        ranking.action_show()
        return ranking

    def test_top_and_flop(self):
        self.assertEqual(
            self._rank(number=2).line_ids.product_id.ids, (self.desks + self.lamps).ids
        )
        flop = self._rank(number=2, direction="flop")
        self.assertEqual(flop.line_ids.product_id.ids, (self.chairs + self.lamps).ids)
        margins = self._rank(measure="margin").line_ids
        self.assertEqual(
            margins.product_id.ids, (self.chairs + self.lamps + self.desks).ids
        )
        self.assertEqual(margins.mapped("margin"), [297, 160, 5])

    def test_figures_beside(self):
        lamps = self._rank().line_ids.filtered(lambda one: one.product_id == self.lamps)
        self.assertRecordValues(
            lamps,
            [
                {
                    "rank": 2,
                    "revenue": 400,
                    "revenue_last_year": 200,
                    "growth": 100,
                    "qty": 4,
                }
            ],
        )
        self.assertAlmostEqual(lamps.share, 100 * 4 / 12, places=2)
        content, _kind = self.env["ir.actions.report"]._render_xlsx(
            "jxc_sales.sale_ranking_xlsx", lamps.ranking_id.ids, {}
        )
        rows = list(
            openpyxl.load_workbook(io.BytesIO(content)).active.iter_rows(
                min_row=3, values_only=True
            )
        )
        growth = {row[1]: row[5] for row in rows}
        self.assertEqual(rows[0][5], "Growth (%)")
        self.assertEqual(growth[self.lamps.display_name], 100)
        self.assertIsNone(growth[self.desks.display_name], "nothing to grow from")
        rows = self.env["jxc.sale.analysis"].search(lamps.action_open_sales()["domain"])
        self.assertEqual(sum(rows.mapped("revenue")), 400)

    def test_customers(self):
        found = self._rank(subject="partner_id").line_ids
        self.assertEqual(found.partner_id, self.customer)
        self.assertEqual(found.revenue, 1200)

    def test_every_subject_from_both_ends(self):
        """Best first or worst first, with what was sold behind each place."""
        rival = self.customer.copy({"name": "Rival"})
        tables = self.env["product.category"].create({"name": "Tables"})
        table = self._create_lamp(name="Table", categ_id=tables.id)
        self._sold_on(
            "2026-03-15",
            20,
            product=table,
            partner_id=rival.id,
            user_id=self.salesman.id,
        )
        goods = tables.create({"name": "Goods"})
        (self.lamps + self.desks + self.chairs).categ_id = goods
        seller = self.env.user
        orders = self.env["sale.order"].search([("partner_id", "=", self.customer.id)])
        orders.user_id = seller
        for subject, best, second, amounts in (
            ("product_id", table, self.desks, [2000, 500]),
            ("partner_id", rival, self.customer, [2000, 1200]),
            ("categ_id", tables, goods, [2000, 1200]),
            ("user_id", self.salesman, seller, [2000, 1200]),
        ):
            with self.subTest(subject):
                top = self._rank(subject=subject, number=2).line_ids
                self.assertEqual(top.mapped("revenue"), amounts)
                self.assertEqual(top.mapped(subject).ids, [best.id, second.id])
                for line in top:
                    domain = line.action_open_sales()["domain"]
                    rows = self.env["jxc.sale.analysis"].search(domain)
                    self.assertEqual(sum(rows.mapped("revenue")), line.revenue)
                flop = self._rank(subject=subject, number=1, direction="flop").line_ids
                expected = self.chairs if subject == "product_id" else second
                self.assertEqual((flop.rank, flop[subject]), (1, expected))

    def test_sales_without_product(self):
        """A line of an invoice in words has its place, with a name."""
        self._due(450, 0, invoice_date="2026-03-20", date="2026-03-20")
        ranking = self._rank()
        second = ranking.line_ids.filtered(lambda one: one.rank == 2)
        self.assertEqual((second.revenue, second.name), (450, "(no product)"))
        self.assertFalse(second.product_id)
        self.assertEqual(ranking.line_ids[0].name, self.desks.display_name)
        rows = self.env["jxc.sale.analysis"].search(
            second.action_open_sales()["domain"]
        )
        self.assertEqual(sum(rows.mapped("revenue")), 450)
        content, _kind = self.env["ir.actions.report"]._render_xlsx(
            "jxc_sales.sale_ranking_xlsx", ranking.ids, {}
        )
        sheet = openpyxl.load_workbook(io.BytesIO(content)).active
        self.assertEqual(sheet.title, "Ranking")
        self.assertIn("(no product)", [cell.value for cell in sheet["B"]])

    def test_no_margin_without_the_right(self):
        with self.assertRaises(AccessError):
            self._rank(user=self.salesman, measure="margin")
        ranking = self._rank(user=self.salesman)
        with self.assertRaises(AccessError):
            ranking.line_ids.mapped("margin")
        ranking.measure = "margin"
        with self.assertRaises(AccessError):
            ranking.action_xlsx()

    def test_workbook_has_the_columns_one_may_see(self):
        def columns(user):
            ranking = self._rank(user=user)
            content, _kind = (
                self.env["ir.actions.report"]
                .with_user(user)
                ._render_xlsx("jxc_sales.sale_ranking_xlsx", ranking.ids, {})
            )
            sheet = openpyxl.load_workbook(io.BytesIO(content)).worksheets[0]
            rows = list(sheet.iter_rows(values_only=True))
            self.assertEqual(rows[3][2], 500)
            return rows[2]

        self.assertNotIn("Margin", columns(self.salesman))
        self.assertIn("Margin", columns(self.env.user))

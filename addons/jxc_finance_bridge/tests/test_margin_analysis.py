# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo.exceptions import AccessError
from odoo.tests import tagged

from .booking_common import BookingCommon


@tagged("post_install", "-at_install")
class TestMarginAnalysis(BookingCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        groups = "account.group_account_readonly,jxc_base.group_see_costs"
        cls.reader = cls._user("margin_reader", groups)
        cls.analysis = cls.env["jxc.margin.analysis"].with_user(cls.reader)

    def _sums(self, *groupby, domain=()):
        self.env.flush_all()
        return self.analysis._read_group(
            [("company_id", "=", self.company.id), *domain],
            groupby,
            [
                "quantity:sum",
                "revenue:sum",
                "cost:sum",
                "margin:sum",
                "margin_rate:avg",
            ],
        )

    def test_ties_to_the_ledger(self):
        """Sales over two months, with a refund and a booking by hand: by product,
        order and customer, and in sum what the trial balance has."""
        self.goods.categ_id = self.env["product.category"].create({"name": "Tea"})
        self._move("2026-01-05", self._buy("2026-01-05", 10, 6), 10)
        line = self._sell("2026-01-10", 4, 10)
        self._move("2026-01-10", line, 4)
        self._invoice("2026-01-31", line, 4, 10)
        second = self._sell("2026-02-02", 2, 12)
        self._move("2026-02-02", second, 2)
        self._invoice("2026-02-03", second, 2, 12)
        self._back("2026-02-10", second, 1)
        self._invoice("2026-02-11", second, 1, 12, refund=True)
        self._entry("2026-02-15", ("540100", 5, 0), ("100200", 0, 5))
        products = {row[0]: row[1:] for row in self._sums("product_id")}
        self.assertEqual(products[self.goods][:4], (5, 52, 30, 22))
        self.assertAlmostEqual(products[self.goods][4], 22 / 52 * 100)
        none = self.env["product.product"]
        self.assertEqual(products[none], (0, 0, 5, -5, 0))
        orders = {row[0]: row[1:] for row in self._sums("order_id")}
        self.assertEqual(orders[line.order_id], (4, 40, 24, 16, 40))
        self.assertEqual(orders[second.order_id], (1, 12, 6, 6, 50))
        customers = {row[0]: row[4] for row in self._sums("partner_id")}
        self.assertEqual(customers[self.customer.commercial_partner_id], 22)
        categories = {row[0]: row[1:] for row in self._sums("categ_id")}
        self.assertEqual(categories[self.goods.categ_id][:4], (5, 52, 30, 22))
        january = self._sums(domain=[("date", "<=", "2026-01-31")])
        self.assertEqual(january[0][1:3], (40, 24))
        rows = (
            self.env["jxc.trial.balance"]
            .with_user(self.reader)
            .get_balances("2026-01-01", "2026-02-28", self.company.id)["rows"]
        )
        ledger = {
            row["code"]: row["closing_debit"] - row["closing_credit"] for row in rows
        }
        accounts = {
            row[0].with_company(self.company).code: row[3] - row[2]
            for row in self._sums("account_id")
        }
        self.assertEqual(accounts, {"500100": -52, "540100": 35})
        for code, balance in accounts.items():
            self.assertEqual(balance, ledger[code], code)

    def test_price_differences_go_to_the_orders(self):
        """What a month-end moves to cost is spread by quantity over the deliveries of
        the month, to the cent; every dimension has the same sum."""
        bought = self._buy("2026-01-05", 9, 10)
        self._move("2026-01-05", bought, 9)
        sold = {}
        for day, quantity, customer in (
            ("2026-01-10", 3, self.customer),
            ("2026-01-11", 2, self.vendor),
            ("2026-01-12", 2, self.customer),
        ):
            line = self._sell(day, quantity, 20)
            line.order_id.partner_id = customer
            self._move(day, line, quantity)
            self._invoice(day, line, quantity, 20)
            sold[line.order_id] = quantity
        back = next(reversed(sold))
        self._back("2026-01-20", back.order_line, 1)
        self._invoice("2026-01-20", back.order_line, 1, 20, refund=True)
        sold[back] -= 1
        self._invoice("2026-01-25", bought, 9, 11)
        self._take("2026-01-31")
        ledger = self._balance(self.cost)
        orders = {row[0]: row[3] for row in self._sums("order_id")}
        self.assertEqual(orders.keys(), sold.keys(), "nothing without an order")
        spread = ledger - 10 * sum(sold.values())
        self.assertGreater(spread, 0)
        for order, quantity in sold.items():
            wanted = 10 * quantity + spread * quantity / sum(sold.values())
            self.assertAlmostEqual(orders[order], wanted, delta=0.01)
        for name in ("product_id", "order_id", "partner_id", "account_id"):
            sums = self._sums(name)
            self.assertAlmostEqual(sum(row[3] for row in sums), ledger, 6, name)
            self.assertEqual(sum(row[1] for row in sums), sum(sold.values()), name)
        partners = {row[0] for row in self._sums("partner_id")}
        self.assertEqual(partners, {self.customer, self.vendor})
        rows = self.analysis.search([("company_id", "=", self.company.id)])
        self.assertEqual(len(rows), len(set(rows.ids)))

    def test_differences_after_the_deliveries(self):
        """A bill of the month after: the orders of the last month with deliveries."""
        bought = self._buy("2026-01-05", 4, 10)
        self._move("2026-01-05", bought, 4)
        line = self._sell("2026-01-10", 4, 20)
        self._move("2026-01-10", line, 4)
        self._invoice("2026-01-10", line, 4, 20)
        self._take("2026-01-31")
        self._invoice("2026-02-25", bought, 4, 11)
        self._take("2026-02-28")
        self.assertEqual(self._balance(self.cost), 44)
        [row] = self._sums("order_id")
        self.assertEqual((row[0], row[3]), (line.order_id, 44))

    def test_only_what_the_statement_counts(self):
        """Production, investments and other results are neither revenue nor cost."""
        bank = "100200"
        self._entry("2026-02-01", (bank, 100, 0), ("500100", 0, 100))
        self._entry("2026-02-01", (bank, 20, 0), ("505100", 0, 20))
        self._entry("2026-02-01", (bank, 7, 0), ("511100", 0, 7))
        self._entry("2026-02-01", (bank, 3, 0), ("530100", 0, 3))
        self._entry("2026-02-01", ("540100", 60, 0), (bank, 0, 60))
        self._entry("2026-02-01", ("540200", 5, 0), (bank, 0, 5))
        self._entry("2026-02-01", ("540300", 2, 0), (bank, 0, 2))
        self._entry("2026-02-01", ("400100", 40, 0), (bank, 0, 40))
        accounts = {
            account.with_company(self.company).code: (revenue, cost)
            for account, _qty, revenue, cost, *_ in self._sums("account_id")
        }
        expected = {
            "500100": (100, 0),
            "505100": (20, 0),
            "540100": (0, 60),
            "540200": (0, 5),
        }
        self.assertEqual(accounts, expected)
        self._assert_statement("2026-02", {"p1": 120, "p2": 65})

    def test_enterprises_and_other_charts(self):
        """ASBE goes by its headings, charts of other countries by the types."""
        company = self.env["res.company"].create(
            {"name": "ASBE", "country_id": self.env.ref("base.cn").id}
        )
        self.env["jxc.finance.setup"].sudo().load_chart(company, "cn_large_bis")
        other = self.setup_other_company(name="Elsewhere")["company"]
        self.env["account.chart.template"].try_loading("generic_coa", other)
        self.env.user.company_ids += company
        for code in ("600100", "605100", "611100", "630100", "606100"):
            self._entry("2026-02-01", ("100200", 1, 0), (code, 0, 1), company=company)
        for code in ("640100", "640200", "640300", "500100"):
            self._entry("2026-02-01", (code, 1, 0), ("100200", 0, 1), company=company)
        self.env.flush_all()
        # sudo: who sees the costs of these companies is not the point here
        analysis = self.env["jxc.margin.analysis"].sudo()
        rows = analysis.search([("company_id", "=", company.id)])
        codes = rows.account_id.with_company(company).mapped("code")
        self.assertEqual(sorted(codes), ["600100", "605100", "640100", "640200"])
        self.assertEqual(
            (sum(rows.mapped("revenue")), sum(rows.mapped("cost"))), (2, 2)
        )
        self.env.user.company_ids += other
        codes = {
            kind: self.env["account.account"]
            .with_company(other)
            .search([("account_type", "=", kind), ("company_ids", "in", other.ids)])[:1]
            .with_company(other)
            .code
            for kind in ("income", "expense_direct_cost", "expense")
        }
        self._entry(
            "2026-02-01",
            (codes["income"], 0, 9),
            (codes["expense_direct_cost"], 5, 0),
            (codes["expense"], 4, 0),
            company=other,
        )
        self.env.flush_all()
        rows = analysis.search([("company_id", "=", other.id)])
        self.assertEqual(
            (sum(rows.mapped("revenue")), sum(rows.mapped("cost"))), (9, 5)
        )

    def _assert_statement(self, month, expected):
        """The income statement of a month says the same."""
        lines = self.env["jxc.finance.statement"].get_lines(
            "profit", f"{month}-01", f"{month}-28", self.company.id
        )["lines"]
        found = {
            line["code"]: line["period"] for line in lines if line["code"] in expected
        }
        self.assertEqual(found, expected)

    def test_who_may(self):
        """Who writes invoices only does not; who keeps the books reads it there."""
        blind = self._user("margin_blind", "account.group_account_invoice")
        with self.assertRaises(AccessError):
            self.env["jxc.margin.analysis"].with_user(blind).search([])
        self._entry("2026-02-15", ("540100", 5, 0), ("100200", 0, 5))
        keeper = self._user("margin_keeper", "account.group_account_user")
        for user in (keeper, self._user("margin_see", "jxc_base.group_see_costs")):
            found = self.env["jxc.margin.analysis"].with_user(user)
            self.assertTrue(found.search([("company_id", "=", self.company.id)]))
        [row] = self.analysis.search([("company_id", "=", self.company.id)])
        self.assertEqual(row.action_open_entry()["res_id"], row.move_id.id)
        other = self.setup_other_company(name="Elsewhere")["company"]
        stranger = self._user("margin_far", "jxc_base.group_see_costs", other)
        with self.assertRaises(AccessError):
            row.with_user(stranger).read(["cost"])

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

    def test_who_may(self):
        blind = self._user("margin_blind", "account.group_account_user")
        with self.assertRaises(AccessError):
            self.env["jxc.margin.analysis"].with_user(blind).search([])
        self._entry("2026-02-15", ("540100", 5, 0), ("100200", 0, 5))
        [row] = self.analysis.search([("company_id", "=", self.company.id)])
        self.assertEqual(row.action_open_entry()["res_id"], row.move_id.id)
        other = self.setup_other_company(name="Elsewhere")["company"]
        stranger = self._user("margin_far", "jxc_base.group_see_costs", other)
        with self.assertRaises(AccessError):
            row.with_user(stranger).read(["cost"])

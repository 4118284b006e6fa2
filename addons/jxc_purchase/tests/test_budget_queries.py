# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from lxml import etree

from odoo.tests import tagged

from .common import PurchaseBudgetCommon


@tagged("post_install", "-at_install")
class TestBudgetQueries(PurchaseBudgetCommon):
    """What the budget adds to a document does not depend on its number of lines."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.budget = cls._create_budget(
            {"category_id": cls.food.id, "amount_planned": 1e9},
            {"category_id": cls.office.id, "amount_planned": 1e9},
        )

    def _orders(self, count):
        products = (self.bread, self.juice, self.paper)
        lines = [(products[index % 3], 1, 10.0) for index in range(count)]
        return self._create_order(*lines)

    def _queries(self, call):
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.cr.sql_log_count
        call()
        self.env.flush_all()
        return self.cr.sql_log_count - before

    def _queries_of_sync(self, order):
        engine = self.env["jxc.budget.engine"]
        lines = order.order_line
        return self._queries(lambda: engine._sync(lines, confirming=True, rematch=True))

    def test_constant_per_order(self):
        self._queries_of_sync(self._orders(3))
        few = self._queries_of_sync(self._orders(3))
        many = self._queries_of_sync(self._orders(60))
        self.assertEqual(few, many)

    def test_constant_per_batch(self):
        def sync(orders):
            return self._queries_of_sync(orders)

        self._queries_of_sync(self._orders(3))
        one = sync(self._orders(3))
        several = sync(self._orders(3) | self._orders(3) | self._orders(3))
        self.assertEqual(one, several)

    def test_constant_per_bill(self):
        engine = self.env["jxc.budget.engine"]

        def bill_lines(count):
            order = self._orders(count)
            order.button_confirm()
            bill = self._create_bill(order)
            bill.action_post()
            return bill.invoice_line_ids

        def sync(lines):
            return self._queries(lambda: engine._sync(None, lines))

        sync(bill_lines(3))
        self.assertEqual(sync(bill_lines(3)), sync(bill_lines(60)))

    def test_constant_per_request(self):
        engine = self.env["jxc.budget.engine"]

        def sync(count):
            products = (self.bread, self.juice, self.paper)
            request = self._create_request(
                *((products[index % 3], 1, 10.0) for index in range(count)),
                date_required=self.budget.date_from,
            )
            request.sudo().write({"decision": "submitted"})
            request.line_ids.sudo().write({"budget_date": self.budget.date_from})
            lines = request.line_ids
            return self._queries(lambda: engine._sync(request_lines=lines))

        sync(3)
        self.assertEqual(sync(3), sync(60))

    def test_constant_per_order_of_requests(self):
        engine = self.env["jxc.budget.engine"]

        def sync(count):
            products = (self.bread, self.juice, self.paper)
            request = self._approve(
                self._create_request(
                    *((products[index % 3], 1 + index, 10.0) for index in range(count))
                )
            )
            lines = self._order_request(request).order_line
            return self._queries(
                lambda: engine._sync(lines, confirming=True, rematch=True)
            )

        self._second_manager()
        sync(3)
        self.assertEqual(sync(6), sync(40))

    def test_long_ledgers_cost_no_more(self):
        order = self._orders(3)
        self._queries_of_sync(order)
        before = self._queries_of_sync(self._orders(3))
        entries = self.env["jxc.budget.entry"]
        self.env["jxc.budget.balance"]._fold(entries.search([], limit=1).id, 1)
        self.assertEqual(before, self._queries_of_sync(self._orders(3)))

    def test_without_budgets_next_to_nothing(self):
        order = self._create_order(
            (self.bread, 1, 10.0), date_order="2030-01-01 12:00:00"
        )
        lines = order.order_line.sudo()
        lines.mapped("order_id.company_id.currency_id.rounding")
        engine = self.env["jxc.budget.engine"]
        self.env.flush_all()
        engine._sync(lines, confirming=True)
        before = self.cr.sql_log_count
        engine._sync(lines, confirming=True)
        self.assertLessEqual(self.cr.sql_log_count - before, 2)

    def _vendors_with_budgets(self, count):
        """Each vendor has a line of his own: rows of a list have different budgets."""
        vendors = self.env["res.partner"].create(
            [{"name": f"Vendor {number}"} for number in range(count)]
        )
        self._create_budget(
            *({"partner_id": vendor.id, "amount_planned": 1e6} for vendor in vendors)
        )
        return vendors

    def _specification(self, model, view):
        """What the web client asks for a list, columns that are hidden at first too."""
        arch = etree.fromstring(
            self.env[model].get_view(self.env.ref(view).id, "list")["arch"]
        )
        names = {node.get("name") for node in arch.iter("field")}
        return {
            name: {"fields": {"display_name": {}}}
            if self.env[model]._fields[name].relational
            else {}
            for name in names
        }

    def _assert_list_costs_the_same(self, records, view):
        """Ten rows of a list need as many queries as fifty."""
        asked = self._specification(records._name, view)

        def show(some):
            domain = [("id", "in", some.ids)]
            return self._queries(lambda: some.web_search_read(domain, asked, limit=80))

        show(records[:2])
        few, many = show(records[:10]), show(records)
        self.assertEqual(len(records), 50)
        self.assertEqual(few, many)

    def test_list_of_orders(self):
        """RFQs and orders, each on another budget line."""
        orders = self.env["purchase.order"].union(
            *(
                self._create_order((self.bread, 1, 10.0), partner_id=vendor.id)
                for vendor in self._vendors_with_budgets(50)
            )
        )
        for view in (
            "purchase.purchase_order_kpis_tree",
            "purchase.purchase_order_view_tree",
        ):
            with self.subTest(view, state="draft"):
                self._assert_list_costs_the_same(orders, view)
        orders.button_confirm()
        for view in (
            "purchase.purchase_order_kpis_tree",
            "purchase.purchase_order_view_tree",
        ):
            with self.subTest(view, state="purchase"):
                self._assert_list_costs_the_same(orders, view)

    def test_list_of_requests(self):
        requests = self.env["jxc.purchase.request"].union(
            *(
                self._create_request(
                    (self.bread, 1, 10.0, {"vendor_id": vendor.id}),
                    date_required=self.budget.date_from,
                )
                for vendor in self._vendors_with_budgets(50)
            )
        )
        view = "jxc_purchase.jxc_purchase_request_view_list"
        self._assert_list_costs_the_same(requests, view)
        requests.action_submit()
        self._assert_list_costs_the_same(requests, view)

    def test_budget_lines_of_order_lines(self):
        """An order whose lines are all on other budget lines."""

        def show(lines):
            asked = {
                "jxc_budget_line_id": {"fields": {"display_name": {}}},
                "jxc_budget_available": {},
            }
            lines = lines.browse(lines.ids)
            return self._queries(lambda: lines.web_read(asked))

        accounts = self.env["account.analytic.account"].create(
            [
                {"name": f"Account {number}", "plan_id": self.shop.plan_id.id}
                for number in range(50)
            ]
        )
        self._create_budget(
            *(
                {"analytic_account_id": account.id, "amount_planned": 1e6}
                for account in accounts
            )
        )
        few, many = (
            self._create_order(
                *(
                    (
                        self.bread,
                        1,
                        10.0,
                        {"analytic_distribution": {str(account.id): 100.0}},
                    )
                    for account in some
                )
            ).order_line
            for some in (accounts[:10], accounts)
        )
        show(few)
        self.assertEqual(show(few), show(many))

    def test_hints_of_a_list(self):
        def hints(orders):
            return self._queries(lambda: orders.mapped("jxc_budget_state"))

        first = self._orders(3)
        several = self._orders(3) | self._orders(6) | self._orders(9)
        hints(first)
        self.assertEqual(hints(first), hints(several))

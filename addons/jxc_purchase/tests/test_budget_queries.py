# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
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

    def test_hints_of_a_list(self):
        def hints(orders):
            return self._queries(lambda: orders.mapped("jxc_budget_state"))

        first = self._orders(3)
        several = self._orders(3) | self._orders(6) | self._orders(9)
        hints(first)
        self.assertEqual(hints(first), hints(several))

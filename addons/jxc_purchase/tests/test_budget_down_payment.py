# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from freezegun import freeze_time

from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import tagged

from .common import PurchaseBudgetCommon


@tagged("post_install", "-at_install")
@freeze_time("2026-06-15 04:00:00")
class TestBudgetDownPayment(PurchaseBudgetCommon):
    """What is paid ahead is not used once more beside what the order commits."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.line, cls.other_line = cls._create_budget(
            {"category_id": cls.food.id, "amount_planned": 1000.0},
            {"category_id": cls.office.id, "amount_planned": 500.0},
        ).line_ids.sorted("id")
        cls.order = cls._create_order((cls.bread, 10, 100.0))
        cls.order.button_confirm()

    def _bill_ahead(self, price=300.0, product=None, post=True, order=None):
        """A bill without order, put on the order as a down payment."""
        bill = self.env["account.move"].create(
            {
                "move_type": "in_invoice",
                "partner_id": self.vendor.id,
                "company_id": self.company.id,
                "invoice_date": "2026-06-10",
                "invoice_line_ids": [
                    Command.create(
                        {
                            "product_id": (product or self.bread).id,
                            "quantity": 1,
                            "price_unit": price,
                            "tax_ids": [Command.clear()],
                        }
                    )
                ],
            }
        )
        order = order or self.order
        wizard = self.env["bill.to.po.wizard"].with_context(
            active_ids=[-bill.invoice_line_ids.id]
        )
        wizard.create(
            {"purchase_order_id": order.id, "partner_id": self.vendor.id}
        ).action_add_downpayment()
        self.assertTrue(bill.invoice_line_ids.purchase_line_id.is_downpayment)
        if post:
            bill.action_post()
        return bill

    def _final_bill(self):
        """As the platform makes it: the goods less the down payment."""
        self.order.action_create_invoice()
        bill = self.order.invoice_ids.filtered(lambda move: move.state == "draft")
        bill.invoice_date = "2026-06-20"
        return bill

    def test_used_once(self):
        bill = self._bill_ahead(post=False)
        self.assertAmounts(self.line, committed=1000.0)
        self.assertEqual(bill.jxc_budget_state, "warning")
        bill.action_post()
        self.assertAmounts(self.line, committed=700.0, actual=300.0)
        final = self._final_bill()
        self.assertEqual(final.amount_untaxed, 700.0)
        self.assertEqual(final.jxc_budget_state, "warning")
        final.action_post()
        self.assertAmounts(self.line, actual=1000.0)

    def test_final_bill_without_taking_it_off(self):
        """That is paid on top, and has to find its budget."""
        self._bill_ahead()
        final = self._create_bill(self.order, {self.order.order_line[0]: 10})
        self.assertEqual(final.jxc_budget_state, "over")
        with self.assertRaisesRegex(UserError, "300.00"), self.cr.savepoint():
            final.action_post()
        self._give(self.line, 300.0)
        final.invalidate_recordset()
        final.action_post()
        self.assertAmounts(self.line, actual=1300.0)

    def test_partial_bill_first(self):
        self._bill_ahead()
        part = self._create_bill(self.order, {self.order.order_line[0]: 5})
        part.action_post()
        self.assertAmounts(self.line, committed=200.0, actual=800.0)

    def test_refunded(self):
        bill = self._bill_ahead()
        refund = bill._reverse_moves([{"invoice_date": "2026-06-12"}])
        refund.action_post()
        self.assertAmounts(self.line, committed=1000.0)

    def test_reset_and_deleted(self):
        bill = self._bill_ahead()
        bill.button_draft()
        self.assertAmounts(self.line, committed=1000.0)
        bill.action_post()
        self.assertAmounts(self.line, committed=700.0, actual=300.0)
        bill.button_draft()
        bill.unlink()
        self.assertAmounts(self.line, committed=1000.0)
        self.order.button_cancel()
        self.assertAmounts(self.line)

    def test_on_another_budget_line(self):
        """Paid ahead with another product: it takes room of its own till the end."""
        bill = self._bill_ahead(product=self.paper, post=False)
        self.assertNotIn("held for it already", bill.jxc_budget_hint)
        bill.action_post()
        self.assertAmounts(self.other_line, actual=300.0)
        self.assertAmounts(self.line, committed=1000.0)
        final = self._final_bill()
        final.action_post()
        self.assertAmounts(self.other_line)
        self.assertAmounts(self.line, actual=1000.0)
        final.button_draft()
        self.assertAmounts(self.other_line, actual=300.0)
        bill.button_draft()
        self.assertAmounts(self.other_line)

    def test_no_way_around_another_budget_line(self):
        """What an order commits elsewhere, or nowhere, is no room for its bills."""
        thing = self._create_product_in(self.drinks.create({"name": "Misc"}), "Thing")
        free = self._create_order((thing, 1, 1000000.0))
        free.button_confirm()
        for order in (free, self.order):
            with self.subTest(order=order.name):
                bill = self._bill_ahead(500.01, self.paper, post=False, order=order)
                self.assertEqual(bill.jxc_budget_state, "over")
                with self.assertRaises(UserError), self.cr.savepoint():
                    bill.action_post()
                bill.invalidate_recordset()
        self.assertAmounts(self.other_line)
        self._bill_ahead(500.0, self.paper, order=free)
        self.assertAmounts(self.other_line, actual=500.0)

    def test_each_budget_line_of_an_order(self):
        """What is paid ahead comes off what the order commits on the same line."""
        self.order.order_line.product_qty = 5
        order = self._create_order((self.paper, 1, 400.0), (self.bread, 1, 100.0))
        order.button_confirm()
        self._bill_ahead(300.0, self.paper, order=order)
        self.assertAmounts(self.other_line, committed=100.0, actual=300.0)
        self._bill_ahead(200.0, self.paper, order=order)
        self.assertAmounts(self.other_line, actual=500.0)
        self.assertAmounts(self.line, committed=600.0)

    def test_order_of_another_budget_line_is_reduced(self):
        self._give(self.other_line, -200.0)
        self._bill_ahead(product=self.paper)
        self.assertAmounts(self.other_line, actual=300.0)
        self.order.order_line[0].product_qty = 2
        self.assertAmounts(self.line, committed=200.0)

    def test_order_is_given_up(self):
        """What was paid for nothing is used."""
        self._bill_ahead()
        self.order.order_line[0].product_qty = 2
        self.assertAmounts(self.line, actual=300.0)
        self.order.order_line[0].product_qty = 4
        self.assertAmounts(self.line, committed=100.0, actual=300.0)
        self.order.order_line[0].product_qty = 0
        self.assertAmounts(self.line, actual=300.0)

    def test_bill_posted_before_it_is_put_on_the_order(self):
        self._give(self.line, 300.0)
        bill = self._bill_ahead(post=False)
        line = bill.invoice_line_ids
        ahead = line.purchase_line_id
        line.purchase_line_id = False
        bill.action_post()
        self.assertAmounts(self.line, committed=1000.0, actual=300.0)
        line.purchase_line_id = ahead
        self.assertAmounts(self.line, committed=700.0, actual=300.0)
        self._give(self.line, -300.0)

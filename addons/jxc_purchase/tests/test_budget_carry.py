# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from datetime import date

from freezegun import freeze_time

from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import tagged

from .change_common import BudgetChangeCommon
from .common import PurchaseBudgetCommon


@tagged("post_install", "-at_install")
class TestBudgetCarry(BudgetChangeCommon):
    """Carrying forward what is split over several budget lines."""

    def _split_budgets(self):
        """An order of 100, 60 % of the shop and 40 % of the web; their lines."""
        lines = [
            {"analytic_account_id": account.id, "amount_planned": 100.0}
            for account in (self.shop, self.web)
        ]
        old = self._create_budget(*lines)
        new = self._create_budget(
            *lines, date_from=date(2027, 1, 1), date_to=date(2027, 12, 31)
        )
        distribution = {str(self.shop.id): 60.0, str(self.web.id): 40.0}
        order = self._create_order(
            (self.bread, 1, 100.0, {"analytic_distribution": distribution})
        )
        order.button_confirm()
        return order, old.line_ids.sorted("id"), new.line_ids.sorted("id")

    def test_carry_tears_no_split_line_apart(self):
        order, (shop, web), (new_shop, new_web) = self._split_budgets()
        self.assertAmounts(shop, committed=60.0)
        self.assertAmounts(web, committed=40.0)
        change = self._change("carry", 60.0, shop, new_shop, carry_commitments=True)
        change.action_submit()
        second = change.with_user(self._second_manager())
        with self.assertRaises(UserError) as caught, self.cr.savepoint():
            second.action_approve()
        for word in (order.name, "Bread", web.display_name):
            self.assertIn(word, str(caught.exception))
        self.assertNotIn(shop.display_name, str(caught.exception))
        change.invalidate_recordset()
        self.assertAmounts(shop, committed=60.0)
        self.assertAmounts(web, committed=40.0)
        self.assertAmounts(new_shop)
        self.assertAmounts(new_web)
        self.assertFalse(order.order_line.jxc_budget_date)

    def test_carry_all_shares_together(self):
        order, (shop, web), (new_shop, new_web) = self._split_budgets()
        change = self._change("carry", 60.0, shop, new_shop, carry_commitments=True)
        change.line_ids = [
            Command.create(
                {"line_from_id": web.id, "line_to_id": new_web.id, "amount": 40.0}
            )
        ]
        self._decide(change)
        self.assertAmounts(shop)
        self.assertAmounts(web)
        self.assertAmounts(new_shop, committed=60.0)
        self.assertAmounts(new_web, committed=40.0)
        self.assertEqual(order.order_line.jxc_budget_date, date(2027, 1, 1))

    def test_carry_to_periods_without_a_common_day(self):
        _order, (shop, web), (new_shop, _new_web) = self._split_budgets()
        later = self._create_budget(
            {"analytic_account_id": self.web.id, "amount_planned": 100.0},
            date_from=date(2028, 1, 1),
            date_to=date(2028, 12, 31),
        ).line_ids
        change = self._change("carry", 60.0, shop, new_shop, carry_commitments=True)
        change.line_ids = [
            Command.create(
                {"line_from_id": web.id, "line_to_id": later.id, "amount": 40.0}
            )
        ]
        change.action_submit()
        with self.assertRaisesRegex(UserError, "share a day"), self.cr.savepoint():
            change.with_user(self._second_manager()).action_approve()

    def test_carry_beside_a_line_that_counts_the_new_day(self):
        """The year of the web goes on: its share stays where it is."""
        months = self._create_budget(
            *(
                {
                    "analytic_account_id": self.shop.id,
                    "amount_planned": 100.0,
                    "date_from": date(2026, month, 1),
                    "date_to": date(2026, month, 28),
                }
                for month in (6, 7)
            )
        )
        web = self._create_budget(
            {"analytic_account_id": self.web.id, "amount_planned": 100.0}
        ).line_ids
        june, july = months.line_ids.sorted("date_from")
        distribution = {str(self.shop.id): 60.0, str(self.web.id): 40.0}
        self._create_order(
            (self.bread, 1, 100.0, {"analytic_distribution": distribution})
        ).button_confirm()
        self._decide(self._change("carry", 60.0, june, july, carry_commitments=True))
        self.assertAmounts(june)
        self.assertAmounts(july, committed=60.0)
        self.assertAmounts(web, committed=40.0)


@tagged("post_install", "-at_install")
class TestBudgetCarryNet(PurchaseBudgetCommon):
    """What was paid ahead, and what goes off, stays out of what is carried."""

    def setUp(self):
        super().setUp()
        clock = freeze_time("2026-06-15 04:00:00")
        clock.start()
        self.addCleanup(clock.stop)
        self.old = self._year(2026, 1000.0)
        self.new = self._year(2027, 0.0)

    def _year(self, year, amount):
        budget = self._create_budget(
            {"category_id": self.food.id, "amount_planned": amount},
            date_from=date(year, 1, 1),
            date_to=date(year, 12, 31),
        )
        return budget.line_ids

    def _ordered(self, *more):
        order = self._create_order((self.bread, 10, 100.0), *more)
        order.button_confirm()
        return order

    def _bill(self, price, product=None, day="2026-06-10", **values):
        return self.env["account.move"].create(
            {
                "move_type": "in_invoice",
                "partner_id": self.vendor.id,
                "company_id": self.company.id,
                "invoice_date": day,
                "invoice_line_ids": [
                    Command.create(
                        {
                            "product_id": (product or self.bread).id,
                            "quantity": 1,
                            "price_unit": price,
                            "tax_ids": [Command.clear()],
                            **values,
                        }
                    )
                ],
            }
        )

    def _ahead(self, order, price=300.0, post=True, **values):
        bill = self._bill(price, **values)
        wizard = self.env["bill.to.po.wizard"].with_context(
            active_ids=[-bill.invoice_line_ids.id]
        )
        wizard.create(
            {"purchase_order_id": order.id, "partner_id": self.vendor.id}
        ).action_add_downpayment()
        if post:
            bill.action_post()
        return bill

    def _carry(self, old=None, new=None):
        """Carry as the wizard proposes; return the amounts."""
        old, new = old or self.old, new or self.new
        wizard = self.env["jxc.purchase.budget.carry"].create(
            {
                "budget_from_id": old.budget_id.id,
                "budget_to_id": new.budget_id.id,
                "date_until": old.date_to,
                "carry_unspent": False,
            }
        )
        change = self.env["jxc.purchase.budget.transfer"].browse(
            wizard.action_prepare()["res_id"]
        )
        amounts = change.line_ids.mapped("amount")
        change.action_submit()
        change.with_user(self._second_manager()).action_approve()
        return amounts

    def _final_bill(self, order, day="2027-02-10"):
        order.action_create_invoice()
        bill = order.invoice_ids.filtered(lambda move: move.state == "draft")
        bill.invoice_date = day
        return bill

    def test_down_payment_stays_in_its_period(self):
        order = self._ordered()
        self._ahead(order)
        self.assertAmounts(self.old, committed=700.0, actual=300.0)
        self.assertEqual(self._carry(), [700.0])
        self.assertAmounts(self.old, actual=300.0)
        self.assertAmounts(self.new, committed=700.0)
        self.assertEqual(self.new.amount_available, 0.0)
        with freeze_time("2027-02-10 04:00:00"):
            final = self._final_bill(order)
            self.assertEqual(final.amount_untaxed, 700.0)
            self.assertEqual(final.jxc_budget_state, "warning")
            self.assertIn("700.00 is held for it already", final.jxc_budget_hint)
            final.action_post()
            self.assertAmounts(self.old, actual=300.0)
            self.assertAmounts(self.new, actual=700.0)
            final.button_draft()
            self.assertAmounts(self.old, actual=300.0)
            self.assertAmounts(self.new, committed=700.0)

    def test_order_changes_after_it_was_carried(self):
        """Also without the bills of the down payment, and with them again."""
        order = self._ordered()
        bill = self._ahead(order)
        self._carry()
        order.order_line[0].product_qty = 5
        self.assertAmounts(self.new, committed=200.0)
        order.order_line[0].product_qty = 10
        self.assertAmounts(self.new, committed=700.0)
        self._give(self.new, 300.0)
        bill.button_draft()
        self.assertAmounts(self.old)
        self.assertAmounts(self.new, committed=1000.0)
        self._give(self.old, 300.0)
        bill.action_post()
        self.assertAmounts(self.old, actual=300.0)
        self.assertAmounts(self.new, committed=700.0)
        order.order_line[0].product_qty = 0
        self.assertAmounts(self.old, actual=300.0)
        self.assertAmounts(self.new)

    def test_partial_bill_after_it_was_carried(self):
        order = self._ordered()
        self._ahead(order)
        self._carry()
        with freeze_time("2027-02-10 04:00:00"):
            part = self._create_bill(order, {order.order_line[0]: 4})
            part.invoice_date = "2027-02-10"
            part.action_post()
            self.assertAmounts(self.new, committed=300.0, actual=400.0)
            self._final_bill(order).action_post()
            self.assertAmounts(self.old, actual=300.0)
            self.assertAmounts(self.new, actual=700.0)

    def test_paid_ahead_after_it_was_carried(self):
        order = self._ordered()
        waiting = self._ahead(order, 100.0, post=False)
        self.assertEqual(self._carry(), [1000.0])
        self.assertAmounts(self.old)
        self.assertAmounts(self.new, committed=1000.0)
        with freeze_time("2027-02-10 04:00:00"):
            self._ahead(order, 300.0, day="2027-02-01")
            self.assertAmounts(self.old)
            self.assertAmounts(self.new, committed=700.0, actual=300.0)
            waiting.invoice_date = "2027-02-01"
            waiting.action_post()
            self.assertAmounts(self.new, committed=600.0, actual=400.0)
            self._final_bill(order).action_post()
            self.assertAmounts(self.old)
            self.assertAmounts(self.new, actual=1000.0)

    def test_paid_ahead_beside_goods_that_no_budget_counts(self):
        """They are carried nowhere, and keep no down payment back."""
        self.company.jxc_budget_missing = "allow"
        order = self._ordered((self.paper, 1, 50.0))
        self._carry()
        with freeze_time("2027-02-10 04:00:00"):
            self._ahead(order, day="2027-02-10")
        self.assertAmounts(self.old)
        self.assertAmounts(self.new, committed=700.0, actual=300.0)

    def _carried_and_billed(self):
        """An order of 1000, carried to 2027, when 400 are billed."""
        order = self._ordered()
        self._carry()
        with freeze_time("2027-02-10 04:00:00"):
            bill = self._create_bill(order, {order.order_line: 4})
            bill.invoice_date = date(2027, 2, 10)
            bill.action_post()
        return order, bill

    def test_carried_twice(self):
        """What was billed, or paid ahead, in between stays in that period."""
        order, _bill = self._carried_and_billed()
        with freeze_time("2027-02-10 04:00:00"):
            self._ahead(order, 200.0, day="2027-02-11")
        self.assertAmounts(self.new, committed=400.0, actual=600.0)
        later = self._year(2028, 0.0)
        self._carry(self.new, later)
        self.assertAmounts(self.old)
        self.assertAmounts(self.new, actual=600.0)
        self.assertAmounts(later, committed=400.0)

    def _carried_twice_with_a_bill_between(self):
        """An order of 1000; 400 were billed in 2027, 600 carried on to 2028."""
        order, bill = self._carried_and_billed()
        later = self._year(2028, 0.0)
        self._carry(self.new, later)
        return order, bill, later

    def test_bill_of_the_period_between_that_comes_late(self):
        """It is of 2027, where it has to find room; nothing of it is of 2026."""
        order, _bill, later = self._carried_twice_with_a_bill_between()
        with freeze_time("2028-01-05 04:00:00"):
            late = self._create_bill(order, {order.order_line: 3})
            late.invoice_date = date(2027, 12, 28)
            with self.assertRaises(UserError) as refused, self.cr.savepoint():
                late.action_post()
            self.assertIn(self.new.display_name, str(refused.exception))
            self._give(self.new, 300.0)
            late.action_post()
        self.assertAmounts(self.old)
        self.assertAmounts(self.new, actual=700.0)
        self.assertAmounts(later, committed=300.0)

    def test_refund_of_a_bill_of_the_period_between(self):
        _order, bill, later = self._carried_twice_with_a_bill_between()
        self._give(later, 400.0)
        with freeze_time("2027-12-29 04:00:00"):
            refund = bill._reverse_moves([{"invoice_date": date(2027, 12, 29)}])
            refund.action_post()
        self.assertAmounts(self.old)
        self.assertAmounts(self.new)
        self.assertAmounts(later, committed=1000.0)

    def test_budget_of_the_period_between_that_comes_late(self):
        """It takes the bill over that an earlier one of its period had counted."""
        self._carried_twice_with_a_bill_between()
        budget = self._create_budget(
            {
                "category_id": self.food.id,
                "partner_id": self.vendor.id,
                "amount_planned": 1000.0,
            },
            date_from=date(2027, 1, 1),
            date_to=date(2027, 12, 31),
            confirm=False,
        )
        budget.with_user(self._second_manager()).action_confirm()
        self.assertAmounts(budget.line_ids, actual=400.0)
        self.assertAmounts(self.new)
        self.assertFalse(budget.action_recompute_check())

    def test_down_payment_that_waits_is_carried_twice(self):
        order = self._ordered()
        waiting = self._ahead(order, post=False)
        self._carry()
        later = self._year(2028, 0.0)
        self._carry(self.new, later)
        with freeze_time("2028-02-05 04:00:00"):
            waiting.invoice_date = "2028-02-05"
            waiting.action_post()
        self.assertAmounts(self.new)
        self.assertAmounts(later, committed=700.0, actual=300.0)

    def test_paid_ahead_on_another_budget_line(self):
        """It has nothing to do with what is carried, and stays."""
        office = self._create_budget(
            {"category_id": self.office.id, "amount_planned": 500.0}
        ).line_ids
        order = self._ordered()
        self._ahead(order, product=self.paper)
        self.assertEqual(self._carry(), [1000.0])
        self.assertAmounts(office, actual=300.0)
        self.assertAmounts(self.new, committed=1000.0)
        with freeze_time("2027-02-10 04:00:00"):
            self._final_bill(order).action_post()
            self.assertAmounts(office)
            self.assertAmounts(self.new, actual=1000.0)

    def test_discount_line_moves_along(self):
        self._ordered((self.bread, 1, -200.0))
        self.assertAmounts(self.old, committed=800.0)
        self.assertEqual(self._carry(), [800.0])
        self.assertAmounts(self.old)
        self.assertAmounts(self.new, committed=800.0)

    def test_wizard_proposes_nothing_below_zero(self):
        """An order that is below zero on a line, as it once could be."""
        self._ordered()
        self.env["jxc.budget.entry"]._append(
            [
                {
                    "line_id": self.old.id,
                    "company_id": self.company.id,
                    "res_id": 1,
                    "res_line_id": 1,
                    "purchase_line_id": False,
                    "partner_id": False,
                    "product_id": False,
                    "category_id": False,
                    "analytic_account_id": False,
                    "stage": "committed",
                    "res_model": "purchase.order",
                    "date": date(2026, 6, 15),
                    "amount": -1300.0,
                }
            ]
        )
        self.old.invalidate_recordset()
        self.assertEqual(self.old.amount_committed, -300.0)
        wizard = self.env["jxc.purchase.budget.carry"].create(
            {
                "budget_from_id": self.old.budget_id.id,
                "budget_to_id": self.new.budget_id.id,
                "date_until": date(2026, 12, 31),
                "carry_unspent": False,
            }
        )
        with self.assertRaisesRegex(UserError, "nothing is left"):
            wizard.action_prepare()

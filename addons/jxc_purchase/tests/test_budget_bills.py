# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from datetime import date, datetime

from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import Form, tagged

from .common import PurchaseBudgetCommon


@tagged("post_install", "-at_install")
class TestBudgetBills(PurchaseBudgetCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.budget = cls._create_budget(
            {"category_id": cls.food.id, "amount_planned": 1000.0}
        )
        cls.line = cls.budget.line_ids
        cls.order = cls._create_order((cls.bread, 10, 80.0))
        cls.order.button_confirm()

    def _bill(self, quantity, **options):
        return self._create_bill(
            self.order, {self.order.order_line: quantity}, **options
        )

    def test_draft_bill_counts_nothing(self):
        self._bill(4)
        self.assertAmounts(self.line, committed=800.0)

    def test_hint_while_draft(self):
        """As on orders: what posting would say, the order's part taken off."""
        bill = self._bill(10, price=70.0)
        self.assertEqual(bill.jxc_budget_state, "ok")
        self.assertIn("700.00", bill.jxc_budget_hint)
        # 1,000 planned, 800 committed, of which the bill takes over all.
        dear = self._bill(10, price=99.0)
        self.assertEqual(dear.jxc_budget_state, "warning")
        dear.invoice_line_ids.price_unit = 101.0
        self.assertEqual(dear.jxc_budget_state, "over")
        with self.assertRaises(UserError), self.cr.savepoint():
            dear.action_post()
        # Half of it takes over half: 500 and 400 are left of the order's 800.
        half = self._bill(5, price=100.0)
        self.assertEqual(half.jxc_budget_state, "warning")
        half.invoice_line_ids.price_unit = 121.0
        self.assertEqual(half.jxc_budget_state, "over")
        self.assertEqual((bill | half).mapped("jxc_budget_state"), ["ok", "over"])
        bill.action_post()
        self.assertEqual((bill.jxc_budget_state, bill.jxc_budget_hint), ("none", False))
        self.assertAmounts(self.line, actual=700.0)
        free = self._bill(5, price=50.0)
        free.invoice_line_ids.purchase_line_id = False
        self.assertEqual(free.jxc_budget_state, "warning")
        free.invoice_line_ids.quantity = 7
        self.assertEqual(free.jxc_budget_state, "over")

    def test_hint_in_the_form(self):
        """Before anything is saved."""
        with Form(
            self.env["account.move"].with_context(default_move_type="in_invoice")
        ) as form:
            form.partner_id = self.vendor
            form.invoice_date = date(2026, 6, 20)
            with form.invoice_line_ids.new() as line:
                line.product_id = self.bread
                line.quantity = 1
                line.price_unit = 300.0
            self.assertEqual(form.jxc_budget_state, "over")

    def test_partial_bills(self):
        self._bill(4).action_post()
        self.assertAmounts(self.line, committed=480.0, actual=320.0)
        self._bill(6).action_post()
        self.assertAmounts(self.line, actual=800.0)

    def test_bill_reset_and_cancelled(self):
        bill = self._bill(4)
        bill.action_post()
        bill.button_draft()
        self.assertAmounts(self.line, committed=800.0)
        bill.action_post()
        self.assertAmounts(self.line, committed=480.0, actual=320.0)
        bill.button_draft()
        bill.button_cancel()
        self.assertAmounts(self.line, committed=800.0)

    def test_refund(self):
        self._bill(10).action_post()
        self._bill(3, refund=True).action_post()
        self.assertAmounts(self.line, committed=240.0, actual=560.0)

    def test_reversal(self):
        bill = self._bill(10)
        bill.action_post()
        reversal = bill._reverse_moves([{"invoice_date": bill.invoice_date}])
        reversal.action_post()
        self.assertAmounts(self.line, committed=800.0)

    def test_price_difference(self):
        self._bill(10, price=100.0).action_post()
        self.assertAmounts(self.line, actual=1000.0)

    def test_price_difference_beyond_limit(self):
        bill = self._bill(10, price=100.01)
        with self.assertRaises(UserError) as caught, self.cr.savepoint():
            bill.action_post()
        self.assertIn("0.10", str(caught.exception))
        self.assertAmounts(self.line, committed=800.0)

    def test_cheaper_bill_frees(self):
        self._bill(10, price=50.0).action_post()
        self.assertAmounts(self.line, actual=500.0)
        self._create_order((self.bread, 1, 500.0)).button_confirm()

    def test_billed_above_ordered(self):
        self._bill(12).action_post()
        self.assertAmounts(self.line, actual=960.0)

    def test_bill_in_other_unit(self):
        dozen = self.env["uom.uom"].create(
            {
                "name": "Ten",
                "relative_uom_id": self.bread.uom_id.id,
                "relative_factor": 10.0,
            }
        )
        bill = self._bill(1, price=800.0)
        bill.invoice_line_ids.product_uom_id = dozen
        bill.invoice_line_ids.price_unit = 800.0
        bill.action_post()
        self.assertAmounts(self.line, actual=800.0)

    def test_bill_stays_on_the_order_s_day(self):
        bill = self._bill(10)
        bill.invoice_date = date(2027, 3, 1)
        bill.action_post()
        self.assertAmounts(self.line, actual=800.0)

    def test_bill_follows_the_order_to_another_day(self):
        self._bill(4).action_post()
        self.order.date_order = datetime(2027, 1, 5)
        self.assertAmounts(self.line)
        self.order.date_order = datetime(2026, 1, 5)
        self.assertAmounts(self.line, committed=480.0, actual=320.0)

    def test_bill_of_a_cancelled_order(self):
        bill = self._bill(4)
        self.order.button_cancel()
        with self.assertRaisesRegex(UserError, "is not confirmed"), self.cr.savepoint():
            bill.action_post()
        self.assertAmounts(self.line)

    def _bill_without_order(self, price):
        return self.env["account.move"].create(
            {
                "move_type": "in_invoice",
                "partner_id": self.vendor.id,
                "invoice_date": date(2026, 7, 1),
                "invoice_line_ids": [
                    Command.create(
                        {
                            "product_id": self.bread.id,
                            "quantity": 1,
                            "price_unit": price,
                            "tax_ids": [Command.clear()],
                        }
                    )
                ],
            }
        )

    def test_bill_without_order(self):
        bill = self._bill_without_order(150.0)
        bill.action_post()
        self.assertAmounts(self.line, committed=800.0, actual=150.0)
        # Linking it to the order later moves nothing but what the order committed.
        bill.invoice_line_ids.purchase_line_id = self.order.order_line
        self.assertAmounts(self.line, committed=720.0, actual=150.0)

    def test_bill_without_order_beyond_the_limit(self):
        """200 are left: the bill is refused, names them, and stays a draft."""
        bill = self._bill_without_order(200.01)
        self.line.control_bill = "block"
        with self.assertRaises(UserError) as caught, self.cr.savepoint():
            bill.action_post()
        for word in ("Food", "1,000.00", "800.00", "200.01", "0.01"):
            self.assertIn(word, str(caught.exception))
        bill.invalidate_recordset()
        self.assertEqual(bill.state, "draft")
        self.assertAmounts(self.line, committed=800.0)
        bill.invoice_line_ids.price_unit = 200.0
        bill.action_post()
        self.assertAmounts(self.line, committed=800.0, actual=200.0)

    def test_analytic_change_of_posted_bill(self):
        shop_budget = self._create_budget(
            {"analytic_account_id": self.shop.id, "amount_planned": 100.0}
        )
        bill = self._bill(1)
        bill.action_post()
        self.assertAmounts(self.line, committed=720.0, actual=80.0)
        bill.invoice_line_ids.analytic_distribution = {str(self.shop.id): 50.0}
        self.assertAmounts(self.line, committed=720.0, actual=40.0)
        self.assertAmounts(shop_budget.line_ids, actual=40.0)

    def test_foreign_bill(self):
        """Committed at the rate of the order, actual at the rate of the bill."""
        euro = self.env.ref("base.EUR")
        euro.active = True
        rates = self.env["res.currency.rate"]
        for day, rate in (("2026-06-01", 0.125), ("2026-06-18", 0.1)):
            rates.create(
                {
                    "name": day,
                    "currency_id": euro.id,
                    "company_id": self.company.id,
                    "rate": rate,
                }
            )
        order = self._create_order((self.bread, 2, 10.0), currency_id=euro.id)
        order.button_confirm()
        self.assertAmounts(self.line, committed=960.0)
        self._create_bill(order, {order.order_line: 1}).action_post()
        self.assertAmounts(self.line, committed=880.0, actual=100.0)

    def test_foreign_bills_correct_the_commitment(self):
        """20 committed at 8 are billed in parts at 10, 12.5 and 8; one comes back.

        The rest keeps the rate of the order, whatever the bills before it had.
        """
        euro = self.env.ref("base.EUR")
        euro.active = True
        rates = self.env["res.currency.rate"]
        for day, rate in (
            ("2026-06-01", 0.125),
            ("2026-06-18", 0.1),
            ("2026-06-25", 0.08),
            ("2026-07-01", 0.125),
        ):
            rates.create(
                {
                    "name": day,
                    "currency_id": euro.id,
                    "company_id": self.company.id,
                    "rate": rate,
                }
            )
        self.order.button_cancel()
        order = self._create_order((self.bread, 4, 5.0), currency_id=euro.id)
        order.button_confirm()
        self.assertAmounts(self.line, committed=160.0)
        for day, quantity, committed, actual in (
            ("2026-06-20", 1, 120.0, 50.0),
            ("2026-06-26", 2, 40.0, 175.0),
            ("2026-07-02", 1, 0.0, 215.0),
        ):
            with self.subTest(day=day):
                bill = self._create_bill(order, {order.order_line: quantity})
                bill.write({"invoice_date": day, "date": day})
                bill.action_post()
                self.assertAmounts(self.line, committed=committed, actual=actual)
        refund = self._create_bill(order, {order.order_line: 1}, refund=True)
        refund.write({"invoice_date": "2026-06-26", "date": "2026-06-26"})
        refund.action_post()
        self.assertAmounts(self.line, committed=40.0, actual=152.5)

    def _before_any_budget(self, **values):
        """A confirmed order that no budget knows of, and the category of its goods."""
        category = self.env["product.category"].create({"name": "New"})
        product = self._create_product_in(category, "Novelty")
        order = self._create_order((product, 4, 10.0), **values)
        order.button_confirm()
        self.assertFalse(
            self.env["jxc.budget.entry"].search([("res_id", "=", order.id)])
        )
        return order, category

    def test_bill_of_an_order_before_any_budget(self):
        """It is posted as its order was let through; a budget counts it once there."""
        order, category = self._before_any_budget()
        self.company.jxc_budget_missing = "block"
        self._create_bill(order, {order.order_line: 3}).action_post()
        budget = self._create_budget(
            {"category_id": category.id, "amount_planned": 20.0}
        )
        self.assertAmounts(budget.line_ids, committed=10.0, actual=30.0)
        self.assertEqual(budget.action_recompute_check(), [])
        # Its rest is billed beyond the limit, as it was ordered; dearer it is not.
        dear = self._create_bill(order, {order.order_line: 1}, price=10.01)
        with self.assertRaises(UserError), self.cr.savepoint():
            dear.action_post()
        self._create_bill(order, {order.order_line: 1}).action_post()
        self.assertAmounts(budget.line_ids, actual=40.0)

    def test_bill_of_an_order_of_an_earlier_budget(self):
        """The budget of the order's day counts its bills, not that of the bill."""
        order, category = self._before_any_budget(date_order=datetime(2025, 12, 30, 4))
        self._create_bill(order, {order.order_line: 3}).action_post()
        now = self._create_budget({"category_id": category.id, "amount_planned": 90.0})
        self.assertAmounts(now.line_ids)
        before = self._create_budget(
            {
                "category_id": category.id,
                "amount_planned": 90.0,
                "date_from": date(2025, 1, 1),
                "date_to": date(2025, 12, 31),
            },
            date_from=date(2025, 1, 1),
            date_to=date(2025, 12, 31),
        )
        self.assertAmounts(before.line_ids, committed=10.0, actual=30.0)
        self.assertAmounts(now.line_ids)

    def test_order_reopened_after_bill(self):
        bill = self._bill(4)
        self.order.button_cancel()
        self.order.button_draft()
        self.order.button_confirm()
        bill.action_post()
        self.assertAmounts(self.line, committed=480.0, actual=320.0)

    def test_billed_order_is_not_taken_back(self):
        self._bill(4).action_post()
        for take_back in (self.order.button_cancel, self.order.button_draft):
            with self.assertRaises(UserError):
                take_back()
        self.assertAmounts(self.line, committed=480.0, actual=320.0)

    # -- without order and without budget ---------------------------------------------

    def _bill_of_its_own(self, amount=50.0, kind="in_invoice", product=None):
        product = product or self._create_product_in(
            self.env["product.category"].create({"name": "New"}), "Novelty"
        )
        return self.env["account.move"].create(
            {
                "move_type": kind,
                "partner_id": self.order.partner_id.id,
                "invoice_date": self.order.date_order.date(),
                "invoice_line_ids": [
                    Command.create(
                        {
                            "product_id": product.id,
                            "quantity": 1,
                            "price_unit": amount,
                            "tax_ids": [Command.clear()],
                        }
                    )
                ],
            }
        )

    def test_refund_without_order(self):
        """Actual is posted bills less refunds: money that comes back may be spent.

        Also where it comes back for what an earlier period bought. It is available as
        long as the refund is posted, and no longer.
        """
        refund = self._bill_of_its_own(30.0, "in_refund", self.bread)
        self.assertAmounts(self.line, committed=800.0)
        refund.action_post()
        self.assertAmounts(self.line, committed=800.0, actual=-30.0)
        self.assertEqual(self.line.amount_available, 230.0)
        self._bill_of_its_own(50.0, product=self.bread).action_post()
        self.assertAmounts(self.line, committed=800.0, actual=20.0)
        refund.button_draft()
        self.assertAmounts(self.line, committed=800.0, actual=50.0)

    def test_spent_refund_is_not_taken_back(self):
        """Else the line would be used beyond what it has."""
        refund = self._bill_of_its_own(30.0, "in_refund", self.bread)
        refund.action_post()
        self._bill_of_its_own(230.0, product=self.bread).action_post()
        self.assertEqual(self.line.amount_available, 0.0)
        with self.assertRaises(UserError), self.cr.savepoint():
            refund.button_draft()
        self.assertAmounts(self.line, committed=800.0, actual=200.0)

    def test_without_budget_blocked(self):
        self.company.jxc_budget_missing = "block"
        bill = self._bill_of_its_own()
        with self.assertRaisesRegex(UserError, "Novelty"), self.cr.savepoint():
            bill.action_post()
        self._bill_of_its_own(kind="in_refund").action_post()
        self.company.jxc_budget_missing = "allow"
        bill.action_post()
        # What is posted stays; more of it is refused.
        self.company.jxc_budget_missing = "block"
        with self.assertRaisesRegex(UserError, "Novelty"), self.cr.savepoint():
            bill.button_draft()
            bill.invoice_line_ids.price_unit = 60.0
            bill.action_post()

    def test_without_budget_noted(self):
        self.company.jxc_budget_missing = "warn"
        bill = self._bill_of_its_own()
        bill.action_post()
        self.assertIn("Novelty", " ".join(bill.message_ids.mapped("body")))

    def test_bills_of_orders_are_not_judged_again(self):
        product = self._create_product_in(
            self.env["product.category"].create({"name": "New"}), "Novelty"
        )
        order = self._create_order((product, 1, 10.0))
        order.button_confirm()
        self.company.jxc_budget_missing = "block"
        bill = self._create_bill(order)
        bill.action_post()
        self.assertEqual(bill.state, "posted")

# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from datetime import datetime

from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import tagged

from .common import PurchaseBudgetCommon


@tagged("post_install", "-at_install")
class TestBudgetOrders(PurchaseBudgetCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.budget = cls._create_budget(
            {"category_id": cls.food.id, "amount_planned": 1000.0},
            {"category_id": cls.office.id, "amount_planned": 100.0},
        )
        cls.food_line, cls.office_line = cls.budget.line_ids.sorted("id")

    def test_confirm_commits(self):
        order = self._create_order((self.bread, 10, 50.0), (self.paper, 1, 100.0))
        self.assertAmounts(self.food_line)
        order.button_confirm()
        self.assertAmounts(self.food_line, committed=500.0)
        self.assertAmounts(self.office_line, committed=100.0)

    def test_refused_names_everything(self):
        self._create_order((self.bread, 1, 700.0)).button_confirm()
        order = self._create_order((self.bread, 1, 400.0))
        with self.assertRaises(UserError) as caught:
            order.button_confirm()
        message = str(caught.exception)
        for part in (order.name, "Food", "1,000.00", "700.00", "400.00", "100.00"):
            self.assertIn(part, message)
        self.assertEqual(order.state, "draft")
        self.assertFalse(order.picking_ids)
        self.assertAmounts(self.food_line, committed=700.0)

    def test_batch_is_judged_together(self):
        orders = self._create_order((self.bread, 1, 600.0)) | self._create_order(
            (self.bread, 1, 600.0)
        )
        with self.assertRaises(UserError) as caught:
            orders.button_confirm()
        for order in orders:
            self.assertIn(order.name, str(caught.exception))
            self.assertEqual(order.state, "draft")
        self.assertAmounts(self.food_line)

    def test_widening_after_confirmation(self):
        order = self._create_order((self.bread, 10, 50.0))
        order.button_confirm()
        line = order.order_line
        for values in (
            {"product_qty": 21},
            {"price_unit": 100.01},
        ):
            with self.assertRaises(UserError), self.cr.savepoint():
                line.write(values)
            line.invalidate_recordset()
        self.assertAmounts(self.food_line, committed=500.0)
        line.write({"product_qty": 20})
        self.assertAmounts(self.food_line, committed=1000.0)
        line.write({"discount": 50.0})
        self.assertAmounts(self.food_line, committed=500.0)
        # The platform may price the line anew for a new quantity.
        line.write({"product_qty": 4})
        self.assertAmounts(self.food_line, committed=line.price_subtotal)
        self.assertLess(line.price_subtotal, 500.0)

    def test_lines_of_one_write_are_judged_together(self):
        order = self._create_order((self.bread, 1, 600.0), (self.bread, 1, 400.0))
        order.button_confirm()
        first, second = order.order_line
        order.write(
            {
                "order_line": [
                    Command.update(first.id, {"price_unit": 900.0}),
                    Command.update(second.id, {"price_unit": 100.0}),
                ]
            }
        )
        self.assertAmounts(self.food_line, committed=1000.0)

    def test_added_line(self):
        order = self._create_order((self.bread, 1, 600.0))
        order.button_confirm()
        added = {
            "product_id": self.juice.id,
            "product_qty": 1,
            "price_unit": 300.0,
            "tax_ids": [Command.clear()],
        }
        order.write({"order_line": [Command.create(added)]})
        self.assertAmounts(self.food_line, committed=900.0)
        with self.assertRaises(UserError):
            self.env["purchase.order.line"].create({"order_id": order.id, **added})

    def test_moves_to_other_line(self):
        order = self._create_order((self.bread, 1, 90.0))
        order.button_confirm()
        order.order_line.write(
            {"product_id": self.paper.id, "product_qty": 1, "price_unit": 90.0}
        )
        self.assertAmounts(self.food_line)
        self.assertAmounts(self.office_line, committed=90.0)
        order.write({"date_order": datetime(2027, 6, 1)})
        self.assertAmounts(self.office_line)
        order.write({"date_order": datetime(2026, 6, 1)})
        self.assertAmounts(self.office_line, committed=90.0)

    def test_cancel_and_draft_give_back(self):
        order = self._create_order((self.bread, 1, 1000.0))
        order.button_confirm()
        order.button_cancel()
        self.assertAmounts(self.food_line)
        order.button_draft()
        self._create_order((self.bread, 1, 1.0)).button_confirm()
        with self.assertRaises(UserError):
            order.button_confirm()
        order.order_line.price_unit = 999.0
        order.button_confirm()
        self.assertAmounts(self.food_line, committed=1000.0)

    def test_deleted_lines_leave_nothing(self):
        order = self._create_order((self.bread, 1, 1000.0))
        order.button_confirm()
        order.button_cancel()
        order.unlink()
        self.assertAmounts(self.food_line)

    def test_tolerance(self):
        self._loosen(self.food_line, tolerance_percent=10.0)
        self._create_order((self.bread, 1, 1100.0)).button_confirm()
        with self.assertRaises(UserError):
            self._create_order((self.bread, 1, 0.01)).button_confirm()

    def test_warn_lets_through_and_tells(self):
        self.company.partner_id.lang = "en_US"
        self._loosen(self.food_line, control="warn")
        self._create_order((self.bread, 1, 799.0)).button_confirm()
        self.assertFalse(self.budget.activity_ids)
        order = self._create_order((self.bread, 1, 1000.0))
        order.button_confirm()
        self.assertEqual(order.state, "purchase")
        self.assertEqual(self.budget.activity_ids.user_id, self.budget.user_id)
        self.assertIn("exceeded", " ".join(order.message_ids.mapped("body")))
        self.assertAmounts(self.food_line, committed=1799.0)

    def test_told_in_the_language_of_the_company(self):
        """Not in that of who happened to confirm: everybody reads it."""
        self.env["res.lang"]._activate_lang("zh_CN")
        self.company.partner_id.lang = "zh_CN"
        order = self._create_order((self.bread, 1, 900.0))
        order.with_context(lang="en_US").button_confirm()
        self.assertIn("的使用已达", self.budget.activity_ids.note)
        self.assertEqual(self.budget.activity_ids.summary, "预算即将用尽")
        self.assertIn("的使用已达", order.message_ids[0].body)

    def test_threshold_of_blocking_line(self):
        self._create_order((self.bread, 1, 800.0)).button_confirm()
        self.assertEqual(len(self.budget.activity_ids), 1)
        self._create_order((self.bread, 1, 10.0)).button_confirm()
        self.assertEqual(len(self.budget.activity_ids), 1)

    def test_threshold_of_another_line(self):
        """The open activity learns of it, once."""
        self._create_order((self.bread, 1, 800.0)).button_confirm()
        told = self.budget.activity_ids
        self.assertNotIn("Office", told.note)
        self._create_order((self.paper, 1, 85.0)).button_confirm()
        self.assertEqual(self.budget.activity_ids, told)
        self.assertEqual(told.note.count("Office"), 1)
        self.assertEqual(told.note.count("Food"), 1)
        order = self._create_order((self.paper, 1, 10.0))
        order.button_confirm()
        self.assertEqual(told.note.count("Office"), 1)

    def test_only_count(self):
        """Nothing is refused or noted; the owner is told when it gets scarce."""
        self._loosen(self.food_line, control="none")
        self._create_order((self.bread, 1, 790.0)).button_confirm()
        self.assertFalse(self.budget.activity_ids)
        order = self._create_order((self.bread, 1, 160.0))
        order.button_confirm()
        told = self.budget.activity_ids
        self.assertEqual(told.user_id, self.budget.user_id)
        self.assertIn("950.00", told.note)
        self.assertNotIn("Food", " ".join(order.message_ids.mapped("body")))
        told.action_done()
        self._create_order((self.bread, 1, 20.0)).button_confirm()
        self.assertFalse(self.budget.activity_ids)
        self._create_order((self.bread, 1, 5000.0)).button_confirm()
        self.assertAmounts(self.food_line, committed=5970.0)
        self.budget.activity_ids.action_done()
        self._create_order((self.bread, 1, 5000.0)).button_confirm()
        self.assertFalse(self.budget.activity_ids)

    def test_only_count_never_tells(self):
        self._loosen(self.food_line, control="none")
        self.food_line.warn_percent = 0.0
        self._create_order((self.bread, 1, 5000.0)).button_confirm()
        self.assertFalse(self.budget.activity_ids)

    def test_without_budget(self):
        product = self._create_product_in(
            self.env["product.category"].create({"name": "New"}), "Novelty"
        )
        order = self._create_order((product, 1, 10.0))
        self.company.jxc_budget_missing = "block"
        with self.assertRaisesRegex(UserError, "Novelty"):
            order.button_confirm()
        self.company.jxc_budget_missing = "warn"
        order.button_confirm()
        self.assertIn("Novelty", " ".join(order.message_ids.mapped("body")))
        self.company.jxc_budget_missing = "block"
        with self.assertRaises(UserError), self.cr.savepoint():
            order.order_line.price_unit = 11.0
        order.order_line.invalidate_recordset()
        order.order_line.price_unit = 9.0
        self.assertEqual(order.state, "purchase")

    def test_foreign_currency(self):
        euro = self.env.ref("base.EUR")
        euro.active = True
        self.env["res.currency.rate"].create(
            {
                "name": "2026-06-01",
                "currency_id": euro.id,
                "company_id": self.company.id,
                "rate": 0.125,
            }
        )
        order = self._create_order((self.bread, 10, 10.0), currency_id=euro.id)
        order.button_confirm()
        self.assertAmounts(self.food_line, committed=800.0)
        # A rate that becomes known later changes no commitment.
        self.env["res.currency.rate"].create(
            {
                "name": "2026-06-10",
                "currency_id": euro.id,
                "company_id": self.company.id,
                "rate": 0.1,
            }
        )
        self.assertAmounts(self.food_line, committed=800.0)
        with self.assertRaises(UserError), self.cr.savepoint():
            order.order_line.price_unit = 13.0
        order.order_line.invalidate_recordset()
        self.assertAmounts(self.food_line, committed=800.0)

    def test_currency_of_a_confirmed_order(self):
        """The same figures in another currency are another amount."""
        euro = self.env.ref("base.EUR")
        euro.active = True
        self.env["res.currency.rate"].create(
            {
                "name": "2026-06-01",
                "currency_id": euro.id,
                "company_id": self.company.id,
                "rate": 0.125,
            }
        )
        order = self._create_order((self.bread, 10, 10.0))
        dear = self._create_order((self.bread, 10, 13.0))
        (order | dear).button_confirm()
        self.assertAmounts(self.food_line, committed=230.0)
        with self.assertRaises(UserError), self.cr.savepoint():
            dear.currency_id = euro
        dear.invalidate_recordset()
        self.assertAmounts(self.food_line, committed=230.0)
        dear.button_cancel()
        order.currency_id = euro
        self.assertAmounts(self.food_line, committed=800.0)

    def test_hint_while_draft(self):
        order = self._create_order((self.bread, 1, 700.0))
        self.assertEqual(order.jxc_budget_state, "ok")
        self.assertIn("1,000.00", order.jxc_budget_hint)
        self.assertEqual(order.order_line.jxc_budget_line_id, self.food_line)
        self.assertEqual(order.order_line.jxc_budget_available, 1000.0)
        order.order_line.price_unit = 850.0
        self.assertEqual(order.jxc_budget_state, "warning")
        order.order_line.price_unit = 1001.0
        self.assertEqual(order.jxc_budget_state, "over")
        self.assertAmounts(self.food_line)
        order.date_order = datetime(2027, 6, 1)
        self.assertEqual(order.jxc_budget_state, "none")
        order.button_confirm()
        self.assertEqual(order.jxc_budget_state, "none")

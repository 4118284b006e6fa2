# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from datetime import date

from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged

from .common import PurchaseBudgetCommon


@tagged("post_install", "-at_install")
class TestBudget(PurchaseBudgetCommon):
    def _used_budget(self):
        budget = self._create_budget(
            {"category_id": self.food.id, "amount_planned": 1000.0}
        )
        order = self._create_order((self.bread, 1, 600.0))
        order.button_confirm()
        return budget, order

    def test_needs_lines(self):
        with self.assertRaises(UserError):
            self._create_budget(confirm=True)

    def test_dates(self):
        budget = self._create_budget(100.0, confirm=False)
        self.assertEqual(budget.line_ids.date_from, budget.date_from)
        self.assertEqual(budget.line_ids.date_to, budget.date_to)
        with self.assertRaises(ValidationError):
            budget.line_ids.date_to = date(2027, 1, 1)

    def test_draft_is_free(self):
        budget = self._create_budget(100.0, confirm=False)
        self._create_order((self.bread, 1, 600.0)).button_confirm()
        self.assertFalse(budget.line_ids.entry_ids)
        budget.line_ids.amount_planned = 50.0
        budget.date_from = date(2025, 12, 1)
        budget.unlink()

    def test_state_is_not_written(self):
        budget = self._create_budget(100.0, confirm=False)
        with self.assertRaises(UserError):
            budget.write({"state": "confirmed"})
        with self.assertRaises(UserError):
            self._create_budget(100.0, confirm=False, state="confirmed")

    def test_confirmed_is_locked(self):
        budget, _order = self._used_budget()
        line = budget.line_ids
        for record, values in (
            (budget, {"date_to": date(2027, 1, 1)}),
            (budget, {"state": "draft"}),
            (line, {"date_from": date(2026, 2, 1)}),
            (line, {"category_id": self.office.id}),
            (line, {"partner_id": self.vendor.id}),
            (line, {"amount_adjusted": 500.0}),
        ):
            with self.subTest(values=values), self.assertRaises(UserError):
                record.write(values)
        with self.assertRaises(UserError):
            line.unlink()
        with self.assertRaises(UserError):
            budget.unlink()
        with self.assertRaises(UserError):
            line.create({"budget_id": budget.id, "amount_planned": 1.0})
        with self.assertRaises(UserError):
            budget.action_draft()

    def test_draft_again_while_unused(self):
        budget = self._create_budget(100.0)
        budget.action_draft()
        self.assertEqual(budget.state, "draft")

    def test_planned_amount(self):
        budget, order = self._used_budget()
        line = budget.line_ids
        self._give(line, -400.0)
        with self.assertRaisesRegex(UserError, "600.00"):
            self._give(line, -0.01)
        messages = budget.message_ids
        self._loosen(line, tolerance_percent=10.0)
        self.assertIn("10.0", " ".join((budget.message_ids - messages).mapped("body")))
        self._give(line, -50.0)
        with self.assertRaises(UserError):
            line.tolerance_percent = 0.0
        self._give(line, 1450.0)
        order.order_line.price_unit = 2000.0
        self.assertAmounts(line, committed=2000.0)

    def test_blocking_again_needs_room(self):
        budget, order = self._used_budget()
        line = budget.line_ids
        self._loosen(line, control="warn")
        order.order_line.price_unit = 5000.0
        line.control = "block"
        with self.assertRaises(UserError), self.cr.savepoint():
            order.order_line.price_unit = 5000.01
        order.order_line.invalidate_recordset()
        order.order_line.price_unit = 4000.0
        self.assertAmounts(line, committed=4000.0)

    def test_closed_gives_nothing_more(self):
        budget, order = self._used_budget()
        budget.action_close()
        with self.assertRaisesRegex(UserError, "closed"):
            self._create_order((self.bread, 1, 1.0)).button_confirm()
        self._create_bill(order).action_post()
        self.assertAmounts(budget.line_ids, actual=600.0)
        budget.action_confirm()
        self._create_order((self.bread, 1, 1.0)).button_confirm()
        self.assertAmounts(budget.line_ids, committed=1.0, actual=600.0)

    def test_counts_what_exists(self):
        """A budget that starts late begins with what was ordered and billed before."""
        open_order = self._create_order((self.bread, 2, 300.0))
        billed_order = self._create_order((self.juice, 1, 700.0))
        outside = self._create_order((self.paper, 1, 50.0))
        (open_order | billed_order | outside).button_confirm()
        self._create_bill(billed_order).action_post()
        budget = self._create_budget(
            {"category_id": self.food.id, "amount_planned": 1000.0}
        )
        self.assertAmounts(budget.line_ids, committed=600.0, actual=700.0)
        self.assertEqual(budget.line_ids.amount_available, -300.0)
        with self.assertRaises(UserError):
            self._create_order((self.bread, 1, 1.0)).button_confirm()

    def test_more_specific_budget_takes_over(self):
        general = self._create_budget(1000.0)
        order = self._create_order((self.bread, 1, 600.0), (self.paper, 1, 10.0))
        order.button_confirm()
        self.assertAmounts(general.line_ids, committed=610.0)
        special = self._create_budget(
            {"category_id": self.food.id, "amount_planned": 700.0}, confirm=False
        )
        special.with_user(self._second_manager()).action_confirm()
        self.assertAmounts(general.line_ids, committed=10.0)
        self.assertAmounts(special.line_ids, committed=600.0)

    def test_nobody_makes_room_alone(self):
        """What relieves blocking lines is confirmed by who did not make it."""
        general = self._create_budget(1000.0)
        self._create_order((self.bread, 1, 600.0)).button_confirm()
        values = {"category_id": self.food.id, "amount_planned": 5000.0}
        special = self._create_budget(values, confirm=False)
        with self.assertRaises(UserError) as caught, self.cr.savepoint():
            special.action_confirm()
        for word in (special.name, "600.00", general.line_ids.display_name):
            self.assertIn(word, str(caught.exception))
        self.env.invalidate_all()
        self.assertEqual(special.state, "draft")
        self.assertAmounts(general.line_ids, committed=600.0)
        # Nor who only raised the amount of what another one made.
        manager = self._second_manager()
        special.line_ids.with_user(manager).amount_planned = 9000.0
        with self.assertRaises(UserError), self.cr.savepoint():
            special.with_user(manager).action_confirm()
        self.env.invalidate_all()
        third = self.env["res.users"].create(
            {
                "name": "Third",
                "login": "third_manager",
                "group_ids": manager.group_ids.ids,
                "company_id": self.company.id,
                "company_ids": self.company.ids,
            }
        )
        special.with_user(third).action_confirm()
        self.assertAmounts(general.line_ids)
        self.assertAmounts(special.line_ids, committed=600.0)
        # A line that only warns is relieved by anybody.
        self._loosen(special.line_ids, control="warn")
        beverage = self._create_budget(
            {
                "category_id": self.food.id,
                "partner_id": self.vendor.id,
                "amount_planned": 700.0,
            }
        )
        self.assertAmounts(beverage.line_ids, committed=600.0)

    def test_check_finds_differences(self):
        budget, order = self._used_budget()
        self.env.flush_all()
        self.cr.execute(
            "UPDATE jxc_budget_entry SET amount = amount - 1 WHERE line_id = %s",
            [budget.line_ids.id],
        )
        (difference,) = budget.action_recompute_check()
        self.assertEqual(difference["res_id"], order.id)
        self.assertEqual(difference["documents"], 600.0)
        self.assertEqual(difference["ledger"], 599.0)
        self.assertEqual(difference["difference"], 1.0)
        self.assertEqual(budget.action_show_check()["params"]["type"], "danger")

    def test_check_finds_uncounted_orders(self):
        budget = self._create_budget(1000.0)
        order = self._create_order((self.bread, 1, 600.0))
        self.env.flush_all()
        self.cr.execute(
            "UPDATE purchase_order SET state = 'purchase' WHERE id = %s", [order.id]
        )
        self.env.invalidate_all()
        (difference,) = budget.action_recompute_check()
        self.assertEqual(difference["difference"], 600.0)

    def test_ledger_is_append_only(self):
        budget, _order = self._used_budget()
        entry = budget.line_ids.entry_ids
        for refused in (
            lambda: entry.write({"amount": 1.0}),
            lambda: entry.sudo().write({"amount": 1.0}),
            lambda: entry.unlink(),
            lambda: entry.sudo().unlink(),
            lambda: entry.copy(),
            lambda: entry.sudo().with_context(jxc_budget_engine=True).copy(),
        ):
            with self.assertRaises(UserError):
                refused()
        self.assertEqual(entry.amount, 600.0)
        self.assertEqual(entry.document_name, _order.display_name)

    def test_two_companies(self):
        other = self.setup_other_company()["company"]
        budget = self._create_budget(1000.0)
        other_budget = self._create_budget(50.0, company_id=other.id)
        order = (
            self.env["purchase.order"]
            .with_company(other)
            .create(
                {
                    "partner_id": self.vendor.id,
                    "company_id": other.id,
                    "date_order": "2026-06-15 04:00:00",
                    "order_line": [
                        (
                            0,
                            0,
                            {
                                "product_id": self.bread.id,
                                "product_qty": 1,
                                "price_unit": 60,
                            },
                        ),
                    ],
                }
            )
        )
        order.sudo().jxc_import_number = "T1"
        order.order_line.tax_ids = False
        with self.assertRaises(UserError), self.cr.savepoint():
            order.button_confirm()
        order.order_line.price_unit = 40.0
        order.button_confirm()
        self.assertAmounts(other_budget.line_ids, committed=40.0)
        self.assertAmounts(budget.line_ids)

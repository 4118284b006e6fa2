# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from datetime import date, datetime

from freezegun import freeze_time
from lxml import etree

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import new_test_user, tagged
from odoo.tools.safe_eval import safe_eval

from .change_common import BudgetChangeCommon


@tagged("post_install", "-at_install")
@freeze_time("2026-06-15 04:00:00")
class TestBudgetChanges(BudgetChangeCommon):
    """Transfers, additions, cuts and carry-forwards: documents with approval."""

    def test_transfer(self):
        change = self._change("transfer", 300.0, self.food_line, self.office_line)
        self.assertTrue(change.name.startswith("BC/"))
        change.action_submit()
        self.assertEqual(self.food_line.amount_adjusted, 0.0)
        change.with_user(self._second_manager()).action_approve()
        self.assertEqual(change.approved_by_id, self._second_manager())
        self.assertEqual(self.food_line.amount_adjusted, -300.0)
        self.assertEqual(self.office_line.amount_adjusted, 300.0)
        self.assertAmounts(self.office_line)
        self.assertEqual(self.office_line.amount_planned, 100.0)
        self._create_order((self.paper, 1, 400.0)).button_confirm()
        with self.assertRaises(UserError):
            self._create_order((self.bread, 1, 700.01)).button_confirm()

    def test_addition_and_cut(self):
        self._decide(self._change("addition", 50.0, target=self.office_line))
        self._decide(self._change("cut", 20.0, source=self.office_line))
        self.assertEqual(self.office_line.amount_adjusted, 30.0)
        self.assertAmounts(self.office_line)

    def test_cut_not_below_use(self):
        self._create_order((self.bread, 1, 700.0)).button_confirm()
        change = self._change("cut", 300.01, source=self.food_line)
        change.action_submit()
        with self.assertRaisesRegex(UserError, "700.00"), self.cr.savepoint():
            change.with_user(self._second_manager()).action_approve()
        change.invalidate_recordset()
        self.assertEqual(change.state, "submitted")
        self.assertAmounts(self.food_line, committed=700.0)
        change.action_draft()
        change.line_ids.amount = 300.0
        self._decide(change)
        self.assertEqual(self.food_line.amount_available, 0.0)

    def test_cut_not_below_use_of_warning_line(self):
        self._loosen(self.food_line, control="warn")
        self._create_order((self.bread, 1, 1200.0)).button_confirm()
        change = self._change("cut", 1.0, source=self.food_line)
        change.action_submit()
        with self.assertRaises(UserError):
            change.with_user(self._second_manager()).action_approve()

    def test_cut_respects_reservations(self):
        self._create_request((self.bread, 1, 900.0)).action_submit()
        change = self._change("cut", 101.0, source=self.food_line)
        change.action_submit()
        with self.assertRaises(UserError):
            change.with_user(self._second_manager()).action_approve()

    def test_nobody_approves_the_own_change(self):
        change = self._change("addition", 50.0, target=self.office_line)
        change.action_submit()
        self.assertFalse(change.can_approve)
        with self.assertRaises(AccessError):
            change.action_approve()
        with self.assertRaises(AccessError):
            change.with_user(self.buyer).action_approve()

    def test_buyer_asks(self):
        change = self._change("addition", 5.0, target=self.office_line, user=self.buyer)
        change.action_submit()
        change.action_draft()
        change.line_ids.amount = 6.0
        change.action_submit()
        change.with_env(self.env).action_approve()
        self.assertEqual(self.office_line.amount_adjusted, 6.0)
        theirs = self._change("addition", 5.0, target=self.office_line)
        with self.assertRaises(AccessError):
            theirs.with_user(self.buyer).reason = "mine"

    def test_state_is_not_written(self):
        change = self._change("addition", 50.0, target=self.office_line)
        for values in (
            {"state": "approved"},
            {"state": "submitted"},
            {"approved_by_id": self.env.uid},
            {"user_id": self.buyer.id},
        ):
            with self.subTest(values=values), self.assertRaises(AccessError):
                change.with_user(self.buyer).sudo(False).write(values)
            with self.subTest(values=values), self.assertRaises(AccessError):
                change.with_user(self._second_manager()).write(values)
        with self.assertRaises(AccessError):
            self._change(
                "addition",
                5.0,
                target=self.office_line,
                user=self.buyer,
                state="approved",
            )
        forged = self.env["jxc.purchase.budget.transfer"].with_user(self.buyer)
        made = forged.with_context(default_state="approved").create(
            {"reason": "x", "company_id": self.company.id}
        )
        self.assertEqual(made.state, "draft")
        self.assertEqual(self.office_line.amount_adjusted, 0.0)

    def test_submitted_is_settled(self):
        change = self._change("addition", 50.0, target=self.office_line)
        change.action_submit()
        manager = self._second_manager()
        for record, values in (
            (change, {"reason": "other"}),
            (change, {"kind": "cut"}),
            (change, {"line_ids": [Command.clear()]}),
            (change.line_ids, {"amount": 5000.0}),
        ):
            with self.subTest(values=values), self.assertRaises(UserError):
                record.with_user(manager).write(values)
        with self.assertRaises(AccessError):
            change.with_user(manager).write({"state": "draft"})
        with self.assertRaises(UserError):
            change.with_user(manager).line_ids.create(
                {"transfer_id": change.id, "amount": 1.0}
            )
        with self.assertRaises(UserError):
            change.with_user(manager).line_ids.unlink()
        with self.assertRaises(UserError):
            change.unlink()

    def test_incomplete_is_refused(self):
        for change in (
            self._change("transfer", 5.0, self.food_line),
            self._change("transfer", 0.0, self.food_line, self.office_line),
            self._change("transfer", 5.0, self.food_line, self.food_line),
            self._change("addition", 5.0, self.food_line, self.office_line),
            self._change("cut", 5.0),
            self._change("carry", 5.0, self.food_line, self.office_line),
        ):
            with self.subTest(kind=change.kind), self.assertRaises(UserError):
                change.action_submit()

    def test_copy_of_others(self):
        """Who copies somebody's change asks for the copy, and starts anew."""
        change = self._change("addition", 50.0, target=self.office_line)
        self._decide(change)
        other = self._second_manager()
        copied = change.with_user(other).copy()
        self.assertEqual((copied.user_id, copied.state), (other, "draft"))
        self.assertEqual(copied.line_ids.amount, 50.0)
        self.assertNotEqual(copied.name, change.name)
        self.assertFalse(copied.approved_by_id or copied.submitted_by_id)

    def test_adjusted_is_checked(self):
        self._decide(self._change("addition", 50.0, target=self.office_line))
        self.env.flush_all()
        self.cr.execute(
            "UPDATE jxc_purchase_budget_line SET amount_adjusted = 60 WHERE id = %s",
            [self.office_line.id],
        )
        self.office_line.invalidate_recordset()
        [difference] = self.budget.action_recompute_check()
        self.assertEqual(difference["stage"], "adjusted")
        self.assertEqual(difference["difference"], -10.0)

    def test_adjusted_cannot_be_emptied(self):
        self._decide(self._change("addition", 50.0, target=self.office_line))
        with self.assertRaises(UserError):
            self.office_line.amount_adjusted = 0.0

    def test_other_company(self):
        other = self.env["res.company"].create({"name": "Elsewhere"})
        self.env.user.company_ids += other
        theirs = self._create_budget(100.0, company_id=other.id)
        with self.assertRaises(UserError):
            self._change("transfer", 5.0, self.food_line, theirs.line_ids)
        stranger = new_test_user(
            self.env,
            "change_stranger",
            groups="jxc_base.group_budget_manager",
            company_id=other.id,
        )
        change = self._change("addition", 5.0, target=self.office_line)
        with self.assertRaises(AccessError):
            change.with_user(stranger).read(["reason"])

    # -- carry forward ----------------------------------------------------------

    def _next_year(self, planned=0.0):
        return self._create_budget(
            {"category_id": self.food.id, "amount_planned": planned},
            {"category_id": self.office.id, "amount_planned": planned},
            date_from=date(2027, 1, 1),
            date_to=date(2027, 12, 31),
        )

    def _carry(self, target, **values):
        wizard = self.env["jxc.purchase.budget.carry"].create(
            {"budget_from_id": self.budget.id, "budget_to_id": target.id, **values}
        )
        action = wizard.action_prepare()
        return self.env[action["res_model"]].browse(action["res_id"])

    def test_an_empty_wizard_offers_budgets(self):
        """Opened from the menu, before anything tells the company."""
        wizard = self.env["jxc.purchase.budget.carry"]
        fields = wizard.fields_get(["budget_from_id", "budget_to_id"], ["domain"])
        domain = safe_eval(
            str(fields["budget_from_id"].get("domain") or []), {"company_id": False}
        )
        self.assertIn(self.budget, self.env["jxc.purchase.budget"].search(domain))
        domain = safe_eval(
            fields["budget_to_id"]["domain"], {"company_id": self.company.id}
        )
        self.assertIn(self.budget, self.env["jxc.purchase.budget"].search(domain))

    def test_carry_stays_in_the_company(self):
        other = self.env["res.company"].create({"name": "Elsewhere"})
        self.env.user.company_ids += other
        theirs = self._create_budget(100.0, company_id=other.id)
        with self.assertRaises(UserError):
            self._carry(theirs)

    def test_carry_commitments_and_rest(self):
        order = self._create_order((self.bread, 10, 60.0), (self.paper, 1, 30.0))
        order.button_confirm()
        food, paper = order.order_line
        self._create_bill(order, {food: 4}).action_post()
        request = self._create_request((self.bread, 1, 50.0))
        request.action_submit()
        target = self._next_year()
        new_food, new_office = target.line_ids.sorted("id")
        self.budget.action_close()
        change = self._carry(target)
        # Closed budgets give what they have left as well.
        self.assertEqual(change.kind, "carry")
        self.assertEqual(sorted(change.line_ids.mapped("amount")), [100.0, 760.0])
        self._decide(change)
        self.assertAmounts(self.food_line, actual=240.0)
        self.assertAmounts(self.office_line)
        self.assertAmounts(new_food, committed=360.0, reserved=50.0)
        self.assertAmounts(new_office, committed=30.0)
        self.assertEqual(new_food.amount_available, 350.0)
        self.assertEqual(self.food_line.amount_available, 0.0)
        # What is billed in the new year is used there.
        late = self._create_bill(order, {food: 6})
        late.invoice_date = date(2027, 1, 20)
        late.action_post()
        self.assertAmounts(new_food, actual=360.0, reserved=50.0)
        self.assertAmounts(self.food_line, actual=240.0)
        order.order_line[1].price_unit = 100.0
        self.assertAmounts(new_office, committed=100.0)
        self.assertTrue(paper.jxc_budget_date)

    def test_carry_of_the_rest_leaves_commitments_behind(self):
        """Of 1,000: 240 used, 360 ordered, 50 asked for; only 350 move."""
        order = self._create_order((self.bread, 10, 60.0))
        order.button_confirm()
        self._create_bill(order, {order.order_line: 4}).action_post()
        self._create_request((self.bread, 1, 50.0)).action_submit()
        target = self._next_year()
        new_food, new_office = target.line_ids.sorted("id")
        change = self._carry(target, carry_commitments=False)
        self.assertFalse(change.carry_commitments)
        self.assertEqual(sorted(change.line_ids.mapped("amount")), [100.0, 350.0])
        self._decide(change)
        self.assertAmounts(self.food_line, actual=240.0, committed=360.0, reserved=50.0)
        self.assertEqual(self.food_line.amount_available, 0.0)
        self.assertAmounts(new_food)
        self.assertAmounts(new_office)
        self.assertEqual(new_food.amount_available, 350.0)
        self.assertFalse(order.order_line.jxc_budget_date)
        # What is billed later is still used where it was ordered.
        late = self._create_bill(order, {order.order_line: 6})
        late.invoice_date = date(2027, 1, 20)
        late.action_post()
        self.assertAmounts(self.food_line, actual=600.0, reserved=50.0)
        self.assertAmounts(new_food)

    def test_carry_without_amounts_needs_room(self):
        self._create_order((self.bread, 1, 600.0)).button_confirm()
        target = self._next_year(500.0)
        change = self._carry(target, carry_unspent=False)
        self.assertEqual(change.line_ids.amount, 600.0)
        change.line_ids.amount = 0.0
        change.action_submit()
        with self.assertRaises(UserError), self.cr.savepoint():
            change.with_user(self._second_manager()).action_approve()
        change.invalidate_recordset()
        change.action_draft()
        change.line_ids.amount = 100.0
        self._decide(change)
        new_food = target.line_ids.sorted("id")[0]
        self.assertAmounts(new_food, committed=600.0)
        self.assertEqual(new_food.amount_available, 0.0)
        self.assertEqual(self.food_line.amount_available, 900.0)

    def test_carry_to_the_next_month(self):
        budget = self._create_budget(
            *(
                {
                    "partner_id": self.other_vendor.id,
                    "date_from": date(2026, month, 1),
                    "date_to": date(2026, month, 28),
                    "amount_planned": 100.0,
                }
                for month in (1, 2, 3)
            )
        )
        first, second, third = budget.line_ids.sorted("date_from")
        order = self._create_order(
            (self.bread, 1, 70.0),
            partner_id=self.other_vendor.id,
            date_order=datetime(2026, 1, 10),
        )
        order.button_confirm()
        wizard = self.env["jxc.purchase.budget.carry"].create(
            {
                "budget_from_id": budget.id,
                "budget_to_id": budget.id,
                "date_until": date(2026, 2, 28),
            }
        )
        change = self.env["jxc.purchase.budget.transfer"].browse(
            wizard.action_prepare()["res_id"]
        )
        self._decide(change)
        self.assertAmounts(first)
        self.assertAmounts(third, committed=70.0)
        self.assertEqual(third.amount_available, 230.0)
        self.assertEqual(second.amount_available, 0.0)

    def test_nothing_to_carry(self):
        target = self._next_year()
        for line in self.budget.line_ids:
            self._give(line, -line.amount_planned)
        with self.assertRaises(UserError):
            self._carry(target)

    def test_carried_day_cannot_be_written(self):
        order = self._create_order((self.bread, 1, 60.0))
        with self.assertRaises(UserError):
            order.order_line.with_user(self.buyer).jxc_budget_date = date(2031, 1, 1)
        lines = order.order_line.with_user(self.buyer)
        line = lines.with_context(default_jxc_budget_date="2031-01-01").create(
            {"order_id": order.id, "product_id": self.bread.id, "product_qty": 1}
        )
        self.assertFalse(line.jxc_budget_date)

    def test_executive_sees_no_buttons(self):
        """Who may only read a change is offered no step in its header."""
        header = {"action_submit", "action_draft", "action_cancel"}
        executive = new_test_user(
            self.env, "change_executive", groups="jxc_base.group_executive"
        )
        for user, shown in ((executive, set()), (self._second_manager(), header)):
            views = self.env["jxc.purchase.budget.transfer"].with_user(user)
            arch = etree.fromstring(views.get_view(view_type="form")["arch"])
            buttons = set(arch.xpath("//header/button/@name"))
            self.assertEqual(buttons & header, shown, user.login)

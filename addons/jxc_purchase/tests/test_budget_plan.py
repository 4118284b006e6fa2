# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from freezegun import freeze_time

from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import Form, tagged

from .change_common import BudgetChangeCommon


@tagged("post_install", "-at_install")
@freeze_time("2026-06-15 04:00:00")
class TestBudgetPlan(BudgetChangeCommon):
    """The plan of a confirmed budget stays; its changes are documents."""

    def test_plan_stays_for_everybody(self):
        """Also for the administrator, without any tier, up and down, budget by line."""
        manager = self._second_manager()
        for line in (
            self.food_line,
            self.food_line.sudo(),
            self.food_line.with_user(manager),
            self.food_line.with_context(default_state="draft", install_mode=True),
        ):
            for amount in (999.99, 1000.01, 0.0, False):
                with (
                    self.subTest(user=line.env.user.login, amount=amount),
                    self.assertRaisesRegex(UserError, "its plan of"),
                ):
                    line.write({"amount_planned": amount})
        for state in ("confirmed", "closed"):
            with (
                self.subTest(state=state),
                self.assertRaisesRegex(UserError, "plan of"),
            ):
                self.budget.write(
                    {
                        "line_ids": [
                            Command.update(self.food_line.id, {"amount_planned": 2000})
                        ]
                    }
                )
            if state == "confirmed":
                self.budget.action_close()
        self.assertEqual(self.food_line.amount_planned, 1000.0)

    def test_refusal_names_the_way(self):
        with self.assertRaises(UserError) as raised:
            self.budget.line_ids.write({"amount_planned": 250.0})
        first, second = str(raised.exception).splitlines()
        for word in (self.budget.name, "Food", "1,000.00", "250.00", "Cut", "750.00"):
            self.assertIn(word, first)
        for word in ("Office", "100.00", "Addition", "150.00", "approves"):
            self.assertIn(word, second)

    def test_same_amount_is_no_change(self):
        """Forms and imports send back what they have read."""
        self.food_line.write({"amount_planned": 1000.0, "warn_percent": 70.0})
        self.assertEqual(self.food_line.warn_percent, 70.0)

    def test_import_changes_no_plan(self):
        [xmlid] = self.food_line.export_data([".id"])["datas"]
        result = self.env["jxc.purchase.budget.line"].load(
            [".id", "amount_planned"], [[xmlid[0], "5000"]]
        )
        self.assertFalse(result["ids"])
        self.assertIn("its plan of", result["messages"][0]["message"])
        self.assertEqual(self.food_line.amount_planned, 1000.0)

    def test_no_line_comes_to_a_confirmed_budget(self):
        """Neither as a new one nor from a draft."""
        draft = self._create_budget(
            {"category_id": self.drinks.id, "amount_planned": 500.0}, confirm=False
        )
        for values in (
            [Command.create({"amount_planned": 5.0})],
            [Command.create({"amount_planned": 0.0})],
            [Command.link(draft.line_ids.id)],
            [Command.set([*self.budget.line_ids.ids, draft.line_ids.id])],
        ):
            with self.subTest(values=values), self.assertRaises(UserError):
                self.budget.write({"line_ids": values})
        line = draft.line_ids
        with self.assertRaisesRegex(UserError, "another budget"):
            line.budget_id = self.budget
        self.env.invalidate_all(flush=False)
        self.assertEqual(line.budget_id, draft)

    def test_draft_and_copy_are_free(self):
        copied = self.budget.copy({"name": "Next"})
        self.assertEqual(copied.state, "draft")
        copied.line_ids.amount_planned = 5.0
        self.budget.action_draft()
        self.food_line.amount_planned = 1200.0
        self.assertEqual(self.food_line.amount_planned, 1200.0)

    def test_from_line_to_change(self):
        """The button opens an addition; as a cut the line changes sides."""
        action = self.food_line.action_change()
        form = Form(self.env[action["res_model"]].with_context(**action["context"]))
        form.reason = "Summer"
        self.assertEqual(form.kind, "addition")
        with form.line_ids.edit(0) as line:
            self.assertEqual(line.line_to_id, self.food_line)
            line.amount = 50.0
        form.kind = "cut"
        with form.line_ids.edit(0) as line:
            self.assertEqual(line.line_from_id, self.food_line)
            self.assertFalse(line.line_to_id)
        form.kind = "addition"
        change = form.save()
        self.assertEqual(change.company_id, self.company)
        self._decide(change)
        self.assertEqual(self.food_line.amount_adjusted, 50.0)
        self.assertEqual(self.food_line.amount_planned, 1000.0)

    def test_changes_of_a_budget(self):
        other = self._create_budget(
            {"partner_id": self.vendor.id, "amount_planned": 10.0}
        )
        change = self._change("transfer", 5.0, self.food_line, other.line_ids)
        self._change("addition", 5.0, target=self.office_line).action_cancel()
        for budget in self.budget, other:
            self.assertEqual(budget.change_count, 1)
            action = budget.action_open_changes()
            found = self.env[action["res_model"]].search(action["domain"])
            self.assertEqual(found, change)
        self.assertEqual(
            self.budget.action_change()["context"]["default_company_id"],
            self.company.id,
        )

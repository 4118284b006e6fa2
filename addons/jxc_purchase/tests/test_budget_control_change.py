# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged

from .change_common import BudgetChangeCommon

WIDER = (
    {"tolerance_percent": 0.01},
    {"control": "warn"},
    {"control": "none"},
    {"control_request": "none"},
    {"control_order": "warn"},
    {"control_bill": "none"},
)


@tagged("post_install", "-at_install")
@freeze_time("2026-06-15 04:00:00")
class TestBudgetControlChange(BudgetChangeCommon):
    """What a confirmed line lets through grows by documents only."""

    def test_nobody_loosens_alone(self):
        """Not the administrator either, by no way, with or without tiers."""
        budget, line = self.budget, self.food_line
        for state in ("confirmed", "closed"):
            for values in WIDER:
                for user in (self.env.user, self._second_manager()):
                    for wider in (
                        lambda: line.with_user(user).write(values),  # noqa: B023
                        lambda: line.sudo().write(values),  # noqa: B023
                        lambda: budget.with_user(user).write(  # noqa: B023
                            {"line_ids": [Command.update(line.id, values)]}  # noqa: B023
                        ),
                    ):
                        with (
                            self.subTest(state=state, values=values),
                            self.assertRaisesRegex(UserError, "let more through"),
                        ):
                            wider()
            if state == "confirmed":
                budget.action_close()
        [[number]] = line.export_data([".id"])["datas"]
        result = line.load([".id", "tolerance_percent"], [[number, "5"]])
        self.assertIn("let more through", result["messages"][0]["message"])
        self.assertEqual((line.control, line.tolerance_percent), ("block", 0.0))

    def test_narrower_is_free_while_it_fits(self):
        self._loosen(self.food_line, tolerance_percent=10.0, control_order="warn")
        self._create_request((self.bread, 1, 1100.0)).action_submit()
        with self.assertRaisesRegex(UserError, "lower than what is used"):
            self.food_line.tolerance_percent = 9.0
        self.food_line.control_order = "block"
        self.assertEqual(self.food_line.control_order, "block")

    def test_document_starts_from_what_the_line_has(self):
        change = self._change("control", 0.0, target=self.food_line)
        line = change.line_ids
        self.assertEqual((line.control, line.tolerance_percent), ("block", 0.0))
        with self.assertRaisesRegex(UserError, "than now"):
            change.action_submit()
        line.tolerance_percent = 5.0
        change.action_submit()
        with self.assertRaises(AccessError):
            change.action_approve()
        self.assertEqual(self.food_line.tolerance_percent, 0.0)
        change.with_user(self._second_manager()).action_approve()
        self.assertEqual(self.food_line.tolerance_percent, 5.0)
        self.assertEqual(self.food_line.control, "block")
        self.assertEqual(self.food_line.amount_adjusted, 0.0)
        told = " ".join(self.budget.message_ids.mapped("body"))
        self.assertIn("tolerance 5.0%", told)
        self.assertIn(change.name, told)
        with self.assertRaises(UserError):
            line.tolerance_percent = 50.0

    def test_amount_for_the_tiers(self):
        """What the line lets through: so much, or without a limit all of it."""
        for limits, amount in (
            ({"tolerance_percent": 5.0}, 50.0),
            ({"control_order": "none"}, 1000.0),
            ({"control": "warn", "tolerance_percent": 5.0}, 1000.0),
            ({"control_order": "block"}, 0.0),
        ):
            change = self._change("control", 0.0, target=self.food_line)
            change.line_ids.write(limits)
            self.assertAlmostEqual(change.amount_total, amount, 2, limits)

    def test_a_document_may_narrow_only_what_fits(self):
        self._loosen(self.food_line, tolerance_percent=10.0)
        self._create_request((self.bread, 1, 1100.0)).action_submit()
        change = self._change("control", 0.0, target=self.food_line)
        change.line_ids.tolerance_percent = 5.0
        change.action_submit()
        with self.assertRaisesRegex(UserError, "lower than what is used"):
            change.with_user(self._second_manager()).action_approve()

    def test_a_change_of_control_moves_no_money(self):
        for change, word in (
            (self._change("control", 5.0, target=self.food_line), "no amount"),
            (
                self._change("control", 0.0, self.office_line, self.food_line),
                "one budget line",
            ),
            (self._change("control", 0.0), "receives"),
        ):
            with self.assertRaisesRegex(UserError, word):
                change.action_submit()

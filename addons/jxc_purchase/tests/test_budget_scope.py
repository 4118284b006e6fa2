# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from datetime import date, datetime

from freezegun import freeze_time

from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged

from ..tools.periods import periods
from .common import PurchaseBudgetCommon

MONTHS = (
    (date(2026, 1, 1), date(2026, 1, 31)),
    (date(2026, 2, 1), date(2026, 2, 28)),
    (date(2026, 3, 1), date(2026, 3, 31)),
)


@tagged("post_install", "-at_install")
class TestBudgetScope(PurchaseBudgetCommon):
    """Each period on its own, cumulative to date, the whole budget."""

    def _monthly(self, scope):
        """A budget of 100 a month for food, and one of 100 a month for the rest."""
        budget = self._create_budget(
            *(
                {
                    "date_from": start,
                    "date_to": end,
                    "amount_planned": 100.0,
                    "category_id": category,
                }
                for category in (self.food.id, False)
                for start, end in MONTHS
            ),
            check_scope=scope,
        )
        return budget.line_ids.sorted("id")[:3]

    def _spend(self, month, amount, product=None):
        order = self._create_order(
            (product or self.bread, 1, amount), date_order=datetime(2026, month, 15)
        )
        order.button_confirm()
        return order

    def _refused(self, month, amount):
        with self.assertRaises(UserError) as caught, self.cr.savepoint():
            self._spend(month, amount)
        return str(caught.exception)

    def test_period(self):
        lines = self._monthly("period")
        self._spend(2, 100.0)
        self._refused(2, 0.01)
        self._refused(3, 100.01)
        self.assertAmounts(lines[1], committed=100.0)

    def test_cumulative(self):
        lines = self._monthly("cumulative")
        self._spend(2, 200.0)
        message = self._refused(2, 0.01)
        self.assertIn("200.00", message)
        self._spend(3, 90.0)
        self.assertAmounts(lines[1], committed=200.0)
        self._spend(3, 10.0)
        self._refused(3, 0.01)

    def test_cumulative_leaves_nothing_for_the_past(self):
        """What February took of January cannot be spent in January any more."""
        self._monthly("cumulative")
        self._spend(2, 150.0)
        self._refused(1, 50.01)
        self._spend(1, 50.0)
        self._refused(1, 0.01)

    def test_whole_budget(self):
        lines = self._monthly("year")
        self._spend(1, 250.0)
        self._refused(3, 50.01)
        self._spend(3, 50.0)
        self._refused(1, 0.01)
        self.assertAmounts(lines[0], committed=250.0)

    def _eighteen_months(self):
        """A budget of 100 a quarter over six quarters, by the whole year."""
        budget = self._create_budget(
            *(
                {"date_from": start, "date_to": end, "amount_planned": 100.0}
                for start, end in periods(date(2026, 1, 1), date(2027, 6, 30), 3)
            ),
            date_to=date(2027, 6, 30),
            check_scope="year",
        )
        return budget.line_ids.sorted("date_from")

    def _spend_on(self, day, amount):
        order = self._create_order((self.bread, 1, amount), date_order=day)
        order.button_confirm()

    def _refused_on(self, day, amount):
        with self.assertRaises(UserError), self.cr.savepoint():
            self._spend_on(day, amount)

    def test_each_year_for_itself(self):
        """Eighteen months are two years: 400 of the first, 200 of the second."""
        lines = self._eighteen_months()
        march, november = datetime(2026, 3, 15), datetime(2026, 11, 15)
        may = datetime(2027, 5, 15)
        self._refused_on(march, 400.01)
        self._spend_on(march, 350.0)
        self._refused_on(november, 50.01)
        self._refused_on(may, 200.01)
        self._spend_on(may, 200.0)
        self._spend_on(november, 50.0)
        self._refused_on(november, 0.01)
        self._refused_on(datetime(2027, 1, 15), 0.01)
        self.assertAmounts(lines[0], committed=350.0)
        self.assertAmounts(lines[3], committed=50.0)
        self.assertAmounts(lines[5], committed=200.0)
        # What the second year has left does not make room in the first, either.
        self._give(lines[5], 70.0)
        self._refused_on(november, 0.01)
        self._spend_on(datetime(2027, 1, 15), 70.0)

    def test_fiscal_year_of_the_company(self):
        """A year to the end of June has the last two quarters and the next two."""
        self.company.write({"fiscalyear_last_month": "6", "fiscalyear_last_day": 30})
        self._eighteen_months()
        february = datetime(2026, 2, 15)
        september = datetime(2026, 9, 15)
        may = datetime(2027, 5, 15)
        self._refused_on(february, 200.01)
        self._spend_on(february, 200.0)
        self._spend_on(may, 350.0)
        self._refused_on(september, 50.01)
        self._spend_on(september, 50.0)
        self._refused_on(may, 0.01)

    def test_hint_of_the_second_year(self):
        self._eighteen_months()
        self._spend_on(datetime(2026, 3, 15), 400.0)
        order = self._create_order(
            (self.bread, 1, 150.0), date_order=datetime(2027, 2, 15)
        )
        self.assertEqual(order.jxc_budget_state, "ok")
        order.order_line.price_unit = 200.01
        self.assertEqual(order.jxc_budget_state, "over")

    def test_no_line_is_of_two_years(self):
        with self.assertRaisesRegex(ValidationError, "one line for each year"):
            self._create_budget(
                100.0, date_to=date(2027, 6, 30), check_scope="year", confirm=False
            )
        budget = self._create_budget(
            100.0, date_to=date(2027, 6, 30), check_scope="cumulative", confirm=False
        )
        with self.assertRaises(ValidationError):
            budget.check_scope = "year"

    def test_generate_fiscal_years(self):
        self.company.write({"fiscalyear_last_month": "3", "fiscalyear_last_day": 31})
        budget = self._create_budget(
            date_to=date(2027, 6, 30), check_scope="year", confirm=False
        )
        self.assertEqual(
            self._generate(budget, period="year").mapped("date_from"),
            [date(2026, 1, 1), date(2026, 4, 1), date(2027, 4, 1)],
        )

    def test_other_dimensions_are_apart(self):
        self._monthly("year")
        self._spend(1, 300.0, self.paper)
        self._spend(1, 300.0)

    def test_warning_is_judged_over_the_scope(self):
        lines = self._monthly("year")
        self._spend(1, 200.0)
        self.assertFalse(lines.budget_id.activity_ids)
        self._spend(1, 45.0)
        self.assertTrue(lines.budget_id.activity_ids)

    def test_hint_is_judged_over_the_scope(self):
        self._monthly("cumulative")
        order = self._create_order(
            (self.bread, 1, 150.0), date_order=datetime(2026, 2, 15)
        )
        self.assertEqual(order.jxc_budget_state, "ok")
        order.order_line.price_unit = 201.0
        self.assertEqual(order.jxc_budget_state, "over")

    def test_limit_cannot_fall_below_what_later_periods_use(self):
        lines = self._monthly("cumulative")
        self._spend(2, 150.0)
        with self.assertRaises(UserError), self.cr.savepoint():
            self._give(lines[0], -51.0)
        lines[0].invalidate_recordset()
        self._give(lines[0], -50.0)

    def test_scope_is_fixed(self):
        lines = self._monthly("year")
        with self.assertRaises(UserError):
            lines.budget_id.check_scope = "period"

    # -- lines by wizard -------------------------------------------------------

    def _generate(self, budget, **values):
        wizard = self.env["jxc.purchase.budget.generate"].create(
            {"budget_id": budget.id, "amount": 1000.0, **values}
        )
        wizard.action_generate()
        return budget.line_ids

    def test_generate_months(self):
        budget = self._create_budget(confirm=False)
        lines = self._generate(
            budget,
            category_ids=[(6, 0, (self.food | self.office).ids)],
            amount_is="dimension",
        )
        self.assertEqual(len(lines), 24)
        food = lines.filtered(lambda line: line.category_id == self.food)
        self.assertEqual(round(sum(food.mapped("amount_planned")), 2), 1000.0)
        self.assertEqual(min(food.mapped("date_from")), date(2026, 1, 1))
        self.assertEqual(max(food.mapped("date_to")), date(2026, 12, 31))
        budget.action_confirm()

    def test_generate_years(self):
        budget = self._create_budget(date_to=date(2027, 6, 30), confirm=False)
        lines = self._generate(budget, period="year").sorted("date_from")
        self.assertEqual(
            [(line.date_from, line.date_to) for line in lines],
            [
                (date(2026, 1, 1), date(2026, 12, 31)),
                (date(2027, 1, 1), date(2027, 6, 30)),
            ],
        )
        budget.action_confirm()
        self._create_order((self.bread, 1, 60.0)).button_confirm()
        self.assertAmounts(lines[0], committed=60.0)
        self.assertAmounts(lines[1])

    def test_generate_quarters_and_free_dates(self):
        budget = self._create_budget(confirm=False)
        lines = self._generate(
            budget, period="quarter", partner_ids=[(6, 0, self.vendor.ids)]
        )
        self.assertEqual(lines.mapped("amount_planned"), [1000.0] * 4)
        self.assertEqual(
            [(line.date_from, line.date_to) for line in lines.sorted("date_from")],
            [
                (date(2026, 1, 1), date(2026, 3, 31)),
                (date(2026, 4, 1), date(2026, 6, 30)),
                (date(2026, 7, 1), date(2026, 9, 30)),
                (date(2026, 10, 1), date(2026, 12, 31)),
            ],
        )
        quarters = lines
        lines = self._generate(
            budget,
            period="free",
            date_from=date(2026, 2, 3),
            date_to=date(2026, 3, 4),
        )
        self.assertEqual(len(lines), 5)
        free = lines - quarters
        self.assertEqual(
            (free.date_from, free.date_to), (date(2026, 2, 3), date(2026, 3, 4))
        )
        self.assertFalse(free.partner_id)

    def test_generate_for_drafts_only(self):
        budget = self._create_budget(100.0)
        with self.assertRaises(UserError):
            self._generate(budget)

    # -- long ledgers -----------------------------------------------------------

    def test_folded_entries_count_the_same(self):
        lines = self._monthly("period")
        order = self._spend(1, 60.0)
        entries = self.env["jxc.budget.entry"]
        last = max(entries.search([]).ids)
        self.env["jxc.budget.balance"]._fold(last, at_least=1)
        balance = self.env["jxc.budget.balance"].search([("line_id", "=", lines[0].id)])
        self.assertEqual(balance.amount_committed, 60.0)
        self.assertAmounts(lines[0], committed=60.0)
        self._refused(1, 40.01)
        self._spend(1, 40.0)
        self.env["jxc.budget.balance"]._fold(max(entries.search([]).ids), at_least=1)
        order.button_cancel()
        self.assertAmounts(lines[0], committed=40.0)
        self._spend(1, 60.0)
        self._refused(1, 0.01)

    def test_vendor_gets_a_parent(self):
        """Budgets by vendor follow the company that a vendor comes to belong to."""
        budget = self._create_budget(
            {"amount_planned": 500.0},
            {"partner_id": self.other_vendor.id, "amount_planned": 60.0},
        )
        rest, group = budget.line_ids.sorted("id")
        order = self._create_order((self.bread, 2, 25.0))
        order.button_confirm()
        self._create_bill(order, {order.order_line: 1}).action_post()
        self._create_request(
            (self.bread, 1, 10.0, {"vendor_id": self.vendor.id})
        ).action_submit()
        self.assertAmounts(rest, committed=25.0, actual=25.0, reserved=10.0)
        self.vendor.parent_id = self.other_vendor
        self.assertAmounts(rest)
        self.assertAmounts(group, committed=25.0, actual=25.0, reserved=10.0)
        self.vendor.parent_id = False
        self.assertAmounts(rest, committed=25.0, actual=25.0, reserved=10.0)
        self._give(group, -10.0)
        with self.assertRaises(UserError), self.cr.savepoint():
            self.vendor.parent_id = self.other_vendor

    def test_vendors_are_merged(self):
        """The platform moves what was bought by SQL; budgets follow all the same."""
        budget = self._create_budget(
            {"amount_planned": 500.0},
            {"partner_id": self.other_vendor.id, "amount_planned": 60.0},
        )
        rest, group = budget.line_ids.sorted("id")
        contact = self.vendor.create({"name": "Desk", "parent_id": self.vendor.id})
        order = self._create_order((self.bread, 2, 25.0))
        order.button_confirm()
        self._create_bill(order, {order.order_line: 1}).action_post()
        self._create_order((self.bread, 1, 5.0), partner_id=contact.id).button_confirm()
        self._create_request(
            (self.bread, 1, 10.0, {"vendor_id": self.vendor.id})
        ).action_submit()
        self.assertAmounts(rest, committed=30.0, actual=25.0, reserved=10.0)
        merging = self.env["base.partner.merge.automatic.wizard"]
        both = self.vendor | self.other_vendor
        with self.assertRaisesRegex(UserError, "does not suffice"), self.cr.savepoint():
            merging._merge(both.ids, self.other_vendor)
        self.env.invalidate_all()
        self._give(group, 5.0)
        merging._merge(both.ids, self.other_vendor)
        self.assertAmounts(rest)
        self.assertAmounts(group, committed=30.0, actual=25.0, reserved=10.0)
        self._create_bill(order, {order.order_line: 1}).action_post()
        self.assertAmounts(group, committed=5.0, actual=50.0, reserved=10.0)

    def test_budget_lines_of_merged_vendors(self):
        """The line moves with its vendor; two of one vendor would be ambiguous."""
        first = self._create_budget(
            {"amount_planned": 500.0},
            {"partner_id": self.vendor.id, "amount_planned": 60.0},
        )
        rest, line = first.line_ids.sorted("id")
        theirs = self._create_order(
            (self.bread, 1, 30.0), partner_id=self.other_vendor.id
        )
        (theirs | self._create_order((self.bread, 1, 40.0))).button_confirm()
        self._create_budget(
            {"partner_id": self.other_vendor.id, "amount_planned": 60.0},
            date_to=date(2026, 3, 31),
        )
        merging = self.env["base.partner.merge.automatic.wizard"]
        both = self.vendor | self.other_vendor
        with (
            freeze_time("2026-03-31 04:00:00"),
            self.assertRaisesRegex(ValidationError, "It would not be clear"),
            self.cr.savepoint(),
        ):
            merging._merge(both.ids, self.other_vendor)
        self.env.invalidate_all()
        with freeze_time("2026-06-15 04:00:00"):
            merging._merge(both.ids, self.other_vendor)
        self.assertEqual(line.partner_id, self.other_vendor)
        self.assertAmounts(line, committed=40.0)
        self.assertAmounts(rest, committed=30.0)
        order = self._create_order(
            (self.bread, 1, 20.01), partner_id=self.other_vendor.id
        )
        with self.assertRaises(UserError), self.cr.savepoint():
            order.button_confirm()
        order.order_line.price_unit = 20.0
        order.button_confirm()
        self.assertAmounts(line, committed=60.0)

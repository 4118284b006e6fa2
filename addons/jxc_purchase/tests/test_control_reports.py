# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from freezegun import freeze_time

from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import new_test_user, tagged

from .change_common import BudgetChangeCommon
from .urgent_common import UrgentCommon


def grouped(records, by, *measures):
    """Return ``{value of the dimension: sums}`` as a pivot asks for them."""
    rows = records._read_group([], [by], [f"{name}:sum" for name in measures])
    return {
        getattr(value, "display_name", value): tuple(round(one, 2) for one in sums)
        for value, *sums in rows
    }


@tagged("post_install", "-at_install")
@freeze_time("2026-06-15 04:00:00")
class TestOverrideReport(BudgetChangeCommon):
    """Who let what through, why, and how much of it is in use: by figures."""

    def test_by_every_dimension(self):
        food = self._create_order((self.bread, 1, 1150.0))
        office = self._create_order((self.paper, 1, 130.0))
        manager = self._second_manager()
        overrides = self.env["jxc.budget.override"]
        for user, line, order, amount in (
            (self.env.user, self.food_line, food, 200.0),
            (manager, self.office_line, office, 40.0),
            (manager, self.office_line, self._create_order((self.paper, 1, 1.0)), 5.0),
        ):
            overrides |= overrides.with_user(user).create(
                {
                    "line_id": line.id,
                    "res_model": order._name,
                    "res_id": order.id,
                    "amount": amount,
                    "reason": "Typhoon",
                }
            )
        food.button_confirm()
        office.button_confirm()
        reader = new_test_user(
            self.env,
            "override_reader",
            groups="jxc_base.group_budget_manager",
            company_id=self.company.id,
        )
        report = self.env["jxc.budget.override"].with_user(reader)
        report = report.with_context(allowed_company_ids=self.company.ids)
        both = ("amount", "amount_used")
        me, other = self.env.user.display_name, manager.display_name
        self.assertEqual(
            grouped(report, "user_id", *both),
            {me: (200.0, 150.0), other: (45.0, 30.0)},
        )
        self.assertEqual(
            grouped(report, "state", *both),
            {"used": (240.0, 180.0), "open": (5.0, 0.0)},
        )
        self.assertEqual(
            grouped(report, "line_id", *both),
            {
                self.food_line.display_name: (200.0, 150.0),
                self.office_line.display_name: (45.0, 30.0),
            },
        )
        self.assertEqual(
            grouped(report, "budget_id", *both), {self.budget.name: (245.0, 180.0)}
        )
        self.assertEqual(
            grouped(report, "res_model", *both), {"purchase.order": (245.0, 180.0)}
        )
        self.assertEqual(
            list(grouped(report, "create_date:month", *both).values()), [(245.0, 180.0)]
        )
        food.button_cancel()
        self.assertEqual(
            grouped(report, "state", *both),
            {"used": (40.0, 30.0), "ended": (200.0, 0.0), "open": (5.0, 0.0)},
        )
        elsewhere = self.env["res.company"].create({"name": "Elsewhere"})
        stranger = new_test_user(
            self.env,
            "override_stranger",
            groups="jxc_base.group_budget_manager",
            company_id=elsewhere.id,
            company_ids=[Command.set(elsewhere.ids)],
        )
        self.assertEqual(
            grouped(
                report.with_user(stranger).with_context(
                    allowed_company_ids=elsewhere.ids
                ),
                "state",
                *both,
            ),
            {},
        )
        outsider = new_test_user(
            self.env, "override_outsider", company_id=self.company.id
        )
        with self.assertRaises(AccessError):
            grouped(report.with_user(outsider), "state", *both)


@tagged("post_install", "-at_install")
class TestUrgentReport(UrgentCommon):
    """What was bought before it was approved, what is late: by figures."""

    def test_by_every_dimension(self):
        slow = self._user("urgent_slow", "jxc_purchase.group_urgent_buyer")
        with freeze_time("2026-05-28 04:00:00"):
            late = self._urgent(user=slow).jxc_urgent_ids
        with freeze_time("2026-06-01 04:00:00"):
            approved = self._urgent(vendor=self.other_vendor).jxc_urgent_ids
            approved.with_user(self.manager).action_approve()
            rejected = self._urgent().jxc_urgent_ids
            rejected.with_user(self.manager).action_reject()
        with freeze_time("2026-06-03 03:59:00"):
            fresh = self._urgent(user=self.manager).jxc_urgent_ids
            report = self.env["jxc.purchase.urgent"].with_user(self.buyer)
            ours = [("id", "in", (late | approved | rejected | fresh).ids)]
            is_late = [*ours, ("is_late", "=", True)]
            self.assertEqual(report.search(is_late).sudo(), late)
        with freeze_time("2026-06-03 04:00:01"):
            report.invalidate_model(["is_late"])
            found = report.search(is_late).sudo()
            self.assertEqual(found, late | rejected, "after 48 hours")
            self.assertTrue(all(found.mapped("is_late")))
            self.assertEqual(
                report.search([*ours, ("is_late", "=", False)]).sudo(), approved | fresh
            )
            rows = report._read_group(is_late, [], ["amount:sum", "__count"])
            self.assertEqual(rows, [(100.0, 2)])

        def grouped_of(by):
            rows = report._read_group(ours, [by], ["amount:sum"])
            return {getattr(key, "id", key): amount for key, amount in rows}

        self.assertEqual(
            grouped_of("state"), {"open": 100.0, "approved": 50.0, "rejected": 50.0}
        )
        self.assertEqual(
            grouped_of("user_id"),
            {self.hasty.id: 100.0, slow.id: 50.0, self.manager.id: 50.0},
        )
        self.assertEqual(
            grouped_of("partner_id"),
            {self.vendor.id: 150.0, self.other_vendor.id: 50.0},
        )
        months = {
            day.month: sum_ for day, sum_ in grouped_of("confirmed_at:month").items()
        }
        self.assertEqual(months, {5: 50.0, 6: 150.0})

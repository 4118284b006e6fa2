# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import new_test_user, tagged

from .change_common import BudgetChangeCommon


@tagged("post_install", "-at_install")
@freeze_time("2026-06-15 04:00:00")
class TestCompanyAttacks(BudgetChangeCommon):
    """What follows from a document's company, state and lines is no client's to say."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.elsewhere = cls.env["res.company"].create({"name": "Elsewhere"})
        cls.planner = new_test_user(
            cls.env,
            "attack_planner",
            groups="jxc_base.group_budget_manager",
            company_id=cls.company.id,
        )
        cls.everywhere = new_test_user(
            cls.env,
            "attack_everywhere",
            groups="purchase.group_purchase_manager,jxc_base.group_budget_manager",
            company_id=cls.company.id,
            company_ids=[Command.set((cls.company | cls.elsewhere).ids)],
        )

    def _refused(self, record, **values):
        with self.subTest(values=values), self.assertRaises(UserError):
            record.write(values)
        record.invalidate_recordset(flush=False)

    def test_scope_of_a_draft_line(self):
        """Written on a draft it would decide after the confirmation."""
        budget = self._create_budget(
            {"partner_id": self.vendor.id, "amount_planned": 1.0}, confirm=False
        )
        for user in (self.planner, self.everywhere):
            line = budget.line_ids.with_user(user)
            self._refused(line, check_scope="year")
            self._refused(line, state="confirmed")
            self._refused(line, company_id=self.elsewhere.id)
            self._refused(line, commercial_partner_id=self.other_vendor.id)
        made = line.with_context(
            default_check_scope="year", default_state="confirmed"
        ).create({"budget_id": budget.id, "amount_planned": 2.0})
        self.assertEqual((made.check_scope, made.state), ("period", "draft"))

    def test_change_leaves_its_company(self):
        """Somebody else's manager would decide on this company's budgets."""
        change = self._change("addition", 5.0, target=self.office_line)
        for user in (self.planner, self.everywhere):
            self._refused(change.with_user(user), company_id=self.elsewhere.id)
            self._refused(change.line_ids.with_user(user), state="approved")
        self.assertEqual(change.company_id, self.company)

    def test_order_leaves_its_company(self):
        """Not to where its buyer does not work; confirmed, not at all."""
        order = self._create_order((self.bread, 1, 60.0))
        self._refused(order.with_user(self.buyer), company_id=self.elsewhere.id)
        order.button_confirm()
        for user in (self.buyer, self.everywhere, self.env.user):
            self._refused(order.with_user(user), company_id=self.elsewhere.id)
        self.assertEqual(order.company_id, self.company)
        self.assertAmounts(self.food_line, committed=60.0)
        request = self._approve(self._create_request((self.bread, 1, 9.0)))
        asked = self._order_request(request)
        self._refused(asked.with_user(self.everywhere), company_id=self.elsewhere.id)

    def test_lines_stay_in_the_company_of_their_order(self):
        order = self._create_order((self.bread, 1, 60.0))
        for user in (self.buyer, self.everywhere):
            theirs = order.order_line.with_user(user)
            self._refused(theirs, company_id=self.elsewhere.id)
            with self.assertRaises(UserError):
                theirs.create(
                    {
                        "order_id": order.id,
                        "product_id": self.bread.id,
                        "company_id": self.elsewhere.id,
                    }
                )
            theirs.company_id = self.company

    def test_papers_of_vendors_stay_in_the_companies_of_the_user(self):
        today = {"date_from": "2026-01-01", "date_to": "2026-03-31"}
        vendor = {"partner_id": self.vendor.id, "company_id": self.company.id}
        evaluation = self.env["jxc.vendor.evaluation"].create({**vendor, **today})
        qualification = self.env["jxc.vendor.qualification"].create(vendor)
        for paper in (evaluation, qualification):
            theirs = paper.with_user(self.buyer)
            with self.assertRaises(AccessError):
                theirs.company_id = self.elsewhere
            self.env.invalidate_all(flush=False)
            self.assertEqual(paper.company_id, self.company)

    def test_rfq_on_its_own_moves(self):
        order = self.env["purchase.order"].with_user(self.everywhere)
        order = order.create({"partner_id": self.vendor.id})
        order.company_id = self.elsewhere
        self.assertEqual(order.company_id, self.elsewhere)

    def test_what_else_follows(self):
        order = self._create_order((self.bread, 1, 60.0)).with_user(self.buyer)
        self._refused(order, jxc_inspection_ids=[Command.clear()])
        vendor = self.vendor.with_user(self.everywhere)
        self._refused(vendor, jxc_was_graded_d=False)
        request = self._create_request((self.bread, 1, 10.0))
        self._refused(request.line_ids.with_user(self.buyer), user_id=self.buyer.id)
        overrides = self.env["jxc.budget.override"].with_user(self.planner)
        with self.assertRaises(AccessError):
            overrides.create(
                {
                    "line_id": self.food_line.id,
                    "budget_id": self.budget.id,
                    "res_model": order._name,
                    "res_id": order.id,
                    "amount": 1.0,
                    "reason": "x",
                }
            )

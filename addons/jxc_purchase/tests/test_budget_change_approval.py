# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged

from .change_common import BudgetChangeCommon


@tagged("post_install", "-at_install")
@freeze_time("2026-06-15 04:00:00")
class TestBudgetChangeApproval(BudgetChangeCommon):
    """Who is asked about budget changes, and how they are refused."""

    def test_presets_of_tiers(self):
        """By amount, by category, and for lines that have used more than they have."""
        name = "jxc_purchase.tier_preset_budget_change_"
        kinds = ("amount", "category", "over")
        amount, category, over = (self.env.ref(name + kind) for kind in kinds)
        amount.jxc_threshold = 500
        category.jxc_category_ids = self.food
        self._loosen(self.office_line, control="warn")
        small = self._change("transfer", 50.0, self.food_line, self.office_line)
        large = self._change("addition", 500.0, target=self.office_line)

        def asked(change):
            change.invalidate_recordset()
            return [bool(change.evaluate_tier(one)) for one in (amount, category, over)]

        self.assertEqual(asked(small), [False, True, False])
        self._create_order((self.paper, 1, 101.0)).button_confirm()
        self.assertEqual(asked(large), [True, False, True])
        over.active = True
        large.action_submit()
        self.assertEqual(large.review_ids.definition_id, over)

    def test_presets_about_vendors(self):
        """Money for a line of a vendor: is he new, and the only one for something?"""
        names = ("new_vendor", "single_source")
        tiers = [
            self.env.ref(f"jxc_purchase.tier_preset_budget_change_{name}")
            for name in names
        ]
        budget = self._create_budget(
            *(
                {
                    "partner_id": self.vendor.id,
                    "category_id": category.id,
                    "amount_planned": 100.0,
                }
                for category in (self.food, self.office)
            )
        )
        food, office = budget.line_ids.sorted("id")
        for_food = self._change("addition", 50.0, target=food)
        for_office = self._change("addition", 50.0, target=office)
        for_all = self._change("addition", 50.0, target=self.office_line)

        def asked(change):
            change.invalidate_recordset()
            return [bool(change.evaluate_tier(tier)) for tier in tiers]

        self.assertEqual(asked(for_food), [True, False], "he sells nothing yet")
        self.assertEqual(asked(for_all), [False, False], "the line is for anybody")
        order = self._create_order((self.juice, 1, 1.0))
        self.assertEqual(
            asked(for_food), [True, True], "juice is food; he alone has it"
        )
        self.assertEqual(asked(for_office), [True, False])
        order.button_confirm()
        self.assertEqual(asked(for_food), [False, True])
        self.env["product.supplierinfo"].create(
            {
                "partner_id": self.other_vendor.id,
                "product_tmpl_id": self.juice.product_tmpl_id.id,
            }
        )
        self.assertEqual(asked(for_food), [False, False])
        order.button_cancel()
        self.env["product.supplierinfo"].create(
            {
                "partner_id": self.vendor.id,
                "product_tmpl_id": self.paper.product_tmpl_id.id,
            }
        )
        self.assertEqual(asked(for_office), [True, True])
        for tier in tiers:
            tier.active = True
        for_office.action_submit()
        self.assertEqual(for_office.review_ids.definition_id, tiers[0] | tiers[1])
        summary = for_office._jxc_approval_summary()
        for word in ("50.00", "New vendor", "Single source", "Needed"):
            self.assertIn(word, summary)

    def test_rejected_with_a_reason(self):
        """The button asks why, with and without tiers, and whom it lets."""
        change = self._change("addition", 50.0, target=self.office_line)
        change.action_submit()
        with self.assertRaisesRegex(AccessError, "did not ask"):
            change.action_jxc_reject()
        manager = self._second_manager()
        action = change.with_user(manager).action_jxc_reject()
        wizards = self.env[action["res_model"]].with_context(**action["context"])
        values = {"transfer_id": change.id, "reason": "Too much"}
        with self.assertRaises(AccessError):
            wizards.with_user(self.buyer).create(values)
        with self.assertRaisesRegex(AccessError, "did not ask"):
            wizards.create(values).action_reject()
        wizards.with_user(manager).create({"reason": "Too much"}).action_reject()
        self.assertEqual(change.state, "rejected")
        self.assertEqual(change.rejection_reason, "Too much")

    def test_tiers(self):
        boss = new_test_user(
            self.env,
            "change_boss",
            groups="jxc_base.group_budget_manager",
            company_id=self.company.id,
        )
        self.env["tier.definition"].create(
            {
                "model_id": self.env["ir.model"]._get_id(
                    "jxc.purchase.budget.transfer"
                ),
                "review_type": "individual",
                "reviewer_id": boss.id,
                "definition_domain": "[('amount_total', '>', 40)]",
            }
        )
        change = self._change(
            "addition", 50.0, target=self.office_line, user=self.buyer
        )
        change.action_submit()
        self.assertEqual(change.review_ids.reviewer_ids, boss)
        with self.assertRaises(AccessError):
            change.with_user(self._second_manager()).action_approve()
        change.with_user(boss).action_approve()
        self.assertEqual(change.state, "approved")
        self.assertEqual(self.office_line.amount_adjusted, 50.0)
        # Limits grow by documents only.
        for around in (
            {"tolerance_percent": 500.0},
            {"control": "warn"},
            {"control_order": "none"},
        ):
            with self.assertRaisesRegex(UserError, "let more through"):
                self.office_line.write(around)
        self.office_line.write({"warn_percent": 70.0, "tolerance_percent": 0.0})

    def test_delegate_decides_on_changes(self):
        """Only while the delegation lasts, and for the change that is asked about."""
        boss, delegate = (
            new_test_user(
                self.env,
                login,
                groups="jxc_base.group_budget_manager",
                company_id=self.company.id,
            )
            for login in ("change_boss", "change_stand_in")
        )
        self.env["tier.definition"].create(
            {
                "model_id": self.env["ir.model"]._get_id(
                    "jxc.purchase.budget.transfer"
                ),
                "review_type": "individual",
                "reviewer_id": boss.id,
                "definition_domain": "[('amount_total', '>', 40)]",
            }
        )
        change = self._change(
            "addition", 50.0, target=self.office_line, user=self.buyer
        )
        change.action_submit()
        delegation = (
            self.env["jxc.approval.delegation"]
            .with_user(boss)
            .create(
                {
                    "delegate_id": delegate.id,
                    "date_from": "2026-06-01",
                    "date_to": "2026-06-10",
                }
            )
        )
        self.env.invalidate_all()
        with self.assertRaises(AccessError), self.cr.savepoint():
            change.with_user(delegate).action_approve()
        delegation.date_to = "2026-06-30"
        self.env.invalidate_all()
        change.with_user(delegate).action_approve()
        self.assertEqual(change.state, "approved")
        self.assertEqual(change.review_ids.jxc_on_behalf_of_id, boss)
        self.assertEqual(self.office_line.amount_adjusted, 50.0)

    def test_delegate_of_who_asks_does_not_decide(self):
        """The own change is not approved through somebody else's chair."""
        boss = new_test_user(
            self.env,
            "change_boss",
            groups="jxc_base.group_budget_manager",
            company_id=self.company.id,
        )
        self.env["tier.definition"].create(
            {
                "model_id": self.env["ir.model"]._get_id(
                    "jxc.purchase.budget.transfer"
                ),
                "review_type": "individual",
                "reviewer_id": boss.id,
                "definition_domain": "[('amount_total', '>', 40)]",
            }
        )
        change = self._change(
            "addition", 50.0, target=self.office_line, user=self.buyer
        )
        change.action_submit()
        self.env["jxc.approval.delegation"].with_user(boss).create(
            {
                "delegate_id": self.buyer.id,
                "date_from": "2026-06-01",
                "date_to": "2026-06-30",
            }
        )
        self.env.invalidate_all()
        with self.assertRaises(UserError), self.cr.savepoint():
            change.with_user(self.buyer).action_approve()
        self.assertEqual(change.state, "submitted")

    def test_who_submitted_before_does_not_approve(self):
        change = self._change("addition", 5.0, target=self.office_line)
        manager = self._second_manager()
        change.with_user(manager).action_submit()
        change.action_draft()
        change.action_submit()
        with self.assertRaises(AccessError):
            change.with_user(manager).action_approve()
        with self.assertRaises(AccessError):
            change.with_user(manager).former_submitter_ids = False
        self.assertEqual(change.state, "submitted")

    def test_who_may_decide_is_told(self):
        """Without a tier, every other budget manager; a comment goes with it."""
        manager = self._second_manager()
        change = self._change("addition", 5.0, target=self.office_line)
        change.action_submit()
        told = change.sudo().activity_ids.user_id
        self.assertIn(manager, told)
        self.assertNotIn(change.user_id, told)
        change.with_user(manager).action_approve("For the fair")
        self.assertEqual(change.state, "approved")
        self.assertFalse(change.sudo().activity_ids)
        bodies = " ".join(change.sudo().message_ids.mapped("body"))
        self.assertIn("For the fair", bodies)

    def test_who_changed_the_kind_does_not_approve(self):
        manager = self._second_manager()
        change = self._change("addition", 5.0, target=self.office_line)
        change.with_user(manager).write({"reason": "Clearer"})
        self.assertFalse(change.former_submitter_ids)
        change.with_user(manager).write({"kind": "cut"})
        change.with_user(manager).write({"kind": "addition"})
        self.assertEqual(change.former_submitter_ids, manager)
        change.action_submit()
        with self.assertRaises(AccessError):
            change.with_user(manager).action_approve()

    def test_who_changed_a_line_does_not_approve(self):
        manager = self._second_manager()
        change = self._change("addition", 5.0, target=self.office_line)
        change.line_ids.with_user(manager).write({"sequence": 3})
        self.assertFalse(change.former_submitter_ids)
        change.line_ids.with_user(manager).write({"amount": 5000.0})
        self.assertEqual(change.former_submitter_ids, manager)
        change.action_submit()
        with self.assertRaises(AccessError):
            change.with_user(manager).action_approve()
        self.assertEqual(change.state, "submitted")

    def test_delegate_decides_for_the_boss(self):
        """In the boss's name, and not who asked for the change himself."""
        boss, stand_in = (
            new_test_user(
                self.env,
                login,
                groups="jxc_base.group_budget_manager",
                company_id=self.company.id,
            )
            for login in ("change_boss", "change_stand_in")
        )
        self.env["tier.definition"].create(
            {
                "model_id": self.env["ir.model"]._get_id(
                    "jxc.purchase.budget.transfer"
                ),
                "review_type": "individual",
                "reviewer_id": boss.id,
            }
        )
        self.env["jxc.approval.delegation"].with_user(boss).create(
            {
                "delegate_id": stand_in.id,
                "date_from": "2026-06-14",
                "date_to": "2026-06-16",
            }
        )
        own = self._change("addition", 5.0, target=self.office_line, user=stand_in)
        change = self._change("addition", 7.0, target=self.office_line)
        own.action_submit()
        change.action_submit()
        with self.assertRaises(AccessError):
            own.with_user(stand_in).action_approve()
        with self.assertRaises(AccessError):
            change.with_user(self._second_manager()).action_approve()
        change.with_user(stand_in).action_approve()
        self.assertEqual(change.state, "approved")
        self.assertEqual(self.office_line.amount_adjusted, 7.0)
        self.assertEqual(change.review_ids.jxc_on_behalf_of_id, boss)
        self.assertEqual(change.review_ids.done_by, stand_in)
        with freeze_time("2026-06-17 04:00:00"):
            late = self._change("addition", 9.0, target=self.office_line)
            late.action_submit()
            with self.assertRaises(AccessError):
                late.with_user(stand_in).action_approve()

    def test_rejected_by_tier(self):
        boss = self._second_manager()
        self.env["tier.definition"].create(
            {
                "model_id": self.env["ir.model"]._get_id(
                    "jxc.purchase.budget.transfer"
                ),
                "review_type": "individual",
                "reviewer_id": boss.id,
            }
        )
        change = self._change("addition", 50.0, target=self.office_line)
        change.action_submit()
        change.with_user(boss).action_reject("Not now")
        self.assertEqual(change.state, "rejected")
        self.assertEqual(change.rejection_reason, "Not now")

    def test_the_activity_leads_to_the_decision(self):
        """Without a tier the same page as with one: comment, approve, reject."""
        manager = self._second_manager()
        change = self._change(
            "addition", 50.0, target=self.office_line, user=self.buyer
        )
        change.action_submit()
        activity = change.activity_ids.filtered(lambda one: one.user_id == manager)
        self.assertIn(f'"/odoo/{change.id}/decide-budget-change"', activity.note)
        pages = self.env["jxc.approval.decision"].with_context(
            active_id=change.id, jxc_decide_model=change._name
        )
        page = pages.with_user(self.buyer).create({"comment": "Mine"})
        self.assertFalse(page.is_open)
        with self.assertRaises(AccessError):
            page.action_approve()
        page = pages.with_user(manager).create({"comment": "For the fair"})
        self.assertTrue(page.is_open)
        self.assertEqual(page.document_name, change.display_name)
        page.action_approve()
        self.assertEqual(change.state, "approved")
        self.assertIn("For the fair", change.message_ids[0].body)

# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import new_test_user, tagged

from .common import PurchaseBudgetCommon


@tagged("post_install", "-at_install")
@freeze_time("2026-06-15 04:00:00")
class TestBudgetOverride(PurchaseBudgetCommon):
    """Leave to go beyond a budget: for one document, with right, reason and amount."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.budget = cls._create_budget(
            {"category_id": cls.food.id, "amount_planned": 100.0}
        )
        cls.line = cls.budget.line_ids
        cls.buyer = new_test_user(
            cls.env,
            "override_buyer",
            groups="purchase.group_purchase_user",
            company_id=cls.company.id,
        )

    def _override(self, document, amount, **values):
        return self.env["jxc.budget.override"].create(
            {
                "line_id": self.line.id,
                "res_model": document._name,
                "res_id": document.id,
                "amount": amount,
                "reason": "Typhoon",
                **values,
            }
        )

    def _refused(self, order):
        with self.assertRaises(UserError), self.cr.savepoint():
            order.button_confirm()
        order.invalidate_recordset()

    def test_covers_what_is_missing(self):
        order = self._create_order((self.bread, 1, 150.0))
        self._refused(order)
        self.assertEqual(order.jxc_budget_state, "over")
        override = self._override(order, 60.0)
        order.invalidate_recordset()
        self.assertEqual(order.jxc_budget_state, "warning")
        self.assertIn("override", order.jxc_budget_hint)
        order.with_user(self.buyer).button_confirm()
        self.assertEqual(override.state, "used")
        self.assertEqual(override.amount_used, 50.0)
        self.assertAmounts(self.line, committed=150.0)
        self.assertIn("Typhoon", " ".join(order.message_ids.mapped("body")))
        self._refused(self._create_order((self.bread, 1, 0.01)))

    def test_not_enough(self):
        order = self._create_order((self.bread, 1, 150.0))
        override = self._override(order, 49.99)
        self._refused(order)
        self.assertEqual(override.state, "open")

    def test_several_add_up(self):
        order = self._create_order((self.bread, 1, 150.0))
        overrides = self._override(order, 30.0) | self._override(order, 30.0)
        order.button_confirm()
        self.assertEqual(sum(overrides.mapped("amount_used")), 50.0)

    def test_for_this_document_only(self):
        order = self._create_order((self.bread, 1, 150.0))
        self._override(order, 60.0)
        self._refused(self._create_order((self.bread, 1, 101.0)))

    def test_unused_while_there_is_room(self):
        order = self._create_order((self.bread, 1, 80.0))
        override = self._override(order, 60.0)
        order.button_confirm()
        self.assertEqual(override.state, "open")
        self._refused(self._create_order((self.bread, 1, 20.01)))

    def test_given_back_is_gone(self):
        order = self._create_order((self.bread, 1, 150.0))
        override = self._override(order, 60.0)
        order.button_confirm()
        order.order_line.price_unit = 130.0
        self.assertEqual(override.amount_used, 50.0)
        order.order_line.price_unit = 30.0
        self.assertEqual(override.amount_used, 30.0)
        order.button_cancel()
        self.assertEqual(override.state, "ended")
        self.assertEqual(override.amount_used, 0.0)
        self.assertAmounts(self.line)
        order.button_draft()
        order.order_line.price_unit = 150.0
        self._refused(order)

    def test_others_never_use_it(self):
        order = self._create_order((self.bread, 1, 150.0))
        self._override(order, 60.0)
        order.button_confirm()
        order.button_cancel()
        other = self._create_order((self.bread, 1, 100.01))
        self._refused(other)
        other.order_line.price_unit = 100.0
        other.button_confirm()

    def test_follows_from_request_to_bill(self):
        request = self._create_request((self.bread, 1, 150.0))
        override = self._override(request, 80.0)
        self._approve(request)
        self.assertEqual(override.amount_used, 50.0)
        order = self._order_request(request)
        order.order_line.price_unit = 160.0
        order.button_confirm()
        self.assertEqual(override.amount_used, 60.0)
        self._create_bill(order, price=170.0).action_post()
        self.assertEqual(override.amount_used, 70.0)
        self.assertAmounts(self.line, actual=170.0)

    def test_bill(self):
        order = self._create_order((self.bread, 1, 100.0))
        order.button_confirm()
        bill = self._create_bill(order, price=120.0)
        with self.assertRaises(UserError), self.cr.savepoint():
            bill.action_post()
        bill.invalidate_recordset()
        override = self._override(bill, 20.0)
        bill.action_post()
        self.assertEqual(override.amount_used, 20.0)
        bill.button_draft()
        self.assertEqual(override.state, "ended")
        self.assertAmounts(self.line, committed=100.0)

    def test_expired(self):
        order = self._create_order((self.bread, 1, 150.0))
        self._override(order, 60.0, date_until="2026-06-14")
        self._refused(order)
        self._override(order, 60.0, date_until="2026-06-15")
        order.button_confirm()

    def test_revoked(self):
        order = self._create_order((self.bread, 1, 150.0))
        override = self._override(order, 60.0)
        with self.assertRaises(AccessError):
            override.with_user(self.buyer).action_revoke()
        override.with_user(self._second_manager()).action_revoke()
        self._refused(order)
        with self.assertRaises(UserError):
            override.action_revoke()

    def test_right_and_reason(self):
        order = self._create_order((self.bread, 1, 150.0))
        values = {
            "line_id": self.line.id,
            "res_model": "purchase.order",
            "res_id": order.id,
            "amount": 60.0,
            "reason": "Typhoon",
        }
        overrides = self.env["jxc.budget.override"]
        with self.assertRaises(AccessError):
            overrides.with_user(self.buyer).create(values)
        manager = overrides.with_user(self._second_manager())
        for wrong in (
            {"reason": "  "},
            {"res_id": 0},
        ):
            with self.subTest(wrong=wrong), self.assertRaises(ValidationError):
                manager.create({**values, **wrong})
        for forged in (
            {"state": "used"},
            {"amount_used": 5.0},
            {"user_id": self.buyer.id},
        ):
            with self.subTest(forged=forged), self.assertRaises(AccessError):
                manager.create({**values, **forged})
        made = manager.with_context(
            default_state="used", default_user_id=self.buyer.id
        ).create(values)
        self.assertEqual(made.state, "open")
        self.assertEqual(made.user_id, self._second_manager())

    def test_never_changed(self):
        override = self._override(self._create_order((self.bread, 1, 150.0)), 60.0)
        manager = override.with_user(self._second_manager())
        for values in ({"amount": 600.0}, {"state": "open"}, {"reason": "x"}):
            with self.subTest(values=values), self.assertRaises(UserError):
                manager.write(values)
        with self.assertRaises(UserError):
            manager.unlink()

    def test_other_company(self):
        other = self.env["res.company"].create({"name": "Elsewhere"})
        self.env.user.company_ids += other
        theirs = self._create_budget(100.0, company_id=other.id)
        order = self._create_order((self.bread, 1, 150.0))
        with self.assertRaises(ValidationError):
            self._override(order, 5.0, line_id=theirs.line_ids.id)
        override = self._override(order, 5.0)
        stranger = new_test_user(
            self.env,
            "override_stranger",
            groups="jxc_base.group_budget_manager",
            company_id=other.id,
        )
        with self.assertRaises(AccessError):
            override.with_user(stranger).read(["reason"])

    def test_wizard_proposes_what_is_missing(self):
        order = self._create_order((self.bread, 1, 150.0))
        grant = (
            self.env["jxc.budget.override.grant"]
            .with_user(self._second_manager())
            .with_context(active_model="purchase.order", active_id=order.id)
            .create({"reason": "Typhoon"})
        )
        self.assertEqual(grant.line_ids.line_id, self.line)
        self.assertEqual(grant.line_ids.amount, 50.0)
        grant.action_grant()
        order.with_user(self.buyer).button_confirm()
        self.assertEqual(order.state, "purchase")

    def test_wizard_on_a_bill(self):
        order = self._create_order((self.bread, 1, 100.0))
        order.button_confirm()
        bill = self._create_bill(order, price=120.0)
        grant = (
            self.env["jxc.budget.override.grant"]
            .with_context(active_model="account.move", active_id=bill.id)
            .create({"reason": "Typhoon"})
        )
        self.assertEqual(grant.line_ids.amount, 20.0)

# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import new_test_user, tagged

from .common import PurchaseBudgetCommon


@tagged("post_install", "-at_install")
class TestBudgetChannels(PurchaseBudgetCommon):
    """Whatever way an order takes to be confirmed, the budget is asked."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.budget = cls._create_budget(100.0)
        cls.buyer = new_test_user(
            cls.env,
            "buyer",
            groups="base.group_user,purchase.group_purchase_user",
            company_id=cls.company.id,
        )
        cls.chief = new_test_user(
            cls.env,
            "chief",
            groups="base.group_user,purchase.group_purchase_manager",
            company_id=cls.company.id,
        )

    def _too_much(self, **values):
        return self._create_order((self.bread, 1, 101.0), **values)

    def assertStopped(self, call, order):
        with self.assertRaisesRegex(UserError, "does not suffice"), self.cr.savepoint():
            call()
        order.invalidate_recordset()
        self.assertNotEqual(order.state, "purchase")
        self.assertAmounts(self.budget.line_ids)

    def test_button_and_list_action(self):
        order = self._too_much()
        self.assertStopped(order.with_user(self.buyer).button_confirm, order)
        orders = self._create_order((self.bread, 1, 1.0)) | order
        self.assertStopped(orders.button_confirm, order)

    def test_approve_of_draft(self):
        order = self._too_much()
        self.assertStopped(order.with_user(self.chief).button_approve, order)
        self.assertStopped(lambda: order.button_approve(force=True), order)

    def test_double_validation(self):
        self.company.po_double_validation = "two_step"
        self.company.po_double_validation_amount = 50.0
        order = self._too_much()
        order.with_user(self.buyer).button_confirm()
        self.assertEqual(order.state, "to approve")
        self.assertAmounts(self.budget.line_ids)
        self.assertStopped(order.with_user(self.chief).button_approve, order)
        order.order_line.price_unit = 100.0
        order.with_user(self.buyer).button_approve()
        self.assertEqual(order.state, "to approve")
        self.assertAmounts(self.budget.line_ids)
        order.with_user(self.chief).button_approve()
        self.assertAmounts(self.budget.line_ids, committed=100.0)

    def test_mixed_batch_with_double_validation(self):
        self.company.po_double_validation = "two_step"
        self.company.po_double_validation_amount = 50.0
        small = self._create_order((self.bread, 1, 40.0))
        large = self._create_order((self.bread, 1, 90.0))
        (small | large).with_user(self.buyer).button_confirm()
        self.assertEqual((small | large).mapped("state"), ["purchase", "to approve"])
        self.assertAmounts(self.budget.line_ids, committed=40.0)

    def test_state_written_directly(self):
        order = self._create_order((self.bread, 1, 1.0))
        for user in (self.buyer, self.chief, self.env.user):
            for context in (
                {},
                {"jxc_purchase_confirmation": True},
                {"jxc_history": 1},
            ):
                writer = order.with_user(user).with_context(**context)
                with self.assertRaises(UserError):
                    writer.write({"state": "purchase"})
        with self.assertRaises(UserError):
            self._create_order((self.bread, 1, 1.0), state="purchase")
        self.assertEqual(order.state, "draft")

    def test_import_of_rows(self):
        order = self._create_order((self.bread, 1, 1.0))
        self.env.flush_all()
        result = (
            self.env["purchase.order"]
            .with_user(self.chief)
            .load([".id", "state"], [[str(order.id), "purchase"]])
        )
        self.assertTrue(result["messages"])
        order.invalidate_recordset()
        self.assertEqual(order.state, "draft")

    def test_alternatives_wizard(self):
        """Confirming one of several alternatives first asks about the others."""
        order = self._too_much()
        other = self._create_order(
            (self.bread, 1, 90.0), partner_id=self.other_vendor.id
        )
        group = self.env["purchase.order.group"]
        group.create({"order_ids": [Command.set((order | other).ids)]})
        (order | other).jxc_procurement_mode = "direct"
        action = order.button_confirm()
        self.assertEqual(
            action["res_model"], "purchase.requisition.alternative.warning"
        )
        self.assertNotIn("jxc_purchase_confirmation", action["context"])
        self.assertAmounts(self.budget.line_ids)
        wizard = (
            self.env[action["res_model"]].with_context(**action["context"]).create({})
        )
        self.assertStopped(wizard.action_keep_alternatives, order)
        action = other.button_confirm()
        wizard = (
            self.env[action["res_model"]].with_context(**action["context"]).create({})
        )
        wizard.action_cancel_alternatives()
        self.assertEqual(order.state, "cancel")
        self.assertAmounts(self.budget.line_ids, committed=90.0)

    def test_call_off_from_agreement(self):
        requisition = self.env["purchase.requisition"].create(
            {
                "vendor_id": self.vendor.id,
                "requisition_type": "blanket_order",
                "company_id": self.company.id,
                "line_ids": [
                    Command.create(
                        {
                            "product_id": self.bread.id,
                            "product_qty": 100,
                            "price_unit": 50.0,
                        }
                    )
                ],
            }
        )
        requisition.action_confirm()
        order = self._create_order((self.bread, 3, 50.0), requisition_id=requisition.id)
        self.assertStopped(order.button_confirm, order)

    def test_automated_rule(self):
        """An automation rule that confirms orders gets no further than a person."""
        order = self._too_much()
        action = self.env["ir.actions.server"].create(
            {
                "name": "Confirm",
                "model_id": self.env.ref("purchase.model_purchase_order").id,
                "state": "code",
                "code": "records.button_confirm()",
            }
        )
        run = action.with_context(
            active_model="purchase.order", active_ids=order.ids, active_id=order.id
        ).run
        self.assertStopped(run, order)
        write = self.env["ir.actions.server"].create(
            {
                "name": "Write",
                "model_id": self.env.ref("purchase.model_purchase_order").id,
                "state": "code",
                "code": "records.write({'state': 'purchase'})",
            }
        )
        with self.assertRaises(UserError), self.cr.savepoint():
            write.with_context(
                active_model="purchase.order", active_ids=order.ids, active_id=order.id
            ).run()

    def test_cancelled_order_cannot_be_slipped_back(self):
        order = self._create_order((self.bread, 1, 90.0))
        order.button_confirm()
        order.button_cancel()
        self._create_order((self.bread, 1, 50.0)).button_confirm()
        with self.assertRaises(UserError), self.cr.savepoint():
            order.button_approve()
        with self.assertRaises(UserError):
            order.write({"state": "purchase"})
        self.assertAmounts(self.budget.line_ids, committed=50.0)

    def test_catalog_quantity(self):
        order = self._create_order((self.bread, 1, 90.0))
        order.button_confirm()
        with self.assertRaises(UserError), self.cr.savepoint():
            order._update_order_line_info(self.bread.id, 2)
        order.order_line.invalidate_recordset()
        self.assertAmounts(self.budget.line_ids, committed=90.0)

# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from datetime import timedelta

from odoo import fields
from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import tagged

from .approval_common import OrderApprovalCommon


@tagged("post_install", "-at_install")
class TestOrderWidening(OrderApprovalCommon):
    """An approval holds for what was approved, and for less."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._tier()

    def _assert_asks_again(self, order):
        self.assertEqual(order.state, "to approve")
        self.assertEqual(order.review_ids.mapped("status"), ["pending"])
        self.assertFalse(order.picking_ids.filtered(lambda one: one.state != "cancel"))

    def test_each_widening_asks_again(self):
        analytic = self.env["account.analytic.account"].create(
            {
                "name": "Shop",
                "plan_id": self.env["account.analytic.plan"]
                .create({"name": "Departments"})
                .id,
            }
        )
        line = {"product_id": self.tea.id, "product_qty": 1, "price_unit": 1}
        changes = [
            {"payment_term_id": self.term.id},
            {"partner_id": self.other_vendor.id},
            {"order_line": [Command.create(line)]},
        ]
        for vals in changes:
            with self.subTest(vals=vals):
                order = self._approved()
                order.write(vals)
                self._assert_asks_again(order)
        for vals in (
            {"product_qty": 11},
            {"price_unit": 151},
            {"product_uom_id": self.tea_box.id},
            {"product_id": self.wine.id},
            {"analytic_distribution": {str(analytic.id): 100}},
        ):
            with self.subTest(vals=vals):
                order = self._approved()
                order.order_line.write(vals)
                self._assert_asks_again(order)

    def test_dearer_currency_asks_again(self):
        dear = self.env["res.currency"].create(
            {
                "name": "JXG",
                "symbol": "G",
                "rate_ids": [Command.create({"name": "2020-01-01", "rate": 0.5})],
            }
        )
        order = self._approved()
        order.currency_id = dear
        self._assert_asks_again(order)

    def test_day_of_the_budget_asks_again(self):
        order = self._approved()
        order.date_order += timedelta(days=40)
        self._assert_asks_again(order)

    def test_discount_taken_back_asks_again(self):
        order = self._approved((self.tea, 10, 150, {"discount": 5}))
        order.order_line.discount = 0
        self._assert_asks_again(order)

    def test_less_needs_no_approval(self):
        order = self._approved()
        order.order_line.write({"product_qty": 9, "price_unit": 140})
        order.order_line.date_planned += timedelta(days=3)
        self.assertEqual(order.state, "purchase")
        self.assertEqual(order.review_ids.status, "approved")

    def test_approved_again_it_is_received_once(self):
        order = self._approved()
        order.order_line.product_qty = 12
        order.with_user(self.boss).validate_tier()
        self.assertEqual(order.state, "purchase")
        moves = order.picking_ids.move_ids.filtered(lambda one: one.state != "cancel")
        self.assertEqual(sum(moves.mapped("product_qty")), 12)

    def test_an_order_without_tiers_grows_into_one(self):
        order = self._purchase((self.tea, 5, 150))
        order.button_confirm()
        self.assertEqual(order.state, "purchase")
        order.order_line.product_qty = 6
        self.assertEqual(order.state, "purchase", "900 is below the tier")
        order.order_line.product_qty = 7
        self._assert_asks_again(order)

    def test_what_has_arrived_is_not_asked_again_but_refused(self):
        order = self._approved()
        self._receive(order, 4)
        with self.assertRaises(UserError) as caught:
            order.order_line.product_qty = 11
        self.assertIn("goods of it have arrived", str(caught.exception))
        order.order_line.invalidate_recordset()
        self.assertEqual(order.order_line.product_qty, 10)

    def test_what_is_billed_is_refused(self):
        order = self._approved()
        order.sudo().order_line.product_id.purchase_method = "purchase"
        order.sudo().action_create_invoice()
        with self.assertRaisesRegex(UserError, "vendor bill"):
            order.order_line.price_unit = 160

    def _add_down_payment(self, order, price=300.0):
        """Put a bill without order on the order, as the platform does."""
        bill = self.env["account.move"].create(
            {
                "move_type": "in_invoice",
                "partner_id": self.vendor.id,
                "invoice_date": fields.Date.today(),
                "invoice_line_ids": [
                    Command.create(
                        {
                            "product_id": self.tea.id,
                            "quantity": 1,
                            "price_unit": price,
                            "tax_ids": [Command.clear()],
                        }
                    )
                ],
            }
        )
        wizard = self.env["bill.to.po.wizard"].with_context(
            active_ids=[-bill.invoice_line_ids.id]
        )
        wizard.create(
            {"purchase_order_id": order.id, "partner_id": self.vendor.id}
        ).action_add_downpayment()
        return bill.invoice_line_ids.purchase_line_id

    def test_down_payment_needs_no_approval(self):
        """It orders nothing, whether or not goods have arrived."""
        for received in (0, 4):
            with self.subTest(received=received):
                order = self._approved()
                if received:
                    self._receive(order, received)
                line = self._add_down_payment(order)
                self.assertTrue(line.is_downpayment)
                self.assertEqual(order.state, "purchase")
                self.assertEqual(order.review_ids.status, "approved")
                self.assertFalse(order.sudo().jxc_hand_ids)

    def test_down_payment_with_a_quantity_asks_again(self):
        order = self._approved()
        line = self._add_down_payment(order)
        line.invoice_lines.move_id.sudo().unlink()
        line.product_qty = 1
        self._assert_asks_again(order)

    def test_widening_frees_the_budget_until_it_is_approved(self):
        budget = self.env["jxc.purchase.budget"].create(
            {
                "name": "Tea",
                "date_from": "2020-01-01",
                "date_to": "2049-12-31",
                "line_ids": [
                    Command.create(
                        {"partner_id": self.vendor.id, "amount_planned": 5000}
                    )
                ],
            }
        )
        budget.action_confirm()
        order = self._approved()
        self.assertEqual(budget.line_ids.amount_committed, 1500)
        order.order_line.product_qty = 20
        self.assertEqual(budget.line_ids.amount_committed, 0)
        order.with_user(self.boss).validate_tier()
        self.assertEqual(budget.line_ids.amount_committed, 3000)
        self.assertEqual(budget.action_recompute_check(), [])

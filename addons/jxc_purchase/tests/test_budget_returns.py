# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from freezegun import freeze_time

from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import new_test_user, tagged

from .common import PurchaseBudgetCommon


@tagged("post_install", "-at_install")
@freeze_time("2026-06-15 04:00:00")
class TestBudgetReturns(PurchaseBudgetCommon):
    """Goods that go back to the vendor, to be refunded or to be exchanged."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.budget = cls._create_budget(
            {"category_id": cls.food.id, "amount_planned": 1000.0}
        )
        cls.food_line = cls.budget.line_ids

    def _received(self):
        order = self._create_order((self.bread, 10, 50.0))
        order.button_confirm()
        receipt = order.picking_ids
        receipt.move_ids.write({"quantity": 10.0, "picked": True})
        receipt._action_done()
        self.assertAmounts(self.food_line, committed=500.0)
        return order, receipt

    def _return(self, receipt, quantity, refund=True):
        wizard = self.env["stock.return.picking"].with_context(
            active_id=receipt.id, active_model="stock.picking"
        )
        wizard = wizard.create({})
        wizard.product_return_moves.write({"quantity": quantity, "to_refund": refund})
        back = self.env["stock.picking"].browse(
            wizard.action_create_returns()["res_id"]
        )
        back.move_ids.picked = True
        back.button_validate()
        self.assertEqual(back.state, "done")
        return back

    def assertClean(self):
        self.env.invalidate_all()
        self.assertFalse(self.env["jxc.budget.engine"]._differences(self.food_line))

    def test_refund_before_the_bill(self):
        """4 of 10 went back for good: 6 are billed, nothing else is expected."""
        order, receipt = self._received()
        self._return(receipt, 4)
        self.assertAmounts(self.food_line, committed=300.0)
        self._create_bill(order, {order.order_line: 6}).action_post()
        self.assertAmounts(self.food_line, actual=300.0)
        self.assertClean()

    def test_refund_after_the_bill(self):
        order, receipt = self._received()
        self._create_bill(order).action_post()
        self.assertAmounts(self.food_line, actual=500.0)
        self._return(receipt, 4)
        self.assertAmounts(self.food_line, actual=500.0)
        refund = self._create_bill(order, {order.order_line: 4}, refund=True)
        refund.action_post()
        self.assertAmounts(self.food_line, actual=300.0)
        self.assertClean()

    def test_exchange(self):
        """What comes again stays committed, however it is told."""
        order, receipt = self._received()
        self._return(receipt, 4, refund=False)
        self.assertAmounts(self.food_line, committed=500.0)
        back = self._return(receipt, 6)
        self.assertEqual(order.order_line.jxc_qty_gone, 6)
        self.assertAmounts(self.food_line, committed=200.0)
        # The vendor sends two of them after all.
        again = receipt.copy({"move_ids": []})
        again.move_ids = [
            Command.create(
                {
                    "product_id": self.bread.id,
                    "product_uom_qty": 2,
                    "location_id": receipt.location_id.id,
                    "location_dest_id": receipt.location_dest_id.id,
                    "purchase_line_id": order.order_line.id,
                }
            )
        ]
        again.action_confirm()
        self.assertAmounts(self.food_line, committed=300.0)
        again.move_ids.write({"quantity": 2.0, "picked": True})
        again._action_done()
        self.assertAmounts(self.food_line, committed=300.0)
        self.assertEqual(order.order_line.qty_received, 6)
        # And the return is found to be an exchange.
        back.move_ids.to_refund = False
        self.assertAmounts(self.food_line, committed=500.0)
        self.assertClean()

    def test_correction_and_cancelled_replacement(self):
        order, receipt = self._received()
        back = self._return(receipt, 4)
        back.move_line_ids.quantity = 5
        self.assertAmounts(self.food_line, committed=250.0)
        order.order_line._jxc_expect_again()
        self.assertAmounts(self.food_line, committed=500.0)
        order.picking_ids.filtered(lambda one: one.state == "assigned").action_cancel()
        self.assertAmounts(self.food_line, committed=250.0)
        self.assertClean()

    def test_what_never_came_stays(self):
        """Only what went back is free; the rest is until it is closed short."""
        order = self._create_order((self.bread, 10, 50.0))
        order.button_confirm()
        receipt = order.picking_ids
        receipt.move_ids.write({"quantity": 6.0, "picked": True})
        receipt.with_context(cancel_backorder=True)._action_done()
        self._return(receipt, 2)
        self.assertAmounts(self.food_line, committed=400.0)
        order.action_jxc_close_short()
        self.assertAmounts(self.food_line, committed=200.0)
        self.assertClean()

    def test_is_not_written(self):
        order, _receipt = self._received()
        buyer = new_test_user(
            self.env,
            "gone_buyer",
            groups="purchase.group_purchase_manager",
            company_id=self.env.company.id,
        )
        with self.assertRaises(AccessError):
            order.order_line.with_user(buyer).jxc_qty_gone = 10

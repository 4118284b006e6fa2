# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo.fields import Command, Date
from odoo.tests import tagged

from .urgent_common import UrgentCommon


@tagged("post_install", "-at_install")
class TestCancelAttacks(UrgentCommon):
    """Cancelling an order takes nothing out of what was decided on it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.clerk = cls._user("cancel_clerk", "account.group_account_invoice")
        cls.wine.purchase_method = "purchase"

    def _bill(self, order, quantity=None):
        return (
            self.env["account.move"]
            .with_user(self.clerk)
            .create(
                {
                    "move_type": "in_invoice",
                    "partner_id": order.partner_id.id,
                    "invoice_date": Date.today(),
                    "invoice_line_ids": [
                        Command.create(
                            {
                                "product_id": line.product_id.id,
                                "quantity": quantity or line.product_qty,
                                "price_unit": line.price_unit,
                                "purchase_line_id": line.id,
                                "tax_ids": [Command.clear()],
                            }
                        )
                        for line in order.sudo().order_line
                    ],
                }
            )
        )

    def _direct(self, limit=100):
        self.company.write({"jxc_direct_policy": "limit", "jxc_direct_limit": limit})
        self.company.jxc_direct_days = 7

    def _return(self, order, quantity):
        picking = order.sudo().picking_ids.filtered(
            lambda one: one.state == "done" and one.picking_type_code == "incoming"
        )
        wizard = self.env["stock.return.picking"].create({"picking_id": picking.id})
        wizard.product_return_moves.write({"quantity": quantity, "to_refund": True})
        back = self.env["stock.picking"].browse(
            wizard.action_create_returns()["res_id"]
        )
        back.move_ids.picked = True
        back._action_done()

    # -- cancelling what has arrived ------------------------------------------------

    def test_rejected_urgent_order_that_arrived(self):
        """The bill of what was rejected afterwards stays a draft."""
        order = self._urgent()
        self._receive(order.sudo())
        order.sudo().jxc_urgent_ids.with_user(self.manager).action_reject()
        bill = self._bill(order)
        with self.refused("rejected afterwards"):
            bill.action_post()
        with self.refused("Close Short"):
            order.button_cancel()
        with self.refused("rejected afterwards"):
            bill.action_post()
        self.assertEqual(order.sudo().jxc_urgent_ids.state, "rejected")

    def test_direct_orders_that_arrived_count(self):
        """A need is not split into orders that are cancelled one after the other."""
        self._direct()
        first = self._rfq((self.wine, 1, 90))
        first.button_confirm()
        self._receive(first.sudo())
        with self.refused("Close Short"):
            first.button_cancel()
        second = self._rfq((self.wine, 1, 90))
        with self.refused("180.00 untaxed"):
            second.button_confirm()

    def test_another_price_after_the_receipt(self):
        """What came is not ordered anew at another price."""
        order = self._rfq((self.wine, 10, 5), jxc_procurement_mode="direct")
        self.company.jxc_direct_policy = "free"
        order.button_confirm()
        self._receive(order.sudo(), 4)
        with self.refused("Close Short"):
            order.button_cancel()
        order.action_jxc_close_short()
        self.assertEqual((order.state, order.order_line.product_qty), ("purchase", 4))

    def test_all_went_back(self):
        """Nothing of it is here any more: the order may go, its bill with it."""
        self.company.jxc_direct_policy = "free"
        order = self._rfq((self.wine, 10, 5))
        order.button_confirm()
        self._receive(order.sudo())
        self._return(order, 4)
        with self.refused("Close Short"):
            order.button_cancel()
        self._return(order, 6)
        bill = self._bill(order)
        order.button_cancel()
        self.assertEqual(order.state, "cancel")
        with self.refused("is not confirmed"):
            bill.action_post()

    def test_batch_and_channels(self):
        """One that arrived keeps all of a selection, whoever cancels and however."""
        self.company.jxc_direct_policy = "free"
        orders = self._rfq((self.wine, 1, 5)) | self._rfq((self.wine, 2, 5))
        orders.button_confirm()
        self._receive(orders[1].sudo())
        for cancelling in (
            orders,
            orders.with_user(self.manager),
            orders.with_context(jxc_history=True, jxc_purchase_cancellation=True),
        ):
            with self.refused(f"{orders[1].name}.*Close Short"):
                cancelling.button_cancel()
        self.assertEqual(set(orders.mapped("state")), {"purchase"})
        orders[0].button_cancel()

    def test_services_done(self):
        """So with services; who notes that nothing was done may cancel."""
        self.company.jxc_direct_policy = "free"
        work = self._product("Work", type="service", is_storable=False)
        order = self._rfq((work, 10, 5))
        order.button_confirm()
        order.order_line.qty_received = 3
        with self.refused("Close Short"):
            order.button_cancel()
        order.order_line.qty_received = 0
        order.button_cancel()
        self.assertEqual(order.state, "cancel")

    # -- bills of orders that are not confirmed -------------------------------------

    def test_bill_of_a_cancelled_order(self):
        """Neither is money paid that nobody decided on, goods or not."""
        order = self._urgent()
        order.sudo().jxc_urgent_ids.with_user(self.manager).action_reject()
        bill = self._bill(order)
        order.button_cancel()
        with self.refused(f"{order.name}.* is not confirmed"):
            bill.action_post()
        order.button_draft()
        with self.refused("is not confirmed"):
            bill.action_post()
        order.button_confirm()
        bill.action_post()
        self.assertEqual(bill.state, "posted")

    def test_posted_bill_comes_to_a_cancelled_order(self):
        self.company.jxc_direct_policy = "free"
        order = self._rfq((self.wine, 10, 5))
        order.button_confirm()
        bill = self._bill(order)
        bill.invoice_line_ids.purchase_line_id = False
        bill.action_post()
        order.button_cancel()
        with self.refused("is not confirmed"):
            bill.sudo().invoice_line_ids.purchase_line_id = order.sudo().order_line

    def test_refund_of_a_cancelled_order(self):
        """Money that comes back is not held up."""
        self.company.jxc_direct_policy = "free"
        order = self._rfq((self.wine, 10, 5))
        order.button_confirm()
        refund = self._bill(order)
        order.button_cancel()
        refund.action_switch_move_type()
        refund.action_post()
        self.assertEqual((refund.move_type, refund.state), ("in_refund", "posted"))

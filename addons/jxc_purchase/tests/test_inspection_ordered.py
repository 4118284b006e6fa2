# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo.exceptions import UserError
from odoo.tests import tagged

from .inspection_bills_common import InspectionBillsCommon


@tagged("post_install", "-at_install")
class TestInspectionOrdered(InspectionBillsCommon):
    """Goods that are billed when they are ordered, and inspected."""

    def test_ordered_quantities(self):
        """Of goods to inspect nothing is billed before it is accepted."""
        self.company.jxc_bill_control = "refuse"
        self.wine.purchase_method = "purchase"
        order = self._order()
        with self.assertRaises(UserError) as caught:
            self._bill(order, 4).action_post()
        self.assertRegex(str(caught.exception), "billed 4 .+accepted 0")
        self._come(order)
        with self.assertRaises(UserError) as caught:
            self._bill(order, 6).action_post()
        self.assertIn("accepted 0, to inspect 10", str(caught.exception))
        self._decide(order, 7, 3)
        with self.assertRaises(UserError):
            self._bill(order, 8).action_post()
        self._bill(order, 7).action_post()

    def test_ordered_quantities_on_hold(self):
        self.company.jxc_bill_control = "hold"
        self.wine.purchase_method = "purchase"
        order = self._order()
        bill = self._bill(order, 10)
        bill.action_post()
        self.assertTrue(bill.jxc_payment_hold)
        self._come(order)
        self.assertTrue(bill.jxc_payment_hold)
        self._decide(order, 10, 0)
        self.assertFalse(bill.jxc_payment_hold)

    def test_ordered_quantities_of_cancelled_receipts(self):
        """Who calls the receipt off does not get past the inspection."""
        self.company.jxc_bill_control = "refuse"
        self.wine.purchase_method = "purchase"
        order = self._order()
        order.picking_ids.action_cancel()
        with self.assertRaises(UserError):
            self._bill(order, 4).action_post()

    def test_ordered_quantities_of_deleted_receipts(self):
        """Nor does who deletes it: the rules know what would be inspected."""
        self.company.jxc_bill_control = "refuse"
        self.wine.purchase_method = "purchase"
        order = self._order()
        order.picking_ids.action_cancel()
        order.picking_ids.unlink()
        self.assertFalse(order.order_line.move_ids)
        bill = self._bill(order, 10)
        with self.assertRaises(UserError) as caught:
            bill.action_post()
        self.assertRegex(str(caught.exception), "billed 10 .+accepted 0")
        self.company.jxc_bill_control = "hold"
        bill.action_post()
        self.assertTrue(bill.jxc_payment_hold)

    def test_ordered_quantities_of_deleted_receipts_that_nobody_inspects(self):
        """Exempt vendors are billed as ever."""
        self.env["jxc.receipt.inspection.rule"].create(
            {
                "product_id": self.wine.id,
                "partner_id": self.vendor.id,
                "company_id": self.company.id,
                "mode": "never",
            }
        )
        self.company.jxc_bill_control = "refuse"
        self.wine.purchase_method = "purchase"
        order = self._order()
        order.picking_ids.action_cancel()
        order.picking_ids.unlink()
        self._bill(order, 10).action_post()
        self.assertEqual(order.order_line.jxc_qty_billed, 10)

    def test_ordered_quantities_of_a_deleted_rest(self):
        """What came is billed; what is to come, though no receipt says so, is not."""
        self.company.jxc_bill_control = "refuse"
        self.wine.purchase_method = "purchase"
        rule = self.env["jxc.receipt.inspection.rule"].search([])
        rule.active = False
        order = self._order()
        order.picking_ids.move_ids.write({"quantity": 4, "picked": True})
        order.picking_ids.with_context(skip_backorder=True).button_validate()
        rule.active = True
        rest = order.picking_ids.filtered(lambda one: one.state == "assigned")
        rest.action_cancel()
        rest.unlink()
        with self.assertRaises(UserError):
            self._bill(order, 5).action_post()
        self._bill(order, 4).action_post()

    def test_ordered_quantities_that_nobody_inspects(self):
        """Billed before it comes, as ever."""
        self.env["jxc.receipt.inspection.rule"].search([]).active = False
        self.company.jxc_bill_control = "refuse"
        self.wine.purchase_method = "purchase"
        order = self._order()
        self._bill(order, 4).action_post()
        self._come(order)
        self._bill(order, 6).action_post()
        with self.assertRaises(UserError):
            self._bill(order, 1).action_post()

# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from freezegun import freeze_time

from odoo.exceptions import UserError
from odoo.tests import tagged

from .approval_common import OrderApprovalCommon


@tagged("post_install", "-at_install")
class TestApproveAgain(OrderApprovalCommon):
    """Approving by remote call what needs no approval, or may not have one any more."""

    def _confirmed(self, day, **values):
        with freeze_time(f"{day} 04:00:00"):
            order = self._purchase((self.tea, 10, 15), **values)
            order.button_confirm()
            self.env.flush_all()
        self.assertEqual(order.state, "purchase")
        return order

    def test_confirmed_orders_keep_their_day(self):
        """Last prices and response times hang on the day an order was approved."""
        order = self._confirmed("2026-03-02")
        approved, receipts = order.date_approve, order.picking_ids
        with freeze_time("2026-05-04 04:00:00"):
            order.button_approve()
            order.with_user(self.manager).button_approve(force=True)
        self.assertEqual(order.date_approve, approved)
        self.assertEqual(order.picking_ids, receipts)

    def test_unlocked_orders_stay_unlocked(self):
        order = self._confirmed("2026-03-02")
        self.env.company.po_lock = "lock"
        order.button_approve()
        self.assertFalse(order.locked)

    def test_open_orders_of_the_same_batch_are_approved(self):
        self.company.po_double_validation = "two_step"
        self.company.po_double_validation_amount = 100
        waiting = self._purchase((self.tea, 10, 150))
        waiting.button_confirm()
        self.assertEqual(waiting.state, "to approve")
        self.company.po_double_validation = "one_step"
        confirmed = self._confirmed("2026-03-02")
        approved = confirmed.date_approve
        (confirmed | waiting).with_user(self.manager).button_approve()
        self.assertEqual(waiting.state, "purchase")
        self.assertEqual(confirmed.date_approve, approved)

    def test_cancelled_orders_are_not_approved(self):
        """They go back to draft first, where their tiers are asked again."""
        self._tier()
        order = self._purchase((self.tea, 10, 150))
        order.button_cancel()
        for user in (self.buyer, self.manager):
            with self.assertRaisesRegex(UserError, order.name):
                order.with_user(user).button_approve()
        small = self._purchase((self.tea, 1, 15))
        small.button_cancel()
        with self.assertRaisesRegex(UserError, small.name):
            small.button_approve()
        self.assertEqual((order | small).mapped("state"), ["cancel", "cancel"])

# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
import doctest

from odoo.exceptions import UserError
from odoo.fields import Command, Date
from odoo.tests import tagged

from ..tools import channel_order, credit, due, return_plan
from .hold_common import HoldCommon


@tagged("post_install", "-at_install")
class TestCreditGroup(HoldCommon):
    """A limit that several share, its raises, and whose order it is."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.sister = cls.env["res.partner"].create(
            {"name": "Sister Trading", "is_company": True}
        )
        cls.account.write({"member_ids": [Command.link(cls.sister.id)]})

    def _invoice(self, amount, move_type):
        return self.env["account.move"].create(
            {
                "move_type": move_type,
                "partner_id": self.sister.id,
                "invoice_date": "2024-01-01",
                "invoice_line_ids": [
                    Command.create(
                        {"name": "Work", "price_unit": amount, "tax_ids": False}
                    )
                ],
            }
        )

    def test_members_share_the_limit_at_order(self):
        self.account.order_action = "block"
        self._create_order(6, partner_id=self.sister.id).action_confirm()
        order = self._create_order(6)
        with self.assertRaises(UserError) as refused:
            order.action_confirm()
        for fact in ("Bright Trading", "1,000.00", "600.00", "200.00"):
            self.assertIn(fact, str(refused.exception))
        order.invalidate_recordset()
        self.assertEqual(order.state, "draft")
        order.order_line.product_uom_qty = 4
        order.action_confirm()
        self.assertEqual(self._exposure(), 1000)

    def _billed_to(self, partner, quantity=6):
        """A delivered order of the first customer whose invoice goes to another one."""
        order = self._create_order(quantity)
        order.action_confirm()
        self._deliver(order)
        invoice = order._create_invoices()
        invoice.partner_id = partner
        invoice.action_post()
        return order

    def test_order_that_a_sister_is_billed_counts_once(self):
        self.account.order_action = "block"
        order = self._billed_to(self.sister)
        self.assertEqual(self._parts(), {"receivable": 600})
        self.assertEqual((order.jxc_billed_less, order.jxc_credit_shipped), (0, 0))
        self.assertEqual(self._exposure(), 600)
        # What is left can be had, and not more.
        with self.assertRaises(UserError):
            self._create_order(5).action_confirm()
        self._create_order(4).action_confirm()
        self.assertEqual(self._exposure(), 1000)

    def test_order_that_a_stranger_is_billed_stays_owed(self):
        stranger = self.sister.copy()
        order = self._billed_to(stranger)
        self.assertEqual(self._parts(), {"delivered": 600})
        self.assertEqual(order.jxc_billed_less, 600)

    def test_customers_that_part_owe_their_own(self):
        order = self._billed_to(self.sister)
        self.account.member_ids = [Command.clear()]
        self.assertEqual(self._parts(), {"delivered": 600})
        self.account.member_ids = [Command.link(self.sister.id)]
        self.assertEqual(self._parts(), {"receivable": 600})
        # An account that is opened for both counts as one that is widened.
        self.account.unlink()
        self.env.flush_all()
        self.assertEqual(order.jxc_credit_delivered, 600)
        account = self.env["jxc.credit.account"].create(
            {
                "partner_id": self.sister.id,
                "member_ids": [Command.link(self.customer.id)],
                "credit_limit": 1000,
            }
        )
        self.assertEqual(self._parts(account), {"receivable": 600})

    def test_members_share_the_limit_at_delivery(self):
        self.account.write({"order_action": "none", "delivery_action": "hold"})
        theirs = self._create_order(6, partner_id=self.sister.id)
        ours = self._create_order(6)
        (theirs | ours).action_confirm()
        for order in (theirs, ours):
            order.picking_ids.action_assign()
            order.picking_ids.move_ids.picked = True
            order.picking_ids.button_validate()
        self.assertEqual(theirs.picking_ids.state, "done")
        self.assertEqual(ours.picking_ids.state, "assigned")
        self.assertEqual(ours.jxc_credit_state, "hold")

    def test_raises_add_up(self):
        today = self.account._jxc_today()
        raises = self.env["jxc.credit.override"].create(
            [
                {
                    "account_id": self.account.id,
                    "amount": amount,
                    "until": Date.add(today, days=days),
                    "reason": "Fair",
                }
                for amount, days in ((200, 3), (300, 9))
            ]
        )
        self.assertEqual(self.account.temporary_limit, 500)
        self.assertEqual(self.account.temporary_until, Date.add(today, days=3))
        self.assertEqual(self.account.capacity, 1500)
        raises[0].action_revoke()
        self.account.invalidate_recordset()
        self.assertEqual(self.account.temporary_limit, 300)
        self.assertEqual(self.account.temporary_until, Date.add(today, days=9))
        self.assertEqual(self.account.capacity, 1300)

    def test_confirmed_order_for_somebody_else(self):
        """The other customer is asked; the one of before is free of it."""
        poor = self.env["res.partner"].create({"name": "Poor", "is_company": True})
        account = self.env["jxc.credit.account"].create(
            {"partner_id": poor.id, "credit_limit": 500}
        )
        order = self._create_order(8)
        order.action_confirm()
        with self.assertRaisesRegex(UserError, "Poor"):
            order.partner_id = poor
        order.invalidate_recordset()
        self.assertEqual(order.partner_id, self.customer)
        order.order_line.product_uom_qty = 5
        order.partner_id = poor
        self.assertEqual((self._exposure(), self._exposure(account)), (0, 500))

    def test_invoices_without_order(self):
        """What is posted takes credit: invoices as well as receipts."""
        for move_type in ("out_invoice", "out_receipt"):
            for action in ("none", "warn", "hold", "block"):
                with self.subTest(f"{move_type}, {action}"):
                    self.account.order_action = action
                    move = self._invoice(1001, move_type)
                    if action in ("hold", "block"):
                        with self.assertRaisesRegex(UserError, "1,001.00"):
                            move.action_post()
                        move.invalidate_recordset()
                        self.assertEqual(move.state, "draft")
                        continue
                    move.action_post()
                    self.assertEqual(self._parts(), {"receivable": 1001})
                    said = "1,000.00" in "".join(move.message_ids.mapped("body"))
                    self.assertEqual(said, action == "warn")
                    move.button_draft()
                    move.unlink()

    def test_examples(self):
        for module in (channel_order, credit, due, return_plan):
            with self.subTest(module.__name__):
                failed, tried = doctest.testmod(module)
                self.assertFalse(failed)
                self.assertTrue(tried)

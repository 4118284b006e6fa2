# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
"""A bill for what another company of the group ordered is for people to release."""

from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import tagged

from .match_common import MatchCommon


@tagged("post_install", "-at_install")
class TestInvoiceMatchCompany(MatchCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.manager = cls._user("match_manager", "account.group_account_manager")
        cls.sister = cls.env["res.company"].create({"name": "Sister"})
        cls.env.user.company_ids |= cls.sister
        there = cls.env(
            context={
                **cls.env.context,
                "allowed_company_ids": (cls.sister | cls.company).ids,
            }
        )
        with cls._on("2026-01-05"):
            order = there["purchase.order"].create(
                {
                    "partner_id": cls.vendor.id,
                    "company_id": cls.sister.id,
                    "order_line": [
                        Command.create(
                            {
                                "product_id": cls.goods.id,
                                "product_qty": 10,
                                "price_unit": 10,
                                "tax_ids": [Command.clear()],
                            }
                        )
                    ],
                }
            )
            order.button_confirm()
            order.picking_ids.button_validate()
        cls.line = order.order_line.with_env(cls.env)

    def _bill(self):
        return self._invoice("2026-01-06", self.line, 10, 10, post=False)

    def test_held_and_released(self):
        """Quantity and price agree with the order, and it is held all the same."""
        self.assertEqual(self.line.qty_received, 10)
        bill = self._bill()
        bill.action_post()
        match = bill.jxc_match_ids
        self.assertEqual((match.state, match.is_exceeded), ("company", True))
        self.assertTrue(bill.jxc_match_open)
        with self.assertRaisesRegex(UserError, "held by matching"):
            bill._jxc_check_not_held_by_match()
        match.with_user(self.manager).action_release("paid on behalf of the sister")
        self.assertFalse(bill.jxc_match_open)
        self._pay(bill)
        self.assertEqual(bill.payment_state, "paid")

    def test_blocked(self):
        self.company.jxc_match_action = "block"
        with self.assertRaises(UserError):
            self._bill().action_post()

    def test_never_found_by_itself(self):
        """Lines without an order do not take receipts of another company."""
        bill = self._bill()
        bill.invoice_line_ids.purchase_line_id = False
        bill.action_jxc_match()
        self.assertFalse(bill.invoice_line_ids.purchase_line_id)

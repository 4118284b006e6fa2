# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged

from .match_common import MatchCommon


@tagged("post_install", "-at_install")
class TestInvoiceMatchUnordered(MatchCommon):
    """Bill lines without an order are no way round matching; expenses need none."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.manager = cls._user("unordered_manager", "account.group_account_manager")
        cls.service = cls.env["product.product"].create(
            {"name": "Freight", "type": "service", "purchase_method": "purchase"}
        )

    def _bill(self, *lines):
        """A draft bill of the clerk; lines are (product or none, quantity, price)."""
        return (
            self.env["account.move"]
            .with_user(self.clerk)
            .create(
                {
                    "move_type": "in_invoice",
                    "partner_id": self.vendor.id,
                    "invoice_date": "2026-01-06",
                    "date": "2026-01-06",
                    "ref": f"unordered-{self._next()}",
                    "invoice_line_ids": [
                        Command.create(
                            {
                                "name": "x",
                                "product_id": product and product.id,
                                "quantity": quantity,
                                "price_unit": price,
                                "tax_ids": [Command.clear()],
                            }
                        )
                        for product, quantity, price in lines
                    ],
                }
            )
        )

    def _draft(self, line, quantity, price):
        bill = self._invoice("2026-01-06", line, quantity, price, post=False)
        return bill.with_user(self.clerk)

    def test_goods_without_order_are_held(self):
        bill = self._bill((self.goods, 5, 10), (None, 1, 40))
        bill.action_post()
        self.assertRecordValues(
            bill.jxc_match_ids.sorted("line_id"),
            [
                {"state": "free", "is_exceeded": True, "is_open": True},
                {"state": "free", "is_exceeded": False, "is_open": False},
            ],
        )
        with self.assertRaisesRegex(UserError, "held by matching"):
            self.env["account.payment.register"].with_context(
                active_model="account.move", active_ids=bill.ids
            ).create({"payment_date": bill.date})._create_payments()
        match = bill.jxc_match_ids.filtered("is_open")
        match.with_user(self.manager).action_release("bought at the market")
        self.assertFalse(bill.jxc_match_open)

    def test_goods_without_order_are_refused(self):
        self.company.jxc_match_action = "block"
        bill = self._bill((self.goods, 5, 10))
        with self.assertRaisesRegex(UserError, "Goods: without order"):
            bill.action_post()
        bill.action_jxc_match()
        match = bill.jxc_match_ids.with_user(self.manager)
        match.action_release("bought at the market")
        # The release is for these goods.
        bill.invoice_line_ids.product_id = self._goods("Dear Goods")
        bill.invoice_line_ids.write({"quantity": 5, "price_unit": 10, "tax_ids": False})
        with self.assertRaisesRegex(UserError, "Dear Goods: without order"):
            bill.action_post()
        bill.action_jxc_match()
        match.action_release("those as well")
        bill.action_post()
        self.assertEqual(bill.state, "posted")

    def test_expenses_need_no_order(self):
        self.company.jxc_match_action = "block"
        bill = self._bill((self.service, 1, 30), (None, 1, 40))
        bill.action_post()
        self.assertEqual(bill.state, "posted")
        self.assertFalse(bill.jxc_match_ids.filtered("is_exceeded"))

    def test_settings(self):
        """Every line needs an order, or none does."""
        self.company.jxc_match_unordered = "all"
        bill = self._bill((self.service, 1, 30), (self.goods, 1, 0))
        bill.action_post()
        self.assertEqual(
            bill.jxc_match_ids.sorted("line_id").mapped("is_exceeded"), [True, False]
        )
        self.company.jxc_match_unordered = "none"
        bill = self._bill((self.service, 1, 30), (self.goods, 5, 10))
        bill.action_post()
        self.assertFalse(bill.jxc_match_open)

    def test_order_taken_off_a_line(self):
        """Nothing was received; without the order nothing would be compared."""
        order_line = self._buy("2026-01-05", 10, 10)
        bill = self._draft(order_line, 10, 12)
        bill.invoice_line_ids.purchase_line_id = False
        bill.action_post()
        self.assertTrue(bill.jxc_match_open)

    def test_order_taken_off_a_service(self):
        """Services need no order, but one that had it keeps it, even where none needs
        one."""
        self.company.jxc_match_unordered = "none"
        order_line = self._buy("2026-01-05", 1, 30, product=self.service)
        bill = self._draft(order_line, 1, 90)
        line = bill.invoice_line_ids
        bill.write({"invoice_line_ids": [(1, line.id, {"purchase_line_id": False})]})
        with self.assertRaises(AccessError):
            line.write({"jxc_order_removed": False})
        bill.action_post()
        self.assertTrue(bill.jxc_match_open)
        bill.button_draft()
        line.purchase_line_id = order_line
        line.price_unit = 30
        bill.action_post()
        self.assertFalse(bill.jxc_match_open, "it has its order again")

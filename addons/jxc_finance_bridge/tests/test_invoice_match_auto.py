# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo.fields import Command
from odoo.tests import tagged

from .match_common import MatchCommon

NUMBER = "26322000000000000071"
SELLER = "91310115093498660A"


@tagged("post_install", "-at_install")
class TestInvoiceMatchAuto(MatchCommon):
    """Bills find the receipts by themselves: drafted from tax invoices, or posted."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.tax = cls.env["account.tax"].search(
            [
                ("company_id", "=", cls.company.id),
                ("type_tax_use", "=", "purchase"),
                ("amount", "=", 13),
                ("price_include", "=", False),
            ],
            limit=1,
        )
        cls.lines = cls.env["purchase.order.line"]
        for _number in range(3):
            cls.lines |= cls._buy("2026-01-05", 1, 33.33, tax_ids=cls.tax.ids)

    def setUp(self):
        super().setUp()
        for line in self.lines:
            self._move("2026-01-06", line, 1)

    def _bill(self, quantity, price):
        return (
            self.env["account.move"]
            .with_user(self.clerk)
            .create(
                {
                    "move_type": "in_invoice",
                    "partner_id": self.vendor.id,
                    "invoice_date": "2026-01-07",
                    "date": "2026-01-07",
                    "ref": f"auto-{self._next()}",
                    "invoice_line_ids": [
                        Command.create(
                            {
                                "product_id": self.goods.id,
                                "quantity": quantity,
                                "price_unit": price,
                                "tax_ids": [Command.set(self.tax.ids)],
                            }
                        )
                    ],
                }
            )
        )

    def test_bill_of_a_tax_invoice(self):
        """One item for three receipts: amount and tax stay those of the invoice."""
        self.env.cr.execute(
            "UPDATE res_partner SET vat = %s WHERE id = %s", [SELLER, self.vendor.id]
        )
        self.env.invalidate_all()
        item = {
            "name": "Goods",
            "product_id": self.goods.id,
            "quantity": 3,
            "amount": 100,
            "rate": 13,
            "amount_tax": 13.01,
        }
        fapiao = (
            self.env["jxc.fapiao"]
            .with_user(self.clerk)
            .with_company(self.company)
            .create(
                {
                    "number": NUMBER,
                    "date": "2026-01-07",
                    "kind": "special",
                    "seller_vat": SELLER,
                    "amount_untaxed": 100,
                    "amount_tax": 13.01,
                    "company_id": self.company.id,
                    "line_ids": [Command.create(item)],
                }
            )
        )
        fapiao.action_draft_bill()
        bill = fapiao.move_ids
        self.assertEqual(bill.state, "draft")
        self.assertEqual(bill.invoice_line_ids.purchase_line_id, self.lines)
        self.assertEqual((bill.amount_untaxed, bill.amount_tax), (100, 13.01))
        self.assertEqual(bill.jxc_match_ids.mapped("state"), ["matched"] * 3)
        bill.action_post()
        self.assertFalse(bill.jxc_match_open)
        self.assertEqual((bill.amount_untaxed, bill.amount_tax), (100, 13.01))

    def test_posted_without_match(self):
        bill = self._bill(2, 33.33)
        bill.action_post()
        self.assertEqual(bill.invoice_line_ids.purchase_line_id, self.lines[:2])
        self.assertFalse(bill.jxc_match_open)
        self.assertEqual(self.lines.mapped("qty_invoiced"), [1, 1, 0])

    def test_tax_by_hand_stays(self):
        bill = self._bill(3, 100 / 3)
        item = bill.line_ids.filtered("tax_line_id")
        bill.write({"line_ids": [(1, item.id, {"amount_currency": 13.05})]})
        self.assertEqual((bill.amount_untaxed, bill.amount_tax), (100, 13.05))
        bill.action_post()
        self.assertEqual(len(bill.invoice_line_ids), 3)
        self.assertEqual((bill.amount_untaxed, bill.amount_tax), (100, 13.05))

    def test_order_taken_off(self):
        """It is not put back behind the clerk's back; the button does."""
        bill = self._bill(2, 33.33)
        bill.action_jxc_match()
        self.assertEqual(len(bill.invoice_line_ids.purchase_line_id), 2)
        bill.invoice_line_ids.write({"purchase_line_id": False})
        bill.action_post()
        self.assertFalse(bill.invoice_line_ids.purchase_line_id)
        self.assertTrue(bill.jxc_match_open)
        bill.button_draft()
        bill.action_jxc_match()
        bill.action_post()
        self.assertEqual(len(bill.invoice_line_ids.purchase_line_id), 2)
        self.assertFalse(bill.jxc_match_open)

    def test_matching_off(self):
        """Posting changes no bill then."""
        self.company.jxc_match_action = "none"
        bill = self._bill(2, 33.33)
        bill.action_post()
        self.assertEqual(len(bill.invoice_line_ids), 1)
        self.assertFalse(bill.invoice_line_ids.purchase_line_id)

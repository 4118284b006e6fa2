# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
import base64
import doctest

from odoo.exceptions import UserError, ValidationError
from odoo.fields import Command
from odoo.tests import tagged

from ..tools import einvoice
from .common import FinanceBridgeCommon
from .test_fapiao import BUYER, NUMBER, SELLER, XML
from .test_fapiao_upload import RED, invoice, item

PAPER = "1100192130-12345678"


@tagged("post_install", "-at_install")
class TestFapiaoBooks(FinanceBridgeCommon):
    """Tax invoices and the bills and invoices behind them; the platform's own field."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.customer = cls.env["res.partner"].create({"name": "乙公司"})
        cls._vat(cls.company.partner_id, SELLER)
        cls._vat(cls.customer, BUYER)
        cls.clerk = cls._user("books_clerk", "account.group_account_invoice")
        cls.register = cls.env["jxc.fapiao"].with_user(cls.clerk)
        cls.register = cls.register.with_company(cls.company)
        cls.tax = cls.env["account.tax"].search(
            [
                ("company_id", "=", cls.company.id),
                ("type_tax_use", "=", "sale"),
                ("amount", "=", 13),
                ("price_include", "=", False),
            ],
            limit=1,
        )

    @classmethod
    def _vat(cls, partner, vat):
        """Numbers of no real company pass no check of numbers."""
        cls.env.cr.execute(
            "UPDATE res_partner SET vat = %s WHERE id = %s", [vat, partner.id]
        )
        cls.env.invalidate_all()

    def _read(self, text):
        content = base64.b64encode(text.encode()).decode()
        return self.register.browse(self.register.read_file(content)).sudo()

    def _invoice(self, kind="out_invoice", amount=100, partner=None):
        return self.init_invoice(
            kind,
            partner=partner or self.customer,
            amounts=[amount],
            taxes=self.tax,
            post=True,
        )

    def _paper(self, number=PAPER, **values):
        return self.env["jxc.fapiao"].create(
            {
                "number": number,
                "date": "2026-01-31",
                "direction": "out",
                "seller_vat": SELLER,
                "amount_untaxed": 100,
                "amount_tax": 13,
                "company_id": self.company.id,
                **values,
            }
        )

    def test_doctests(self):
        self.assertEqual(doctest.testmod(einvoice).failed, 0)

    def test_issued_invoice(self):
        """Read from its XML, it is linked to the customer invoice that fits."""
        self._invoice(amount=70)
        move = self._invoice()
        fapiao = self._read(XML)
        self.assertRecordValues(
            fapiao,
            [
                {
                    "direction": "out",
                    "kind": "special",
                    "seller_vat": SELLER,
                    "buyer_vat": BUYER,
                    "state": "booked",
                    "amount_difference": 0,
                }
            ],
        )
        self.assertEqual(fapiao.move_ids, move)
        self.assertEqual(move.jxc_fapiao_numbers, NUMBER)
        with self.assertRaisesRegex(UserError, "issued"):
            fapiao.with_user(self.clerk).action_draft_bill()
        red = invoice(
            RED,
            [item("*食品*酱油", -10, "-100.00", "-13.00")],
            "-100.00",
            "-13.00",
            "-113.00",
            remark=f"被红冲蓝字数电发票号码：{NUMBER}",
        )
        refund = self._invoice("out_refund")
        red = self._read(red)
        self.assertEqual((red.blue_id, red.move_ids), (fapiao, refund))
        self.assertEqual(fapiao.red_ids, red)

    def test_issued_and_not_certain(self):
        """Two customer invoices fit: it is registered, and people decide."""
        self._invoice()
        self._invoice()
        self.assertFalse(self._read(XML).move_ids)

    def test_other_kinds(self):
        """Neither special nor general, like a ticket: none of its tax is deducted."""
        self._vat(self.company.partner_id, BUYER)
        self._vat(self.customer, SELLER)
        fapiao = self._read(XML.replace("增值税专用发票", "电子发票（铁路电子客票）"))
        self.assertEqual((fapiao.kind, fapiao.direction), ("other", "in"))
        fapiao.with_user(self.clerk).action_draft_bill()
        bill = fapiao.move_ids
        self.assertEqual((bill.amount_untaxed, bill.amount_tax), (113, 0))
        for label, kind in (("普通发票", "general"), ("增值税专用发票", "special")):
            text = XML.replace("增值税专用发票", label)
            text = text.replace(NUMBER, f"{NUMBER[:-2]}{len(label):02}")
            self.assertEqual(self._read(text).kind, kind)

    def test_platform_number_follows(self):
        """8 digits where a number has them; 20 are never cut to fit."""
        move = self._invoice()
        self.assertFalse(move.fapiao)
        paper = self._paper(move_ids=[(4, move.id)])
        self.assertEqual((move.fapiao, move.jxc_fapiao_numbers), ("12345678", PAPER))
        paper.number = "1100192130-87654321"
        self.assertEqual(move.fapiao, "87654321")
        paper.number = NUMBER
        self.assertEqual((move.fapiao, move.jxc_fapiao_numbers), (False, NUMBER))
        paper.number = PAPER
        second = self._paper("1100192130-00000002", move_ids=[(4, move.id)])
        self.assertFalse(move.fapiao, "there are two")
        self.assertEqual(move.jxc_fapiao_numbers, f"1100192130-00000002, {PAPER}")
        second.is_void = True
        self.assertEqual((move.fapiao, move.jxc_fapiao_numbers), ("12345678", PAPER))
        paper.move_ids = False
        second.move_ids = False
        self.assertEqual((move.fapiao, move.jxc_fapiao_numbers), (False, False))

    def test_platform_number_is_not_typed(self):
        """Not on the form, by import, or by a default; old ones stay until there is an
        entry in the register."""
        move = self._invoice()
        for user in (self.clerk, self.env.user):
            for number in (NUMBER, "12345678"):
                with self.assertRaisesRegex(UserError, "register"):
                    move.with_user(user).write({"fapiao": number})
        with self.assertRaisesRegex(UserError, "register"):
            move.copy({"fapiao": "12345678"})
        born = move.with_context(default_fapiao="12345678").copy()
        self.assertFalse(born.fapiao)
        self.env.cr.execute(
            "UPDATE account_move SET fapiao = '11112222' WHERE id = %s", [move.id]
        )
        self.env.invalidate_all()
        move.write({"fapiao": "11112222", "ref": "the same again"})
        self.assertEqual(move.fapiao, "11112222")
        self._paper(NUMBER, move_ids=[(4, move.id)])
        self.assertFalse(move.fapiao)

    def _received(self, number=PAPER, **values):
        """A tax invoice of the partner, who is a vendor this time."""
        self._vat(self.company.partner_id, BUYER)
        self._vat(self.customer, SELLER)
        return self._paper(number, direction="in", buyer_vat=BUYER, **values)

    def test_bills_of_invoices_without_items(self):
        """Not special: tax is cost. Special: deducted at the rate it fits, to the cent,
        also when the vendor rounded it by item."""
        for index, (kind, untaxed, tax, bill_untaxed) in enumerate(
            (
                ("general", 100, 3, 103),
                ("other", 100, 3, 103),
                ("special", 1000, 130, 1000),
                ("special", 1000, 130.02, 1000),
                ("special", 0.3, 0.04, 0.3),
                ("special", -1000, -130, 1000),
                ("special", 1000, 0, 1000),
            )
        ):
            with self.subTest(kind=kind, untaxed=untaxed, tax=tax):
                fapiao = self._received(
                    f"1100192130-0000000{index}",
                    kind=kind,
                    amount_untaxed=untaxed,
                    amount_tax=tax,
                )
                fapiao.with_user(self.clerk).action_draft_bill()
                bill = fapiao.move_ids
                self.assertEqual(bill.amount_untaxed, bill_untaxed)
                self.assertAlmostEqual(bill.amount_total, abs(untaxed + tax))
                self.assertEqual(fapiao.amount_difference, 0)
                self.assertEqual(len(bill.invoice_line_ids), 1)
                rates = bill.invoice_line_ids.tax_ids.mapped("amount")
                is_deducted = kind == "special" and tax
                self.assertEqual(rates, [13] if is_deducted else [])
        mixed = self._received(kind="special", amount_untaxed=1000, amount_tax=112)
        with self.assertRaisesRegex(UserError, f"{PAPER}.*Enter the items"):
            mixed.with_user(self.clerk).action_draft_bill()

    def test_items_that_do_not_come_to_the_total(self):
        """Typed by hand without their tax, they would lose it."""
        fapiao = self._received(
            line_ids=[Command.create({"name": "纸", "amount": 100, "rate": 13})]
        ).with_user(self.clerk)
        with self.assertRaisesRegex(UserError, f"{PAPER}.*Correct the items"):
            fapiao.action_draft_bill()
        fapiao.line_ids.amount_tax = 13
        fapiao.action_draft_bill()
        self.assertEqual(fapiao.move_ids.sudo().amount_tax, 13)

    def test_only_bills_of_the_seller(self):
        """Whichever side they are linked from; the total may differ."""
        other = self.env["res.partner"].create({"name": "丙公司"})
        unknown = self.env["res.partner"].create({"name": "丁公司"})
        fapiao = self._received()
        self._vat(other, "91320594MA1XK2Y71B")
        sold = self._invoice()
        bill = self._invoice("in_invoice", amount=70)
        stranger = self._invoice("in_invoice", partner=other)
        unnumbered = self._invoice("in_invoice", partner=unknown)
        for move, message in ((sold, "was received"), (stranger, "MA1XK2Y71B")):
            with self.assertRaisesRegex(ValidationError, f"{PAPER}.*{message}"):
                fapiao.move_ids = move
            with self.assertRaisesRegex(ValidationError, f"{PAPER}.*{message}"):
                move.jxc_fapiao_ids = fapiao
        fapiao.move_ids = bill | unnumbered
        self.assertTrue(fapiao.amount_difference)
        bill.button_draft()
        with self.assertRaisesRegex(ValidationError, "MA1XK2Y71B"):
            bill.partner_id = other
        with self.assertRaisesRegex(ValidationError, "was issued"):
            fapiao.direction = "out"
        fapiao.is_void = True
        fapiao.direction = "out"
        with self.assertRaisesRegex(ValidationError, "was issued"):
            fapiao.is_void = False

    def test_only_bills_of_the_company(self):
        second = self.setup_other_company(name="Second")["company"]
        fapiao = self._received(company_id=second.id)
        bill = self._invoice("in_invoice")
        with self.assertRaisesRegex(ValidationError, "Second"):
            bill.sudo().jxc_fapiao_ids = fapiao

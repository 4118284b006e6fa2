# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
import base64

from psycopg2.errors import UniqueViolation

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import FinanceBridgeCommon

NUMBER = "26322000000000000001"
#: ASCII as Chinese keyboards write it in full width
WIDE = {code: code + 0xFEE0 for code in range(0x21, 0x7F)}
SELLER, BUYER = "91310115093498660A", "91440300708461136T"
XML = f"""<?xml version="1.0" encoding="UTF-8"?>
<EInvoice>
  <Header><InherentLabel><GeneralOrSpecialVAT><LabelCode>01</LabelCode>
    <LabelName>增值税专用发票</LabelName></GeneralOrSpecialVAT></InherentLabel></Header>
  <EInvoiceData>
    <SellerInformation><SellerIdNum>{SELLER}</SellerIdNum>
      <SellerName>甲供应商</SellerName></SellerInformation>
    <BuyerInformation><BuyerIdNum>{BUYER}</BuyerIdNum>
      <BuyerName>乙公司</BuyerName></BuyerInformation>
    <BasicInformation><TotalAmWithoutTax>100.00</TotalAmWithoutTax>
      <TotalTaxAm>13.00</TotalTaxAm>
      <TotalTax-includedAmount>113.00</TotalTax-includedAmount>
      <RequestTime>2026-01-31 10:11:12</RequestTime></BasicInformation>
    <IssuItemInformation><ItemName>*食品*酱油</ItemName><Quantity>10</Quantity>
      <Amount>100.00</Amount><TaxRate>0.13</TaxRate><ComTaxAm>13.00</ComTaxAm>
    </IssuItemInformation>
  </EInvoiceData>
  <TaxSupervisionInfo><InvoiceNumber>{NUMBER}</InvoiceNumber>
    <IssueTime>2026-01-31</IssueTime></TaxSupervisionInfo>
</EInvoice>
"""


@tagged("post_install", "-at_install")
class TestFapiao(FinanceBridgeCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env.cr.execute(
            "UPDATE res_partner SET vat = %s WHERE id = %s",
            [BUYER, cls.company.partner_id.id],
        )
        cls.env.invalidate_all()
        cls.register = cls.env["jxc.fapiao"].with_company(cls.company)
        cls.clerk = cls._user("fapiao_clerk", "account.group_account_invoice")

    def _read(self, text=XML, user=None):
        register = self.register.with_user(user or self.clerk)
        id_ = register.read_file(base64.b64encode(text.encode()).decode())
        return register.browse(id_)

    def _fapiao(self, **values):
        return self.register.create(
            {
                "number": NUMBER,
                "date": "2026-01-31",
                "seller_vat": SELLER,
                "amount_untaxed": 100,
                "amount_tax": 13,
                "company_id": self.company.id,
                **values,
            }
        )

    def test_read_and_draft_a_bill(self):
        fapiao = self._read()
        self.assertRecordValues(
            fapiao,
            [
                {
                    "number": NUMBER,
                    "kind": "special",
                    "direction": "in",
                    "seller_vat": SELLER,
                    "amount_total": 113.0,
                    "state": "open",
                }
            ],
        )
        self.assertEqual(fapiao.message_ids.attachment_ids.name, "invoice.xml")
        with self.assertRaisesRegex(UserError, SELLER):
            fapiao.action_draft_bill()
        vendor = self.env["res.partner"].create({"name": "Vendor"})
        self.env.cr.execute(
            "UPDATE res_partner SET vat = %s WHERE id = %s", [SELLER, vendor.id]
        )
        self.env.invalidate_all()
        fapiao.action_draft_bill()
        bill = fapiao.move_ids
        self.assertEqual(bill.ref, NUMBER, "the number is whole")
        self.assertEqual((bill.partner_id, bill.amount_untaxed), (vendor, 100.0))
        self.assertEqual(bill.state, "draft")
        with self.assertRaisesRegex(UserError, "has a bill"):
            fapiao.action_draft_bill()
        with self.assertRaisesRegex(UserError, "void instead"):
            fapiao.unlink()
        bill.sudo().action_post()
        self.assertEqual(fapiao.state, "booked")

    def test_what_is_no_invoice(self):
        """Entities, wrong sums, short numbers, other companies, other documents."""
        endless = " ".join(f'a{n}=">"' for n in range(200_000))
        for text, message in (
            ('<!DOCTYPE a [<!ENTITY b "c">]>' + XML.split("\n", 1)[1], "DOCTYPE"),
            (XML.replace("113.00", "114.00"), "are not 114.00"),
            (XML.replace("<Amount>100.00", "<Amount>99.00"), "add up to 99.00"),
            (XML.replace(NUMBER, NUMBER[:8]), "20 digits"),
            (XML.replace(BUYER, "X"), "neither to nor from"),
            (XML.replace("2026-01-31 10", "2026-02-31 10"), "not a date"),
            ("<a/>", "no electronic invoice"),
            ("<EInvoice/>", "no invoice number"),
            (XML + XML.split("\n", 1)[1], "more than one invoice"),
            ("<a>" + XML.split("\n", 1)[1] * 2 + "</a>", "more than one invoice"),
            (
                XML.replace("</EInvoiceData>", "</EInvoiceData><EInvoiceData/>"),
                "more than one invoice",
            ),
            ("<a>", "not well-formed"),
            ("<a>" + "x" * 5_000_001 + "</a>", "longer than 5 MB"),
            (XML.replace("2026-01-31", "0001-01-31"), "not a date"),
            (XML.replace("UTF-8", "UTF-7"), "utf-7 is not read"),
            (f"<EInvoice {endless}/>", "too many attributes"),
            ("<a>" * 300 + "</a>" * 300, "not well-formed"),
        ):
            with self.assertRaisesRegex(UserError, message):
                self._read(text)
        with self.assertRaisesRegex(UserError, "base64"):
            self.register.read_file("*no*")

    def test_encodings(self):
        """Those that systems for invoices write."""
        for number, encoding in enumerate(("GBK", "GB18030", "UTF-16", "UTF-8")):
            text = XML.replace("UTF-8", encoding).replace(
                NUMBER, f"{NUMBER[:-1]}{number}"
            )
            content = base64.b64encode(text.encode(encoding)).decode()
            fapiao = self.register.browse(self.register.read_file(content))
            self.assertEqual(fapiao.seller_name, "甲供应商", encoding)

    def test_once_in_the_register(self):
        self._read()
        with self.assertRaisesRegex(UserError, "already"):
            self._read()
        for other in ({}, {"seller_vat": BUYER}, {"number": f" {NUMBER} "}):
            with self.assertRaises(UniqueViolation), mute_logger("odoo.sql_db"):
                self._fapiao(**other)
        old = "1100192130-12345678"
        paper = self._fapiao(number=old, seller_vat=f"cn{SELLER.lower()}")
        self.assertEqual(paper.seller_vat, SELLER)
        with self.assertRaises(UniqueViolation), mute_logger("odoo.sql_db"):
            self._fapiao(number=old)
        self.assertTrue(self._fapiao(number=old, seller_vat=BUYER), "another seller's")

    def test_numbers(self):
        for number in ("12345678", "1" * 21, "1100192130-1234567", "A" * 20, "٣" * 20):
            with self.assertRaises(ValidationError, msg=number):
                self._fapiao(number=number)
        for number in ("1100192130-12345678", "110019213012-12345678", "2" * 20):
            self.assertEqual(self._fapiao(number=number).number, number)

    def test_one_paper_however_it_is_typed(self):
        """Full-width characters, spaces and small letters make no other paper."""
        old = "1100192130-12345678"
        self._fapiao()
        self._fapiao(number=old)
        for values in (
            {"number": NUMBER.translate(WIDE)},
            {"number": f" {NUMBER}\u3000"},
            {"number": old, "seller_vat": SELLER.translate(WIDE)},
            {"number": old.translate(WIDE), "seller_vat": SELLER.lower()},
            {"number": old, "seller_vat": f"CN {SELLER[:8]} {SELLER[8:]}"},
        ):
            with self.subTest(values), mute_logger("odoo.sql_db"):
                with self.assertRaises(UniqueViolation):
                    self._fapiao(**values)

    def test_state_follows_from_the_bills(self):
        fapiao = self._fapiao().with_user(self.clerk)
        for values in ({"state": "booked"}, {"state": "void"}, {"amount_total": 5}):
            with self.subTest(values), self.assertRaises(AccessError):
                fapiao.write(values)
        fapiao.is_void = True
        self.assertEqual(fapiao.state, "void")

    def test_red_and_blue(self):
        blue = self._fapiao()
        red = self._fapiao(
            number="3" * 20, amount_untaxed=-60, amount_tax=-7.8, blue_id=blue.id
        )
        self.assertEqual(blue.red_ids, red)
        for values in (
            {"amount_untaxed": 1, "amount_tax": 0},
            {"amount_untaxed": -60, "amount_tax": 0},
            {"amount_untaxed": -1, "amount_tax": 0, "seller_vat": BUYER},
        ):
            with self.assertRaises(ValidationError):
                self._fapiao(number="4" * 20, blue_id=blue.id, **values)

    def test_red_and_blue_changed_later(self):
        """However it comes about: no more is taken back than the blue one has."""
        blue = self._fapiao()
        parts = {"amount_untaxed": -60, "amount_tax": -7.8, "blue_id": blue.id}
        red = self._fapiao(number="3" * 20, **parts)
        with self.assertRaises(ValidationError):
            blue.amount_untaxed = 50
        with self.assertRaises(ValidationError):
            blue.seller_vat = BUYER
        blue.amount_untaxed = 60
        blue.amount_untaxed = 100
        red.is_void = True
        second = self._fapiao(number="4" * 20, **parts)
        with self.assertRaises(ValidationError):
            red.is_void = False
        with self.assertRaises(ValidationError):
            second.amount_untaxed = -110
        second.is_void = True
        red.is_void = False
        with self.assertRaises(ValidationError):
            second.is_void = False
        other = self._fapiao(number="5" * 20)
        with self.assertRaises(ValidationError):
            blue.blue_id = other

    def test_who_may(self):
        fapiao = self._fapiao()
        reader = self._user("fapiao_reader", "account.group_account_readonly")
        outsider = self._user("fapiao_outsider", "base.group_user")
        self.assertEqual(fapiao.with_user(reader).number, NUMBER)
        for user in (reader, outsider):
            with self.assertRaises(AccessError):
                fapiao.with_user(user).write({"is_void": True})
            with self.assertRaises(AccessError):
                self._read(user=user)
            with self.assertRaises(AccessError):
                fapiao.with_user(user).action_draft_bill()

    def test_two_companies(self):
        fapiao = self._fapiao()
        other = self.env["res.company"].create({"name": "Second"})
        stranger = self._user("fapiao_far", "account.group_account_invoice", other)
        self.assertFalse(self.env["jxc.fapiao"].with_user(stranger).search([]))
        with self.assertRaises(AccessError):
            fapiao.with_user(stranger).read(["number"])
        # the same paper is in the books of both sides
        self.register = self.register.sudo()
        self.assertTrue(self._fapiao(company_id=other.id, direction="out"))

    def test_numbers_that_were_there_twice(self):
        """The check page lists them; once cleared up, its button makes the index."""
        manager = self._user("fapiao_manager", "account.group_account_manager")
        self.env.cr.execute("DROP INDEX jxc_fapiao_digital_unique")
        first = self._fapiao()
        second = self._fapiao(seller_vat=BUYER)

        def check():
            setup = self.env["jxc.finance.setup"].with_user(manager)
            lines = setup.create({"company_id": self.company.id}).line_ids
            return lines.filtered(lambda line: line.code == "fapiao_numbers")

        line = check()
        self.assertEqual(line.state, "missing")
        self.assertIn(NUMBER, line.actual)
        self.assertTrue(line.has_list)
        action = line.action_open_list()
        self.assertEqual(self.register.search(action["domain"]), first | second)
        line.action_fix()
        line = check()
        self.assertEqual(line.state, "missing", "not while a number is there twice")
        second.unlink()
        self.assertEqual(line.action_open_list()["res_model"], "jxc.finance.setup")
        line = check()
        self.assertEqual((line.state, line.has_list), ("wrong", False))
        line.action_fix()
        self.assertEqual(check().state, "ok")
        with mute_logger("odoo.sql_db"), self.assertRaises(UniqueViolation):
            self._fapiao(seller_vat=BUYER)

    def test_sellers_do_not_see_what_vendors_invoice(self):
        """Also one who bills: it tells costs. With the right, he sees it."""
        sales = "sales_team.group_sale_salesman"
        if not self.env.ref(sales, False):
            return
        received = self._read()
        seller = self._user("fapiao_seller", f"account.group_account_invoice,{sales}")
        register = self.register.with_user(seller)
        self.assertFalse(register.search([("id", "=", received.id)]))
        with self.assertRaises(AccessError):
            received.with_user(seller).read(["amount_untaxed"])
        lines = self.env["jxc.fapiao.line"].with_user(seller)
        self.assertFalse(lines.search([("fapiao_id", "=", received.id)]))
        seller.group_ids += self.env.ref("jxc_base.group_see_costs")
        self.assertEqual(register.search([("id", "=", received.id)]), received)

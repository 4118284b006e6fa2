# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
import base64
import io
import zipfile

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged

from ..tools import limits
from .common import FinanceBridgeCommon
from .test_fapiao import BUYER, NUMBER, SELLER, XML

OTHER = "26322000000000000002"
RED = "26322000000000000009"


def item(name, quantity, amount, tax, rate="0.13", unit="", spec=""):
    return (
        f"<IssuItemInformation><ItemName>{name}</ItemName><SpecMod>{spec}</SpecMod>"
        f"<MeaUnits>{unit}</MeaUnits><Quantity>{quantity}</Quantity>"
        f"<Amount>{amount}</Amount><TaxRate>{rate}</TaxRate>"
        f"<ComTaxAm>{tax}</ComTaxAm></IssuItemInformation>"
    )


def invoice(number, items, untaxed, tax, total, remark=""):
    """An e-invoice as XML, made of the one of the other tests."""
    head, rest = XML.split("<IssuItemInformation>")
    tail = rest.split("</IssuItemInformation>")[1]
    text = head + "".join(items) + "<Remark/>" + tail
    for old, new in (
        (NUMBER, number),
        ("<TotalAmWithoutTax>100.00", f"<TotalAmWithoutTax>{untaxed}"),
        ("<TotalTaxAm>13.00", f"<TotalTaxAm>{tax}"),
        ("amount>113.00", f"amount>{total}"),
        ("Amount>113.00", f"Amount>{total}"),
    ):
        text = text.replace(old, new)
    return text.replace("<Remark/>", f"<Remark>{remark}</Remark>")


def ofd(*parts):
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as package:
        for name, data in parts:
            package.writestr(name, data)
    return file.getvalue()


@tagged("post_install", "-at_install")
class TestFapiaoUpload(FinanceBridgeCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.vendor = cls.env["res.partner"].create({"name": "甲供应商"})
        for partner, vat in ((cls.company.partner_id, BUYER), (cls.vendor, SELLER)):
            cls.env.cr.execute(
                "UPDATE res_partner SET vat = %s WHERE id = %s", [vat, partner.id]
            )
        cls.env.invalidate_all()
        cls.clerk = cls._user("upload_clerk", "account.group_account_invoice")
        cls.register = cls.env["jxc.fapiao"].with_user(cls.clerk)
        cls.register = cls.register.with_company(cls.company)
        cls.tax = cls.env["account.tax"].search(
            [
                ("company_id", "=", cls.company.id),
                ("type_tax_use", "=", "purchase"),
                ("amount", "=", 13),
            ],
            limit=1,
        )

    def _upload(self, *files, user=None, **values):
        env = self.env(user=user or self.clerk)
        attachments = env["ir.attachment"].create(
            [
                {
                    "name": name,
                    "raw": data if isinstance(data, bytes) else data.encode(),
                }
                for name, data in files
            ]
        )
        upload = (
            env["jxc.fapiao.upload"]
            .with_company(self.company)
            .create(
                {
                    "company_id": self.company.id,
                    "attachment_ids": [Command.set(attachments.ids)],
                    **values,
                }
            )
        )
        upload.action_upload()
        return {line.name: line for line in upload.line_ids}

    def test_several_files(self):
        """XML makes entries, the OFD and PDF of the same are attached; each problem is
        told with its file and stops nothing."""
        second = invoice(
            OTHER, [item("纸", 1, "10.00", "1.30")], "10.00", "1.30", "11.30"
        )
        lines = self._upload(
            (f"dzfp_{NUMBER}_甲.pdf", b"%PDF-1.7 x"),
            ("a.xml", XML),
            ("a.ofd", ofd(("OFD.xml", "<a/>"), ("Doc_0/Attachs/x.xml", XML))),
            ("b.ofd", ofd(("OFD.xml", "<a/>"), ("Doc_0/Attachs/x.xml", second))),
            ("b.pdf", b"%PDF-1.7 y"),
            ("unknown.pdf", b"%PDF-1.7 z"),
            ("broken.xml", "<a"),
            ("photo.jpg", b"\xff\xd8\xff"),
        )
        self.assertEqual(
            {name: line.state for name, line in lines.items()},
            {
                f"dzfp_{NUMBER}_甲.pdf": "attached",
                "a.xml": "new",
                "a.ofd": "attached",
                "b.ofd": "new",
                "b.pdf": "attached",
                "unknown.pdf": "problem",
                "broken.xml": "problem",
                "photo.jpg": "problem",
            },
        )
        first = lines["a.xml"].fapiao_id
        self.assertEqual(
            set(first.message_ids.attachment_ids.mapped("name")),
            {"a.xml", "a.ofd", f"dzfp_{NUMBER}_甲.pdf"},
        )
        self.assertEqual(lines["b.pdf"].fapiao_id.number, OTHER)
        self.assertIn("well-formed", lines["broken.xml"].message)
        again = self._upload(("c.xml", XML))
        self.assertIn("already", again["c.xml"].message)

    def test_hostile_packages(self):
        """Bombs, entities and broken archives are refused, unread or half-read."""
        zeros = b"<EInvoice>" + b" " * (limits.INVOICE_BYTES + 1)
        many = [(f"{n}.txt", "") for n in range(limits.PACKAGE_ENTRIES + 1)]
        bulk = [(f"{n}.xml", b" " * 4_900_000) for n in range(6)]
        entity = '<!DOCTYPE a [<!ENTITY b "c">]>' + XML.split("\n", 1)[1]
        for data, message in (
            (ofd(("x.xml", zeros)), "too long unpacked"),
            (ofd(*bulk), "too long unpacked"),
            (ofd(*many), "too many parts"),
            (ofd(("x.xml", entity)), "DOCTYPE"),
            (ofd(("x.xml", XML))[:-30], "broken"),
            (b"PK\x03\x04" + b"x" * 100, "broken"),
            (b"<" + b"x" * limits.UPLOAD_BYTES, "longer than 10 MB"),
        ):
            [line] = self._upload(("bad.ofd", data)).values()
            self.assertEqual(line.state, "problem")
            self.assertIn(message, line.message)

    def test_how_many_files(self):
        """None, and more than a server reads in one go."""
        for count in (0, limits.UPLOADS + 1):
            with self.assertRaisesRegex(UserError, f"Choose 1 to {limits.UPLOADS}"):
                self._upload(*[(f"{number}.xml", "<a/>") for number in range(count)])

    def test_bill_ties_to_the_cent(self):
        """Products by the vendor's name, code and last bill; tax as he rounded it."""
        goods, paper, salt = self.env["product.product"].create(
            [{"name": name} for name in ("Soy", "Paper", "Salt")]
        )
        self.env["product.supplierinfo"].create(
            [
                {
                    "partner_id": self.vendor.id,
                    "product_tmpl_id": goods.product_tmpl_id.id,
                    "product_name": "酱油",
                },
                {
                    "partner_id": self.vendor.id,
                    "product_tmpl_id": paper.product_tmpl_id.id,
                    "product_code": "A4-70",
                },
            ]
        )
        last = self.init_invoice(
            "in_invoice", partner=self.vendor, products=salt, post=False
        )
        last.invoice_line_ids.name = "*盐*海盐"
        last.ref = "old"
        last.action_post()
        text = invoice(
            OTHER,
            [
                item("*食品*酱油", 3, "10.00", "1.30", spec="500ml"),
                item("*纸*复印纸", 7, "33.33", "4.34", spec="A4-70"),
                item("*盐*海盐", 1, "0.03", "0.01"),
                item("*服务*运费", 1, "5.00", "0.00", rate="免税"),
            ],
            "48.36",
            "5.65",
            "54.01",
        )
        [line] = self._upload(("x.xml", text), is_drafting=True).values()
        self.assertEqual(line.state, "new", line.message)
        bill = line.fapiao_id.move_ids.sudo()
        self.assertEqual((bill.state, bill.ref), ("draft", OTHER))
        self.assertEqual(
            (bill.amount_untaxed, bill.amount_tax, bill.amount_total),
            (48.36, 5.65, 54.01),
        )
        self.assertEqual(line.fapiao_id.amount_difference, 0)
        none = self.env["product.product"]
        self.assertEqual(
            [found.product_id for found in bill.invoice_line_ids],
            [goods, paper, salt, none],
        )
        self.assertEqual(
            bill.invoice_line_ids.mapped("price_subtotal")[:2], [10, 33.33]
        )
        self.assertEqual(bill.invoice_line_ids[:3].tax_ids, self.tax)
        self.assertFalse(bill.invoice_line_ids[3].tax_ids)
        bill.action_post()
        self.assertEqual((bill.amount_tax, line.fapiao_id.state), (5.65, "booked"))
        self.assertEqual(bill.jxc_fapiao_count, 1)
        self.assertEqual(bill.action_jxc_open_fapiaos()["res_id"], line.fapiao_id.id)

    def test_tax_that_is_not_deducted_is_cost(self):
        text = XML.replace("增值税专用发票", "普通发票")
        [line] = self._upload(("x.xml", text), is_drafting=True).values()
        bill = line.fapiao_id.move_ids.sudo()
        self.assertEqual((bill.amount_untaxed, bill.amount_tax), (113, 0))

    def test_rate_without_tax(self):
        """The invoice is registered; the message says which tax is missing."""
        text = invoice(
            OTHER,
            [item("x", 1, "100.00", "17.00", "0.17")],
            "100.00",
            "17.00",
            "117.00",
        )
        [line] = self._upload(("x.xml", text), is_drafting=True).values()
        self.assertEqual(line.state, "warning")
        self.assertIn("17 %", line.message)
        self.assertFalse(line.fapiao_id.move_ids)

    def test_red_is_linked_to_blue_whichever_comes_first(self):
        red = invoice(
            RED,
            [item("*食品*酱油", -10, "-100.00", "-13.00")],
            "-100.00",
            "-13.00",
            "-113.00",
            remark=f"被红冲蓝字数电发票号码：{NUMBER}",
        )
        red = self._upload(("red.xml", red))["red.xml"].fapiao_id
        self.assertEqual((red.blue_number, red.blue_id.id), (NUMBER, False))
        blue = self._upload(("blue.xml", XML))["blue.xml"].fapiao_id
        self.assertEqual(red.blue_id, blue)
        red.action_draft_bill()
        refund = red.move_ids.sudo()
        self.assertEqual((refund.move_type, refund.amount_total), ("in_refund", 113))
        self.assertEqual(red.amount_difference, 0)

    def _bill(self, amount, **values):
        bill = self.init_invoice(
            "in_invoice", partner=self.vendor, amounts=[amount], taxes=self.tax
        )
        bill.write(values)
        return bill

    def test_match_existing_bills(self):
        fapiao = self._upload(("x.xml", XML))["x.xml"].fapiao_id
        self._bill(70)
        fapiao.action_match_bills()
        self.assertFalse(fapiao.move_ids, "nothing fits")
        same = self._bill(100)
        twin = self._bill(100)
        fapiao.action_match_bills()
        self.assertFalse(fapiao.move_ids, "two fit: people decide")
        twin.ref = f"发票 {NUMBER}"
        fapiao.action_match_bills()
        self.assertEqual(fapiao.move_ids.sudo(), twin)
        second = self.register.create(
            {
                "number": OTHER,
                "date": "2026-02-01",
                "seller_vat": SELLER,
                "amount_untaxed": 170,
                "amount_tax": 22.1,
                "company_id": self.company.id,
            }
        )
        match = self.env["jxc.fapiao.match"].with_user(self.clerk)
        match = match.browse(second.action_open_match()["res_id"])
        self.assertNotIn(twin, match.candidate_ids.sudo())
        with self.assertRaisesRegex(UserError, OTHER):
            match.action_link()
        match.move_ids = [Command.set(twin.ids)]
        with self.assertRaisesRegex(UserError, "already"):
            match.action_link()
        match.move_ids = [Command.set(same.ids)]
        self.assertAlmostEqual(match.difference, 79.1)
        match.action_link()
        self.assertAlmostEqual(second.amount_difference, 79.1)

    def test_who_may(self):
        reader = self._user("upload_reader", "account.group_account_readonly")
        with self.assertRaises(AccessError):
            self._upload(("x.xml", XML), user=reader)
        fapiao = self._upload(("x.xml", XML))["x.xml"].fapiao_id
        for name in ("action_match_bills", "action_open_match", "action_draft_bill"):
            with self.assertRaises(AccessError, msg=name):
                getattr(fapiao.with_user(reader), name)()
        secret = self.env["ir.attachment"].create(
            {"name": "x.xml", "raw": XML, "description": "of somebody else"}
        )
        upload = self.env["jxc.fapiao.upload"].with_user(self.clerk).create({})
        upload.sudo().attachment_ids = [Command.set(secret.ids)]
        before = self.register.search_count([])
        with self.assertRaises(UserError):
            upload.action_upload()
        self.assertEqual(self.register.search_count([]), before)

    def test_two_companies(self):
        other = self.setup_other_company(name="Elsewhere")["company"]
        stranger = self._user("upload_far", "account.group_account_invoice", other)
        fapiao = self._upload(("x.xml", XML))["x.xml"].fapiao_id
        with self.assertRaises(AccessError):
            fapiao.line_ids.with_user(stranger).read(["name"])
        register = self.env["jxc.fapiao"].with_user(stranger).with_company(other)
        with self.assertRaisesRegex(UserError, "neither to nor from"):
            register.read_file(base64.b64encode(XML.encode()).decode())

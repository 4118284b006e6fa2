# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo.tests import tagged

from odoo.addons.account.tests.common import AccountTestInvoicingCommon


@tagged("post_install", "-at_install")
class TestMailTemplates(AccountTestInvoicingCommon):
    """Letters to customers in their language, with what the sender may see."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["res.lang"]._activate_lang("zh_CN")
        cls.shop = cls.env["res.partner"].create(
            {"name": "好茶店", "email": "shop@example.com", "lang": "zh_CN"}
        )
        cls.env.user.group_ids += cls.env.ref("sales_team.group_sale_manager")
        cls.env.user.email = "seller@example.com"

    def _letter(self, name, record, lang="zh_CN"):
        self.shop.lang = lang
        template = self.env.ref(f"jxc_crm_lite.mail_template_{name}")
        values = template._generate_template(
            record.ids, ("subject", "body_html", "email_from", "partner_to")
        )[record.id]
        return values["subject"], str(values["body_html"])

    def _invoice(self, amount, day, **values):
        invoice = self.env["account.move"].create(
            {
                "move_type": "out_invoice",
                "partner_id": self.shop.id,
                "invoice_date": day,
                "invoice_date_due": day,
                "invoice_line_ids": [
                    (0, 0, {"name": "Tea", "price_unit": amount, "tax_ids": []})
                ],
                **values,
            }
        )
        invoice.action_post()
        return invoice

    def test_greeting(self):
        subject, body = self._letter("greeting", self.shop)
        self.assertIn("节日", subject)
        self.assertIn("好茶店", body)
        self.assertIn("happy holidays", self._letter("greeting", self.shop, "en_US")[1])

    def test_statement(self):
        _subject, body = self._letter("statement", self.shop)
        self.assertIn("均已付清", body)
        late = self._invoice(100, "2026-01-05")
        soon = self._invoice(250, "2026-02-05")
        self._invoice(70, "2026-02-06").button_draft()
        refund = self._invoice(30, "2026-03-05", move_type="out_refund")
        subject, body = self._letter("statement", self.shop)
        self.assertIn("未付", subject)
        places = [body.index(move.name) for move in (late, soon, refund)]
        self.assertEqual(places, sorted(places))
        for amount in ("100.00", "250.00", "-\ufeff30.00"):
            self.assertIn(amount, body)
        self.assertNotIn("70.00", body)

    def test_statement_of_who_reads_no_invoices(self):
        invoice = self._invoice(100, "2026-01-05")
        clerk = self.env["res.users"].create(
            {
                "name": "Clerk",
                "login": "letter_clerk",
                "group_ids": [(6, 0, self.env.ref("base.group_user").ids)],
            }
        )
        found = self.shop.with_user(clerk)._jxc_open_invoices()
        self.assertFalse(found)
        self.assertEqual(self.shop._jxc_open_invoices(), invoice)

    def _order(self, *products, confirm=True):
        order = self.env["sale.order"].create(
            {
                "partner_id": self.shop.id,
                "order_line": [(0, 0, {"product_id": each.id}) for each in products],
            }
        )
        if confirm:
            order.action_confirm()
        return order

    def test_quotation(self):
        order = self._order(self.product_a, confirm=False)
        order.validity_date = "2026-12-31"
        subject, body = self._letter("quotation_followup", order)
        self.assertIn(order.name, subject)
        self.assertIn("报价", subject)
        self.assertIn("2026", body)
        self.assertIn("1,150.00", body)

    def test_wake_up(self):
        self._order(self.product_a)
        self._order(self.product_b, self.product_a)
        self._order(self.product_b, self.product_a, confirm=False)
        found = self.shop._jxc_usual_products()
        self.assertEqual(found, self.product_a | self.product_b)
        self.assertEqual(found[0], self.product_a)
        _subject, body = self._letter("wake_up", self.shop)
        self.assertIn("product_a", body)
        self.assertIn("好久", body)

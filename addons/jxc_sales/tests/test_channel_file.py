# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
"""Orders of shops come in by a file."""

import base64
import io

import openpyxl

from odoo.exceptions import UserError
from odoo.tests import tagged

from .channel_common import ChannelCommon


@tagged("post_install", "-at_install")
class TestChannelFile(ChannelCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.shop_user = cls._create_user(
            "jxc_shop",
            "sales_team.group_sale_salesman_all_leads,jxc_sales.group_channel_payments",
        )

    def _upload(self, content, name="orders.csv", user=None):
        if isinstance(content, str):
            content = content.encode()
        wizard = (
            self.env["jxc.sale.channel.upload"]
            .with_user(user or self.salesman)
            .create(
                {
                    "channel_id": self.channel.id,
                    "upload": base64.b64encode(content),
                    "upload_name": name,
                }
            )
        )
        wizard.action_upload()
        return wizard.line_ids

    ROWS = (
        "number,sku,quantity,price,buyer,city,paid\n"
        "F1,LAMP,2,100,王芳,杭州,200\n"
        "F2,LAMP-12,1,1100,,,\n"
        "F1,6900000000012,1,1100,,,\n"
    )

    def test_rows_become_orders(self):
        lines = self._upload(self.ROWS, user=self.shop_user)
        self.assertEqual(lines.mapped("status"), ["created", "created"])
        first = lines[0].order_id
        self.assertEqual(first.amount_total, 1300)
        self.assertEqual(first.partner_shipping_id.city, "杭州")
        self.assertEqual(first.sudo().jxc_channel_paid, 200)
        self.assertEqual(first.sudo().jxc_payment_ids.mapped("amount"), [200])
        self.assertFalse(lines[0].problems)

    def test_seller_books_nothing(self):
        """A file is no way to money that nobody has seen; each order says so."""
        lines = self._upload(self.ROWS)
        self.assertEqual(lines.mapped("status"), ["created", "created"])
        self.assertIn("200.00", lines[0].problems)
        self.assertFalse(lines[1].problems)
        self.assertFalse(lines.order_id.sudo().jxc_payment_ids)
        self.assertEqual(lines[0].order_id.sudo().jxc_channel_unbooked, 200)

    def test_workbook(self):
        book = openpyxl.Workbook()
        for row in (
            ("number", "sku", "quantity", "price", "buyer", "city"),
            ("X1", "LAMP", 2, 100, "王芳", "杭州"),
            ("X1", "LAMP-12", 1, 1100.5, None, None),
            (20260301, "LAMP", 1, 90, None, None),
        ):
            book.active.append(row)
        file = io.BytesIO()
        book.save(file)
        lines = self._upload(file.getvalue(), "orders.xlsx")
        self.assertEqual(lines.mapped("status"), ["created", "created"])
        self.assertEqual(lines.order_id.mapped("amount_total"), [1300.5, 90])
        self.assertEqual(lines.order_id[0].partner_shipping_id.city, "杭州")
        self.assertEqual(lines[1].order_id.jxc_channel_number, "20260301")

    def test_one_order_of_a_good_file_is_refused(self):
        """The others come in, and it is told why it did not."""
        lines = self._upload(
            "number,sku,quantity,price\n"
            "F1,LAMP,2,100\n"
            "F2,UNKNOWN,1,100\n"
            "F3,LAMP,1,100\n"
        )
        self.assertEqual(lines.mapped("status"), ["created", "refused", "created"])
        self.assertFalse(lines[1].order_id)
        self.assertIn("UNKNOWN", lines[1].problems)
        self.assertEqual(self.channel.order_count, 2)

    def test_bad_file_is_refused_whole(self):
        with self.assertRaises(UserError) as refused:
            self._upload(
                "number,sku,quantity,price,city\n"
                "F1,LAMP,two,100,杭州\n"
                "F2,LAMP,1,=1+1,\n"
                "F3,LAMP,1,1,杭州\n"
                "F3,LAMP,1,1,宁波\n"
                ",,1,5,宁波\n"
            )
        text = str(refused.exception)
        # both of the last row, which is no order anyway
        for part in ("5 problems", "quantity", "price", "F3", "number", "sku"):
            self.assertIn(part, text)
        self.assertFalse(self.channel.order_count)

    def test_unknown_column(self):
        with self.assertRaisesRegex(UserError, "discout"):
            self._upload("number,sku,quantity,price,discout\nF1,LAMP,1,1,5\n")

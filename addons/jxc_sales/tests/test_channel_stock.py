# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
"""What can be sold is told to the shop."""

import hashlib
import hmac
import json
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged

from .channel_common import ChannelCommon


class _Shop(BaseHTTPRequestHandler):
    """A shop's server that remembers what it was told."""

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.told.append((dict(self.headers), body))
        self.send_response(self.server.answer)
        self.end_headers()

    def log_message(self, *arguments):
        pass


@tagged("post_install", "-at_install")
class TestChannelStock(ChannelCommon):
    def setUp(self):
        super().setUp()
        self.shop = HTTPServer(("127.0.0.1", 0), _Shop)
        self.shop.told, self.shop.answer = [], 200
        thread = threading.Thread(target=self.shop.serve_forever, daemon=True)
        thread.start()
        self.addCleanup(thread.join)
        self.addCleanup(self.shop.server_close)
        self.addCleanup(self.shop.shutdown)
        self.channel.write(
            {
                "stock_url": f"http://127.0.0.1:{self.shop.server_port}/stock",
                "stock_secret": "tell nobody",
                "stock_buffer": 10,
            }
        )

    def test_levels(self):
        """Whole boxes of what is free, less what is kept back; changes only."""
        told = self.channel.push_stock()
        self.assertEqual(told, [{"sku": "LAMP-12", "quantity": (1000 - 10) // 12}])
        headers, body = self.shop.told[0]
        self.assertEqual(json.loads(body), {"channel": "FS", "levels": told})
        signature = hmac.new(b"tell nobody", body, hashlib.sha256).hexdigest()
        self.assertEqual(headers["X-JXC-Signature"], signature)
        self.assertEqual(self.channel.push_stock(), [])
        self.assertEqual(len(self.shop.told), 1)
        order = self._create_order(24)
        order.action_confirm()
        order.picking_ids.action_assign()
        self.product.invalidate_recordset()
        self.assertEqual(
            self.channel.push_stock(), [{"sku": "LAMP-12", "quantity": 80}]
        )

    def test_shop_refuses(self):
        """What was not told is told again."""
        self.shop.answer = 503
        with self.assertRaisesRegex(UserError, "503"):
            self.channel.push_stock()
        with self.enter_registry_test_mode():
            self.env.ref(
                "jxc_sales.jxc_sale_channel_stock_cron"
            ).method_direct_trigger()
        self.assertIn("503", self.channel.message_ids[0].body)
        self.shop.answer = 200
        self.assertTrue(self.channel.push_stock())

    def test_job_tells_the_shop(self):
        with self.enter_registry_test_mode():
            self.env.ref(
                "jxc_sales.jxc_sale_channel_stock_cron"
            ).method_direct_trigger()
        ((_headers, body),) = self.shop.told
        told = [{"sku": "LAMP-12", "quantity": (1000 - 10) // 12}]
        self.assertEqual(json.loads(body), {"channel": "FS", "levels": told})
        self.channel.invalidate_recordset()
        self.assertTrue(self.channel.stock_pushed_at)
        self.assertEqual(self.channel.push_stock(), [], "nothing has changed since")

    def test_frozen_goods_are_not_told(self):
        quant = self.env["stock.quant"].search(
            [
                ("product_id", "=", self.product.id),
                ("location_id.usage", "=", "internal"),
            ]
        )
        quant.action_jxc_freeze(900, "Inspection")
        self.product.invalidate_recordset()
        self.assertEqual(self.channel.push_stock(), [{"sku": "LAMP-12", "quantity": 7}])

    def test_address(self):
        with self.assertRaises(ValidationError):
            self.channel.stock_url = "file:///etc/passwd"

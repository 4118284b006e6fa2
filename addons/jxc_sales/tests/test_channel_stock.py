# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
"""What can be sold is told to the shop."""

import hashlib
import hmac
import json
import os
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from unittest.mock import patch

from cryptography.fernet import Fernet

from odoo import fields
from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged
from odoo.tests.common import _super_send

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
        host = f"127.0.0.1:{self.shop.server_port}"
        options = {
            "JXC_OUTBOUND_HOSTS": host,
            "JXC_SECRET_KEYS": Fernet.generate_key().decode(),
        }
        self.enterContext(patch.dict(os.environ, options))
        self.channel.write(
            {
                "stock_url": f"http://{host}/stock",
                "secret": "tell nobody",
                "stock_buffer": 10,
            }
        )

    @classmethod
    def _request_handler(cls, session, request, /, **values):
        """Past the platform's guard for tests: ours is the one to be tried."""
        return _super_send(session, request, **values)

    def _run_job(self):
        with self.enter_registry_test_mode():
            self.env.ref(
                "jxc_sales.jxc_sale_channel_stock_cron"
            ).method_direct_trigger()

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
        self._run_job()
        self.channel.invalidate_recordset()
        self.assertIn("503", self.channel.last_error)
        self.assertGreater(self.channel.next_try, fields.Datetime.now())
        self._run_job()
        self.assertEqual(len(self.shop.told), 2, "the job waits longer and longer")
        self.shop.answer = 200
        self.assertTrue(self.channel.push_stock())
        self.assertFalse(self.channel.failure_count or self.channel.last_error)

    def test_job_tells_the_shop(self):
        self._run_job()
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
        """No address of the machine itself or of its network, but those named."""
        for url in ("file:///etc/passwd", "http://169.254.169.254/latest", "https://"):
            with self.subTest(url=url), self.assertRaises(ValidationError):
                self.channel.stock_url = url
        # Names are judged by where they lead when they are asked.
        self.channel.stock_url = "https://localhost/stock"
        with self.assertRaisesRegex(UserError, "outbound_hosts"):
            self.channel.push_stock()
        self.assertFalse(self.shop.told)

    def test_key(self):
        """The key is encrypted, is nobody's to read, and belongs to one address."""
        self.env.invalidate_all()
        self.env.cr.execute(
            "SELECT channel::text FROM jxc_sale_channel channel WHERE id = %s",
            [self.channel.id],
        )
        self.assertNotIn("tell nobody", self.env.cr.fetchone()[0])
        self.assertFalse(self.channel.read(["secret"])[0]["secret"])
        self.assertTrue(self.channel.has_secret)
        self.channel.stock_url = "https://example.com/stock"
        self.assertFalse(self.channel.has_secret)

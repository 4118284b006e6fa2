# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo.exceptions import AccessError, ValidationError
from odoo.tests import tagged

from .sms_common import PASSWORD, SmsCommon

#: ways to write addresses that lead into the house
INSIDE = (
    "127.0.0.1",
    "localhost",
    "2130706433",
    "0x7f000001",
    "0177.0.0.1",
    "127.1",
    "0.0.0.0",
    "[::1]",
    "[::ffff:127.0.0.1]",
    "[::ffff:7f00:1]",
    "[64:ff9b::7f00:1]",
    "[fe80::1]",
    "[fd00::1]",
    "10.0.0.1",
    "192.168.0.1",
    "172.16.0.1",
    "169.254.169.254",
    "100.100.100.200",
)


@tagged("post_install", "-at_install")
class TestSmsAddress(SmsCommon):
    """A gateway's address is no way into the network that the server stands in."""

    def _try(self, endpoint):
        self.gateway.write(
            {"endpoint": endpoint, "secret": PASSWORD, "next_try": False}
        )
        row = self._send()
        self._work()
        return row

    def test_inside_needs_the_administrator_of_the_server(self):
        port = self.server.server_port
        with self._named():
            for host in INSIDE:
                with self.subTest(host=host):
                    row = self._try(f"https://{host}:{port}/send")
                    self.assertEqual(row.state, "queued")
                    self.assertIn("outbound_hosts", row.error)
                    row.state = "cancelled"
        self.assertFalse(self.server.requests)
        with self._named(f"127.0.0.1:{port + 1}", "10.0.0.1"):
            row = self._try(f"https://127.0.0.1:{port}/send")
        self.assertIn("outbound_hosts", row.error, "a name is for its port")
        self.assertFalse(self.server.requests)

    def test_plain_http_is_refused_when_it_is_saved(self):
        for endpoint in (
            f"http://localhost:{self.server.server_port}/send",
            "http://2130706433/",
            "http://[::1]/",
            "https://user:pw@example.com/",
            "file:///etc/passwd",
            "gopher://127.0.0.1/",
            "https:///send",
        ):
            with (
                self.subTest(endpoint=endpoint),
                self.assertRaises(ValidationError),
                self.cr.savepoint(),
            ):
                self.gateway.endpoint = endpoint

    def test_redirects_are_not_followed(self):
        self.server.plan.append("redirect")
        row = self._send()
        self._work()
        self.assertEqual(
            [path for _method, path, _sent, _headers in self.server.requests], ["/send"]
        )
        self.assertNotEqual(row.state, "sent")
        self.assertIn("302", row.error)

    def test_sales_managers_do_not_set_addresses(self):
        gateway = self.gateway.with_user(self.manager)
        for change in (
            lambda: gateway.write({"endpoint": "https://10.0.0.1/"}),
            lambda: gateway.create({"name": "Mine", "endpoint": "https://10.0.0.1/"}),
            lambda: gateway.read(["endpoint"]),
            gateway.action_send_now,
        ):
            with self.assertRaises(AccessError):
                change()
        self.assertEqual(self.gateway.endpoint, self.server.url)

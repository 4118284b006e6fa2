# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
import doctest
import os
import socket
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from unittest.mock import patch

from odoo.tests import BaseCase, tagged
from odoo.tests.common import _super_send

from ..tools import outbound
from ..tools.outbound import Client, NoAnswerError, NotSentError, check_url


class Handler(BaseHTTPRequestHandler):
    """Answers as the path says."""

    def log_message(self, *args):
        """No output."""

    def do_GET(self):
        self.server.paths.append(self.path)
        if self.path == "/drop":
            self.connection.close()
            return
        if self.path == "/redirect":
            self.send_response(302)
            self.send_header("Location", "/other")
            self.send_header("Content-Length", "0")
            self.end_headers()
            return
        if self.path == "/silent":
            self.server.quiet.wait(5)
        self.send_response(500 if self.path == "/error" else 200)
        self.end_headers()
        try:
            if self.path == "/long":
                self.wfile.write(b"x" * 100_000)
            elif self.path == "/drip":
                while not self.server.quiet.wait(0.1):
                    self.wfile.write(b"x")
            else:
                self.wfile.write(b"hello")
        except OSError:
            return


@tagged("post_install", "-at_install")
class TestOutbound(BaseCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        cls.server.paths, cls.server.quiet = [], threading.Event()
        thread = threading.Thread(target=cls.server.serve_forever, daemon=True)
        thread.start()
        cls.port = cls.server.server_port
        cls.url = f"http://127.0.0.1:{cls.port}"

        def stop():
            cls.server.quiet.set()
            cls.server.shutdown()
            cls.server.server_close()
            thread.join()

        cls.addClassCleanup(stop)

    @classmethod
    def _request_handler(cls, session, request, /, **values):
        """Past the platform's guard for tests, which makes short timeouts longer."""
        return _super_send(session, request, **values)

    def _named(self, *hosts):
        return patch.dict(os.environ, {"JXC_OUTBOUND_HOSTS": ",".join(hosts)})

    def _get(self, path, **values):
        with self._named(f"127.0.0.1:{self.port}"):
            client = Client(self.url, **{"timeout": 5, **values})
            try:
                return client.request("GET", self.url + path)
            finally:
                client.close()

    def test_answers(self):
        self.assertEqual(self._get("/").content, b"hello")
        self.assertEqual(self._get("/error").status_code, 500)

    def test_redirects_are_answers(self):
        self.assertEqual(self._get("/redirect").status_code, 302)
        self.assertNotIn("/other", self.server.paths)

    def test_private_addresses_need_the_administrator(self):
        """Loopback, private and mapped addresses, plain HTTP, credentials, schemes."""
        for url in (
            self.url,
            "http://example.com/",
            "https://user:pw@example.com/",
            "ftp://example.com/",
            "file:///etc/passwd",
            "https://[::1",
            "",
        ):
            with self._named(), self.assertRaises(NotSentError, msg=url):
                check_url(url)
        for host in ("127.0.0.1", "10.1.2.3", "169.254.169.254", "[::ffff:127.0.0.1]"):
            url = f"https://{host}:{self.port}/"
            with self._named(), self.assertRaisesRegex(NotSentError, "private"):
                Client(url, timeout=2).request("GET", url)

    def test_another_host_is_not_asked(self):
        with self._named("127.0.0.1", "localhost"):
            client = Client(self.url)
            self.addCleanup(client.close)
            with self.assertRaisesRegex(NotSentError, "not on the server"):
                client.request("GET", f"http://localhost:{self.port}/")

    def test_nothing_was_sent(self):
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            url = f"http://127.0.0.1:{probe.getsockname()[1]}/"
        with self._named("127.0.0.1"), self.assertRaises(NotSentError):
            Client(url, timeout=2).request("GET", url)

    def test_requests_that_cannot_be(self):
        """What was never begun may be tried again when the settings are right."""
        for value in ("a\r\nX-More: b", "\u597d"):
            with self._named("127.0.0.1"):
                client = Client(self.url, timeout=2)
                self.addCleanup(client.close)
                with self.assertRaisesRegex(NotSentError, "not valid"):
                    client.request("GET", f"{self.url}/odd", headers={"X": value})
        self.assertNotIn("/odd", self.server.paths)

    def test_addresses_within_addresses(self):
        self.assertFalse(doctest.testmod(outbound).failed)

    def test_queries_are_not_logged(self):
        with self.assertLogs("urllib3.connectionpool", "DEBUG") as logs:
            self._get("/send?pw=s3cret")
        self.assertIn("/send?…", "".join(logs.output))
        self.assertNotIn("s3cret", "".join(logs.output))

    def test_certificates_are_verified(self):
        """A server that talks no TLS is no server we send anything to."""
        url = f"https://127.0.0.1:{self.port}/"
        with self._named("127.0.0.1"), self.assertRaises(NotSentError):
            Client(url, timeout=2).request("GET", url)

    def test_what_may_have_arrived(self):
        for path in ("/drop", "/silent", "/drip"):
            start = time.monotonic()
            with self.assertRaises(NoAnswerError, msg=path):
                self._get(path, timeout=0.5)
            self.assertLess(time.monotonic() - start, 4)
            self.assertIn(path, self.server.paths)

    def test_long_answers_are_refused(self):
        with self.assertRaisesRegex(NoAnswerError, "longer"):
            self._get("/long", max_bytes=1000)

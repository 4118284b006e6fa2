# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
"""A server that plays an SMS provider, good and bad days included.

It answers as the next word of ``plan`` says, well without one; ``requests`` keeps what
it was asked: (method, path, parameters, headers), ``bodies`` the bytes of each POST.
With a ``key`` it refuses requests without the canonical signature (Signature) of it.
"""

import base64
import hashlib
import hmac
import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qsl, urlsplit

UNRESERVED = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.~"


def percent(text):
    """Return a text as RFC 3986 encodes it, byte by byte."""
    return "".join(
        chr(byte) if byte in UNRESERVED else f"%{byte:02X}" for byte in text.encode()
    )


def canonical_signature(method, parameters, key):
    """Return the signature over a request that its parameters should carry."""
    query = "&".join(
        f"{percent(name)}={percent(parameters[name])}"
        for name in sorted(parameters)
        if name != "Signature"
    )
    text = f"{method}&{percent('/')}&{percent(query)}"
    mac = hmac.new(f"{key}&".encode(), text.encode(), hashlib.sha1)
    return base64.b64encode(mac.digest()).decode()


class SmsServer(ThreadingHTTPServer):
    """Use as context manager; ``url`` is its address."""

    daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Handler)
        self.host = f"127.0.0.1:{self.server_port}"
        self.url = f"http://{self.host}/send"
        self.quiet = threading.Event()
        self.requests, self.bodies, self.plan = [], [], []
        self.key = ""
        self._thread = threading.Thread(target=self.serve_forever, daemon=True)

    def __enter__(self):
        self._thread.start()
        return self

    def __exit__(self, *_exception):
        self.quiet.set()
        self.shutdown()
        self.server_close()
        self._thread.join()

    def handle_error(self, request, client_address):
        """A client that went away is no news."""


class Handler(BaseHTTPRequestHandler):
    def log_message(self, *args):
        """No output."""

    def do_GET(self):
        self._answer(dict(parse_qsl(urlsplit(self.path).query)))

    def do_POST(self):
        raw = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.bodies.append(raw)
        charset = self.headers.get_content_charset("utf-8")
        if self.headers.get_content_subtype() == "json":
            self._answer(json.loads(raw.decode(charset)))
        else:
            self._answer(dict(parse_qsl(raw.decode(), encoding=charset)))

    def _answer(self, parameters):
        server = self.server
        server.requests.append((self.command, self.path, parameters, self.headers))
        plan = server.plan.pop(0) if server.plan else "ok"
        status, body = 200, {"code": "0", "msgid": f"M{len(server.requests)}"}
        if server.key:
            sign = canonical_signature(self.command, parameters, server.key)
            if parameters.get("Signature") != sign:
                body = {"code": "SignatureDoesNotMatch", "msg": "Look at your key"}
        if plan == "drop":
            self.connection.close()
            return
        if plan == "slow":
            server.quiet.wait(5)
        elif plan == "refuse":
            body = {"code": "105", "msg": f"no money for {parameters.get('pw')}"}
        elif plan == "busy":
            status = 429
        elif plan == "broken":
            status = 502
        elif plan == "redirect":
            status, body = 302, {}
        text = "<html>busy" if plan == "garbage" else json.dumps(body)
        if plan == "huge":
            text += " " * 2_000_000
        self.send_response(status)
        if plan == "redirect":
            self.send_header("Location", f"{server.url}/elsewhere")
        if plan != "drops":
            self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        while plan == "drops" and not server.quiet.wait(0.2):
            self.wfile.write(b" ")
        self.wfile.write(text.encode())

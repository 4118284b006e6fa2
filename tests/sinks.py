# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
"""Servers on this machine that take what is sent and keep it: e-mail and SMS."""

import json
import socketserver
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class _Smtp(socketserver.StreamRequestHandler):
    """Just enough of RFC 5321 for one client after the other."""

    def handle(self):
        self._say("220 sink")
        to = []
        while line := self.rfile.readline():
            word = line[:4].upper().strip()
            if word == b"RCPT":
                to.append(line.decode().partition("<")[2].partition(">")[0])
                self._say("250 ok")
            elif word == b"DATA":
                self._say("354 go on")
                while self.rfile.readline() not in (b".\r\n", b""):
                    pass
                self.server.taken += to
                to = []
                self._say("250 ok")
            elif word == b"QUIT":
                self._say("221 bye")
                return
            else:
                self._say("250 ok")

    def _say(self, text):
        self.wfile.write(text.encode() + b"\r\n")


class _Sms(BaseHTTPRequestHandler):
    """The platform's service: JSON-RPC, an answer per message."""

    def log_message(self, *args):
        """No output."""

    def do_POST(self):
        asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        numbers = [
            number
            for message in asked["params"]["messages"]
            for number in message["numbers"]
        ]
        self.server.taken += [number["number"] for number in numbers]
        answer = {
            "jsonrpc": "2.0",
            "id": asked["id"],
            "result": [
                {"uuid": number["uuid"], "state": "success", "credit": 1}
                for number in numbers
            ],
        }
        body = json.dumps(answer).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


class _SmtpServer(socketserver.ThreadingTCPServer):
    daemon_threads = True


@contextmanager
def _running(server):
    server.taken = []
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def smtp_sink():
    """Context manager: ``server_address``, and ``taken``, the recipients so far."""
    return _running(_SmtpServer(("127.0.0.1", 0), _Smtp))


def sms_sink():
    """Context manager: ``server_address``, and ``taken``, the numbers so far."""
    return _running(ThreadingHTTPServer(("127.0.0.1", 0), _Sms))

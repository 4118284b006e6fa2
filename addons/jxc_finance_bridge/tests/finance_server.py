# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
"""A server that plays finance systems, good and bad days included.

It keeps the vouchers it was sent in ``books`` (key: list of debit totals), and behaves
for each voucher as the next word of ``plan`` says; without one it behaves well.
"""

import json
import threading
from decimal import Decimal
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from lxml import etree

WSDL = (Path(__file__).parent / "eas.wsdl").read_text(encoding="utf-8")
SOAP = "http://schemas.xmlsoap.org/soap/envelope/"
SESSION = "S-4711"
PASSWORD = "s3cret-pass"

#: behaviours that leave the voucher in the books, and those that do not
KEPT = (
    "ok drop_after slow_after error_after garbage_after long_after cut_after"
    " moved_after wrong_after timeout_after"
).split()
LOST = (
    "drop_before slow_before error_before cut_before moved_before wrong_before"
    " timeout_before busy refuse"
).split()
PLANS = (*KEPT, *LOST, "double")
#: bytes of an answer without end
ENDLESS = 100_000_000


class FinanceServer(ThreadingHTTPServer):
    """Use as context manager; ``url`` is its address."""

    daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server_port}"
        self.host = f"127.0.0.1:{self.server_port}"
        self.reset()
        self.quiet = threading.Event()
        self._thread = threading.Thread(target=self.serve_forever, daemon=True)

    def reset(self):
        self.books, self.plan, self.log, self.order = {}, [], [], []
        self.bodies, self.wsdl = [], WSDL
        self.finds_fail = 0
        self.unique = False
        self.password = self.echo = PASSWORD
        self.gets = 0
        #: where a server leads to that has moved, and bytes of the longest answer
        self.elsewhere, self.given = f"{self.url}/elsewhere", 0
        #: a voucher has arrived; it is answered when ``hold`` (an event) is set
        self.arrived, self.hold = threading.Event(), None

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
    protocol_version = "HTTP/1.1"

    def log_message(self, *args):
        """No output."""

    def do_GET(self):
        self.server.gets += 1
        wsdl = self.server.wsdl.replace("{url}", self.server.url)
        self._answer(200, wsdl.replace("{gets}", str(self.server.gets)), "text/xml")

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.bodies.append((self.path, dict(self.headers), body))
        if self.path.startswith("/ormrpc/"):
            self._eas(etree.fromstring(body))
        elif "kdsvc" in self.path:
            self._kingdee(json.loads(body))
        elif "tplus" in self.path:
            self._tplus(json.loads(body))
        else:
            self._u8(etree.fromstring(body))

    # What happens to a voucher ------------------------------------------------

    def _take(self, key, amount, done, refused):
        """Behave as planned; ``done`` and ``refused`` answer."""
        server = self.server
        server.arrived.set()
        if server.hold:
            server.hold.wait(20)
        how = server.plan.pop(0) if server.plan else "ok"
        server.log.append((how, key))
        if how in KEPT or how in ("double", "endless_after", "denied_after"):
            for _copy in range(2 if how == "double" else 1):
                if key in server.books and server.unique:
                    refused("exists")
                    return
                server.books.setdefault(key, []).append(amount)
                server.order.append(key)
        if how in ("ok", "double"):
            done()
        elif how == "refuse":
            refused("科目不存在")
        elif how == "echo":
            # as servers do that show the request on their error pages
            refused(f"wrong request: {self.server.echo}")
        elif how == "nul":
            self._answer(400, f"bad\x00 {self.server.echo} {SESSION}")
        elif how == "busy":
            self._answer(429, "busy")
        elif how == "endless_after":
            self._answer_without_end()
        elif how == "denied_after":
            refused("超时")
        else:
            self._misbehave(how)

    def _misbehave(self, how):
        """Answers that say nothing about the voucher."""
        server = self.server
        if how.startswith("timeout"):
            # what a gateway says that has waited long enough
            self._answer(408, "Request Timeout")
        elif how.startswith("moved"):
            self._answer(307, "moved", location=server.elsewhere)
        elif how.startswith("cut"):
            self._answer(200, '{"code": "0", "Result": {', missing=1000)
        elif how.startswith("wrong"):
            # well-formed, but not of the system itself
            is_json = "json" in self.headers.get("Content-Type", "")
            text = '{"error": "upstream"}' if is_json else "<error>upstream</error>"
            self._answer(200, text, "application/json" if is_json else "text/xml")
        elif how.startswith("drop"):
            self.close_connection = True
            self.connection.close()
        elif how.startswith("slow"):
            server.quiet.wait(1.6)
            self.close_connection = True
        elif how.startswith("error"):
            self._answer(500, "boom")
        elif how == "long_after":
            self._answer(200, "x" * 6_000_000)
        else:
            self._answer(200, "<html>not an answer")

    def _found(self, key):
        """How often a voucher is in the books; None when the look-up shall fail."""
        if self.server.finds_fail:
            self.server.finds_fail -= 1
            self._answer(500, "boom")
            return None
        return self.server.books.get(key, [])

    def _answer_without_end(self):
        """An answer as long as the other side reads it, in parts."""
        self.send_response(200)
        self.send_header("Content-Length", str(ENDLESS))
        self.end_headers()
        part = b"x" * 100_000
        try:
            while self.server.given < ENDLESS:
                self.wfile.write(part)
                self.server.given += len(part)
        except OSError:
            self.close_connection = True

    def _answer(self, status, text, kind="application/json", location=None, missing=0):
        """Answer; ``missing`` bytes are promised, and the connection closed instead."""
        body = text.encode()
        try:
            self.send_response(status)
            self.send_header("Content-Type", f"{kind}; charset=utf-8")
            self.send_header("Content-Length", str(len(body) + missing))
            if location:
                self.send_header("Location", location)
            self.end_headers()
            self.wfile.write(body)
            if missing:
                self.close_connection = True
        except OSError:
            self.close_connection = True

    # UFIDA U8 EAI -------------------------------------------------------------

    def _u8(self, root):
        key = root.findtext("voucher/voucher_head/memo1")
        if root.get("proc") == "query":
            found = self._found(key)
            if found is not None:
                answer = etree.Element("ufinterface")
                for amount in found:
                    voucher = etree.SubElement(answer, "voucher")
                    head = etree.SubElement(voucher, "voucher_head")
                    for name, text in (
                        ("voucher_type", "记"),
                        ("voucher_id", "7"),
                        ("date", "2023-01-31"),
                        ("memo1", key),
                    ):
                        etree.SubElement(head, name).text = text
                    body = etree.SubElement(voucher, "voucher_body")
                    entry = etree.SubElement(body, "entry")
                    natural = etree.SubElement(entry, "natural_debit_currency")
                    natural.text = str(amount)
                self._answer(
                    200, etree.tostring(answer, encoding="unicode"), "text/xml"
                )
            return
        amount = sum(
            Decimal(part.text)
            for part in root.iter("natural_debit_currency")
            if part.text
        )

        def done():
            self._item("0", "ok", "记-7")

        self._take(key, amount, done, lambda text: self._item("1", text, ""))

    def _item(self, succeed, text, key):
        answer = etree.Element("ufinterface")
        etree.SubElement(answer, "item", succeed=succeed, dsc=text, u8key=key)
        self._answer(200, etree.tostring(answer, encoding="unicode"), "text/xml")

    # Kingdee Cloud ------------------------------------------------------------

    def _kingdee(self, body):
        values = body["parameters"]
        if "ValidateUser" in self.path:
            good = values[2] == self.server.password
            answer = {
                "LoginResultType": int(good),
                "Message": "" if good else "密码错误",
            }
            self._answer(200, json.dumps(answer))
        elif "ExecuteBillQuery" in self.path:
            query = json.loads(values[0])
            key = query["FilterString"].split("'")[1]
            found = self._found(key)
            if found is not None:
                rows = [[n, "7", float(amount)] for n, amount in enumerate(found)]
                self._answer(200, json.dumps(rows))
        else:
            model = json.loads(values[1])["Model"]
            amount = sum(Decimal(str(row["FDEBIT"])) for row in model["FEntity"])

            def result(**status):
                answer = {"Result": {"ResponseStatus": status, "Number": "7"}}
                self._answer(200, json.dumps(answer))

            self._take(
                model["F_JXC_Key"],
                amount,
                lambda: result(IsSuccess=True),
                lambda text: result(IsSuccess=False, Errors=[{"Message": text}]),
            )

    # UFIDA T+ -----------------------------------------------------------------

    def _tplus(self, body):
        if self.path.endswith("/Query"):
            key = body["param"]["ExternalCode"]
            found = self._found(key)
            if found is not None:
                rows = [
                    {"ExternalCode": key, "Code": "7", "AmountDr": str(amount)}
                    for amount in found
                ]
                self._answer(200, json.dumps(rows))
            return
        dto = body["dto"]
        amount = sum(Decimal(row.get("AmountDr", "0")) for row in dto["Entrys"])

        def result(code, text, data=None):
            answer = {"code": code, "message": text, "data": data}
            self._answer(200, json.dumps(answer))

        self._take(
            dto["ExternalCode"],
            amount,
            lambda: result("0", "", {"Code": "7"}),
            lambda text: result("EXSV1", text),
        )

    # Kingdee EAS --------------------------------------------------------------

    def _eas(self, root):
        body = root.find(f"{{{SOAP}}}Body")
        operation = body[0]
        name = etree.QName(operation).localname
        texts = {etree.QName(part).localname: part.text for part in operation.iter()}
        if name == "login":
            if texts.get("password") != self.server.password:
                self._fault("wrong password")
                return
            session = f"<sessionId>{SESSION}</sessionId><userName>user</userName>"
            self._soap(name, f"<loginReturn>{session}</loginReturn>")
            return
        header = root.find(f"{{{SOAP}}}Header")
        if header is None or SESSION not in "".join(header.itertext()):
            self._fault("no session")
        elif name == "findVoucher":
            rows = []
            if self._found("") is None:
                return
            for key, amounts in self.server.books.items():
                rows += [f"<item>2023||1||记||7||{key}</item>" for _amount in amounts]
            self._soap(name, f"<findVoucherReturn>{''.join(rows)}</findVoucherReturn>")
        else:
            amounts = [
                Decimal(part.text)
                for part in operation.iter("debitAmount", "{*}debitAmount")
            ]

            def result(code, text):
                row = f"<item>{code}||记||2023||1||{text}||7||x</item>"
                self._soap(name, f"<importVoucherReturn>{row}</importVoucherReturn>")

            self._take(
                texts["description"],
                sum(amounts),
                lambda: result("0000", "ok"),
                lambda text: result("1001", text),
            )

    def _soap(self, name, content):
        self._answer(
            200,
            f'<e:Envelope xmlns:e="{SOAP}"><e:Body>'
            f'<r:{name}Response xmlns:r="urn:eas">{content}</r:{name}Response>'
            "</e:Body></e:Envelope>",
            "text/xml",
        )

    def _fault(self, text):
        self._answer(
            500,
            f'<e:Envelope xmlns:e="{SOAP}"><e:Body><e:Fault>'
            f"<faultcode>e:Server</faultcode><faultstring>{text}</faultstring>"
            "</e:Fault></e:Body></e:Envelope>",
            "text/xml",
        )

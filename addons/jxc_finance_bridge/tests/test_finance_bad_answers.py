# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
import datetime
import os
import ssl
import tempfile
from pathlib import Path
from unittest.mock import patch

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from odoo.tests import tagged

from .finance_server import ENDLESS, PASSWORD, FinanceServer
from .outbox_common import SERVICES, OutboxCommon


@tagged("post_install", "-at_install")
class TestFinanceBadAnswers(OutboxCommon):
    """Answers that are long, lead elsewhere, or are not true."""

    def _send(self, target, moves):
        ids = target.enqueue_moves(moves.ids)
        self._run(target)
        return self.env["jxc.finance.outbox"].browse(ids)

    def _differences(self, target):
        return target.get_differences("2023-01-01", "2023-01-31")

    def test_nobody_is_led_elsewhere(self):
        """Another host gets neither the voucher nor what it takes to log in."""
        with FinanceServer() as other:
            self.server.elsewhere = f"{other.url}/tplus/api/v2/doc/ReturnCodeCreate"
            for adapter in SERVICES:
                with self.subTest(adapter=adapter):
                    self.server.plan = ["moved_before"]
                    target = self._target(adapter)
                    row = self._send(target, self._moves())
                    self.assertEqual(row.state, "unknown")
                    self._run(target)
                    self.assertEqual(row.state, "done")
                    self.assertEqual(len(self.server.books[row.key]), 1)
            self.assertFalse(other.bodies)
            self.assertFalse(other.gets)

    def test_endless_answers(self):
        """A hundred megabytes are neither read nor kept."""
        for adapter in SERVICES:
            with self.subTest(adapter=adapter):
                self.server.reset()
                self.server.plan = ["endless_after"]
                target = self._target(adapter, timeout=20)
                row = self._send(target, self._moves())
                self.assertEqual((row.state, row.answer), ("unknown", False))
                self.assertLess(self.server.given, ENDLESS / 4)
                self._run(target)
                self.assertEqual(row.state, "done")
                self.assertEqual(len(self.server.books[row.key]), 1)

    def test_refused_but_there(self):
        """A system books a voucher and then says that it does not want it."""
        for adapter in SERVICES:
            with self.subTest(adapter=adapter):
                self.server.reset()
                self.server.plan = ["denied_after"]
                target, move = self._target(adapter), self._moves()
                accountant = self._user(f"bad_{adapter}", "account.group_account_user")
                row = self._send(target, move)
                self.assertEqual(row.state, "refused")
                found = {one["key"]: one["kind"] for one in self._differences(target)}
                self.assertEqual(found[row.key], "surplus")
                row.with_user(accountant).action_retry()
                self._run(target)
                self.assertEqual(row.state, "done")
                self.assertEqual(len(self.server.books[row.key]), 1)

    def test_taken_back_but_there(self):
        """Refused, taken back here, and in the other books all the same."""
        self.server.plan = ["denied_after"]
        target, move = self._target(), self._moves()
        accountant = self._user("bad_back", "account.group_account_user")
        row = self._send(target, move)
        move.with_user(accountant).button_draft()
        [found] = self._differences(target)
        self.assertEqual(
            (found["move_id"], found["key"], found["kind"]),
            (move.id, row.key, "surplus"),
        )
        self.server.books.clear()
        self.assertFalse(self._differences(target))

    def test_certificates(self):
        """Nobody who cannot show who he is gets a password or a voucher."""
        hosts = patch.dict(os.environ)
        with hosts, FinanceServer() as other, tempfile.TemporaryDirectory() as folder:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(_certificate(Path(folder)))
            other.socket = context.wrap_socket(
                other.socket, server_side=True, do_handshake_on_connect=False
            )
            os.environ["JXC_OUTBOUND_HOSTS"] += f",{other.host}"
            for adapter in SERVICES:
                # a certificate of its own, and a server that knows no TLS
                for port in (other.server_port, self.server.server_port):
                    with self.subTest(adapter=adapter, port=port):
                        target = self._target(
                            adapter, endpoint=f"https://127.0.0.1:{port}", timeout=5
                        )
                        row = self._send(target, self._moves())
                        self.assertEqual(row.state, "ready")
                        self.assertTrue(target.last_error)
                        self.assertNotIn(PASSWORD, target.last_error)
            self.assertFalse(other.bodies or other.gets)
            self.assertFalse(self.server.bodies)


def _certificate(folder):
    """Path of a file with a key and a certificate that nobody has signed."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.datetime.now(datetime.UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .sign(key, hashes.SHA256())
    )
    private = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    file = folder / "server.pem"
    file.write_bytes(private + certificate.public_bytes(serialization.Encoding.PEM))
    return file

# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
import hashlib
from urllib.parse import quote_plus

from odoo.exceptions import UserError
from odoo.tests import tagged

from .sms_common import PASSWORD, SmsCommon

TEXT = "【好店】Order S1 goes to 宁波."


@tagged("post_install", "-at_install")
class TestSmsProviders(SmsCommon):
    """What providers want differently: each seen as the bytes that arrive."""

    def _asked(self, *numbers, **values):
        """Send, and return what the provider was asked with; one request."""
        self._send(*numbers, **{"order": "S1", "town": "宁波", **values})
        self._work()
        [(_method, _path, sent, headers)] = self.server.requests
        return sent, headers

    def test_gbk(self):
        """Text in the bytes of GBK, and the signature over these."""
        self.gateway.charset = "gbk"
        sent, headers = self._asked()
        self.assertEqual(
            headers["Content-Type"],
            "application/x-www-form-urlencoded; charset=gbk",
        )
        [body] = self.server.bodies
        self.assertIn(
            f"text={quote_plus(TEXT, encoding='gbk')}".encode(), body.split(b"&")
        )
        self.assertIn(b"%C4%FE%B2%A8", body, "宁波 in GBK")
        self.assertEqual(sent["text"], TEXT)
        sign = sent.pop("sign")
        signed = "&".join(f"{name}={sent[name]}" for name in sorted(sent)) + PASSWORD
        self.assertEqual(sign, hashlib.md5(signed.encode("gbk")).hexdigest())
        self.assertNotEqual(sign, hashlib.md5(signed.encode()).hexdigest())

    def test_gbk_json(self):
        self.gateway.write(
            {
                "charset": "gbk",
                "method": "json",
                "sign": "none",
                "parameters": "text = {content}",
            }
        )
        sent, headers = self._asked()
        self.assertEqual(headers["Content-Type"], "application/json; charset=gbk")
        self.assertIn(TEXT.encode("gbk"), self.server.bodies[0])
        self.assertEqual(sent, {"text": TEXT})

    def test_gbk_get(self):
        self.gateway.write(
            {
                "charset": "gbk",
                "method": "get",
                "sign": "none",
                "parameters": "text = {content}",
            }
        )
        self._asked()
        self.assertEqual(
            self.server.requests[0][1],
            f"/send?text={quote_plus(TEXT, encoding='gbk')}",
        )

    def test_gbk_without_the_letter(self):
        """GBK has no emoji: the rest of the text arrives, whatever the method."""
        for method in ("form", "json", "get"):
            with self.subTest(method=method):
                self.server.requests.clear()
                self.gateway.write({"charset": "gbk", "method": method})
                self._asked(town="宁波😀")
                [(_method, path, sent, _headers)] = self.server.requests
                if method == "get":
                    self.assertIn(quote_plus("宁波?", encoding="gbk"), path)
                else:
                    self.assertEqual(sent["text"], TEXT.replace("宁波", "宁波?"))

    def test_canonical_signature(self):
        """The provider computes it anew from what arrives, and takes no other."""
        self.server.key = PASSWORD
        self.gateway.write(
            {
                "sign": "hmac_sha1_canonical",
                "parameters": "AccessKeyId = {login}\nAction = SendSms\n"
                "PhoneNumbers = {numbers}\nSignName = {signature}\n"
                "SignatureMethod = HMAC-SHA1\nSignatureNonce = {nonce}\n"
                "SignatureVersion = 1.0\nTemplateCode = {template}\n"
                "TemplateParam = {params}\nTimestamp = {iso}\nSignature = {sign}",
            }
        )
        for method in ("get", "form"):
            with self.subTest(method=method):
                self.server.requests.clear()
                self.gateway.method = method
                message = self._send(order="S1 + 2*~", town="宁波 '&=/%")
                self._work()
                self.assertEqual((message.state, message.error), ("sent", False))
                self.assertEqual(len(self.server.requests), 1)
        self.server.key = "another"
        message = self._send()
        self._work()
        self.assertEqual((message.state, message.error), ("failed", "Look at your key"))

    def test_numbers_with_86(self):
        self.gateway.write({"number_style": "86", "batch_size": 2})
        sent, _headers = self._asked("138 0013 8000", "+86 138 0013 8001")
        self.assertEqual(sent["to"], "8613800138000,8613800138001")

    def test_provider_that_signs(self):
        """It writes the signature itself: twice would be refused."""
        self.gateway.is_signed_by_provider = True
        sent, _headers = self._asked()
        self.assertEqual(sent["text"], TEXT.removeprefix("【好店】"))

    def test_provider_that_signs_as_told(self):
        """Where it wants to be told which signature, {signature} says it."""
        self.gateway.write(
            {
                "is_signed_by_provider": True,
                "parameters": "name = {signature}\ntext = {content}\nsign = {sign}",
            }
        )
        sent, _headers = self._asked()
        self.assertEqual(
            (sent["name"], sent["text"]), ("好店", TEXT.removeprefix("【好店】"))
        )

    def test_numbers_abroad(self):
        with self.assertRaisesRegex(UserError, r"reaches: \+49 170 1234567\."):
            self._send("+49 170 1234567")
        self.gateway.write({"is_abroad": True, "batch_size": 3})
        sent, _headers = self._asked("+49 170 1234567", "13800138000")
        self.assertEqual(sent["to"], "00491701234567,13800138000")
        for style, expected in (("86", "491701234567"), ("plus", "+491701234567")):
            self.server.requests.clear()
            self.gateway.number_style = style
            sent, _headers = self._asked("0049 170 1234567")
            self.assertEqual(sent["to"], expected)

# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
import doctest
from urllib.parse import parse_qs, urlsplit

from hypothesis import given, settings
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from ..tools import phone_dial, sms_number, sms_request, sms_template

words = st.text(st.characters(exclude_characters="{}", exclude_categories=["Cs"]))
#: texts are sent without blanks at their ends
stripped = words.map(str.strip)


@tagged("post_install", "-at_install")
class TestSmsTools(BaseCase):
    def test_doctests(self):
        for tool in (phone_dial, sms_number, sms_request, sms_template):
            self.assertFalse(doctest.testmod(tool).failed)

    def test_published_canonical_signatures(self):
        """Both examples of Alibaba Cloud's documentation, with its test keys.

        The first one is of "Sign RPC APIs" (Elastic Compute Service, DescribeRegions),
        the second one of the Short Message Service (dysmsapi, "HTTP protocol and
        signature", SendSms).
        """
        for secret, lines, expected in (
            (
                "testsecret",
                "AccessKeyId = testid\nAction = DescribeRegions\nFormat = XML\n"
                "SignatureMethod = HMAC-SHA1\n"
                "SignatureNonce = 3ee8c1b8-83d3-44af-a94f-4e0ad82fd6cf\n"
                "SignatureVersion = 1.0\nTimestamp = 2016-02-23T12:46:24Z\n"
                "Version = 2014-05-26\nSignature = {sign}",
                "OLeaidS1JvxuMvnyHOwuJ+uX5qY=",
            ),
            (
                "testSecret",
                "AccessKeyId = testId\nTimestamp = 2017-07-12T02:42:19Z\n"
                "SignatureMethod = HMAC-SHA1\nSignatureVersion = 1.0\n"
                "SignatureNonce = 45e25e9b-0a6f-4070-8c85-2956eda1b466\n"
                "Action = SendSms\nVersion = 2017-05-25\nRegionId = cn-hangzhou\n"
                "PhoneNumbers = 15300000001\nSignName = 阿里云短信测试专用\n"
                'TemplateCode = SMS_71390007\nTemplateParam = {"customer":"test"}\n'
                "OutId = 123\nFormat = XML\nSignature = {sign}",
                "zJDF+Lrzhj/ThnlvIToysFRq6t4=",
            ),
        ):
            form = sms_request.Form(
                "https://x/", "get", lines, sign="hmac_sha1_canonical"
            )
            asked = sms_request.request(form, {}, secret)["url"]
            [sign] = parse_qs(urlsplit(asked).query)["Signature"]
            self.assertEqual(sign, expected)

    @given(st.lists(stripped, min_size=2, max_size=4), stripped)
    @settings(deadline=None, max_examples=50)
    def test_a_text_fits_its_template(self, parts, value):
        """Whatever fills a template, the text is recognized as made of it."""
        content = "{a}".join(parts).strip()
        text = sms_template.filled(content, {"a": value}).strip()
        self.assertIsNotNone(sms_template.values_of(content, text))

    @given(words, words)
    @settings(deadline=None, max_examples=50)
    def test_values_stay_inside_their_text(self, name, text):
        """What fills a request in JSON can neither end a string nor add a name."""
        form = sms_request.Form(
            "https://x/", method="json", parameters='a := {"{login}": "{text}"}'
        )
        found = sms_request.request(form, {"login": name, "text": text})
        self.assertEqual(sms_request.json.loads(found["data"]), {"a": {name: text}})

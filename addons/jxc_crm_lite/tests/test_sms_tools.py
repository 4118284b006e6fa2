# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
import doctest

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

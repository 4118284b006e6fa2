# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
import doctest

from odoo.tests import BaseCase, tagged

from ..tools import markup


@tagged("post_install", "-at_install")
class TestMarkup(BaseCase):
    def test_doctest(self):
        self.assertFalse(doctest.testmod(markup).failed)

    def test_where_attributes_end(self):
        """Values may hold what ends a tag elsewhere, and texts what begins a value."""
        many = range(markup.ATTRIBUTES + 1)
        tag = b"<a " + b" ".join(b"a%d='>\"'" % number for number in many) + b">"
        self.assertTrue(markup.has_endless_tag(b"<b/>" + tag))
        most = b"<a " + b" ".join(b'a%d=">"' % number for number in many[1:]) + b">"
        self.assertFalse(markup.has_endless_tag(most + b'x="y" ' * 5000 + b"</a>"))
        self.assertFalse(markup.has_endless_tag(b"<a b='" + b"x" * 1_000_000))

# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo.tests import tagged

from .js_common import JsUnitCase


@tagged("post_install", "-at_install")
class TestLocationStamp(JsUnitCase):
    def test_in_the_browser(self):
        """The button asks for the place when pressed, and can do without it."""
        self._run_unit_tests("jxc_base")

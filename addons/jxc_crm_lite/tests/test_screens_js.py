# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo.tests import tagged

from odoo.addons.jxc_base.tests.js_common import JsUnitCase


@tagged("post_install", "-at_install")
class TestScreensJs(JsUnitCase):
    def test_in_the_browser(self):
        """What our screens do in the browser, by the unit tests of each."""
        self._run_unit_tests("jxc_crm_lite")

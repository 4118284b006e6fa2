# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo.tests import HttpCase


class JsUnitCase(HttpCase):
    """Base for the unit tests of what an addon does in the browser."""

    def _run_unit_tests(self, addon):
        """Run the suites of one addon on the desktop preset; fail as they do."""
        self.browser_js(
            "/web/tests?headless&loglevel=2&preset=desktop&timeout=15000"
            f"&filter=@{addon}",
            "",
            "",
            login="admin",
            timeout=300,
            success_signal="[HOOT] Test suite succeeded",
        )

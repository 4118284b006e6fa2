# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo.tests import HttpCase, tagged


@tagged("post_install", "-at_install")
class TestLocationStamp(HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # A file that this build of the platform lacks stops every bundle.
        cls.env["ir.asset"].create(
            {
                "name": "Without selfie segmentation",
                "bundle": "web.assets_backend",
                "directive": "remove",
                "path": "mail/static/lib/selfie_segmentation/selfie_segmentation.js",
            }
        )

    def test_in_the_browser(self):
        """The button asks for the place when pressed, and can do without it."""
        self.browser_js(
            "/web/tests?headless&loglevel=2&preset=desktop&timeout=15000"
            "&filter=@jxc_base",
            "",
            "",
            login="admin",
            timeout=300,
            success_signal="[HOOT] Test suite succeeded",
        )

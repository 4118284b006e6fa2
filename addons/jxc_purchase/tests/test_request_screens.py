# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo.tests import HttpCase, tagged

from .request_common import RequestCommon

#: What the scripts below wait with.
WAIT = """
    const until = async (selector, text = "") => {
        for (let tries = 0; tries < 200; tries++) {
            for (const found of document.querySelectorAll(selector)) {
                if (found.textContent.includes(text)) {
                    return found;
                }
            }
            await new Promise((resolve) => setTimeout(resolve, 100));
        }
        throw new Error(`Not found: ${selector} ${text}`);
    };
"""


@tagged("post_install", "-at_install")
class TestRequestScreens(RequestCommon, HttpCase):
    """What people see and tap."""

    def _play(self, url, script, login):
        self.browser_js(
            url,
            f"(async () => {{{WAIT}{script}; console.log('test successful')}})()"
            ".catch((error) => console.error(error.message))",
            login=login,
            timeout=120,
        )

    def test_decide_from_the_notification(self):
        """The link, a comment, one button."""
        request = self._request((self.wine, 3))
        request.action_submit()
        self.env.flush_all()
        script = """
            const comment = await until("[name=comment] textarea");
            comment.value = "Before Friday";
            comment.dispatchEvent(new Event("input", { bubbles: true }));
            comment.dispatchEvent(new Event("change", { bubbles: true }));
            (await until("button[name=action_approve]")).click();
            await until(".o_form_view .o_field_widget[name=name]", "%s");
        """
        url = f"/odoo/{request.id}/{request._jxc_decision_path}"
        self._play(url, script % request.name, "req_boss")
        request.invalidate_recordset()
        self.assertEqual(request.state, "approved")
        self.assertIn("Before Friday", "".join(request.message_ids.mapped("body")))

    def test_photos_on_a_wide_screen(self):
        """From the row to the line with its photos, while the request is a draft."""
        request = self._request((self.wine, 3))
        self.env.flush_all()
        script = """
            (await until(".o_data_row button[name=action_open]")).click();
            await until(".modal .o_field_widget[name=photo_ids] .o_attach, "
                + ".modal .o_field_widget[name=photo_ids] .o_attachments_widget_button,"
                + ".modal .o_field_widget[name=photo_ids] input[type=file]");
        """
        self._play(f"/odoo/purchase-requests/{request.id}", script, "req_asker")

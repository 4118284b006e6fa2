# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
import base64

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import Form, tagged

from .request_common import RequestCommon

PIXEL = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9aw"
    "AAAABJRU5ErkJggg=="
)


@tagged("post_install", "-at_install")
class TestRequestPhotos(RequestCommon):
    """What shows the need goes with the line: to those who read it, to nobody else."""

    def _upload(self, *names, user=None):
        values = [{"name": name, "raw": PIXEL} for name in names]
        return (
            self.env["ir.attachment"].with_user(user or self.requester).create(values)
        )

    def test_who_reads_the_line_reads_its_photos(self):
        photos = self._upload("front.png", "back.png", "list.png")
        request = self._request(
            (self.wine, 1, {"photo_ids": [Command.set(photos[:2].ids)]})
        )
        request.line_ids.photo_ids = [Command.link(photos[2].id)]
        request.action_submit()
        self.assertEqual(len(request.line_ids.photo_ids), 3)
        for reader in (self.approver, self.buyer):
            photos.invalidate_recordset()
            self.assertEqual(
                photos.with_user(reader).mapped("raw"), [PIXEL] * 3, reader.name
            )
        for stranger in (self.colleague, self.outsider):
            photos.invalidate_recordset()
            with self.assertRaises(AccessError):
                photos.with_user(stranger).mapped("raw")

    def test_only_own_uploads_are_taken(self):
        secret = self._upload("mine.png", user=self.colleague)
        link = {"photo_ids": [Command.link(secret.id)]}
        with self.assertRaises(AccessError):
            self._request((self.wine, 1, link))
        request = self._request((self.wine, 1))
        with self.assertRaises(AccessError):
            request.line_ids.write(link)
        self.assertFalse(secret.res_id)

    def test_settled_by_the_submission(self):
        photo = self._upload("late.png")
        request = self._request((self.wine, 1))
        request.action_submit()
        with self.assertRaisesRegex(UserError, "back to draft"):
            request.line_ids.photo_ids = [Command.link(photo.id)]

    def test_opened_from_the_row(self):
        """In draft the requester adds photos there; the others look at them."""
        photo = self._upload("front.png")
        request = self._request((self.wine, 1))
        line = request.line_ids
        self.assertEqual(line.photo_count, 0)
        action = line.action_open()
        self.assertEqual((action["res_id"], action["target"]), (line.id, "new"))
        view = action["views"][0][0]
        with Form(line, view=view) as form:
            form.photo_ids.add(photo)
        self.assertEqual(line.photo_count, 1)
        self.assertEqual(photo.res_id, line.id)
        request.action_submit()
        seen = line.with_user(self.approver)
        self.assertEqual(seen.action_open()["res_id"], line.id)
        self.assertEqual(seen.photo_count, 1)
        with Form(seen, view=view) as form, self.assertRaises(AssertionError):
            form.photo_ids.clear()
        with self.assertRaises(AccessError):
            line.with_user(self.outsider).action_open()
        arch = request.get_view(view_type="form")["arch"]
        self.assertIn('name="action_open"', arch)

    def test_copies_have_their_own(self):
        photo = self._upload("front.png")
        request = self._request(
            (self.wine, 1), (self.wine, 2, {"photo_ids": [Command.link(photo.id)]})
        )
        copied = request.copy()
        first, second = copied.line_ids.sorted("id")
        self.assertFalse(first.photo_ids)
        self.assertEqual(second.photo_ids.name, "front.png")
        request.line_ids.unlink()
        self.assertFalse(photo.exists())
        self.assertEqual(second.photo_ids.raw, PIXEL)

    def test_merging_keeps_them(self):
        photo = self._upload("front.png")
        kept = self._request((self.wine, 1))
        given = self._request(
            (self.wine, 2, {"photo_ids": [Command.link(photo.id)]}),
        )
        (kept | given).action_merge()
        self.assertEqual(len(kept.line_ids), 2)
        self.assertEqual(kept.line_ids.photo_ids, photo)

# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import tagged

from .inspection_common import InspectionCommon


@tagged("post_install", "-at_install")
class TestEvidence(InspectionCommon):
    """What was decided by is not exchanged afterwards."""

    def _photo(self, user):
        files = self.env["ir.attachment"].with_user(user)
        return files.create({"name": "crack.png", "raw": b"x"})

    def assertKept(self, photo, users):
        for user in users:
            mine = photo.with_user(user)
            for number, change in enumerate(
                (
                    lambda mine=mine: mine.write({"raw": b"y"}),
                    lambda mine=mine: mine.write({"datas": "eQ=="}),
                    lambda mine=mine: mine.write({"name": "other.png"}),
                    lambda mine=mine: mine.write({"res_model": False, "res_id": 0}),
                    mine.unlink,
                    lambda mine=mine: mine.sudo()._delete_and_notify(),
                )
            ):
                with self.subTest(user=user.login, number=number):
                    with self.assertRaisesRegex(AccessError, "evidence"):
                        with self.env.cr.savepoint():
                            change()
                    self.env.invalidate_all()
                    self.assertEqual(photo.raw, b"x")

    def test_inspection(self):
        order = self._buy((self.wine, 10))
        receipt = self._come(order)
        inspection = self._inspection(order)
        photo = self._photo(self.inspector)
        linked = self._photo(self.inspector)
        # Held by the line, but not its own: a file of the receipt, say.
        linked.write({"res_model": "stock.picking", "res_id": receipt.id})
        inspection.line_ids.photo_ids = [Command.set((photo | linked).ids)]
        photo.with_user(self.colleague_inspector).raw = b"x"
        self._decide(inspection, accepted=6, rejected=4)
        users = (self.inspector, self.colleague_inspector, self.keeper)
        self.assertKept(photo, users)
        self.assertKept(linked, users[:1])
        self.assertEqual(inspection.line_ids.photo_ids, photo | linked)

    def test_request(self):
        request = self._request((self.wine, 1))
        photo = self._photo(self.requester)
        request.line_ids.photo_ids = [Command.link(photo.id)]
        photo.with_user(self.requester).raw = b"x"
        request.action_submit()
        self.assertKept(photo, (self.requester, self.buyer))

    def test_other_files(self):
        """Files that nothing was decided by are their owners' as ever."""
        photo = self._photo(self.requester)
        photo.raw = b"y"
        photo.unlink()
        self.assertFalse(photo.exists())

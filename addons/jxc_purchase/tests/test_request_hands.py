# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import tagged

from .request_common import RequestCommon


@tagged("post_install", "-at_install")
class TestRequestHands(RequestCommon):
    """Who is asked to decide on a request, and who had a hand in it."""

    def test_who_may_decide_is_told(self):
        """Without a tier, too; what an approver says reaches the requester."""
        away = self.env["res.company"].create({"name": "Away"})
        stranger = self._user(
            "req_stranger",
            "jxc_purchase.group_request_approver",
            company_id=away.id,
            company_ids=[Command.set(away.ids)],
        )
        request = self._request((self.wine, 3))
        request.line_ids.with_user(self.manager).product_qty = 4
        request.action_submit()
        activities = request.sudo().activity_ids
        told = activities.user_id
        self.assertIn(self.approver, told)
        self.assertFalse(told & (self.requester | self.manager | self.buyer | stranger))
        self.assertIn("Wine", activities[0].note)
        path = f"/odoo/{request.id}/decide-purchase-request"
        self.assertIn(f'href="{path}"', activities[0].note)
        told = self.env["mail.message"].search(
            [
                ("model", "=", request._name),
                ("res_id", "=", request.id),
                ("partner_ids", "in", self.approver.partner_id.ids),
            ]
        )
        self.assertEqual(len(told), 1, "the platform's mail adds nothing to it")
        self.assertIn(path, told.body)
        self.assertIn(request.name, told.subject)
        request.with_user(self.approver).action_approve("Before Friday, please")
        self.assertFalse(request.sudo().activity_ids)
        message = request.sudo().message_ids.filtered(
            lambda one: "Before Friday, please" in one.body
        )
        self.assertEqual(message.author_id, self.approver.partner_id)
        self.assertIn(self.requester.partner_id, message.partner_ids)
        for decide in ("action_reject", "action_cancel"):
            request = self._request((self.wine, 3))
            request.action_submit()
            self.assertTrue(request.sudo().activity_ids)
            user = self.approver if decide == "action_reject" else self.requester
            args = ("No",) if decide == "action_reject" else ()
            getattr(request.with_user(user), decide)(*args)
            self.assertFalse(request.sudo().activity_ids)

    def test_who_changed_a_line_does_not_approve(self):
        """What somebody made of a request is his request, too."""
        changes = (
            {"product_id": self._product("Beer").id},
            {"product_qty": 99},
            {"price_unit": 99.0},
            {"vendor_id": self.other_vendor.id},
        )
        for values in changes:
            with self.subTest(values):
                request = self._request((self.wine, 1))
                request.line_ids.with_user(self.manager).write({"sequence": 3})
                self.assertFalse(request.former_requester_ids)
                request.with_user(self.manager).write(
                    {"line_ids": [Command.update(request.line_ids.id, values)]}
                )
                self.assertEqual(request.former_requester_ids, self.manager)
                request.action_submit()
                self.assertFalse(request.with_user(self.manager).can_approve)
                with self.assertRaisesRegex(AccessError, "Somebody else"):
                    request.with_user(self.manager).action_approve()
                request.with_user(self.approver).action_approve()
        request = self._request((self.wine, 1), (self.wine, 2))
        request.line_ids[0].with_user(self.manager).unlink()
        request.action_submit()
        with self.assertRaisesRegex(AccessError, "Somebody else"):
            request.with_user(self.manager).action_approve()

    def test_who_chose_the_vendor_does_not_decide_in_tiers(self):
        self.env["tier.definition"].create(
            {
                "name": "Both",
                "model_id": self.env["ir.model"]._get_id("jxc.purchase.request"),
                "review_type": "group",
                "reviewer_group_id": self.env.ref(
                    "jxc_purchase.group_request_approver"
                ).id,
                "company_id": False,
            }
        )
        request = self._request((self.wine, 1))
        request.action_submit()
        self.assertTrue(request.with_user(self.manager).can_approve)
        request.line_ids.with_user(self.manager).vendor_id = self.other_vendor
        request.invalidate_recordset()
        self.assertFalse(request.with_user(self.manager).can_approve)
        with self.assertRaises(AccessError):
            request.with_user(self.manager).action_approve()
        request.with_user(self.approver).action_approve()
        self.assertEqual(request.state, "approved")

    def test_defaults_name_nobody_else(self):
        """Nor does a requester enter a request for his approver in passing."""
        for context in (
            {"default_user_id": self.approver.id},
            {"default_create_uid": self.approver.id},
        ):
            requests = self.env["jxc.purchase.request"].with_user(self.requester)
            values = {"line_ids": [Command.create({"product_id": self.wine.id})]}
            try:
                with self.env.cr.savepoint():
                    request = requests.with_context(**context).create(values)
            except AccessError:
                continue
            self.assertEqual(request.user_id, self.requester)
        self.env["ir.default"].with_user(self.requester).set(
            "jxc.purchase.request", "user_id", self.approver.id, user_id=True
        )
        with self.assertRaisesRegex(AccessError, "somebody else"):
            self._request((self.wine, 1))
        request = (
            self.env["jxc.purchase.request"]
            .with_user(self.buyer)
            .with_context(default_user_id=self.requester.id)
            .create({})
        )
        self.assertEqual(request.user_id, self.requester)

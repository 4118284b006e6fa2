# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from datetime import datetime, timedelta
from http import HTTPStatus
from xmlrpc.client import Fault

from odoo.tests import HttpCase, get_db_name, tagged
from odoo.tools import mute_logger

from .approval_common import ApprovalSetup

MODEL = "jxc.approval.tester"
SILENT = (
    "odoo.http",
    "odoo.addons.rpc.controllers.json2",
    "odoo.addons.rpc.controllers.xmlrpc",
    "odoo.addons.base.models.ir_model",
    "odoo.addons.base.models.ir_rule",
    "odoo.models.unlink",
)


@tagged("post_install", "-at_install")
class TestApprovalRpc(ApprovalSetup, HttpCase):
    """The same ways around, over the wire, by the same ordinary users."""

    def setUp(self):
        super().setUp()
        self.document = self._create_requested()
        self.review = self.document.review_ids
        self.env.flush_all()
        self.keys = {}

    def _json2(self, user, model, method, ids=(), **values):
        if user not in self.keys:
            self.keys[user] = (
                self.env["res.users.apikeys"]
                .with_user(user)
                ._generate("rpc", "test", datetime.now() + timedelta(hours=1))
            )
        return self.url_open(
            f"/json/2/{model}/{method}",
            json={"ids": list(ids), **values} if ids else values,
            headers={
                "Authorization": f"Bearer {self.keys[user]}",
                "X-Odoo-Database": get_db_name(),
            },
        )

    def _assert_unchanged(self):
        self.env.invalidate_all()
        self.assertEqual(self.document.state, "draft")
        self.assertEqual(self.document.amount, 500)
        self.assertEqual(self.document.review_ids, self.review)
        self.assertEqual(self.review.status, "pending")
        self.assertFalse(self.review.done_by)

    def _attempts(self):
        """Yield ``(model, method, ids, values)`` that all have to be refused."""
        document, review = self.document.ids, self.review.ids
        skip = {
            "skip_validation_check": True,
            "skip_check_state_condition": True,
            "jxc_import_history": True,
        }
        beyond = {"name": "x", "amount": 500, "state": "confirmed"}
        forged = {
            "model": MODEL,
            "res_id": self.document.id,
            "definition_id": self.tier.id,
            "status": "approved",
        }
        yield "tier.review", "write", review, {"vals": {"status": "approved"}}
        yield "tier.review", "unlink", review, {}
        yield "tier.review", "create", (), {"vals_list": [forged]}
        yield "tier.review", "copy", review, {"default": {"status": "approved"}}
        yield (
            "tier.review",
            "web_save",
            review,
            {"vals": {"status": "approved"}, "specification": {}},
        )
        for context in ({}, skip):
            extra = {"context": context}
            for state in ("confirmed", "done"):
                yield MODEL, "write", document, {"vals": {"state": state}, **extra}
            yield MODEL, "write", document, {"vals": {"amount": 1}, **extra}
            yield MODEL, "create", (), {"vals_list": [beyond], **extra}
            yield MODEL, "action_confirm", document, extra
            yield (
                MODEL,
                "web_save",
                document,
                {"vals": {"state": "confirmed"}, "specification": {}, **extra},
            )
            yield MODEL, "copy", document, {"default": {"state": "done"}, **extra}
        yield MODEL, "validate_tier", document, {}
        yield MODEL, "reject_tier", document, {}
        yield (
            MODEL,
            "write",
            document,
            {"vals": {"review_ids": [[1, self.review.id, {"status": "approved"}]]}},
        )
        yield MODEL, "write", document, {"vals": {"validation_status": "validated"}}
        yield "tier.definition", "write", self.tier.ids, {"vals": {"active": False}}
        yield "tier.definition", "unlink", self.tier.ids, {}
        yield (
            "res.users",
            "write",
            self.ann.ids,
            {"vals": {"review_ids": [[4, self.review.id]]}},
        )
        yield (
            "jxc.approval.delegation",
            "create",
            (),
            {
                "vals_list": [
                    {
                        "delegator_id": self.bob.id,
                        "delegate_id": self.ann.id,
                        "date_from": "2020-01-01",
                        "date_to": "2099-01-01",
                    }
                ]
            },
        )

    @mute_logger(*SILENT)
    def test_json2(self):
        for model, method, ids, values in self._attempts():
            for user in (self.ann, self.dora):
                with self.subTest(method=f"{model}.{method}", values=values):
                    answer = self._json2(user, model, method, ids, **values)
                    self.assertIn(
                        answer.status_code,
                        (HTTPStatus.FORBIDDEN, HTTPStatus.UNPROCESSABLE_ENTITY),
                        answer.text,
                    )
                    self._assert_unchanged()

    @mute_logger(*SILENT)
    def test_xmlrpc(self):
        for model, method, ids, values in self._attempts():
            with self.subTest(method=f"{model}.{method}", values=values):
                args = [list(ids)] if ids else []
                with self.assertRaises(Fault):
                    self.xmlrpc_object.execute_kw(
                        get_db_name(), self.dora.id, "dora", model, method, args, values
                    )
                self._assert_unchanged()

    @mute_logger(*SILENT)
    def test_load_over_rpc(self):
        answer = self._json2(
            self.ann,
            MODEL,
            "load",
            fields=[".id", "state"],
            data=[[str(self.document.id), "Confirmed"]],
        )
        self.assertEqual(answer.status_code, HTTPStatus.OK)
        self.assertFalse(answer.json()["ids"])
        self._assert_unchanged()

    @mute_logger(*SILENT)
    def test_wizard_over_rpc(self):
        for user in (self.ann, self.dora, self.bob):
            wizard = self._json2(
                user,
                "comment.wizard",
                "create",
                vals_list=[
                    {
                        "res_model": "res.partner" if user == self.bob else MODEL,
                        "res_id": self.document.id,
                        "review_ids": [[6, 0, self.review.ids]],
                        "validate_reject": "validate",
                        "comment": "Forged",
                    }
                ],
            ).json()
            answer = self._json2(user, "comment.wizard", "add_comment", wizard)
            self.assertEqual(answer.status_code, HTTPStatus.FORBIDDEN, answer.text)
            self._assert_unchanged()

    @mute_logger(*SILENT)
    def test_restart_over_rpc(self):
        answer = self._json2(self.dora, MODEL, "restart_validation", self.document.ids)
        self.assertEqual(answer.status_code, HTTPStatus.FORBIDDEN)
        self._assert_unchanged()

    def test_the_right_way_over_rpc(self):
        answer = self._json2(self.bob, MODEL, "validate_tier", self.document.ids)
        self.assertEqual(answer.status_code, HTTPStatus.OK, answer.text)
        answer = self._json2(self.ann, MODEL, "action_confirm", self.document.ids)
        self.assertEqual(answer.status_code, HTTPStatus.OK, answer.text)
        self.env.invalidate_all()
        self.assertEqual(self.document.state, "confirmed")
        self.assertEqual(self.review.done_by, self.bob)

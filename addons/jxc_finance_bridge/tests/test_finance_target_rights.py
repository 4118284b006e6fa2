# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).


from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged

from .outbox_common import OutboxCommon


@tagged("post_install", "-at_install")
class TestFinanceTargetRights(OutboxCommon):
    def test_secrets_stay(self):
        """Nobody reads a password: not over RPC, not in exports, not in the log."""
        target = self._target()
        manager = self._user("manager", "account.group_account_manager")
        mine = target.with_user(manager)
        self.assertTrue(mine.has_secret)
        self.assertFalse(mine.secret)
        with self.assertRaises(AccessError):
            mine.read(["secret_token"])
        with self.assertRaises(AccessError):
            mine.search([("secret_token", "like", "g")])
        self.env.cr.execute(
            "SELECT secret_token FROM jxc_finance_target WHERE id = %s", [target.id]
        )
        self.assertNotIn("s3cret", self.env.cr.fetchone()[0])
        self.assertFalse(target.copy({"code": "COPY"}).has_secret)
        reader = self._user("secret_reader", "account.group_account_readonly")
        (manager | reader).group_ids += self.env.ref("base.group_allow_export")
        for user in (manager, reader, self.env.user):
            rows = target.with_user(user).export_data(["code", "secret"])["datas"]
            self.assertEqual(rows, [[target.code, ""]])
        target.enqueue_moves(self._moves().ids)
        self.env.flush_all()
        # What jobs keep: their arguments, context and errors.
        self.env.cr.execute("SELECT row_to_json(queue_job)::text FROM queue_job")
        rows = self.env.cr.fetchall()
        self.assertTrue(rows)
        self.assertNotIn("s3cret", str(rows))
        fields = self.env["jxc.finance.target"].fields_get(["secret"])
        self.assertFalse(fields["secret"].get("exportable", True))
        for message in target.message_ids:
            self.assertNotIn("s3cret", message.body or "")

    def test_a_password_is_for_one_address(self):
        target = self._target()
        target.endpoint = self.server.url + "/other"
        self.assertFalse(target.has_secret)
        target.write({"endpoint": self.server.url, "secret": "new"})
        self.assertTrue(target.has_secret)

    def test_addresses_inside_need_the_administrator(self):
        for endpoint in (
            "http://10.0.0.5/",
            "file:///etc/passwd",
            "http://user:pw@127.0.0.1/",
            False,
        ):
            with self.assertRaises(ValidationError, msg=endpoint):
                self._target(endpoint=endpoint)

    def test_who_may_do_what(self):
        target, move = self._target(), self._moves()
        reader = self._user("reader", "account.group_account_readonly")
        accountant = self._user("accountant2", "account.group_account_user")
        for method in ("action_send_now",):
            with self.assertRaises(AccessError):
                getattr(target.with_user(reader), method)()
        with self.assertRaises(AccessError):
            target.with_user(reader).enqueue_moves(move.ids)
        with self.assertRaises(AccessError):
            target.with_user(reader).get_differences("2023-01-01", "2023-01-31")
        ids = target.with_user(accountant).enqueue_moves(move.ids)
        row = self.env["jxc.finance.outbox"].browse(ids)
        for user in (reader, accountant):
            with self.assertRaises(AccessError):
                row.with_user(user).write({"state": "done"})
            with self.assertRaises(AccessError):
                row.with_user(user).unlink()
        with self.assertRaises(AccessError):
            row.with_user(accountant).create(
                {"target_id": target.id, "move_id": move.id, "key": "X"}
            )
        with self.assertRaises(AccessError):
            target.with_user(accountant).write({"endpoint": "https://example.com"})
        manager = self._user("manager2", "account.group_account_manager")
        with self.assertRaises(AccessError):
            target.with_user(manager).write({"failure_count": 0})
        with self.assertRaises(AccessError):
            row.with_user(reader).action_cancel()
        row.with_user(accountant).action_cancel()
        self.assertEqual(row.state, "cancelled")

    def test_two_companies(self):
        other = (
            self.company_data_2["company"] if hasattr(self, "company_data_2") else None
        )
        other = other or self.env["res.company"].create({"name": "Second"})
        target = self._target()
        stranger = self._user("stranger", "account.group_account_user", other)
        self.assertFalse(self.env["jxc.finance.target"].with_user(stranger).search([]))
        with self.assertRaises(AccessError):
            target.with_user(stranger).action_send_now()
        move = self._moves()
        foreign = self._target(company_id=other.id)
        with self.assertRaisesRegex(UserError, "no posted entry of"):
            foreign.enqueue_moves(move.ids)

# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from psycopg2.errors import ForeignKeyViolation

from odoo.exceptions import AccessError, UserError
from odoo.service.model import call_kw
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from .test_period import CAPITAL, PeriodCommon


@tagged("post_install", "-at_install")
class TestPeriodLog(PeriodCommon):
    """Who closed and reopened a month, and why, is kept for good."""

    def setUp(self):
        super().setUp()
        self._entry("2024-01-05", *CAPITAL)
        self.period = self._close("2024-01-31").with_user(self.chief)

    def _call(self, records, method, *args, user=None, **kwargs):
        """As clients call over RPC."""
        model = records.with_user(user or self.chief).browse()
        return call_kw(model, method, [records.ids, *args], kwargs)

    def test_each_time_is_noted(self):
        self._call(self.period, "action_reopen", "freight bill")
        self.period.with_user(self.manager).action_close()
        self._call(self.period, "action_reopen", reason=" wrong rate ")
        self.assertRecordValues(
            self.period.log_ids.sorted("id"),
            [
                {"action": "close", "user_id": self.manager.id, "reason": False},
                {
                    "action": "reopen",
                    "user_id": self.chief.id,
                    "reason": "freight bill",
                },
                {"action": "close", "user_id": self.manager.id, "reason": False},
                {"action": "reopen", "user_id": self.chief.id, "reason": "wrong rate"},
            ],
        )
        self.assertTrue(all(self.period.log_ids.mapped("date")))
        self.assertEqual(len(Form(self.period).log_ids), 4)

    def test_a_reason_is_needed(self):
        for args, kwargs in (
            ((), {}),
            ((False,), {}),
            (("",), {}),
            (("  ",), {}),
            ((), {"reason": None}),
            ((), {"reason": "\t"}),
        ):
            with self.subTest(args=args, kwargs=kwargs):
                with self.assertRaisesRegex(UserError, "Say why"):
                    self._call(self.period, "action_reopen", *args, **kwargs)
        self.assertEqual(self.period.state, "closed")

    def test_nobody_changes_the_log(self):
        self.period.action_reopen("freight bill")
        log = self.period.log_ids.filtered("reason")
        admin = self.env.ref("base.user_admin")
        admin.company_ids += self.company
        for user in (self.chief, self.manager, self.env.user, admin):
            for method, args in (
                ("write", ({"reason": "another"},)),
                ("write", ({"user_id": admin.id},)),
                ("unlink", ()),
            ):
                with self.subTest(user=user.login, method=method):
                    with self.assertRaises(AccessError):
                        self._call(log, method, *args, user=user)
            values = {
                "period_id": self.period.id,
                "action": "close",
                "user_id": admin.id,
                "date": "2024-01-31 00:00:00",
            }
            with self.assertRaises(AccessError):
                call_kw(log.with_user(user).browse(), "create", [values], {})
            with self.assertRaises(AccessError):
                self._call(
                    self.period,
                    "write",
                    {"log_ids": [[1, log.id, {"reason": "another"}]]},
                    user=user,
                )
        self.assertEqual(log.reason, "freight bill")

    def test_a_period_stays_with_its_log(self):
        self.period.action_reopen("freight bill")
        period = self.period.with_user(self.manager)
        with self.assertRaisesRegex(UserError, "it stays"):
            self._call(period, "unlink", user=self.manager)
        with self.assertRaisesRegex(UserError, "it stays"):
            period.sudo().unlink()
        with self.assertRaisesRegex(UserError, "it stays"):
            period.write({"date_from": "2024-02-01", "date_to": "2024-02-29"})
        with (
            mute_logger("odoo.sql_db"),
            self.assertRaises(ForeignKeyViolation),
            self.env.cr.savepoint(),
        ):
            self.env.cr.execute(
                "DELETE FROM jxc_finance_period WHERE id = %s", [period.id]
            )
        never = self._period("2024-02-10")
        never.unlink()
        self.assertFalse(never.exists())

    def test_who_reads_it(self):
        self.assertTrue(self.period.with_user(self.accountant).log_ids.mapped("action"))
        other = self.setup_other_company(name="Other")["company"]
        outsider = self._user("log_out", "account.group_account_manager", other)
        logs = self.env["jxc.finance.period.log"].with_user(outsider)
        self.assertNotIn(self.period.log_ids, logs.search([]))
        clerk = self._user("log_clerk", "base.group_user")
        with self.assertRaises(AccessError):
            logs.with_user(clerk).search([])

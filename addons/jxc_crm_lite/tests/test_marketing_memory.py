# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import freeze_time, tagged

from .sms_common import SmsCommon

MARKETER = "mass_mailing.group_mass_mailing_user"


@tagged("post_install", "-at_install")
class TestMarketingMemory(SmsCommon):
    """What was sent is remembered, whoever would rather have it forgotten."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.write({"jxc_marketing_limit": 1, "jxc_marketing_days": 7})
        cls.shop.email = "shop@example.com"
        cls.marketer = cls._user("marketer", MARKETER)
        cls.elsewhere = cls._create_class_company("Elsewhere Ltd")
        cls.second = cls._create_class_company("Second Ltd")
        cls.of_both = cls._user("marketer_of_both", MARKETER, cls.company | cls.second)

    def _mailing(self, user=None, **values):
        user = user or self.marketer
        mailings = self.env["mailing.mailing"].with_user(user)
        return mailings.with_context(allowed_company_ids=user.company_ids.ids).create(
            {
                "subject": "New tea",
                "mailing_type": "mail",
                "mailing_model_id": self.env["ir.model"]._get_id("res.partner"),
                "mailing_domain": repr([("id", "in", self.shop.ids)]),
                "body_html": "<p>New tea</p>",
                "email_from": "us@example.com",
                "user_id": user.id,
                "jxc_company_id": self.company.id,
                **values,
            }
        )

    def _sent(self, user=None):
        mailing = self._mailing(user)
        mailing.action_send_mail()
        self._work_queue()
        self.assertEqual(mailing.sudo().mailing_trace_ids.failure_type, False)
        return mailing

    def _work_queue(self):
        cron = self.env.ref("mass_mailing.ir_cron_mass_mailing_queue")
        with self.enter_registry_test_mode():
            cron.method_direct_trigger()

    def _has_enough(self):
        return bool(
            self.company._jxc_had_enough(
                {1: (self.shop.id, "shop@example.com")}, name="email"
            )
        )

    def test_another_companys_rules(self):
        mailing = self._mailing()
        for values in (
            {"jxc_company_id": self.elsewhere.id},
            {
                "jxc_company_id": self.elsewhere.id,
                "state": "in_queue",
                "schedule_type": "now",
            },
        ):
            with self.assertRaises(AccessError), self.cr.savepoint():
                mailing.write(values)
            mailing.invalidate_recordset()
            self.assertEqual(mailing.jxc_company_id, self.company)
        with self.assertRaises(AccessError), self.cr.savepoint():
            self._mailing(jxc_company_id=self.elsewhere.id)
        free = self._mailing(self.of_both)
        free.jxc_company_id = self.second
        self.assertEqual(free.jxc_company_id, self.second, "both are the user's")

    def test_what_was_sent_stays_with_its_company(self):
        mailing = self._sent(self.of_both)
        with self.assertRaisesRegex(UserError, "sent"):
            mailing.jxc_company_id = self.second
        self.assertTrue(self._has_enough())

    def test_sent_mailings_are_kept(self):
        mailing = self._sent()
        with self.assertRaisesRegex(UserError, "New tea"):
            mailing.unlink()
        self.assertTrue(self._has_enough())
        draft = self._mailing()
        draft.unlink()
        self.assertFalse(draft.exists())
        with freeze_time(fields.Datetime.now() + timedelta(days=8)):
            mailing.unlink()
            self.assertFalse(mailing.exists(), "nothing counts it any more")

    def test_traces_are_not_the_users(self):
        mailing = self._sent()
        trace = mailing.mailing_trace_ids
        values = trace.sudo().copy_data()[0]
        for attack in (
            trace.unlink,
            trace.set_canceled,
            lambda: trace.write({"trace_status": "cancel"}),
            lambda: trace.write({"is_test_trace": True}),
            lambda: trace.write({"res_id": 1, "email": False}),
            lambda: mailing.write({"mailing_trace_ids": [Command.delete(trace.id)]}),
            lambda: mailing.write({"mailing_trace_ids": [Command.clear()]}),
            lambda: mailing.write(
                {
                    "mailing_trace_ids": [
                        Command.update(trace.id, {"trace_status": "error"})
                    ]
                }
            ),
            lambda: trace.create(values),
        ):
            with self.assertRaises(AccessError), self.cr.savepoint():
                attack()
            trace.invalidate_recordset()
        self.assertTrue(self._has_enough())

    def test_the_platform_still_writes_them(self):
        """Sending, failing, trying again: with the rights of who pressed the button."""
        mailing = self._sent()
        trace = mailing.sudo().mailing_trace_ids
        mail = trace.mail_mail_id
        mail.write({"state": "exception"})
        trace.set_failed(failure_type="mail_smtp")
        mailing.action_retry_failed()
        self.assertFalse(trace.exists())
        self.assertEqual(mailing.state, "in_queue")
        self._work_queue()
        self.assertTrue(self._has_enough())

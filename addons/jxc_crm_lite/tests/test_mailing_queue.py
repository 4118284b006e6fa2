# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged

from .test_mailing_limits import MailingCommon


@tagged("post_install", "-at_install")
class TestMailingQueue(MailingCommon):
    """A mailing is sent by the queue, whoever asks for it."""

    def test_it_waits_for_the_queue(self):
        mailing = self._mailing("mail", schedule_date="2124-05-06 14:00:00")
        before = self.env["mail.mail"].search([])
        mailing.action_send_mail()
        self.assertEqual((mailing.state, mailing.schedule_date), ("in_queue", False))
        self.assertFalse(mailing.mailing_trace_ids)
        self.assertEqual(self.env["mail.mail"].search([]), before)
        self._send_mailings(mailing)
        self.assertEqual(mailing.state, "done")
        self.assertEqual(len(mailing.mailing_trace_ids), 2)
        with self.assertRaisesRegex(UserError, "nobody is left"):
            mailing.action_send_mail()

    def test_chosen_recipients(self):
        """Those alone, once; afterwards the queue is for all again."""
        mailing = self._mailing("mail")
        mailing.action_send_mail(res_ids=self.other.ids)
        self._send_mailings(self.env["mailing.mailing"])
        self.assertEqual(mailing.mailing_trace_ids.mapped("res_id"), self.other.ids)
        self.assertEqual(mailing.state, "done")
        self._send_mailings(mailing)
        traces = mailing.mailing_trace_ids
        self.assertEqual(set(traces.mapped("res_id")), {self.shop.id, self.other.id})

    def test_chosen_ones_are_there_and_shown(self):
        mailing = self._mailing("mail")
        for wrong in (["x"], [self.shop.id, 2**30], 7):
            with self.assertRaisesRegex(UserError, "no recipients"):
                mailing.action_send_mail(res_ids=wrong)
        hidden = self._customer("Hidden", company_id=self.company.id, email="h@x.com")
        theirs = self._create_class_company("Theirs")
        self.marketer.write(
            {"company_ids": [Command.set(theirs.ids)], "company_id": theirs.id}
        )
        mailing = self._mailing("mail", company=theirs)
        own = mailing.with_user(self.marketer).with_context(
            allowed_company_ids=theirs.ids
        )
        with self.assertRaises(AccessError):
            own.action_send_mail(res_ids=hidden.ids)
        self.assertEqual(mailing.state, "draft")

    def test_several_sms_mailings_at_once(self):
        """Each goes to its own recipients; the platform takes the first one's for all."""
        mailings = self._mailing(partners=self.shop) | self._mailing(
            partners=self.other
        )
        mailings.action_send_mail()
        self.assertEqual(
            [mailing.mailing_trace_ids.mapped("res_id") for mailing in mailings],
            [self.shop.ids, self.other.ids],
        )

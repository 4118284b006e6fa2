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

    def test_a_test_goes_to_no_customer(self):
        """Past opt-outs and limits it would, by the marketer or a program."""
        self.env["crm.lead"].create({"name": "Deal", "email_from": "deal@example.com"})
        mailing, by_sms = self._mailing("mail"), self._mailing()
        for address in ("shop@example.com", "x@y.com\nDeal <DEAL@example.com>"):
            wizard = self.env["mailing.mailing.test"].create(
                {"mass_mailing_id": mailing.id, "email_to": address}
            )
            with self.assertRaisesRegex(UserError, "is a customer's"):
                wizard.send_mail_test()
        wizard.email_to = "\n".join(("nobody@example.com", self.env.user.email))
        wizard.send_mail_test()
        texts = self.env["mailing.sms.test"].create(
            {"mailing_id": by_sms.id, "numbers": "+86 138 0013 8000"}
        )
        with self.assertRaisesRegex(UserError, "is a customer's"):
            texts.action_send_sms()
        texts.numbers = "+86 136 0013 6000"
        texts.action_send_sms()

    def test_several_sms_mailings_at_once(self):
        """Each goes to its own recipients, not all to the first one's."""
        mailings = self._mailing(partners=self.shop) | self._mailing(
            partners=self.other
        )
        mailings.action_send_mail()
        self.assertEqual(
            [mailing.mailing_trace_ids.mapped("res_id") for mailing in mailings],
            [self.shop.ids, self.other.ids],
        )

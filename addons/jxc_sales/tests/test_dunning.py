# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command, Date
from odoo.tests import new_test_user, tagged

from .common_dunning import DunningCommon


@tagged("post_install", "-at_install")
class TestDunning(DunningCommon):
    """Who is reminded of what, when, and only once."""

    # -- list ---------------------------------------------------------------------

    def test_list(self):
        self._due(500, 12)
        self._due(100, 1)
        self._due(1000, -5)
        row = self._row().with_user(self.biller)
        self.assertRecordValues(
            row,
            [
                {
                    "partner_id": self.customer.id,
                    "amount": 600,
                    "days_overdue": 12,
                    "level_id": False,
                    "next_level_id": self.levels[0].id,
                    "is_due": True,
                }
            ],
        )
        items = self.env["account.move.line"].search(row.action_view_items()["domain"])
        self.assertEqual(sum(items.mapped("amount_residual")), 600)

    def test_open_receipts_count(self):
        self._due(500, 12)
        payment = self.env["account.payment"].create(
            {
                "payment_type": "inbound",
                "partner_type": "customer",
                "partner_id": self.customer.id,
                "amount": 480,
                "journal_id": self.company_data["default_journal_bank"].id,
            }
        )
        payment.action_post()
        self.assertEqual(self._row().amount, 20)
        payment.action_draft()
        payment.amount = 500
        payment.action_post()
        self.assertFalse(self._row())

    def test_contacts_belong_to_their_company(self):
        buyer = self.env["res.partner"].create(
            {"name": "Buyer", "parent_id": self.customer.id}
        )
        self._due(500, 12, partner_id=buyer.id)
        self.assertEqual(self._row().amount, 500)

    # -- proposing ----------------------------------------------------------------

    def test_first_level_first(self):
        self._due(500, 50)
        reminder = self._propose()
        self.assertRecordValues(
            reminder,
            [{"level_id": self.levels[0].id, "amount": 500, "days_overdue": 50}],
        )
        self.assertEqual(len(reminder.item_ids), 1)
        self.assertEqual(self._propose(), reminder, "proposed once")

    def test_not_before_its_days(self):
        self._due(500, 2)
        self.assertFalse(self._propose())
        self._due(500, 3)
        self.assertTrue(self._propose())

    def test_next_level_waits(self):
        self._due(500, 50)
        first = self._propose()
        first.action_send()
        self.assertFalse(self._propose())
        self._sent_days_ago(first, 6)
        self.assertFalse(self._propose())
        self._sent_days_ago(first, 7)
        second = self._propose()
        self.assertEqual(second.level_id, self.levels[1])
        second.action_send()
        self._sent_days_ago(second, 7)
        last = self._propose()
        self.assertEqual(last.level_id, self.levels[2])
        last.action_send()
        self._sent_days_ago(last, 30)
        self.assertFalse(self._propose(), "no level is left")
        self.levels[2].is_repeated = True
        self.assertEqual(self._propose().level_id, self.levels[2])

    def test_paid_customers_start_again(self):
        invoice = self._due(500, 50)
        first = self._propose()
        first.action_send()
        self._sent_days_ago(first, 20)
        self._pay(invoice)
        self._due(100, 15)
        self.assertEqual(self._propose().level_id, self.levels[0])

    def test_disputed_invoices_are_left_out(self):
        invoice = self._due(500, 50)
        with self.assertRaisesRegex(UserError, "objects"):
            invoice.with_user(self.biller).action_jxc_dispute()
        invoice.with_user(self.biller).jxc_dispute_reason = "Wrong colour"
        with self.assertRaises(AccessError):
            invoice.with_user(self.salesman).action_jxc_dispute()
        invoice.with_user(self.biller).action_jxc_dispute()
        self.assertFalse(self._propose())
        other = self._due(80, 12)
        reminder = self._propose()
        self.assertEqual(reminder.amount, 80)
        self.assertEqual(reminder.item_ids.move_id, other)
        self.assertEqual(self._row().amount_disputed, 500)
        invoice.with_user(self.biller).action_jxc_dispute()
        self.assertEqual(self._row().amount, 580)

    def test_promised_money_is_waited_for(self):
        self._due(500, 50)
        promise = self._promise(500)
        self.assertTrue(self._propose(), "not accepted yet")
        self._propose().action_cancel()
        promise.action_accept()
        self.assertFalse(self._propose())
        self._due(1, 20)
        self.assertEqual(self._propose().amount, 501)

    def test_promise_belongs_to_its_reminder(self):
        self._due(500, 50)
        reminder = self._propose()
        action = reminder.with_user(self.biller).action_promise()
        promise = (
            self.env["jxc.credit.promise"]
            .with_user(self.biller)
            .with_context(**action["context"])
            .create({"date": Date.add(self.today, days=5)})
        )
        self.assertEqual(promise.amount, 500)
        self.assertEqual(reminder.promise_ids, promise)

    def test_many_are_proposed_with_the_same_queries(self):
        def queries(count):
            customers = self.env["res.partner"].create(
                [{"name": f"C{number}"} for number in range(count)]
            )
            for customer in customers:
                self._due(10, 20, partner_id=customer.id)
            self.env.flush_all()
            before = self.env.cr.sql_log_count
            made = self.Reminder._propose(company_ids=self.company.ids)
            self.assertEqual(made.partner_id, customers)
            return self.env.cr.sql_log_count - before

        one = queries(1)
        self.assertLessEqual(queries(20), one)

    # -- sending ------------------------------------------------------------------

    def test_mail_goes_to_the_queue_once(self):
        invoice = self._due(500, 50)
        reminder = self._propose().with_user(self.biller)
        reminder.action_send()
        mail = self._mails(reminder)
        self.assertEqual(len(mail), 1)
        self.assertEqual(mail.state, "outgoing")
        self.assertEqual(mail.recipient_ids, self.customer)
        self.assertIn(invoice.name, mail.body_html)
        self.assertIn("500.00", mail.body_html)
        self.assertRecordValues(
            reminder,
            [{"state": "sent", "sent_on": self.today, "sent_by_id": self.biller.id}],
        )
        reminder.action_send()
        reminder.with_user(self.env.user).action_send()
        self.assertEqual(self._mails(reminder), mail)

    def test_mail_speaks_the_language_of_the_customer(self):
        self.env["res.lang"]._activate_lang("zh_CN")
        template = self.levels[0].mail_template_id
        template.with_context(lang="zh_CN").subject = "催款 {{ object.days_overdue }}"
        self.customer.lang = "zh_CN"
        self._due(500, 50)
        reminder = self._propose()
        reminder.action_send()
        self.assertEqual(self._mails(reminder).subject, "催款 50")

    def test_what_was_settled_is_not_sent(self):
        invoice = self._due(500, 50)
        reminder = self._propose()
        self._pay(invoice)
        reminder.action_send()
        self.assertEqual(reminder.state, "cancelled")
        self.assertFalse(self._mails(reminder))

    def test_nightly_job_drops_what_was_settled(self):
        invoice = self._due(500, 50)
        reminder = self._propose()
        self._pay(invoice)
        self._propose()
        self.assertEqual(reminder.state, "cancelled")

    def test_part_paid_is_reminded_of_the_rest(self):
        invoice = self._due(500, 50)
        reminder = self._propose()
        self._pay(invoice, 200)
        reminder.action_send()
        self.assertEqual(reminder.amount, 300)

    def test_automatic_level(self):
        self.levels[0].is_automatic = True
        self._due(500, 50)
        self.assertFalse(self._propose())
        sent = self.Reminder.search([("partner_id", "=", self.customer.id)])
        self.assertEqual(sent.state, "sent")
        self._propose()
        self.assertEqual(len(self._mails(sent)), 1)

    def test_without_address(self):
        self.customer.email = False
        self.levels[0].is_automatic = True
        self._due(500, 50)
        reminder = self._propose()
        self.assertIn("e-mail", reminder.problem)
        result = reminder.with_user(self.biller).action_send()
        self.assertEqual(result["params"]["message"].count("Bright Trading"), 1)
        self.assertEqual(reminder.state, "proposed")
        self.customer.email = "now@example.com"
        reminder.with_user(self.biller).action_send()
        self.assertEqual(reminder.state, "sent")

    def test_sms(self):
        self.assertIn("sms.sms", self.env)
        self.levels[0].write(
            {
                "send_mail": False,
                "send_sms": True,
                "sms_text": "{customer}: {amount}, {days} days {{",
            }
        )
        self.customer.write(
            {"phone": "139 1234 5678", "country_id": self.env.ref("base.cn").id}
        )
        self._due(500, 50)
        reminder = self._propose()
        reminder.with_user(self.biller).action_send()
        sms = self.env["sms.sms"].search([("partner_id", "=", self.customer.id)])
        self.assertEqual(sms.number, "+8613912345678")
        self.assertIn("Bright Trading", sms.body)
        self.assertIn("50 days", sms.body)
        self.assertEqual(reminder.sms_text, sms.body)
        self.assertFalse(self._mails(reminder))

    def test_activity_for_the_salesperson(self):
        self.customer.user_id = self.salesman
        self.levels[0].write(
            {
                "activity_type_id": self.env.ref("mail.mail_activity_data_call").id,
                "activity_note": "Call them",
            }
        )
        self._due(500, 50)
        reminder = self._propose()
        reminder.action_send()
        self.assertEqual(reminder.activity_ids.user_id, self.salesman)
        self.assertEqual(reminder.activity_ids.summary, "Call them")

    # -- who may ------------------------------------------------------------------

    def test_who_may_send(self):
        self._due(500, 50)
        reminder = self._propose()
        own = reminder.with_user(self.salesman)
        self.assertEqual(own.amount, 500)
        for refused in (own.action_send, own.action_cancel, own.action_propose_all):
            with self.assertRaises(AccessError):
                refused()
        with self.assertRaises(AccessError):
            self._row().with_user(self.salesman).action_propose()
        self.assertEqual(reminder.state, "proposed")

    def test_the_log_is_not_written(self):
        self._due(500, 50)
        reminder = self._propose()
        for user in (self.salesman, self.biller, self.env.ref("base.user_admin")):
            own = reminder.with_user(user)
            for values in ({"state": "sent"}, {"amount": 1}, {"sent_on": self.today}):
                with self.assertRaises(AccessError):
                    own.write(values)
            with self.assertRaises(AccessError):
                own.unlink()
            with self.assertRaises(AccessError):
                own.create(
                    {
                        "partner_id": self.customer.id,
                        "company_id": self.company.id,
                        "level_id": self.levels[0].id,
                    }
                )

    def test_disputes_are_not_written(self):
        invoice = self._due(500, 50)
        with self.assertRaises(AccessError):
            invoice.with_user(self.salesman).jxc_dispute_reason = "Hm"
        with self.assertRaises(AccessError):
            invoice.with_user(self.biller).jxc_is_disputed = True
        for context in ({}, {"default_jxc_is_disputed": True}):
            copied = invoice.with_user(self.biller).with_context(**context).copy()
            self.assertFalse(copied.jxc_is_disputed)

    def test_two_companies(self):
        other = self.setup_other_company()["company"]
        self._due(500, 50)
        row = self._row()
        self.assertEqual(row.company_id, self.company)
        stranger = new_test_user(
            self.env,
            "jxc_stranger",
            "account.group_account_invoice",
            company_id=other.id,
            company_ids=[Command.set(other.ids)],
        )
        Customer = self.env["jxc.dunning.customer"].with_user(stranger)
        self.assertFalse(Customer.search([("partner_id", "=", self.customer.id)]))
        self.Reminder.with_user(stranger).action_propose_all()
        self.assertFalse(self._row().reminder_id)
        reminder = self._propose()
        with self.assertRaises(AccessError):
            reminder.with_user(stranger).action_send()

    def test_own_levels_replace_common_ones(self):
        self.env["jxc.dunning.level"].create(
            {
                "name": "Common",
                "days": 1,
                "mail_template_id": self.levels[0].mail_template_id.id,
            }
        )
        self._due(500, 2)
        self.assertFalse(self._propose())
        self.levels.active = False
        self.assertEqual(self._propose().level_id.name, "Common")

    def test_levels_are_complete(self):
        for values in (
            {"mail_template_id": False},
            {"mail_template_id": self.env.ref("sale.email_template_edi_sale").id},
            {"send_sms": True, "sms_text": False},
            {"sms_text": "{password}"},
        ):
            with self.subTest(values=values), self.assertRaises(ValidationError):
                self.levels[0].write(values)
        with self.assertRaises(AccessError):
            self.levels[0].with_user(self.biller).days = 1

# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged
from odoo.tools import SQL, mute_logger

from .common_dunning import DunningCommon


@tagged("post_install", "-at_install")
class TestDunningPreview(DunningCommon):
    """The text of a reminder is read before it is sent, and is what is sent."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.manager = new_test_user(
            cls.env,
            "jxc_credit_reader",
            "jxc_base.group_credit_manager",
            company_id=cls.company.id,
            company_ids=[(6, 0, cls.company.ids)],
        )

    def _preview(self, reminders, user=None):
        action = reminders.with_user(user or self.manager).action_preview()
        self.assertEqual(action["res_model"], "jxc.dunning.preview")
        preview = self.env[action["res_model"]].with_user(user or self.manager)
        return preview.browse(action["res_id"])

    def test_shows_what_is_sent(self):
        invoice = self._due(500, 50)
        reminder = self._propose()
        for user in (self.manager, self.biller):
            preview = self._preview(reminder, user)
            self.assertFalse(self._mails(reminder), "looking sends nothing")
            self.assertEqual(reminder.state, "proposed")
            self.assertEqual(preview.email, self.customer.email)
            self.assertFalse(preview.sms_text)
            self.assertFalse(preview.problem)
            for told in (invoice.name, "500.00", ">50<"):
                self.assertIn(told, preview.body_html)
        subject, body = preview.subject, preview.body_html
        preview.action_send()
        mail = self._mails(reminder)
        self.assertEqual(mail.subject, subject)
        text = body[body.index("<table") : body.index("</table>")]
        self.assertIn(text, mail.body_html)
        self.assertEqual(reminder.sent_by_id, self.biller)

    def test_amounts_are_those_of_now(self):
        invoice = self._due(500, 50)
        reminder = self._propose()
        self._pay(invoice, 200)
        self.assertIn("300.00", self._preview(reminder).body_html)
        self._pay(invoice, 300)
        action = reminder.with_user(self.manager).action_preview()
        self.assertEqual(action["tag"], "display_notification")
        self.assertEqual(reminder.state, "cancelled")

    def _spoil(self, template, **values):
        """The platform tries what is saved; what is there already may be wrong."""
        self.env.flush_all()
        for name, value in values.items():
            self.env.cr.execute(
                SQL(
                    "UPDATE mail_template SET %s = jsonb_build_object('en_US', %s)"
                    " WHERE id = %s",
                    SQL.identifier(name),
                    value,
                    template.id,
                )
            )
        self.env.invalidate_all()

    def test_wrong_template_is_told(self):
        """As one from before a change, or one that somebody spoilt, is."""
        self._due(500, 50)
        reminder = self._propose()
        template = reminder.level_id.mail_template_id
        for values in (
            {"body_html": "<p t-out='object.gone_field'/>"},
            {"body_html": "<t t-call='jxc_sales.gone_template'/>"},
            {"body_html": "<p t-out='object.amount +'/>"},
            {"body_html": "<p>Fine</p>", "subject": "{{ object.gone_field }}"},
        ):
            self._spoil(template, **values)
            with self.subTest(**values), mute_logger("odoo.addons.mail"):
                preview = self._preview(reminder)
                self.assertIn(template.name, preview.problem)
                self.assertIn("Email Templates", preview.problem)
                self.assertNotIn("Traceback", preview.problem)
                self.assertLess(len(preview.problem), 400)
                self.assertFalse(preview.body_html)
                action = reminder.with_user(self.biller).action_send()
                self.assertIn(template.name, action["params"]["message"])
                self.assertEqual(reminder.state, "proposed")
                self.assertFalse(self._mails(reminder))
        self._spoil(template, subject="Late", body_html="<p>Fine</p>")
        self.assertFalse(self._preview(reminder).problem)
        self._preview(reminder).action_send()
        self.assertEqual(reminder.state, "sent")
        self.assertFalse(reminder.problem)

    def test_sms_and_what_is_missing(self):
        self.levels[0].write({"send_sms": True, "sms_text": "{customer}: {amount}"})
        self._due(500, 50)
        reminder = self._propose()
        preview = self._preview(reminder)
        self.assertIn("Bright Trading: ", preview.sms_text)
        self.assertIn("500.00", preview.sms_text)
        self.assertIn("phone", preview.problem)
        self.customer.write(
            {"phone": "139 1234 5678", "country_id": self.env.ref("base.cn").id}
        )
        preview = self._preview(reminder)
        self.assertFalse(preview.problem)
        self.assertEqual(preview.phone, "+8613912345678")
        text = preview.sms_text
        preview.action_send()
        self.assertEqual(reminder.sms_text, text)

    def test_language_of_the_customer(self):
        self.env["res.lang"]._activate_lang("zh_CN")
        template = self.levels[0].mail_template_id
        template.with_context(lang="zh_CN").subject = "催款 {{ object.days_overdue }}"
        self.levels[0].write({"send_sms": True, "sms_text": "Pay {amount}"})
        self.levels[0].with_context(lang="zh_CN").sms_text = "请付 {amount}"
        self.customer.lang = "zh_CN"
        self._due(500, 50)
        preview = self._preview(self._propose())
        self.assertEqual(preview.subject, "催款 50")
        self.assertIn("请付", preview.sms_text)

    def test_many_one_after_the_other(self):
        other = self.env["res.partner"].create(
            {"name": "Second Trading", "email": "second@example.com"}
        )
        self._due(500, 50)
        self._due(80, 40, partner_id=other.id)
        self._propose()
        reminders = self.Reminder.search(
            [("partner_id", "in", (self.customer | other).ids)]
        )
        preview = self._preview(reminders)
        self.assertEqual(preview.reminder_count, 2)
        first = preview.reminder_id
        preview.action_next()
        self.assertEqual(preview.reminder_id, reminders - first)
        amount = {self.customer: "500.00", other: "80.00"}
        self.assertIn(amount[preview.reminder_id.partner_id], preview.body_html)
        preview.action_next()
        self.assertEqual(preview.reminder_id, first)
        preview.action_send()
        self.assertEqual(set(reminders.mapped("state")), {"sent"})

    def test_level_is_previewed_by_the_platform(self):
        """A credit manager looks at the text of a level with a reminder of his own."""
        self._due(500, 50)
        reminder = self._propose()
        action = self.levels[0].with_user(self.manager).action_preview()
        preview = (
            self.env[action["res_model"]]
            .with_user(self.manager)
            .with_context(**action["context"])
            .create({})
        )
        self.assertEqual(preview.mail_template_id, self.levels[0].mail_template_id)
        self.assertEqual(preview.resource_ref.id, reminder.id)
        self.assertFalse(preview.error_msg)
        self.assertIn("500.00", preview.body_html)

    def test_who_may(self):
        self._due(500, 50)
        reminder = self._propose()
        with self.assertRaises(AccessError):
            reminder.with_user(self.salesman).action_preview()
        other = self.setup_other_company()["company"]
        stranger = new_test_user(
            self.env,
            "jxc_stranger",
            "jxc_base.group_credit_manager",
            company_id=other.id,
            company_ids=[(6, 0, other.ids)],
        )
        with self.assertRaises(AccessError):
            reminder.with_user(stranger).action_preview()
        values = {"reminder_ids": [(6, 0, reminder.ids)], "reminder_id": reminder.id}
        for user in (self.salesman, stranger):
            with self.assertRaises(AccessError):
                self.env["jxc.dunning.preview"].with_user(user).create(
                    values
                ).body_html.upper()
        preview = self._preview(reminder)
        with self.assertRaises(AccessError):
            preview.with_user(self.biller).read(["body_html"])

# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from freezegun import freeze_time

from odoo.exceptions import UserError
from odoo.tests import tagged

from .sms_common import SmsCommon

NIGHT = "2024-05-06 14:00:00"  # 22:00 in Shanghai
MOBILE = "13800138000"
MANY = "to one customer at a time|to one person at a time"


class ManyRecipients(SmsCommon):
    """Two customers, one of whom has opted out, and composers that any user opens."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.partner_id.tz = "Asia/Shanghai"
        cls.shop.email = "shop@example.com"
        cls.other = cls._customer(
            "Other",
            user_id=cls.seller.id,
            phone="+86 139 0013 9000",
            email="other@example.com",
            country_id=cls.env.ref("base.cn").id,
        )
        cls.both = cls.shop | cls.other
        cls.env["phone.blacklist"]._add(["+8613900139000"])
        cls.env["mail.blacklist"]._add("other@example.com")
        cls.orders = cls.env["sale.order"].create(
            [
                {"partner_id": partner.id, "user_id": cls.seller.id}
                for partner in cls.both
            ]
        )

    def _as_seller(self, model):
        model = self.env[model].with_user(self.seller)
        return model.with_context(allowed_company_ids=self.company.ids)

    def _traces(self):
        traces = self.env["mailing.trace"].search(
            [("jxc_company_id", "=", self.company.id)]
        )
        return {trace.res_id: trace.failure_type for trace in traces}


@tagged("post_install", "-at_install")
class TestManyNumbers(ManyRecipients):
    """An SMS to several people is marketing, whatever the composer is told it is."""

    def _sms(self, **values):
        composer = self._as_seller("sms.composer").create({"body": "Sale", **values})
        return composer.action_send_sms()

    def _refused(self, **values):
        with self.assertRaisesRegex(UserError, MANY):
            self._sms(**values)
        self.assertFalse(self._waiting())

    def _waiting(self):
        self._work()
        return self.server.requests or self.env["sms.sms"].search(
            [("jxc_company_id", "=", self.company.id)]
        )

    def test_a_list_of_numbers(self):
        self._refused(
            composition_mode="numbers", numbers="+8613800138000,+8613900139000"
        )
        self._refused(
            composition_mode="comment", numbers="+8613800138000,+8613900139000"
        )

    def test_several_customers_one_by_one(self):
        for records in (self.both, self.orders):
            self._refused(
                composition_mode="comment",
                res_model=records._name,
                res_ids=repr(records.ids),
            )

    def test_one_customer_and_numbers_of_others(self):
        self._refused(
            composition_mode="comment",
            res_model="res.partner",
            res_id=self.shop.id,
            numbers="+8613800138000,+8613900139000",
        )

    def test_in_the_timeline(self):
        shop = self._as_seller("res.partner").browse(self.shop.id)
        for recipients in (
            {"sms_numbers": ["+8613800138000", "+8613900139000"]},
            {"partner_ids": self.both.ids},
            {"partner_ids": self.shop.ids, "sms_numbers": ["+8613900139000"]},
        ):
            with self.assertRaisesRegex(UserError, MANY):
                shop.message_post(body="Sale", message_type="sms", **recipients)
        self.assertFalse(self._waiting())

    def test_to_many_documents(self):
        """Opting out holds, also where the sender would not have it; it is counted."""
        values = {
            "composition_mode": "mass",
            "res_model": "sale.order",
            "res_ids": repr(self.orders.ids),
            "use_exclusion_list": False,
        }
        self._sms(**values)
        self._work()
        self.assertEqual(
            [sent["to"] for _m, _p, sent, _h in self.server.requests], [MOBILE]
        )
        self.assertEqual(self._messages().mapped("is_marketing"), [True])
        self.assertEqual(self._traces()[self.orders[0].id], False)
        self.company.write({"jxc_marketing_limit": 1, "jxc_marketing_days": 7})
        self._sms(**values)
        self._work()
        self.assertEqual(len(self.server.requests), 1, "had enough")

    def test_by_a_template_of_the_gateway(self):
        """Which may say anything in its blanks."""
        self.company.write({"jxc_quiet_from": 21.5, "jxc_quiet_to": 8})
        with freeze_time(NIGHT):
            rows = self._send(MOBILE, "13900139000", order="Sale!", town="all of it")
            self._work()
            self.assertFalse(self.server.requests)
        self.assertEqual(rows.mapped("state"), ["queued", "cancelled"])
        self.assertEqual(set(rows.mapped("is_marketing")), {True})
        self.assertEqual(self._send(MOBILE).is_marketing, False)
        # Programs of the server know what they send.
        found = self.gateway.sudo().send(
            [MOBILE, "13900139000"], "shipped", {"order": "S1", "town": "Wuxi"}
        )
        self.assertEqual({row["state"] for row in found}, {"queued"})

    def test_trying_out_reaches_no_customers(self):
        marketer = self._user("marketer", "mass_mailing.group_mass_mailing_user")
        mailing = self.env["mailing.mailing"].with_user(marketer)
        mailing = mailing.with_context(allowed_company_ids=self.company.ids).create(
            {
                "subject": "Sale",
                "mailing_type": "sms",
                "mailing_model_id": self.env["ir.model"]._get_id("res.partner"),
                "body_plaintext": "Sale",
            }
        )
        tests = mailing.env["mailing.sms.test"]
        for numbers in (
            "\n".join(f"+861380013800{last}" for last in range(6)),
            "+8613900139000",
        ):
            with self.assertRaisesRegex(UserError, "trying out|opted out|a customer's"):
                tests.create(
                    {"mailing_id": mailing.id, "numbers": numbers}
                ).action_send_sms()
        tests.create(
            {"mailing_id": mailing.id, "numbers": "+8613700137000"}
        ).action_send_sms()
        self._work()
        self.assertEqual(
            [sent["to"] for _m, _p, sent, _h in self.server.requests], ["13700137000"]
        )

    def test_at_night(self):
        self.company.write({"jxc_quiet_from": 21.5, "jxc_quiet_to": 8})
        with freeze_time(NIGHT):
            self._sms(
                composition_mode="mass",
                res_model="sale.order",
                res_ids=repr(self.orders.ids),
            )
            self._work()
            self.assertFalse(self.server.requests)

    def test_one_answer_is_personal(self):
        """Also at night, and to who wants no marketing: he has asked something."""
        self.company.write({"jxc_quiet_from": 21.5, "jxc_quiet_to": 8})
        with freeze_time(NIGHT):
            for partner in self.both:
                self._sms(
                    composition_mode="comment",
                    res_model="res.partner",
                    res_id=partner.id,
                )
            self._sms(composition_mode="numbers", numbers="+8613700137000")
            self._work()
        self.assertEqual(
            sorted(sent["to"] for _m, _p, sent, _h in self.server.requests),
            ["13700137000", "13800138000", "13900139000"],
        )
        self.assertEqual(set(self._messages().mapped("is_marketing")), {False})


@tagged("post_install", "-at_install")
class TestManyAddresses(ManyRecipients):
    """An e-mail to several customers is marketing, whatever it is called."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.template = cls.env["mail.template"].create(
            {
                "name": "Sale",
                "model_id": cls.env["ir.model"]._get_id("res.partner"),
                "partner_to": "{{ object.id }}",
                "subject": "Sale",
                "body_html": "<p>Sale</p>",
            }
        )

    def _mail(self, **values):
        composer = self._as_seller("mail.compose.message").create(
            {"subject": "Sale", "body": "<p>Sale</p>", **values}
        )
        return composer.action_send_mail()

    def _written(self, since):
        mails = self.env["mail.mail"].search(
            [("id", ">", since), ("state", "!=", "cancel")]
        )
        return sorted(mails.recipient_ids.mapped("name"))

    def _newest(self):
        return self.env["mail.mail"].search([], order="id desc", limit=1).id or 0

    def test_several_customers_one_by_one(self):
        since = self._newest()
        for more in (
            {"res_ids": repr(self.both.ids), "template_id": self.template.id},
            {
                "res_domain": repr([("id", "in", self.both.ids)]),
                "template_id": self.template.id,
            },
            {"res_ids": repr(self.both.ids), "partner_ids": self.both.ids},
            {"res_ids": repr(self.both.ids)},
        ):
            with self.assertRaisesRegex(UserError, MANY):
                self._mail(composition_mode="comment", model="res.partner", **more)
        self.assertFalse(self._written(since))

    def test_notes_to_colleagues_are_none(self):
        """One note on many records reaches nobody outside."""
        self._mail(
            composition_mode="comment",
            model="res.partner",
            res_ids=repr(self.both.ids),
            subtype_id=self.env.ref("mail.mt_note").id,
        )
        self.assertIn("Sale", self.other.message_ids[0].body)

    def test_to_many_documents(self):
        since = self._newest()
        values = {
            "composition_mode": "mass_mail",
            "model": "sale.order",
            "res_ids": repr(self.orders.ids),
            "use_exclusion_list": False,
        }
        self._mail(**values)
        self.assertEqual(self._written(since), ["Shop"])
        self.assertEqual(self._traces()[self.orders[0].id], False)
        self.company.write({"jxc_marketing_limit": 1, "jxc_marketing_days": 7})
        since = self._newest()
        self._mail(**values)
        self.assertFalse(self._written(since), "had enough")
        self.company.write({"jxc_quiet_from": 21.5, "jxc_quiet_to": 8})
        with freeze_time(NIGHT), self.assertRaisesRegex(UserError, "quiet hours"):
            self._mail(**values)

    def test_documents_are_no_marketing(self):
        """Quotations that people asked for, in the words of the shipped template."""
        template = self.env.ref("sale.email_template_edi_sale")
        since = self._newest()
        values = {
            "composition_mode": "mass_mail",
            "model": "sale.order",
            "res_ids": repr(self.orders.ids),
            "template_id": template.id,
        }
        self.company.write({"jxc_quiet_from": 21.5, "jxc_quiet_to": 8})
        with freeze_time(NIGHT):
            composer = self._as_seller("mail.compose.message").create(values)
            composer.action_send_mail()
            self.assertEqual(self._written(since), ["Shop"])
            self.assertFalse(self._traces(), "no patience is asked for")
            composer = self._as_seller("mail.compose.message").create(values)
            composer.body = "<p>Sale</p>"
            with self.assertRaisesRegex(UserError, "quiet hours"):
                composer.action_send_mail()

    def test_trying_out_reaches_no_customers(self):
        marketer = self._user("marketer", "mass_mailing.group_mass_mailing_user")
        mailing = self.env["mailing.mailing"].with_user(marketer)
        mailing = mailing.with_context(allowed_company_ids=self.company.ids).create(
            {
                "subject": "Sale",
                "mailing_model_id": self.env["ir.model"]._get_id("res.partner"),
                "body_html": "<p>Sale</p>",
                "email_from": "us@example.com",
            }
        )
        tests = mailing.env["mailing.mailing.test"]
        for addresses in (
            "\n".join(f"c{number}@example.com" for number in range(6)),
            "Other <OTHER@example.com>",
        ):
            with self.assertRaisesRegex(UserError, "trying out|opted out|a customer's"):
                tests.create(
                    {"mass_mailing_id": mailing.id, "email_to": addresses}
                ).send_mail_test()

    def test_templates_are_sent_one_by_one(self):
        template = self.template.with_user(self.seller)
        since = self._newest()
        with self.assertRaisesRegex(UserError, MANY):
            template.send_mail_batch(self.both.ids)
        self.assertFalse(self._written(since))
        template.send_mail(self.shop.id)
        self.assertEqual(self._written(since), ["Shop"])

    def test_one_message_is_a_conversation(self):
        """Two customers may be in one; everybody may not."""
        shop = self._as_seller("res.partner").browse(self.shop.id)
        crowd = self.env["res.partner"].create(
            [{"name": f"C{n}", "email": f"c{n}@example.com"} for n in range(11)]
        )
        message = {"body": "Sale", "message_type": "comment"}
        since = self._newest()
        for attack in (
            lambda: shop.message_post(**message, partner_ids=crowd.ids),
            lambda: shop.message_notify(body="Sale", partner_ids=crowd.ids),
            lambda: shop.message_post(
                **message,
                outgoing_email_to=",".join(crowd.mapped("email")),
            ),
        ):
            with self.assertRaisesRegex(UserError, "at most 10 customers"):
                attack()
        self.assertFalse(self._written(since))
        crowd.parent_id = self.shop.copy({"name": "Big", "is_company": True})
        shop.message_post(**message, partner_ids=crowd.ids)
        shop.message_post(**message, partner_ids=self.both.ids)
        self.assertEqual(len(self._written(since)), 13)

    def test_one_customer_is_personal(self):
        since = self._newest()
        self.company.write({"jxc_quiet_from": 21.5, "jxc_quiet_to": 8})
        with freeze_time(NIGHT):
            self._mail(
                composition_mode="comment",
                model="res.partner",
                res_ids=repr(self.other.ids),
                partner_ids=self.other.ids,
            )
        self.assertEqual(self._written(since), ["Other"])

# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
import base64
import hashlib
import hmac
import json
from datetime import datetime, timedelta
from urllib.parse import quote_plus

from freezegun import freeze_time

from odoo import fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged

from .sms_common import PASSWORD, SmsCommon


@tagged("post_install", "-at_install")
class TestSmsGateway(SmsCommon):
    def test_what_the_provider_gets(self):
        row = self._send("138 0013-8000")
        self.assertFalse(self.server.requests, "nothing before the commit")
        self._work()
        [(method, path, sent, _headers)] = self.server.requests
        self.assertEqual((method, path), ("POST", "/send"))
        self.assertEqual(sent["to"], "13800138000")
        self.assertEqual(sent["text"], "【好店】Order S1 goes to Ningbo.")
        self.assertEqual(sent["tpl"], "SMS_1")
        params = json.loads(sent["params"])
        self.assertEqual(list(params.items()), [("town", "Ningbo"), ("order", "S1")])
        sign = sent.pop("sign")
        text = "&".join(f"{name}={sent[name]}" for name in sorted(sent)) + PASSWORD
        self.assertEqual(sign, hashlib.md5(text.encode()).hexdigest())
        self.assertEqual((row.state, row.ref, row.tries), ("sent", "M1", 1))
        self.assertEqual(row.partner_id, self.shop)

    def test_json_and_get(self):
        self.gateway.write(
            {
                "method": "json",
                "parameters": "to.phone = {number}\nargs := {params_list}\n"
                'more := {"text": "{text}"}',
                "sign": "none",
                "batch_size": 1,
                "number_style": "plus",
            }
        )
        self._send(order='"x"', town="N")
        self._work()
        self.assertEqual(
            self.server.requests[0][2],
            {
                "to": {"phone": "+8613800138000"},
                "args": ["N", '"x"'],
                "more": {"text": 'Order "x" goes to N.'},
            },
        )
        self.gateway.write(
            {
                "method": "get",
                "parameters": "m = {number}",
                "headers": "X-Key = {login}",
            }
        )
        self._send()
        self._work()
        method, path, _sent, headers = self.server.requests[1]
        self.assertEqual((method, path), ("GET", "/send?m=%2B8613800138000"))
        self.assertEqual(headers["X-Key"], "shop")

    def test_batches_of_one_text(self):
        self.gateway.batch_size = 2
        numbers = ["13800138001", "13800138002", "13800138003"]
        self._send(*numbers)
        self._send("13800138004", order="S2", town="Wuxi")
        self._work()
        self.assertEqual(
            [sent["to"] for _m, _p, sent, _h in self.server.requests],
            ["13800138001,13800138002", "13800138003", "13800138004"],
        )

    def test_answers(self):
        """Refused, no answer, half an answer: none is sent again by itself."""
        expected = {
            "refuse": "failed",
            "slow": "unknown",
            "drop": "unknown",
            "garbage": "unknown",
            "broken": "unknown",
        }
        rows = {plan: self._send() for plan in expected}
        self.server.plan += expected
        self._work()
        self.assertEqual({plan: row.state for plan, row in rows.items()}, expected)
        count = len(self.server.requests)
        self._work()
        self.assertEqual(len(self.server.requests), count)
        self.assertEqual(rows["refuse"].error, "no money for ***")
        rows["slow"].with_user(self.manager).action_send_again()
        self._work()
        self.assertEqual((rows["slow"].state, rows["slow"].tries), ("sent", 2))
        with self.assertRaisesRegex(UserError, "13800138000 is “Sent”"):
            rows["slow"].with_user(self.manager).action_send_again()
        with self.assertRaisesRegex(AccessError, "Only sales managers"):
            rows["refuse"].with_user(self.seller).action_send_again()

    def test_reasons_are_in_the_language_of_the_company(self):
        self.env["res.lang"]._activate_lang("zh_CN")
        self.company.partner_id.lang = "zh_CN"
        row = self._send()
        self.server.plan.append("drop")
        self._work()
        self.assertIn("连接已断开", row.error)

    def test_nobody_there(self):
        """What did not go out waits, a little longer each time, but not for ever."""
        address = self.gateway.endpoint
        with self._named("127.0.0.1:1"):
            self.gateway.write({"endpoint": "http://127.0.0.1:1/x", "secret": PASSWORD})
            row = self._send()
            self._work()
        self.assertEqual((row.state, self.gateway.failure_count), ("queued", 1))
        self.assertGreater(self.gateway.next_try, fields.Datetime.now())
        self.gateway.write({"endpoint": address, "secret": PASSWORD})
        self._work()
        self.assertFalse(self.server.requests, "the pause is not over")
        self.gateway.action_send_now()
        self._work()
        self.assertEqual((row.state, self.gateway.failure_count), ("sent", 0))
        late = self._send()
        late.queued_at -= timedelta(hours=25)
        self._work()
        self.assertEqual(late.state, "failed")
        self.assertEqual(len(self.server.requests), 1)

    def test_too_many_at_once(self):
        """What the provider did not take yet is sent later, by itself."""
        self.server.plan.append("busy")
        row = self._send()
        self._work()
        self.assertEqual((row.state, self.gateway.failure_count), ("queued", 1))
        self.gateway.action_send_now()
        self._work()
        self.assertEqual((row.state, row.tries), ("sent", 2))

    def test_a_server_that_died(self):
        row = self._send()
        row.write(
            {
                "state": "sending",
                "sent_at": fields.Datetime.now() - timedelta(minutes=11),
            }
        )
        self._work()
        self.assertEqual(row.state, "unknown")
        self.assertFalse(self.server.requests)

    def test_bad_numbers_send_nothing(self):
        with self.assertRaisesRegex(UserError, "0574-87001122, 12345"):
            self._send("13800138000", "0574-87001122", "12345")
        with self.assertRaisesRegex(UserError, "needs a value for “town”"):
            self._send(order="S1")
        with self.assertRaisesRegex(UserError, "it has shipped, sale"):
            self._send(template="nothing")
        for gateways in (self.gateway.browse(), self.gateway | self.gateway.copy()):
            with self.assertRaisesRegex(UserError, "by one gateway"):
                gateways.send(["13800138000"], "shipped", {"order": "S1", "town": "X"})
        self.assertFalse(self._messages())

    def test_values_that_cannot_be_sent(self):
        for values in ({"order": "S\x00", "town": "X"}, ["S1", "X"]):
            with self.assertRaisesRegex(UserError, "shipped takes a text"):
                self.gateway.send(["13800138000"], "shipped", values)
        for value in ({"a": 1}, ["S1"], None, False, True, datetime(2024, 6, 3)):
            with self.assertRaisesRegex(UserError, r"for each name, not for: town\."):
                self.gateway.send(
                    ["13800138000"], "shipped", {"order": 7.5, "town": value}
                )
        with self.assertRaisesRegex(UserError, "No SMS was sent"):
            self.gateway.send(None, "shipped", {"order": "S1", "town": "X"})

    def test_opted_out_numbers(self):
        self.env["phone.blacklist"]._add(["+8613800138000"])
        rows = self._send("13800138000", "13900139000", template="sale", price=3)
        self.assertEqual(rows.mapped("state"), ["cancelled", "queued"])
        self.assertEqual(self._send().state, "queued", "orders are no marketing")

    def test_opted_out_while_it_waited(self):
        row, order = self._send(template="sale", price=3), self._send()
        self.env["phone.blacklist"]._add([row.number])
        self._work()
        self.assertEqual((row.state, order.state), ("cancelled", "sent"))
        self.assertEqual(len(self.server.requests), 1)

    def test_programs_keep_to_the_frequency(self):
        """Marketing counts whoever sends it: also what programs send by a gateway."""
        self.company.write({"jxc_marketing_limit": 2, "jxc_marketing_days": 7})
        numbers = ["13800138000", "13900139000"]
        for _time in range(2):
            self._send(numbers[0], template="sale", price=3)
        rows = self._send(*numbers, template="sale", price=3)
        self.assertEqual(rows.mapped("state"), ["cancelled", "queued"])
        self.assertEqual(rows[0].error, "Enough Marketing Lately")
        self.assertEqual(self._send().state, "queued", "orders are no marketing")
        mailing = self.env["mailing.mailing"].create(
            {
                "subject": "Tea",
                "mailing_type": "sms",
                "jxc_company_id": self.company.id,
                "mailing_model_id": self.env["ir.model"]._get_id("res.partner"),
                "mailing_domain": repr([("id", "=", self.shop.id)]),
                "body_plaintext": "New tea",
            }
        )
        mailing.action_send_sms()
        self.assertEqual(mailing.mailing_trace_ids.failure_type, "jxc_limit")

    def test_signatures(self):
        """Checked as a provider does: from what arrived, with its own arithmetic."""
        key = PASSWORD.encode()
        wanted = {
            ("md5", "plain", "both", "upper"): lambda text: (
                hashlib.md5(key + text + key).hexdigest().upper()
            ),
            ("sha256", "values", "before", "lower"): lambda text: hashlib.sha256(
                key + text
            ).hexdigest(),
            ("sha256", "query", "pair", "base64"): lambda text: base64.b64encode(
                hashlib.sha256(text + b"&key=" + key).digest()
            ).decode(),
            ("hmac_md5", "query", "after", "lower"): lambda text: hmac.new(
                key, text, "md5"
            ).hexdigest(),
            ("hmac_sha1", "plain", "after", "base64"): lambda text: base64.b64encode(
                hmac.new(key, text, "sha1").digest()
            ).decode(),
            ("hmac_sha256", "query", "after", "upper"): lambda text: (
                hmac.new(key, text, "sha256").hexdigest().upper()
            ),
        }
        joined = {
            "plain": lambda pairs: "".join(name + value for name, value in pairs),
            "values": lambda pairs: "".join(value for _name, value in pairs),
            "query": lambda pairs: "&".join(f"{name}={value}" for name, value in pairs),
        }
        names = ("sign", "sign_pairs", "sign_key", "sign_case")
        self.gateway.parameters = (
            "to = {numbers}\ntext = {content}\nuser = {login}\nsign = {sign}"
        )
        for number, (settings, expected) in enumerate(wanted.items()):
            self.gateway.write(dict(zip(names, settings, strict=True)))
            self._send()
            self._work()
            sent = dict(self.server.requests[number][2])
            sign = sent.pop("sign")
            text = joined[settings[1]](sorted(sent.items())).encode()
            self.assertEqual(sign, expected(text), settings)

    def test_headers(self):
        self.gateway.headers = "X-Name = {signature}\nX-Text = {text}"
        row, bad = self._send(), self._send(order="1\nX-More: 2", town="N")
        self._work()
        self.assertEqual((row.state, bad.state), ("sent", "failed"))
        self.assertEqual(bad.error, "HTTP header X-Text: a line break")
        [(_method, _path, _sent, headers)] = self.server.requests
        self.assertEqual(headers["X-Name"].encode("latin-1").decode(), "好店")

    def test_marketing_waits_for_the_morning(self):
        self.company.write({"jxc_quiet_from": 21, "jxc_quiet_to": 8})
        self.company.partner_id.tz = "Asia/Shanghai"
        with freeze_time("2024-05-06 14:00:00"):  # 22:00 there
            self.assertEqual(
                fields.Datetime.to_string(self.company._jxc_quiet_until()),
                "2024-05-07 00:00:00",
            )
            marketing = self._send(template="sale", price=3)
            order = self._send()
            self._work()
            self.assertEqual((marketing.state, order.state), ("queued", "sent"))
        with freeze_time("2024-05-07 00:00:30"):
            self._work()
            self.assertEqual(marketing.state, "sent")

    # The platform's SMS -------------------------------------------------------------

    def test_chatter(self):
        message = self.shop.with_user(self.manager)._message_sms(
            "Order S7 goes to Wuxi."
        )
        notification = message.sudo().notification_ids
        self.assertFalse(self.server.requests, "nothing before the commit")
        self.assertEqual(notification.notification_status, "process")
        self._work()
        [(_m, _p, sent, _h)] = self.server.requests
        self.assertEqual(sent["tpl"], "SMS_1")
        self.assertEqual(notification.notification_status, "pending")
        self.assertEqual(self._messages().partner_id, self.shop)
        self._work()
        self.assertEqual(len(self.server.requests), 1)

    def test_failed_sms_of_the_platform(self):
        self.gateway.needs_template = True
        strange = self.shop._message_sms("Something else").notification_ids
        self.assertEqual(strange.notification_status, "exception")
        self.assertIn("none of the approved", strange.failure_reason)
        self.server.plan.append("refuse")
        message = self.shop._message_sms("Order S7 goes to Wuxi.")
        self._work()
        notification = message.notification_ids
        self.assertEqual(notification.notification_status, "exception")
        self.assertEqual(notification.failure_reason, "no money for ***")
        sms = self.env["sms.sms"].search([("mail_message_id", "=", message.id)])
        sms.resend_failed()
        self._work()
        self.assertEqual(notification.notification_status, "pending")
        self.assertEqual(self._messages().tries, 2)

    def test_own_template(self):
        own = self.env["sms.template"].create(
            {
                "name": "Greeting",
                "model_id": self.env["ir.model"]._get_id("res.partner"),
                "body": "Hello {{ object.name }}, thanks.",
            }
        )
        self.env["jxc.sms.gateway.template"].create(
            {
                "gateway_id": self.gateway.id,
                "name": "hello",
                "code": "T9",
                "sms_template_id": own.id,
                "parameter_names": "who",
            }
        )
        self.shop._message_sms_with_template(own)
        self._work()
        [(_m, _p, sent, _h)] = self.server.requests
        self.assertEqual((sent["tpl"], sent["params"]), ("T9", '{"who": "Shop"}'))

    def test_each_company_has_its_own(self):
        other = self._create_class_company("Other Ltd")
        theirs = self._gateway(other, login="other")
        stranger = self._user("stranger", "sales_team.group_sale_manager", other)
        sms = self.env["sms.sms"].create(
            [{"number": "+8613800138000", "body": "Ours"}]
        ) | self.env["sms.sms"].with_company(other).create(
            [{"number": "+8613800138000", "body": "Theirs"}]
        )
        self.assertEqual(sms.jxc_company_id, self.company | other)
        self._work()
        self.assertEqual(
            {sent["user"]: sent["text"] for _m, _p, sent, _h in self.server.requests},
            {"shop": "【好店】Ours", "other": "【好店】Theirs"},
        )
        with self.assertRaises(AccessError):
            self._send(user=stranger)
        messages = self.env["jxc.sms.message"].with_user(stranger)
        messages = messages.with_context(allowed_company_ids=other.ids)
        self.assertEqual(messages.search([]).gateway_id.sudo(), theirs)

    def test_platform_service_stays(self):
        """A gateway of the platform's kind leaves sending to the platform."""
        self.gateway.provider = "odoo"
        found = self.gateway.with_user(self.seller).send(
            ["13800138000"], "shipped", {"order": "S1", "town": "X"}
        )
        self.assertEqual(found[0]["state"], "queued")
        sms = self.env["sms.sms"].search([("jxc_company_id", "=", self.company.id)])
        self.assertEqual(sms.body, "Order S1 goes to X.")
        self.assertFalse(self._messages())
        self.env["phone.blacklist"]._add(["+8613800138000"])
        found = self.gateway.with_user(self.seller).send(
            "13800138000", "sale", {"price": 3}
        )
        self.assertEqual(found[0]["state"], "cancelled")
        self.company.write({"jxc_marketing_limit": 1, "jxc_marketing_days": 7})
        states = [
            self.gateway.send(["13900139000"], "sale", {"price": 3})[0]["state"]
            for _time in range(2)
        ]
        self.assertEqual(states, ["queued", "cancelled"], "counted here as well")
        [(api, _sms)] = list(sms._split_by_api())
        self.assertNotEqual(type(api).__name__, "SmsApiGateway")

    # Rights and secrets -------------------------------------------------------------

    def test_secrets(self):
        admin = self.env.ref("base.user_admin")
        admin.company_ids |= self.company
        gateway = self.gateway.with_user(admin)
        self.assertFalse(gateway.secret)
        self.assertTrue(gateway.has_secret)
        with self.assertRaises(AccessError):
            gateway.read(["secret_token"])
        known = gateway.fields_get(attributes=["exportable"])
        self.assertFalse(known["secret"]["exportable"])
        self.assertFalse({"secret_token", "callback_token"} & known.keys())
        with self.assertLogs("odoo.addons.jxc_crm_lite", "DEBUG") as logs:
            self.server.plan += ["refuse"]
            row = self._send()
            self._work()
        self.assertNotIn(PASSWORD, "".join(logs.output))
        self.gateway.write({"method": "get", "parameters": "pw = {secret}"})
        with self.assertLogs("urllib3", "DEBUG") as logs:
            self._send()
            self._work()
        self.assertNotIn(quote_plus(PASSWORD), "".join(logs.output))
        self.assertNotIn(PASSWORD, row.error)
        gateway.endpoint = f"{self.server.url}2"
        self.assertFalse(gateway.has_secret, "a password is for one address")

    def test_rights(self):
        clerk = self._user("clerk", "base.group_user")
        with self.assertRaisesRegex(AccessError, "Only salespeople"):
            self._send(user=clerk)
        with self.assertRaises(AccessError):
            self.gateway.with_user(self.manager).name = "Mine"
        with self.assertRaises(AccessError):
            self.gateway.with_user(self.seller).read(["login"])
        row = self._send()
        with self.assertRaises(AccessError):
            row.with_user(self.manager).state = "delivered"
        colleague = self._user("colleague", "sales_team.group_sale_salesman")
        rows = self.env["jxc.sms.message"]
        self.assertIn(row, rows.with_user(self.seller).search([]))
        self.assertFalse(rows.with_user(colleague).search([]))
        admin = self.env.ref("base.user_admin")
        admin.company_ids |= self.company
        with self.assertRaisesRegex(AccessError, "follows from its actions"):
            self.gateway.with_user(admin).next_try = False

    def test_settings_that_cannot_work(self):
        for values in (
            {"endpoint": "http://10.0.0.1/sms"},
            {"parameters": "mobile {number}"},
            {"parameters": "mobile = {phone}"},
            {"success_pattern": "("},
        ):
            with self.assertRaises(ValidationError), self.cr.savepoint():
                self.gateway.write(values)
        with self.assertRaises(ValidationError), self.cr.savepoint():
            self.gateway.template_ids[0].parameters = "order, city"

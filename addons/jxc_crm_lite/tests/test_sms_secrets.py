# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
import base64

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import SQL

from .sms_common import PASSWORD, SmsCommon

SECRETS = ("secret_token", "callback_token")


@tagged("post_install", "-at_install")
class TestSmsSecrets(SmsCommon):
    """Nobody gets a gateway's password out, not letter by letter either."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.admin = cls._user(
            "gateway_admin",
            "base.group_system,sales_team.group_sale_manager,base.group_allow_export",
        )

    def _as(self, user, records):
        return records.with_user(user).with_context(
            allowed_company_ids=self.company.ids
        )

    def _comes_out(self, door):
        """Return what a call answers; nothing if it is refused."""
        try:
            with self.cr.savepoint():
                return door()
        except (AccessError, UserError, ValueError):
            return None

    def test_no_password_in_the_database(self):
        """Whoever gets hold of a copy of the database has no password."""
        self.gateway.login = "shop2"  # another login is another account
        self.gateway.secret = PASSWORD
        self._send()
        self._work()
        self.assertEqual(self.server.requests[0][2]["pw"], PASSWORD)
        self.env.flush_all()
        [(token, row)] = self.env.execute_query(
            SQL(
                "SELECT secret_token, gateway::text FROM jxc_sms_gateway gateway"
                " WHERE id = %s",
                self.gateway.id,
            )
        )
        self.assertTrue(token)
        plain = PASSWORD.encode()
        for form in (PASSWORD, plain.hex(), base64.b64encode(plain).decode()):
            self.assertNotIn(form, token)
            self.assertNotIn(form, row)
        kept = self.env.execute_query(
            SQL(
                """
                SELECT message::text FROM mail_message message
                 UNION ALL SELECT sms::text FROM jxc_sms_message sms
                 UNION ALL SELECT value::text FROM mail_tracking_value value
                """
            )
        )
        self.assertTrue(kept)
        self.assertFalse([text for (text,) in kept if PASSWORD in text])

    def test_the_same_password_is_kept_differently(self):
        """Equal passwords do not show in the table as equal."""
        other = self._gateway(self.company, name="Second")
        self.assertEqual(other._jxc_get_secret(), self.gateway._jxc_get_secret())
        self.assertNotEqual(other.secret_token, self.gateway.secret_token)

    def test_no_door(self):
        gateway, row = self.gateway, self._send()
        self.assertTrue(gateway.secret_token)
        for user in (self.admin, self.manager, self.seller):
            for name in SECRETS:
                for door in self._doors(user, gateway, row, name):
                    with self.subTest(user=user.login, name=name):
                        self.assertFalse(self._comes_out(door))

    def _doors(self, user, gateway, row, name):
        """Calls by which a client could ask for a field, each without arguments."""
        gateways, rows = self._as(user, gateway), self._as(user, row)
        guess = [(name, "=like", "g%")]
        far = [(f"gateway_id.{name}", "=like", "g%")]
        return (
            lambda: gateways.search(guess),
            lambda: gateways.search_count(guess),
            lambda: gateways.search([], order=name),
            lambda: gateways.search_read([], [name]),
            lambda: gateways.web_search_read(guess, {"name": {}}),
            lambda: gateways.name_search("", guess),
            lambda: gateways.formatted_read_group([], [name], ["__count"]),
            lambda: gateways.formatted_read_group([], [], [f"{name}:array_agg"]),
            lambda: gateways.read([name]),
            lambda: gateways.export_data([name]),
            lambda: gateways.write({name: "x"}),
            lambda: gateways.filtered_domain(guess),
            lambda: rows.search(far),
            lambda: rows.export_data([f"gateway_id/{name}"]),
            lambda: rows.web_read({"gateway_id": {"fields": {name: {}}}}),
        )

    def test_a_guess_is_not_answered(self):
        """Whether a condition on the password fits is an answer as well."""
        for user in (self.admin, self.seller):
            gateways = self._as(user, self.env["jxc.sms.gateway"])
            for name in SECRETS:
                for pattern in ("%", "x%"):
                    with self.assertRaises(AccessError):
                        gateways.search_count([(name, "=like", pattern)])
            search = gateways.search
            self.assertFalse(
                self._comes_out(lambda found=search: found([("secret", "=", PASSWORD)]))
            )

    def test_a_copy_has_no_password(self):
        copy = self._as(self.admin, self.gateway).copy({"name": "Copy"})
        self.assertFalse(copy.sudo().secret_token)
        self.assertFalse(copy.has_secret)
        self.assertNotEqual(copy.sudo().callback_token, self.gateway.callback_token)

    def test_history_and_errors(self):
        gateway = self._as(self.admin, self.gateway)
        gateway.write({"secret": "An0ther", "login": "shop2"})
        self.server.plan.append("refuse")
        row = self._send()
        self._work()
        self.assertEqual(row.state, "failed")
        said = gateway.message_ids
        texts = repr(said.mapped("body")) + repr(
            said.sudo().tracking_value_ids.read(["old_value_char", "new_value_char"])
        )
        for text in (texts, row.error, repr(gateway.read()), repr(row.read())):
            self.assertNotIn("An0ther", text)
            self.assertNotIn(self.gateway.secret_token, text)

    def test_endless_answers(self):
        """Neither a flood nor drops keep the queue; nobody sends again by itself."""
        rows = {}
        for plan in ("huge", "drops"):
            rows[plan] = self._send()
            self.server.plan.append(plan)
        self._work()
        self.assertEqual(
            {plan: row.state for plan, row in rows.items()},
            {"huge": "unknown", "drops": "unknown"},
        )
        count = len(self.server.requests)
        self._work()
        self.assertEqual(len(self.server.requests), count)

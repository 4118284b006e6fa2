# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
import json
import re
from datetime import datetime, timedelta
from urllib.parse import quote, quote_plus
from xml.sax.saxutils import escape

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from lxml import etree

from odoo.exceptions import AccessError, UserError
from odoo.tests import freeze_time, tagged

from ..tools.services.base import ANSWER
from .finance_server import KEPT, PASSWORD, PLANS, SESSION, WSDL
from .outbox_common import SERVICES, OutboxCommon


@tagged("post_install", "-at_install")
class TestFinanceOutbox(OutboxCommon):
    def _send(self, target, moves):
        ids = target.enqueue_moves(moves.ids)
        self._run(target)
        return self.env["jxc.finance.outbox"].browse(ids)

    def test_every_service_on_every_day(self):
        """Whatever happens to a voucher, it is there once in the end."""
        for adapter in SERVICES:
            for how in PLANS:
                if how in ("double", "refuse"):
                    continue
                with self.subTest(adapter=adapter, how=how):
                    self.server.reset()
                    self.server.plan = [how]
                    move = self._moves()
                    target = self._target(adapter)
                    row = self._send(target, move)
                    if how == "ok":
                        self.assertEqual(row.state, "done")
                    else:
                        self.assertIn(row.state, ("ready", "unknown"))
                        self.assertTrue(target.next_try)
                        self.assertEqual(target.failure_count, 1)
                    self._run(target)
                    self.assertEqual(row.state, "done")
                    self.assertFalse(target.failure_count)
                    self.assertEqual(list(self.server.books), [row.key])
                    self.assertEqual(len(self.server.books[row.key]), 1)
                    if how in KEPT:
                        # looked up, not sent again
                        self.assertEqual(len(self.server.log), 1)

    def test_drafts_are_not_sent(self):
        """Refused, reset to draft, tried again: the draft would be sent."""
        accountant = self._user("outbox_retries", "account.group_account_user")
        self.server.plan = ["refuse"]
        move, target = self._moves(), self._target()
        row = self._send(target, move)
        self.assertEqual((row.state, row.tries), ("refused", 1))
        move.with_user(accountant).button_draft()
        self.assertEqual(row.state, "cancelled")
        with self.assertRaisesRegex(UserError, "is not posted"):
            row.with_user(accountant).action_retry()
        # However it came about, it is only looked for.
        row.sudo().state = "unknown"
        self._run(target)
        self.assertEqual((row.state, self.server.books), ("cancelled", {}))
        move.with_user(accountant).action_post()
        row.with_user(accountant).action_retry()
        self._run(target)
        self.assertEqual((row.state, len(self.server.books)), ("done", 1))

    def test_what_was_sent_stays(self):
        """Else the books here and there say different things."""
        clerk = self._user("outbox_clerk", "account.group_account_invoice")
        move, target = self._moves(), self._target()
        partner = self.env["res.partner"].create({"name": "Other"})
        income = move.line_ids.filtered("credit").with_user(clerk)
        changes = (
            {"account_id": self._account("505100").id},
            {"partner_id": partner.id},
        )
        for values in changes:
            income.write(values)
        row = self._send(target, move)
        self.assertEqual(row.state, "done")
        for values in (
            {"account_id": self._account("500100").id},
            {"partner_id": False},
            {"balance": 0},
        ):
            with self.subTest(values), self.assertRaises(AccessError):
                income.write(values)
        # Forms send back what is there.
        for values in changes:
            income.write(values)

    def test_drafts_that_arrived_are_found(self):
        """An entry whose voucher is there is none that was cancelled."""
        self.server.plan = ["drop_after"]
        move, target = self._moves(), self._target()
        row = self._send(target, move)
        self.assertEqual(row.state, "unknown")
        self.env.cr.execute(
            "UPDATE account_move SET state = 'draft' WHERE id = %s", [move.id]
        )
        self.env.invalidate_all()
        self._run(target)
        self.assertEqual((row.state, len(self.server.books)), ("done", 1))

    @given(
        st.sampled_from(SERVICES),
        st.lists(
            st.sampled_from([p for p in PLANS if p[:4] not in ("slow", "doub")]),
            max_size=6,
        ),
        st.integers(0, 2),
    )
    @settings(
        max_examples=24,
        deadline=None,
        suppress_health_check=list(HealthCheck),
        phases=(Phase.explicit, Phase.reuse, Phase.generate),
    )
    def test_nothing_lost_nothing_twice(self, adapter, plan, finds_fail):
        """Any series of bad days of any service, with look-ups that fail as well."""
        with self.env.cr.savepoint() as savepoint:
            self.server.reset()
            self.server.plan, self.server.finds_fail = list(plan), finds_fail
            target = self._target(adapter)
            rows = self._send(target, self._moves(3))
            self._run(target, len(plan) + finds_fail + 1)
            refused = rows.filtered(lambda row: row.state == "refused")
            done = rows - refused
            self.assertEqual(set(done.mapped("state")) | {"done"}, {"done"})
            self.assertEqual(set(self.server.books), set(done.mapped("key")))
            self.assertEqual(
                {len(found) for found in self.server.books.values()},
                {1} if done else set(),
            )
            # in the order they were put in
            order = [row.key for row in rows.sorted("id") if row in done]
            self.assertEqual(self.server.order, order)
            savepoint.rollback()
        self.env.invalidate_all()

    def test_a_dead_sender(self):
        """A job that died after sending left "being sent": it is looked up first."""
        target, move = self._target(), self._moves()
        row = self.env["jxc.finance.outbox"].browse(target.enqueue_moves(move.ids))
        self.server.books[row.key] = [100]
        row.sudo().write({"state": "sending", "tries": 1})
        self._run(target)
        self.assertEqual(row.state, "done")
        self.assertFalse(self.server.log)

    def test_pauses_grow_and_hold(self):
        """Half a minute, and after each failure in a row twice as long as before.

        To the second: nothing is sent before the pause is over, and it is at once then.
        """
        target, now = self._target(), datetime(2026, 1, 5, 4)
        self.server.plan = ["busy"] * 4
        with freeze_time(now):
            row = self._send(target, self._moves())
        for tries, seconds in enumerate((30, 60, 120, 240), start=1):
            self.assertEqual(len(self.server.log), tries)
            self.assertEqual((target.next_try - now).total_seconds(), seconds)
            with freeze_time(target.next_try - timedelta(seconds=1)):
                target._run_outbox()
            self.assertEqual(len(self.server.log), tries, "the pause is kept")
            now = target.next_try
            with freeze_time(now):
                target._run_outbox()
            self.env.invalidate_all()
        self.assertEqual((row.state, target.next_try), ("done", False))

    def test_one_refused_voucher_keeps_no_other(self):
        target = self._target()
        self.server.plan = ["refuse"]
        rows = self._send(target, self._moves(2)).sorted("id")
        self.assertEqual(rows.mapped("state"), ["refused", "done"])
        self.assertIn("科目不存在", rows[0].error)
        accountant = self._user("accountant", "account.group_account_user")
        rows[0].with_user(accountant).action_retry()
        self._run(target)
        self.assertEqual(rows[0].state, "done")
        with self.assertRaisesRegex(UserError, "not refused"):
            rows[0].with_user(accountant).action_retry()

    def test_twice_over_there_is_told(self):
        target = self._target()
        self.server.plan = ["double"]
        moves = self._moves(3)
        rows = self._send(target, moves[:2]).sorted("id")
        found = {row["key"]: row["kind"] for row in self._differences(target)}
        self.assertEqual(found[rows[0].key], "twice")
        self.assertNotIn(rows[1].key, found)
        self.assertEqual(found[moves[2]._jxc_voucher_key()], "not_sent")
        self.server.books[rows[0].key] = [1]
        del self.server.books[rows[1].key]
        found = {row["key"]: row["kind"] for row in self._differences(target)}
        self.assertEqual(found[rows[0].key], "amount")
        self.assertEqual(found[rows[1].key], "missing")

    def _differences(self, target):
        return target.get_differences("2023-01-01", "2023-01-31")

    def test_enqueued_once_and_after_the_commit(self):
        target, moves = self._target(), self._moves(2)
        jobs = self.env["queue.job"].sudo().search_count([])
        self.assertEqual(len(target.enqueue_moves(moves.ids)), 2)
        self.assertFalse(target.enqueue_moves(moves.ids))
        with self.assertRaisesRegex(UserError, "one finance system"):
            target.browse().enqueue_moves(moves.ids)
        with self.assertRaisesRegex(UserError, "one finance system"):
            target.browse().get_differences("2023-01-01", "2023-01-31")
        self.assertEqual(self.env["queue.job"].sudo().search_count([]), jobs + 1)
        self.assertFalse(self.server.bodies)

    def test_what_is_asked_makes_sense(self):
        target, [move] = self._target(), self._moves()
        for ids in ("x", [{"a": 1}], [True], [-1], [10**30], None):
            with self.subTest(ids=ids), self.assertRaises(UserError):
                target.enqueue_moves(ids)
        for dates in (("x", "y"), ("2023-12-01", "2023-01-01"), (5, 6), (None, None)):
            with self.subTest(dates=dates), self.assertRaises(UserError):
                target.get_differences(*dates)
        self.assertFalse(move.jxc_outbox_ids)

    def test_what_was_sent_is_no_draft_again(self):
        """Not by writing the state either, which goes round the button."""
        target, [move] = self._target(), self._moves()
        target.enqueue_moves(move.ids)
        self._run(target)
        self.assertEqual(move.jxc_outbox_ids.state, "done")
        boss = self._user("draft_boss", "account.group_account_manager")
        with self.assertRaises(UserError):
            move.with_user(boss).button_draft()
        with self.assertRaises(AccessError):
            move.with_user(boss).write({"state": "draft"})

    def test_differences_are_told_in_chinese(self):
        target, [move] = self._target(), self._moves()
        self.env["res.lang"]._activate_lang("zh_CN")
        chinese = target.with_context(lang="zh_CN")
        [row] = chinese.get_differences("2023-01-01", "2023-01-31")
        self.assertEqual((row["move_id"], row["kind"]), (move.id, "not_sent"))
        self.assertEqual(row["message"], "尚未发送。")
        target.enqueue_moves(move.ids)
        self._run(target)
        self.server.finds_fail = 1
        [row] = chinese.get_differences("2023-01-01", "2023-01-31")
        self.assertEqual(row["kind"], "unknown")
        self.assertRegex(row["message"], "[一-龥]")
        self.assertFalse(chinese.get_differences("2023-01-01", "2023-01-31"))

    def test_posting_puts_into_the_outbox(self):
        target = self._target(send_mode="posted", date_from="2023-01-31")
        move = self._moves()
        self.assertEqual(target.outbox_ids.move_id, move)
        self._entry("2023-01-30", ("100200", 1, 0), ("500100", 0, 1))
        self.assertEqual(target.outbox_ids.move_id, move)
        move.button_draft()
        self.assertEqual(target.outbox_ids.state, "cancelled")
        move.action_post()
        self._run(target)
        self.assertEqual(target.outbox_ids.state, "done")
        with self.assertRaisesRegex(UserError, "Reverse"):
            move.button_draft()

    def test_missing_codes_keep_a_voucher(self):
        target = self._target(account_rule="mapped")
        row = self._send(target, self._moves())
        self.assertEqual(row.state, "refused")
        self.assertIn("500100", row.error)
        self.assertFalse(self.server.bodies)

    def test_wrong_password_and_wrong_wsdl(self):
        """Nothing was sent, so nothing has to be looked up; the target says why."""
        for adapter, change, text in (
            ("kingdee_cloud_api", {"secret": "wrong"}, "密码错误"),
            ("kingdee_eas", {"secret": "wrong"}, "wrong password"),
        ):
            target = self._target(adapter, **change)
            row = self._send(target, self._moves())
            self.assertEqual(row.state, "ready")
            self.assertIn(text, target.last_error)
        for wsdl in (
            "<html>no wsdl</html>",
            "<broken",
            '<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>',
            self.server.wsdl.replace("importVoucher", "importNothing"),
            self.server.wsdl.replace("WSWSVoucher", "Other"),
        ):
            self.server.wsdl = wsdl
            target = self._target("kingdee_eas")
            row = self._send(target, self._moves())
            self.assertEqual(row.state, "ready", wsdl[:50])
            self.assertIn("WSDL", target.last_error)
        self.assertFalse(self.server.books)

    def test_every_version_of_eas(self):
        """What importVoucher wants besides the entries is given by name and type."""
        part = '<wsdl:part name="{}" type="xsd:{}" />'
        own = re.search(r'<wsdl:part name="isSubmit".*isCashflow"[^>]*>', WSDL, re.S)
        for names, kind, options, sent in (
            ("isSubmit isVerify isCashflow", "int", False, "0 1 0"),
            ("isSubmit isVerify isCashflow", "int", "submit = 1", "1 1 0"),
            ("isVerify isImpCashflow", "int", "verify = 0", "0 0"),
            (
                "isTempSave isVerify hasCashflow",
                "boolean",
                False,
                "false true false",
            ),
        ):
            parts = "".join(part.format(name, kind) for name in names.split())
            self.server.wsdl = WSDL.replace(own.group(), parts)
            target = self._target("kingdee_eas", options=options)
            row = self._send(target, self._moves())
            self.assertEqual(row.state, "done", target.last_error)
            operation = etree.fromstring(self.server.bodies[-1][2]).find(".//{*}Body/*")
            flags = {etree.QName(one).localname: one.text for one in operation}
            self.assertEqual([flags[name] for name in names.split()], sent.split())

    def test_hostile_wsdls(self):
        """What a WSDL imports is neither read from here nor from elsewhere."""
        bomb = "".join(
            f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' if n else '<!ENTITY a0 "ha">'
            for n in range(10)
        )
        for part in (
            '<xsd:import namespace="urn:x" schemaLocation="{}"/>',
            '<xsd:include schemaLocation="{}"/>',
        ):
            for place in ("file:///etc/passwd", "http://10.0.0.5/x.xsd"):
                self._assert_wsdl_refused(part.format(place), place)
        # a server that sends its WSDL for every address: an import without end
        self.server.gets = 0
        endless = '<xsd:import namespace="urn:x" schemaLocation="{url}/{gets}.xsd"/>'
        self._assert_wsdl_refused(endless, "")
        self.assertLess(self.server.gets, 50)
        attributes = " ".join(f'a{n}=""' for n in range(100_000))
        for wsdl in (f"<!DOCTYPE a [{bomb}]><a>&a9;</a>", f"<a {attributes}/>"):
            self.server.wsdl = wsdl
            row = self._send(self._target("kingdee_eas"), self._moves())
            self.assertEqual(row.state, "ready")
        self.assertFalse(self.server.books)

    def _assert_wsdl_refused(self, part, text):
        schema = (
            f'<xsd:schema xmlns:xsd="http://www.w3.org/2001/XMLSchema">{part}'
            "</xsd:schema>"
        )
        self.server.wsdl = WSDL.replace("</wsdl:types>", f"{schema}</wsdl:types>")
        self.assertNotEqual(self.server.wsdl, WSDL)
        target = self._target("kingdee_eas")
        row = self._send(target, self._moves())
        self.assertEqual(row.state, "ready", part)
        self.assertIn(text, target.last_error)

    def test_answers_are_kept(self):
        """What the other system said stays, whatever it decided."""
        for adapter in SERVICES:
            with self.subTest(adapter=adapter):
                self.server.reset()
                target = self._target(adapter)
                self.server.plan = ["refuse", "ok"]
                refused, done = self._send(target, self._moves(2)).sorted("id")
                self.assertEqual(refused.state, "refused")
                self.assertIn("科目不存在", refused.answer)
                self.assertFalse(refused.number)
                self.assertEqual((refused.tries, done.tries), (1, 1))
                self.assertTrue(done.answer)
                self.assertIn("7", done.number)
                # No answer in time, then one of an error, then found by its key.
                self.server.plan = ["slow_after"]
                row = self._send(target, self._moves())
                self.assertEqual((row.state, row.answer), ("unknown", False))
                self.server.finds_fail = 1
                self._run(target)
                self.assertEqual(row.state, "unknown")
                self.assertIn("boom", row.answer)
                self.assertEqual(row.tries, 2)
                self._run(target)
                self.assertEqual((row.state, row.tries), ("done", 3))
                self.assertIn("7", row.answer)
                self.assertFalse(row.error)

    def test_answers_without_secrets(self):
        """However a server writes what it was sent, nobody reads secrets here."""
        secret = 'p&ss<w"ord'
        for adapter in SERVICES:
            for echo in (
                secret,
                json.dumps(secret),
                escape(secret),
                quote(secret),
                quote_plus(secret),
                "x" * (ANSWER - 5) + secret,
            ):
                with self.subTest(adapter=adapter, echo=echo[-40:]):
                    self.server.reset()
                    self.server.plan, self.server.echo = ["nul"], echo
                    self.server.password = secret
                    target = self._target(adapter, secret=secret)
                    row = self._send(target, self._moves())
                    text = f"{row.answer} {row.error} {target.last_error}"
                    self.assertIn("bad", row.answer or "")
                    if adapter == "kingdee_eas":
                        self.assertNotIn(SESSION, row.answer)
                    for part in ("p&ss", "p&amp;ss", "p%26ss"):
                        self.assertNotIn(part, text)

    def test_secrets_are_in_no_log(self):
        """On good and bad days, at the finest level, whatever the server sends back."""
        with self.assertLogs(level="DEBUG") as caught:
            for adapter in SERVICES:
                for how in ("ok", "error_after", "echo"):
                    self.server.reset()
                    self.server.plan = [how]
                    target = self._target(adapter)
                    row = self._send(target, self._moves())
                    texts = [row.error, row.answer, target.last_error]
                    self.assertNotIn(PASSWORD, " ".join(filter(None, texts)))
                    if how == "echo":
                        self.assertIn("***", row.error)
        self.assertGreater(len(caught.output), 30)
        self.assertNotIn(PASSWORD, "\n".join(caught.output))

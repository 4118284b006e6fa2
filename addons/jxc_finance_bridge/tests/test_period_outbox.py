# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo.tests import tagged

from .outbox_common import OutboxCommon

CAPITAL = (("100200", 1000, 0), ("300100", 0, 1000))


@tagged("post_install", "-at_install")
class TestPeriodOutbox(OutboxCommon):
    """What another finance system has by its number keeps it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.manager = cls._user("sent_manager", "account.group_account_manager")

    def _posted(self, *days):
        moves = self.env["account.move"]
        for day in days:
            moves += self._entry(f"2024-01-{day:02}", *CAPITAL)
            self.env.flush_all()  # as if each was posted by a request of its own
        return moves

    def _send(self, moves):
        target = self._target()
        target.enqueue_moves(moves.ids)
        self._run(target)
        rows = target.outbox_ids
        self.assertEqual(set(rows.mapped("state")), {"done"})
        return rows

    def _period(self):
        periods = self.env["jxc.finance.period"].with_user(self.manager)
        return periods._get_or_create(self.company, "2024-01-31")

    def _numbers_check(self, period):
        period.action_check()
        return period.check_ids.filtered(lambda check: check.code == "numbers").state

    def test_sent_vouchers_keep_their_numbers(self):
        """The others are sorted around them, and the log names who stayed."""
        late, sent, gone, early = self._posted(20, 10, 8, 2)
        rows = self._send(sent)
        gone.button_cancel()
        period = self._period()
        self.assertEqual(self._numbers_check(period), "error")
        period.action_renumber()
        numbers = [move.jxc_voucher_no for move in (early, sent, late)]
        self.assertEqual(numbers, [1, 2, 3])
        self.assertEqual(rows.content["number"], sent.jxc_voucher_no)
        self.assertEqual(self._numbers_check(period), "ok")
        self.assertFalse(self._stayed(period), "it stands where it would anyway")

    def _stayed(self, period):
        bodies = period.message_ids.mapped("body")
        return [body for body in bodies if "keep their numbers" in body]

    def test_named_when_out_of_order(self):
        late, sent, _other = self._posted(20, 25, 2)
        self._send(sent)
        period = self._period()
        period.action_renumber()
        self.assertEqual((sent.jxc_voucher_no, late.jxc_voucher_no), (2, 3))
        self.assertIn(sent.jxc_voucher_name, self._stayed(period)[0])

    def test_gap_that_cannot_be_filled(self):
        """A gap before sent vouchers is told, and does not keep the month open."""
        gone, sent = self._posted(2, 3)
        self._send(sent)
        gone.button_cancel()
        period = self._period()
        self.assertEqual(self._numbers_check(period), "warning")
        period.action_renumber()
        self.assertEqual(sent.jxc_voucher_no, 2)
        period.action_close()
        self.assertEqual(period.state, "closed")

    def test_what_waits_is_sent_by_its_new_number(self):
        late, early = self._posted(20, 2)
        target = self._target()
        target.enqueue_moves((late + early).ids)
        self._period().action_renumber()
        self._run(target)
        sent = {row.move_id: row.content["number"] for row in target.outbox_ids}
        self.assertEqual(sent, {early: 1, late: 2})

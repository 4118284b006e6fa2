# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo.tests import tagged

from .outbox_common import SERVICES, OutboxCommon

#: a voucher is kept, but its sender is not told: no answer in time, an error, no line
UNTOLD = ("slow_after", "error_after", "drop_after")
LOST = ("slow_before", "error_before", "drop_before")
PERIOD = ("2023-01-01", "2023-01-31")


@tagged("post_install", "-at_install")
class TestFinanceDouble(OutboxCommon):
    """What is on the way delivers vouchers twice, on bad days as well."""

    def _send(self, target, moves):
        ids = target.enqueue_moves(moves.ids)
        self._run(target)
        return self.env["jxc.finance.outbox"].browse(ids).sorted("id")

    def _found(self, target):
        """{key: kind} of what differs, without amounts that are not told."""
        found = target.get_differences(*PERIOD)
        return {row["key"]: row["kind"] for row in found if row["kind"] != "untold"}

    def _each(self):
        """A target of each service, before a clean server."""
        for adapter in SERVICES:
            with self.subTest(adapter=adapter), self.env.cr.savepoint() as savepoint:
                self.server.reset()
                yield self._target(adapter)
                savepoint.rollback()
            self.env.invalidate_all()

    def test_a_system_that_keeps_both(self):
        """The one that is there twice is told, and no other; none is sent again."""
        for target in self._each():
            self.server.plan = ["ok", "double", "ok"]
            rows = self._send(target, self._moves(3))
            self.assertEqual(rows.mapped("state"), ["done"] * 3)
            counts = [len(self.server.books[row.key]) for row in rows]
            self.assertEqual(counts, [1, 2, 1])
            self.assertEqual(self._found(target), {rows[1].key: "twice"})
            sent = len(self.server.log)
            self.assertFalse(target.enqueue_moves(rows.move_id.ids))
            self._run(target, 2)
            self.assertEqual(len(self.server.log), sent)

    def test_a_system_that_keeps_one(self):
        """It refuses the second one, and that is the answer that comes: not lost."""
        accountant = self._user("double_accountant", "account.group_account_user")
        for target in self._each():
            self.server.unique = True
            self.server.plan = ["double", "ok"]
            rows = self._send(target, self._moves(2))
            self.assertEqual(rows.mapped("state"), ["refused", "done"])
            self.assertIn("exists", rows[0].error)
            self.assertEqual(self._found(target), {rows[0].key: "surplus"})
            rows[0].with_user(accountant).action_retry()
            self._run(target)
            self.assertEqual(rows[0].state, "done")
            self.assertEqual(self._found(target), {})
            self.assertEqual([len(self.server.books[row.key]) for row in rows], [1, 1])
            self.assertEqual(len(self.server.log), 2, "looked up, not sent again")

    def test_twice_after_a_bad_day(self):
        """The first one did not arrive; the next one arrives twice."""
        for target in self._each():
            for how in LOST:
                self.server.plan = [how, "double"]
                row = self._send(target, self._moves())
                self.assertIn(row.state, ("ready", "unknown"))
                self._run(target)
                self.assertEqual(row.state, "done")
                self.assertEqual(len(self.server.books[row.key]), 2)
                self.assertEqual(self._found(target)[row.key], "twice")

    def test_bad_days_of_a_system_that_keeps_one(self):
        """Nothing is lost and nothing sent twice, whatever the answers were."""
        for target in self._each():
            self.server.unique = True
            for how in (*UNTOLD, *LOST):
                self.server.plan = [how]
                rows = self._send(target, self._moves(2))
                self._run(target)
                self.assertEqual(set(rows.mapped("state")), {"done"}, how)
                for row in rows:
                    self.assertEqual(len(self.server.books[row.key]), 1)
            self.assertEqual(self._found(target), {})
            arrived = [key for how, key in self.server.log if how not in LOST]
            self.assertEqual(len(arrived), len(set(arrived)))

    def test_a_voucher_that_came_by_itself(self):
        """Delivered once more when all was done: it is told."""
        for target in self._each():
            [row] = self._send(target, self._moves())
            self.assertEqual(self._found(target), {})
            self.server.books[row.key] *= 2
            self.assertEqual(self._found(target), {row.key: "twice"})

    # Amounts --------------------------------------------------------------------------

    def test_amounts_that_are_told(self):
        for target in self._each():
            if target.adapter == "kingdee_eas":
                continue
            rows = self._send(target, self._moves(2))
            self.assertEqual(target.get_differences(*PERIOD), [])
            self.server.books[rows[0].key] = [1]
            self.assertEqual(self._found(target), {rows[0].key: "amount"})

    def test_amounts_that_are_not_told(self):
        """Not the same, and no difference either: it is not known, and says so."""
        target = self._target("kingdee_eas")
        rows = self._send(target, self._moves(2))
        found = target.get_differences(*PERIOD)
        self.assertEqual(
            {row["key"]: row["kind"] for row in found},
            dict.fromkeys(rows.mapped("key"), "untold"),
        )
        self.assertIn("not told", found[0]["message"])
        del self.server.books[rows[0].key]
        kinds = {row["key"]: row["kind"] for row in target.get_differences(*PERIOD)}
        self.assertEqual(kinds, {rows[0].key: "missing", rows[1].key: "untold"})

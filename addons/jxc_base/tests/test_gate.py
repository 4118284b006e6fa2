# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from contextlib import closing
from decimal import Decimal
from threading import Barrier, Thread

import psycopg2

from odoo.tests import tagged
from odoo.tools import SQL, mute_logger

from ..tools import gate
from .gate_common import LIMIT, MODEL, OTHER, RESOURCE, GateCase


@tagged("post_install", "-at_install")
class TestGate(GateCase):
    """The gate between real connections: what is taken, seen and forgotten when."""

    # ------------------------------------------------------------
    # Between transactions
    # ------------------------------------------------------------

    def test_running_transaction_counts(self):
        """Two overlapping orders of 80 do not both pass a limit of 100."""
        with self.request() as one, self.request() as two:
            self.assertFalse(self.take(one, 80))
            (short,) = self.take(two, 80)
            self.assertEqual(
                (short.capacity, short.used, short.running, short.asked, short.missing),
                (100, 80, 80, 80, 60),
            )
            self.assertFalse(self.take(two, 20), "what is left can still be taken")

    def test_committed_document_counts_once(self):
        with self.request() as one, self.request() as two:
            self.take(one, 80)
            one.commit()
            (short,) = self.take(two, 21)
            self.assertEqual((short.used, short.running), (80, 0))
            self.assertFalse(self.take(two, 20))

    def test_rolled_back_claim_is_void(self):
        with self.request() as one, self.request() as two:
            self.take(one, 80)
            one.rollback()
            self.assertFalse(self.take(two, 100))

    def test_killed_backend_is_void(self):
        with self.request() as killed, self.request() as two:
            self.take(killed, 80)
            killed.execute("SELECT pg_backend_pid()")
            (pid,) = killed.fetchone()
            two.execute("SELECT pg_terminate_backend(%s, 10000)", [pid])
            self.assertEqual(two.fetchone(), (True,))
            self.assertFalse(self.take(two, 100))
            with mute_logger("odoo.sql_db"), self.assertRaises(psycopg2.Error):
                killed.execute("SELECT 1")
            killed._cnx.close()

    def test_claim_blocks_nobody(self):
        """A transaction that stays open with a claim delays no other answer."""
        with self.request() as holder:
            self.take(holder, 30)
            for _ in range(5):
                with self.request() as other:
                    other.execute("SET LOCAL lock_timeout = '1s'")
                    self.assertFalse(self.take(other, 10))
                    other.commit()

    def test_who_waited_sees_what_was_taken_meanwhile(self):
        """Of those that wait for the lock at the same time, each judges anew."""
        found = []

        def order():
            with self.request() as cr:
                found.append(bool(self.take(cr, 60, write=False)))
                barrier.wait(30)  # both claims are of running transactions

        barrier = Barrier(3)
        with self.db.cursor() as holder:
            holder.execute(gate.lock_query(MODEL, [RESOURCE]))
            threads = [Thread(target=order) for _ in range(2)]
            for thread in threads:
                thread.start()
            waiting = 0
            while waiting < 2:
                with closing(self.db.cursor()) as cr:
                    cr.execute(
                        "SELECT count(*) FROM pg_locks"
                        " WHERE locktype = 'advisory' AND NOT granted"
                        " AND database = (SELECT oid FROM pg_database"
                        " WHERE datname = current_database())"
                    )
                    [waiting] = cr.fetchone()
        barrier.wait(30)
        for thread in threads:
            thread.join(30)
        self.assertEqual(sorted(found), [False, True])

    def test_release_counts_for_others_on_commit_only(self):
        with self.request() as one:
            self.take(one, 100)
            one.commit()
        with self.request() as giver, self.request() as two:
            self.take(giver, -60)
            self.assertTrue(self.take(two, 1), "the release may still be rolled back")
            giver.commit()
            self.assertFalse(self.take(two, 60))

    def test_release_counts_at_once_for_its_own_transaction(self):
        with self.request() as one:
            self.take(one, 100)
            one.commit()
            self.take(one, -60)
            (short,) = self.take(one, 61)
            self.assertEqual(short.missing, 1)
            self.assertFalse(self.take(one, 60))

    def test_several_resources_all_or_none(self):
        with self.request() as one, self.request() as two:
            self.take(one, 90)
            shortages = self.take(two, {RESOURCE: 20, OTHER: 50})
            self.assertEqual([short.resource_id for short in shortages], [RESOURCE])
            self.assertFalse(self.take(two, 100, resource=OTHER), "nothing was kept")

    def test_not_enforced_is_recorded(self):
        with self.request() as one, self.request() as two:
            self.assertFalse(self.take(one, 150, enforce=set()))
            (short,) = self.take(two, 1)
            self.assertEqual((short.used, short.running), (150, 150))

    # ------------------------------------------------------------
    # Within a transaction
    # ------------------------------------------------------------

    def test_own_takes_add_up(self):
        with self.request() as one:
            self.assertFalse(self.take(one, 60))
            (short,) = self.take(one, 60)
            self.assertEqual((short.used, short.running, short.missing), (60, 0, 20))
            self.assertFalse(self.take(one, 40))

    def test_savepoint_undoes_own_take(self):
        with self.request() as one:
            self.take(one, 30)
            one.execute("SAVEPOINT attempt")
            self.assertFalse(self.take(one, 70))
            one.execute("ROLLBACK TO SAVEPOINT attempt")
            self.assertFalse(self.take(one, 70))
            self.assertTrue(self.take(one, 1))

    def test_released_savepoint_keeps_own_take(self):
        with self.request() as one:
            one.execute("SAVEPOINT attempt")
            self.take(one, 70)
            one.execute("RELEASE SAVEPOINT attempt")
            self.assertTrue(self.take(one, 31))

    def test_next_transaction_starts_afresh(self):
        with self.request() as one:
            self.take(one, 60, write=False)
            one.commit()
            self.assertFalse(self.take(one, 100))

    def test_exact_decimals(self):
        """Ten times a tenth fills one exactly: no float dust passes or refuses."""
        with self.request() as one:
            self.take(one, 99)
            for _ in range(10):
                self.assertFalse(self.take(one, 0.1))
            self.assertTrue(self.take(one, 0.000001))

    def test_failed_question_takes_nothing(self):
        demands = gate.demands_of({RESOURCE: 60})
        broken = SQL("SELECT id, 0 AS used, 1 / (id - id) AS capacity FROM res_users")
        with self.request() as one:
            with mute_logger("odoo.sql_db"), self.assertRaises(psycopg2.Error):
                gate.take(one, self.db.cursor, MODEL, broken, demands)
            self.assertFalse(self.take(one, 100))

    def test_many_takes_stay_short(self):
        """What one transaction takes again and again is summed up, to the same sum."""
        times = 3 * gate.COMPACT_AT
        with self.request() as one:
            for _ in range(times):
                self.take(one, 0.25)
            one.execute("SELECT current_setting(%s)", [gate.OWN_TAKES])
            [stored] = one.fetchone()
            self.assertLess(stored.count(";"), gate.COMPACT_AT + 3)
            [short] = self.take(one, LIMIT)
            self.assertEqual((short.used, short.running), (times * 0.25, 0))

    def test_no_limit(self):
        demands = gate.demands_of({RESOURCE: 1e9})
        query = SQL("SELECT %s::int AS id, 0 AS used, NULL AS capacity", RESOURCE)
        with self.request() as one:
            judged = gate.take(one, self.db.cursor, MODEL, query, demands)
        self.assertEqual(gate.shortages_of(judged), [])

    def test_zero_asks_nothing(self):
        self.assertEqual(gate.demands_of({RESOURCE: 0.0, OTHER: 1e-9}), [])

    # ------------------------------------------------------------
    # Housekeeping
    # ------------------------------------------------------------

    def _claims(self):
        with closing(self.db.cursor()) as cr:
            cr.execute(
                "SELECT count(*) FROM jxc_gate_claim WHERE res_model = %s", [MODEL]
            )
            return cr.fetchone()[0]

    def _sweep(self):
        with self.db.cursor() as cr:
            gate.sweep(cr, MODEL, [RESOURCE, OTHER])

    def test_sweep_keeps_running_claims(self):
        with self.request() as done, self.request() as running:
            self.take(done, 10)
            self.take(running, 10)
            done.commit()
            self._sweep()
            with self.request() as two:
                (short,) = self.take(two, 81)
                self.assertEqual((short.used, short.running), (20, 10))
        self._sweep()
        self.assertEqual(self._claims(), 0)

    def test_long_transactions_keep_no_claims(self):
        with self.request() as long:
            long.execute("SELECT pg_current_xact_id()")
            with self.request() as done:
                self.take(done, 10)
                done.commit()
            self._sweep()
            self.assertEqual(self._claims(), 0)

    def test_hot_resource_sweeps_itself(self):
        for _ in range(gate.SWEEP_AT + 5):
            with self.request() as one:
                self.take(one, 0.01)
                one.commit()
        self.assertLess(self._claims(), gate.SWEEP_AT)

    def test_claim_of_earlier_server_start_is_void(self):
        """After a restart, or in a restored dump, transaction ids mean nothing."""
        with self.request() as one:
            self.take(one, 80)
            with self.db.cursor() as cr:
                cr.execute(
                    "UPDATE jxc_gate_claim SET xid = '9000000000000000000',"
                    " server_start = server_start - interval '1 day'"
                    " WHERE res_model = %s",
                    [MODEL],
                )
            with self.request() as two:
                self.assertFalse(self.take(two, 100))
        self._sweep()
        self.assertEqual(self._claims(), 0)

    def test_claims_are_not_for_users(self):
        """Nobody, not even an administrator, writes claims through the ORM."""
        claims = self.env["jxc.gate.claim"].with_user(self.env.ref("base.user_admin"))
        self.assertTrue(claims.has_access("read"))
        for operation in ("create", "write", "unlink"):
            self.assertFalse(claims.has_access(operation))

    def test_alone_sees_own_rows(self):
        """On one connection documents already written count, claims do not exist."""
        query = SQL("SELECT %s AS id, 40 AS used, 100 AS capacity", RESOURCE)
        judge = lambda amount: gate.shortages_of(  # noqa: E731
            gate.judge_alone(self.env.cr, query, gate.demands_of({RESOURCE: amount}))
        )
        self.assertEqual(judge(60), [])
        self.assertEqual(judge(60.01)[0].missing, 0.01)

    def test_amounts(self):
        self.assertEqual(gate.to_amount(0.1 + 0.2), Decimal("0.3"))
        self.assertEqual(gate.to_amount(1), 1)

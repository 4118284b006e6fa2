# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from threading import Barrier, Thread

import psycopg2

from odoo import sql_db
from odoo.tests import tagged
from odoo.tools import SQL, mute_logger

from ..tools import gate, gate_session
from .gate_common import MODEL, RESOURCE, GateCase


@tagged("post_install", "-at_install")
class TestGateSession(GateCase):
    """The connections that the gate keeps for the next one to ask."""

    def _idle_pids(self):
        """Server processes of the kept sessions of this database."""
        return [
            session.cr.connection.get_backend_pid()
            for session in gate_session._idle
            if session.dbname == self.db.dbname
        ]

    def test_one_connection_serves_one_after_the_other(self):
        """The second one to ask opens no connection and has nothing planned anew."""
        gate_session.close_all()
        with self.request() as one, self.request() as two:
            self.take(one, 1)
            pids = self._idle_pids()
            self.take(two, 1)
            self.assertEqual(self._idle_pids(), pids)
        (session,) = gate_session._idle
        session.cr.execute("SELECT generic_plans FROM pg_prepared_statements")
        self.assertEqual(session.cr.fetchall(), [(2,)])
        session.cr.rollback()

    def test_lost_connection_is_replaced(self):
        """Was the kept connection cut meanwhile, a new one answers as well."""
        with self.request() as one, self.request() as two:
            self.take(one, 80)
            for pid in self._idle_pids():
                two.execute("SELECT pg_terminate_backend(%s, 10000)", [pid])
            with mute_logger("odoo.sql_db"):
                (short,) = self.take(two, 80)
            self.assertEqual((short.used, short.running), (80, 80))

    def test_closed_database_keeps_no_session(self):
        """Whoever drops or copies a database closes the sessions with the others."""
        gate_session.close_all()
        _name, info = sql_db.connection_info_for(self.db.dbname)
        pool = sql_db.ConnectionPool(2)
        database = sql_db.Connection(pool, self.db.dbname, info)
        gate_session.in_gate_transaction(
            database.dbname,
            database.cursor,
            lambda session: session.cr.execute("SELECT 1"),
        )
        (session,) = gate_session._idle
        self.assertFalse(session.is_broken)
        pool.close_all()
        self.assertTrue(session.is_broken)
        with self.request() as one:
            self.assertFalse(self.take(one, 1))

    def test_failed_question_leaves_no_session(self):
        """A session in an unknown state is not used again, and its error is raised."""
        gate_session.close_all()
        demands = gate.demands_of({RESOURCE: 1})
        broken = SQL("SELECT id, 0 AS used, 1 / (id - id) AS capacity FROM res_users")
        with (
            self.request() as one,
            mute_logger("odoo.sql_db"),
            self.assertRaises(psycopg2.errors.DivisionByZero),
        ):
            gate.take(one, self.db.cursor, MODEL, broken, demands)
        self.assertEqual(self._idle_pids(), [])

    def test_error_of_a_kept_session_is_not_asked_again(self):
        """Only a lost connection is: who waited for the lock does not wait twice."""
        asked = []

        def work(session):
            asked.append(session)
            session.cr.execute("SELECT 1 / 0")

        with self.request() as one:
            self.take(one, 1)
        with mute_logger("odoo.sql_db"), self.assertRaises(psycopg2.Error):
            gate_session.in_gate_transaction(self.db.dbname, self.db.cursor, work)
        self.assertEqual(len(asked), 1)

    def test_threads_share_no_session(self):
        """As many at once as ask at once; few stay."""
        gate_session.close_all()
        used, barrier = [], Barrier(gate_session.KEPT + 2)

        def ask():
            def work(session):
                used.append(session.cr.connection.get_backend_pid())
                barrier.wait(30)

            gate_session.in_gate_transaction(self.db.dbname, self.db.cursor, work)

        threads = [Thread(target=ask) for _ in range(barrier.parties)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(30)
        self.assertEqual(len(set(used)), barrier.parties)
        self.assertEqual(len(self._idle_pids()), gate_session.KEPT)

    def test_session_settings(self):
        """Read committed sees what was committed after the session was opened."""
        names = ("transaction_isolation", "lock_timeout", "synchronous_commit")

        def work(session):
            found = []
            for name in names:
                session.cr.execute(SQL("SELECT current_setting(%s)", name))
                found += session.cr.fetchone()
            return found

        for _first_and_kept in range(2):
            self.assertEqual(
                gate_session.in_gate_transaction(self.db.dbname, self.db.cursor, work),
                ["read committed", "10s", "off"],
            )

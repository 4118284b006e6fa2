# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
"""The connections that gate transactions run on.

A gate transaction is one statement of half a millisecond. Around it, a cursor fresh
from Odoo's pool costs several times that: resetting the connection forgets every
setting and every plan, so the settings are sent and the statement is planned (1.4 ms
for a budget line) each time anew. A process therefore keeps a few cursors of its own,
set up once, which prepare the statements they see again and again.

The connections are in autocommit mode: one message to the server is one transaction,
which neither BEGIN nor COMMIT travels for. Within it, each statement sees what was
committed before it began (READ COMMITTED), and locks last until its end.

They come from Odoo's pool and stay in it as cursors in use: whoever closes the
connections to a database - to drop or to copy it, to stop the server - closes them too.
"""

import atexit
import os
import re
from hashlib import sha256
from threading import Lock

import psycopg2
from psycopg2.extensions import ISOLATION_LEVEL_AUTOCOMMIT

from odoo.tools import SQL

#: Longest wait for the advisory lock. Its holders need milliseconds; a longer wait
#: means trouble (a frozen server process) and is reported instead of waited for.
LOCK_TIMEOUT_MS = 10_000

#: Sessions a process keeps for the next one to ask. One is enough for a process that
#: serves one request at a time; threads, and further databases, use some more.
KEPT = 4

#: Statements a session prepares; what a model asks its gate is a handful at most.
PREPARED = 64

#: What a connection needs once. Its commits need no disk write of their own: a claim
#: lost in a crash belongs to a request lost in the same crash. Its statements find a
#: few rows by their ids, whichever ids: one plan does for all.
_SETTINGS = f"""
    SET default_transaction_isolation = 'read committed';
    SET lock_timeout = {LOCK_TIMEOUT_MS};
    SET synchronous_commit = off;
    SET plan_cache_mode = force_generic_plan;
"""

#: A placeholder with its cast, or the escaped percent sign, which is none. The cast
#: goes with the value too: NULLs in an array have no type of their own.
_PLACEHOLDER = re.compile(r"%%|%s(::\w+(?:\[\])?)?")


class GateSession:
    """A connection that is ready for gate transactions, one after the other."""

    def __init__(self, cr):
        """:param cr: a new cursor, which belongs to the session from now on"""
        self.cr = cr
        self.dbname = cr.dbname
        self._connection = cr.connection
        #: {code of a query: the code that calls it}
        self._prepared: dict[str, str] = {}
        # What opening the cursor has begun.
        cr.rollback()
        cr.connection.set_isolation_level(ISOLATION_LEVEL_AUTOCOMMIT)
        cr.execute(_SETTINGS)

    @property
    def is_broken(self) -> bool:
        """Whether the connection is gone: server restarted, database closed.

        A session that ended, whose connection is back in the pool, is not.
        """
        return bool(self._connection.closed)

    def transact(self, work):
        """Return ``work(self)``; the session ends when that fails.

        What each message of it did is committed: everybody shall see the claim now,
        while the request itself is not committed yet.
        """
        try:
            return work(self)
        except BaseException:
            self.close()
            raise

    def execute(self, query: SQL, before: SQL) -> None:
        """Execute a statement with a plan that is kept, and what comes before it, as
        one transaction.

        What the code of ``query`` is made of has to be the same every time; values
        belong into parameters, each with a cast where the server cannot infer its type.

        :param before: statements to send ahead in the same message
        """
        call = self._prepared.get(query.code)
        if call is None and len(self._prepared) >= PREPARED:
            self.cr.execute(SQL("%s; %s", before, query))
            return
        prepare = SQL()
        if call is None:
            prepare, call = _prepared(query.code)
        self.cr.execute(SQL("%s; %s; %s", before, prepare, SQL(call, *query.params)))
        self._prepared[query.code] = call

    def close(self) -> None:
        """Give the connection back to Odoo's pool, which forgets our settings."""
        self.cr.close()


def _prepared(code: str) -> tuple[SQL, str]:
    """Return how to prepare the code of an :class:`SQL`, and the code that calls it.

    >>> prepare, call = _prepared("SELECT %s::int, 7 %% 2")
    >>> name = call.split()[1]
    >>> prepare.code.replace(name, "x"), call.replace(name, "x")
    ('PREPARE x AS SELECT $1::int, 7 %% 2', 'EXECUTE x (%s::int)')
    """
    arguments = []

    def place(match):
        if match[0] == "%%":
            return match[0]
        arguments.append(match[0])
        return f"${len(arguments)}{match[1] or ''}"

    body = _PLACEHOLDER.sub(place, code)
    name = f"jxc_{sha256(code.encode()).hexdigest()[:24]}"
    return SQL(f"PREPARE {name} AS {body}"), f"EXECUTE {name} ({', '.join(arguments)})"


def in_gate_transaction(dbname: str, open_cursor, work):
    """Return ``work(session)``, done on a gate connection of the database.

    :param open_cursor: callable giving a new cursor on the database
    :raise psycopg2.errors.LockNotAvailable: after LOCK_TIMEOUT_MS
    """
    session = _take(dbname)
    if session:
        try:
            return _keep(session, session.transact(work))
        except psycopg2.Error:
            # Had the connection been closed meanwhile, nobody has judged yet. Was it
            # lost in the very commit, a claim may stand twice until the request ends:
            # too much is held back for that moment, never too little.
            if not session.is_broken:
                raise
    session = GateSession(open_cursor())
    return _keep(session, session.transact(work))


# ------------------------------------------------------------
# Sessions between two gate transactions
# ------------------------------------------------------------

_lock = Lock()
_idle: list[GateSession] = []
#: Of the process this one was forked from: not ours to use, to close or to collect.
_inherited: list[GateSession] = []


def _take(dbname):
    """Return a kept session of the database for this thread alone, or None."""
    with _lock:
        for position in reversed(range(len(_idle))):
            if _idle[position].dbname == dbname:
                return _idle.pop(position)
    return None


def _keep(session, result):
    """Keep the session in place of the one unused for longest; return the result."""
    with _lock:
        _idle.append(session)
        surplus = _idle[:-KEPT]
        del _idle[:-KEPT]
    for old in surplus:
        old.close()
    return result


def close_all() -> None:
    """Close the sessions this process keeps."""
    with _lock:
        sessions = _idle[:]
        _idle.clear()
    for session in sessions:
        session.close()


def _leave_to_parent():
    _inherited.extend(_idle)
    _idle.clear()


atexit.register(close_all)
os.register_at_fork(after_in_child=_leave_to_parent)

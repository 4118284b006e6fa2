# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
"""The escrow gate: taking from a limited resource so that the limit really holds.

Requests run at REPEATABLE READ on a snapshot that is older than the business code.
A request that reads a balance, compares and writes therefore lets two parallel
requests pass one limit, whatever it locks meanwhile. The gate asks on a *second*,
short READ COMMITTED transaction instead (after O'Neil's escrow transactional method):

1. it takes an advisory lock on the resource, for milliseconds;
2. one statement reads what committed documents use and what running transactions have
   claimed, and, when the demand fits, inserts a claim marked with the transaction id of
   the request;
3. it commits, so that everybody sees the claim at once.

Nobody has to release a claim: once the request has committed, its documents are visible
and the claim no longer counts; when it was rolled back or killed, the server itself
reports its transaction as aborted.

This module holds the SQL and knows nothing about business models; the model side is
``jxc.gate.mixin``.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import NamedTuple

from odoo.tools import SQL

from .gate_session import in_gate_transaction

#: A running transaction keeps what it took itself in this transaction-local setting:
#: unlike a Python attribute it is undone by ROLLBACK TO SAVEPOINT.
OWN_TAKES = "jxc.gate_takes"

#: What was taken of the same resources again and again is summed up then.
COMPACT_AT = 64

#: Finished claims of one resource are removed on the way once there are this many.
SWEEP_AT = 64

#: Decimals of claimed amounts, finer than any currency or quantity in use.
SCALE = 6


@dataclass(frozen=True)
class Shortage:
    """Why one resource could not give what was asked.

    All amounts are in the unit of the resource (for money: its currency).
    """

    resource_id: int
    #: the limit
    capacity: float
    #: taken by documents, by this transaction before, and by others still running
    used: float
    #: the part of ``used`` claimed by operations that are still running
    running: float
    asked: float
    #: how much is missing: ``used + asked - capacity``
    missing: float


class Judged(NamedTuple):
    """How one resource was judged; amounts as in :class:`Shortage`."""

    resource_id: int
    #: None for no limit
    capacity: Decimal | None
    used: Decimal
    running: Decimal
    asked: Decimal
    is_short: bool


@dataclass(frozen=True)
class Demand:
    """What is asked of one resource; ``enforced`` False records without a limit."""

    resource_id: int
    amount: Decimal
    enforced: bool


def to_amount(value) -> Decimal:
    """Return ``value`` (float, int, Decimal) as the exact decimal the gate uses.

    >>> to_amount(0.1 + 0.2)
    Decimal('0.300000')
    """
    return Decimal(repr(value) if isinstance(value, float) else value).quantize(
        Decimal(1).scaleb(-SCALE)
    )


class OwnTakes:
    """The net amounts the running transaction took so far, by resource.

    What is asked now is written down in the same query that reads them: one round trip
    less. Who is refused takes it back.
    """

    def __init__(self, cr, model: str, demands):
        """:param demands: what is asked now, taken unless :meth:`take_back` follows"""
        self._cr = cr
        asked = [f"{model} {one.resource_id} {one.amount};" for one in demands]
        cr.execute(
            SQL(
                """
                WITH before AS MATERIALIZED (
                    SELECT coalesce(current_setting(%(name)s, true), '') AS takes
                )
                SELECT pg_current_xact_id()::text, takes,
                       set_config(%(name)s, takes || %(asked)s, true)
                  FROM before
                """,
                name=OWN_TAKES,
                asked="".join(asked),
            )
        )
        self.xid, before, after = cr.fetchone()
        self._model = model
        self._net = self._sums(before)
        if after.count(";") > len(self._net) + len(demands) + COMPACT_AT:
            self._set(self._sums(after))

    @staticmethod
    def _sums(takes: str) -> dict[tuple[str, str], Decimal]:
        net: dict[tuple[str, str], Decimal] = {}
        for take in takes.split(";")[:-1]:
            model, resource_id, amount = take.split(" ")
            key = model, resource_id
            net[key] = net.get(key, Decimal(0)) + Decimal(amount)
        return net

    def get(self, resource_id: int) -> Decimal:
        """Return what was taken before this time."""
        return self._net.get((self._model, str(resource_id)), Decimal(0))

    def take_back(self) -> None:
        """Nothing was taken this time."""
        self._set(self._net)

    def _set(self, net) -> None:
        takes = "".join(
            f"{model} {resource_id} {amount};"
            for (model, resource_id), amount in net.items()
        )
        self._cr.execute(SQL("SELECT set_config(%s, %s, true)", OWN_TAKES, takes))


def lock_query(model: str, resource_ids) -> SQL:
    """Return the statement that locks the resources until the end of a transaction.

    Locks are taken in the order of their keys, so that two gate transactions never wait
    for each other.
    """
    return SQL(
        """
        SELECT pg_advisory_xact_lock(lock_key)
          FROM unnest(ARRAY(
                   SELECT DISTINCT hashtextextended(%s || ',' || resource, 0)
                     FROM unnest(%s::int[]) AS resource
                    ORDER BY 1
               )) AS lock_key
        """,
        model,
        list(resource_ids),
    )


#: A claim counts while the snapshot cannot see the documents of its transaction,
#: unless that transaction is known to have failed. A claim of an earlier start of the
#: server (restart, restored dump) never counts: no transaction survives that.
_COUNTS = SQL(
    """
    CASE WHEN claim.server_start <> pg_postmaster_start_time() THEN FALSE
         WHEN pg_visible_in_snapshot(claim.xid, pg_current_snapshot()) THEN FALSE
         ELSE pg_xact_status(claim.xid) IS DISTINCT FROM 'aborted'
     END
    """
)


def judge_and_claim(session, model: str, query: SQL, demands, own: OwnTakes):
    """Judge the demands and, when all enforced ones fit, claim them.

    One statement, in one message to the server with the one that locks the resources:
    each statement of a READ COMMITTED transaction sees what was committed before it
    began, so the judging one sees all that others took before the lock was given.

    :param session: a :class:`~.gate_session.GateSession`
    :param query: yields ``(id, used, capacity)`` from committed rows; NULL = no limit
    :param demands: list of :class:`Demand`, at most one per resource
    :return: ``(judged, finished)``: a list of :class:`Judged` for the resources that
        ``query`` found, and how many finished claims of them lie around
    """
    session.execute(
        SQL(
            """
            WITH resource AS (%(query)s),
            ask AS (
                SELECT *
                  FROM unnest(%(ids)s::int[], %(amounts)s::numeric[],
                              %(enforced)s::boolean[], %(own)s::numeric[])
                       AS ask (id, amount, enforced, own)
            ),
            claimed AS (
                SELECT claim.res_id AS id,
                       sum(claim.amount) FILTER (WHERE counts.yes) AS running,
                       count(*) FILTER (WHERE NOT counts.yes) AS finished
                  FROM jxc_gate_claim claim
                 CROSS JOIN LATERAL (SELECT %(counts)s AS yes) counts
                 WHERE claim.res_model = %(model)s::text
                   AND claim.res_id = ANY(%(ids)s::int[])
                   AND claim.xid <> %(xid)s::xid8
                 GROUP BY claim.res_id
            ),
            judged AS (
                SELECT ask.id,
                       resource.capacity::numeric AS capacity,
                       resource.used::numeric + ask.own
                           + coalesce(claimed.running, 0) AS used,
                       coalesce(claimed.running, 0) AS running,
                       ask.amount AS asked,
                       coalesce(claimed.finished, 0) AS finished,
                       ask.enforced AND ask.amount > 0
                           AND resource.capacity IS NOT NULL
                           AND resource.used::numeric + ask.own + ask.amount
                               + coalesce(claimed.running, 0)
                               > resource.capacity::numeric AS is_short
                  FROM ask
                  JOIN resource ON resource.id = ask.id
                  LEFT JOIN claimed ON claimed.id = ask.id
            ),
            taken AS (
                INSERT INTO jxc_gate_claim
                            (res_model, res_id, amount, xid, server_start, claimed_at)
                SELECT %(model)s::text, judged.id, judged.asked, %(xid)s::xid8,
                       pg_postmaster_start_time(), now() AT TIME ZONE 'UTC'
                  FROM judged
                 WHERE judged.asked > 0
                   AND NOT EXISTS (SELECT FROM judged WHERE judged.is_short)
            )
            SELECT id, capacity, used, running, asked, is_short, finished FROM judged
            """,
            query=query,
            model=model,
            xid=own.xid,
            counts=_COUNTS,
            ids=[demand.resource_id for demand in demands],
            amounts=[demand.amount for demand in demands],
            enforced=[demand.enforced for demand in demands],
            own=[own.get(demand.resource_id) for demand in demands],
        ),
        before=lock_query(model, [demand.resource_id for demand in demands]),
    )
    rows = session.cr.fetchall()
    return [Judged(*row[:6]) for row in rows], sum(row[6] for row in rows)


def take(request_cr, open_cursor, model: str, query: SQL, demands):
    """Take the demands through a gate transaction, all of them or none.

    :param request_cr: the cursor of the request, whose transaction the takes belong to
    :param open_cursor: callable giving a new cursor on the same database
    :param model: with the resource ids, the name of what is limited
    :param query: see :func:`judge_and_claim`
    :param demands: list of :class:`Demand`
    :return: list of :class:`Judged`
    :raise psycopg2.errors.LockNotAvailable: after LOCK_TIMEOUT_MS
    """
    resource_ids = [demand.resource_id for demand in demands]
    own = OwnTakes(request_cr, model, demands)

    def work(session):
        judged, finished = judge_and_claim(session, model, query, demands, own)
        if finished >= SWEEP_AT:
            sweep(session.cr, model, resource_ids)
        return judged

    try:
        judged = in_gate_transaction(request_cr.dbname, open_cursor, work)
    except BaseException:
        own.take_back()
        raise
    if any(one.is_short for one in judged):
        own.take_back()
    return judged


def judge_alone(cr, query: SQL, demands):
    """Judge on the request's own connection, which sees its own rows. No claims.

    For the time when a second connection cannot see the documents: inside a test
    transaction and while an addon is being installed.

    :return: list of :class:`Judged`
    """
    return judge(read(cr, query), demands)


def read(cr, query: SQL):
    """Return ``{resource id: (used, capacity)}`` as a connection sees them. No claims.

    For hints, and see :func:`judge_alone`; what is read says nothing about the limit
    any more once it was read.
    """
    cr.execute(SQL("SELECT id, used, capacity FROM (%s) resource", query))
    return {row[0]: row[1:] for row in cr.fetchall()}


def judge(found, demands):
    """Judge demands by amounts that were read.

    :param found: see :func:`read`
    :return: list of :class:`Judged`, of the resources that were found

    >>> judge({7: (90.0, 100.0)}, [Demand(7, Decimal(20), True)])[0].is_short
    True
    """
    judged = []
    for demand in demands:
        if demand.resource_id not in found:
            continue
        used, capacity = found[demand.resource_id]
        used = to_amount(used or 0)
        capacity = None if capacity is None else to_amount(capacity)
        is_short = (
            demand.enforced
            and demand.amount > 0
            and capacity is not None
            and used + demand.amount > capacity
        )
        judged.append(
            Judged(
                demand.resource_id, capacity, used, Decimal(0), demand.amount, is_short
            )
        )
    return judged


def shortages_of(judged) -> list[Shortage]:
    """Return the short ones among judged resources, as plain floats."""
    return [
        Shortage(
            resource_id=one.resource_id,
            capacity=float(one.capacity),
            used=float(one.used),
            running=float(one.running),
            asked=float(one.asked),
            missing=float(one.used + one.asked - one.capacity),
        )
        for one in judged
        if one.is_short
    ]


def sweep(cr, model: str | None = None, resource_ids=(), limit: int = 10_000) -> int:
    """Delete finished claims, skipping rows somebody else is deleting.

    A claim is finished when it does not count any more, see :data:`_COUNTS`. Others
    cannot miss it: a snapshot that does not see the documents of its transaction is
    older than this deletion and sees the claim instead. Transactions that run for long,
    be it in another database of the server, keep nothing.

    :param cr: a cursor of a gate transaction
    :param model: only claims on this model's ``resource_ids``; None for all
    :return: number of rows deleted
    """
    scope = SQL("TRUE")
    if model is not None:
        scope = SQL(
            "claim.res_model = %s AND claim.res_id = ANY(%s)", model, list(resource_ids)
        )
    cr.execute(
        SQL(
            """
            DELETE FROM jxc_gate_claim
             WHERE id IN (
                SELECT claim.id
                  FROM jxc_gate_claim claim
                 WHERE %s
                   AND NOT %s
                 LIMIT %s
                   FOR UPDATE SKIP LOCKED
             )
            """,
            scope,
            _COUNTS,
            limit,
        )
    )
    return cr.rowcount


def demands_of(amounts: Mapping[int, float], enforce=None) -> list[Demand]:
    """Return the demands for ``{resource id: amount}``, zero amounts left out.

    :param enforce: ids whose limit is enforced; None for all
    """
    demands = (
        Demand(
            resource_id, to_amount(amount), enforce is None or resource_id in enforce
        )
        for resource_id, amount in sorted(amounts.items())
    )
    return [demand for demand in demands if demand.amount]

#!/usr/bin/env python3
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
"""Race the escrow gate of jxc_base against one hot resource, beside the row-UPDATE way.

    python scripts/bench/gate.py -c odoo.conf -d DATABASE [--json FILE]

Needs a database with jxc_base. Real connections, real transactions: each attempt opens
a transaction like a request's (REPEATABLE READ, snapshot first), takes a random amount
from the limit or gives a document back, writes the document, works for a while and
commits; some roll back, some have their backend terminated in the middle.

Four parts, each reported as figures:

contention   16 connections on one resource, by the gate and by UPDATE of a counter row
             (retried as the platform retries requests)
hold         one transaction keeps its take open; how long do the others wait
alone        cost of the gate at the median where nobody else asks, in pairs A B A B
verdict      limit passed? serialization errors? do claims of the dead still count?

Exit status 1 when the verdict is bad.
"""

import random
import statistics
import sys
import threading
import time
from contextlib import closing
from dataclasses import dataclass, field

from frame import parser_of, show
from gate_ways import COLD, HOT, LIMIT, MODEL, GateWay, NoWay, UpdateWay
from psycopg2 import errors

from odoo import sql_db
from odoo.tools import config

import odoo.addons  # noqa: F401  (makes odoo.addons a package before the next import)

TRIES = 5  # the platform gives a request up after five conflicts


class GivenUp(Exception):
    """The request met a conflict TRIES times; the user sees an error."""


class Killed(Exception):
    """The backend of this attempt was terminated on purpose."""


@dataclass
class Tally:
    """What happened to the attempts of one run."""

    taken: int = 0
    refused: int = 0
    given_back: int = 0
    rolled_back: int = 0
    killed: int = 0
    conflicts: int = 0
    given_up: int = 0
    failed: list = field(default_factory=list)
    waits: list = field(default_factory=list)
    seconds: float = 0.0
    highest: float = 0.0

    @property
    def attempts(self):
        return len(self.waits)

    def report(self):
        waits = sorted(self.waits)
        return {
            "attempts": self.attempts,
            "attempts_per_second": round(self.attempts / self.seconds, 1),
            "wait_median_ms": round(statistics.median(waits) * 1000, 2),
            "wait_p95_ms": round(waits[int(len(waits) * 0.95)] * 1000, 2),
            "wait_max_ms": round(waits[-1] * 1000, 2),
            "taken": self.taken,
            "refused": self.refused,
            "given_back": self.given_back,
            "rolled_back": self.rolled_back,
            "killed": self.killed,
            "conflicts_retried": self.conflicts,
            "given_up": self.given_up,
            "failed": self.failed[:5],
            "highest_use": float(self.highest),
            "limit": LIMIT,
        }


# ----------------------------------------------------------------
# One attempt
# ----------------------------------------------------------------


class Attempt:
    """What one request does: chosen before, so that a retry does the same again."""

    def __init__(self, owner, rng, work_ms):
        self.owner = owner
        self.gives_back = rng.random() < 0.35
        self.amount = rng.randint(1, 40_000) / 100
        fate = rng.random()
        self.fate = "rollback" if fate < 0.30 else "kill" if fate < 0.32 else "commit"
        self.work = rng.uniform(0.5, 1.5) * work_ms / 1000

    def run(self, way, db, killer, tally, lock):
        start = time.perf_counter()
        with closing(db.cursor()) as cr:
            cr.execute(
                "SELECT txid_current_if_assigned()"
            )  # snapshot, as a request has
            outcome = self._change(way, cr)
            answered = time.perf_counter() - start
            cr.execute("SELECT pg_sleep(%s)", [self.work])
            try:
                outcome = self._end(cr, killer, outcome)
            except Killed:
                outcome = "killed"
        with lock:
            setattr(tally, outcome, getattr(tally, outcome) + 1)
        return answered

    def _change(self, way, cr):
        if self.gives_back:
            # only documents of the own thread: two requests that cancel one document
            # conflict over that document, whatever guards the limit
            cr.execute(
                "DELETE FROM jxc_gate_bench WHERE ctid = ("
                " SELECT ctid FROM jxc_gate_bench WHERE owner = %s LIMIT 1)"
                " RETURNING amount",
                [self.owner],
            )
            row = cr.fetchone()
            if row:
                way.take(cr, -row[0])
                return "given_back"
        if not way.take(cr, self.amount):
            return "refused"
        cr.execute(
            "INSERT INTO jxc_gate_bench VALUES (%s, %s, %s)",
            [HOT, self.amount, self.owner],
        )
        return "taken"

    def _end(self, cr, killer, outcome):
        if outcome != "refused" and self.fate == "rollback":
            cr.rollback()
            return "rolled_back"
        if outcome != "refused" and self.fate == "kill":
            killer(cr)
            raise Killed()
        cr.commit()
        return outcome


def retrying(attempt, way, db, killer, tally, lock, rng):
    """Run the attempt as the platform runs a request: again after a conflict."""
    start = time.perf_counter()
    for tried in range(1, TRIES + 1):
        try:
            waited = attempt.run(way, db, killer, tally, lock)
            return time.perf_counter() - start if tried > 1 else waited
        except (errors.SerializationFailure, errors.DeadlockDetected):
            with lock:
                tally.conflicts += 1
            if tried == TRIES:
                with lock:
                    tally.given_up += 1
                return time.perf_counter() - start
            time.sleep(rng.uniform(0.0, 2**tried))


# ----------------------------------------------------------------
# The parts
# ----------------------------------------------------------------


def prepare(db):
    with db.cursor() as cr:
        cr.execute("DROP TABLE IF EXISTS jxc_gate_bench, jxc_gate_bench_counter")
        cr.execute(
            "CREATE TABLE jxc_gate_bench (resource int, amount numeric, owner int)"
        )
        cr.execute("CREATE INDEX ON jxc_gate_bench (resource)")
        cr.execute("CREATE TABLE jxc_gate_bench_counter (resource int, used numeric)")
        cr.execute(
            "INSERT INTO jxc_gate_bench_counter VALUES (%s, 0), (%s, 0)", [HOT, COLD]
        )


def clean_up(db):
    with db.cursor() as cr:
        cr.execute("DROP TABLE IF EXISTS jxc_gate_bench, jxc_gate_bench_counter")
        cr.execute("DELETE FROM jxc_gate_claim WHERE res_model = %s", [MODEL])


def used(db, resource=HOT):
    with closing(db.cursor()) as cr:
        cr.execute(
            "SELECT coalesce(sum(amount), 0) FROM jxc_gate_bench WHERE resource = %s",
            [resource],
        )
        return cr.fetchone()[0]


def contention(way, db, options):
    """Many connections on one resource; an auditor reads the sum all the while."""
    prepare(db)
    tally, lock, done = Tally(), threading.Lock(), threading.Event()
    todo = iter(range(options.attempts))
    deadline = time.monotonic() + options.seconds

    def killer(cr):
        pid = cr._cnx.get_backend_pid()
        with closing(db.cursor()) as control:
            control.execute("SELECT pg_terminate_backend(%s, 10000)", [pid])
        cr._cnx.close()

    def work(number):
        rng = random.Random(options.seed * 1000 + number)
        while time.monotonic() < deadline:
            with lock:
                if next(todo, None) is None:
                    return
            attempt = Attempt(number, rng, options.work_ms)
            try:
                waited = retrying(attempt, way, db, killer, tally, lock, rng)
            except Exception as error:  # noqa: BLE001  reported, and fails the verdict
                with lock:
                    tally.failed.append(f"{type(error).__name__}: {error}")
                continue
            with lock:
                tally.waits.append(waited)

    def audit():
        while not done.is_set():
            tally.highest = max(tally.highest, used(db))

    auditor = threading.Thread(target=audit)
    auditor.start()
    start = time.perf_counter()
    threads = [
        threading.Thread(target=work, args=(n,)) for n in range(options.connections)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    tally.seconds = time.perf_counter() - start
    done.set()
    auditor.join()
    tally.highest = max(tally.highest, used(db))
    return tally


def dead_claims(way, db):
    """After the race: is exactly what is left still to be had, and not a cent more?"""
    left = LIMIT - used(db)
    with closing(db.cursor()) as cr:
        too_much = way.take(cr, left + type(left)("0.01"))
        rest = way.take(cr, left) if left else True
        cr.rollback()
    return {"left": float(left), "left_available": rest, "more_refused": not too_much}


def hold(way, db, options):
    """One transaction keeps its take open; eight others ask for the same resource."""
    prepare(db)
    waits, lock, held, release = (
        [],
        threading.Lock(),
        threading.Event(),
        threading.Event(),
    )

    def holder():
        with closing(db.cursor()) as cr:
            way.take(cr, 1)
            held.set()
            release.wait(options.hold)
            cr.commit()

    def ask():
        held.wait()
        for _ in range(5):
            start = time.perf_counter()
            with closing(db.cursor()) as cr:
                try:
                    way.take(cr, 1)
                    cr.commit()
                except errors.SerializationFailure:
                    cr.rollback()
            with lock:
                waits.append(time.perf_counter() - start)

    keeper = threading.Thread(target=holder)
    keeper.start()
    askers = [threading.Thread(target=ask) for _ in range(8)]
    for thread in askers:
        thread.start()
    for thread in askers:
        thread.join()
    answered_while_held = keeper.is_alive()
    release.set()
    keeper.join()
    waits.sort()
    return {
        "held_seconds": options.hold,
        "others": len(waits),
        "all_answered_while_held": answered_while_held,
        "wait_p95_ms": round(waits[int(len(waits) * 0.95)] * 1000, 2),
        "wait_max_ms": round(waits[-1] * 1000, 2),
    }


def alone(way, db, options):
    """The same small transaction with and without the gate, in turn."""
    prepare(db)
    ways = {"without": NoWay(), "with": way}
    times = {name: [] for name in ways}
    for round_number in range(options.pairs + 5):
        for name, one in ways.items():
            start = time.perf_counter()
            with closing(db.cursor()) as cr:
                cr.execute("SELECT 1")
                one.take(cr, 0.01, COLD)
                cr.execute("INSERT INTO jxc_gate_bench VALUES (%s, 0, 0)", [COLD])
                cr.commit()
            if round_number >= 5:  # the first ones open the connections
                times[name].append(time.perf_counter() - start)
    median = {name: statistics.median(values) * 1000 for name, values in times.items()}
    return {
        "pairs": options.pairs,
        "median_without_ms": round(median["without"], 3),
        "median_with_ms": round(median["with"], 3),
        "added_ms": round(median["with"] - median["without"], 3),
    }


# ----------------------------------------------------------------
# Command line
# ----------------------------------------------------------------


def parse(argv):
    parser = parser_of(__doc__)
    parser.add_argument("-d", "--database", required=True)
    parser.add_argument("--connections", type=int, default=16)
    parser.add_argument("--attempts", type=int, default=2000, help="of each way")
    parser.add_argument("--seconds", type=float, default=120, help="at most, each way")
    parser.add_argument(
        "--work-ms", type=float, default=10, help="mean work after the take"
    )
    parser.add_argument(
        "--hold", type=float, default=30, help="seconds a take is kept open"
    )
    parser.add_argument("--pairs", type=int, default=300)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument(
        "--gate-only", action="store_true", help="leave the UPDATE way out"
    )
    return parser.parse_args(argv)


def verdict(report):
    race, after = report["contention"]["gate"], report["after"]
    bad = []
    if race["highest_use"] > LIMIT:
        bad.append(f"limit passed: {race['highest_use']} > {LIMIT}")
    if race["conflicts_retried"] or race["failed"]:
        bad.append(
            f"attempts failed: {race['conflicts_retried']} conflicts, {race['failed']}"
        )
    if not (after["left_available"] and after["more_refused"]):
        bad.append(f"claims of the dead still count: {after}")
    if not report["hold"]["gate"]["all_answered_while_held"]:
        bad.append("a transaction that held a claim delayed the others")
    return bad


def main(argv=None):
    options = parse(argv)
    config.parse_config(
        ["-c", options.config, "--log-level", "critical", "--db_maxconn", "64"]
    )
    db = sql_db.db_connect(options.database)
    ways = [GateWay(db)] if options.gate_only else [GateWay(db), UpdateWay(db)]
    report = {"contention": {}, "hold": {}}
    try:
        for way in ways:
            report["contention"][way.name] = contention(way, db, options).report()
            if way.name == "gate":
                report["after"] = dead_claims(way, db)
            report["hold"][way.name] = hold(way, db, options)
        report["alone"] = alone(GateWay(db, limit=1e12), db, options)
    finally:
        clean_up(db)
    report["bad"] = verdict(report)
    show(options, report)
    return 1 if report["bad"] else 0


if __name__ == "__main__":
    sys.exit(main())

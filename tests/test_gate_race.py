# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
"""The gate under fire: many connections, rollbacks, terminated backends.

The race itself is scripts/bench/gate.py, which also reports figures; here only its
outcome is judged, never its speed.
"""

import json
import subprocess
import sys

import pytest
from jxcdev import odoo


@pytest.fixture(scope="module")
def race(repo, database, postgres_server, tmp_path_factory):
    """The figures of one race of 16 connections for 2,000 attempts."""
    report = tmp_path_factory.mktemp("gate") / "gate.json"
    config = odoo.write_config("test-race", postgres_server)
    done = subprocess.run(
        [
            sys.executable,
            repo / "scripts" / "bench" / "gate.py",
            *("--config", config),
            *("--database", database),
            *("--json", report),
            *("--connections", "16"),
            *("--attempts", "2000"),
            *("--seconds", "600"),
            *("--work-ms", "5"),
            *("--hold", "600"),
            *("--pairs", "10"),
            "--gate-only",
        ],
        capture_output=True,
        text=True,
        timeout=900,
    )
    assert report.exists(), done.stderr
    return json.loads(report.read_text())


def test_every_attempt_was_made(race):
    """The race was one: there were takers, refusals, rollbacks and killed backends."""
    figures = race["contention"]["gate"]
    assert figures["attempts"] == 2000
    for outcome in ("taken", "refused", "given_back", "rolled_back", "killed"):
        assert figures[outcome] > 10, (outcome, figures)


def test_limit_is_never_passed(race):
    """Read all through the race: committed documents stay within the limit."""
    figures = race["contention"]["gate"]
    assert 0.9 * figures["limit"] < figures["highest_use"] <= figures["limit"]


def test_no_attempt_fails(race):
    """Neither a serialization error nor any other one, not even to be retried."""
    figures = race["contention"]["gate"]
    assert figures["conflicts_retried"] == 0
    assert figures["given_up"] == 0
    assert figures["failed"] == []


def test_claims_of_the_dead_stop_counting(race):
    """Afterwards exactly what the documents leave can be had, and not a cent more."""
    assert race["after"]["left_available"]
    assert race["after"]["more_refused"]


def test_holding_a_claim_delays_nobody(race):
    """All others are answered while one transaction still holds what it took."""
    held = race["hold"]["gate"]
    assert held["others"] == 40
    assert held["all_answered_while_held"]

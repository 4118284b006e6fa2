# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
"""The scripts that measure run, at sizes that measure nothing.

One process runs them all, each in a transaction of its own that is rolled back: most of
their time would be to load the addons. That a figure is beyond what is allowed says
nothing at such sizes, so they may end with 1; they may not break, and what they compare
with plain SQL agrees at any size.
"""

import json
import subprocess
import sys

import pytest
from jxcdev import odoo

SIZES = {
    "affinity": ["--lines", "2000"],
    "ageing": ["--items", "60"],
    "alerts": "--products 10 --warehouses 1 --moves 40 --rounds 1 --wrong 100".split(),
    "customer_classes": ["--customers", "20", "--lines", "60"],
    "finance_export": ["--vouchers", "5"],
    "ledger": ["--lines", "60", "--pairs", "1"],
    "sales_analysis": ["--lines", "60", "--pairs", "1"],
    "settlement": ["--items", "12", "--partners", "3", "--apply", "1"],
    "statements": ["--items", "60"],
    "value_at": ["--lines", "60"],
}
#: Beside plain Odoo, in a process for each side.
PAIRS = {
    "channel_orders": ["--orders", "4", "--call", "2", "--lines", "1"],
    "confirm": ["--pairs", "1", "--lines", "1", "--history", "4", "--entries", "4"],
}
#: Whether a script found the same as plain SQL, of those that compare what they find.
AGREES = {
    "affinity": lambda found: all(
        one["rows"] == one["plain_rows"] for one in found["measured"]
    ),
    "ageing": lambda found: (
        found["total"] == found["plain_total"] == found["ledger"] != 0
    ),
    "alerts": lambda found: found["first"]["opened"] == found["plain_found"] > 0,
    "customer_classes": lambda found: not any(found["differing"].values()),
    "ledger": lambda found: not found["differing_rows"],
    "sales_analysis": lambda found: not any(one["differs"] for one in found["reports"]),
    "settlement": lambda found: all(
        found[f"{way} lines"] == found["items"] for way in ("due", "document", "amount")
    ),
    "value_at": lambda found: not found["differing"],
}
#: What others are made of, and what has a test of its own.
PARTS = {"frame", "gate", "gate_ways", "history", "ledger_data", "rows"}
DRIVER = """
import json, runpy, sys, traceback
target, runs = sys.argv[1], json.loads(sys.argv[2])
results = {}
for script, arguments in runs.items():
    sys.argv = [script, *arguments]
    try:
        runpy.run_path(script, run_name="__main__")
        results[script] = None
    except SystemExit as done:
        results[script] = done.code if isinstance(done.code, str) else None
    except BaseException:
        results[script] = traceback.format_exc()
with open(target, "w") as file:
    json.dump(results, file)
"""


@pytest.fixture(scope="module")
def outcomes(repo, make_database, template, postgres_server, tmp_path_factory):
    """``{script: (what broke, its figures)}`` of those that need one database."""
    folder = repo / "scripts" / "bench"
    place = tmp_path_factory.mktemp("bench")
    target = place / "outcomes.json"
    config = odoo.write_config("test-bench", postgres_server)
    with make_database(template) as database:
        common = ["-c", str(config), "-d", database]
        runs = {
            str(folder / f"{name}.py"): [
                *common,
                *sizes,
                "--json",
                str(place / f"{name}.json"),
            ]
            for name, sizes in SIZES.items()
        }
        done = subprocess.run(
            [sys.executable, "-c", DRIVER, str(target), json.dumps(runs)],
            cwd=folder,
            env={**odoo.environment(), "PYTHONPATH": str(folder)},
            capture_output=True,
            text=True,
            timeout=600,
            check=False,
        )
    assert target.exists(), done.stderr
    broken = json.loads(target.read_text())
    return {
        name: (broken[str(folder / f"{name}.py")], figures_of(place / f"{name}.json"))
        for name in SIZES
    }


def figures_of(report):
    return json.loads(report.read_text()) if report.exists() else None


@pytest.mark.parametrize("name", SIZES)
def test_script_runs(outcomes, name):
    """From the building of its data to the figures it shows."""
    problem, figures = outcomes[name]
    assert problem is None, problem
    assert figures, "no figures"


@pytest.mark.parametrize("name", AGREES)
def test_script_agrees_with_plain_sql(outcomes, name):
    _problem, figures = outcomes[name]
    assert AGREES[name](figures), figures


def test_no_script_is_left_out(repo):
    """A new one is added here."""
    found = {file.stem for file in (repo / "scripts" / "bench").glob("*.py")}
    assert found == {*SIZES, *PAIRS, *PARTS}


@pytest.mark.parametrize("name", PAIRS)
def test_comparison_runs(
    repo, make_database, template, platform_template, postgres_server, tmp_path, name
):
    """Both sides make and confirm orders; what they cost is told for each."""
    report = tmp_path / "report.json"
    config = odoo.write_config("test-bench", postgres_server)
    script = repo / "scripts" / "bench" / f"{name}.py"
    with (
        make_database(platform_template) as plain,
        make_database(template) as suite,
    ):
        done = subprocess.run(
            [sys.executable, script, "-c", config, "--plain", plain]
            + ["--suite", suite, "--json", report, *PAIRS[name]],
            env=odoo.environment(),
            capture_output=True,
            text=True,
            timeout=600,
            check=False,
        )
    assert done.returncode in (0, 1), done.stderr
    assert "Traceback" not in done.stderr, done.stderr
    costs = list(costs_in(figures_of(report)))
    assert costs
    for one in costs:
        for side in ("plain", "suite"):
            assert one["wall_ms"][side] > 0, one
            assert one["queries"][side] > 0, one


def costs_in(figures):
    """Whatever was compared, however deep: what it costs on both sides."""
    if "wall_ms" in figures:
        yield figures
        return
    for inner in figures.values():
        yield from costs_in(inner)

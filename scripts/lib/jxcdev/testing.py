# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
"""The second half of scripts/test: databases, then pytest for addons and for tests/.

pytest-odoo binds a process to one database, so addon tests and cross-addon tests are
two pytest runs; the last line sums both up.
"""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

from . import browser, databases, environment, odoo, paths, postgres, templates
from .process import Terminated, die_with_parent
from .running import free_port
from .steps import say, step

NOTHING_RUN = 5
PLUGIN = "jxcdev.pytest_plugin"
COUNTS = paths.RUN / "test-counts.json"
# for a database of tests, losing the last moment in a power cut does not matter
QUICK = "-c synchronous_commit=off"


def run(chosen, selected, rest, identity):
    """Run the chosen tests.

    :param chosen: options of the command line
    :param selected: paths, all when empty
    :param rest: arguments for pytest
    :param str identity: identity of the Odoo in use
    :return: exit status
    """
    with step("Browser") as current:
        if chosen.fast:
            current.result("left out by --fast")
        else:
            browser.provide(current)
    os.environ["PGOPTIONS"] = QUICK
    with postgres.provide() as server:
        with environment.one_at_a_time("database"):
            _drop_left_over(server)
            with step("Test template") as current:
                base = templates.suite(server, identity, current)
                os.environ["JXC_TEST_PLATFORM"] = templates.platform_of_tests(
                    server, identity, current
                )
                current.result(base)
        common = _common_arguments(chosen, rest)
        results = []
        for kind, found in _split(selected).items():
            if found:
                results.append(RUNS[kind](server, base, found, common))
    return _conclude(results)


def _split(selected):
    """Return {kind of run: paths}: tests of addons, and those across addons."""
    if not selected:
        selected = [*_addon_tests(), "tests"]
    found = {"addons": [], "across": []}
    for path in selected:
        absolute = (paths.ROOT / path).absolute()
        if not absolute.is_relative_to(paths.ADDONS):
            found["across"].append(path)
        elif absolute == paths.ADDONS:
            found["addons"] += _addon_tests()
        else:
            found["addons"].append(path)
    return found


def _addon_tests():
    folders = sorted(paths.ADDONS.glob("*/tests"))
    return [str(folder.relative_to(paths.ROOT)) for folder in folders]


def _common_arguments(chosen, rest):
    arguments = ["-p", PLUGIN, "--rootdir", str(paths.ROOT), *rest]
    arguments += ["-o", f"cache_dir={paths.CACHE / 'pytest'}"]
    arguments += ["-k", chosen.expression] if chosen.expression else []
    arguments += ["--jxc-fast"] if chosen.fast else []
    return arguments


def _run_addons(server, base, found, common):
    """Run the tests of addons, by pytest-odoo, on a copy of the template."""
    name = f"jxc_test_{os.getpid()}_addons"
    databases.copy(server, base, name)
    try:
        config = odoo.write_config(
            "test-addons",
            server,
            db_name=name,
            http_port=free_port(),
            max_cron_threads=0,
        )
        arguments = [
            f"--odoo-config={config}",
            f"--odoo-database={name}",
            "--odoo-http",
        ]
        return _pytest("Addon tests", [*arguments, *common, *found], server)
    finally:
        databases.drop(server, name)


def _run_across(server, base, found, common):
    """Run tests/, where fixtures make databases and servers as each test needs them."""
    arguments = ["-p", "no:odoo", "-c", str(paths.ROOT / "tests" / "pytest.ini")]
    try:
        return _pytest(
            "Tests across addons", [*arguments, *common, *found], server, base
        )
    finally:
        _drop_left_over(server, os.getpid())


RUNS = {"addons": _run_addons, "across": _run_across}


def _pytest(title, arguments, server, base=""):
    """Run pytest; return its status and counts."""
    say(title)
    COUNTS.unlink(missing_ok=True)
    env = odoo.environment(
        **server.environment(),
        PGOPTIONS=QUICK,
        PYTHONPATH=paths.LIB,
        JXC_TEST_TEMPLATE=base,
        JXC_TEST_OWNER=os.getpid(),
        JXC_TEST_COUNTS=COUNTS,
        JXC_TEST_SCREENSHOTS=paths.LOCAL / "screenshots",
    )
    started = time.time()
    process = subprocess.Popen(
        [paths.PYTHON, "-m", "pytest", *arguments],
        env=env,
        cwd=paths.ROOT,
        preexec_fn=die_with_parent,
    )
    try:
        status = process.wait()
    except KeyboardInterrupt as interrupt:
        if isinstance(interrupt, Terminated):
            process.send_signal(signal.SIGINT)
        process.wait(60)
        raise
    counts = json.loads(COUNTS.read_text()) if COUNTS.exists() else {}
    return {"status": status, "seconds": time.time() - started, "counts": counts}


def _conclude(results):
    """Sum up when there were two runs; return the exit status of the whole."""
    counts = {}
    for result in results:
        for kind, number in result["counts"].items():
            counts[kind] = counts.get(kind, 0) + number
    executed = sum(counts.get(kind, 0) for kind in ("passed", "failed", "error"))
    statuses = [
        result["status"] for result in results if result["status"] != NOTHING_RUN
    ]
    if not executed and not any(statuses):
        print("error: no test was run", file=sys.stderr)
        statuses = [NOTHING_RUN]
    if len(results) > 1:
        text = ", ".join(
            f"{number} {kind}" for kind, number in counts.items() if number
        )
        seconds = sum(result["seconds"] for result in results)
        print(
            f" {text or 'no tests ran'} in {seconds:.2f}s ".center(80, "="), flush=True
        )
    return max(statuses, default=0)


def _drop_left_over(server, owner=None):
    """Drop databases of test runs that have ended (or of the one given)."""
    with databases.cursor(server) as cr:
        cr.execute(r"SELECT datname FROM pg_database WHERE datname LIKE 'jxc\_test\_%'")
        names = [row[0] for row in cr.fetchall()]
    for name in names:
        pid = name.split("_")[2]
        if pid == str(owner) or not Path("/proc", pid).exists():
            databases.drop(server, name)

# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
"""The second half of scripts/test: databases, then pytest for addons and for tests/.

pytest-odoo binds a process to one database, so addon tests and cross-addon tests are
runs of their own. Addon tests wait for nothing but their own database: when there are
many, two runs share their files, at the same time. Those of tests/ wait for servers,
browsers and templates most of the time: two processes share their files. The last line
sums all runs up.
"""

import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from . import browser, databases, environment, odoo, paths, postgres, templates
from .process import Terminated, die_with_parent
from .running import free_port
from .steps import say, step

NOTHING_RUN = 5
PLUGIN = "jxcdev.pytest_plugin"
# Each takes the next file when it is done with one.
SHARED = ["-n", "2", "--dist", "loadfile", "--no-loadscope-reorder"]
# A process that dies ends the run: one in its place would wait for ever.
SHARED += ["--max-worker-restart", "0"]
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
        started = time.time()
        for kind, found in _split(selected).items():
            if found:
                results += RUNS[kind](server, base, found, common)
    return _conclude(results, time.time() - started)


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
    """Run the tests of addons, by pytest-odoo, on copies of the template.

    Each run collects all files and takes the next one when it is done with one: neither
    addons nor files of a size take the same time.
    """
    files = _files(found)
    count = 2 if len(files) > 1 else 1
    say("Addon tests" + (", in two runs beside each other" if count > 1 else ""))
    names = [f"jxc_test_{os.getpid()}_addons{number}" for number in range(count)]
    claims = tempfile.mkdtemp(dir=paths.RUN) if count > 1 else ""
    try:
        runs = []
        for name in names:
            databases.copy(server, base, name)
            arguments = [*_pytest_odoo(server, name), *common, *files]
            label = name.rpartition("_")[2]
            runs.append(
                _Pytest(label, arguments, server, aside=bool(runs), claims=claims)
            )
        return _results(runs)
    finally:
        for name in names:
            databases.drop(server, name)
        shutil.rmtree(claims, ignore_errors=True)


def _files(found):
    """Return the test files of paths, each once; a file or node stays as it is."""
    files = []
    for path in found:
        place = paths.ROOT / path
        inside = sorted(place.rglob("test_*.py")) if place.is_dir() else ()
        files += [str(file.relative_to(paths.ROOT)) for file in inside] or [path]
    return list(dict.fromkeys(files))


def _pytest_odoo(server, name):
    config = odoo.write_config(
        f"test-{name.rpartition('_')[2]}",
        server,
        db_name=name,
        http_port=free_port(),
        max_cron_threads=0,
    )
    return [f"--odoo-config={config}", f"--odoo-database={name}", "--odoo-http"]


def _run_across(server, base, found, common):
    """Run tests/, where fixtures make databases and servers as each test needs them."""
    arguments = ["-p", "no:odoo", "-c", str(paths.ROOT / "tests" / "pytest.ini")]
    files = _across_files(found)
    arguments += SHARED if len(files) > 1 else []
    say("Tests across addons" + (", in two processes" if len(files) > 1 else ""))
    try:
        return _results(
            [_Pytest("across", [*arguments, *common, *files], server, base)]
        )
    finally:
        _drop_left_over(server, os.getpid())


def _across_files(found):
    """Return the test files of paths: one that waits for the year of trade, the files
    that do not, the others that do.

    One process makes the template, minutes long, while the other goes on: a second file
    at the start that needs it would only wait for the first.
    """
    files = sorted(_files(found), key=_needs_trade)
    first = [file for file in files if _needs_trade(file)][:1]
    return first + [file for file in files if file not in first]


def _needs_trade(path):
    """Tell whether a file of tests uses a fixture of the year of trade."""
    place = paths.ROOT / path.split("::")[0]
    text = place.read_text(encoding="utf-8") if place.is_file() else ""
    return any(f"northwind_{kind}" in text for kind in ("database", "server"))


RUNS = {"addons": _run_addons, "across": _run_across}


class _Pytest:
    """A run of pytest that has been started.

    :param str name: of the run
    :param str base: the template of tests/
    :param bool aside: keep what it says until its end, as another run writes now
    :param str claims: folder of the runs that share files
    """

    def __init__(self, name, arguments, server, base="", aside=False, claims=""):
        self.counts = paths.RUN / f"test-counts-{name}.json"
        self.counts.unlink(missing_ok=True)
        self.output = open(paths.LOG / f"test-{name}.log", "w+b") if aside else None
        env = odoo.environment(
            **server.environment(),
            PGOPTIONS=QUICK,
            PYTHONPATH=paths.LIB,
            JXC_TEST_TEMPLATE=base,
            JXC_TEST_OWNER=os.getpid(),
            JXC_TEST_COUNTS=self.counts,
            JXC_TEST_CLAIMS=claims,
            JXC_TEST_SCREENSHOTS=paths.LOCAL / "screenshots",
        )
        self.process = subprocess.Popen(
            [paths.PYTHON, "-m", "pytest", *arguments],
            env=env,
            cwd=paths.ROOT,
            stdout=self.output,
            stderr=self.output and subprocess.STDOUT,
            preexec_fn=die_with_parent,
        )

    def result(self):
        """Wait for the end; return status and counts."""
        status = self.process.wait()
        if self.output:
            self.output.seek(0)
            shutil.copyfileobj(self.output, sys.stdout.buffer)
            sys.stdout.flush()
            self.output.close()
        counts = json.loads(self.counts.read_text()) if self.counts.exists() else {}
        self.counts.unlink(missing_ok=True)
        return {"status": status, "counts": counts}

    def end(self, politely):
        """End it, unless Ctrl-C has reached it anyway."""
        if politely:
            self.process.send_signal(signal.SIGINT)
        self.process.wait(60)


def _results(runs):
    try:
        return [run.result() for run in runs]
    except KeyboardInterrupt as interrupt:
        for run in runs:
            run.end(isinstance(interrupt, Terminated))
        raise


def _conclude(results, seconds):
    """Sum up when there were several runs; return the exit status of the whole."""
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

# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
"""pytest plugin of scripts/test: browser tests, counts for the last line.

Runs that share their files (JXC_TEST_CLAIMS is a folder of theirs) take the next file
when they are done with one.

A test is a browser test when it uses the fixture `browser`, carries the mark of that
name, or (in addons) calls browser_js or start_tour. Such a test may not be skipped: a
missing browser is a failure.
"""

import hashlib
import inspect
import itertools
import json
import os
import re

import pytest

IN_BROWSER = re.compile(r"\b(browser_js|start_tour)\s*\(")
COUNTED = ("failed", "passed", "skipped", "deselected", "xfailed", "xpassed", "error")


def pytest_addoption(parser):
    """Add the option behind scripts/test --fast."""
    parser.addoption("--jxc-fast", action="store_true", help="leave out browser tests")


def pytest_configure(config):
    """Make the mark known."""
    config.addinivalue_line("markers", "browser: needs Chromium")


def pytest_collection_modifyitems(config, items):
    """Mark the browser tests; leave them out when asked to."""
    for item in items:
        if _needs_browser(item):
            item.add_marker(pytest.mark.browser)
    if not config.getoption("--jxc-fast"):
        return
    left_out = [item for item in items if item.get_closest_marker("browser")]
    if left_out:
        items[:] = [item for item in items if item not in left_out]
        config.hook.pytest_deselected(items=left_out)


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item, call):
    """Turn the skip of a browser test into a failure."""
    outcome = yield
    report = outcome.get_result()
    if report.skipped and item.get_closest_marker("browser"):
        reason = (
            report.longrepr[2]
            if isinstance(report.longrepr, tuple)
            else report.longrepr
        )
        report.outcome = "failed"
        report.longrepr = f"A browser test must not be skipped: {reason}"


def pytest_terminal_summary(terminalreporter, config):
    """Say what --fast left out, and write the counts for scripts/test."""
    stats = terminalreporter.stats
    counts = {kind: len(stats.get(kind, ())) for kind in COUNTED}
    if config.getoption("--jxc-fast"):
        terminalreporter.write_line("--fast: tests that need a browser were left out")
    if os.environ.get("JXC_TEST_COUNTS"):
        with open(os.environ["JXC_TEST_COUNTS"], "w") as file:
            json.dump(counts, file)


def pytest_runtestloop(session):
    """Run the files that no other run has taken yet; see ``testing._run_addons``.

    The next file is taken before the last test of one, as what is torn down after a
    test depends on the one that follows.
    """
    folder = os.environ.get("JXC_TEST_CLAIMS")
    if not folder or session.config.option.collectonly or session.testsfailed:
        return None
    items = _of_taken_files(session.items, folder)
    item = next(items, None)
    while item is not None:
        following = next(items, None)
        item.config.hook.pytest_runtest_protocol(item=item, nextitem=following)
        if session.shouldfail:
            raise session.Failed(session.shouldfail)
        if session.shouldstop:
            raise session.Interrupted(session.shouldstop)
        item = following
    return True


def _of_taken_files(items, folder):
    taken = set()
    for path, tests in itertools.groupby(items, key=lambda item: item.path):
        if path in taken or _takes(folder, path):
            taken.add(path)
            yield from tests


def _takes(folder, path):
    """Whether this run is the first to take a file."""
    name = hashlib.sha256(str(path).encode()).hexdigest()
    try:
        os.close(os.open(os.path.join(folder, name), os.O_CREAT | os.O_EXCL))
    except FileExistsError:
        return False
    return True


def _needs_browser(item):
    if "browser" in getattr(item, "fixturenames", ()):
        return True
    function = getattr(item, "function", None)
    try:
        return bool(IN_BROWSER.search(inspect.getsource(function)))
    except (OSError, TypeError):
        return False

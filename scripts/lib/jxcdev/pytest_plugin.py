# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
"""pytest plugin of scripts/test: browser tests, counts for the last line.

A test is a browser test when it uses the fixture `browser`, carries the mark of that
name, or (in addons) calls browser_js or start_tour. Such a test may not be skipped: a
missing browser is a failure.
"""

import inspect
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


def _needs_browser(item):
    if "browser" in getattr(item, "fixturenames", ()):
        return True
    function = getattr(item, "function", None)
    try:
        return bool(IN_BROWSER.search(inspect.getsource(function)))
    except (OSError, TypeError):
        return False

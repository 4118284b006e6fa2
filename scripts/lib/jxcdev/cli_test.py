# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
"""scripts/test: set up what the tests need and run them."""

import argparse

from . import environment, paths

EPILOG = """
PATH is an addon (addons/jxc_base), a folder or file of tests, or a pytest node id; all
by default. What follows -- goes to pytest, for instance: scripts/test --fast -- -x --lf
Screenshots are kept in .local/screenshots.
"""


def build_parser():
    """Return the parser of the command line."""
    parser = argparse.ArgumentParser(
        prog="scripts/test",
        usage="%(prog)s [-h] [-k EXPR] [--fast] [PATH ...] [-- PYTEST-OPTION ...]",
        description="Run the tests of the addons and those across addons.",
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    add = parser.add_argument
    add("paths", metavar="PATH", nargs="*", help="what to test")
    add("-k", dest="expression", metavar="EXPR", help="only tests whose name matches")
    add("--fast", action="store_true", help="leave out the tests that need a browser")
    return parser


def main(argv):
    """Run the command; see entry.main for the exit status."""
    end = argv.index("--") if "--" in argv else len(argv)
    own, rest = argv[:end], argv[end + 1 :]
    parser = build_parser()
    chosen = parser.parse_intermixed_args(own)
    for path in chosen.paths:
        if not _exists(path):
            parser.error(f"{path} does not exist")
    identity = environment.prepare("test", argv, tools=True)
    # importable only now, on the Python of .venv
    from . import testing

    return testing.run(chosen, chosen.paths, rest, identity)


def _exists(path):
    return (paths.ROOT / path.split("::")[0]).exists()

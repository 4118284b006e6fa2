# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
"""scripts/test: set up what the tests need and run them."""

import argparse

from . import environment

EPILOG = """
PATH is an addon (addons/jxc_base), a folder or file of tests, or a pytest node id; all
by default. Whatever else is given goes to pytest, for instance -x, -n 2, --lf.
Screenshots are kept in .local/screenshots.
"""


def build_parser():
    """Return the parser of the command line."""
    parser = argparse.ArgumentParser(
        prog="scripts/test",
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
    parser = build_parser()
    chosen, unknown = parser.parse_known_args(argv)
    paths = [path for path in chosen.paths if _exists(path)]
    if not unknown and len(paths) < len(chosen.paths):
        strange = next(path for path in chosen.paths if path not in paths)
        parser.error(f"{strange} does not exist")
    # in the order given, as options of pytest may be followed by their values
    theirs = {*unknown, *chosen.paths} - set(paths)
    rest = [argument for argument in argv if argument in theirs]
    identity = environment.prepare("test", argv, tools=True)
    # importable only now, on the Python of .venv
    from . import testing

    return testing.run(chosen, paths, rest, identity)


def _exists(path):
    from .paths import ROOT

    return (ROOT / path.split("::")[0]).exists()

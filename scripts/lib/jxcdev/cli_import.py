# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
"""scripts/import: load a folder of CSV files or a workbook into a database."""

import argparse
import sys
from pathlib import Path

from . import environment, importing, odoo, options, postgres
from .steps import Failure, step

TODO = "Nothing was written: mend the data and import again"


def build_parser():
    """Return the parser of the command line."""
    parser = argparse.ArgumentParser(
        prog="scripts/import",
        description="Import UTF-8 CSV files of a folder, or the sheets of a workbook. "
        "Nothing is written unless every row is right.",
        allow_abbrev=False,
    )
    add = parser.add_argument
    add("source", metavar="DIR", type=Path, help="the folder or .xlsx file")
    add(
        "--db",
        metavar="NAME",
        type=options.database_name,
        required=True,
        help="database",
    )
    add(
        "--history",
        action="store_true",
        help="past documents: record them without budget and credit control",
    )
    add("--user", metavar="LOGIN", help="who imports (by default the system)")
    return parser


def main(argv):
    """Run the command; see entry.main for the exit status."""
    parser = build_parser()
    chosen = parser.parse_args(argv)
    if not chosen.source.exists():
        parser.error(f"{chosen.source} does not exist")
    if chosen.source.is_file() and chosen.source.suffix.lower() != ".xlsx":
        parser.error(f"{chosen.source} is neither a folder nor an .xlsx file")
    environment.prepare("import", argv)
    # importable only now, on the Python of .venv
    from . import databases

    with postgres.provide() as server:
        if not databases.exists(server, chosen.db):
            raise Failure(
                f"Database {chosen.db}", "it does not exist", "See scripts/run --help"
            )
        report = _load(odoo.write_config("import", server), chosen)
    print("\n".join(importing.table(report)))
    return 0


def _load(config, chosen):
    try:
        with step("Import") as current:
            report = importing.run(
                config,
                chosen.db,
                chosen.source,
                history=chosen.history,
                show=current.note,
                todo=TODO,
                user=chosen.user,
            )
            current.result(importing.summary(report))
            return report
    except importing.Refused as refused:
        for problem in refused.problems:
            print(problem, file=sys.stderr)
        raise

# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
"""Drive an import from outside Odoo: start it, show its progress, read its result."""

import json

from . import odoo, paths
from .steps import Failure

EVENT = "@jxc "


class Refused(Failure):
    """The import was refused as a whole.

    :param problems: one text a problem, "file:row:column: message"
    """

    def __init__(self, problems, todo):
        super().__init__(
            "Import", f"refused because of {len(problems)} problem(s)", todo
        )
        self.problems = problems


def run(config, database, source, history, show, todo, user=None):
    """Import a folder or workbook.

    :param source: path of the folder or .xlsx file
    :param bool history: record past documents without budget and credit control
    :param show: called with a text that says how far it is
    :param user: login of the user who imports, by default the superuser
    :return: the report of jxc.import: {"files": [...], "rows": n, "seconds": s, ...}
    :raise Refused: with all problems; nothing was written
    """
    outcome = {}

    def event(line):
        if not line.startswith(EVENT):
            return
        kind, value = json.loads(line.removeprefix(EVENT))
        if kind == "progress":
            show(bar(**value))
        else:
            outcome[kind] = value

    arguments = [source.resolve()]
    arguments += ["--history"] if history else []
    arguments += ["--user", user] if user else []
    try:
        odoo.inside(
            "Import",
            "import_data",
            config,
            database,
            arguments,
            on_line=event,
            todo=todo,
        )
    except Failure as failure:
        if "problems" in outcome:
            raise Refused(outcome["problems"], todo) from failure
        raise
    (paths.LOG / "import-report.json").write_text(
        json.dumps(outcome["report"], ensure_ascii=False, indent=1)
    )
    return outcome["report"]


def bar(file, done, total, speed):
    """Return one line of progress.

    >>> bar("products.csv", 50, 100, 12.34)
    'products.csv [##########----------]  50 %, 50 of 100 rows, 12 rows/s'
    """
    part = done / total if total else 1
    drawn = "#" * round(part * 20)
    return (
        f"{file} [{drawn:-<20}] {part:4.0%}, {done} of {total} rows, {speed:.0f} rows/s"
    ).replace("%,", " %,")


def table(report):
    """Return the report as lines of a table, with the totals of each file."""
    counts = ("rows", "created", "updated", "unchanged")
    lines = [("file", *counts, "totals")]
    for file in report["files"]:
        totals = ", ".join(f"{name} {value}" for name, value in file["totals"].items())
        lines.append((file["file"], *(str(file.get(key, 0)) for key in counts), totals))
    widths = [max(len(line[column]) for line in lines) for column in range(5)]
    result = []
    for name, *numbers, totals in lines:
        cells = [name.ljust(widths[0])]
        cells += [
            cell.rjust(width) for cell, width in zip(numbers, widths[1:], strict=True)
        ]
        result.append("  ".join([*cells, totals]).rstrip())
    return result


def summary(report):
    """Return one line about the whole import."""
    return f"{report['rows']} rows, {report['rows_per_second']:.0f} rows/s"

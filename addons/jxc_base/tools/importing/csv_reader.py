# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
"""One CSV file to a table: UTF-8 with or without BOM, commas, a header."""

import csv
import io

from odoo.tools.translate import LazyTranslate

from .limits import Limits
from .problems import Problem
from .tables import Table

_lt = LazyTranslate(__name__)


def read_csv(name, content: bytes):
    """Table of one CSV file.

    :param name: name of the file without its ending
    :return: (Table or None, list of Problem)
    """
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        message = _lt("is not UTF-8; save the file as “CSV UTF-8”")
        return None, [Problem(name, line, None, message)]
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    problems = []
    lines = _lines(reader, name, problems)
    number, header = next(lines, (1, []))
    columns = check_header(name, [cell.strip() for cell in header], problems)
    if problems:
        return None, problems
    if len(columns) == 1 and any(mark in columns[0] for mark in ";\t|，；"):
        message = _lt("must separate its columns with commas (,)")
        return None, [Problem(name, number, None, message)]
    rows = []
    for number, cells in lines:
        if len(cells) != len(columns):
            problems.append(Problem(name, number, None, wrong_width(cells, columns)))
        elif len(rows) >= Limits.ROWS:
            problems.append(Problem(name, number, None, too_many_rows()))
            break
        else:
            rows.append((number, dict(zip(columns, cells, strict=True))))
    return Table(name, columns, rows), problems


def _lines(reader, name, problems):
    """Yield (number of the line a record begins on, cells), blank lines left out."""
    while True:
        number = reader.line_num + 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            message = _lt(
                "is not well-formed CSV (%(reason)s); check quotes and line ends",
                reason=str(error),
            )
            problems.append(Problem(name, number, None, message))
            return
        if any(map(str.strip, cells)):
            yield number, cells


def check_header(name, columns, problems):
    """Report an unusable header: none, too wide, unnamed or repeated columns."""
    if not any(columns):
        message = _lt("is empty, a header with column names is required")
        problems.append(Problem(name, 1, None, message))
    elif len(columns) > Limits.COLUMNS:
        message = _lt(
            "has %(count)s columns, at most %(most)s are accepted",
            count=len(columns),
            most=Limits.COLUMNS,
        )
        problems.append(Problem(name, 1, None, message))
    else:
        for position, column in enumerate(columns, start=1):
            if not column:
                message = _lt("column %(position)s has no name", position=position)
                problems.append(Problem(name, 1, None, message))
            elif column in columns[: position - 1]:
                message = _lt("the column is there twice")
                problems.append(Problem(name, 1, column, message))
    return columns


def wrong_width(cells, columns):
    return _lt(
        "has %(count)s cells, the header has %(columns)s",
        count=len(cells),
        columns=len(columns),
    )


def too_many_rows(most=Limits.ROWS):
    return _lt("too many rows, at most %(most)s are accepted", most=most)

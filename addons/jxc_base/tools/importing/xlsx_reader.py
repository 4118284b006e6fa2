# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
"""One workbook to tables, in openpyxl's read-only mode: values as plain texts."""

import datetime
import io
from decimal import Decimal

import openpyxl

from odoo.tools.translate import LazyTranslate

from .csv_reader import check_header, too_many_rows, wrong_width
from .limits import Limits
from .problems import Problem
from .tables import Table

_lt = LazyTranslate(__name__)


def read_workbook(content: bytes, name):
    """Tables of all sheets.

    :param content: bytes of an .xlsx whose size was checked before
    :param name: name of the workbook, for problems with the whole
    :return: (list of Table, list of Problem)
    """
    tables, problems = [], []
    try:
        # Formulas are wanted as formulas, to refuse them: a cached value may be old.
        book = openpyxl.load_workbook(
            io.BytesIO(content), read_only=True, data_only=False, keep_links=False
        )
    except Exception:  # noqa: BLE001 - openpyxl raises anything on damaged files
        message = _lt("is not a workbook (.xlsx) that can be read")
        return [], [Problem(name, None, None, message)]
    try:
        for sheet in book.worksheets:
            table = _read_sheet(sheet, problems)
            if table:
                tables.append(table)
    except Exception:  # noqa: BLE001 - sheets are parsed while they are read
        message = _lt("is damaged: a sheet cannot be read")
        problems.append(Problem(name, None, None, message))
    finally:
        book.close()
    return tables, problems


def _read_sheet(sheet, problems):
    name = sheet.title.strip()
    # The dimensions come from the file and may be a lie; without them openpyxl
    # returns the rows as they are.
    sheet.reset_dimensions()
    lines = _lines(sheet)
    number, header = next(lines, (1, []))
    if not header:
        return None
    found = []
    columns = [_text(cell).strip() for cell in _trimmed(header)]
    check_header(name, columns, found)
    if found:
        problems += found
        return None
    rows = []
    for number, cells in lines:
        if number > Limits.SHEET_ROWS:
            message = _lt("lies below the last row a sheet can have")
            problems.append(Problem(name, None, None, message))
            break
        row, found = _read_row(name, number, _trimmed(cells), columns)
        problems += found
        if len(rows) >= Limits.ROWS:
            problems.append(Problem(name, number, None, too_many_rows()))
            break
        rows.append((number, row))
    return Table(name, columns, rows)


def _lines(sheet):
    """Yield (row number, cells) of the rows that hold anything.

    A file may say that its next row is any number of rows further down. openpyxl gives
    the rows between as one and the same object; what lies below the last row that a
    sheet can have is not counted up to.
    """
    empty = None
    # One column more than accepted, to notice that there are too many.
    for number, cells in enumerate(
        sheet.iter_rows(max_col=Limits.COLUMNS + 1), start=1
    ):
        if number > Limits.SHEET_ROWS:
            yield number, cells
            return
        if cells is empty:
            continue
        if any(_text(cell).strip() for cell in cells):
            yield number, cells
        else:
            empty = cells


def _trimmed(cells):
    """Cells up to the last one with content: sheets are wider than their data."""
    width = len(cells)
    while width and not _text(cells[width - 1]).strip():
        width -= 1
    return cells[:width]


def _read_row(name, number, cells, columns):
    problems, row = [], dict.fromkeys(columns, "")
    if len(cells) > len(columns):
        problems.append(Problem(name, number, None, wrong_width(cells, columns)))
    for column, cell in zip(columns, cells, strict=False):
        kind = cell.data_type
        if kind == "f":
            message = _lt("is a formula, paste the value instead")
            problems.append(Problem(name, number, column, message))
        elif kind == "e":
            message = _lt("holds the error %(text)s", text=_text(cell))
            problems.append(Problem(name, number, column, message))
        else:
            row[column] = _text(cell)
    return row, problems


def _text(cell):
    """The text a CSV file would hold for the cell."""
    value = cell.value
    if value is None:
        return ""
    if isinstance(value, bool):
        return "1" if value else "0"
    if isinstance(value, float):
        # Spreadsheets compute with 15 digits; more would show 0.30000000000000004.
        number = Decimal(format(value, ".15g"))
        return format(number, "f") if number.is_finite() else str(value)
    if isinstance(value, datetime.datetime):
        if value.time() == datetime.time():
            return value.date().isoformat()
        return value.isoformat(sep=" ")
    if isinstance(value, datetime.date):
        return value.isoformat()
    return str(value)

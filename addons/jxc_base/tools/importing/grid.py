# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
"""A file of somebody else's making as rows of texts, whatever its header looks like.

For exports of banks and shops: a title above the header, UTF-8 or GB18030, commas,
tabs or semicolons. What is in the cells is not interpreted, only formulas are refused.
"""

import codecs
import csv
import io
import re

import openpyxl

from odoo.tools.translate import LazyTranslate

from .columns import UNPRINTABLE
from .csv_reader import too_many_rows
from .limits import Limits
from .problems import Problem
from .readers import _too_large, workbook_problem
from .xlsx_reader import _lines, _text, _trimmed

_lt = LazyTranslate(__name__)

ENCODINGS = ("utf-8-sig", "gb18030")
#: Programs keep numbers as texts by writing ="0012".
QUOTED = re.compile(r'="([^"]*)"')


def read_grid(filename, content: bytes, encodings=ENCODINGS, most_rows=Limits.ROWS):
    """Rows of a .csv, .txt or of the first sheet of an .xlsx that holds any.

    :param filename: decides what the file is
    :param encodings: tried one after the other
    :return: (list of (row number, list of stripped texts), list of Problem)
    """
    name = filename or "upload"
    if len(content) > Limits.FILE_BYTES:
        return [], [_too_large(name)]
    if name.lower().endswith(".xlsx"):
        rows, problems = _read_xlsx(name, content, most_rows)
    elif name.lower().endswith((".csv", ".txt")):
        rows, problems = _read_text(name, content, encodings, most_rows)
    else:
        message = _lt("is neither a workbook (.xlsx) nor a text file (.csv)")
        return [], [Problem(name, None, None, message)]
    return [
        (number, [_clean(name, number, cell, problems) for cell in cells])
        for number, cells in rows
    ], problems


def _read_text(name, content, encodings, most_rows):
    text = None
    if content[:2] in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE):
        # what spreadsheet programs call "Unicode text"
        encodings = ("utf-16",)
    for encoding in encodings:
        try:
            text = codecs.decode(content, encoding)
            break
        except UnicodeDecodeError:
            continue
    if text is None or "\x00" in text:
        message = _lt("is not a text file in UTF-8 or GB18030")
        return [], [Problem(name, None, None, message)]
    # strict: a quote that nobody closes would swallow the rows below it
    reader = csv.reader(
        io.StringIO(text, newline=""), delimiter=_delimiter(text), strict=True
    )
    rows, problems = [], []
    number = 1
    try:
        for cells in reader:
            if any(map(str.strip, cells)):
                if len(rows) >= most_rows:
                    problems.append(
                        Problem(name, number, None, too_many_rows(most_rows))
                    )
                    break
                rows.append((number, cells[: Limits.COLUMNS]))
            number = reader.line_num + 1
    except csv.Error as error:
        message = _lt(
            "is not well-formed CSV (%(reason)s); check quotes and line ends",
            reason=str(error),
        )
        problems.append(Problem(name, number, None, message))
    return rows, problems


def _delimiter(text):
    """The separator that the first lines have most of; commas if in doubt."""
    start = "\n".join(text.splitlines()[:30])
    return max(",\t;|", key=lambda mark: (start.count(mark), mark == ","))


def _read_xlsx(name, content, most_rows):
    problem = workbook_problem(content, name)
    if problem:
        return [], [problem]
    rows, problems = [], []
    try:
        book = openpyxl.load_workbook(
            io.BytesIO(content), read_only=True, data_only=False, keep_links=False
        )
        for sheet in book.worksheets:
            sheet.reset_dimensions()
            for number, cells in _lines(sheet):
                if len(rows) >= most_rows:
                    problems.append(
                        Problem(name, number, None, too_many_rows(most_rows))
                    )
                    break
                rows.append((number, _cells(name, number, _trimmed(cells), problems)))
            if rows:
                break
        book.close()
    except Exception:  # noqa: BLE001 - openpyxl raises anything on damaged files
        message = _lt("is damaged: a sheet cannot be read")
        problems.append(Problem(name, None, None, message))
    return rows, problems


def _cells(name, number, cells, problems):
    texts = []
    for cell in cells[: Limits.COLUMNS]:
        if cell.data_type == "f":
            message = _lt("is a formula, paste the value instead")
            problems.append(Problem(name, number, None, message))
        texts.append("" if cell.data_type in ("f", "e") else _text(cell))
    return texts


def _clean(name, number, cell, problems):
    text = cell.strip().strip("\t'`")
    quoted = QUOTED.fullmatch(text)
    text = (quoted.group(1) if quoted else text).strip()
    if text.startswith("=") and len(text) > 1:
        message = _lt("holds a formula, write the value")
    elif len(text) > Limits.CELL_CHARACTERS:
        message = _lt("has a cell that is too long")
    elif UNPRINTABLE.search(text):
        message = _lt("contains control characters, plain text is accepted")
    else:
        return text
    problems.append(Problem(name, number, None, message))
    return ""

# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
"""Workbooks of vouchers: texts stay texts, numbers are numbers, no formulas."""

import datetime
import io
import zipfile
from decimal import Decimal

import openpyxl
import xlsxwriter

from odoo.tools.translate import LazyTranslate

from .. import limits
from ..voucher import VoucherError

_lt = LazyTranslate(__name__, default_lang="en_US")


def write_workbook(sheets):
    """Return a workbook.

    Texts are written as texts, so that none of them ever runs as a formula.

    :param sheets: list of (name, iterable of rows, number of header rows); cells are
        texts, Decimals, whole numbers, dates or None
    """
    stream = io.BytesIO()
    options = {
        "constant_memory": True,
        "in_memory": False,
        "strings_to_formulas": False,
    }
    with xlsxwriter.Workbook(stream, options) as book:
        font = {"font_name": "Microsoft YaHei", "font_size": 10}
        header = book.add_format({**font, "bold": True, "bg_color": "#E7EEF4"})
        text = book.add_format(font)
        date = book.add_format({**font, "num_format": "yyyy-mm-dd"})
        whole = book.add_format({**font, "num_format": "0"})
        amount = book.add_format({**font, "num_format": "#,##0.00######"})
        for name, rows, headers in sheets:
            sheet = book.add_worksheet(name)
            sheet.set_column(0, 80, 14)
            sheet.freeze_panes(headers, 0)
            for row, cells in enumerate(rows):
                for column, cell in enumerate(cells):
                    if cell is None or cell == "":
                        continue
                    if row < headers:
                        sheet.write_string(row, column, cell, header)
                    elif isinstance(cell, str):
                        sheet.write_string(row, column, cell, text)
                    elif isinstance(cell, datetime.date):
                        moment = datetime.datetime.combine(cell, datetime.time())
                        sheet.write_datetime(row, column, moment, date)
                    else:
                        shown = whole if isinstance(cell, int) else amount
                        sheet.write_number(row, column, cell, shown)
    return stream.getvalue()


def read_workbook(content, sheet, headers=1):
    """Yield (row number, {column: text}) of a sheet.

    :param bytes content: the workbook
    :param str sheet: name of the sheet
    :param int headers: how many rows come before the data; the first names the columns
    :raise VoucherError: no workbook, no such sheet, formulas or errors in cells
    """
    _check_size(content)
    try:
        book = openpyxl.load_workbook(
            io.BytesIO(content), read_only=True, data_only=False, keep_links=False
        )
        names = book.sheetnames
    except Exception as error:
        raise VoucherError([_no_workbook()]) from error
    try:
        if sheet not in names:
            raise VoucherError([_lt("There is no sheet %(sheet)s.", sheet=sheet)])
        page = book[sheet]
        page.reset_dimensions()
        columns = []
        try:
            for row, cells in enumerate(page.iter_rows(), 1):
                if row == 1:
                    columns = [_text(cell, row) for cell in cells]
                elif row > headers:
                    values = [_text(cell, row) for cell in cells]
                    if any(values):
                        values += [""] * (len(columns) - len(values))
                        yield row, dict(zip(columns, values, strict=False))
                if row > limits.ENTRIES:
                    raise VoucherError(
                        [_lt("More than %(count)s rows.", count=limits.ENTRIES)]
                    )
        except (VoucherError, GeneratorExit):
            raise
        except Exception as error:
            raise VoucherError([_no_workbook()]) from error
    finally:
        book.close()


def _check_size(content):
    """Refuse what would unpack to more than a server should hold."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            size = sum(part.file_size for part in archive.infolist())
    except (zipfile.BadZipFile, OSError, ValueError) as error:
        raise VoucherError([_no_workbook()]) from error
    if size > limits.UNPACKED_BYTES:
        raise VoucherError([_lt("The workbook is too large when it is unpacked.")])


def _text(cell, row):
    value = cell.value
    if value is None:
        return ""
    if cell.data_type in ("f", "e"):
        raise VoucherError(
            [
                _lt(
                    "Row %(row)s: the cell %(cell)s holds a formula or an error; only"
                    " values are accepted.",
                    row=row,
                    cell=cell.coordinate,
                )
            ]
        )
    if isinstance(value, datetime.datetime):
        return value.date().isoformat()
    if isinstance(value, bool):
        return "1" if value else "0"
    if isinstance(value, float):
        # 15 digits are what a workbook's number holds for certain
        return f"{Decimal(f'{value:.15g}'):f}"
    return str(value)


def _no_workbook():
    return _lt("This is not a workbook (.xlsx) that can be read.")

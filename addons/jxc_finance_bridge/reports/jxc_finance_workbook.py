# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
import datetime

from odoo import fields, models

FONT = "Microsoft YaHei"
#: day zero of workbooks, as an ordinal
DAY_ZERO = datetime.date(1899, 12, 30).toordinal()


class JxcFinanceWorkbook(models.AbstractModel):
    """What workbooks of the books have in common: numbers as numbers, text never as
    formula, a frozen header, a Chinese font."""

    _name = "jxc.finance.workbook"
    _inherit = "report.report_xlsx.abstract"
    _description = "Finance Workbook"

    def _get_styles(self, workbook, currency):
        number = "#,##0" + ("." + "0" * currency.decimal_places).rstrip(".")
        base = {"font_name": FONT, "font_size": 10}
        header = {**base, "bold": True, "bg_color": "#E7EEF4", "border": 1}
        styles = {
            "title": {**base, "bold": True, "font_size": 14},
            "text": base,
            "header": {**header, "text_wrap": True, "valign": "vcenter"},
            "date": {**base, "num_format": "yyyy-mm-dd"},
            "amount": {**base, "num_format": number},
            "quantity": {**base, "num_format": "#,##0.####"},
            "integer": {**base, "num_format": "0"},
            "total": {**header, "num_format": number},
        }
        return {name: workbook.add_format(style) for name, style in styles.items()}

    def _write_head(self, sheet, styles, title, subtitle, labels):
        """Title, subtitle and column labels; return the number of the first row."""
        sheet.write_string(0, 0, title, styles["title"])
        sheet.write_string(1, 0, subtitle, styles["text"])
        self._write_row(sheet, styles, 2, [("header", label) for label in labels])
        sheet.freeze_panes(3, 1)
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.fit_to_pages(1, 0)
        sheet.repeat_rows(2)
        return 3

    def _write_row(self, sheet, styles, row, cells):
        """Write cells of a row, each ``(style, value)``; None and False stay empty."""
        for column, (style, value) in enumerate(cells):
            if value is None or value is False:
                sheet.write_blank(row, column, None, styles[style])
            elif style == "date":
                moment = fields.Datetime.to_datetime(value)
                sheet.write_datetime(row, column, moment, styles[style])
            elif isinstance(value, str):
                sheet.write_string(row, column, value, styles[style])
            else:
                sheet.write_number(row, column, value, styles[style])

    def _write_rows(self, sheet, styles, row, columns, records):
        """Write many rows whose columns have one style each; return the last's number.

        Twice as fast as row by row: the kind of a cell is not looked up again.

        :param columns: list of (name, style)
        :param records: dicts with strings, dates, numbers and None by name
        """
        places = [
            (column, name, styles[style])
            for column, (name, style) in enumerate(columns)
        ]
        last = row
        for last, record in enumerate(records, start=row):
            for column, name, style in places:
                value = record[name]
                if value is None or value is False:
                    sheet.write_blank(last, column, None, style)
                elif value.__class__ is str:
                    sheet.write_string(last, column, value, style)
                elif value.__class__ is datetime.date:
                    day = value.toordinal() - DAY_ZERO
                    sheet.write_number(last, column, day, style)
                else:
                    sheet.write_number(last, column, value, style)
        return last

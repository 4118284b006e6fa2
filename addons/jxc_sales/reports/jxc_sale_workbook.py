# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import fields, models

FONT = "Microsoft YaHei"
HEADER_ROW = 2
#: Characters of a sheet's name.
LONGEST_NAME = 31
NUMBERS = {"monetary": "#,##0.00", "float": "#,##0.##", "integer": "0"}


class JxcSaleWorkbook(models.AbstractModel):
    """Workbook of a report with rows: numbers as numbers, text never as formula."""

    _name = "jxc.sale.workbook"
    _inherit = "report.report_xlsx.abstract"
    _description = "Sales Report Workbook"

    def _get_columns(self, report):
        """Names of the columns, of the model of the rows."""
        raise NotImplementedError

    def _get_title(self):
        """What the sheet is called: a name without []:*?/\\."""
        raise NotImplementedError

    def generate_xlsx_report(self, workbook, data, objs):
        """One sheet per report, with the columns this user may see."""
        objs.check_access("read")
        styles = self._get_styles(workbook)
        title = self._get_title()[:LONGEST_NAME]
        for number, report in enumerate(objs, start=1):
            sheet = workbook.add_worksheet(str(number) if len(objs) > 1 else title)
            lines = report.line_ids
            names = [
                name
                for name in self._get_columns(report)
                if lines._has_field_access(lines._fields[name], "read")
            ]
            sheet.write_string(0, 0, report.display_name, styles["title"])
            sheet.write_string(
                1,
                0,
                f"{self.env.company.name}  {report.date_from} – {report.date_to}"
                f"  {self.env.company.currency_id.name}",
                styles["text"],
            )
            described = lines.fields_get(names, ["string"])
            for column, name in enumerate(names):
                label = described[name]["string"]
                sheet.write_string(HEADER_ROW, column, label, styles["header"])
            row = HEADER_ROW
            for row, line in enumerate(lines, start=HEADER_ROW + 1):
                for column, name in enumerate(names):
                    self._write_cell(sheet, row, column, line, name, styles)
            sheet.freeze_panes(HEADER_ROW + 1, 0)
            sheet.autofilter(HEADER_ROW, 0, max(row, HEADER_ROW + 1), len(names) - 1)
            sheet.set_column(0, len(names) - 1, 16)
            sheet.set_landscape()
            sheet.set_paper(9)
            sheet.fit_to_pages(1, 0)
            sheet.repeat_rows(HEADER_ROW)

    def _write_cell(self, sheet, row, column, line, name, styles):
        value, kind = line[name], line._fields[name].type
        if kind == "many2one":
            # Who may read the row may read the names in it.
            text = value.sudo().display_name or ""
            sheet.write_string(row, column, text, styles["text"])
        elif kind == "date":
            if value:
                day = fields.Datetime.to_datetime(value)
                sheet.write_datetime(row, column, day, styles["date"])
        else:
            sheet.write_number(row, column, value, styles[kind])

    def _get_styles(self, workbook):
        base = {"font_name": FONT, "font_size": 10}
        header = {**base, "bold": True, "bg_color": "#E7EEF4", "border": 1}
        styles = {
            "title": {**base, "bold": True, "font_size": 14},
            "text": base,
            "header": {**header, "text_wrap": True},
            "date": {**base, "num_format": "yyyy-mm-dd"},
            **{kind: {**base, "num_format": form} for kind, form in NUMBERS.items()},
        }
        return {name: workbook.add_format(style) for name, style in styles.items()}

# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import fields, models

FONT = "Microsoft YaHei"
HEADER_ROW = 2
FIXED = ("default_code", "product", "uom")
NUMBERS = {"qty": "#,##0.######", "value": "#,##0.00", "other": "#,##0.##"}


class StockLedgerXlsx(models.AbstractModel):
    """Workbook of a stock ledger report: numbers as numbers, text never as formula."""

    _name = "report.jxc_stock.stock_ledger_xlsx"
    _inherit = "report.report_xlsx.abstract"
    _description = "Stock Ledger Workbook"

    def _get_objs_for_report(self, docids, data):
        return self.env["jxc.stock.ledger.report"].browse(docids)

    def generate_xlsx_report(self, workbook, data, objs):
        """One sheet per report and company."""
        styles = self._get_styles(workbook)
        for report in objs:
            for company, lines in report._print_lines():
                self._write_sheet(workbook, report, company, lines, styles)
            if not report.line_ids:
                workbook.add_worksheet(self.env._("Nothing"))

    def _write_sheet(self, workbook, report, company, lines, styles):
        title = dict(report._fields["kind"]._description_selection(self.env))
        sheet = workbook.add_worksheet(self._sheet_name(workbook, company))
        sheet.write_string(0, 0, title[report.kind], styles["title"])
        subtitle = f"{company.name}  {report._period_text()}"
        sheet.write_string(
            1, 0, f"{subtitle}  {company.currency_id.name}", styles["text"]
        )
        labels = report._get_labels()
        heads = [
            self.env._("Code"),
            self.env._("Product"),
            self.env._("Unit"),
            *labels.values(),
        ]
        for column, label in enumerate(heads):
            sheet.write_string(HEADER_ROW, column, label, styles["header"])
        number = HEADER_ROW
        for number, line in enumerate(lines, start=HEADER_ROW + 1):
            product = line.product_id
            for column, text in enumerate(
                (product.default_code, product.name, line.uom_id.name)
            ):
                sheet.write_string(number, column, text or "", styles["text"])
            for column, name in enumerate(labels, start=len(FIXED)):
                self._write_cell(sheet, number, column, line, name, styles)
        self._write_totals(sheet, number + 1, report, company, labels, styles)
        sheet.freeze_panes(HEADER_ROW + 1, len(FIXED))
        sheet.autofilter(HEADER_ROW, 0, max(number, HEADER_ROW + 1), len(heads) - 1)
        sheet.set_column(0, 0, 12)
        sheet.set_column(1, 1, 32)
        sheet.set_column(2, 2, 6)
        sheet.set_column(len(FIXED), len(heads) - 1, 14)
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.fit_to_pages(1, 0)
        sheet.repeat_rows(HEADER_ROW)

    def _sheet_name(self, workbook, company):
        """The company's name as far as a sheet may be called that, once each."""
        cleaned = "".join(c for c in company.name if c not in "[]:*?/\\'")[:25]
        taken = {sheet.get_name() for sheet in workbook.worksheets()}
        return f"{cleaned} {company.id}" if cleaned in taken else cleaned or "1"

    def _write_cell(self, sheet, row, column, line, name, styles):
        value, kind = line[name], line._fields[name].type
        if kind == "many2one":
            sheet.write_string(row, column, value.display_name or "", styles["text"])
        elif kind == "date":
            if value:
                day = fields.Datetime.to_datetime(value)
                sheet.write_datetime(row, column, day, styles["date"])
        elif kind == "char":
            sheet.write_string(row, column, value or "", styles["text"])
        elif value or not name.startswith("turnover_"):
            # Goods that were not issued have no turnover; no cell, as in print.
            style = name.rsplit("_", 1)[-1]
            sheet.write_number(row, column, value, styles.get(style, styles["other"]))

    def _write_totals(self, sheet, row, report, company, labels, styles):
        totals = report._get_totals().get(company.id, {})
        sheet.write_string(row, 0, self.env._("Total"), styles["header"])
        for column in range(1, len(FIXED)):
            sheet.write_blank(row, column, None, styles["header"])
        for column, name in enumerate(labels, start=len(FIXED)):
            if name in totals:
                sheet.write_number(row, column, totals[name], styles["total"])
            else:
                sheet.write_blank(row, column, None, styles["header"])

    def _get_styles(self, workbook):
        base = {"font_name": FONT, "font_size": 10}
        header = {**base, "bold": True, "bg_color": "#E7EEF4", "border": 1}
        return {
            "title": workbook.add_format({**base, "bold": True, "font_size": 14}),
            "text": workbook.add_format(base),
            "header": workbook.add_format({**header, "text_wrap": True}),
            "date": workbook.add_format({**base, "num_format": "yyyy-mm-dd"}),
            "total": workbook.add_format({**header, "num_format": NUMBERS["value"]}),
            **{
                name: workbook.add_format({**base, "num_format": number})
                for name, number in NUMBERS.items()
            },
        }

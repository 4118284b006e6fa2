# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import models

HEADER_ROW = 2


class StatementXlsx(models.AbstractModel):
    """Workbook of a financial statement: numbers as numbers, text never as formula."""

    _name = "report.jxc_finance_bridge.statement_xlsx"
    _inherit = "report.jxc_finance_bridge.trial_balance_xlsx"
    _description = "Financial Statement Workbook"

    def _get_objs_for_report(self, docids, data):
        return self.env["jxc.finance.statement"].browse(docids)

    def _write_sheet(self, workbook, statement):
        result = statement._get_result()
        columns = [
            (field.removeprefix("amount_"), label)
            for field, label in statement._get_print_columns()
        ]
        styles = self._get_styles(workbook, statement.currency_id)
        sheet = workbook.add_worksheet(result["name"][:31])
        sheet.write_string(0, 0, result["name"], styles["title"])
        sheet.write_string(0, 1, result["form"], styles["text"])
        sheet.write_string(
            1, 0, self._get_statement_subtitle(statement), styles["text"]
        )
        labels = [self.env._("Item"), self.env._("Line Number")]
        for column, label in enumerate([*labels, *(label for _name, label in columns)]):
            sheet.write_string(HEADER_ROW, column, label, styles["header"])
        number = HEADER_ROW
        for number, line in enumerate(result["lines"], start=HEADER_ROW + 1):
            strong = line["kind"] in ("sum", "heading")
            text = styles["header" if strong else "text"]
            sheet.write_string(number, 0, "\u3000" * line["level"] + line["name"], text)
            sheet.write_string(number, 1, line["line"], text)
            for column, (name, _label) in enumerate(columns, start=2):
                if line["kind"] == "heading":
                    sheet.write_blank(number, column, None, text)
                else:
                    style = styles["total" if strong else "amount"]
                    sheet.write_number(number, column, line[name], style)
        for offset, problem in enumerate(result["problems"], start=2):
            sheet.write_string(number + offset, 0, problem, styles["text"])
        sheet.freeze_panes(HEADER_ROW + 1, 1)
        sheet.set_column(0, 0, 52)
        sheet.set_column(1, 1, 12)
        sheet.set_column(2, 1 + len(columns), 18)
        sheet.set_paper(9)
        sheet.fit_to_pages(1, 0)
        sheet.repeat_rows(HEADER_ROW)

    def _get_statement_subtitle(self, statement):
        return (
            f"{statement.company_id.name}  {statement._get_print_date()}"
            f"  {statement._get_print_unit()}"
        )

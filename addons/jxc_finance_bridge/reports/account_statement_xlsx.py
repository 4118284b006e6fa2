# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import models


class AccountStatementXlsx(models.AbstractModel):
    """Workbook of statements of account, a sheet for each."""

    _name = "report.jxc_finance_bridge.account_statement_xlsx"
    _inherit = "jxc.finance.workbook"
    _description = "Statement Workbook"

    def generate_xlsx_report(self, workbook, data, objs):
        """One sheet for each statement."""
        objs.check_access("read")
        names = [
            ("date", "date"),
            ("document", "text"),
            ("name", "text"),
            ("date_maturity", "date"),
            ("unit", "text"),
            ("quantity", "quantity"),
            ("price", "amount"),
            ("amount", "amount"),
            ("debit", "amount"),
            ("credit", "amount"),
            ("balance", "amount"),
        ]
        lines = self.env["jxc.statement.line"]
        described = lines.fields_get([name for name, _style in names], ["string"])
        labels = [described[name]["string"] for name, _style in names]
        opening, total = self.env._("Opening Balance"), self.env._("Total")
        title = self.env._("Statement of Account")
        for number, statement in enumerate(objs, start=1):
            styles = self._get_styles(workbook, statement.currency_id)
            sheet = workbook.add_worksheet(str(number) if len(objs) > 1 else title)
            row = self._write_head(
                sheet,
                styles,
                f"{title} {statement.display_name}",
                f"{statement.company_id.name}  {statement.date_from} –"
                f" {statement.date_to}  {statement.currency_id.name}",
                labels,
            )
            blank = [("text", None)] * 8
            first = [("text", None), ("text", None), ("text", opening), *blank[:7]]
            self._write_row(sheet, styles, row, [*first, ("amount", statement.opening)])
            for line in statement.line_ids:
                row += 1
                cells = [(style, self._cell(line, name)) for name, style in names]
                self._write_row(sheet, styles, row, cells)
            foot = [("header", total), *[("header", None)] * 7]
            sums = (statement.debit, statement.credit, statement.closing)
            cells = [*foot, *(("total", amount) for amount in sums)]
            self._write_row(sheet, styles, row + 1, cells)
            row += 3
            for label, amount in statement.ageing or []:
                cells = [("text", label), ("amount", amount)]
                self._write_row(sheet, styles, row, cells)
                row += 1
            sheet.set_column(0, len(names) - 1, 14)
            sheet.set_column(2, 2, 32)

    def _cell(self, line, name):
        """The value of a column, None where it says nothing."""
        goods = ("unit", "quantity", "price", "amount")
        if (name in goods) != line.is_goods and name != "name":
            return None
        return line[name]

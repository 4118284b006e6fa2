# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import fields, models

FONT = "Microsoft YaHei"
HEADER_ROW = 3
MONEY = "#,##0.00"
PERCENT = "0.0%"

LINE_FIELDS = (
    "analytic_account_id",
    "category_id",
    "partner_id",
    "date_from",
    "date_to",
    "control",
    "amount_planned",
    "amount_adjusted",
    "amount_reserved",
    "amount_committed",
    "amount_actual",
    "amount_available",
)
#: What budget lines are made for, as the analysis calls it.
DIMENSIONS = ("budget_analytic_account_id", "budget_category_id", "budget_partner_id")
AMOUNTS = (
    "amount_planned",
    "amount_adjusted",
    "amount_reserved",
    "amount_committed",
    "amount_actual",
    "amount_available",
)
ENTRY_FIELDS = (
    "date",
    "line_id",
    "stage",
    "document_name",
    "partner_id",
    "product_id",
    "category_id",
    "analytic_account_id",
    "amount",
)


class JxcBudgetXlsx(models.AbstractModel):
    """Workbook of budgets: of each one a sheet with lines, analysis and entries."""

    _name = "report.jxc_purchase.budget_xlsx"
    _inherit = "report.report_xlsx.abstract"
    _description = "Purchase Budget Workbook"

    def _get_objs_for_report(self, docids, data):
        return self.env["jxc.purchase.budget"].browse(docids)

    def generate_xlsx_report(self, workbook, data, objs):
        """Numbers as numbers, text never as formula."""
        styles = self._get_styles(workbook)
        objs.check_access("read")
        for budget in objs:
            lines = workbook.add_worksheet(self._sheet_name(workbook, budget.name))
            self._write_lines(lines, budget, styles)
            title = self.env._("%s analysis", budget.name[:17])
            sheet = workbook.add_worksheet(self._sheet_name(workbook, title))
            self._write_analysis(sheet, budget, styles)
            entries = self.env["jxc.budget.entry"].search(
                [("budget_id", "=", budget.id)], order="date, id"
            )
            title = self.env._("%s entries", budget.name[:20])
            sheet = workbook.add_worksheet(self._sheet_name(workbook, title))
            self._write_title(sheet, budget, styles)
            self._write_table(sheet, entries, ENTRY_FIELDS, styles)

    def _write_title(self, sheet, budget, styles):
        sheet.write_string(0, 0, budget.name, styles["title"])
        sheet.write_string(
            1,
            0,
            f"{budget.company_id.name}  {budget.date_from} – {budget.date_to} "
            f" {budget.currency_id.name}",
            styles["text"],
        )

    def _write_lines(self, sheet, budget, styles):
        self._write_title(sheet, budget, styles)
        lines = budget.line_ids
        row = self._write_table(sheet, lines, LINE_FIELDS, styles)
        column = len(LINE_FIELDS)
        sheet.write_string(HEADER_ROW, column, self.env._("Used (%)"), styles["header"])
        for number, line in enumerate(lines, start=HEADER_ROW + 1):
            base = line._limit_base()
            used = (base - line.amount_available) / base if base else 0.0
            sheet.write_number(number, column, used, styles["percent"])
        sheet.write_string(row, 0, self.env._("Total"), styles["header"])
        for number, name in enumerate(LINE_FIELDS[1:], start=1):
            if lines._fields[name].type == "monetary":
                total = sum(lines.mapped(name))
                sheet.write_number(row, number, total, styles["total"])
            else:
                sheet.write_blank(row, number, None, styles["header"])

    def _write_analysis(self, sheet, budget, styles):
        """Write plan and use by each dimension of the budget and by period."""
        self._write_title(sheet, budget, styles)
        report = self.env["jxc.budget.report"]
        labels = {
            name: report._fields[name]._description_string(self.env)
            for name in (*DIMENSIONS, "period_start", *AMOUNTS)
        }
        header = [self.env._("Dimension"), self.env._("Value"), labels["period_start"]]
        header += [labels[name] for name in AMOUNTS]
        for column, label in enumerate(header):
            sheet.write_string(HEADER_ROW, column, label, styles["header"])
            sheet.set_column(column, column, 16)
        row = HEADER_ROW
        for name in DIMENSIONS:
            for value, period, *amounts in report._read_group(
                [("budget_id", "=", budget.id)],
                [name, "period_start:day"],
                [f"{amount}:sum" for amount in AMOUNTS],
            ):
                row += 1
                # Who may read a budget may read the names in it.
                text = value.sudo().display_name or self.env._("Any")
                sheet.write_string(row, 0, labels[name], styles["text"])
                sheet.write_string(row, 1, text, styles["text"])
                day = fields.Datetime.to_datetime(period)
                sheet.write_datetime(row, 2, day, styles["date"])
                for column, amount in enumerate(amounts, start=3):
                    sheet.write_number(row, column, amount, styles["money"])
        self._set_up_page(sheet, row, len(header))

    def _write_table(self, sheet, records, names, styles):
        """Write a row for each record; return the row below."""
        for column, name in enumerate(names):
            label = records._fields[name]._description_string(self.env)
            sheet.write_string(HEADER_ROW, column, label, styles["header"])
            sheet.set_column(column, column, 16)
        row = HEADER_ROW
        for row, record in enumerate(records, start=HEADER_ROW + 1):
            for column, name in enumerate(names):
                self._write_cell(sheet, row, column, record, name, styles)
        self._set_up_page(sheet, row, len(names))
        return row + 1

    def _set_up_page(self, sheet, last_row, width):
        sheet.freeze_panes(HEADER_ROW + 1, 0)
        sheet.autofilter(HEADER_ROW, 0, max(last_row, HEADER_ROW + 1), width - 1)
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.fit_to_pages(1, 0)
        sheet.repeat_rows(HEADER_ROW)

    def _write_cell(self, sheet, row, column, record, name, styles):
        value, field = record[name], record._fields[name]
        if field.type == "monetary":
            sheet.write_number(row, column, value, styles["money"])
        elif field.type == "date" and value:
            day = fields.Datetime.to_datetime(value)
            sheet.write_datetime(row, column, day, styles["date"])
        else:
            if field.type == "many2one":
                # Who may read an entry may read the names in it.
                value = value.sudo().display_name
            elif field.type == "selection" and value:
                value = dict(field._description_selection(self.env))[value]
            sheet.write_string(row, column, value or "", styles["text"])

    def _sheet_name(self, workbook, name):
        """The name as far as a sheet may be called that, once each."""
        taken = {sheet.get_name().lower() for sheet in workbook.worksheets()}
        cleaned = "".join(c for c in name if c not in "[]:*?/\\'")[:27] or "1"
        if cleaned.lower() in taken:
            cleaned = f"{cleaned} {len(taken)}"
        return cleaned

    def _get_styles(self, workbook):
        base = {"font_name": FONT, "font_size": 10}
        header = {**base, "bold": True, "bg_color": "#E7EEF4", "border": 1}
        return {
            "title": workbook.add_format({**base, "bold": True, "font_size": 14}),
            "text": workbook.add_format(base),
            "header": workbook.add_format({**header, "text_wrap": True}),
            "date": workbook.add_format({**base, "num_format": "yyyy-mm-dd"}),
            "money": workbook.add_format({**base, "num_format": MONEY}),
            "percent": workbook.add_format({**base, "num_format": PERCENT}),
            "total": workbook.add_format({**header, "num_format": MONEY}),
        }

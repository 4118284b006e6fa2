# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import models

from ..wizards.jxc_trial_balance import AMOUNTS

FONT = "Microsoft YaHei"
HEADER_ROW = 2


class TrialBalanceXlsx(models.AbstractModel):
    """Workbook of the trial balance: numbers as numbers, text never as formula."""

    _name = "report.jxc_finance_bridge.trial_balance_xlsx"
    _inherit = "report.report_xlsx.abstract"
    _description = "Trial Balance Workbook"

    def _get_objs_for_report(self, docids, data):
        return self.env["jxc.trial.balance"].browse(docids)

    def generate_xlsx_report(self, workbook, data, objs):
        """One sheet per trial balance."""
        for balance in objs:
            self._write_sheet(workbook, balance)

    def _write_sheet(self, workbook, balance):
        result = balance.get_balances(
            balance.date_from,
            balance.date_to,
            balance.company_id.id,
            level=balance.level,
            hide_zero=balance.hide_zero,
        )
        styles = self._get_styles(workbook, balance.currency_id)
        sheet = workbook.add_worksheet(self.env._("Trial Balance"))
        sheet.write_string(0, 0, self.env._("Trial Balance"), styles["title"])
        sheet.write_string(1, 0, self._get_subtitle(result), styles["text"])
        for column, label in enumerate(self._get_labels()):
            sheet.write_string(HEADER_ROW, column, label, styles["header"])
        number = HEADER_ROW
        for number, row in enumerate(result["rows"], start=HEADER_ROW + 1):
            sheet.write_string(number, 0, row["code"], styles["text"])
            sheet.write_string(number, 1, row["name"], styles["text"])
            for column, name in enumerate(AMOUNTS, start=2):
                sheet.write_number(number, column, row[name], styles["amount"])
        sheet.write_string(number + 1, 0, self.env._("Total"), styles["header"])
        sheet.write_blank(number + 1, 1, None, styles["header"])
        for column, name in enumerate(AMOUNTS, start=2):
            sheet.write_number(
                number + 1, column, result["totals"][name], styles["total"]
            )
        sheet.freeze_panes(HEADER_ROW + 1, 2)
        sheet.set_column(0, 0, 12)
        sheet.set_column(1, 1, 28)
        sheet.set_column(2, 1 + len(AMOUNTS), 16)
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.fit_to_pages(1, 0)
        sheet.repeat_rows(HEADER_ROW)

    def _get_labels(self):
        lines = self.env["jxc.trial.balance.line"].fields_get(
            ["code", "name", *AMOUNTS], ["string"]
        )
        return [lines[name]["string"] for name in ("code", "name", *AMOUNTS)]

    def _get_subtitle(self, result):
        return (
            f"{result['company']}  {result['date_from']} – {result['date_to']}"
            f"  {result['currency']}"
        )

    def _get_styles(self, workbook, currency):
        number = "#,##0" + ("." + "0" * currency.decimal_places).rstrip(".")
        base = {"font_name": FONT, "font_size": 10}
        header = {**base, "bold": True, "bg_color": "#E7EEF4", "border": 1}
        return {
            "title": workbook.add_format({**base, "bold": True, "font_size": 14}),
            "text": workbook.add_format(base),
            "header": workbook.add_format(header),
            "amount": workbook.add_format({**base, "num_format": number}),
            "total": workbook.add_format({**header, "num_format": number}),
        }

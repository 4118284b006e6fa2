# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import fields, models

#: characters of a voucher's number and the entry's own
VOUCHER_WIDTH = 28


class GeneralLedgerXlsx(models.AbstractModel):
    """The general ledger's workbook in words that have a Chinese translation.

    Texts of another addon's Python code are translated by that addon only; terms of its
    views and fields are in ``i18n_extra``.
    """

    _inherit = "report.a_f_r.report_general_ledger_xlsx"

    def _jxc_get_headers(self):
        """Return ``{field: label}`` of the columns."""
        return {
            "date": self.env._("Date"),
            "entry": self.env._("Voucher"),
            "journal": self.env._("Journal"),
            "account": self.env._("Account"),
            "taxes_description": self.env._("Taxes"),
            "partner_name": self.env._("Partner"),
            "ref_label": self.env._("Summary"),
            "analytic_distribution": self.env._("Analytic Distribution"),
            "rec_name": self.env._("Settlement No."),
            "debit": self.env._("Debit"),
            "credit": self.env._("Credit"),
            "balance": self.env._("Balance"),
            "bal_curr": self.env._("Amount in Currency"),
            "total_bal_curr": self.env._("Balance in Currency"),
        }

    def _get_report_name(self, report, data=False):
        company = report.company_id or self.env.company
        return " - ".join(
            (self.env._("General Ledger"), company.name, company.currency_id.name)
        )

    def _get_report_columns(self, report):
        columns = super()._get_report_columns(report)
        headers = self._jxc_get_headers()
        for column in columns.values():
            column["header"] = headers.get(column["field"], column["header"])
            if column["field"] == "entry":
                column["width"] = VOUCHER_WIDTH
        return columns

    def _get_report_filters(self, report):
        def choice(chosen):
            return self.env._("Yes") if chosen else self.env._("No")

        posted = report.target_move == "posted"
        return [
            [self.env._("Period"), f"{report.date_from} – {report.date_to}"],
            [
                self.env._("Vouchers"),
                self.env._("Posted only") if posted else self.env._("All"),
            ],
            [
                self.env._("Without accounts that have no balance and no entries"),
                choice(report.hide_account_at_0),
            ],
            [self.env._("One line a month"), choice(report.centralize)],
            [self.env._("With foreign currency"), choice(report.foreign_currency)],
        ]

    def _write_report_title(self, title, report_data):
        """The title, and below it the columns, which stay on screen and on paper."""
        row = report_data["row_pos"]
        result = super()._write_report_title(title, report_data)
        following = report_data["row_pos"]
        report_data["row_pos"] = row + 1
        self.write_array_header(report_data)
        report_data["row_pos"] = following
        sheet = report_data["sheet"]
        sheet.freeze_panes(row + 2, 0)
        sheet.repeat_rows(row, row + 1)
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.fit_to_pages(1, 0)
        return result

    def _jxc_write_label(self, row, label, style, report_data):
        """Write a label over the one that the addon chose itself.

        The row is still in memory, and the last value of a cell counts.
        """
        report_data["sheet"].write(
            row,
            self._get_col_pos_initial_balance_label(),
            label,
            report_data["formats"][style],
        )

    def write_line_from_dict(self, line_dict, report_data):
        day = line_dict.get("date")
        if day and not isinstance(day, str):
            line_dict = {**line_dict, "date": fields.Date.to_string(day)}
        return super().write_line_from_dict(line_dict, report_data)

    def write_initial_balance_from_dict(self, my_object, report_data):
        row = report_data["row_pos"]
        result = super().write_initial_balance_from_dict(my_object, report_data)
        label = self.env._("Opening balance")
        self._jxc_write_label(row, label, "format_right", report_data)
        return result

    def write_ending_balance_from_dict(self, my_object, report_data):
        row = report_data["row_pos"]
        result = super().write_ending_balance_from_dict(my_object, report_data)
        label = self.env._("Closing balance")
        self._jxc_write_label(row, label, "format_header_right", report_data)
        return result

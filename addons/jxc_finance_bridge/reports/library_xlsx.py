# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import models

from .jxc_finance_workbook import FONT

#: Names that begin with "=" stay names; the workbooks write no formula of their own.
HARMLESS = {"strings_to_formulas": False, "strings_to_urls": False}
#: A font that has Chinese characters, as in the addon's own workbooks.
OPTIONS = {**HARMLESS, "default_format_properties": {"font_name": FONT}}


class AccountFinancialReportXlsx(models.AbstractModel):
    """Workbooks of ledgers: names of users never run in a spreadsheet."""

    _inherit = "report.account_financial_report.abstract_report_xlsx"

    def get_workbook_options(self):
        return {**super().get_workbook_options(), **OPTIONS}


#: Rows above the columns of a report that users build, without its filters.
TITLE_ROWS, COLUMN_ROWS = 2, 2


class MisReportInstanceXlsx(models.AbstractModel):
    """Workbooks of reports that users build: the same, and their columns stay put."""

    _inherit = "report.mis_builder.mis_report_instance_xlsx"

    def get_workbook_options(self):
        return {**super().get_workbook_options(), **OPTIONS}

    def _generate_xlsx_one_report(self, workbook, mis_instance):
        sheet = super()._generate_xlsx_one_report(workbook, mis_instance)
        filters = mis_instance.get_filter_descriptions()
        row = TITLE_ROWS + (len(filters) + 1 if filters else 0) + COLUMN_ROWS
        sheet.freeze_panes(row, 1)
        sheet.repeat_rows(row - COLUMN_ROWS, row - 1)
        return sheet

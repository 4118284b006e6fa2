# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import models


class JxcSaleRankingXlsx(models.AbstractModel):
    """Workbook of a ranking."""

    _name = "report.jxc_sales.sale_ranking_xlsx"
    _inherit = "jxc.sale.workbook"
    _description = "Ranking Workbook"

    def _get_title(self):
        return self.env._("Ranking")

    def _write_cell(self, sheet, row, column, line, name, styles):
        if name == line.ranking_id.subject:
            # Of sales without a product, too.
            sheet.write_string(row, column, line.name or "", styles["text"])
            return
        if name == "growth" and not line.revenue_last_year:
            return  # On nothing, nothing grows.
        super()._write_cell(sheet, row, column, line, name, styles)

    def _get_columns(self, report):
        return (
            "rank",
            report.subject,
            "revenue",
            "share",
            "revenue_last_year",
            "growth",
            "qty",
            "amount_discount",
            "amount_returned",
            "return_rate",
            "margin",
            "margin_rate",
        )

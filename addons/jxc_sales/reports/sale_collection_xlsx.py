# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import models


class JxcSaleCollectionXlsx(models.AbstractModel):
    """Workbook of collection and DSO."""

    _name = "report.jxc_sales.sale_collection_xlsx"
    _inherit = "jxc.sale.workbook"
    _description = "Collection Workbook"

    def _get_title(self):
        return self.env._("Collection and DSO")

    def _get_columns(self, report):
        return (
            "date_from",
            "date_to",
            "partner_id",
            "user_id",
            "opening",
            "billed",
            "collected",
            "other",
            "closing",
            "collection_rate",
            "recovery_rate",
            "dso",
        )

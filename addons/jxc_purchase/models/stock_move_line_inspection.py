# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import fields, models


class StockMoveLine(models.Model):
    _inherit = "stock.move.line"

    jxc_inspection_line_id = fields.Many2one(
        comodel_name="jxc.receipt.inspection.line",
        string="Inspection Line",
        readonly=True,
        copy=False,
        index="btree_not_null",
        check_company=True,
    )

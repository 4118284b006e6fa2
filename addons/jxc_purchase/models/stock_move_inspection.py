# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import fields, models


class StockMove(models.Model):
    _inherit = "stock.move"

    jxc_inspection_line_ids = fields.One2many(
        comodel_name="jxc.receipt.inspection.line",
        inverse_name="move_id",
        string="Inspection Lines",
        readonly=True,
        copy=False,
    )
    jxc_inspection_id = fields.Many2one(
        comodel_name="jxc.receipt.inspection",
        string="Moved by Inspection",
        readonly=True,
        copy=False,
        index="btree_not_null",
        check_company=True,
        help="The inspection that decided on this movement.",
    )

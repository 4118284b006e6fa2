# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import fields, models


class StockMove(models.Model):
    _inherit = "stock.move"

    jxc_count_line_id = fields.Many2one(
        comodel_name="jxc.stock.count.line",
        string="Count Line",
        readonly=True,
        copy=False,
        index="btree_not_null",
        help="The line of a stock count that this move applies.",
    )

    # The last word on "nothing is applied twice", whatever wrote the move.
    _jxc_count_line_unique = models.UniqueIndex(
        "(jxc_count_line_id) WHERE jxc_count_line_id IS NOT NULL",
        "The difference of this count line is applied already.",
    )

# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import fields, models


class AccountMove(models.Model):
    """Documents over the money of a return."""

    _inherit = "account.move"

    jxc_sale_return_id = fields.Many2one(
        comodel_name="jxc.sale.return",
        string="Return and Exchange",
        readonly=True,
        copy=False,
        index="btree_not_null",
        check_company=True,
    )

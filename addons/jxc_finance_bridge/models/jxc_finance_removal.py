# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import fields, models


class JxcFinanceRemoval(models.Model):
    """A deleted entry that was posted once: readers of changes must forget it."""

    _name = "jxc.finance.removal"
    _description = "Deleted Voucher"
    _order = "id"
    _rec_name = "key"

    company_id = fields.Many2one(
        comodel_name="res.company",
        required=True,
        index=True,
        ondelete="cascade",
    )
    move_res_id = fields.Integer(
        string="Journal Entry",
        required=True,
    )
    key = fields.Char(
        string="Reference",
        required=True,
    )

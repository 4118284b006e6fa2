# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import fields, models

#: Who reads repair orders, see ir.model.access.csv.
REPAIRERS = "stock.group_stock_user,jxc_base.group_executive"


class StockPicking(models.Model):
    """Repairs are shown on transfers to who may read repairs.

    The platform shows them to everybody, so that whoever else reads transfers (buyers,
    salespeople, accountants) could not open one.
    """

    _inherit = "stock.picking"

    repair_ids = fields.One2many(groups=REPAIRERS)
    nbr_repairs = fields.Integer(groups=REPAIRERS)

# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import fields, models


class AccountPayment(models.Model):
    """Payments that a shop tells of."""

    _inherit = "account.payment"

    jxc_channel_order_id = fields.Many2one(
        comodel_name="sale.order",
        string="Order of the Shop",
        readonly=True,
        copy=False,
        index="btree_not_null",
        check_company=True,
    )

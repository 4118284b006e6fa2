# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import fields, models


class AccountMoveLine(models.Model):
    """What documents over returns take back of promotions."""

    _inherit = "account.move.line"

    jxc_promotion_line_id = fields.Many2one(
        comodel_name="sale.order.line",
        string="Promotion Taken Back",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
        help="The reward, or discount, of the order that this line takes back.",
    )

    def _jxc_sale_orders(self):
        """The orders that these lines bill, credit or take promotions of back."""
        return (self.sale_line_ids | self.jxc_promotion_line_id).order_id

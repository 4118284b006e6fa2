# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import fields, models

from ..tools import marks

PROMOTION_FIELDS = frozenset({"jxc_promotion_line_id"})


class AccountMoveLine(models.Model):
    """What documents over returns take back of promotions.

    The customer's credit and the next return count with it. So only returns say it, and
    what reverses one of their documents.
    """

    _name = "account.move.line"
    _inherit = ["account.move.line", "jxc.server.fields.mixin"]

    #: See ``jxc.server.fields.mixin``.
    _jxc_server_fields = PROMOTION_FIELDS

    jxc_promotion_line_id = fields.Many2one(
        comodel_name="sale.order.line",
        string="Promotion Taken Back",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="set null",
        help="The reward, or discount, of the order that this line takes back.",
    )

    def _copy_data_extend_business_fields(self, values):
        """A reversal gives the promotion again; a copy is a document of its own."""
        super()._copy_data_extend_business_fields(values)
        if marks.reversing_of(self.env):
            values["jxc_promotion_line_id"] = self.jxc_promotion_line_id.id

    def _jxc_guarded_fields(self):
        guarded = super()._jxc_guarded_fields()
        return guarded - PROMOTION_FIELDS if marks.reversing_of(self.env) else guarded

    def _jxc_sale_orders(self):
        """The orders that these lines bill, credit or take promotions of back."""
        return (self.sale_line_ids | self.jxc_promotion_line_id).order_id

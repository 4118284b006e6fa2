# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import fields, models


class JxcStockAccrual(models.Model):
    """Accrued receipts (暂估) by purchase line, and what was billed ahead.

    The sum of a role is the balance of its account: credit for accrued receipts, debit
    for goods in transit.
    """

    _name = "jxc.stock.accrual"
    _inherit = "jxc.stock.book.mixin"
    _description = "Accrued Receipt"

    role = fields.Selection(
        selection_add=[("accrual", "Accrued receipt"), ("transit", "In transit")],
        ondelete={"accrual": "cascade", "transit": "cascade"},
    )
    purchase_line_id = fields.Many2one(
        "purchase.order.line", required=True, index=True, ondelete="restrict"
    )
    is_bill = fields.Boolean(
        string="Booked by the Bill",
        help="The bill itself is booked against the accrual.",
    )
    order_id = fields.Many2one(
        related="purchase_line_id.order_id", store=True, precompute=True, index=True
    )

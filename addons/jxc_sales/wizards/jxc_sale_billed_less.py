# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import fields, models


class JxcSaleBilledLess(models.TransientModel):
    """Asks a credit manager why less is billed than the order agreed."""

    _name = "jxc.sale.billed.less"
    _description = "Invoices Below the Order"

    order_id = fields.Many2one(
        comodel_name="sale.order",
        required=True,
        readonly=True,
    )
    currency_id = fields.Many2one(related="order_id.currency_id")
    amount = fields.Monetary(
        string="Billed Below the Order",
        related="order_id.jxc_billed_less",
    )
    reason = fields.Char(required=True)

    def action_accept(self):
        """Let the customer owe no more than the invoices ask for.

        :raise AccessError: the user is not a credit manager
        """
        self.ensure_one()
        self.order_id.action_jxc_accept_billed_less(self.reason)
        return {"type": "ir.actions.act_window_close"}

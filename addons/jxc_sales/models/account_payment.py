# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError


class AccountPayment(models.Model):
    _inherit = "account.payment"

    jxc_sale_order_id = fields.Many2one(
        comodel_name="sale.order",
        string="For Order",
        index="btree_not_null",
        check_company=True,
        copy=False,
        domain="[('partner_invoice_id.commercial_partner_id', '=', partner_id),"
        " ('state', '!=', 'cancel')]",
        help="The order that this receipt pays before its invoice (定金, 预收).",
    )

    @api.constrains("jxc_sale_order_id", "partner_id")
    def _check_jxc_sale_order(self):
        for payment in self.filtered("jxc_sale_order_id"):
            order = payment.jxc_sale_order_id.sudo()
            if order.jxc_credit_partner_id != payment.partner_id.commercial_partner_id:
                raise ValidationError(
                    self.env._(
                        "%(order)s is owed by %(customer)s: a receipt from somebody"
                        " else cannot pay it.",
                        order=order.name,
                        customer=order.jxc_credit_partner_id.display_name,
                    )
                )

    def write(self, vals):
        if "jxc_sale_order_id" in vals:
            self._jxc_check_order_kept(vals["jxc_sale_order_id"])
        result = super().write(vals)
        if vals.get("jxc_sale_order_id"):
            self.env["jxc.credit.account"]._jxc_judge_holds_soon()
        return result

    def _jxc_check_order_kept(self, order_id):
        """Keep one receipt from letting one order after the other pass as paid.

        :raise UserError: naming the receipt and its confirmed order
        """
        for payment in self:
            order = payment.jxc_sale_order_id.sudo()
            if order.state == "sale" and order.id != order_id:
                raise UserError(
                    self.env._(
                        "%(receipt)s pays %(order)s, which is confirmed: it cannot pay"
                        " another order.",
                        receipt=payment.display_name,
                        order=order.name,
                    )
                )

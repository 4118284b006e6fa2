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

    jxc_transaction_ids = fields.One2many(
        comodel_name="payment.transaction",
        inverse_name="payment_id",
        string="Paid Online By",
        readonly=True,
        groups="base.group_system",
        export_string_translation=False,
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

    @api.constrains("jxc_sale_order_id", "payment_transaction_id")
    def _check_jxc_online_order(self):
        """What was paid online for some orders pays no other order besides."""
        for payment in self.filtered("jxc_sale_order_id"):
            order, paid = payment.jxc_sale_order_id, payment._jxc_online_orders()
            if paid and order.sudo() not in paid:
                raise ValidationError(
                    self.env._(
                        "%(receipt)s was paid online for %(orders)s: it cannot pay"
                        " another order.",
                        receipt=payment.display_name,
                        orders=", ".join(paid.mapped("name")),
                    )
                )

    def _jxc_online_orders(self):
        """The orders that these payments were made for online, with superuser rights.

        As the transactions say it, whatever the payments do.
        """
        payments = self.sudo()
        transactions = payments.jxc_transaction_ids | payments.payment_transaction_id
        return transactions.sale_order_ids

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

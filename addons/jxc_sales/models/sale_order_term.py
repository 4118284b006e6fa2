# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import fields, models


class SaleOrder(models.Model):
    """A confirmed order that is to be paid later than agreed asks for credit anew.

    Its exposure stays the same, but for longer: the order is judged as if it were
    confirmed now, with the limit and the overdue invoices of today.
    """

    _inherit = "sale.order"

    def write(self, vals):
        confirmed = self.filtered(lambda order: order.state == "sale")
        if "payment_term_id" not in vals or not confirmed:
            return super().write(vals)
        due = {order: order._jxc_last_due() for order in confirmed}
        # Refused terms are taken back here, should a caller swallow the error.
        with self.env.cr.savepoint():
            result = super().write(vals)
            later = confirmed.filtered(
                lambda order: (
                    order.state == "sale" and order._jxc_last_due() > due[order]
                )
            )
            if later:
                later.sudo()._jxc_credit_settle(later._jxc_credit_uses())
        return result

    def _jxc_last_due(self):
        """The day on which the last of the order would be due, were it invoiced now."""
        self.ensure_one()
        day = fields.Date.to_date(self.date_order) or fields.Date.today()
        lines = self.payment_term_id.sudo().line_ids
        return max((line._get_due_date(day) for line in lines), default=day)

# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import models
from odoo.fields import Domain

#: products that a letter names
USUAL = 5


class AccountMove(models.Model):
    _inherit = "account.move"

    def _jxc_open_amount(self):
        """What is still to be paid, negative on credit notes."""
        self.ensure_one()
        sign = -1 if self.move_type == "out_refund" else 1
        return sign * self.amount_residual


class ResPartner(models.Model):
    """What the templates of e-mails to customers say, with the rights of the sender."""

    _inherit = "res.partner"

    def _jxc_open_invoices(self):
        """Return what is open of one customer in the current company, oldest first."""
        self.ensure_one()
        moves = self.env["account.move"]
        if not moves.has_access("read"):
            return moves
        return moves.search(
            Domain("commercial_partner_id", "=", self.commercial_partner_id.id)
            & Domain("company_id", "=", self.env.company.id)
            & Domain("state", "=", "posted")
            & Domain("move_type", "in", ("out_invoice", "out_refund"))
            & Domain("payment_state", "in", ("not_paid", "partial")),
            order="invoice_date_due, id",
        )

    def _jxc_usual_products(self):
        """Return what one customer bought most often, in the current company."""
        self.ensure_one()
        lines = self.env["sale.order.line"]
        if not lines.has_access("read"):
            return self.env["product.product"]
        counted = lines._read_group(
            Domain("order_partner_id", "child_of", self.commercial_partner_id.id)
            & Domain("company_id", "=", self.env.company.id)
            & Domain("state", "=", "sale")
            & Domain("display_type", "=", False)
            & Domain("is_downpayment", "=", False)
            & Domain("product_id.sale_ok", "=", True),
            ["product_id"],
            ["order_id:count_distinct"],
            order="order_id:count_distinct DESC, product_id",
            limit=USUAL,
        )
        return self.env["product.product"].union(*(row[0] for row in counted))

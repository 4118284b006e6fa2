# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import models

#: Changes of a partner that can make another company the vendor of documents.
PARENT_FIELDS = {"is_company", "parent_id"}


class ResPartner(models.Model):
    """Budgets count by the company of a vendor: documents move along with it."""

    _inherit = "res.partner"

    def write(self, vals):
        """Count the documents of partners anew that come to belong to others.

        :raise UserError: a blocking budget line of the new vendor has not enough left
        """
        if not PARENT_FIELDS & set(vals):
            return super().write(vals)
        family = self.sudo().with_context(active_test=False)
        family = family.search([("id", "child_of", self.ids)])
        before = {one: one.commercial_partner_id for one in family}
        result = super().write(vals)
        moved = family.filtered(lambda one: one.commercial_partner_id != before[one])
        self.env["jxc.budget.engine"]._sync(*moved._jxc_budgeted_lines())
        return result

    def _jxc_budgeted_lines(self):
        """Return what budgets look at of what these partners have sold.

        :return: lines of orders, of bills and of requests
        """
        known = ("jxc_budget_match", "!=", False)
        order_lines = self.env["purchase.order.line"].search(
            [("order_id.partner_id", "in", self.ids), known]
        )
        bill_lines = self.env["account.move.line"].search(
            [
                "|",
                ("move_id.partner_id", "in", self.ids),
                ("purchase_line_id", "in", order_lines.ids),
                known,
            ]
        )
        request_lines = self.env["jxc.purchase.request.line"].search(
            [("vendor_id", "in", self.ids), known]
        )
        return order_lines, bill_lines, request_lines

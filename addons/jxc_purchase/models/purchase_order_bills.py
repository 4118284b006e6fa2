# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import models


class PurchaseOrder(models.Model):
    _inherit = "purchase.order"

    def action_view_invoice(self, invoices=False):
        """Show the bills, to people without books in a form that they can read."""
        action = super().action_view_invoice(invoices)
        plain = self.env["account.move"]._jxc_plain_form()
        if plain and action.get("views"):
            action["views"] = [
                (plain.id if kind == "form" else view, kind)
                for view, kind in action["views"]
            ]
        return action

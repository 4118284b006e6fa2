# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import fields, models
from odoo.fields import NO_ACCESS


class AccountMoveLine(models.Model):
    """Bill lines without an order: expenses need none, goods do."""

    _inherit = "account.move.line"

    jxc_order_removed = fields.Boolean(
        string="Order Taken Off", copy=False, groups=NO_ACCESS
    )

    def write(self, vals):
        """A bill line remembers that its order was taken off it."""
        removed = self.browse()
        if "purchase_line_id" in vals and not vals["purchase_line_id"]:
            removed = self.filtered(
                lambda line: (
                    line.purchase_line_id and line.move_id.move_type == "in_invoice"
                )
            )
        result = super().write(vals)
        if removed:
            # sudo: clients neither see nor write it
            removed.sudo().write({"jxc_order_removed": True})
        return result

    def _jxc_lacks_order(self):
        """Whether a line without an order is beyond what the company passes.

        Who took the order off a line does not get it past matching, whatever the
        company asks for; what costs nothing may come without.
        """
        self.ensure_one()
        if self.purchase_line_id or self.price_subtotal <= 0:
            return False
        # sudo: see the field
        if self.sudo().jxc_order_removed:
            return True
        needed = self.company_id.jxc_match_unordered
        return needed == "all" or (needed == "goods" and self.product_id.is_storable)

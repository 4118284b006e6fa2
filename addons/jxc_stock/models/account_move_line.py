# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import api, models
from odoo.exceptions import UserError


class AccountMoveLine(models.Model):
    """Invoices of goods with an auxiliary quantity."""

    _name = "account.move.line"
    _inherit = ["account.move.line", "jxc.aux.price.mixin"]

    def _jxc_qty_field(self):
        return "quantity"

    def _jxc_aux_follows(self):
        return self.parent_state != "posted"

    @api.constrains("product_id", "product_uom_id", "display_type")
    def _check_jxc_unit(self):
        """A unit that does not convert to the product's: the platform would guess."""
        for line in self.filtered(lambda line: line.display_type == "product"):
            line.product_id._jxc_check_unit(line.product_uom_id)

    def write(self, vals):
        """Refuse to change the price of a posted invoice by its pieces.

        :raise UserError: naming the invoices
        """
        if "jxc_aux_qty" in vals:
            posted = self.filtered(
                lambda line: (
                    line.parent_state == "posted"
                    and line.jxc_is_priced_by_aux
                    and line.jxc_aux_qty != vals["jxc_aux_qty"]
                )
            )
            if posted:
                raise UserError(
                    self.env._(
                        "%(invoices)s: posted invoices keep their auxiliary quantity."
                        " Reset them to draft first.",
                        invoices=", ".join(posted.move_id.mapped("display_name")),
                    )
                )
        return super().write(vals)

    @api.depends("jxc_aux_qty", "jxc_is_priced_by_aux")
    def _compute_totals(self):
        return super()._compute_totals()

    @api.depends("jxc_aux_qty", "jxc_is_priced_by_aux")
    def _compute_discount_allocation_needed(self):
        """Discounts of such lines stay in the revenue: the platform only knows one
        quantity to take them out of it."""
        own_way = self.filtered(
            lambda line: any(
                other.jxc_is_priced_by_aux and other.discount
                for other in line.move_id.invoice_line_ids
            )
        )
        own_way.discount_allocation_needed = False
        return super(
            AccountMoveLine, self - own_way
        )._compute_discount_allocation_needed()

    @api.depends("display_type")
    def _compute_jxc_is_priced_by_aux(self):
        goods = self.filtered(lambda line: line.display_type == "product")
        (self - goods).jxc_is_priced_by_aux = False
        return super(AccountMoveLine, goods)._compute_jxc_is_priced_by_aux()

# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import models


class AccountMove(models.Model):
    _inherit = "account.move"

    def _prepare_product_base_line_for_taxes_computation(self, product_line):
        base_line = super()._prepare_product_base_line_for_taxes_computation(
            product_line
        )
        if product_line.jxc_is_priced_by_aux and self.is_invoice(include_receipts=True):
            base_line["quantity"] = product_line.jxc_aux_qty
        return base_line

# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import models


class ProductCategory(models.Model):
    _inherit = "product.category"

    def write(self, vals):
        """Refused where goods of the category are booked on the account until now."""
        if "property_stock_valuation_account_id" in vals:
            company = self.env.company.sudo()
            chosen = self.env["account.account"].sudo()
            chosen = chosen.browse(vals["property_stock_valuation_account_id"])
            default = company.account_stock_valuation_id
            # sudo: whoever edits categories need not see the books
            for category in self.sudo().with_company(company):
                company._jxc_check_goods_stay(
                    category.property_stock_valuation_account_id or default,
                    chosen or default,
                    [("product_id.categ_id", "=", category.id)],
                )
        return super().write(vals)

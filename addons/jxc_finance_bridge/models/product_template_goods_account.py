# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import models


class ProductTemplate(models.Model):
    _inherit = "product.template"

    def write(self, vals):
        """A category with another stock account is refused where goods are booked."""
        if "categ_id" in vals:
            self._jxc_check_category(
                self.env["product.category"].browse(vals["categ_id"])
            )
        return super().write(vals)

    def _jxc_check_category(self, category):
        """
        :raise UserError: when goods would change their stock account in a company
        """
        # sudo: goods may be booked in companies that the user does not see
        companies = (
            self.env["res.company"].sudo().search([("jxc_books_stock", "=", True)])
        )
        name = "property_stock_valuation_account_id"
        for company in companies:
            default = company.account_stock_valuation_id
            wanted = category.sudo().with_company(company)[name] or default
            templates = self.sudo().with_company(company)
            for before, group in templates.grouped("categ_id").items():
                company._jxc_check_goods_stay(
                    before[name] or default,
                    wanted,
                    [("product_id.product_tmpl_id", "in", group.ids)],
                )

# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import fields, models


class JxcPurchaseRequestLine(models.Model):
    """Suggest the vendor who ranks first, not the one who was entered first."""

    _inherit = "jxc.purchase.request.line"

    def _suggested_vendors(self):
        """Rank the vendors of each product by preference, grade and price.

        Where nobody is preferred or graded, the platform's own choice stays.
        """
        suggested = super()._suggested_vendors()
        for company, lines in self.filtered("product_id").grouped("company_id").items():
            company = company or self.env.company
            # A suggestion for everybody who asks; prices and grades are not shown.
            products = lines.product_id.sudo().with_company(company)
            sellers = products.seller_ids
            standing = sellers._jxc_standing(company)
            blocked = {
                product: product.seller_ids.partner_id._jxc_blocked_vendors(
                    company, product
                )
                for product in products
            }
            ranked = {}
            for line in lines:
                fitting = line._fitting_sellers(company)
                if any(
                    seller.jxc_is_preferred or standing[seller.partner_id.id]
                    for seller in fitting
                ):
                    ranked[line] = fitting
            every = sellers.browse().union(*ranked.values())
            prices = every._jxc_untaxed_prices(company)
            for line, fitting in ranked.items():
                key = (company, standing, blocked[line.product_id], prices)
                best = fitting.sorted(lambda one, key=key: one._jxc_rank_key(*key))[0]
                suggested[line] = best.partner_id.with_env(self.env)
        return suggested

    def _fitting_sellers(self, company):
        """Return the vendor prices that hold for quantity and date of one line."""
        self.ensure_one()
        product = self.product_id.sudo().with_company(company)
        today = fields.Date.context_today(self)
        unit = self.product_uom_id
        return product._get_filtered_sellers(
            quantity=self.product_qty,
            date=max(self.date_required or today, today),
            uom_id=unit if unit._has_common_reference(product.uom_id) else None,
        )

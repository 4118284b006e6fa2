# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from collections import defaultdict
from datetime import timedelta

from odoo import fields, models
from odoo.exceptions import AccessError
from odoo.tools import SQL

from odoo.addons.jxc_base.tools.importing import is_history


class PurchaseOrder(models.Model):
    """The limit of direct purchases is for the demand, not for the sheet of paper.

    Within the days that the company sets, direct orders that belong together count
    together: those from the same vendor, and what others order of the same products.
    Who orders does not matter, so that a need cannot be split over colleagues either.
    """

    _inherit = "purchase.order"

    def write(self, vals):
        """Keep the day of the confirmation, by which direct orders count together.

        :raise AccessError: a client writes it
        """
        settled = "date_approve" in vals and "state" not in vals
        if settled and not self.env.su and not is_history(self.env):
            raise AccessError(
                self.env._(
                    "The confirmation date of purchase orders cannot be written: it is"
                    " the moment in which they were confirmed."
                )
            )
        return super().write(vals)

    def _jxc_direct_together(self):
        """Return ``{order: what belongs to it}`` of direct orders with a limit.

        The amount is untaxed, in company currency, without the order itself.

        Operations on the same vendor or product take turns, so that of two orders which
        are confirmed in the same moment the later one sees the earlier one.
        """
        together = defaultdict(float)
        for company, orders in self.sudo().grouped("company_id").items():
            if company.jxc_direct_policy != "limit" or company.jxc_direct_days <= 0:
                continue
            by_vendor = company.jxc_direct_scope in ("any", "vendor")
            by_product = company.jxc_direct_scope in ("any", "product")
            vendors = orders.partner_id.commercial_partner_id
            products = orders._jxc_mode_lines().product_id
            turns = self.env["jxc.duplicate.turn"]
            if by_vendor:
                turns._take_vendors({(company.id, id_) for id_ in vendors.ids})
            if by_product:
                turns._take({(company.id, id_) for id_ in products.ids})
            rows = orders._jxc_direct_lines(
                company,
                vendors.ids if by_vendor else [],
                products.ids if by_product else [],
            )
            for order in orders:
                vendor_id = order.partner_id.commercial_partner_id.id
                product_ids = set(order._jxc_mode_lines().product_id.ids)
                together[order.with_env(self.env)] = sum(
                    amount
                    for order_id, partner_id, product_id, amount in rows
                    if order_id != order.id
                    and (
                        (by_vendor and partner_id == vendor_id)
                        or (by_product and product_id in product_ids)
                    )
                )
        return together

    def _jxc_direct_lines(self, company, vendor_ids, product_ids):
        """Return rows (order id, vendor id, product id, amount) of direct purchases.

        Of confirmed orders of the last days, and of these orders themselves, which are
        confirmed together.
        """
        self.env["purchase.order"].flush_model()
        self.env["purchase.order.line"].flush_model()
        since = fields.Datetime.now() - timedelta(days=company.jxc_direct_days)
        return self.env.execute_query(
            SQL(
                """
                SELECT po.id, vendor.commercial_partner_id, line.product_id,
                       (line.price_subtotal / COALESCE(NULLIF(po.currency_rate, 0), 1))
                       ::float8
                  FROM purchase_order po
                  JOIN purchase_order_line line ON line.order_id = po.id
                  JOIN res_partner vendor ON vendor.id = po.partner_id
                 WHERE po.company_id = %(company)s
                   AND po.jxc_procurement_mode IN ('direct', 'dropship')
                   AND (po.id = ANY(%(ids)s)
                        OR po.state = 'purchase' AND po.date_approve >= %(since)s)
                   AND line.display_type IS NULL
                   AND (vendor.commercial_partner_id = ANY(%(vendors)s)
                        OR line.product_id = ANY(%(products)s))
                   AND NOT (po.jxc_procurement_mode = 'dropship'
                            AND EXISTS (
                                SELECT FROM sale_order_line sold
                                  JOIN sale_order sale ON sale.id = sold.order_id
                                 WHERE sold.id = line.sale_line_id
                                   AND sale.state = 'sale'
                            ))
                """,
                company=company.id,
                ids=self.ids,
                since=since,
                vendors=list(vendor_ids),
                products=list(product_ids),
            )
        )

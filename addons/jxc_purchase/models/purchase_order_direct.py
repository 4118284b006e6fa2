# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from collections import defaultdict
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.tools import SQL

from odoo.addons.jxc_base.tools.guard import own_defaults
from odoo.addons.jxc_base.tools.importing import is_history

from ..tools import token


class PurchaseOrder(models.Model):
    """The limit of direct purchases is for the demand, not for the sheet of paper.

    Within the days that the company sets, direct orders that belong together count
    together: those from the same vendor, and what others order of the same products.
    Who orders does not matter, so that a need cannot be split over colleagues either.
    """

    _inherit = "purchase.order"

    @api.model
    def default_get(self, fields):
        return own_defaults(self, super().default_get(fields), {"date_approve"})

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self._jxc_check_moment(vals)
        return super().create(vals_list)

    def write(self, vals):
        """Keep the day of the confirmation, by which direct orders count together.

        :raise AccessError: a client writes it
        """
        self._jxc_check_moment(vals)
        return super().write(vals)

    def _jxc_check_moment(self, vals):
        """Only a confirmation says when it was; a state beside it is no confirmation.

        :raise AccessError: a client writes the moment
        """
        if not vals.get("date_approve") and not (self and "date_approve" in vals):
            return
        allowed = self.env.su or is_history(self.env) or token.confirmation_of(self.env)
        if not allowed:
            raise AccessError(
                self.env._(
                    "The confirmation date of purchase orders cannot be written: it is"
                    " the moment in which they were confirmed."
                )
            )

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
        confirmed together. All at the rate of today, see ``_jxc_direct_amount``.
        """
        self.env["purchase.order"].flush_model()
        self.env["purchase.order.line"].flush_model()
        since = fields.Datetime.now() - timedelta(days=company.jxc_direct_days)
        rows = self.env.execute_query(
            SQL(
                """
                SELECT po.id, vendor.commercial_partner_id, line.product_id,
                       GREATEST(line.price_subtotal, 0)::float8, po.currency_id
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
        currencies = self.env["res.currency"].browse({row[4] for row in rows})
        today = fields.Date.context_today(self)
        rates = {
            currency.id: currencies._get_conversion_rate(
                currency, company.currency_id, company, today
            )
            for currency in currencies
        }
        return [(*row[:3], row[3] * rates[row[4]]) for row in rows]

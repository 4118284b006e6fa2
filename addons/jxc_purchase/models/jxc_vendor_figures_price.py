# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import models
from odoo.tools import SQL


class JxcVendorFigures(models.AbstractModel):
    """What vendors charge, in relation to what is usual."""

    _inherit = "jxc.vendor.figures"

    # ------------------------------------------------------------
    # Price
    # ------------------------------------------------------------

    def _price_query(self, criterion, company, values):
        """What was paid in relation to what it would have cost at reference prices.

        Prices are untaxed, in company currency, per base unit, discounts taken off. The
        reference price of a product is the mean of the vendor's own last price before
        the period and of the average that all vendors were paid in the period; the
        average counts if there are two vendors at least. Products without either are
        left out.
        """
        return SQL(
            """
            WITH paid AS (%(paid)s),
            market AS (
                SELECT product_id, SUM(amount) / SUM(quantity) AS price
                  FROM paid
                 GROUP BY product_id
                HAVING COUNT(DISTINCT partner_id) > 1
            ),
            wanted AS (
                SELECT * FROM paid WHERE partner_id = ANY(%(partners)s)
            ),
            last AS (
                SELECT DISTINCT ON (before.partner_id, before.product_id)
                       before.partner_id, before.product_id,
                       before.amount / before.quantity AS price
                  FROM (%(before)s) before
                 WHERE before.partner_id = ANY(%(partners)s)
                   AND before.product_id IN (SELECT product_id FROM wanted)
                 ORDER BY before.partner_id, before.product_id, before.moment DESC,
                          before.res_id DESC
            )
            SELECT wanted.partner_id, wanted.res_id, wanted.amount AS part,
                   wanted.quantity * CASE
                       WHEN market.price IS NULL THEN last.price
                       WHEN last.price IS NULL THEN market.price
                       ELSE (last.price + market.price) / 2 END AS whole
              FROM wanted
              LEFT JOIN market ON market.product_id = wanted.product_id
              LEFT JOIN last ON last.product_id = wanted.product_id
                            AND last.partner_id = wanted.partner_id
             WHERE market.price IS NOT NULL OR last.price IS NOT NULL
            """,
            paid=self._bought_lines(
                SQL(
                    "ord.date_approve >= %s AND ord.date_approve < %s",
                    values["begin"],
                    values["end"],
                ),
                values,
            ),
            before=self._bought_lines(
                SQL("ord.date_approve < %s", values["begin"]), values
            ),
            partners=values["partners"],
        )

    def _bought_lines(self, condition, values):
        """SELECT of confirmed order lines with amount in company currency."""
        return SQL(
            """
            SELECT line.id AS res_id, vendor.commercial_partner_id AS partner_id,
                   line.product_id, ord.date_approve AS moment,
                   (line.price_subtotal / COALESCE(NULLIF(ord.currency_rate, 0), 1))
                   ::float8 AS amount,
                   line.product_uom_qty::float8 AS quantity
              FROM purchase_order_line line
              JOIN purchase_order ord ON ord.id = line.order_id
              JOIN res_partner vendor ON vendor.id = ord.partner_id
             WHERE ord.company_id = %(company)s
               AND ord.state = 'purchase'
               AND line.display_type IS NULL
               AND line.product_id IS NOT NULL
               AND line.product_uom_qty > 0
               AND line.price_subtotal > 0
               AND %(condition)s
            """,
            company=values["company"],
            condition=condition,
        )

# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ..tools.set_merge import merge, today_in

KEYS = ("product_id", "other_id")
COMPUTED = ("order_count", "confidence", "lift")
READ = (
    ("sale.order", ["company_id", "state", "date_order"]),
    ("sale.order.line", ["order_id", "product_id", "product_uom_qty"]),
    ("sale.order.line", ["display_type", "is_downpayment"]),
    ("product.product", ["active", "product_tmpl_id"]),
    ("product.template", ["active", "sale_ok", "company_id"]),
)


class JxcProductAffinity(models.Model):
    """Who buys the one product also buys the other: counted from confirmed orders.

    Confidence is the share of the orders with ``product_id`` that have ``other_id``
    too; lift is this share over the one among all orders. Rows are kept by
    ``_recompute`` alone.
    """

    _name = "jxc.product.affinity"
    _inherit = ["jxc.recompute.mixin"]
    _description = "Bought Together"
    _rec_name = "other_id"
    _order = "confidence desc, lift desc, other_id, id"

    #: How many products are recommended at a time.
    _recommended = 8

    company_id = fields.Many2one(
        comodel_name="res.company",
        required=True,
        readonly=True,
        ondelete="cascade",
    )
    product_id = fields.Many2one(
        comodel_name="product.product",
        string="Who Buys",
        required=True,
        readonly=True,
        ondelete="cascade",
        index=True,
    )
    other_id = fields.Many2one(
        comodel_name="product.product",
        string="Also Buys",
        required=True,
        readonly=True,
        ondelete="cascade",
        index=True,
    )
    order_count = fields.Integer(
        string="Orders with Both",
        readonly=True,
        aggregator=None,
    )
    confidence = fields.Float(
        string="Confidence (%)",
        readonly=True,
        digits=(16, 2),
        aggregator=None,
        help="Of 100 orders with the one product, so many also have the other.",
    )
    lift = fields.Float(
        readonly=True,
        digits=(16, 2),
        aggregator=None,
        help="How many times as often as in any order; above 1 they attract each"
        " other.",
    )

    _pair_unique = models.UniqueIndex(
        "(company_id, product_id, other_id)",
        "Two products have one affinity per company.",
    )

    # Actions ------------------------------------------------------------------

    def action_add_to_order(self):
        """Add the recommended product to the quotation the list belongs to.

        The quotation is named in the context; it is read and written with the rights
        of the user, so nobody reaches an order he may not change.

        :raise UserError: when there is no quotation, or it is confirmed
        """
        self.ensure_one()
        self.check_access("read")
        order_id = self.env.context.get("jxc_order_id")
        order = self.env["sale.order"].browse(order_id if order_id else []).exists()
        if not order:
            raise UserError(
                self.env._("Save the quotation first, then add recommended products.")
            )
        order.ensure_one()
        order.check_access("write")
        if order.state not in ("draft", "sent"):
            raise UserError(
                self.env._(
                    "%(order)s is no quotation any more; products are added to"
                    " quotations.",
                    order=order.display_name,
                )
            )
        if self.other_id not in order.order_line.product_id:
            order.write(
                {
                    "order_line": [
                        fields.Command.create({"product_id": self.other_id.id})
                    ]
                }
            )
        return {"type": "ir.actions.client", "tag": "soft_reload"}

    # Recommendations ----------------------------------------------------------

    @api.model
    def _recommend(self, company, bought):
        """What goes with products, in one query for any number of baskets.

        A candidate is put forward by the product that promises most (confidence, then
        lift). What is in the basket, and what is not for sale, is left out.

        :param company: one res.company
        :param bought: {key: product ids}, keys are of any kind
        :return: {key: jxc.product.affinity records, best first}
        """
        result = dict.fromkeys(bought, self.browse())
        numbered = list(enumerate(bought.items()))
        pairs = [
            (number, product_id)
            for number, (_key, products) in numbered
            for product_id in products
        ]
        if not pairs or not company:
            return result
        self.flush_model()
        for model, names in READ[3:]:
            self.env[model].flush_model(names)
        rows = self.env.execute_query(
            SQL(
                """
                WITH basket AS (
                    SELECT * FROM UNNEST(%(numbers)s, %(products)s)
                        AS basket(number, product_id)
                ),
                best AS (
                    SELECT DISTINCT ON (basket.number, a.other_id)
                           basket.number, a.*
                      FROM basket
                      JOIN jxc_product_affinity a
                        ON a.product_id = basket.product_id
                       AND a.company_id = %(company)s
                      JOIN product_product v ON v.id = a.other_id
                      JOIN product_template t ON t.id = v.product_tmpl_id
                     WHERE v.active AND t.active AND t.sale_ok
                       AND (t.company_id IS NULL OR t.company_id = %(company)s)
                       AND NOT EXISTS (
                           SELECT FROM basket other
                            WHERE other.number = basket.number
                              AND other.product_id = a.other_id
                       )
                     ORDER BY basket.number, a.other_id,
                              a.confidence DESC, a.lift DESC, a.product_id
                )
                SELECT number, ids[:%(limit)s]
                  FROM (
                       SELECT number, ARRAY_AGG(
                                  id ORDER BY confidence DESC, lift DESC, other_id
                              ) AS ids
                         FROM best
                        GROUP BY number
                  ) ranked
                """,
                numbers=[number for number, _product_id in pairs],
                products=[product_id for _number, product_id in pairs],
                company=company.id,
                limit=self._recommended,
            )
        )
        keys = [key for _number, (key, _products) in numbered]
        for number, ids in rows:
            result[keys[number]] = self.browse(ids)
        return result

    # Recomputation ------------------------------------------------------------

    @api.model
    def _recompute(self, company, reference_date=None):
        company = company.sudo()
        timezone = company._jxc_timezone()
        day = reference_date or today_in(timezone)
        for model, names in READ:
            self.env[model].flush_model(names)
        parts = self._get_parts(company, timezone, day)
        return merge(self, company, KEYS, COMPUTED, parts)

    def _get_parts(self, company, timezone, day):
        """Common table expressions: baskets, how often each product, then pairs.

        Products sold less often than the minimum support can form no pair; leaving
        them out first keeps the pairs of long orders few.
        """
        start = day - relativedelta(months=company.jxc_affinity_months)
        return SQL(
            """
            basket AS MATERIALIZED (
                SELECT DISTINCT l.order_id, l.product_id
                  FROM sale_order_line l
                  JOIN sale_order o ON o.id = l.order_id
                  JOIN product_product v ON v.id = l.product_id
                  JOIN product_template t ON t.id = v.product_tmpl_id
                 WHERE o.company_id = %(company)s AND o.state = 'sale'
                   AND l.display_type IS NULL
                   AND l.is_downpayment IS NOT TRUE
                   AND l.product_uom_qty > 0
                   AND v.active AND t.active AND t.sale_ok
                   AND (o.date_order AT TIME ZONE 'UTC' AT TIME ZONE %(zone)s)::date
                       > %(start)s
                   AND (o.date_order AT TIME ZONE 'UTC' AT TIME ZONE %(zone)s)::date
                       <= %(day)s
            ),
            total AS (SELECT COUNT(DISTINCT order_id) AS orders FROM basket),
            sold AS MATERIALIZED (
                SELECT product_id, COUNT(*) AS orders
                  FROM basket
                 GROUP BY product_id
                HAVING COUNT(*) >= %(support)s
            ),
            kept_basket AS MATERIALIZED (
                SELECT basket.* FROM basket JOIN sold USING (product_id)
            ),
            pair AS MATERIALIZED (
                SELECT one.product_id, other.product_id AS other_id,
                       COUNT(*) AS orders
                  FROM kept_basket one
                  JOIN kept_basket other
                    ON other.order_id = one.order_id
                   AND other.product_id > one.product_id
                 GROUP BY one.product_id, other.product_id
                HAVING COUNT(*) >= %(support)s
            ),
            directed AS (
                SELECT product_id, other_id, orders FROM pair
                UNION ALL
                SELECT other_id, product_id, orders FROM pair
            ),
            target AS (
                SELECT directed.product_id, directed.other_id,
                       directed.orders AS order_count,
                       ROUND(100.0 * directed.orders / sold.orders, 2) AS confidence,
                       ROUND(directed.orders::numeric * total.orders
                             / (sold.orders * other.orders), 2) AS lift
                  FROM directed
                  JOIN sold ON sold.product_id = directed.product_id
                  JOIN sold other ON other.product_id = directed.other_id
                 CROSS JOIN total
                 WHERE directed.orders * total.orders > sold.orders * other.orders
                   AND 100.0 * directed.orders >= sold.orders * %(confidence)s
            )
            """,
            company=company.id,
            confidence=company.jxc_affinity_min_confidence,
            day=day,
            start=start,
            support=company.jxc_affinity_min_orders,
            zone=timezone,
        )

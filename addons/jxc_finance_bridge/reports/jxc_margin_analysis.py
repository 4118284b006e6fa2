# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import fields, models
from odoo.tools import SQL

#: By chart: headings of operating income and of operating cost. The charts type more
#: than these as income (investments, exchange gains) and production as direct cost.
HEADINGS = {
    "cn": (("5001", "5051"), ("5401", "5402")),
    "cn_large_bis": (
        ("6001", "6011", "6021", "6031", "6041", "6051"),
        ("6401", "6402"),
    ),
}


class JxcMarginAnalysis(models.Model):
    """Revenue, cost and margin as the books have them.

    A row is a posted journal item on an account of operating income or operating cost,
    as the income statement has them (营业收入, 营业成本); the transfer of profit and
    loss is left out. So the sums are those of the trial balance and the statement.
    Revenue comes from invoices, cost from what was booked when goods were invoiced and
    delivered, whichever day each was; amounts are in the currency of the company.

    Price differences that a month-end moves to cost belong to no document. They have a
    row for each order that got goods of the product in that month, or the last one
    before, by quantity; the rows add up to the journal item.
    """

    _name = "jxc.margin.analysis"
    _description = "Cost and Margin"
    _auto = False
    _order = "date desc, id desc"
    _rec_name = "move_id"
    _depends = {
        "account.account": ["account_type", "code_store"],
        "account.move": ["state", "move_type", "jxc_pl_closing", "jxc_stock_booking"],
        "account.move.line": [
            "account_id",
            "balance",
            "cogs_origin_id",
            "company_id",
            "date",
            "display_type",
            "move_id",
            "parent_state",
            "partner_id",
            "product_id",
            "product_uom_id",
            "quantity",
            "sale_line_ids",
        ],
        "jxc.stock.shipped": ["amount", "kind", "move_id", "order_id", "product_id"],
        "product.product": ["product_tmpl_id"],
        "product.template": ["categ_id", "uom_id"],
        "res.company": ["chart_template", "parent_path"],
        "res.partner": ["commercial_partner_id"],
        "sale.order": ["partner_id", "team_id", "user_id"],
        "sale.order.line": ["order_id"],
        "stock.move": [
            "company_id",
            "date",
            "is_in",
            "is_out",
            "product_id",
            "product_uom",
            "quantity",
            "sale_line_id",
            "state",
        ],
        "uom.uom": ["factor"],
    }

    date = fields.Date(readonly=True)
    company_id = fields.Many2one(comodel_name="res.company", readonly=True)
    currency_id = fields.Many2one(comodel_name="res.currency", readonly=True)
    move_id = fields.Many2one(
        comodel_name="account.move",
        string="Journal Entry",
        readonly=True,
    )
    account_id = fields.Many2one(comodel_name="account.account", readonly=True)
    product_id = fields.Many2one(comodel_name="product.product", readonly=True)
    categ_id = fields.Many2one(
        comodel_name="product.category",
        string="Product Category",
        readonly=True,
    )
    partner_id = fields.Many2one(
        comodel_name="res.partner",
        string="Customer",
        readonly=True,
    )
    order_id = fields.Many2one(
        comodel_name="sale.order",
        string="Sales Order",
        readonly=True,
    )
    user_id = fields.Many2one(
        comodel_name="res.users",
        string="Salesperson",
        readonly=True,
    )
    team_id = fields.Many2one(
        comodel_name="crm.team",
        string="Sales Team",
        readonly=True,
    )
    quantity = fields.Float(
        string="Invoiced Quantity",
        digits="Product Unit",
        readonly=True,
        help="In the base unit of the product; refunds are negative.",
    )
    revenue = fields.Monetary(readonly=True)
    cost = fields.Monetary(readonly=True)
    margin = fields.Monetary(readonly=True)
    margin_rate = fields.Float(
        string="Margin (%)",
        readonly=True,
        aggregator="avg",
        help="Margin in the revenue; of several rows, of their sums.",
    )

    @property
    def _table_query(self):
        return SQL(
            """
            WITH delivered AS (%s)
            SELECT base.*, base.revenue - base.cost AS margin,
                   CASE WHEN base.revenue = 0 THEN 0
                        ELSE (base.revenue - base.cost) / base.revenue * 100
                   END AS margin_rate
              FROM (%s %s %s) base
            """,
            self._select_delivered(),
            self._select(),
            self._from(),
            self._where(),
        )

    def _select(self):
        return SQL(
            """
            SELECT (line.id::bigint << 20) + COALESCE(share.place, 0) AS id,
                   line.date, line.company_id, company.currency_id,
                   line.move_id, line.account_id, line.product_id, template.categ_id,
                   sale.id AS order_id, sale.user_id, sale.team_id,
                   COALESCE(buyer.commercial_partner_id, CASE
                       WHEN move.move_type
                            IN ('out_invoice', 'out_refund', 'out_receipt')
                       THEN partner.commercial_partner_id
                   END) AS partner_id,
                   CASE
                       WHEN sort.kind = 'income'
                        AND line.display_type = 'product'
                        AND line.product_id IS NOT NULL
                       THEN line.quantity
                            * COALESCE(uom.factor / NULLIF(base_uom.factor, 0), 1)
                            * CASE move.move_type
                                  WHEN 'out_invoice' THEN 1
                                  WHEN 'out_receipt' THEN 1
                                  WHEN 'out_refund' THEN -1
                                  ELSE 0
                              END
                       ELSE 0
                   END AS quantity,
                   CASE WHEN sort.kind = 'income' THEN -line.balance ELSE 0
                   END AS revenue,
                   CASE
                       WHEN sort.kind <> 'cost' THEN 0
                       WHEN share.order_id IS NULL THEN line.balance
                       -- Rounded up to each order, so that nothing is lost.
                       ELSE ROUND(
                           line.balance * share.until / share.total,
                           currency.decimal_places
                       ) - ROUND(
                           line.balance * (share.until - share.quantity) / share.total,
                           currency.decimal_places
                       )
                   END AS cost
            """
        )

    def _from(self):
        return SQL(
            """
              FROM account_move_line line
              JOIN account_move move ON move.id = line.move_id
              JOIN account_account account ON account.id = line.account_id
              JOIN res_company company ON company.id = line.company_id
              JOIN res_currency currency ON currency.id = company.currency_id
              JOIN res_company root
                ON root.id = SPLIT_PART(company.parent_path, '/', 1)::int
              JOIN LATERAL (SELECT %s AS kind) sort ON TRUE
              LEFT JOIN product_product product ON product.id = line.product_id
              LEFT JOIN product_template template
                     ON template.id = product.product_tmpl_id
              LEFT JOIN uom_uom uom ON uom.id = line.product_uom_id
              LEFT JOIN uom_uom base_uom ON base_uom.id = template.uom_id
              LEFT JOIN res_partner partner ON partner.id = line.partner_id
              LEFT JOIN LATERAL (
                SELECT MIN(known.order_id) AS order_id
                  FROM (
                    SELECT order_line.order_id
                      FROM sale_order_line_invoice_rel rel
                      JOIN sale_order_line order_line
                        ON order_line.id = rel.order_line_id
                     WHERE rel.invoice_line_id = COALESCE(line.cogs_origin_id, line.id)
                     UNION ALL
                    SELECT shipped.order_id
                      FROM jxc_stock_shipped shipped
                     WHERE shipped.move_id = line.move_id
                       AND shipped.product_id = line.product_id
                       AND shipped.kind = 'cost' AND shipped.amount = -line.balance
                  ) known
              ) found ON TRUE
              LEFT JOIN delivered share
                     ON share.company_id = line.company_id
                    -- In the key: beside it, PostgreSQL pairs every journal item with
                    -- all months and orders of its product before it asks for these.
                    AND share.product_id = CASE
                        WHEN move.jxc_stock_booking
                         AND sort.kind = 'cost'
                         AND line.partner_id IS NULL
                         AND found.order_id IS NULL
                        THEN line.product_id
                    END
                    AND share.month <= line.date
                    AND (share.next_month IS NULL OR share.next_month > line.date)
              LEFT JOIN sale_order sale
                     ON sale.id = COALESCE(found.order_id, share.order_id)
              LEFT JOIN res_partner buyer ON buyer.id = sale.partner_id
            """,
            self._select_kind(),
        )

    def _select_delivered(self):
        """SQL: quantity by company, product, month and order, less what came back.

        With the next month that has any, the sum of all orders and that up to each.
        """
        companies = self.env["res.company"].sudo().with_context(active_test=False)
        zones = SQL(", ").join(
            SQL("(%s, %s)", company.id, company._jxc_timezone())
            for company in companies.search([])
        )
        return SQL(
            """
            SELECT moved.*,
                   SUM(moved.quantity) OVER by_month AS total,
                   SUM(moved.quantity) OVER (by_month ORDER BY moved.order_id) AS until,
                   ROW_NUMBER() OVER (by_month ORDER BY moved.order_id) AS place,
                   -- The first row after all of this month.
                   MIN(moved.month) OVER (
                       PARTITION BY moved.company_id, moved.product_id
                       ORDER BY moved.month
                       RANGE BETWEEN INTERVAL '1 day' FOLLOWING AND UNBOUNDED FOLLOWING
                   ) AS next_month
              FROM (
                SELECT move.company_id, move.product_id, order_line.order_id,
                       DATE_TRUNC(
                           'month', move.date AT TIME ZONE 'UTC' AT TIME ZONE place.zone
                       )::date AS month,
                       SUM(
                           move.quantity * CASE WHEN move.is_in THEN -1 ELSE 1 END
                           * COALESCE(uom.factor / NULLIF(base_uom.factor, 0), 1)
                       )::numeric AS quantity
                  FROM stock_move move
                  JOIN sale_order_line order_line ON order_line.id = move.sale_line_id
                  JOIN (VALUES %(zones)s) AS place (company_id, zone)
                    ON place.company_id = move.company_id
                  JOIN product_product product ON product.id = move.product_id
                  JOIN product_template template
                    ON template.id = product.product_tmpl_id
                  JOIN uom_uom uom ON uom.id = move.product_uom
                  JOIN uom_uom base_uom ON base_uom.id = template.uom_id
                 WHERE move.state = 'done' AND (move.is_out OR move.is_in)
              GROUP BY 1, 2, 3, 4
                HAVING SUM(
                    move.quantity * CASE WHEN move.is_in THEN -1 ELSE 1 END
                ) > 0
              ) moved
            WINDOW by_month AS (
                PARTITION BY moved.company_id, moved.product_id, moved.month
            )
            """,
            zones=zones,
        )

    def _select_kind(self):
        """SQL of what an account counts as: 'income', 'cost' or neither.

        Accounts of the Chinese charts go by their heading, others by their type.
        """
        code = SQL("LEFT(account.code_store ->> root.id::text, 4)")
        charts = [
            SQL(
                "WHEN root.chart_template = %s THEN CASE WHEN %s IN %s THEN 'income'"
                " WHEN %s IN %s THEN 'cost' END",
                chart,
                code,
                income,
                code,
                cost,
            )
            for chart, (income, cost) in HEADINGS.items()
        ]
        return SQL(
            "CASE %s WHEN account.account_type = 'income' THEN 'income'"
            " WHEN account.account_type = 'expense_direct_cost' THEN 'cost' END",
            SQL(" ").join(charts),
        )

    def _where(self):
        return SQL(
            """
             WHERE line.parent_state = 'posted'
               AND sort.kind IS NOT NULL
               AND move.jxc_pl_closing IS NOT TRUE
            """
        )

    def _read_group_select(self, aggregate_spec, query):
        """The rate of several rows is that of their sums, never an average of rates."""
        if aggregate_spec != "margin_rate:avg":
            return super()._read_group_select(aggregate_spec, query)
        margin = self._field_to_sql(self._table, "margin", query)
        revenue = self._field_to_sql(self._table, "revenue", query)
        return SQL("COALESCE(SUM(%s) / NULLIF(SUM(%s), 0) * 100, 0)", margin, revenue)

    def action_open_entry(self):
        """The invoice or entry of a row."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "account.move",
            "res_id": self.move_id.id,
            "view_mode": "form",
        }

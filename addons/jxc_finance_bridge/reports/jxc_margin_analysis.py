# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import fields, models
from odoo.tools import SQL


class JxcMarginAnalysis(models.Model):
    """Revenue, cost and margin as the books have them.

    A row is a posted journal item on an account of income, or of direct cost; the
    transfer of profit and loss is left out. So the sums of an account are those of the
    trial balance. Revenue comes from invoices, cost from what was booked when goods
    were invoiced and delivered, whichever day each was; amounts are in the currency of
    the company.
    """

    _name = "jxc.margin.analysis"
    _description = "Cost and Margin"
    _auto = False
    _order = "date desc, id desc"
    _rec_name = "move_id"
    _depends = {
        "account.account": ["account_type"],
        "account.move": ["state", "move_type", "jxc_pl_closing"],
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
        "res.partner": ["commercial_partner_id"],
        "sale.order": ["partner_id", "team_id", "user_id"],
        "sale.order.line": ["order_id"],
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
            SELECT base.*, base.revenue - base.cost AS margin,
                   CASE WHEN base.revenue = 0 THEN 0
                        ELSE (base.revenue - base.cost) / base.revenue * 100
                   END AS margin_rate
              FROM (%s %s %s) base
            """,
            self._select(),
            self._from(),
            self._where(),
        )

    def _select(self):
        return SQL(
            """
            SELECT line.id, line.date, line.company_id, company.currency_id,
                   line.move_id, line.account_id, line.product_id, template.categ_id,
                   sale.id AS order_id, sale.user_id, sale.team_id,
                   COALESCE(buyer.commercial_partner_id, CASE
                       WHEN move.move_type
                            IN ('out_invoice', 'out_refund', 'out_receipt')
                       THEN partner.commercial_partner_id
                   END) AS partner_id,
                   CASE
                       WHEN account.account_type = 'income'
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
                   CASE WHEN account.account_type = 'income' THEN -line.balance ELSE 0
                   END AS revenue,
                   CASE WHEN account.account_type = 'income' THEN 0 ELSE line.balance
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
              LEFT JOIN sale_order sale ON sale.id = found.order_id
              LEFT JOIN res_partner buyer ON buyer.id = sale.partner_id
            """
        )

    def _where(self):
        return SQL(
            """
             WHERE line.parent_state = 'posted'
               AND account.account_type IN ('income', 'expense_direct_cost')
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

# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import api, fields, models
from odoo.tools import SQL, format_amount, format_date


class SaleOrderLine(models.Model):
    """What the customer paid for the same goods the last time."""

    _inherit = "sale.order.line"

    jxc_last_price = fields.Char(
        string="Last Price",
        compute="_compute_jxc_last_price",
        groups="base.group_user",
        help="Quantity, price of one unit after discount and date of the customer's"
        " last confirmed order of this product.",
    )

    jxc_net_price = fields.Float(
        string="Net Price",
        min_display_digits="Product Price",
        compute="_compute_jxc_net_price",
        groups="base.group_user",
        help="Price of one unit after the line's discount.",
    )
    jxc_order_date = fields.Datetime(
        related="order_id.date_order",
        string="Ordered On",
        groups="base.group_user",
    )

    @api.depends("price_unit", "discount")
    def _compute_jxc_net_price(self):
        for line in self:
            line.jxc_net_price = line.price_unit * (1 - (line.discount or 0.0) / 100)

    @api.depends("product_id", "order_id.partner_id", "order_id.company_id")
    @api.depends_context("lang")
    def _compute_jxc_last_price(self):
        known = self._jxc_last_sold()
        for line in self:
            line.jxc_last_price = False
            sold = known.get(line._jxc_history_key())
            if sold:
                unit = sold.product_uom_id
                if sold.jxc_is_priced_by_aux:
                    unit = sold.jxc_aux_uom_id
                line.jxc_last_price = self.env._(
                    "%(quantity)s @ %(price)s, %(date)s",
                    quantity=sold.product_id.jxc_format_qty(sold._jxc_base_qty()),
                    price=format_amount(
                        self.env,
                        sold.price_unit * (1 - (sold.discount or 0.0) / 100.0),
                        sold.currency_id,
                    )
                    + "/"
                    + unit.name,
                    date=format_date(self.env, sold.order_id.date_order),
                )

    def action_jxc_price_history(self):
        """Open the customer's last prices of this product: confirmed orders, newest
        first, those that the user may read. One line.
        """
        self.ensure_one()
        company_id, customer_id, product_id = self._jxc_history_key()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Prices of %s", self.product_id.display_name),
            "res_model": "sale.order.line",
            "view_mode": "list",
            "views": [
                [self.env.ref("jxc_sales.sale_order_line_view_list_history").id, "list"]
            ],
            "target": "new",
            "domain": [
                ("company_id", "=", company_id),
                ("order_partner_id.commercial_partner_id", "=", customer_id),
                ("product_id", "=", product_id),
                ("state", "=", "sale"),
                ("product_uom_qty", ">", 0),
                ("reward_id", "=", False),
            ],
            "context": {"create": False, "edit": False, "delete": False},
        }

    def _jxc_history_key(self):
        order = self.order_id
        return (
            order.company_id.id,
            order.partner_id.commercial_partner_id.id,
            self.product_id.id,
        )

    def _jxc_last_sold(self):
        """The last confirmed line of each customer and product, one statement.

        :return: ``{(company id, customer id, product id): line}``, with superuser
            rights: colleagues' prices to the same customer are no secret among sellers
        """
        keys = {line._jxc_history_key() for line in self}
        keys = [key for key in keys if all(key)]
        if not keys:
            return {}
        self.env["sale.order.line"].flush_model(["order_id", "product_id", "state"])
        self.env["sale.order"].flush_model(["state", "date_order", "partner_id"])
        own = [line.order_id._origin.id or 0 for line in self]
        companies, customers, products = zip(*keys, strict=True)
        rows = self.env.execute_query(
            SQL(
                """
                SELECT wanted.company_id, wanted.customer_id, wanted.product_id, sold.id
                  FROM unnest(%s::int[], %s::int[], %s::int[])
                       AS wanted (company_id, customer_id, product_id)
                 CROSS JOIN LATERAL (
                       SELECT line.id
                         FROM sale_order_line line
                         JOIN sale_order "order" ON "order".id = line.order_id
                         JOIN res_partner partner ON partner.id = "order".partner_id
                        WHERE line.product_id = wanted.product_id
                          AND partner.commercial_partner_id = wanted.customer_id
                          AND "order".company_id = wanted.company_id
                          AND "order".state = 'sale'
                          AND "order".id <> ALL(%s)
                          AND line.product_uom_qty > 0
                          AND line.reward_id IS NULL
                        ORDER BY "order".date_order DESC, line.id DESC
                        LIMIT 1
                       ) sold
                """,
                list(companies),
                list(customers),
                list(products),
                own,
            )
        )
        lines = self.env["sale.order.line"].sudo().browse([row[3] for row in rows])
        return {tuple(row[:3]): line for row, line in zip(rows, lines, strict=True)}

# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import api, fields, models
from odoo.tools import SQL


class JxcSaleChannel(models.Model):
    """A shop whose orders come in by itself (电商平台)."""

    _name = "jxc.sale.channel"
    _description = "Sales Channel"
    _inherit = ["mail.thread", "jxc.outside.system.mixin"]
    _order = "sequence, name, id"
    _check_company_auto = True

    _jxc_address_field = "stock_url"
    _jxc_address_fields = ("stock_url",)

    name = fields.Char(
        required=True,
        tracking=True,
    )
    code = fields.Char(
        required=True,
        tracking=True,
        help="Short name, before the shop's order numbers in texts: TM/20260501001.",
    )
    sequence = fields.Integer(
        default=10,
    )
    active = fields.Boolean(
        default=True,
    )
    company_id = fields.Many2one(
        comodel_name="res.company",
        required=True,
        index=True,
        default=lambda self: self.env.company,
    )
    partner_id = fields.Many2one(
        comodel_name="res.partner",
        string="Customer",
        required=True,
        check_company=True,
        ondelete="restrict",
        tracking=True,
        help="Who owes for the channel's orders: the platform, or a collective customer"
        " for its buyers. Buyers become delivery addresses of this customer.",
    )
    warehouse_id = fields.Many2one(
        comodel_name="stock.warehouse",
        required=True,
        check_company=True,
        default=lambda self: self._default_warehouse_id(),
    )
    team_id = fields.Many2one(
        comodel_name="crm.team",
        string="Sales Team",
        check_company=True,
    )
    tax_ids = fields.Many2many(
        comodel_name="account.tax",
        string="Taxes",
        check_company=True,
        domain="[('type_tax_use', '=', 'sale')]",
        help="For all lines of the channel's orders, e.g. one whose prices include the"
        " tax, as shops show them. Empty: the taxes of the products.",
    )
    journal_id = fields.Many2one(
        comodel_name="account.journal",
        string="Payment Journal",
        check_company=True,
        domain="[('type', 'in', ('bank', 'cash'))]",
        help="Where what buyers have paid is booked.",
    )
    shipping_product_id = fields.Many2one(
        comodel_name="product.product",
        string="Shipping Fee",
        check_company=True,
        domain="[('type', '=', 'service')]",
        help="Product of the line over what buyers pay for shipping.",
    )
    product_ids = fields.One2many(
        comodel_name="jxc.sale.channel.product",
        inverse_name="channel_id",
        string="Products",
    )
    match_codes = fields.Boolean(
        string="Take Internal References",
        default=True,
        help="A sku that is not listed is looked for among the internal references and"
        " barcodes of products and their units.",
    )
    stock_buffer = fields.Float(
        digits="Product Unit",
        help="Kept back of each product, in its own unit, when stock levels are told.",
    )
    stock_url = fields.Char(
        string="Tell Stock To",
        groups="sales_team.group_sale_manager",
        help="Address (https://…) that stock levels are posted to as JSON. Plain http"
        " and systems in the house must be named in outbound_hosts of the server's"
        " configuration.",
    )
    secret = fields.Char(
        string="Key",
        groups="sales_team.group_sale_manager",
        help="Signs what is posted: HMAC-SHA256 of the body in the header"
        " X-JXC-Signature. Once saved it is never shown again; empty keeps the one that"
        " is there.",
    )
    stock_pushed_at = fields.Datetime(
        string="Stock Told",
        readonly=True,
        copy=False,
    )
    order_ids = fields.One2many(
        comodel_name="sale.order",
        inverse_name="jxc_channel_id",
        string="Orders",
    )
    order_count = fields.Integer(
        compute="_compute_order_count",
    )

    currency_id = fields.Many2one(
        related="company_id.currency_id",
    )
    fee_total = fields.Monetary(
        string="Platform Fees",
        compute="_compute_fee_total",
        help="What the platform keeps of the orders that you may see and that are not"
        " cancelled, at the rates of the orders. By month: the list of orders.",
    )

    _code_company_unique = models.Constraint(
        "UNIQUE (company_id, code)",
        "There is already a channel with this code.",
    )
    _buffer_not_negative = models.Constraint(
        "CHECK (stock_buffer >= 0)",
        "What is kept back cannot be below zero.",
    )

    def _default_warehouse_id(self):
        return self.env["stock.warehouse"].search(
            [("company_id", "=", self.env.company.id)], limit=1
        )

    @api.depends("order_ids")
    def _compute_order_count(self):
        counts = dict(
            self.env["sale.order"]._read_group(
                [("jxc_channel_id", "in", self.ids)], ["jxc_channel_id"], ["__count"]
            )
        )
        for channel in self:
            channel.order_count = counts.get(channel._origin, 0)

    @api.depends("order_ids.jxc_channel_fee", "order_ids.state")
    def _compute_fee_total(self):
        orders = self.env["sale.order"]
        orders.flush_model(["currency_rate", "jxc_channel_fee"])
        query = orders._search(
            [("jxc_channel_id", "in", self.ids), ("state", "!=", "cancel")]
        )
        rate = SQL("COALESCE(NULLIF(currency_rate, 0), 1)")
        totals = dict(
            self.env.execute_query(
                SQL(
                    """
                      SELECT jxc_channel_id, SUM(jxc_channel_fee / %(rate)s)
                        FROM sale_order
                       WHERE id IN %(orders)s
                    GROUP BY jxc_channel_id
                    """,
                    rate=rate,
                    orders=query.subselect(),
                )
            )
        )
        for channel in self:
            channel.fee_total = totals.get(channel._origin.id) or 0.0

    @api.constrains("stock_url")
    def _check_stock_url(self):
        self.filtered("stock_url")._jxc_check_address()

    def action_open_orders(self):
        """Open the orders of these channels, with what the platforms keep of them."""
        action = self.env["ir.actions.act_window"]._for_xml_id("sale.action_orders")
        listed = self.env.ref("jxc_sales.sale_order_channel_view_orders")
        action["views"] = [
            (listed.id if kind == "list" else view_id, kind)
            for view_id, kind in action["views"]
        ]
        action["domain"] = [("jxc_channel_id", "in", self.ids)]
        action["context"] = {"create": False}
        return action

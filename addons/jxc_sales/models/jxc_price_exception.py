# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import api, fields, models
from odoo.exceptions import AccessError


class JxcPriceException(models.Model):
    """Goods that were sold below their lowest price or margin: what, to whom, by whom.

    Made by the server when an order is confirmed or changed; kept as it is.
    """

    _name = "jxc.price.exception"
    _description = "Price Exception"
    _order = "id desc"
    _check_company_auto = True
    _rec_name = "order_id"

    order_id = fields.Many2one(
        comodel_name="sale.order",
        required=True,
        index=True,
        ondelete="cascade",
        check_company=True,
    )
    line_id = fields.Many2one(
        comodel_name="sale.order.line",
        string="Order Line",
        index=True,
        ondelete="set null",
    )
    company_id = fields.Many2one(
        comodel_name="res.company",
        required=True,
        index=True,
    )
    partner_id = fields.Many2one(
        comodel_name="res.partner",
        string="Customer",
        index=True,
    )
    salesman_id = fields.Many2one(
        comodel_name="res.users",
        string="Salesperson",
    )
    product_id = fields.Many2one(
        comodel_name="product.product",
        required=True,
        index=True,
    )
    uom_id = fields.Many2one(
        comodel_name="uom.uom",
        string="Unit",
    )
    quantity = fields.Float(
        digits="Product Unit",
    )
    currency_id = fields.Many2one(
        comodel_name="res.currency",
        required=True,
    )
    price = fields.Float(
        string="Net Price",
        min_display_digits="Product Price",
        help="Of one unit, untaxed, all discounts given by hand taken off.",
    )
    floor_price = fields.Float(
        string="Lowest Price",
        min_display_digits="Product Price",
    )
    is_below = fields.Boolean(
        string="Below the Lowest Price",
    )
    is_low = fields.Boolean(
        string="Below the Minimum Margin",
        groups="jxc_base.group_see_costs",
    )
    margin_percent = fields.Float(
        string="Margin (%)",
        digits=(16, 2),
        aggregator="avg",
        groups="jxc_base.group_see_costs",
    )
    user_id = fields.Many2one(
        comodel_name="res.users",
        string="Confirmed By",
    )
    approver_ids = fields.Many2many(
        comodel_name="res.users",
        string="Approved By",
    )
    date = fields.Datetime(
        required=True,
        default=fields.Datetime.now,
    )

    def _jxc_check_server(self):
        """:raise AccessError: for everybody but the server"""
        if not self.env.su:
            raise AccessError(
                self.env._(
                    "Price exceptions are written when orders are confirmed, and kept."
                )
            )

    @api.model_create_multi
    def create(self, vals_list):
        self._jxc_check_server()
        return super().create(vals_list)

    def write(self, vals):
        self._jxc_check_server()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_kept(self):
        self._jxc_check_server()

# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import api, fields, models

SALES = "sales_team.group_sale_salesman,jxc_base.group_executive"


class SaleOrder(models.Model):
    _inherit = "sale.order"

    jxc_recommend_ids = fields.Many2many(
        comodel_name="jxc.product.affinity",
        string="Recommended Products",
        compute="_compute_jxc_recommend_ids",
        groups=SALES,
        help="What is often bought together with what is in this quotation.",
    )

    @api.depends("order_line.product_id", "company_id", "state")
    @api.depends_context("uid")
    def _compute_jxc_recommend_ids(self):
        empty = self.env["jxc.product.affinity"]
        self.jxc_recommend_ids = empty
        open_orders = self.filtered(lambda order: order.state in ("draft", "sent"))
        for company, orders in open_orders.grouped("company_id").items():
            bought = {
                order: order.order_line.product_id._origin.ids for order in orders
            }
            for order, found in empty._recommend(company, bought).items():
                order.jxc_recommend_ids = found

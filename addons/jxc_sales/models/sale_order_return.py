# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import fields, models


class SaleOrder(models.Model):
    """Orders that replace returned goods, and the promotions of returned orders."""

    _inherit = "sale.order"

    jxc_sale_return_id = fields.Many2one(
        comodel_name="jxc.sale.return",
        string="Replaces Goods of",
        readonly=True,
        copy=False,
        index="btree_not_null",
        check_company=True,
        groups="base.group_user",
    )
    jxc_return_count = fields.Integer(
        string="Returns",
        compute="_compute_jxc_return_count",
        groups="base.group_user",
    )

    def _compute_jxc_return_count(self):
        # How many there are is no secret; opening them is subject to their rules.
        found = (
            self.env["jxc.sale.return.allocation"]
            .sudo()
            ._read_group(
                [("sale_line_id.order_id", "in", self.ids)],
                ["sale_line_id"],
                ["line_id:recordset"],
            )
        )
        returns = {}
        for sale_line, lines in found:
            known = returns.get(sale_line.order_id, self.env["jxc.sale.return"])
            returns[sale_line.order_id] = known | lines.return_id.sudo(False)
        for order in self:
            order.jxc_return_count = len(returns.get(order, ()))

    def action_jxc_open_returns(self):
        """Open the returns of goods that this order sold."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Returns and Exchanges"),
            "res_model": "jxc.sale.return",
            "view_mode": "list,form",
            "domain": [("line_ids.allocation_ids.sale_line_id.order_id", "=", self.id)],
        }

    def _jxc_promotion_rate(self):
        """How much of one currency unit of goods the order's promotions take off.

        Rewards and discounts that are lines of their own are taken to be for all goods
        of the order alike; a free product is its own line and comes back for nothing.

        :return: between -1 and 0
        """
        self.ensure_one()
        goods = reduction = 0.0
        for line in self.order_line:
            if line.display_type or line.is_downpayment:
                continue
            if line.price_total < 0:
                reduction += line.price_total
            else:
                goods += line.price_total
        return max(-1.0, reduction / goods) if goods else 0.0

# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import fields, models

from ..reports.jxc_sale_analysis import COSTS


class JxcSaleRankingLine(models.TransientModel):
    """A place in a ranking."""

    _name = "jxc.sale.ranking.line"
    _description = "Place in a Ranking"
    _order = "rank, id"

    ranking_id = fields.Many2one(
        comodel_name="jxc.sale.ranking",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    rank = fields.Integer(readonly=True, aggregator=None)
    name = fields.Char(readonly=True)
    currency_id = fields.Many2one(
        comodel_name="res.currency",
        default=lambda self: self.env.company.currency_id,
        readonly=True,
    )
    product_id = fields.Many2one(comodel_name="product.product", readonly=True)
    partner_id = fields.Many2one(
        comodel_name="res.partner", string="Customer", readonly=True
    )
    categ_id = fields.Many2one(
        comodel_name="product.category", string="Product Category", readonly=True
    )
    user_id = fields.Many2one(
        comodel_name="res.users", string="Salesperson", readonly=True
    )
    revenue = fields.Monetary(readonly=True)
    qty = fields.Float(
        string="Quantity", digits="Product Unit", readonly=True, aggregator=None
    )
    amount_discount = fields.Monetary(string="Discounts", readonly=True)
    amount_returned = fields.Monetary(string="Returned", readonly=True)
    return_rate = fields.Float(
        string="Returned (%)", readonly=True, digits=(16, 2), aggregator=None
    )
    revenue_last_year = fields.Monetary(readonly=True)
    growth = fields.Float(
        string="Growth (%)", readonly=True, digits=(16, 2), aggregator=None
    )
    share = fields.Float(string="Share (%)", readonly=True, digits=(16, 2))
    margin = fields.Monetary(readonly=True, groups=COSTS)
    margin_rate = fields.Float(
        string="Margin (%)",
        readonly=True,
        digits=(16, 2),
        aggregator=None,
        groups=COSTS,
    )

    def action_open_sales(self):
        """Open the sales behind this place."""
        self.ensure_one()
        ranking = self.ranking_id
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "jxc_sales.jxc_sale_analysis_action"
        )
        domain = ranking._get_domain() & fields.Domain(
            ranking.subject, "=", self[ranking.subject].id
        )
        views = sorted(action["views"], key=lambda view: view[1] != "list")
        return {**action, "views": views, "domain": list(domain), "context": {}}

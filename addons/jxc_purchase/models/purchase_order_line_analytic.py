# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import api, models


class PurchaseOrderLine(models.Model):
    """What was requested stays on the accounts on which its budget is held."""

    _inherit = "purchase.order.line"

    @api.depends("product_id", "order_id.partner_id")
    def _compute_analytic_distribution(self):
        """Keep what the request says, also where it says none, whoever the vendor is.

        Its budget is held there; on another account the order would ask again.
        """
        requested = self.filtered(lambda line: line._jxc_serves_a_request())
        for line in requested:
            line.analytic_distribution = line.analytic_distribution
        return super(
            PurchaseOrderLine, self - requested
        )._compute_analytic_distribution()

    def _jxc_serves_a_request(self):
        """Whether this still is for what a request asks: not with another product."""
        # sudo: accounts follow from requests also for who may not see them
        requested = self.sudo().jxc_request_link_ids.request_line_id
        return any(line._is_served_by(self) for line in requested)

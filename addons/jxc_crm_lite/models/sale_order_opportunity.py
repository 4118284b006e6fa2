# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import api, models


class SaleOrder(models.Model):
    _inherit = "sale.order"

    @api.model
    def default_get(self, fields):
        """A new quotation of an opportunity begins with its products."""
        values = super().default_get(fields)
        lead_id = self.env.context.get("jxc_lines_of_lead")
        if (
            lead_id
            and "order_line" in fields
            and not values.get("order_line")
            and values.get("opportunity_id", lead_id) == lead_id
            and self.env.context.get("default_opportunity_id") == lead_id
        ):
            lead = self.env["crm.lead"].search([("id", "=", lead_id)])
            company = self.env["res.company"].browse(
                values.get("company_id") or lead.company_id.id or self.env.company.id
            )
            if lead.jxc_line_ids:
                values["order_line"] = lead._prepare_jxc_order_lines(company)
        return values

    def _action_confirm(self):
        """An order wins its opportunity, whoever confirmed it and however."""
        result = super()._action_confirm()
        orders = self.filtered(
            lambda order: order.state == "sale" and order.company_id.jxc_won_by_order
        )
        # Who confirms an order need not own the opportunity.
        orders.sudo().opportunity_id._jxc_win_by_order()
        return result

# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import fields, models

HELPDESK = "helpdesk_mgmt.group_helpdesk_user_own,jxc_base.group_executive"


class SaleOrder(models.Model):
    _inherit = "sale.order"

    jxc_ticket_count = fields.Integer(
        string="Tickets",
        compute="_compute_jxc_ticket_count",
        groups=HELPDESK,
    )

    def _compute_jxc_ticket_count(self):
        found = dict(
            self.env["helpdesk.ticket"]._read_group(
                [("jxc_order_id", "in", self.ids)], ["jxc_order_id"], ["__count"]
            )
        )
        for order in self:
            order.jxc_ticket_count = found.get(order, 0)

    def action_jxc_open_tickets(self):
        """Open the tickets of the order, ready to enter one."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Tickets"),
            "res_model": "helpdesk.ticket",
            "view_mode": "list,form",
            "domain": [("jxc_order_id", "=", self.id)],
            "context": {
                "default_jxc_order_id": self.id,
                "default_partner_id": self.partner_id.id,
                "default_jxc_kind": "complaint",
            },
        }

# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import api, fields, models

SALES = "sales_team.group_sale_salesman,jxc_base.group_executive"


class ResPartner(models.Model):
    _inherit = "res.partner"

    jxc_followup_count = fields.Integer(
        string="Follow-ups", compute="_compute_jxc_followups", groups=SALES
    )
    jxc_last_followup = fields.Datetime(
        string="Last Contact", compute="_compute_jxc_followups", groups=SALES
    )
    jxc_next_followup = fields.Date(
        string="Next Step on", compute="_compute_jxc_followups", groups=SALES
    )

    @api.depends_context("uid", "company")
    def _compute_jxc_followups(self):
        """What the user may see of the commercial customer's follow-ups."""
        followups = self.env["jxc.followup"]
        domain = [
            ("customer_id", "in", self.commercial_partner_id.ids),
            ("is_draft", "=", False),
        ]
        # What was planned without a contact has a next step, and is none.
        found = {
            customer.id: (count, last)
            for customer, count, last in followups._read_group(
                [*domain, ("is_plan", "=", False)],
                ["customer_id"],
                ["__count", "date:max"],
            )
        }
        planned = dict(
            followups._read_group(
                [*domain, ("is_next_done", "=", False), ("next_date", "!=", False)],
                ["customer_id"],
                ["next_date:min"],
            )
        )
        for partner in self:
            customer = partner.commercial_partner_id
            count, last = found.get(customer.id, (0, False))
            partner.jxc_followup_count = count
            partner.jxc_last_followup = last
            partner.jxc_next_followup = planned.get(customer, False)

    def action_jxc_followups(self):
        """Open the follow-ups of the customer, ready to enter one."""
        self.ensure_one()
        return {
            **self.env["ir.actions.act_window"]._for_xml_id(
                "jxc_crm_lite.jxc_followup_action"
            ),
            "domain": [("customer_id", "=", self.commercial_partner_id.id)],
            "context": {"default_partner_id": self.id},
        }

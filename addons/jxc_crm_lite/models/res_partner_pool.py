# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import fields, models


class ResPartner(models.Model):
    _name = "res.partner"
    _inherit = ["res.partner", "jxc.pool.mixin"]

    jxc_owner_id = fields.Many2one(
        related="commercial_partner_id.user_id",
        string="Owner",
        groups="sales_team.group_sale_salesman,jxc_base.group_executive",
        help="Salesperson of the commercial entity.",
    )

    def _jxc_in_pool_scheme(self):
        """Contact persons belong to their company's owner."""
        return self.filtered(lambda partner: partner == partner.commercial_partner_id)

    def _get_jxc_pool_depends(self):
        return [*super()._get_jxc_pool_depends(), "commercial_partner_id"]

    def _jxc_pool_log_values(self):
        return {"partner_id": self.id}

    def _jxc_owner_is_guarded(self):
        """Owners follow from the pool where the company uses one."""
        partner = self.sudo()
        return (
            partner == partner.commercial_partner_id
            and partner._jxc_pool_company().jxc_pool_active
        )

    def _jxc_set_owner(self, user, kind, reason=None):
        """Open leads of the customer that have no owner, or the former one, follow."""
        before = self.user_id
        result = super()._jxc_set_owner(user, kind, reason)
        leads = self.env["crm.lead"].search(
            [
                ("partner_id", "child_of", self.ids),
                ("user_id", "in", [*before.ids, False]),
                ("stage_id.is_won", "=", False),
            ]
        )
        if user:
            leads._jxc_set_owner(user, kind, reason)
        else:
            leads.filtered("user_id")._jxc_fall(kind, reason)
        return result

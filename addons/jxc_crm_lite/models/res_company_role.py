# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import api, fields, models

from odoo.addons.jxc_base.tools.prefetch import RARELY_READ

RULES = ("owner", "owner_team", "owner_all", "owner_executive")


class ResCompany(models.Model):
    _inherit = "res.company"

    jxc_customers_by_owner = fields.Boolean(
        string="Customers by Owner",
        help="Salespeople see customers of their own and free ones; with the role Team"
        " Documents those of their teams, with All Documents all.",
        prefetch=RARELY_READ,
    )

    @api.model_create_multi
    def create(self, vals_list):
        companies = super().create(vals_list)
        if any(vals.get("jxc_customers_by_owner") for vals in vals_list):
            companies._jxc_set_owner_rules()
        return companies

    def write(self, vals):
        result = super().write(vals)
        if "jxc_customers_by_owner" in vals:
            self._jxc_set_owner_rules()
        return result

    @api.model
    def _jxc_set_owner_rules(self):
        """Rules on contacts cost every read of a contact; on only where wanted."""
        wanted = bool(
            self.sudo().search_count([("jxc_customers_by_owner", "=", True)], limit=1)
        )
        for name in RULES:
            rule = self.env.ref(f"jxc_crm_lite.res_partner_rule_{name}", False)
            if rule and rule.sudo().active != wanted:
                rule.sudo().active = wanted

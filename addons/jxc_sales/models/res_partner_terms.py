# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import api, fields, models
from odoo.exceptions import AccessError

from odoo.addons.jxc_base.tools.guard import own_defaults

#: How a customer buys, and at what prices: decides on credit, so not the seller's.
TERM_FIELDS = {"jxc_sale_mode", "jxc_tier_id"}
ROLES = ("sales_team.group_sale_manager", "jxc_base.group_credit_manager")


class ResPartner(models.Model):
    """Sales managers and credit managers say how a customer buys."""

    _inherit = "res.partner"

    jxc_may_set_terms = fields.Boolean(
        compute="_compute_jxc_may_set_terms",
        groups="base.group_user",
        export_string_translation=False,
    )

    @api.depends_context("uid", "su")
    def _compute_jxc_may_set_terms(self):
        self.jxc_may_set_terms = self._jxc_sets_terms()

    def _jxc_sets_terms(self):
        return self.env.su or any(map(self.env.user.has_group, ROLES))

    @api.model
    def default_get(self, fields):
        defaults = super().default_get(fields)
        if self._jxc_sets_terms():
            return defaults
        return own_defaults(self, defaults, TERM_FIELDS)

    @api.model_create_multi
    def create(self, vals_list):
        """:raise AccessError: other users say how the new customers buy"""
        if not self._jxc_sets_terms():
            self._jxc_refuse_terms(
                {name for vals in vals_list for name in TERM_FIELDS if vals.get(name)}
            )
        return super().create(vals_list)

    def write(self, vals):
        """:raise AccessError: other users change how these customers buy"""
        names = TERM_FIELDS & set(vals)
        if names and not self._jxc_sets_terms():
            self._jxc_refuse_terms(
                {
                    name
                    for name in names
                    for partner in self.sudo()
                    if self._fields[name].convert_to_write(partner[name], partner)
                    != (vals[name] or False)
                }
            )
        return super().write(vals)

    def _jxc_refuse_terms(self, names):
        """:raise AccessError: for any names, with their labels"""
        if names:
            labels = [
                label["string"]
                for label in self.sudo().fields_get(sorted(names), ["string"]).values()
            ]
            raise AccessError(
                self.env._(
                    "%s of a customer is set by sales managers and credit managers.",
                    ", ".join(labels),
                )
            )

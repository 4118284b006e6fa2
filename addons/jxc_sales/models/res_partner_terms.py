# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import api, fields, models
from odoo.exceptions import AccessError

from odoo.addons.jxc_base.tools.guard import own_defaults

#: How a customer buys, and at what prices: decides on credit, so not the seller's.
TERM_FIELDS = {"jxc_sale_mode", "jxc_tier_id", "property_payment_term_id"}
#: Set for new customers by whoever creates them, and not changed by sellers afterwards.
LIST_FIELDS = {"property_product_pricelist", "specific_property_product_pricelist"}
ROLES = ("sales_team.group_sale_manager", "jxc_base.group_credit_manager")
#: Whoever heads the books says as well when customers pay.
PAYMENT_ROLES = (*ROLES, "account.group_account_manager")


class ResPartner(models.Model):
    """Sales managers and credit managers say how a customer buys."""

    _inherit = "res.partner"

    # What the user may do, and nothing of the customer: needs no groups.
    jxc_may_set_terms = fields.Boolean(
        compute="_compute_jxc_may_set_terms",
        export_string_translation=False,
    )
    jxc_may_set_payment_term = fields.Boolean(
        compute="_compute_jxc_may_set_terms",
        export_string_translation=False,
    )

    @api.depends_context("uid", "su")
    def _compute_jxc_may_set_terms(self):
        self.jxc_may_set_terms = self._jxc_sets_terms()
        self.jxc_may_set_payment_term = self._jxc_sets_terms("property_payment_term_id")

    def _jxc_sets_terms(self, name=None):
        """Whether the user says how customers buy, or sets this field of them."""
        roles = PAYMENT_ROLES if name == "property_payment_term_id" else ROLES
        return self.env.su or any(map(self.env.user.has_group, roles))

    def _jxc_guarded(self, names):
        """Those of the names of fields that the user may not set."""
        return {name for name in names if not self._jxc_sets_terms(name)}

    @api.model
    def default_get(self, fields):
        defaults = super().default_get(fields)
        return own_defaults(self, defaults, self._jxc_guarded(TERM_FIELDS))

    @api.model_create_multi
    def create(self, vals_list):
        """:raise AccessError: other users say how the new customers buy"""
        self._jxc_refuse_terms(
            {
                name
                for name in self._jxc_guarded(TERM_FIELDS)
                for vals in vals_list
                if vals.get(name) and not self._jxc_is_given_anyway(name, vals)
            }
        )
        return super().create(vals_list)

    def write(self, vals):
        """:raise AccessError: other users change how these customers buy"""
        names = (TERM_FIELDS | LIST_FIELDS) & set(vals)
        self._jxc_refuse_terms(
            {
                name
                for name in self._jxc_guarded(names)
                for partner in self.sudo()
                if not partner._jxc_has_already(name, vals[name] or False)
            }
        )
        return super().write(vals)

    def _inverse_product_pricelist(self):
        # Whether the user may say so was asked when he wrote the list.
        return super(ResPartner, self.sudo())._inverse_product_pricelist()

    def _jxc_is_given_anyway(self, name, vals):
        """Whether a new customer gets this value without anybody saying so."""
        field = self._fields[name]
        # A contact has what his company has.
        parent = self.sudo().browse(vals.get("parent_id")).commercial_partner_id
        if parent and field.convert_to_write(parent[name], parent) == vals[name]:
            return True
        return field.company_dependent and vals[name] == self.env[
            "ir.default"
        ].sudo()._get(self._name, name, company_id=self.env.company.id)

    def _jxc_has_already(self, name, value):
        """Whether this customer, or who owes for this contact, has a value."""
        field = self._fields[name]
        return value in (
            field.convert_to_write(partner[name], partner)
            for partner in (self, self.commercial_partner_id)
        )

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

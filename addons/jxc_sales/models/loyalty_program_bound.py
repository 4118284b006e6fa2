# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import api, models
from odoo.tools import ormcache

#: Fields of rules and programs that decide on which goods a promotion is for.
RULE_FIELDS = {
    "active",
    "product_category_id",
    "product_ids",
    "product_tag_id",
    "program_id",
}
PROGRAM_FIELDS = {"applies_on", "program_type", "rule_ids"}


class LoyaltyProgram(models.Model):
    """Promotions that need certain products in an order, known without a query.

    A promotion all of whose rules name products gives nothing to an order without any
    of them. What the platform looks at one by one whenever an order changes or is
    confirmed - the gift cards of every new database among them - is left out early.
    """

    _inherit = "loyalty.program"

    def write(self, vals):
        result = super().write(vals)
        if PROGRAM_FIELDS & set(vals):
            self.env.registry.clear_cache()
        return result

    @api.model
    @ormcache()
    def _jxc_bound_products(self):
        """Return ``((program id, product ids), …)`` of promotions bound to products.

        Those that customers collect points with (nominative ones) are for every order,
        so they are none of them.
        """
        self.env["loyalty.rule"].flush_model()
        self.flush_model()
        programs = self.sudo().with_context(active_test=False).search([])
        bound = []
        for program in programs.filtered(lambda one: not one.is_nominative):
            rules = program.rule_ids
            if rules and all(rule._jxc_is_bound() for rule in rules):
                bound.append((program.id, frozenset(rules.product_ids.ids)))
        return tuple(bound)


class LoyaltyRule(models.Model):
    _inherit = "loyalty.rule"

    @api.model_create_multi
    def create(self, vals_list):
        rules = super().create(vals_list)
        self.env.registry.clear_cache()
        return rules

    def write(self, vals):
        result = super().write(vals)
        if RULE_FIELDS & set(vals):
            self.env.registry.clear_cache()
        return result

    def unlink(self):
        result = super().unlink()
        self.env.registry.clear_cache()
        return result

    def _jxc_is_bound(self):
        """Whether the rule is for certain products only.

        Where all that it names are archived, the platform takes it for one that names
        none, so for all products.
        """
        in_use = self.with_context(active_test=True).product_ids
        return bool(in_use) and not (self.product_category_id or self.product_tag_id)

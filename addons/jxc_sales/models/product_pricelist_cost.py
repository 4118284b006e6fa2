# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
"""Price list rules that start from costs are for those who may see costs.

Such a rule beside the price it gives tells the cost. So without the right nobody reads
these rules (a record rule sees to that), makes or changes them; the prices they give
are computed for everybody, with superuser rights.
"""

from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.fields import Domain

from ..tools.costs import BY_COST, may_see_costs


class ProductPricelist(models.Model):
    _inherit = "product.pricelist"

    jxc_has_closed_rules = fields.Boolean(
        compute="_compute_jxc_has_closed_rules",
        export_string_translation=False,
    )

    @api.depends("item_ids.base", "item_ids.compute_price")
    @api.depends_context("uid", "su")
    def _compute_jxc_has_closed_rules(self):
        """Whether there are rules that this user does not see."""
        closed = self._origin._jxc_closed_lists()
        for pricelist in self:
            pricelist.jxc_has_closed_rules = pricelist._origin in closed

    def _jxc_closed_lists(self):
        """Those of these price lists that have rules this user does not see."""
        if may_see_costs(self.env):
            return self.browse()
        items = self.env["product.pricelist.item"].sudo()
        items = items.search(Domain("pricelist_id", "in", self.ids) & BY_COST)
        return items.pricelist_id.sudo(False)

    def _jxc_check_open(self):
        """:raise AccessError: naming a list with rules that the user does not see"""
        closed = self._jxc_closed_lists()
        if closed:
            raise AccessError(
                self.env._(
                    "%s has rules based on costs: only who may see costs copies it or"
                    " changes its currency.",
                    closed[0].display_name,
                )
            )

    def write(self, vals):
        """:raise AccessError: another currency for rules that the user does not see"""
        # What is added to a cost is not converted: prices in several currencies would
        # tell one from the other.
        if "currency_id" in vals:
            self._jxc_check_open()
        return super().write(vals)

    def copy_data(self, default=None):
        """:raise AccessError: rules that the user does not see would be left out"""
        self._jxc_check_open()
        return super().copy_data(default)

    def _get_applicable_rules(self, products, date, **kwargs):
        pricelist = self.sudo()
        return super(ProductPricelist, pricelist)._get_applicable_rules(
            products, date, **kwargs
        )


class ProductPricelistItem(models.Model):
    _inherit = "product.pricelist.item"

    @api.model_create_multi
    def create(self, vals_list):
        """:raise AccessError: a rule based on costs, by who may not see them"""
        items = super().create(vals_list)
        if not may_see_costs(self.env):
            items._jxc_check_not_by_cost()
        return items

    def write(self, vals):
        """:raise AccessError: a rule becomes based on costs, by who may not see them"""
        result = super().write(vals)
        if {"base", "compute_price"} & set(vals) and not may_see_costs(self.env):
            self._jxc_check_not_by_cost()
        return result

    def _jxc_check_not_by_cost(self):
        """:raise AccessError: naming a rule based on costs"""
        for item in self.sudo().filtered_domain(BY_COST):
            raise AccessError(
                self.env._(
                    "%s: only who may see costs bases prices on them. Take the sales"
                    " price or another price list.",
                    item._jxc_price_label(),
                )
            )

    def _jxc_price_tells_costs(self, changed):
        now = self.filtered_domain(BY_COST)
        was_base = changed.get("base", self.base)
        was_kind = changed.get("compute_price", self.compute_price)
        return bool(now) or (was_base == "standard_price" and was_kind != "fixed")

    # -- prices, for everybody ----------------------------------------------------

    def _show_discount(self):
        return super(ProductPricelistItem, self.sudo())._show_discount()

    def _compute_price(self, *args, **kwargs):
        return super(ProductPricelistItem, self.sudo())._compute_price(*args, **kwargs)

    def _compute_base_price(self, *args, **kwargs):
        items = self.sudo()
        return super(ProductPricelistItem, items)._compute_base_price(*args, **kwargs)

    def _compute_price_before_discount(self, *args, **kwargs):
        items = self.sudo()
        return super(ProductPricelistItem, items)._compute_price_before_discount(
            *args, **kwargs
        )

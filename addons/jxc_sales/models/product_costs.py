# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
"""Costs of products and stock are for those who have the right to see them.

The fields themselves are closed, so views, exports, searches, groups and RPC are as
well. What the platform computes from costs in the name of other users, such as the
value of a delivery, is computed with superuser rights.
"""

from odoo import api, fields, models

from ..tools.costs import (
    COST_ROLES,
    COSTS_BY_WORK,
    OTHER_ROLES,
    VENDOR_ROLES,
    close_elsewhere,
)


class ProductTemplate(models.Model):
    _inherit = "product.template"

    standard_price = fields.Float(groups=COST_ROLES)


class ProductProduct(models.Model):
    _inherit = "product.product"

    standard_price = fields.Float(groups=COST_ROLES)
    avg_cost = fields.Monetary(groups=COST_ROLES)
    total_value = fields.Monetary(groups=COST_ROLES)

    @api.model_create_multi
    def create(self, vals_list):
        cost = self._fields["standard_price"]
        if self.env.su or self._has_field_access(cost, "write"):
            return super().create(vals_list)
        # A new product has no cost yet, which the platform asks for all the same.
        self.check_access("create")
        if any("standard_price" in vals for vals in vals_list):
            self._check_field_access(cost, "write")
        products = super(ProductProduct, self.sudo()).create(vals_list).sudo(False)
        products.check_access("create")
        return products

    def _update_standard_price(self, extra_value=None, extra_quantity=None):
        products = self.sudo()
        return super(ProductProduct, products)._update_standard_price(
            extra_value, extra_quantity
        )

    def _select_seller(self, *args, **kwargs):
        """Find the vendor also for who may not see prices: orders are made for him."""
        sellers = self.env["product.supplierinfo"]
        price = sellers._fields["price"]
        if self.env.su or sellers._has_field_access(price, "read"):
            return super()._select_seller(*args, **kwargs)
        return super(ProductProduct, self.sudo())._select_seller(*args, **kwargs)


class ProductSupplierinfo(models.Model):
    _inherit = "product.supplierinfo"

    price = fields.Float(groups=VENDOR_ROLES)
    price_discounted = fields.Float(groups=VENDOR_ROLES)
    discount = fields.Float(groups=VENDOR_ROLES)

    @api.model
    def _search(self, domain, offset=0, limit=None, order=None, **kwargs):
        """The order by price would tell prices; without the right, it is left out."""
        if order == self._order and not (
            self.env.su or self._has_field_access(self._fields["price"], "read")
        ):
            order = "sequence, min_qty DESC, id"
        return super()._search(domain, offset, limit, order, **kwargs)


class StockLot(models.Model):
    _inherit = "stock.lot"

    standard_price = fields.Float(groups=COST_ROLES)
    avg_cost = fields.Monetary(groups=COST_ROLES)
    total_value = fields.Monetary(groups=COST_ROLES)

    @api.model_create_multi
    def create(self, vals_list):
        if self.env.su or self._has_field_access(
            self._fields["standard_price"], "write"
        ):
            return super().create(vals_list)
        # A lot valued by itself starts with the cost of its product.
        self.check_access("create")
        if any("standard_price" in vals for vals in vals_list):
            self._check_field_access(self._fields["standard_price"], "write")
        lots = super(StockLot, self.sudo()).create(vals_list).sudo(False)
        lots.check_access("create")
        return lots

    def _update_standard_price(self):
        return super(StockLot, self.sudo())._update_standard_price()


class ResGroups(models.Model):
    _inherit = "res.groups"

    def _register_hook(self):
        super()._register_hook()
        self._jxc_link_cost_roles()
        close_elsewhere(self.env)

    @api.model
    def _jxc_link_cost_roles(self):
        """Have roles of other addons see the costs they work with.

        Those addons may be installed before or after this one.
        """
        group = self.env.ref(COSTS_BY_WORK, False)
        for name in OTHER_ROLES if group else ():
            role = self.env.ref(name, False)
            if role and group not in role.all_implied_ids:
                role.sudo().implied_ids |= group

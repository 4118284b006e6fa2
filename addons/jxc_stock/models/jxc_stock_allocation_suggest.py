# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from collections import defaultdict
from decimal import Decimal

from odoo import models
from odoo.fields import Domain

from ..tools.allocation import Shortage, Surplus, propose
from ..tools.compound import exact


class JxcStockAllocation(models.Model):
    """What is missing where, and who can help out."""

    _inherit = "jxc.stock.allocation"

    def _suggest_lines(self):
        """Return values of lines (records, not ids) that solve most shortages."""
        self.ensure_one()
        rules = self._find_rules()
        products = rules.product_id | self._find_watched_products()
        warehouses = self._all_warehouses()
        targets = self.target_ids or warehouses
        sources = self.source_ids or warehouses
        stock = self._stock_quantities(warehouses, products)
        limits = self._limits(products, warehouses)
        spare = self._spare_quantities(sources, products, stock, limits)
        by_place = defaultdict(rules.browse)
        for rule in rules:
            by_place[rule.product_id, rule.warehouse_id] |= rule
        distances = self._distances(warehouses)
        lines = []
        for product in products:
            shortages = self._shortages(product, targets, by_place, stock, limits)
            # Who lacks something himself gives nothing away.
            short = {one.place for one in shortages}
            surpluses = [
                Surplus(
                    warehouse, exact(product.uom_id.round(spare[warehouse, product]))
                )
                for warehouse in sources - self._union(short)
                if product.uom_id.compare(spare[warehouse, product], 0) > 0
            ]
            lacking = {one.place: one.quantity for one in shortages}
            for transfer in propose(shortages, surpluses, distances):
                lines.append(
                    {
                        "product_id": product,
                        "source_id": transfer.source,
                        "target_id": transfer.target,
                        "quantity": float(transfer.quantity),
                        "shortage": float(lacking[transfer.target]),
                        "spare": spare[transfer.source, product],
                    }
                )
        return lines

    def _union(self, warehouses):
        return self.env["stock.warehouse"].union(*warehouses)

    def _all_warehouses(self):
        return self.env["stock.warehouse"].search(
            [("company_id", "=", self.company_id.id)]
        )

    def _get_product_domain(self):
        """Domain on product.product of what is looked at."""
        domain = Domain("is_storable", "=", True)
        if self.category_ids:
            domain &= Domain("categ_id", "child_of", self.category_ids.ids)
        if self.product_ids:
            domain &= Domain("id", "in", self.product_ids.ids)
        return domain

    def _find_rules(self):
        """Return the reordering rules that say what is short."""
        return (
            self.env["stock.warehouse.orderpoint"]
            .sudo()
            .search(
                Domain("company_id", "=", self.company_id.id)
                & Domain("product_id", "any", self._get_product_domain())
            )
        )

    def _find_watched_products(self):
        """Return the products with a safety stock of their own or their category."""
        categories = self.env["product.category"].search([("jxc_safety_stock", ">", 0)])
        return (
            self.env["product.product"]
            .sudo()
            .search(
                self._get_product_domain()
                & Domain("company_id", "in", [False, self.company_id.id])
                & (
                    Domain("jxc_safety_stock", ">", 0)
                    | Domain("categ_id", "child_of", categories.ids)
                )
            )
        )

    def _limits(self, products, warehouses):
        """Return {(product id, warehouse id): (safety stock, maximum)}: those that
        stock alerts know, too."""
        return self.env["jxc.stock.alert"]._jxc_limits(products, warehouses)

    def _shortages(self, product, targets, by_place, stock, limits):
        shortages = []
        for warehouse in targets:
            rules = by_place.get((product, warehouse), self._no_rules())
            minimum, maximum = limits[product.id, warehouse.id]
            if not rules and product.uom_id.compare(minimum, 0) <= 0:
                continue
            forecast = stock[warehouse, product]["virtual_available"]
            if product.uom_id.compare(forecast, minimum) >= 0:
                continue
            level = max(minimum, maximum) if self.fill_to == "max" else minimum
            lacking = exact(product.uom_id.round(level - forecast))
            pack = self._pack(product, rules[:1])
            shortages.append(Shortage(warehouse, lacking, pack))
        return shortages

    def _no_rules(self):
        return self.env["stock.warehouse.orderpoint"]

    def _pack(self, product, rule):
        """Return how many base units are brought at a time."""
        base, uom = product.uom_id, rule.replenishment_uom_id
        if uom and uom._has_common_reference(base):
            return exact(uom.factor) / exact(base.factor)
        digits = self.env["decimal.precision"].precision_get("Product Unit")
        return Decimal(1).scaleb(-digits)

    def _stock_quantities(self, warehouses, products):
        """Return {(warehouse, product): the platform's quantities}, batch by batch."""
        quantities = {}
        for warehouse in warehouses:
            found = (
                products.with_context(warehouse_id=warehouse.id)
                .sudo()
                ._compute_quantities_dict(None, None, None)
            )
            for product in products:
                quantities[warehouse, product] = found[product.id]
        return quantities

    def _spare_quantities(self, warehouses, products, stock=None, limits=None):
        """Return {(warehouse, product): what it can give and keep its safety stock}.

        Neither what is reserved nor what the forecast needs is given away.
        """
        stock = stock or self._stock_quantities(warehouses, products)
        limits = limits or self._limits(products, warehouses)
        return {
            (warehouse, product): min(
                stock[warehouse, product]["free_qty"],
                stock[warehouse, product]["virtual_available"],
            )
            - limits[product.id, warehouse.id][0]
            for warehouse in warehouses
            for product in products
        }

    def _distances(self, warehouses):
        found = (
            self.env["jxc.stock.distance"]
            .sudo()
            .search([("source_id", "in", warehouses.ids)])
        )
        by_id = {warehouse.id: warehouse for warehouse in warehouses}
        return {
            (by_id[one.source_id.id], by_id[one.target_id.id]): one.distance
            for one in found
            if one.target_id.id in by_id
        }

# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from collections import defaultdict

from odoo import models
from odoo.fields import Command, Domain


class JxcStockAlert(models.Model):
    """Bring missing goods from a warehouse that has more than it needs."""

    _inherit = "jxc.stock.alert"

    def _jxc_replenish(self):
        """Make the documents that bring the missing goods.

        Hook: called with alerts that are checked already. Extensions take the alerts
        they can answer, call super for the others, and link each alert to its document
        by ``_jxc_link``.

        :return: list of documents (records), without doubles
        """
        needs = self._jxc_needs()
        sources = self._jxc_sources(needs)
        self.env["jxc.stock.allocation.turn"]._take(
            (warehouse.id, alert.product_id.id)
            for alert, (warehouse, _quantity) in sources.items()
        )
        grouped = defaultdict(list)
        for alert, (warehouse, quantity) in sources.items():
            grouped[warehouse, alert.warehouse_id].append((alert, quantity))
        allocations = self.env["jxc.stock.allocation"].create(
            [
                self._prepare_jxc_allocation_values(*pair, lines)
                for pair, lines in grouped.items()
            ]
        )
        allocations.action_confirm()
        for allocation, lines in zip(allocations, grouped.values(), strict=True):
            alerts = self.browse().union(*(alert for alert, _quantity in lines))
            alerts._jxc_link(allocation)
        return list(allocations)

    def _jxc_link(self, document):
        """Remember the document that answers these alerts, and take note of them."""
        self.sudo().write({"res_model": document._name, "res_id": document.id})
        self.action_acknowledge()

    def _jxc_needs(self):
        """{alert: quantity to bring}, up to the maximum of the rule or product.

        What is on its way already and what customers wait for is taken into account.
        """
        limits = self._jxc_limits(self.product_id, self.warehouse_id)
        needs = {}
        for warehouse, alerts in self.grouped("warehouse_id").items():
            products = alerts.product_id.with_context(warehouse_id=warehouse.id)
            forecast = {product.id: product.virtual_available for product in products}
            for alert in alerts:
                low, high = limits[alert.product_id.id, warehouse.id]
                need = max(low, high) - forecast[alert.product_id.id]
                if alert.uom_id.compare(need, 0) <= 0:
                    # On its way in full: ask at least for what is missing now.
                    need = max(alert.threshold, low) - alert.quantity
                needs[alert] = alert.uom_id.round(need, rounding_method="UP")
        return needs

    def _jxc_limits(self, products, warehouses):
        """{(product id, warehouse id): (safety stock, maximum)} of all these pairs."""
        rules = {
            (product.id, warehouse.id): (low, high)
            for product, warehouse, low, high in self.env["stock.warehouse.orderpoint"]
            .sudo()
            ._read_group(
                [
                    ("product_id", "in", products.ids),
                    ("warehouse_id", "in", warehouses.ids),
                ],
                ["product_id", "warehouse_id"],
                ["product_min_qty:sum", "product_max_qty:sum"],
            )
        }
        limits = {}
        for product in products:
            defaults = [
                product._jxc_default_limit(name)
                for name in ("jxc_safety_stock", "jxc_maximum_stock")
            ]
            for warehouse in warehouses:
                own = defaults if warehouse.sudo().jxc_alert_defaults else (0.0, 0.0)
                low, high = rules.get((product.id, warehouse.id), (0.0, 0.0))
                key = product.id, warehouse.id
                limits[key] = (low or own[0], high or own[1])
        return limits

    def _jxc_sources(self, needs):
        """{alert: (warehouse, quantity)} where another warehouse has a surplus.

        The warehouse with the largest surplus gives; what it gives to one alert is gone
        for the next one.
        """
        warehouses = self.env["stock.warehouse"].search(
            Domain("company_id", "in", self.company_id.ids)
        )
        limits = self._jxc_limits(self.product_id, warehouses)
        surplus = {}
        for warehouse in warehouses:
            products = self.product_id.with_context(warehouse_id=warehouse.id)
            for product in products:
                free = min(product.free_qty, product.virtual_available)
                key = product.id, warehouse
                surplus[key] = free - limits[product.id, warehouse.id][0]
        sources = {}
        for alert, need in needs.items():
            product, uom = alert.product_id, alert.uom_id
            others = warehouses.filtered(
                lambda w, alert=alert: (
                    w.company_id == alert.company_id and w != alert.warehouse_id
                )
            )
            best = max(others, key=lambda w: surplus[product.id, w], default=None)
            if best is None:
                continue
            quantity = uom.round(
                min(need, surplus[product.id, best]), rounding_method="DOWN"
            )
            if uom.compare(quantity, 0) > 0:
                sources[alert] = (best, quantity)
                surplus[product.id, best] -= quantity
        return sources

    def _prepare_jxc_allocation_values(self, origin, target, lines):
        """Values of the allocation between two warehouses; lines: (alert, quantity)."""
        return {
            "company_id": origin.company_id.id,
            "note": self.env._("Stock Alert"),
            "line_ids": [
                Command.create(
                    {
                        "product_id": alert.product_id.id,
                        "source_id": origin.id,
                        "target_id": target.id,
                        "quantity": quantity,
                    }
                )
                for alert, quantity in lines
            ],
        }

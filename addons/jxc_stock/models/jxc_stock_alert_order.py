# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
import math
from collections import defaultdict

from odoo import models
from odoo.fields import Command

from odoo.addons.jxc_base.tools.guard import by_server


class JxcStockAlert(models.Model):
    """Buy missing goods where the platform's purchase is installed, which this addon
    does not need: one request for quotation a vendor and warehouse."""

    _inherit = "jxc.stock.alert"

    def _jxc_replenish(self):
        orders = self._jxc_order()
        made = {("purchase.order", order.id) for order in orders}
        rest = self.filtered(lambda alert: (alert.res_model, alert.res_id) not in made)
        return orders + (super(JxcStockAlert, rest)._jxc_replenish() if rest else [])

    def _jxc_order(self):
        """Make the requests for quotation of what a vendor sells.

        :return: list of orders; each alert that they answer is linked to its one
        """
        orders = self.env.get("purchase.order")
        if orders is None or "picking_type_id" not in orders:
            return []
        made = []
        for (vendor, warehouse), lines in self._jxc_vendor_needs().items():
            # As the platform's reordering does: who watches the stock need not be a
            # purchaser, and the draft is confirmed by one.
            order = (
                by_server(orders.sudo())
                .with_company(warehouse.company_id)
                .create(self._prepare_jxc_order_values(vendor, warehouse, lines))
            )
            self.browse().union(*(alert for alert, *_line in lines))._jxc_link(order)
            made.append(order.sudo(False))
        return made

    def _jxc_vendor_needs(self):
        """{(vendor, warehouse): [(alert, vendor price, quantity)]} of what is bought"""
        grouped = defaultdict(list)
        goods = self.filtered("product_id.purchase_ok")
        for alert, need in goods._jxc_needs().items():
            product = alert.product_id.with_company(alert.company_id)
            seller = product.sudo()._select_seller(quantity=need, uom_id=alert.uom_id)
            # Less than a vendor's minimum is still bought from one who sells it.
            seller = seller or product.sudo()._prepare_sellers()[:1]
            if seller:
                grouped[seller.partner_id, alert.warehouse_id].append(
                    (alert, seller, max(need, self._jxc_minimum(alert, seller)))
                )
        return grouped

    def _jxc_minimum(self, alert, seller):
        """The vendor's minimum in the unit of the product."""
        # odoo19-ok: unit-unchecked a vendor's unit is one of the product's units
        return seller.product_uom_id._compute_quantity(seller.min_qty, alert.uom_id)

    def _prepare_jxc_order_values(self, vendor, warehouse, lines):
        """Values of the request for quotation; lines: (alert, seller, quantity)."""
        return {
            "partner_id": vendor.id,
            "company_id": warehouse.company_id.id,
            "picking_type_id": warehouse.in_type_id.id,
            "origin": self.env._("Stock Alert"),
            "order_line": [
                Command.create(self._prepare_jxc_order_line_values(*line))
                for line in lines
            ],
        }

    def _prepare_jxc_order_line_values(self, alert, seller, quantity):
        """Values of one line: the quantity in the vendor's unit, rounded up."""
        unit = seller.product_uom_id
        # odoo19-ok: unit-unchecked a vendor's unit is one of the product's units
        quantity = alert.uom_id._compute_quantity(quantity, unit, rounding_method="UP")
        if unit in alert.product_id.jxc_unit_ids.uom_id:
            quantity = math.ceil(quantity)  # nobody sells half a box
        return {
            "product_id": alert.product_id.id,
            "product_uom_id": unit.id,
            "product_qty": quantity,
        }

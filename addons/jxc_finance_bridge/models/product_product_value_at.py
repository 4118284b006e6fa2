# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from datetime import time

from odoo import fields, models


class ProductProduct(models.Model):
    _inherit = "product.product"

    def _compute_value(self):
        """At a month-end that was taken, the value is the one that was stored.

        Between month-ends, averages go on from the last one.
        """
        stored = self._jxc_stored_values()
        moment = fields.Datetime.to_datetime(self.env.context.get("to_date"))
        if not moment:
            return super()._compute_value()
        others = self.browse(self.ids).filtered(lambda p: p.id not in stored)
        # the platform's own end of the day
        others = others._jxc_with_pools(moment.replace(hour=23, minute=59, second=59))
        super(ProductProduct, others)._compute_value()
        for product in self.filtered(lambda p: p.id in stored):
            quantity, value = stored[product.id]
            product.company_currency_id = self.env.company.currency_id
            product.total_value = value
            product.avg_cost = value / quantity if quantity else 0.0
        return None

    def _jxc_stored_values(self):
        """{product id: (quantity, value)} when the date asked about was taken."""
        moment = fields.Datetime.to_datetime(self.env.context.get("to_date"))
        if not moment or self.env.context.get("warehouse_id"):
            return {}
        company = self.env.company
        if moment.time() == time.min:
            day = moment.date()
        else:
            day = company._jxc_stock_day(moment)
            if (company._jxc_stock_day_end(day) - moment).total_seconds() >= 1:
                return {}
        # sudo: what a product is worth is computed for everybody
        lines = (
            self.env["jxc.stock.snapshot.line"]
            .sudo()
            .search_fetch(
                [
                    ("product_id", "in", self.ids),
                    ("snapshot_id.company_id", "=", company.id),
                    ("snapshot_id.date", "=", day),
                ],
                ["product_id", "quantity", "value"],
            )
        )
        return {line.product_id.id: (line.quantity, line.value) for line in lines}

    def _with_valuation_context(self):
        """As superuser, the platform would add up the stock of every company."""
        result = super()._with_valuation_context()
        if self.env.su and self.env.context.get("jxc_own_stock"):
            locations = self.env["stock.location"].browse(
                result.env.context["location"]
            )
            own = locations.filtered(lambda x: x.company_id == self.env.company)
            result = result.with_context(location=own.ids)
        return result

    def _jxc_values_at(self, company, moment):
        """What stock was worth, by the platform's own valuation.

        Quantity and value are both those of the moment; asked by date, the platform
        takes the quantity of the first and the value of the last minute of a UTC day.

        :return: {product: (own quantity, value in company currency)}
        """
        products = (
            self.sudo()
            .with_company(company)
            .with_context(
                jxc_own_stock=True,
                allowed_company_ids=company.ids,
                to_date=None,
                warehouse_id=False,
            )
        )
        values = {}
        for method, group in products.grouped("cost_method").items():
            quantities = self._jxc_quantities_at(group, moment)
            for product in group._jxc_with_pools(moment):
                quantity = quantities[product.id]
                if product._jxc_books_lots():
                    pools = product._jxc_lot_pools(moment).values()
                    value = sum(pool.value for pool in pools)
                elif product.uom_id.is_zero(quantity):
                    value = 0.0
                else:
                    value = product._jxc_value_of(quantity, moment, method)
                values[product.with_env(group.env)] = (
                    quantity,
                    company.currency_id.round(value),
                )
        return values

    def _jxc_quantities_at(self, products, moment):
        """{product id: own quantity}; products of one cost method."""
        located = products[:1]._with_valuation_context().env.context["location"]
        owners = [False, products.env.company.partner_id.id]
        counted = products.with_context(
            location=located,
            owners=owners,
            to_date=moment,
        )
        return {product.id: product.qty_available for product in counted}

    def _jxc_value_of(self, quantity, moment, method):
        self.ensure_one()
        if method == "standard":
            return quantity * self._get_standard_price_at_date(moment)
        if method == "fifo":
            return self._run_fifo(quantity, at_date=moment)
        return quantity * self._run_avco(at_date=moment)[0]

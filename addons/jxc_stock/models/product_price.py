# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
"""List prices of units: a box may cost less than its bottles."""

from odoo import fields, models


class ProductTemplate(models.Model):
    _inherit = "product.template"

    def _price_compute(
        self, price_type, uom=None, currency=None, company=None, date=False
    ):
        prices = super()._price_compute(
            price_type, uom=uom, currency=currency, company=company, date=date
        )
        if price_type == "list_price" and uom:
            prices |= unit_prices(self, uom, currency, company, date)
        return prices


class ProductProduct(models.Model):
    _inherit = "product.product"

    def _price_compute(
        self, price_type, uom=None, currency=None, company=None, date=False
    ):
        prices = super()._price_compute(
            price_type, uom=uom, currency=currency, company=company, date=date
        )
        if price_type == "list_price" and uom:
            prices |= unit_prices(self, uom, currency, company, date)
        return prices

    def _get_tax_included_unit_price(
        self, company, currency, document_date, document_type, **values
    ):
        """Invoices that follow no order ask here, not at a pricelist."""
        uom = values.get("product_uom")
        if document_type == "sale" and uom and values.get("product_price_unit") is None:
            price = unit_prices(self, uom, company=company).get(self.id)
            if price is not None:
                # in that unit already
                values |= {"product_price_unit": price, "product_uom": None}
        return super()._get_tax_included_unit_price(
            company, currency, document_date, document_type, **values
        )


def unit_prices(products, uom, currency=None, company=None, date=False):
    """List prices in a unit, where the unit has one of its own.

    Pricelists start from them: orders, catalog, portal and shop all ask here.

    :param products: product.template or product.product records
    :param uom: the platform unit that is asked for
    :return: {id: price}, only of products with such a unit
    """
    company = company or products.env.company
    prices = {}
    # Portal users see prices, but do not read the units.
    for product in products.sudo().with_company(company):
        found = product.jxc_unit_ids.filtered(
            lambda unit: unit.uom_id == uom and unit.list_price
        )
        if not found or product.uom_id == uom:
            continue
        # What a variant costs more, it costs more in every base unit.
        extra = product._get_attributes_extra_price()
        price = found[0].list_price + product.uom_id._compute_price(extra, uom)
        if currency:
            date = date or fields.Date.context_today(product)
            price = product.currency_id._convert(price, currency, company, date)
        prices[product.id] = price
    return prices

# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from collections import defaultdict

from odoo import api, fields, models


class ReportCustomerPriceList(models.AbstractModel):
    """A customer's price list: every product that is sold, at a price per unit of it.

    Prices are those an order for one of the unit would get today.
    """

    _name = "report.jxc_sales.report_customer_price_list"
    _description = "Customer Price List"

    @api.model
    def _get_report_values(self, docids, data=None):
        partners = self.env["res.partner"].browse(docids)
        partners.check_access("read")
        products = self.env["product.product"].search(
            self._get_domain(), order="categ_id, default_code, name, id"
        )
        return {
            "doc_ids": docids,
            "doc_model": "res.partner",
            "docs": partners,
            "day": fields.Date.context_today(self),
            "company": self.env.company,
            "price_lists": {
                partner: self._prices(partner.property_product_pricelist, products)
                for partner in partners
            },
            "currency_of": lambda partner: (
                partner.property_product_pricelist.currency_id
                or self.env.company.currency_id
            ),
        }

    @api.model
    def _get_domain(self):
        """Domain of the goods that are listed."""
        return [
            ("sale_ok", "=", True),
            ("type", "=", "consu"),
            ("company_id", "in", [False, self.env.company.id]),
        ]

    @api.model
    def _prices(self, pricelist, products):
        """``{category: [{product, spec, prices: [(unit, content, price)]}]}``"""
        units, by_uom = {}, defaultdict(lambda: self.env["product.product"])
        for product in products:
            larger = product.product_tmpl_id.jxc_unit_ids.filtered("active")
            units[product] = [
                (product.uom_id, product.uom_id.name, ""),
                *(
                    (unit.uom_id, unit.name, self._content(unit))
                    for unit in larger.sorted("factor")
                ),
            ]
            for uom, _name, _content in units[product]:
                by_uom[uom] |= product
        prices = {
            uom: pricelist._get_products_price(group, 1.0, uom=uom)
            for uom, group in by_uom.items()
        }
        listed = defaultdict(list)
        for product in products:
            listed[product.categ_id].append(
                {
                    "product": product,
                    "prices": [
                        (name, content, prices[uom][product.id])
                        for uom, name, content in units[product]
                    ],
                }
            )
        return listed

    @api.model
    def _content(self, unit):
        """What a larger unit holds, as it is written: 24瓶."""
        return f"{unit.factor:g}{unit.base_uom_id.name}"

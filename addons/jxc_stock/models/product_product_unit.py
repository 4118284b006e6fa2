# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import models

from .product_product import BASE_UNIT_CHANGE, BASE_UNIT_CHANGE_KEY


class ProductProduct(models.Model):
    _inherit = "product.product"

    def _jxc_unit_problem(self, unit):
        if self.env.context.get(BASE_UNIT_CHANGE_KEY) is BASE_UNIT_CHANGE:
            return ""
        return super()._jxc_unit_problem(unit) or self._jxc_unit_of_others(unit)

    def _jxc_unit_of_others(self, uom):
        """Why a document may not give a quantity of this product in a unit, although
        it converts: it is a unit that other products have for themselves.

        A box of 24 beers and a box of 12 wines both hold bottles; who takes the one for
        the other delivers twice as much. Units of the platform (dozens, grams) are
        everybody's.

        :param uom: uom.uom that converts to the product's
        :return: text for people, empty when the unit may be used
        """
        if not uom or uom == self.uom_id or uom in self.uom_ids:
            return ""
        # Also for users who do not see every company's products and vendors.
        product = self.sudo().with_context(active_test=False)
        own = product.jxc_unit_ids.uom_id | product.seller_ids.product_uom_id
        others = uom._jxc_product_units()
        if uom in own or not others or uom._jxc_is_of_platform():
            return ""
        return self.env._(
            "%(unit)s is a unit of other products, not of %(product)s. Accepted are:"
            " %(units)s. Others are added on the product's Units page.",
            unit=uom.name,
            product=self.display_name,
            units=", ".join((self.uom_id | self.uom_ids).mapped("name")),
        )

# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import api, fields, models
from odoo.exceptions import ValidationError

from .product_product import BASE_UNIT_CHANGE, BASE_UNIT_CHANGE_KEY


class StockMove(models.Model):
    _inherit = "stock.move"

    jxc_import_number = fields.Char(
        string="Import Key",
        readonly=True,
        copy=False,
        index="btree_not_null",
        help="The row of an import that made this move.",
    )

    @api.constrains("product_id", "product_uom")
    def _check_jxc_unit(self):
        self._jxc_check_units((move.product_id, move.product_uom) for move in self)

    @api.model
    def _jxc_check_units(self, pairs):
        """Refuse a unit in which the product is not measured: kg for pieces, which
        the platform would convert to nonsense without a word, or another product's box.

        :param pairs: iterable of (product.product, uom.uom)
        :raise ValidationError: naming product, unit and the accepted units
        """
        if self.env.context.get(BASE_UNIT_CHANGE_KEY) is BASE_UNIT_CHANGE:
            return
        for product, uom in dict.fromkeys(pairs):
            base = product.uom_id
            if not uom or uom == base:
                continue
            if uom._has_common_reference(base):
                if problem := product._jxc_unit_of_others(uom):
                    raise ValidationError(problem)
                continue
            raise ValidationError(
                self.env._(
                    "%(product)s is measured in %(base)s, not in %(unit)s. Accepted"
                    " are: %(units)s.",
                    product=product.display_name,
                    base=base.name,
                    unit=uom.name,
                    units=", ".join((base | product.uom_ids).mapped("name")),
                )
            )

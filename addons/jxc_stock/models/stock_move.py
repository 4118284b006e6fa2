# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import api, fields, models


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
        for product, uom in dict.fromkeys(pairs):
            product._jxc_check_unit(uom)

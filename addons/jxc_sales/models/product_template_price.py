# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import api, fields, models

from ..tools.price import floor_of


class ProductTemplate(models.Model):
    _name = "product.template"
    _inherit = ["product.template", "jxc.server.fields.mixin"]

    #: See ``jxc.server.fields.mixin``: without it nobody asks for the lowest price.
    _jxc_server_fields = frozenset({"jxc_has_min_price"})

    jxc_min_price = fields.Float(
        string="Lowest Price",
        min_display_digits="Product Price",
        help="Lowest price of one base unit, with tax when the product's sales taxes"
        " are included in prices. Units without a lowest price of their own follow it."
        " 0: none.",
    )

    # Kept: every order that is confirmed asks it of all its goods.
    jxc_has_min_price = fields.Boolean(
        string="Has a Lowest Price",
        compute="_compute_jxc_has_min_price",
        store=True,
        help="Of its own, or of one of its units.",
    )

    _jxc_min_price_positive = models.Constraint(
        "CHECK (COALESCE(jxc_min_price, 0) >= 0)",
        "A lowest price cannot be negative.",
    )

    @api.depends("jxc_min_price", "jxc_unit_ids.min_price", "jxc_unit_ids.active")
    def _compute_jxc_has_min_price(self):
        for template in self:
            units = template.jxc_unit_ids.filtered("active")
            prices = [template.jxc_min_price, *units.mapped("min_price")]
            template.jxc_has_min_price = any(prices)

    def _jxc_floor(self, uom, without=None):
        """The lowest price of one ``uom`` of this product.

        :param uom: platform unit
        :param without: jxc.product.unit to leave aside, as if it were not there
        :return: price in the currency of the product, as list prices are; 0 for none
        """
        self.ensure_one()
        if not uom._has_common_reference(self.uom_id):
            return 0.0
        units = self.jxc_unit_ids
        if without:
            units -= without
        own = units.filtered(lambda unit: unit.uom_id == uom)[:1]
        return floor_of(
            uom._compute_quantity(1.0, self.uom_id, round=False),
            own.min_price,
            self.jxc_min_price,
            [(unit.factor, unit.min_price) for unit in units],
        )

# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import api, fields, models
from odoo.exceptions import AccessError, ValidationError

from odoo.addons.jxc_base.tools.guard import own_defaults


class JxcAuxPriceMixin(models.AbstractModel):
    """A line whose unit price may be for one auxiliary unit."""

    _name = "jxc.aux.price.mixin"
    _inherit = "jxc.aux.mixin"
    _description = "Price by the Auxiliary Unit"

    jxc_is_priced_by_aux = fields.Boolean(
        string="Priced by Auxiliary Unit",
        compute="_compute_jxc_is_priced_by_aux",
        store=True,
        help="The unit price of this line is for one auxiliary unit. Kept as it was"
        " when the product was chosen.",
    )

    @api.depends("product_id")
    def _compute_jxc_is_priced_by_aux(self):
        for line in self:
            product = line.product_id
            line.jxc_is_priced_by_aux = bool(
                product.jxc_price_by == "aux" and product.jxc_aux_uom_id
            )

    @api.constrains("product_id", "product_uom_id", "jxc_is_priced_by_aux")
    def _check_jxc_aux_price_unit(self):
        """Prices by the auxiliary unit know no other unit to be converted to."""
        for line in self:
            unit, base = line.product_uom_id, line.product_id.uom_id
            if line.jxc_is_priced_by_aux and unit and unit != base:
                raise ValidationError(
                    self.env._(
                        "%(product)s is priced by %(aux)s: its quantity is given in"
                        " %(base)s, not in %(unit)s.",
                        product=line.product_id.display_name,
                        aux=line.jxc_aux_uom_id.name,
                        base=base.name,
                        unit=unit.name,
                    )
                )

    @api.model
    def default_get(self, fields):
        return own_defaults(self, super().default_get(fields), {"jxc_is_priced_by_aux"})

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self._jxc_refuse_way_of_pricing(vals)
        return super().create(vals_list)

    def write(self, vals):
        self._jxc_refuse_way_of_pricing(vals)
        return super().write(vals)

    def _jxc_refuse_way_of_pricing(self, vals):
        """It follows from the product: changing it alone would change the amount.

        :raise AccessError: for everybody but the system
        """
        if "jxc_is_priced_by_aux" in vals and not self.env.su:
            raise AccessError(
                self.env._(
                    "What the price of a line is for follows from its product. Change"
                    " it on the product's Units page, for new lines."
                )
            )

    def _jxc_aux_columns(self):
        return [*super()._jxc_aux_columns(), ("jxc_is_priced_by_aux", "bool")]

    def _jxc_aux_share(self):
        """Auxiliary units in one unit of the line, 0 when there are none."""
        quantity = self[self._jxc_qty_field()]
        return self.jxc_aux_qty / quantity if quantity else 0.0

    def _jxc_aux_of_part(self, part, total, aux_total):
        """The auxiliary quantity of a part of this line.

        :param part: quantity of the part
        :param total: quantity that ``aux_total`` belongs to
        :param aux_total: auxiliary quantity of the total
        """
        uom = self.jxc_aux_uom_id
        if not uom or not part:
            return 0.0
        if total and self.product_uom_id.compare(part, total) == 0:
            return aux_total
        rate = aux_total / total if total else self._jxc_aux_share()
        return uom.round(part * rate)

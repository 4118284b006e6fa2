# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import models
from odoo.exceptions import UserError


class PurchaseOrderLine(models.Model):
    """What was awarded or agreed by weight, but is paid by the piece.

    Awards and agreements give a quantity in the product's own unit. What it costs
    follows from the auxiliary quantity, so that goes no further than the ratio and the
    tolerance of the product let it.
    """

    _inherit = "purchase.order.line"

    def _jxc_most_aux(self, quantity, unit):
        """Return how much of the auxiliary unit goes with a quantity at most.

        :param quantity: float, in ``unit``
        :return: float; None where the price is not by the auxiliary unit, or the
            product takes any
        """
        self.ensure_one()
        product = self.product_id
        lightest = 1 - product.jxc_aux_tolerance / 100
        if not self.jxc_is_priced_by_aux or not product.jxc_aux_ratio or lightest <= 0:
            return None
        base = unit._jxc_convert(quantity, product.uom_id)
        return self.jxc_aux_uom_id.round(base / product.jxc_aux_ratio / lightest)

    def _jxc_is_more_aux(self, most):
        """Whether this line has more of the auxiliary unit than that, see above."""
        if most is None:
            return False
        return self.jxc_aux_uom_id.compare(self.jxc_aux_qty, most) > 0

    def _jxc_check_agreed_aux(self, agreement):
        """Refuse to call off more pieces than the quantity of this line holds.

        :raise UserError: naming both quantities
        """
        most = self._jxc_most_aux(self.product_qty, self.product_uom_id)
        if not self._jxc_is_more_aux(most):
            return
        raise UserError(
            self.env._(
                "%(order)s, %(product)s: %(quantity)s %(unit)s are %(most)s %(aux)s at"
                " most, but %(asked)s would be paid at the price agreed in"
                " %(agreement)s. Correct the quantities, or the ratio of the product.",
                order=self.order_id.name,
                product=self.product_id.display_name,
                quantity=f"{self.product_qty:g}",
                unit=self.product_uom_id.name,
                most=f"{most:g}",
                aux=self.jxc_aux_uom_id.name,
                asked=f"{self.jxc_aux_qty:g}",
                agreement=agreement.name,
            )
        )

# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import models

from ..tools.coverage import in_base

#: What changes with the unit of a line.
OF_UNIT = {"price_unit", "product_qty", "product_uom_id"}


class PurchaseOrder(models.Model):
    """The same goods in another unit need no other approval, nor do down payments."""

    _inherit = "purchase.order"

    def _jxc_widened_since(self, baseline):
        changes = [
            change
            for change in super()._jxc_widened_since(baseline)
            # It orders nothing, whatever its price; with a quantity it is goods.
            if change.record == self or not change.record._jxc_is_down_payment()
        ]
        lines = self.order_line.browse(
            {change.record.id for change in changes if change.field == "product_uom_id"}
        )
        same = lines.filtered(lambda line: line._jxc_is_within(baseline))
        return [
            change
            for change in changes
            if change.field not in OF_UNIT or change.record.id not in same.ids
        ]


class PurchaseOrderLine(models.Model):
    _inherit = "purchase.order.line"

    def _jxc_is_within(self, baseline):
        """Whether this line, in a new unit, is no more and no dearer than before.

        :param baseline: see ``tier.validation._jxc_widening_values``
        """
        self.ensure_one()

        def before(name):
            return baseline.get(f"order_line/{self.id}/{name}")

        unit = self.product_uom_id
        earlier = unit.browse(before("product_uom_id") or [])
        if before("product_id") != self.product_id.ids or not earlier.exists():
            return False
        if not earlier._has_common_reference(unit):
            return False
        price = earlier._compute_price(before("price_unit") or 0.0, unit)
        asked = in_base(before("product_qty") or 0.0, earlier)
        return (
            in_base(self.product_qty, unit) <= asked
            # Two conversions of a price differ in their last digits.
            and self.price_unit <= price + abs(price) * 1e-9
        )

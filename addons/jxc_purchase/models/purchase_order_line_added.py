# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import api, fields, models

from ..tools.coverage import in_base

#: Changes of a line that can make it ask for more, or for the same sooner.
MORE_FIELDS = {
    "date_planned",
    "order_id",
    "product_id",
    "product_qty",
    "product_uom_id",
}


class PurchaseOrderLine(models.Model):
    """Lines of confirmed orders that are new, ask for more than before, or sooner."""

    _inherit = "purchase.order.line"

    @api.model_create_multi
    def create(self, vals_list):
        """Judge what is added to confirmed orders.

        :raise UserError: see ``purchase.order._jxc_check_added``
        """
        lines = super().create(vals_list)
        lines._jxc_judge_more({})
        return lines

    def write(self, vals):
        """Judge what confirmed orders get more of.

        :raise UserError: see ``purchase.order._jxc_check_added``
        """
        if MORE_FIELDS.isdisjoint(vals):
            return super().write(vals)
        before = {
            line: (line.order_id, line.product_id, line._jxc_asked(), line._jxc_day())
            for line in self
            if line.order_id.state == "purchase"
        }
        result = super().write(vals)
        self._jxc_judge_more(before)
        return result

    def _jxc_judge_more(self, before):
        """Judge lines of confirmed orders that ask for more than before, or sooner.

        What comes later than was confirmed is the vendor's doing; only what is moved
        to the front can meet what the confirmation did not see.

        :param before: ``{line: (order, product, see _jxc_asked, see _jxc_day)}``
        """
        for order, lines in self.filtered("product_id").grouped("order_id").items():
            if order.state != "purchase":
                continue
            more = lines.filtered(lambda line: line._jxc_asks_more(before.get(line)))
            if more:
                order._jxc_check_added(more.product_id)
            sooner = (lines - more).filtered(
                lambda line: line in before and line._jxc_day() < before[line][3]
            )
            if sooner:
                self.env["jxc.duplicate.engine"]._check(order, sooner.product_id)

    def _jxc_asks_more(self, before):
        unit, quantity = self.product_id.uom_id, self._jxc_asked()
        if before and before[:2] == (self.order_id, self.product_id):
            return unit.compare(quantity, before[2]) > 0
        return unit.compare(quantity, 0) > 0

    def _jxc_asked(self):
        """Return the quantity in the product's unit, from what people enter."""
        self.ensure_one()
        base = in_base(1, self.product_id.uom_id)
        asked = in_base(self.product_qty, self.product_uom_id)
        return float(asked / base) if base else 0.0

    def _jxc_day(self):
        """Return the day that duplicates are compared by; what is late comes today."""
        self.ensure_one()
        today = fields.Date.context_today(self)
        return max(fields.Date.to_date(self.date_planned) or today, today)

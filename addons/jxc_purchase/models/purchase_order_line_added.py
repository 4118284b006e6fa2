# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import api, models

#: Changes of a line that can make it ask for more.
MORE_FIELDS = {"order_id", "product_id", "product_qty", "product_uom_id"}


class PurchaseOrderLine(models.Model):
    """Lines of confirmed orders that are new, or ask for more than before."""

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
            line: (line.order_id, line.product_id, line.product_uom_qty)
            for line in self
            if line.order_id.state == "purchase"
        }
        result = super().write(vals)
        self._jxc_judge_more(before)
        return result

    def _jxc_judge_more(self, before):
        """Judge lines of confirmed orders that ask for more than before.

        :param before: ``{line: (order, product, quantity in the product's unit)}``
        """
        for order, lines in self.filtered("product_id").grouped("order_id").items():
            if order.state != "purchase":
                continue
            more = lines.filtered(lambda line: line._jxc_asks_more(before.get(line)))
            if more:
                order._jxc_check_added(more.product_id)

    def _jxc_asks_more(self, before):
        unit, quantity = self.product_id.uom_id, self.product_uom_qty
        if before and before[:2] == (self.order_id, self.product_id):
            return unit.compare(quantity, before[2]) > 0
        return unit.compare(quantity, 0) > 0

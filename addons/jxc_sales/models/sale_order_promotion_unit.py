# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import models


class SaleOrder(models.Model):
    """Promotions that count base units, see ``loyalty.rule``."""

    _inherit = "sale.order"

    def _program_check_compute_points(self, programs):
        """Count quantities of rules that say so in base units."""
        result = super()._program_check_compute_points(programs)
        for program in programs:
            rule = program.rule_ids
            if len(rule) == 1 and rule.jxc_in_base_unit and program in result:
                result[program] = self._jxc_points_in_base_unit(rule, result[program])
        return result

    def _jxc_points_in_base_unit(self, rule, counted):
        """The points of a rule by quantity, or the error that tells what is missing.

        :param counted: what the platform found, with each unit counted as one
        """
        lines = self._get_not_rewarded_order_lines().filtered(
            lambda line: not line.combo_item_id
        )
        valid = rule.program_id._get_valid_products(lines.product_id)
        products = valid.get(rule, self.env["product.product"])
        quantity = sum(
            line._jxc_base_qty() for line in lines if line.product_id in products
        )
        if not products or quantity < rule.minimum_qty:
            return counted if "error" in counted else {"error": self._jxc_too_few(rule)}
        points = rule.reward_point_amount
        if rule.reward_point_mode == "unit":
            points *= quantity
        return {"points": [points]}

    def _jxc_too_few(self, rule):
        return self.env._(
            "%(program)s needs %(quantity)s base units of its products.",
            program=rule.program_id.name,
            quantity=f"{rule.minimum_qty:g}",
        )

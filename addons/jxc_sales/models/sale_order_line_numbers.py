# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
"""Quantities and prices are numbers before anybody reckons with them.

Loaded last: what else is done to orders and lines would fail on others without a word.
"""

from odoo import api, models


class SaleOrder(models.Model):
    _inherit = "sale.order"

    @api.model_create_multi
    def create(self, vals_list):
        self._jxc_check_numbers_of_lines(vals_list)
        return super().create(vals_list)

    def write(self, vals):
        self._jxc_check_numbers_of_lines([vals])
        return super().write(vals)

    def _jxc_check_numbers_of_lines(self, vals_list):
        """:raise ValidationError: a line comes with what is no number"""
        lines = self.env["sale.order.line"]
        field = self._fields["order_line"]
        lines._jxc_check_commands(field, [vals.get("order_line") for vals in vals_list])


class SaleOrderLine(models.Model):
    _inherit = "sale.order.line"

    @api.model_create_multi
    def create(self, vals_list):
        self._jxc_check_numbers(*vals_list)
        return super().create(vals_list)

    def write(self, vals):
        self._jxc_check_numbers(vals)
        return super().write(vals)

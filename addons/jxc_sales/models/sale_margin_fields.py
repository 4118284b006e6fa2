# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import models

from ..tools.costs import close_margins


class SaleOrder(models.Model):
    _inherit = "sale.order"

    def _register_hook(self):
        super()._register_hook()
        close_margins(self)


class SaleOrderLine(models.Model):
    _inherit = "sale.order.line"

    def _register_hook(self):
        super()._register_hook()
        close_margins(self)


class SaleReport(models.Model):
    _inherit = "sale.report"

    def _register_hook(self):
        super()._register_hook()
        close_margins(self)

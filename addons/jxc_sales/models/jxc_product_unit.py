# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import models


class JxcProductUnit(models.Model):
    _inherit = "jxc.product.unit"

    def _jxc_unit_usage(self):
        return (
            super()._jxc_unit_usage()
            + self._jxc_sale_usage()
            + self._jxc_return_usage()
            + self._jxc_channel_usage()
        )

    def _jxc_sale_usage(self):
        """Quotations and orders in these units, cancelled ones aside."""
        return [
            self.env._("%(count)s sales orders of %(product)s: %(names)s", **values)
            for values in self._jxc_documents(
                self.env["sale.order.line"], "order_id", [("state", "!=", "cancel")]
            )
        ]

    def _jxc_return_usage(self):
        """Returns and exchanges in these units, cancelled ones aside."""
        return [
            self.env._("%(count)s returns of %(product)s: %(names)s", **values)
            for values in self._jxc_documents(
                self.env["jxc.sale.return.line"],
                "return_id",
                [("return_id.state", "!=", "cancelled")],
            )
        ]

    def _jxc_channel_usage(self):
        """Shops that sell in these units: their next order would be of another size."""
        return [
            self.env._("%(count)s sales channels of %(product)s: %(names)s", **values)
            for values in self._jxc_documents(
                self.env["jxc.sale.channel.product"], "channel_id", []
            )
        ]

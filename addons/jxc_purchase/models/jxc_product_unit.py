# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import models
from odoo.fields import Domain


class JxcProductUnit(models.Model):
    _inherit = "jxc.product.unit"

    def _jxc_unit_usage(self):
        return (
            super()._jxc_unit_usage()
            + self._jxc_purchase_usage()
            + self._jxc_request_usage()
            + self._jxc_agreement_usage()
        )

    def _jxc_purchase_usage(self):
        """Orders and requests for quotation in these units, cancelled ones aside."""
        domain = Domain("order_id.state", "!=", "cancel") & Domain.OR(
            Domain("product_id.product_tmpl_id", "=", unit.product_tmpl_id.id)
            & Domain("product_uom_id", "=", unit.uom_id.id)
            for unit in self
        )
        # A unit is shared by all companies, so orders of any company count.
        lines = self.env["purchase.order.line"].sudo()
        return [
            self.env._(
                "%(count)s purchase order lines of %(product)s: %(names)s",
                count=len(ids),
                product=product.display_name,
                names=self._jxc_some(
                    lines.browse(sorted(ids)[:6]).order_id.mapped("name")
                ),
            )
            for product, ids in lines._read_group(
                domain, ["product_id"], ["id:array_agg"]
            )
        ]

    def _jxc_request_usage(self):
        """Purchase requests in these units that may still become orders."""
        return [
            self.env._(
                "%(count)s purchase requests of %(product)s: %(names)s", **values
            )
            for values in self._jxc_documents(
                self.env["jxc.purchase.request.line"],
                "request_id",
                [("request_id.state", "not in", ("done", "rejected", "cancelled"))],
            )
        ]

    def _jxc_agreement_usage(self):
        """Agreements with vendors in these units that are not closed."""
        return [
            self.env._(
                "%(count)s purchase agreements of %(product)s: %(names)s", **values
            )
            for values in self._jxc_documents(
                self.env["purchase.requisition.line"],
                "requisition_id",
                [("requisition_id.state", "not in", ("done", "cancel"))],
            )
        ]

# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from fractions import Fraction

from odoo import fields, models

from ..tools.coverage import fill, in_base


class PurchaseOrderLine(models.Model):
    _inherit = "purchase.order.line"

    jxc_request_link_ids = fields.One2many(
        comodel_name="jxc.purchase.request.link",
        inverse_name="order_line_id",
        string="Requested by",
        readonly=True,
        copy=False,
        groups="purchase.group_purchase_user,jxc_base.group_executive",
    )

    def unlink(self):
        # By the ORM, so that requests are open again; also for who may not see them.
        self.sudo().jxc_request_link_ids.unlink()
        return super().unlink()

    def _merge_po_line(self, rfq_line):
        """Shares of the line that is merged into this one move along."""
        links = rfq_line.sudo().jxc_request_link_ids
        result = super()._merge_po_line(rfq_line)
        links.order_line_id = self
        return result

    def _jxc_serve_requests(self):
        """Share quantities and receipts between requests, the oldest link first.

        :return: {link: (in the order line, accepted)}, exact, in reference units; a
            cancelled order and one whose product was changed give nothing
        """
        served = {}
        for line in self:
            links = line.jxc_request_link_ids.sorted("id")
            links = links.filtered(
                lambda link, line=line: (
                    line.state != "cancel" and link.request_line_id._is_served_by(line)
                )
            )
            unit = line.product_uom_id
            wanted = [in_base(link.quantity, link.product_uom_id) for link in links]
            given = fill(in_base(line.product_qty, unit), wanted)
            received = Fraction(0)
            if line.state == "purchase":
                # What waits for its inspection or lies with the defective goods
                # serves nobody yet.
                received = line._jxc_received_exact()
            came = fill(received, given)
            served.update(zip(links, zip(given, came, strict=True), strict=True))
        return served

    def _jxc_received_exact(self):
        """Return what was received, exact, in reference units.

        What is complete in the product's unit is all that was ordered.
        """
        self.ensure_one()
        if self._jxc_is_complete():
            received = max(self.qty_received, self.product_qty)
            return in_base(received, self.product_uom_id)
        base = self.product_id.uom_id
        if base and self.product_uom_id._has_common_reference(base):
            return in_base(self.jxc_qty_received_base, base)
        return in_base(self.qty_received, self.product_uom_id)

# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import models


class JxcPurchaseRequestLine(models.Model):
    _inherit = "jxc.purchase.request.line"

    def _jxc_base_price(self):
        """Return what one unit of the product is estimated at, company currency."""
        self.ensure_one()
        base = self.product_id.uom_id
        if not self.product_uom_id._has_common_reference(base):
            return 0.0
        return self.product_uom_id._compute_price(self.price_unit, base)

    def _jxc_vendors(self, known):
        """Return the ids of the vendors known for this line, with the suggested one.

        :param known: see ``jxc.purchase.facts._known_vendors``
        """
        self.ensure_one()
        vendor = self.vendor_id.commercial_partner_id._origin
        key = (self.request_id.company_id.id, self.product_id._origin.id)
        return known[key] | set(vendor.ids)

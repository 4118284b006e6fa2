# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import models


class PurchaseRequisitionCreateAlternative(models.TransientModel):
    _inherit = "purchase.requisition.create.alternative"

    def action_create_alternative(self):
        """Alternatives of an RFQ serve the same requests; together they count once."""
        before = self.origin_po_id._jxc_tender_orders()
        action = super().action_create_alternative()
        if self.copy_products:
            alternatives = self.origin_po_id._jxc_tender_orders() - before
            self.origin_po_id._jxc_copy_request_links(alternatives)
        return action

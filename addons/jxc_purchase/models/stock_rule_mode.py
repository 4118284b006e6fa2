# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import models

#: RFQs that say what they are for: nothing is added to them by a rule.
CLOSED_MODES = ("consolidated", "request", "tender", "urgent")


class StockRule(models.Model):
    _inherit = "stock.rule"

    def _make_po_get_domain(self, company_id, values, partner):
        """Keep what rules buy out of RFQs for requests, tenders and agreements."""
        domain = super()._make_po_get_domain(company_id, values, partner)
        closed = CLOSED_MODES
        agreement = (
            values.get("supplier") and values["supplier"].purchase_requisition_id
        )
        if not agreement:
            closed += ("framework",)
        return (*domain, ("jxc_procurement_mode", "not in", closed))

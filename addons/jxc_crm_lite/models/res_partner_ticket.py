# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import models


class ResPartner(models.Model):
    """Tickets of a customer are counted by the database, however many there are."""

    _inherit = "res.partner"

    def _compute_helpdesk_ticket_count(self):
        """Count those of contacts for their company too, without reading them."""
        everybody = self.with_context(active_test=False).search_fetch(
            [("id", "child_of", self.ids)], ["parent_id"]
        )
        tickets = self.env["helpdesk.ticket"]
        within = [("partner_id", "in", everybody.ids)]
        counts = [
            dict(tickets._read_group(domain, ["partner_id"], ["__count"]))
            for domain in (within, [*within, ("closed", "=", False)])
        ]
        totals = {partner: [0, 0] for partner in self}
        for partner in everybody:
            own = [count.get(partner, 0) for count in counts]
            above = partner
            while above and any(own):
                if above in totals:
                    totals[above] = [
                        one + more for one, more in zip(totals[above], own, strict=True)
                    ]
                above = above.parent_id
        for partner, (number, active) in totals.items():
            partner.helpdesk_ticket_count = number
            partner.helpdesk_ticket_active_count = active
            partner.helpdesk_ticket_count_string = f"{active} / {number}"

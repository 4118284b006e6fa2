# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import api, fields, models
from odoo.exceptions import ValidationError


class JxcFollowup(models.Model):
    """Follow-ups that answer a ticket: visits, calls."""

    _inherit = "jxc.followup"

    ticket_id = fields.Many2one(
        comodel_name="helpdesk.ticket",
        index="btree_not_null",
    )

    @api.constrains("ticket_id", "partner_id", "company_id")
    def _check_ticket(self):
        for followup in self.sudo():
            ticket = followup.ticket_id
            if not ticket:
                continue
            customer = ticket.partner_id.commercial_partner_id
            if customer and followup.customer_id != customer:
                raise ValidationError(
                    self.env._(
                        "Ticket %(ticket)s is about %(of)s, not %(customer)s.",
                        ticket=ticket.display_name,
                        of=customer.display_name,
                        customer=followup.customer_id.display_name,
                    )
                )
            if ticket.company_id != followup.company_id:
                raise ValidationError(
                    self.env._(
                        "Ticket %(ticket)s belongs to %(company)s.",
                        ticket=ticket.display_name,
                        company=ticket.company_id.display_name,
                    )
                )

    def _check_readable(self, vals):
        """A ticket takes a follow-up for an answer: not of who may not see it.

        But of who was sent to the customer for it, whatever else of it he sees.
        """
        super()._check_readable(vals)
        ticket = self.env["helpdesk.ticket"].browse(vals.get("ticket_id") or ())
        if self.env.su or ticket.has_access("read"):
            return
        # sudo: visits are planned by others
        was_sent = self.sudo().search_count(
            [("ticket_id", "=", ticket.id), ("user_id", "=", self.env.uid)], limit=1
        )
        if not was_sent:
            ticket.check_access("read")

    def _after_contact(self):
        result = super()._after_contact()
        self.ticket_id._jxc_note_response()
        return result

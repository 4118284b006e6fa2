# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import api, fields, models
from odoo.exceptions import UserError


class JxcTicketVisit(models.TransientModel):
    """Plan a visit for a ticket: who goes, and when."""

    _name = "jxc.ticket.visit"
    _description = "Plan a Visit"
    _check_company_auto = True

    ticket_id = fields.Many2one(
        comodel_name="helpdesk.ticket",
        required=True,
        default=lambda self: self._default_ticket_id(),
    )
    company_id = fields.Many2one(related="ticket_id.company_id")
    partner_id = fields.Many2one(related="ticket_id.partner_id", string="Customer")
    user_id = fields.Many2one(
        comodel_name="res.users",
        string="Who Goes",
        required=True,
        default=lambda self: self.env.user,
        domain="[('share', '=', False)]",
        check_company=True,
    )
    date = fields.Date(required=True, default=lambda self: self._today())
    note = fields.Char(string="What to Do")

    @api.model
    def _today(self):
        """The day it is for the company, by which follow-ups are dated."""
        zone = (self.company_id or self.env.company)._jxc_timezone()
        return fields.Date.context_today(self.with_context(tz=zone))

    @api.model
    def _default_ticket_id(self):
        return self.env["helpdesk.ticket"].browse(self.env.context.get("active_id"))

    def action_plan(self):
        """Agree on the visit: a follow-up whose next step is the visit.

        Nobody has spoken to anybody yet: other steps of who goes stay open. The
        follow-up of the visit itself is entered by who was there.

        :raise AccessError: the user may not change the ticket
        :raise UserError: the ticket is closed or has no customer, or the day is past
        """
        self.ensure_one()
        ticket = self.ticket_id
        ticket._jxc_check_outcome()
        if self.date < self._today():
            raise UserError(
                self.env._(
                    "A visit cannot be planned for %s, which is past.", self.date
                )
            )
        # Helpdesk people plan for others and need not have rights in sales.
        followup = self.env["jxc.followup"].sudo()
        followup = followup.create(self._prepare_followup_values())
        followup.activity_id.activity_type_id = self.env.ref(
            "mail.mail_activity_data_meeting"
        )
        return {"type": "ir.actions.act_window_close"}

    def _prepare_followup_values(self):
        """Return the values of the follow-up that plans the visit."""
        ticket = self.ticket_id
        return {
            "ticket_id": ticket.id,
            "partner_id": ticket.partner_id.id,
            "company_id": ticket.company_id.id,
            "user_id": self.user_id.id,
            "kind": "other",
            "is_plan": True,
            "note": self.env._("Visit agreed on for ticket %s", ticket.display_name),
            "next_date": self.date,
            "next_note": self.note or self.env._("Visit for %s", ticket.number),
        }

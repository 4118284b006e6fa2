# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import api, fields, models

from .helpdesk_ticket_feedback import KINDS, SEVERITIES
from .jxc_customer_class import ABC


class JxcTicketSla(models.Model):
    """How soon tickets have their first answer and their solution.

    The first rule that fits a ticket counts; what a rule leaves empty fits all.
    """

    _name = "jxc.ticket.sla"
    _description = "Service Level"
    _order = "sequence, id"
    _check_company_auto = True

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        comodel_name="res.company",
        required=True,
        default=lambda self: self.env.company,
        index=True,
    )
    team_id = fields.Many2one(
        comodel_name="helpdesk.ticket.team",
        check_company=True,
        index="btree_not_null",
    )
    kind = fields.Selection(selection=KINDS)
    severity = fields.Selection(
        selection=SEVERITIES,
        string="Severity from",
        help="This severity and higher ones.",
    )
    abc = fields.Selection(selection=ABC, string="Customer Class")
    response_hours = fields.Float(
        string="First Response (hours)",
        required=True,
        help="Working hours of the company; 0: not watched.",
    )
    solve_hours = fields.Float(
        string="Solution (hours)",
        required=True,
        help="Working hours of the company, without the time in stages in which the"
        " ticket waits; 0: not watched.",
    )

    _hours_range = models.Constraint(
        "CHECK (response_hours >= 0 AND solve_hours >= 0"
        " AND response_hours <= 2000 AND solve_hours <= 2000)",
        "Service levels are between 0 and 2000 working hours.",
    )

    @api.model
    def _match(self, tickets):
        """Return {ticket: the rule that counts for it, maybe none}."""
        rules = self.search([("company_id", "in", tickets.company_id.ids)])
        rules = rules.grouped("company_id")
        classes = {
            (row.partner_id, row.company_id): row.abc
            for row in self.env["jxc.customer.class"].search(
                [
                    ("partner_id", "in", tickets.partner_id.commercial_partner_id.ids),
                    ("company_id", "in", tickets.company_id.ids),
                ]
            )
        }
        found = {}
        for ticket in tickets:
            customer = ticket.partner_id.commercial_partner_id
            abc = classes.get((customer, ticket.company_id))
            candidates = rules.get(ticket.company_id, self)
            found[ticket] = candidates.filtered(
                lambda rule, ticket=ticket, abc=abc: rule._fits(ticket, abc)
            )[:1]
        return found

    def _fits(self, ticket, abc):
        self.ensure_one()
        return (
            (not self.team_id or self.team_id == ticket.team_id)
            and (not self.kind or self.kind == ticket.jxc_kind)
            and (not self.severity or self.severity <= (ticket.jxc_severity or "0"))
            and (not self.abc or self.abc == abc)
        )

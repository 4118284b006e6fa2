# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import fields, models

from .helpdesk_ticket_feedback import KINDS


class JxcTicketReason(models.Model):
    """What went wrong; what the statistics of feedback are made by."""

    _name = "jxc.ticket.reason"
    _description = "Ticket Reason"
    _order = "sequence, name, id"

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    kind = fields.Selection(
        selection=KINDS,
        help="Offered for tickets of this kind only; empty: for all.",
    )

# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import fields, models


class HelpdeskTicketStage(models.Model):
    _inherit = "helpdesk.ticket.stage"

    jxc_waiting = fields.Boolean(
        string="Waiting",
        help="The clock of the service levels stands still: waiting for the customer,"
        " for parts.",
    )
    jxc_asks_rating = fields.Boolean(
        string="Ask for Rating",
        help="The customer is asked by e-mail to rate the service when a ticket gets"
        " here; once per ticket.",
    )
    jxc_not_counted = fields.Boolean(
        string="Not Counted",
        help="Tickets that end here were no case of ours and do not count in complaint"
        " rates.",
    )

# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import api, fields, models
from odoo.tools import SQL

#: What the helpdesk's own stages are for, until somebody says otherwise.
FIRST_FLAGS = {
    "awaiting": "jxc_waiting",
    "done": "jxc_asks_rating",
    "cancelled": "jxc_not_counted",
    "rejected": "jxc_not_counted",
}


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

    @api.model
    def _jxc_set_first_flags(self):
        """Set the flags of the helpdesk's own stages that nobody has decided on yet.

        Stages that are gone are left out. A new column is empty, one that a person or
        an earlier run has written is not; so this may run at every update.
        """
        self.flush_model(list(FIRST_FLAGS.values()))
        for name, flag in FIRST_FLAGS.items():
            stage = self.env.ref(
                f"helpdesk_mgmt.helpdesk_ticket_stage_{name}", raise_if_not_found=False
            )
            if stage:
                self.env.cr.execute(
                    SQL(
                        "UPDATE helpdesk_ticket_stage SET %(flag)s = TRUE"
                        " WHERE id = %(id)s AND %(flag)s IS NULL",
                        flag=SQL.identifier(flag),
                        id=stage.id,
                    )
                )
        self.invalidate_model(list(FIRST_FLAGS.values()))

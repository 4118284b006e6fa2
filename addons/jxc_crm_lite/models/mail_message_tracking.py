# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import api, fields, models


class MailMessage(models.Model):
    _inherit = "mail.message"

    jxc_tracking = fields.Char(
        string="What the Customer Did",
        groups="base.group_user",
        compute="_compute_jxc_tracking",
        help="Whether the e-mail was opened and a link in it clicked, as far as the"
        " customer's mail program tells.",
    )

    @api.depends("message_id")
    def _compute_jxc_tracking(self):
        # sudo: who may read a message may know what became of it
        traces = self.env["mailing.trace"].sudo()
        traces = traces.search_fetch(
            [
                (
                    "message_id",
                    "in",
                    [name for name in self.mapped("message_id") if name],
                ),
                ("trace_type", "=", "mail"),
            ],
            [
                "message_id",
                "trace_status",
                "failure_type",
                "open_datetime",
                "links_click_datetime",
            ],
        ).grouped("message_id")
        none = self.env["mailing.trace"].sudo()
        for message in self:
            message.jxc_tracking = traces.get(message.message_id, none)._jxc_tell()

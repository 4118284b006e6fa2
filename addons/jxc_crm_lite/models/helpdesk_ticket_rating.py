# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import fields, models
from odoo.exceptions import AccessError


class HelpdeskTicket(models.Model):
    """Customers rate the service once a ticket is closed."""

    _name = "helpdesk.ticket"
    _inherit = ["helpdesk.ticket", "rating.mixin"]

    jxc_rating_asked_at = fields.Datetime(
        string="Asked for Rating on",
        readonly=True,
        copy=False,
        groups="base.group_user",
    )

    def _jxc_after_closing(self):
        super()._jxc_after_closing()
        self._jxc_ask_rating()

    def _jxc_ask_rating(self):
        """Ask the customers of tickets in a stage that asks, once per ticket."""
        template = self.env.ref(
            "jxc_crm_lite.mail_template_ticket_rating", raise_if_not_found=False
        )
        if not template:
            return
        for ticket in self:
            if (
                ticket.stage_id.jxc_asks_rating
                and not ticket.jxc_rating_asked_at
                and ticket.partner_id.email
            ):
                ticket.jxc_rating_asked_at = fields.Datetime.now()
                # By the queue: nobody waits for the mail server to close a ticket.
                ticket.rating_send_request(
                    template, lang=ticket.partner_id.lang, force_send=False
                )

    def message_post(self, **kwargs):
        """:raise AccessError: an employee rates the own work"""
        if kwargs.get("rating_value") and self.env.user._is_internal():
            raise AccessError(self.env._("Tickets are rated by customers only."))
        return super().message_post(**kwargs)

    def _jxc_rating_url(self, value):
        """Where the customer of a closed ticket rates it; False if already done."""
        self.ensure_one()
        if not self.closed or not self.partner_id:
            return False
        done = self.rating_ids.filtered("consumed")
        if done:
            return False
        return f"/rate/{self._rating_get_access_token()}/{value}"

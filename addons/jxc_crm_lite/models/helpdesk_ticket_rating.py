# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import fields, models
from odoo.exceptions import AccessError

from .mail_mail_rating import ASKED


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
        """:raise AccessError: an employee, or who does not say who it is, rates"""
        if kwargs.get("rating_value") and not self.env.user._is_portal():
            raise AccessError(self.env._("Tickets are rated by customers only."))
        return super().message_post(**kwargs)

    def _rating_get_access_token(self, partner=None):
        """Return a name for the rating: texts are read by the employees as well.

        Only what goes to the customer's address has the token in its place, see
        ``mail.mail``.
        """
        return f"{ASKED}{self._jxc_get_rating(partner).id}"

    def _jxc_get_rating(self, partner=None):
        """Return the rating, as superuser, that a customer has been asked for."""
        token = super()._rating_get_access_token(partner)
        return self.rating_ids.sudo().filtered(lambda one: one.access_token == token)

    def _jxc_rating_url(self, value, visitor):
        """Where the customer of a closed ticket rates it; False for everybody else.

        Employees can open a link to the page as well, so who only has that is no
        customer. Also False if it was rated already.

        :param visitor: the user who looks at the page
        """
        self.ensure_one()
        if not (self.closed and self.partner_id and visitor._is_portal()):
            return False
        if not self.with_user(visitor).has_access("read"):
            return False
        done = self.rating_ids.filtered("consumed")
        if done:
            return False
        return f"/rate/{self._jxc_get_rating().access_token}/{value}"

# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import api, models
from odoo.exceptions import UserError

#: of how many companies and persons outside there are in one conversation
MOST_OUTSIDE = 10


class MailThread(models.AbstractModel):
    """One message in a timeline is a conversation, not a mailing."""

    _inherit = "mail.thread"

    def _notify_get_recipients(self, message, msg_vals=False, **kwargs):
        recipients = super()._notify_get_recipients(message, msg_vals, **kwargs)
        if not self.env.su and self._name != "discuss.channel":
            self._jxc_check_conversation([each for each in recipients if each["share"]])
        return recipients

    @api.model
    def _jxc_check_conversation(self, outside):
        """Refuse to write to everybody by adding them to one message.

        :param outside: the platform's data of recipients: contacts, or bare addresses
        :raise UserError: more than a conversation has
        """
        if len(outside) <= MOST_OUTSIDE:
            return
        ids = [each["id"] for each in outside if each["id"]]
        # sudo: whose contacts they are decides, shown or not
        partners = self.env["res.partner"].sudo().browse(ids)
        count = len(partners.commercial_partner_id) + len(outside) - len(ids)
        if count > MOST_OUTSIDE:
            raise UserError(
                self.env._(
                    "One message goes to at most %(most)d customers. Choose them in a"
                    " list and write to all of them from there, or make a mailing.",
                    most=MOST_OUTSIDE,
                )
            )

    def _notify_thread_by_sms(
        self,
        message,
        recipients_data,
        msg_vals=False,
        sms_content=None,
        sms_numbers=None,
        sms_pid_to_number=None,
        put_in_queue=False,
        **kwargs,
    ):
        if not self.env.su:
            self._jxc_check_one_number(
                recipients_data, sms_numbers or (), sms_pid_to_number or {}
            )
        return super()._notify_thread_by_sms(
            message,
            recipients_data,
            msg_vals=msg_vals,
            sms_content=sms_content,
            sms_numbers=sms_numbers,
            sms_pid_to_number=sms_pid_to_number,
            put_in_queue=put_in_queue,
            **kwargs,
        )

    def _jxc_check_one_number(self, recipients_data, sms_numbers, sms_pid_to_number):
        """Refuse to write SMS to several people in one message.

        :raise UserError: how to write to many
        """
        ids = [each["id"] for each in recipients_data if each["notif"] == "sms"]
        numbers = {self._phone_format(number=each) or each for each in sms_numbers}
        # sudo: who may write in the timeline need not see the recipient
        for partner in self.env["res.partner"].sudo().browse(ids):
            number = sms_pid_to_number.get(partner.id) or partner.phone
            numbers.add(partner._phone_format(number=number) or number)
        if len(numbers) > 1:
            raise UserError(self._jxc_one_sms_error())

    @api.model
    def _jxc_one_sms_error(self):
        return self.env._(
            "An SMS like this goes to one person at a time. Choose customers in a list"
            " and write to all of them from there, or make a mailing: who opted out or"
            " had enough is left out."
        )

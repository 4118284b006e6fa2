# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import email_normalize_all

#: of those who look at a mailing before it is sent
MOST_TESTERS = 5


class MailingMailing(models.Model):
    """Tests are for colleagues: at once, and past opt-outs, limits and quiet hours."""

    _inherit = "mailing.mailing"

    def _jxc_check_testers(self, keys, name, blacklist, blocked_name):
        """Refuse to write to customers by trying a mailing out.

        :param keys: normalized addresses or numbers
        :param str name: field of contacts and leads with them
        :param str blacklist: model of those who opted out
        :param str blocked_name: its field with them
        :raise UserError: to more than a few, to a customer, to who opted out
        """
        if len(keys) > MOST_TESTERS:
            raise UserError(
                self.env._(
                    "For trying out, a mailing goes to at most %(most)d people. Put it"
                    " in the queue to send it.",
                    most=MOST_TESTERS,
                )
            )
        # sudo: whose address it is, and who opted out, whoever looks after them
        people = self.env["res.partner"].sudo().search(Domain(name, "in", list(keys)))
        leads = self.env["crm.lead"].sudo().search(Domain(name, "in", list(keys)))
        colleagues = people.filtered(lambda one: not one.partner_share)
        others = {*people.mapped(name), *leads.mapped(name)}
        for address in sorted(others - set(colleagues.mapped(name))):
            raise UserError(
                self.env._(
                    "%(address)s is a customer's. Tests go to colleagues; send the"
                    " mailing to customers, with their opt-outs and limits.",
                    address=address,
                )
            )
        blocked = self.env[blacklist].sudo()
        blocked = blocked.search(Domain(blocked_name, "in", list(keys)))
        if blocked:
            raise UserError(
                self.env._(
                    "%(names)s opted out.",
                    names=", ".join(blocked.mapped(blocked_name)),
                )
            )


class MailingMailingTest(models.TransientModel):
    _inherit = "mailing.mailing.test"

    def send_mail_test(self):
        """Send a test by e-mail at once.

        :raise UserError: to more than a few, to a customer, to who opted out
        """
        addresses = {
            address
            for line in self.email_to.splitlines()
            for address in email_normalize_all(line)
        }
        self.mass_mailing_id._jxc_check_testers(
            addresses, "email_normalized", "mail.blacklist", "email"
        )
        return super().send_mail_test()


class MailingSmsTest(models.TransientModel):
    _inherit = "mailing.sms.test"

    def action_send_sms(self):
        """Send a test by SMS at once.

        :raise UserError: to more than a few, to a customer, to who opted out
        """
        numbers = {
            self.env.user._phone_format(number=line.strip())
            for line in self.numbers.splitlines()
        }
        self.mailing_id._jxc_check_testers(
            numbers - {False, None}, "phone_sanitized", "phone.blacklist", "number"
        )
        return super().action_send_sms()

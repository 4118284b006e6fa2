# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import email_normalize_all


class MailingMailing(models.Model):
    """Tests are for colleagues: at once, and past opt-outs, limits and quiet hours."""

    _inherit = "mailing.mailing"

    def _jxc_check_testers(self, name, keys):
        """Refuse to send a test to a customer.

        :param name: field of contacts and leads with the address
        :param keys: normalized addresses or numbers
        :raise UserError: naming the customer's address
        """
        domain = Domain(name, "in", list(keys))
        # sudo: whether an address is a customer's, whoever looks after him
        people = self.env["res.partner"].sudo().search(domain)
        colleagues = set(
            people.filtered(lambda one: not one.partner_share).mapped(name)
        )
        others = people.filtered("partner_share").mapped(name)
        others += self.env["crm.lead"].sudo().search(domain).mapped(name)
        for address in others:
            if address not in colleagues:
                raise UserError(
                    self.env._(
                        "%(address)s is a customer's. Tests go to colleagues; send the"
                        " mailing to customers, with their opt-outs and limits.",
                        address=address,
                    )
                )


class MailingMailingTest(models.TransientModel):
    _inherit = "mailing.mailing.test"

    def send_mail_test(self):
        """Send a test by e-mail at once.

        :raise UserError: to a customer
        """
        addresses = {
            address
            for line in self.email_to.splitlines()
            for address in email_normalize_all(line)
        }
        self.mass_mailing_id._jxc_check_testers("email_normalized", addresses)
        return super().send_mail_test()


class MailingSmsTest(models.TransientModel):
    _inherit = "mailing.sms.test"

    def action_send_sms(self):
        """Send a test by SMS at once.

        :raise UserError: to a customer
        """
        numbers = {
            self.env.user._phone_format(number=line.strip())
            for line in self.numbers.splitlines()
        }
        self.mailing_id._jxc_check_testers("phone_sanitized", numbers - {False, None})
        return super().action_send_sms()

# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import models
from odoo.exceptions import UserError
from odoo.tools.mail import email_normalize_all

#: of those who look at a mailing before it is sent
MOST_TESTERS = 5


def check_testers(env, addresses, blacklist, name):
    """Refuse to send a mailing to customers by trying it out.

    Nothing counts then how often they are written to, nor keeps the quiet hours.

    :param addresses: normalized e-mails or numbers
    :param str blacklist: model of those who opted out
    :param str name: of its field with the address
    :raise UserError: naming who opted out, or how many there may be
    """
    if len(addresses) > MOST_TESTERS:
        raise UserError(
            env._(
                "For trying out, a mailing goes to at most %(most)d people. Put it in"
                " the queue to send it.",
                most=MOST_TESTERS,
            )
        )
    # sudo: who opted out did so whether or not the user sees the list
    blocked = env[blacklist].sudo().search([(name, "in", list(addresses))])
    if blocked:
        raise UserError(
            env._("%(names)s opted out.", names=", ".join(blocked.mapped(name)))
        )


class MailingMailingTest(models.TransientModel):
    _inherit = "mailing.mailing.test"

    def send_mail_test(self):
        addresses = set(email_normalize_all(self.email_to.replace("\n", ",")))
        check_testers(self.env, addresses, "mail.blacklist", "email")
        return super().send_mail_test()


class MailingSmsTest(models.TransientModel):
    _inherit = "mailing.sms.test"

    def action_send_sms(self):
        user = self.env.user
        numbers = {user._phone_format(number=one) for one in self.numbers.splitlines()}
        check_testers(self.env, numbers - {False}, "phone.blacklist", "number")
        return super().action_send_sms()

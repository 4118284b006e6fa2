# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import models
from odoo.exceptions import UserError

#: models of those whom marketing is for
CUSTOMERS = ("res.partner", "crm.lead")
#: names that records get which no app brought along
MADE_HERE = ("__export__", "__import__", "__custom__")


def is_shipped(template):
    """Whether an app brought a template along; sender and recipients trust it.

    :param template: one record of any model, or none
    """
    data = template.env["ir.model.data"].sudo()
    return bool(
        data.search_count(
            [
                ("model", "=", template._name),
                ("res_id", "=", template.id),
                ("module", "not in", MADE_HERE),
            ],
            limit=1,
        )
    )


class MailTemplate(models.Model):
    _inherit = "mail.template"

    def _jxc_is_shipped(self):
        return is_shipped(self)

    def send_mail_batch(self, res_ids, *args, **kwargs):
        """Send documents; to many customers only the composer writes.

        :raise UserError: a user sends a text of one's own to several at once
        """
        is_document = self.model not in CUSTOMERS and self._jxc_is_shipped()
        if len(set(res_ids)) > 1 and not self.env.su and not is_document:
            raise UserError(
                self.env._(
                    "“%(template)s” goes to one customer at a time. Choose them in a"
                    " list and write to all of them from there.",
                    template=self.name,
                )
            )
        return super().send_mail_batch(res_ids, *args, **kwargs)


class SmsTemplate(models.Model):
    _inherit = "sms.template"

    def _jxc_is_shipped(self):
        return is_shipped(self)

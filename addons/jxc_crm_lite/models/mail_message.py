# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import fields, models


class MailMessage(models.Model):
    """A message knows its SMS of our gateways, and so what became of them."""

    _inherit = "mail.message"

    jxc_sms_ids = fields.One2many(
        comodel_name="jxc.sms.message",
        inverse_name="mail_message_id",
        string="SMS of a Gateway",
        groups="base.group_user",
    )
    jxc_sms_reply_ids = fields.One2many(
        comodel_name="jxc.sms.message",
        inverse_name="document_message_id",
        string="SMS Replies",
        groups="base.group_user",
    )

    # What a customer wrote on some day, for the public pool's rules: by author alone
    # the database would rather read all messages for each follow-up.
    _jxc_author_date = models.Index(
        "(author_id, date) WHERE message_type IN ('email', 'sms', 'comment')"
    )

# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import fields, models
from odoo.exceptions import UserError

#: How long a note or name from outside may be.
NOTE, NAME = 2000, 80


class JxcStatement(models.Model):
    """What the partner says of a statement."""

    _inherit = "jxc.statement"

    def _jxc_was_answered(self):
        """Whether what the partner said of it has to stay: confirmed, or cancelled
        after an answer."""
        self.ensure_one()
        return self.state == "confirmed" or (
            self.state == "cancel" and bool(self.answered_on)
        )

    def _answer(self, agrees, name, note, address):
        """Keep what the partner says of a statement; called with superuser rights
        after the link or login was checked.

        :param bool agrees: the figures are right
        :param str name: who says so
        :param str note: what is different; needed when they are not
        :param str address: IP address it came from
        :raise UserError: not waiting for an answer, no name, or no note
        """
        self.ensure_one()
        name, note = (name or "").strip()[:NAME], (note or "").strip()[:NOTE]
        if self.state != "sent":
            raise UserError(
                self.env._("%(statement)s was answered already.", statement=self.name)
            )
        if not name or not (agrees or note):
            raise UserError(
                self.env._("Say who you are, and what is different if something is.")
            )
        self.write(
            {
                "state": "confirmed" if agrees else "disputed",
                "answered_by": name,
                "answered_on": fields.Datetime.now(),
                "answered_from": address,
                "answer_note": note or False,
            }
        )
        text = (
            self.env._("%(name)s (%(address)s) confirmed the statement. %(note)s")
            if agrees
            else self.env._("%(name)s (%(address)s) states a difference: %(note)s")
        )
        values = {"name": name, "address": address or "–", "note": note}
        self.message_post(
            body=text % values,
            author_id=self.partner_id.id,
            subtype_xmlid="mail.mt_comment",
        )
        if not agrees:
            self.activity_schedule(
                "mail.mail_activity_data_todo",
                user_id=self.user_id.id,
                summary=self.env._("Difference on %(number)s", number=self.name),
                note=note,
            )

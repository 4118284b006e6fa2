# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from dateutil.relativedelta import relativedelta

from odoo import SUPERUSER_ID, api, fields, models
from odoo.exceptions import ValidationError

from .jxc_followup import MANAGER

#: What lies further back is history, which sales managers import.
LATE_DAYS = 90
AHEAD_YEARS = 3
MAX_CHARACTERS = 10_000
MAX_FILES = 20
#: A photo of a phone, or half an hour of speech.
MAX_BYTES = 20 * 1024 * 1024


class JxcFollowup(models.Model):
    """How far back, how far ahead and how much: what one contact can reasonably be."""

    _inherit = "jxc.followup"

    @api.constrains("date")
    def _check_how_late(self):
        """A report comes soon, or it is none: nobody fills up last year's weeks."""
        # The platform validates with superuser rights: the person counts.
        if self.env.uid == SUPERUSER_ID or self.env.user.has_group(MANAGER):
            return
        earliest = fields.Datetime.now() - relativedelta(days=LATE_DAYS)
        for followup in self:
            if followup.date < earliest:
                raise ValidationError(
                    self.env._(
                        "The follow-up of %(name)s lies more than %(days)s days back;"
                        " sales managers enter such.",
                        name=followup.display_name,
                        days=LATE_DAYS,
                    )
                )

    @api.constrains("next_date")
    def _check_how_far_ahead(self):
        latest = fields.Date.today() + relativedelta(years=AHEAD_YEARS)
        for followup in self:
            if followup.next_date and followup.next_date > latest:
                raise ValidationError(
                    self.env._(
                        "The next step of %(name)s on %(date)s is more than %(years)s"
                        " years away.",
                        name=followup.display_name,
                        date=fields.Date.to_string(followup.next_date),
                        years=AHEAD_YEARS,
                    )
                )

    @api.constrains("note", "next_note")
    def _check_how_long(self):
        """The text is copied into the timeline, which loads it again and again."""
        for followup in self:
            length = max(len(followup.note or ""), len(followup.next_note or ""))
            if length > MAX_CHARACTERS:
                raise ValidationError(
                    self.env._(
                        "The text of a follow-up has up to %(most)s characters, this"
                        " one %(length)s; attach it as a file.",
                        most=MAX_CHARACTERS,
                        length=length,
                    )
                )

    @api.constrains("photo_ids")
    def _check_how_big(self):
        for followup in self.sudo():
            if len(followup.photo_ids) > MAX_FILES:
                raise ValidationError(
                    self.env._(
                        "A follow-up has up to %(most)s photos and voice notes, not"
                        " %(count)s.",
                        most=MAX_FILES,
                        count=len(followup.photo_ids),
                    )
                )
            for photo in followup.photo_ids:
                if photo.file_size > MAX_BYTES:
                    raise ValidationError(
                        self.env._(
                            "%(file)s is larger than %(most)s MB.",
                            file=photo.name,
                            most=MAX_BYTES // 1024 // 1024,
                        )
                    )

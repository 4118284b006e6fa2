# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import models
from odoo.fields import Domain
from odoo.tools import format_amount

from ..tools.timeline import Source
from .res_partner_timeline import label_of


class ResPartner(models.Model):
    """The timeline: meetings, ratings, repairs, and of addons that may be there."""

    _inherit = "res.partner"

    def _jxc_timeline_sources(self):
        partners = self._jxc_timeline_partner_ids()
        optional = (
            self._jxc_timeline_statements,
            self._jxc_timeline_dunning,
        )
        return [
            *super()._jxc_timeline_sources(),
            self._jxc_timeline_meetings(partners),
            self._jxc_timeline_ratings(partners),
            self._jxc_timeline_repairs(partners),
            *(
                source
                for source in (get(partners) for get in optional)
                if source.model in self.env
            ),
        ]

    def _jxc_timeline_meetings(self, partners):
        return Source(
            kind="meeting",
            label=self.env._("Meetings"),
            icon="fa-calendar",
            model="calendar.event",
            date="start",
            domain=Domain("partner_ids", "in", partners)
            | Domain("opportunity_id.partner_id", "in", partners),
            describe=lambda r: {
                "title": r.display_name,
                "text": r.location,
                "user": r.user_id.name,
            },
        )

    def _jxc_timeline_ratings(self, partners):
        return Source(
            kind="rating",
            label=self.env._("Ratings"),
            icon="fa-smile-o",
            model="rating.rating",
            date="rated_on",
            domain=Domain("partner_id", "in", partners) & Domain("consumed", "=", True),
            describe=lambda r: {
                "title": f"{r.rating:g}/5 · {label_of(r, 'rating_text')}",
                "text": r.feedback,
                "user": r.partner_id.name,
            },
            opens=False,
        )

    def _jxc_timeline_statements(self, partners):
        return Source(
            kind="statement",
            label=self.env._("Statements of Account"),
            icon="fa-balance-scale",
            model="jxc.statement",
            date="date_to",
            domain=Domain("partner_id", "in", partners),
            describe=lambda r: {
                "title": f"{r.name} · {label_of(r, 'state')}",
                "text": format_amount(self.env, r.closing, r.currency_id),
                "user": r.user_id.name,
            },
        )

    def _jxc_timeline_dunning(self, partners):
        return Source(
            kind="dunning",
            label=self.env._("Reminders"),
            icon="fa-bell-o",
            model="jxc.dunning.reminder",
            date="sent_on",
            domain=Domain("partner_id", "in", partners),
            describe=lambda r: {
                "title": f"{r.level_id.display_name} · {label_of(r, 'state')}",
                "text": format_amount(self.env, r.amount, r.currency_id),
                "user": r.sent_by_id.name,
            },
        )

    def _jxc_timeline_repairs(self, partners):
        return Source(
            kind="repair",
            label=self.env._("Repairs"),
            icon="fa-wrench",
            model="repair.order",
            date="create_date",
            domain=Domain("partner_id", "in", partners),
            describe=lambda r: {
                "title": f"{r.name} · {label_of(r, 'state')}",
                "text": r.product_id.display_name,
                "user": r.user_id.name,
            },
        )

# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from functools import partial

from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.service.model import retrying


class JxcFollowup(models.Model):
    """Leaders hear of next steps that are overdue for too long."""

    _inherit = "jxc.followup"

    @api.model
    def _cron_escalate(self):
        """Tell the leaders, company by company, about next steps overdue for too long.

        People write follow-ups meanwhile: then it is tried again, not given up.
        """
        for company in self.env["res.company"].search([]):
            retrying(partial(self._escalate, company), self.env)

    @api.model
    def _escalate(self, company):
        """Tell the leaders of the teams of one company; of each step once.

        Days are the company's. Of a salesperson without a leader who still works there,
        and of the leader himself, the company's sales manager for that hears; without
        one they are left out, as nobody could be told. So are steps that another run
        has in hand.
        """
        zone = company._jxc_timezone()
        today = fields.Date.context_today(self.with_context(tz=zone))
        latest = today - relativedelta(days=company.jxc_followup_escalate_days)
        overdue = self.search(
            [
                ("company_id", "=", company.id),
                ("next_date", "<", latest),
                ("is_next_done", "=", False),
                ("escalated_on", "=", False),
            ]
        ).filtered(lambda step: step._get_escalation_user())
        overdue = overdue.try_lock_for_update(allow_referencing=True)
        overdue.write({"escalated_on": today})
        for step in overdue:
            leader = step._get_escalation_user()
            target = (step.lead_id or step.partner_id).with_context(lang=leader.lang)
            target.activity_schedule(
                "mail.mail_activity_data_todo",
                date_deadline=today,
                summary=target.env._(
                    "%(user)s is late with a follow-up since %(date)s",
                    user=step.user_id.name,
                    date=fields.Date.to_string(step.next_date),
                ),
                user_id=leader.id,
            )

    def _get_escalation_user(self):
        """Return who hears of this step when it is overdue; empty for nobody."""
        self.ensure_one()
        for user in (self.team_id.user_id, self.company_id.jxc_escalation_user_id):
            if user.active and user != self.user_id:
                return user
        return self.env["res.users"]

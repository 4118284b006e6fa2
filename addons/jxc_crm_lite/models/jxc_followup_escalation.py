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

        Days are the company's. Steps that another run has in hand are left out, and so
        are those of which nobody could be told.
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
        )
        managers = company._jxc_sales_managers() if overdue else None
        overdue = overdue.filtered(lambda step: step._get_escalation_user(managers))
        overdue = overdue.try_lock_for_update(allow_referencing=True)
        overdue.write({"escalated_on": today})
        for step in overdue:
            leader = step._get_escalation_user(managers)
            target = (step.lead_id or step.partner_id).with_context(lang=leader.lang)
            target.activity_schedule(
                "mail.mail_activity_data_todo",
                date_deadline=today,
                summary=target.env._(
                    "%(user)s is late with a follow-up since %(date)s",
                    user=step.next_user_id.name,
                    date=fields.Date.to_string(step.next_date),
                ),
                user_id=leader.id,
            )

    def _get_escalation_user(self, managers):
        """Return who hears of this step when it is overdue; empty for nobody.

        The leader of the team, else, as of the leader himself, whom the company has
        chosen for that, else the first of its sales managers.

        :param managers: sales managers of the company, in order
        """
        self.ensure_one()
        late = self.next_user_id
        leader = late.sale_team_id.user_id
        for user in (leader, self.company_id.jxc_escalation_user_id, *managers):
            if user.active and user != late:
                return user
        return self.env["res.users"]

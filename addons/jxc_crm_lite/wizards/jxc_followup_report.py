# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from datetime import datetime, time, timedelta

import pytz
from dateutil.relativedelta import MO, relativedelta

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain

MOST_DAYS = 92
SEE_ALL = ("sales_team.group_sale_salesman_all_leads", "jxc_base.group_executive")


class JxcFollowupReport(models.TransientModel):
    """Daily and weekly report (日报, 周报) of what people did, person by person.

    It shows what its reader may see: a salesperson's own, a leader's team, all for
    managers and executives.
    """

    _name = "jxc.followup.report"
    _description = "Follow-up Report"

    period = fields.Selection(
        selection=[
            ("day", "Today"),
            ("week", "This Week"),
            ("last_week", "Last Week"),
            ("other", "Other Days"),
        ],
        required=True,
        default="day",
    )
    date_from = fields.Date(
        string="From",
        compute="_compute_dates",
        store=True,
        readonly=False,
        required=True,
        precompute=True,
    )
    date_to = fields.Date(
        string="To",
        compute="_compute_dates",
        store=True,
        readonly=False,
        required=True,
        precompute=True,
    )
    company_id = fields.Many2one(
        comodel_name="res.company",
        required=True,
        default=lambda self: self.env.company,
    )
    user_ids = fields.Many2many(
        comodel_name="res.users",
        string="Salespeople",
        help="Empty: everybody whose follow-ups you may see.",
    )

    @api.depends("period", "company_id")
    def _compute_dates(self):
        """Days are the company's, as those of the follow-ups that are counted."""
        for report in self:
            today = fields.Date.context_today(
                report.with_context(tz=report._get_zone())
            )
            monday = today + relativedelta(weekday=MO(-1))
            spans = {
                "day": (today, today),
                "week": (monday, monday + timedelta(days=6)),
                "last_week": (monday - timedelta(days=7), monday - timedelta(days=1)),
            }
            span = spans.get(report.period)
            if span or not report.date_from:
                report.date_from, report.date_to = span or (today, today)
            else:
                report.date_from, report.date_to = report.date_from, report.date_to

    @api.constrains("date_from", "date_to")
    def _check_dates(self):
        for report in self:
            days = (report.date_to - report.date_from).days
            if not 0 <= days < MOST_DAYS:
                raise ValidationError(
                    self.env._(
                        "A report is of 1 to %(most)s days, not from %(start)s to"
                        " %(end)s.",
                        most=MOST_DAYS,
                        start=fields.Date.to_string(report.date_from),
                        end=fields.Date.to_string(report.date_to),
                    )
                )

    # Actions ----------------------------------------------------------------------

    def action_print(self):
        """Print one page a person."""
        self.ensure_one()
        report = self.env.ref("jxc_crm_lite.jxc_followup_report_action")
        return report.report_action(self, config=False)

    def action_view(self):
        """List the follow-ups of the report by person."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "jxc_crm_lite.jxc_followup_action"
        )
        return {
            **action,
            "domain": list(self._get_domain()),
            "views": [(False, "list"), (False, "kanban"), (False, "form")],
            "context": {"search_default_group_user": 1},
        }

    # What it says -----------------------------------------------------------------

    def _get_zone(self):
        return self.company_id._jxc_timezone()

    def _get_domain(self):
        """The follow-ups of the days, in the company's time zone."""
        zone = pytz.timezone(self._get_zone())

        def utc(day):
            local = zone.localize(datetime.combine(day, time()))
            return local.astimezone(pytz.utc).replace(tzinfo=None)

        domain = Domain("company_id", "=", self.company_id.id)
        domain &= Domain("date", ">=", utc(self.date_from))
        domain &= Domain("date", "<", utc(self.date_to + timedelta(days=1)))
        return domain & self._get_people_domain()

    def _get_people_domain(self):
        """Whose work the report is about: nobody of whom the reader sees only a part.

        What colleagues did for a salesperson's customers can be read on the customer.
        """
        domain = (
            Domain("user_id", "in", self.user_ids.ids) if self.user_ids else Domain.TRUE
        )
        user = self.env.user
        if self.env.su or any(user.has_group(group) for group in SEE_ALL):
            return domain
        teams = Domain("crm_team_id.user_id", "=", user.id)
        if user.has_group("jxc_crm_lite.group_sale_team"):
            of_user = [("active", "=", True), ("user_id", "=", user.id)]
            teams |= Domain("crm_team_id.crm_team_member_ids", "any", of_user)
        # sudo: who is in a team is no secret, and has no rule of its own
        members = self.env["crm.team.member"].sudo().search(teams)
        return domain & Domain("user_id", "in", [user.id, *members.user_id.ids])

    def _get_people(self):
        """Return a dict per person for the print: figures, follow-ups, visits."""
        self.ensure_one()
        followups = self.env["jxc.followup"].search(self._get_domain(), order="date")
        domain = Domain("company_id", "=", self.company_id.id)
        domain &= Domain("date", ">=", self.date_from)
        domain &= Domain("date", "<=", self.date_to)
        domain &= self._get_people_domain()
        visits = self.env["jxc.visit.plan.line"].search(
            domain & Domain("state", "!=", "cancelled"), order="date, sequence, id"
        )
        people = []
        for user in (followups.user_id | visits.user_id).sorted("name"):
            own = followups.filtered(lambda each, user=user: each.user_id == user)
            plan = visits.filtered(lambda each, user=user: each.user_id == user)
            # Drafts and plans are listed, but count for nothing.
            reported = own.filtered(lambda each: not (each.is_draft or each.is_plan))
            people.append(
                {
                    "user": user,
                    "followups": own,
                    "reported": len(reported),
                    "kinds": self._count(reported, "kind"),
                    "outcomes": self._count(reported, "outcome"),
                    "minutes": sum(reported.mapped("duration")),
                    "customers": len(reported.customer_id),
                    "planned": len(plan),
                    "visited": len(plan.filtered(lambda line: line.state == "visited")),
                    "missed": plan.filtered(lambda line: line.state != "visited"),
                }
            )
        return people

    def _count(self, followups, name):
        """Return [(label, number)] of a selection, in its order."""
        labels = followups._fields[name]._description_selection(self.env)
        groups = followups.grouped(name)
        return [(label, len(groups[key])) for key, label in labels if key in groups]

# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from functools import partial

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.service.model import retrying

from ..tools import route


class JxcVisitPlan(models.Model):
    """Whom one person visits on one day, in which order (拜访计划).

    What was not visited goes to the next day's plan at night.
    """

    _name = "jxc.visit.plan"
    _inherit = ["jxc.server.fields.mixin"]
    _description = "Visit Plan"
    _order = "date desc, id desc"
    _rec_names_search = ["user_id"]

    #: See ``jxc.server.fields.mixin``.
    _jxc_server_fields = frozenset(
        {"team_id", "planned_count", "visited_count", "state"}
    )

    user_id = fields.Many2one(
        comodel_name="res.users",
        string="Salesperson",
        required=True,
        default=lambda self: self.env.user,
        index=True,
    )
    team_id = fields.Many2one(
        related="user_id.sale_team_id",
        string="Sales Team",
        store=True,
    )
    company_id = fields.Many2one(
        comodel_name="res.company",
        required=True,
        default=lambda self: self.env.company,
        index=True,
    )
    date = fields.Date(
        required=True,
        default=fields.Date.context_today,
        index=True,
    )
    start_id = fields.Many2one(
        comodel_name="res.partner",
        string="Start from",
        default=lambda self: self.env.company.partner_id,
        help="Where the route begins.",
    )
    note = fields.Text()
    line_ids = fields.One2many(
        comodel_name="jxc.visit.plan.line",
        inverse_name="plan_id",
        string="Customers",
        copy=True,
    )
    planned_count = fields.Integer(
        string="Visits Planned",
        compute="_compute_counts",
        store=True,
    )
    visited_count = fields.Integer(
        string="Visited",
        compute="_compute_counts",
        store=True,
    )
    state = fields.Selection(
        selection=[
            ("planned", "Planned"),
            ("running", "Under Way"),
            ("done", "Done"),
        ],
        compute="_compute_counts",
        store=True,
    )
    distance = fields.Float(
        string="Distance (km)",
        digits=(8, 1),
        compute="_compute_distance",
        help="From the start past all customers whose place is known, as the crow"
        " flies.",
    )

    _one_a_day = models.Constraint(
        "UNIQUE (user_id, company_id, date)",
        "A person has one visit plan a day; add the customers to it.",
    )

    @api.depends("user_id", "date")
    def _compute_display_name(self):
        for plan in self:
            day = fields.Date.to_string(plan.date) if plan.date else ""
            plan.display_name = f"{plan.user_id.name or ''} {day}".strip()

    @api.depends("line_ids.state")
    def _compute_counts(self):
        for plan in self:
            states = plan.line_ids.mapped("state")
            plan.planned_count = len(states) - states.count("cancelled")
            plan.visited_count = states.count("visited")
            if "planned" in states or not states:
                plan.state = "running" if "visited" in states else "planned"
            else:
                plan.state = "done"

    @api.depends("line_ids.sequence", "line_ids.partner_id", "start_id")
    def _compute_distance(self):
        for plan in self:
            lines = plan.line_ids.filtered(lambda line: line.state != "cancelled")
            points = [line._get_place() for line in lines.sorted("sequence")]
            start = plan._get_start()
            plan.distance = route.length([point for point in points if point], start)

    # Guards -----------------------------------------------------------------------

    def write(self, vals):
        if {"user_id", "date", "company_id"} & vals.keys():
            for plan in self.filtered("visited_count"):
                raise UserError(
                    self.env._(
                        "%(plan)s has begun: person and day stay. Make another plan.",
                        plan=plan.display_name,
                    )
                )
        result = super().write(vals)
        if "user_id" in vals:
            # The platform judges rights by the person before.
            self.check_access("write")
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_begun(self):
        for plan in self.filtered("visited_count"):
            raise UserError(
                self.env._(
                    "%(plan)s has begun and stays as a report.", plan=plan.display_name
                )
            )

    # Actions ----------------------------------------------------------------------

    def action_sort_route(self):
        """Put the customers still to be visited in the order of a short way.

        Customers whose place is not known come last, by postcode.
        """
        self.check_access("write")
        for plan in self:
            lines = plan.line_ids.sorted("sequence")
            left = lines.filtered(lambda line: line.state == "planned")
            placed = left.filtered(lambda line: line._get_place())
            visited = lines.filtered(
                lambda line: line.state == "visited" and line._get_place()
            )
            # Under way, the route goes on from where one is.
            here = visited.sorted("checked_in_at")[-1:]
            start = here._get_place() if here else plan._get_start()
            order = route.order([line._get_place() for line in placed], start)
            sorted_lines = [placed[index] for index in order]
            sorted_lines += (left - placed).sorted(
                lambda line: (line.partner_id.zip or "~", line.sequence, line.id)
            )
            for number, line in enumerate([*(lines - left), *sorted_lines], start=1):
                line.sequence = number
        return True

    def action_add_due(self):
        """Add own customers whose next step is due on the day of the plan."""
        self.check_access("write")
        for plan in self:
            due = self.env["jxc.followup"].search(
                [
                    ("next_user_id", "=", plan.user_id.id),
                    ("company_id", "=", plan.company_id.id),
                    ("next_date", "<=", plan.date),
                    ("is_next_done", "=", False),
                    ("partner_id", "!=", False),
                ],
                order="next_date, id",
            )
            partners = due.partner_id - plan.line_ids.partner_id
            last = max(plan.line_ids.mapped("sequence"), default=0)
            plan.line_ids = [
                Command.create({"partner_id": partner.id, "sequence": last + number})
                for number, partner in enumerate(partners, start=1)
            ]
        return True

    def _get_start(self):
        return self.line_ids._get_place_of(self.start_id)

    # Carrying over ----------------------------------------------------------------

    @api.model
    def _cron_carry_over(self):
        """Put what was not visited into today's plan of the same person.

        Somebody may be changing a plan: then it is tried again, not given up.
        """
        for company in self.env["res.company"].search([]):
            zone = company._jxc_timezone()
            today = fields.Date.context_today(self.with_context(tz=zone))
            retrying(partial(self._carry_over, company, today), self.env)

    def _carry_over(self, company, today):
        missed = (
            self.env["jxc.visit.plan.line"]
            .search(
                [
                    ("company_id", "=", company.id),
                    ("state", "=", "planned"),
                    ("date", "<", today),
                    ("user_id.active", "=", True),
                ],
                order="date, sequence, id",
            )
            .try_lock_for_update(allow_referencing=True)
        )
        plans = self.search(
            [
                ("company_id", "=", company.id),
                ("date", "=", today),
                ("user_id", "in", missed.user_id.ids),
            ]
        )
        plans |= self.create(
            [
                {
                    "user_id": user.id,
                    "company_id": company.id,
                    "date": today,
                    "start_id": company.partner_id.id,
                }
                for user in missed.user_id - plans.user_id
            ]
        )
        for plan in plans:
            lines = missed.filtered(
                lambda line, plan=plan: line.user_id == plan.user_id
            )
            there = plan.line_ids.partner_id
            # What waited longest comes first.
            first = min(plan.line_ids.mapped("sequence"), default=1)
            values = {}
            for line in lines:
                if line.partner_id not in there:
                    values[line.partner_id] = {
                        "partner_id": line.partner_id.id,
                        "note": line.note,
                        "carry_count": line.carry_count + 1,
                    }
            for number, vals in enumerate(values.values()):
                vals["sequence"] = first - len(values) + number
            plan.line_ids = [Command.create(vals) for vals in values.values()]
        missed.state = "carried"

# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import api, fields, models
from odoo.fields import Domain

from .helpdesk_ticket_feedback import INTERNAL

#: Follow from what happens to a ticket; no client writes them.
SERVER_FIELDS = {
    "jxc_delivered_on",
    "jxc_opened_at",
    "jxc_rating_asked_at",
    "jxc_response_at",
    "jxc_response_deadline",
    "jxc_response_hours",
    "jxc_response_late",
    "jxc_response_stopped_hours",
    "jxc_response_taken",
    "jxc_response_told",
    "jxc_sla_id",
    "jxc_solve_deadline",
    "jxc_solve_hours",
    "jxc_solve_late",
    "jxc_solve_taken",
    "jxc_solve_told",
    "jxc_solved_at",
    "jxc_source",
    "jxc_stopped_at",
    "jxc_stopped_hours",
    "jxc_vendor_id",
    "jxc_warranty",
    "jxc_warranty_until",
    "rating_last_value",
}


class HelpdeskTicket(models.Model):
    """The clock of a ticket: first response and solution in working hours.

    The clock stands still in waiting and closed stages. What happened is kept as
    moments, so that a changed calendar does not change who was late.
    """

    _inherit = "helpdesk.ticket"

    #: See ``jxc.server.fields.mixin``.
    _jxc_server_fields = frozenset(SERVER_FIELDS)

    jxc_opened_at = fields.Datetime(
        string="Opened on",
        compute="_compute_jxc_opened_at",
        store=True,
        readonly=False,
        copy=False,
        default=fields.Datetime.now,
    )
    jxc_sla_id = fields.Many2one(
        comodel_name="jxc.ticket.sla",
        string="Service Level",
        compute="_compute_jxc_sla_id",
        store=True,
        index="btree_not_null",
        copy=False,
        groups=INTERNAL,
    )
    jxc_response_hours = fields.Float(
        string="First Response within (hours)",
        compute="_compute_jxc_sla_id",
        store=True,
        copy=False,
        groups=INTERNAL,
    )
    jxc_solve_hours = fields.Float(
        string="Solution within (hours)",
        compute="_compute_jxc_sla_id",
        store=True,
        copy=False,
        groups=INTERNAL,
    )
    jxc_response_deadline = fields.Datetime(
        string="First Response until",
        compute="_compute_jxc_deadlines",
        store=True,
        copy=False,
        groups=INTERNAL,
    )
    jxc_solve_deadline = fields.Datetime(
        string="Solution until",
        compute="_compute_jxc_deadlines",
        store=True,
        copy=False,
        groups=INTERNAL,
    )
    jxc_response_at = fields.Datetime(
        string="First Response", readonly=True, copy=False, groups=INTERNAL
    )
    jxc_solved_at = fields.Datetime(
        string="Solved on", readonly=True, copy=False, groups=INTERNAL
    )
    jxc_stopped_at = fields.Datetime(
        string="Clock Stopped on", readonly=True, copy=False, groups=INTERNAL
    )
    jxc_stopped_hours = fields.Float(
        string="Hours Waited", readonly=True, copy=False, groups=INTERNAL
    )
    jxc_response_stopped_hours = fields.Float(
        string="Hours Waited before the First Response",
        readonly=True,
        copy=False,
        groups=INTERNAL,
    )
    jxc_response_taken = fields.Float(
        string="First Response after (hours)",
        readonly=True,
        copy=False,
        groups=INTERNAL,
        help="Working hours, without the time the clock stood still.",
    )
    jxc_solve_taken = fields.Float(
        string="Solution after (hours)",
        readonly=True,
        copy=False,
        groups=INTERNAL,
        help="Working hours, without the time the clock stood still.",
    )
    jxc_response_late = fields.Boolean(
        string="First Response Late", readonly=True, copy=False, groups=INTERNAL
    )
    jxc_solve_late = fields.Boolean(
        string="Solution Late", readonly=True, copy=False, groups=INTERNAL
    )
    jxc_response_told = fields.Boolean(
        readonly=True, copy=False, groups=INTERNAL, export_string_translation=False
    )
    jxc_solve_told = fields.Boolean(
        readonly=True, copy=False, groups=INTERNAL, export_string_translation=False
    )
    jxc_sla_state = fields.Selection(
        selection=[
            ("running", "In Time"),
            ("paused", "Paused"),
            ("late", "Late"),
            ("kept", "Kept"),
            ("missed", "Missed"),
        ],
        string="Service Level Status",
        compute="_compute_jxc_sla_state",
        groups=INTERNAL,
    )

    # Computed ---------------------------------------------------------------------

    @api.depends("create_date")
    def _compute_jxc_opened_at(self):
        for ticket in self:
            ticket.jxc_opened_at = ticket.jxc_opened_at or ticket.create_date

    @api.depends("company_id", "jxc_kind", "jxc_severity", "partner_id", "team_id")
    def _compute_jxc_sla_id(self):
        """Find the rule; its hours are kept as they are now."""
        rules = self.env["jxc.ticket.sla"]._match(self)
        for ticket, rule in rules.items():
            ticket.jxc_sla_id = rule
            ticket.jxc_response_hours = rule.response_hours
            ticket.jxc_solve_hours = rule.solve_hours

    @api.depends(
        "jxc_opened_at",
        "jxc_response_at",
        "jxc_response_hours",
        "jxc_response_stopped_hours",
        "jxc_solve_hours",
        "jxc_stopped_hours",
    )
    def _compute_jxc_deadlines(self):
        for ticket in self:
            waited = ticket.jxc_stopped_hours
            before = ticket.jxc_response_stopped_hours
            ticket.jxc_response_deadline = ticket._jxc_deadline(
                ticket.jxc_response_hours, before if ticket.jxc_response_at else waited
            )
            ticket.jxc_solve_deadline = ticket._jxc_deadline(
                ticket.jxc_solve_hours, waited
            )

    @api.depends(
        "jxc_response_at",
        "jxc_response_deadline",
        "jxc_response_late",
        "jxc_solve_deadline",
        "jxc_solve_late",
        "jxc_solved_at",
        "jxc_stopped_at",
    )
    def _compute_jxc_sla_state(self):
        now = fields.Datetime.now()
        for ticket in self:
            if not (ticket.jxc_response_deadline or ticket.jxc_solve_deadline):
                ticket.jxc_sla_state = False
                continue
            late = ticket.jxc_response_late or ticket.jxc_solve_late
            if ticket.jxc_solved_at:
                ticket.jxc_sla_state = "missed" if late else "kept"
            elif late or (not ticket.jxc_stopped_at and ticket._jxc_is_overdue(now)):
                ticket.jxc_sla_state = "late"
            else:
                ticket.jxc_sla_state = "paused" if ticket.jxc_stopped_at else "running"

    def _jxc_is_overdue(self, now):
        response, solve = self.jxc_response_deadline, self.jxc_solve_deadline
        return bool(
            (response and not self.jxc_response_at and response < now)
            or (solve and not self.jxc_solved_at and solve < now)
        )

    # Working hours ----------------------------------------------------------------

    def _jxc_taken(self, moment):
        """Working hours the clock of one ticket ran until a moment."""
        hours = self._jxc_working_hours(self.jxc_opened_at, moment)
        return max(0.0, hours - self.jxc_stopped_hours)

    # What happens -----------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        tickets = super().create(vals_list)
        tickets._jxc_follow_stage({})
        phone = self.env.ref(
            "helpdesk_mgmt.helpdesk_ticket_channel_phone", raise_if_not_found=False
        )
        if phone and self.env.user._is_internal():
            # Who took the call has answered.
            tickets.filtered(lambda one: one.channel_id == phone)._jxc_note_response()
        return tickets

    def write(self, vals):
        before = {}
        if {"stage_id", "team_id", "user_id"} & vals.keys():
            before = {one: (one._jxc_is_stopped(), one.closed) for one in self}
        result = super().write(vals)
        if before:
            self._jxc_follow_stage(before)
        return result

    def _jxc_is_stopped(self):
        return self.stage_id.closed or self.stage_id.jxc_waiting

    def _jxc_follow_stage(self, before):
        """Stop the clock, let it run on, note the solution.

        :param before: {ticket: (clock stood, was closed)}; new tickets are left out
        """
        now = fields.Datetime.now()
        # sudo: these figures follow from what happened, agents do not write them;
        # and the union takes the rights of its first one
        closed = self.sudo().browse()
        for ticket in self.sudo():
            stood, was_closed = before.get(ticket, (False, False))
            stands = ticket._jxc_is_stopped()
            values = {}
            if stands and not stood:
                values["jxc_stopped_at"] = now
            elif stood and not stands:
                waited = ticket._jxc_working_hours(ticket.jxc_stopped_at, now)
                values["jxc_stopped_at"] = False
                values["jxc_stopped_hours"] = ticket.jxc_stopped_hours + waited
            if ticket.closed and not was_closed:
                values["jxc_solved_at"] = now
                closed |= ticket
            elif was_closed and not ticket.closed:
                values["jxc_solved_at"] = False
            if values:
                ticket.write(values)
        # A deadline that passed while the ticket waits was not missed.
        for ticket in closed:
            deadline = ticket.jxc_solve_deadline
            # Stopped before it was closed: that moment counts.
            moment = min(now, ticket.jxc_stopped_at or now)
            ticket.write(
                {
                    "jxc_solve_late": bool(deadline and moment > deadline),
                    "jxc_solve_taken": ticket._jxc_taken(moment),
                }
            )
        if closed:
            closed._jxc_after_closing()

    def _jxc_after_closing(self):
        """Hook: tickets have just been closed; called with superuser rights."""

    def _jxc_note_response(self):
        """Note the first answer of an employee; later ones change nothing."""
        now = fields.Datetime.now()
        for ticket in self.sudo().filtered(lambda one: not one.jxc_response_at):
            deadline = ticket.jxc_response_deadline
            moment = min(now, ticket.jxc_stopped_at or now)
            ticket.write(
                {
                    "jxc_response_at": now,
                    "jxc_response_stopped_hours": ticket.jxc_stopped_hours,
                    "jxc_response_taken": ticket._jxc_taken(moment),
                    "jxc_response_late": bool(deadline and moment > deadline),
                }
            )

    def _message_post_after_hook(self, message, msg_vals):
        result = super()._message_post_after_hook(message, msg_vals)
        comment = self.env.ref("mail.mt_comment")
        author = message.sudo().author_id
        if (
            message.message_type in ("comment", "email")
            and message.subtype_id == comment
            and not message.is_internal
            and any(user._is_internal() for user in author.user_ids)
        ):
            self._jxc_note_response()
        return result

    # Watching ---------------------------------------------------------------------

    @api.model
    def _cron_jxc_watch_service_levels(self):
        """Flag tickets past a deadline and tell the leader of the team, once each.

        A ticket that somebody is working on just now is looked at the next time.
        """
        now = fields.Datetime.now()
        running = Domain("jxc_stopped_at", "=", False)
        for name, done in (("response", "jxc_response_at"), ("solve", "jxc_solved_at")):
            late = self.search(
                running
                & Domain(done, "=", False)
                & Domain(f"jxc_{name}_deadline", "<", now)
                & Domain(f"jxc_{name}_told", "=", False)
            ).try_lock_for_update(allow_referencing=True)
            late.write({f"jxc_{name}_late": True, f"jxc_{name}_told": True})
            for ticket in late.filtered("team_id.user_id"):
                ticket._jxc_tell_leader(name)

    def _jxc_tell_leader(self, name):
        leader = self.team_id.user_id
        texts = self.with_context(lang=leader.lang).env
        deadline = fields.Datetime.context_timestamp(
            self.with_context(tz=leader.tz), self[f"jxc_{name}_deadline"]
        ).strftime("%Y-%m-%d %H:%M")
        if name == "response":
            summary = texts._(
                "%(ticket)s: no first response until %(deadline)s",
                ticket=self.number,
                deadline=deadline,
            )
        else:
            summary = texts._(
                "%(ticket)s: not solved until %(deadline)s",
                ticket=self.number,
                deadline=deadline,
            )
        self.activity_schedule(
            "mail.mail_activity_data_todo",
            date_deadline=fields.Date.context_today(self),
            summary=summary,
            user_id=leader.id,
        )

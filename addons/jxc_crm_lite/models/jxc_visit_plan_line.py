# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from odoo.addons.jxc_base.tools.guard import own_defaults

BY_SERVER = {"state", "followup_id", "checked_in_at", "carry_count"}


class JxcVisitPlanLine(models.Model):
    """One customer of a visit plan."""

    _name = "jxc.visit.plan.line"
    _inherit = ["jxc.server.fields.mixin"]
    _description = "Customer of a Visit Plan"
    _order = "date desc, sequence, id"
    _rec_name = "partner_id"

    #: See ``jxc.server.fields.mixin``.
    _jxc_server_fields = frozenset({"user_id", "team_id", "company_id", "date"})

    plan_id = fields.Many2one(
        comodel_name="jxc.visit.plan",
        required=True,
        ondelete="cascade",
        index=True,
    )
    sequence = fields.Integer(
        default=10,
    )
    user_id = fields.Many2one(
        related="plan_id.user_id",
        store=True,
        index=True,
    )
    team_id = fields.Many2one(
        related="plan_id.team_id",
        store=True,
    )
    company_id = fields.Many2one(
        related="plan_id.company_id",
        store=True,
    )
    date = fields.Date(
        related="plan_id.date",
        store=True,
        index=True,
    )
    partner_id = fields.Many2one(
        comodel_name="res.partner",
        string="Customer",
        required=True,
        index=True,
    )
    address = fields.Char(
        compute="_compute_address",
    )
    phone = fields.Char(
        related="partner_id.phone",
    )
    note = fields.Char(
        string="Purpose",
    )
    state = fields.Selection(
        selection=[
            ("planned", "Planned"),
            ("visited", "Visited"),
            ("carried", "Carried Over"),
            ("cancelled", "Cancelled"),
        ],
        required=True,
        readonly=True,
        default="planned",
        copy=False,
    )
    checked_in_at = fields.Datetime(
        string="Checked in",
        readonly=True,
        copy=False,
    )
    followup_id = fields.Many2one(
        comodel_name="jxc.followup",
        readonly=True,
        copy=False,
        ondelete="set null",
        index="btree_not_null",
    )
    carry_count = fields.Integer(
        string="Carried Over",
        readonly=True,
        copy=False,
        help="How many days this visit has been put off.",
    )

    _once_a_day = models.Constraint(
        "UNIQUE (plan_id, partner_id)",
        "A customer is in a visit plan once.",
    )

    @api.depends("partner_id")
    def _compute_address(self):
        for line in self:
            parts = (line.partner_id.city, line.partner_id.street)
            line.address = " ".join(part for part in parts if part)

    # Guards -----------------------------------------------------------------------

    @api.model
    def default_get(self, fields):
        return own_defaults(self, super().default_get(fields), BY_SERVER)

    @api.model_create_multi
    def create(self, vals_list):
        self._check_values(*vals_list)
        lines = super().create(vals_list)
        lines._check_readable()
        return lines

    def write(self, vals):
        self._check_values(vals)
        if {"partner_id", "plan_id"} & vals.keys():
            self._check_planned()
        result = super().write(vals)
        if "plan_id" in vals:
            # The platform judges rights by the plan before.
            self.check_access("write")
        if "partner_id" in vals:
            self._check_readable()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_settled(self):
        self._check_planned()

    def _check_values(self, *vals_list):
        if not self.env.su and any(BY_SERVER & vals.keys() for vals in vals_list):
            raise AccessError(
                self.env._("Whether a customer was visited follows from the check-in.")
            )

    def _check_readable(self):
        """Refuse visits to contacts that the user may not read.

        :raise AccessError: naming the contact
        """
        if not self.env.su:
            self.partner_id.check_access("read")

    def _check_planned(self):
        for line in self.filtered(lambda line: line.state != "planned"):
            raise UserError(
                self.env._(
                    "%(customer)s in %(plan)s is “%(state)s” already and stays.",
                    customer=line.partner_id.display_name,
                    plan=line.plan_id.display_name,
                    state=line._label(),
                )
            )

    def _label(self):
        return dict(self._fields["state"]._description_selection(self.env))[self.state]

    # Actions ----------------------------------------------------------------------

    def action_check_in(self, latitude=None, longitude=None):
        """Begin the visit: a draft follow-up to report what came of it.

        :param float latitude: degrees, with longitude, if the person agrees to keep it
        :return: action that opens the report
        :raise AccessError: somebody else's plan
        :raise UserError: no longer planned, or another day
        """
        self.ensure_one()
        self.check_access("write")
        self.env["jxc.followup"].check_access("create")
        plan = self.plan_id
        if plan.user_id != self.env.user:
            raise AccessError(
                self.env._(
                    "Only %(user)s checks in for this plan.", user=plan.user_id.name
                )
            )
        if self.state == "visited" and self.followup_id:
            return self.followup_id._open_report()
        self._check_planned()
        zone = plan.company_id._jxc_timezone()
        today = fields.Date.context_today(self.with_context(tz=zone))
        if plan.date != today:
            raise UserError(
                self.env._(
                    "%(plan)s is not today's plan (%(today)s). Put %(customer)s into"
                    " today's.",
                    plan=plan.display_name,
                    today=fields.Date.to_string(today),
                    customer=self.partner_id.display_name,
                )
            )
        values = {
            "partner_id": self.partner_id.id,
            "user_id": plan.user_id.id,
            "company_id": plan.company_id.id,
            "kind": "visit",
            "is_draft": True,
        }
        if latitude is not None and longitude is not None:
            values.update(latitude=latitude, longitude=longitude, is_located=True)
        # sudo: drafts and states are written by the server alone
        followup = self.env["jxc.followup"].sudo().create(values)
        self.sudo().write(
            {
                "state": "visited",
                "checked_in_at": fields.Datetime.now(),
                "followup_id": followup.id,
            }
        )
        return self.followup_id._open_report()

    def action_cancel(self):
        """Take customers off the plan that need no visit any more."""
        self.check_access("write")
        self._check_planned()
        # sudo: states are written by the server alone
        self.sudo().state = "cancelled"
        return True

    def _plan_again(self):
        """Take back check-ins; what lies in the past is carried over at night.

        Called as superuser.
        """
        self.write({"state": "planned", "checked_in_at": False, "followup_id": False})

    # Places -----------------------------------------------------------------------

    def _get_place(self):
        return self._get_place_of(self.partner_id)

    @api.model
    def _get_place_of(self, partner):
        """(latitude, longitude) of a contact, or None.

        The platform has the fields; its geolocation addon, or a person, fills them.
        """
        partner = partner.sudo()
        for each in (partner, partner.commercial_partner_id):
            if each.partner_latitude or each.partner_longitude:
                return each.partner_latitude, each.partner_longitude
        return None

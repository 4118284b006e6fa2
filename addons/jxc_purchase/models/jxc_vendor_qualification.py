# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ..tools.partners import use_commercial_partners
from .jxc_vendor_evaluation_actions import VALIDATOR

STATES = [
    ("none", "Not Qualified"),
    ("pending", "Pending"),
    ("qualified", "Qualified"),
    ("suspended", "Suspended"),
]
SERVER_FIELDS = {
    "active",
    "qualified_at",
    "qualified_by_id",
    "requested_by_id",
    "state",
    "suspension_reason",
}


class JxcVendorQualification(models.Model):
    """Whether one company may buy from a vendor, as far as papers and people say."""

    _name = "jxc.vendor.qualification"
    _description = "Vendor Qualification"
    _inherit = ["jxc.server.fields.mixin", "mail.thread", "mail.activity.mixin"]
    _order = "id desc"
    _rec_name = "partner_id"
    _check_company_auto = True

    #: See ``jxc.server.fields.mixin``.
    _jxc_server_fields = frozenset(SERVER_FIELDS)

    partner_id = fields.Many2one(
        comodel_name="res.partner",
        string="Vendor",
        required=True,
        index=True,
        ondelete="restrict",
        check_company=True,
    )
    company_id = fields.Many2one(
        comodel_name="res.company",
        required=True,
        index=True,
        default=lambda self: self.env.company,
    )
    active = fields.Boolean(
        default=True,
        readonly=True,
        copy=False,
        help="Archived: the vendor was merged with one that has a qualification.",
    )
    state = fields.Selection(
        selection=STATES,
        string="Status",
        required=True,
        readonly=True,
        default="none",
        copy=False,
        index=True,
        tracking=True,
    )
    date_review = fields.Date(
        string="Qualified until",
        tracking=True,
        help="Last day of the qualification; empty: without end. Only the certificates"
        " can end it before.",
    )
    note = fields.Text(
        string="Findings",
        help="Visits, samples, references.",
    )
    certificate_ids = fields.Many2many(
        comodel_name="jxc.vendor.certificate",
        compute="_compute_certificate_ids",
        string="Certificates",
    )
    missing = fields.Char(
        compute="_compute_missing",
        string="Missing Certificates",
    )
    requested_by_id = fields.Many2one(
        comodel_name="res.users",
        string="Asked by",
        readonly=True,
        copy=False,
    )
    qualified_by_id = fields.Many2one(
        comodel_name="res.users",
        string="Qualified by",
        readonly=True,
        copy=False,
    )
    qualified_at = fields.Datetime(
        string="Qualified on",
        readonly=True,
        copy=False,
    )
    suspension_reason = fields.Text(
        readonly=True,
        copy=False,
        tracking=True,
    )

    _vendor_unique = models.UniqueIndex(
        "(company_id, partner_id) WHERE active",
        "The vendor has a qualification in this company already.",
    )

    @api.depends("partner_id.jxc_certificate_ids", "company_id")
    def _compute_certificate_ids(self):
        certificates = self.env["jxc.vendor.certificate"].search(
            [("partner_id", "in", self.partner_id.ids)]
        )
        for one in self:
            one.certificate_ids = certificates.filtered(
                lambda row, one=one: (
                    row.partner_id == one.partner_id
                    and row.company_id in (one.company_id, row.browse().company_id)
                )
            )

    @api.depends(
        "company_id",
        "partner_id.jxc_certificate_ids.date_from",
        "partner_id.jxc_certificate_ids.date_to",
        "partner_id.jxc_certificate_ids.type_id",
        "partner_id.jxc_certificate_ids.verified_by_id",
    )
    def _compute_missing(self):
        for company, rows in self.grouped("company_id").items():
            missing = self._missing_types(rows.partner_id, company)
            for one in rows:
                names = missing.get(one.partner_id.id, one.browse()).mapped("name")
                one.missing = ", ".join(names) or False

    @api.model
    def _missing_types(self, partners, company, day=None):
        """Return {commercial partner id: required types without valid certificate}."""
        day = day or fields.Date.context_today(self)
        required = self.env["jxc.vendor.certificate.type"].search(
            [("is_required", "=", True), ("company_id", "in", [company.id, False])]
        )
        valid = {}
        if required:
            valid = self.env["jxc.vendor.certificate"]._valid_types(
                partners, company, day
            )
        return {
            partner.id: required - valid.get(partner.id, required.browse())
            for partner in partners.commercial_partner_id
        }

    # ------------------------------------------------------------
    # Guards
    # ------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        use_commercial_partners(self.env, vals_list)
        return super().create(vals_list)

    def write(self, vals):
        use_commercial_partners(self.env, [vals])
        if {"partner_id", "company_id", "date_review"} & set(vals):
            self._check_settled()
        return super().write(vals)

    def _check_settled(self):
        """:raise UserError: what was granted changes by its actions only"""
        for one in self:
            if one.state == "qualified" and not self.env.su:
                raise UserError(
                    self.env._(
                        "%s is qualified. Suspend the qualification to change it.",
                        one.partner_id.display_name,
                    )
                )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_decided(self):
        for one in self:
            if one.state in ("qualified", "suspended"):
                raise UserError(
                    self.env._(
                        "The qualification of %s was decided and is kept.",
                        one.partner_id.display_name,
                    )
                )

    # ------------------------------------------------------------
    # Actions
    # ------------------------------------------------------------

    def action_request(self):
        """Ask for the qualification of vendors.

        :raise UserError: it was asked for or given already
        """
        self.check_access("write")
        self._check_states("none", "suspended")
        self.sudo().write({"state": "pending", "requested_by_id": self.env.uid})
        return True

    def action_qualify(self):
        """Qualify vendors whose required certificates are valid today.

        :raise AccessError: the user may not, or asked for it himself where two persons
            are needed
        :raise UserError: nobody asked, or certificates are missing
        """
        self._check_validator()
        self._check_states("pending")
        today = fields.Date.context_today(self)
        for company, rows in self.grouped("company_id").items():
            missing = self.sudo()._missing_types(rows.partner_id, company)
            for one in rows:
                if (
                    company.jxc_vendor_four_eyes
                    and one.requested_by_id == self.env.user
                    and not self.env.su
                ):
                    raise AccessError(
                        self.env._(
                            "You asked to qualify %s yourself: somebody else has to"
                            " decide.",
                            one.partner_id.display_name,
                        )
                    )
                lacking = missing[one.partner_id.id]
                if lacking:
                    raise UserError(
                        self.env._(
                            "%(vendor)s has no verified and valid certificate of:"
                            " %(types)s.",
                            vendor=one.partner_id.display_name,
                            types=", ".join(lacking.mapped("name")),
                        )
                    )
                if one.date_review and one.date_review < today:
                    raise UserError(
                        self.env._(
                            "%(vendor)s: “Qualified until” %(day)s is over already.",
                            vendor=one.partner_id.display_name,
                            day=one.date_review,
                        )
                    )
        self.sudo().write(
            {
                "state": "qualified",
                "qualified_by_id": self.env.uid,
                "qualified_at": fields.Datetime.now(),
                "suspension_reason": False,
            }
        )
        return True

    def action_suspend(self, reason=False):
        """Take qualifications away until they are asked for and given again.

        :param reason: text; without one a window asks for it
        :return: True, or the action of that window
        :raise AccessError: the user may not
        :raise UserError: it is neither pending nor qualified
        """
        self._check_validator()
        self._check_states("pending", "qualified")
        if not isinstance(reason, str) or not reason.strip():
            return {
                "type": "ir.actions.act_window",
                "name": self.env._("Suspend"),
                "res_model": "jxc.vendor.suspend",
                "view_mode": "form",
                "target": "new",
                "context": {"default_qualification_ids": self.ids},
            }
        self.sudo()._suspend(reason)
        return True

    def _suspend(self, reason):
        self.write({"state": "suspended", "suspension_reason": reason})

    def _check_validator(self):
        self.check_access("read")
        if not (self.env.su or self.env.user.has_group(VALIDATOR)):
            raise AccessError(
                self.env._("Only who validates vendor evaluations may decide on this.")
            )

    def _check_states(self, *states):
        labels = dict(self._fields["state"]._description_selection(self.env))
        for one in self:
            if one.state not in states:
                raise UserError(
                    self.env._(
                        "%(vendor)s is “%(state)s”; it would have to be %(wanted)s.",
                        vendor=one.partner_id.display_name,
                        state=labels[one.state],
                        wanted=" / ".join(labels[state] for state in states),
                    )
                )

    # ------------------------------------------------------------
    # Validity
    # ------------------------------------------------------------

    @api.model
    def _problems(self, partners, company, day=None):
        """Return {commercial partner id: why the vendor is not qualified on a day}.

        Judged by the certificates themselves, not only by what the nightly check has
        suspended. Qualified vendors are left out.
        """
        day = day or fields.Date.context_today(self)
        partners = partners.commercial_partner_id
        rows = self.search(
            [("partner_id", "in", partners.ids), ("company_id", "=", company.id)]
        ).grouped(lambda one: one.partner_id.id)
        missing = self._missing_types(partners, company, day)
        labels = dict(self._fields["state"]._description_selection(self.env))
        found = {}
        for partner in partners:
            one = rows.get(partner.id, self.browse())
            if one.state != "qualified":
                found[partner.id] = self.env._(
                    "the qualification is “%s”", labels[one.state or "none"]
                )
            elif one.date_review and one.date_review < day:
                found[partner.id] = self.env._(
                    "the qualification ended on %s", one.date_review
                )
            elif missing[partner.id]:
                found[partner.id] = self.env._(
                    "no valid certificate of: %s",
                    ", ".join(missing[partner.id].mapped("name")),
                )
        return found

    @api.model
    def _cron_suspend(self):
        """Every night: suspend qualifications whose papers have expired."""
        qualified = self.search([("state", "=", "qualified")])
        for company, rows in qualified.grouped("company_id").items():
            # Reasons are kept; nobody's language is that of the nightly job.
            told = rows.with_context(lang=company._jxc_lang())
            problems = told._problems(told.partner_id, company)
            for one in told:
                problem = problems.get(one.partner_id.id)
                if problem:
                    one._suspend(problem)
                    buyer = one.partner_id.buyer_id or one.requested_by_id
                    one.activity_schedule(
                        "jxc_purchase.mail_activity_certificate_expiry",
                        summary=one.env._(
                            "Qualification of %s suspended", one.partner_id.display_name
                        ),
                        note=problem,
                        user_id=(buyer or one.create_uid).id,
                    )

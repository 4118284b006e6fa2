# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain

from odoo.addons.jxc_base.tools.guard import own_defaults

from ..tools.partners import use_commercial_partners
from .jxc_vendor_evaluation_actions import VALIDATOR

VERIFIED_FIELDS = {"proof_user_ids", "reminded_for", "verified_at", "verified_by_id"}
#: What is verified; a change has to be verified again.
PROOF_FIELDS = {
    "company_id",
    "date_from",
    "date_to",
    "file",
    "number",
    "partner_id",
    "type_id",
}
REMINDER = "jxc_purchase.mail_activity_certificate_expiry"


class JxcVendorCertificate(models.Model):
    """A certificate of a vendor, with its file; it counts once it is verified."""

    _name = "jxc.vendor.certificate"
    _description = "Vendor Certificate"
    _inherit = ["mail.thread", "mail.activity.mixin", "jxc.evidence.mixin"]
    _order = "date_to desc, id desc"
    _rec_name = "number"
    _rec_names_search = ["number", "partner_id"]
    _check_company_auto = True

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
        index=True,
        help="Empty: for all companies.",
    )
    active = fields.Boolean(
        default=True,
    )
    type_id = fields.Many2one(
        comodel_name="jxc.vendor.certificate.type",
        string="Certificate Type",
        required=True,
        index=True,
        ondelete="restrict",
        check_company=True,
    )
    number = fields.Char(
        required=True,
        tracking=True,
    )
    issuer = fields.Char(
        string="Issued by",
    )
    date_from = fields.Date(
        string="Valid from",
        required=True,
        default=fields.Date.context_today,
        tracking=True,
    )
    date_to = fields.Date(
        string="Valid until",
        tracking=True,
        help="Last day; empty: without end.",
    )
    file = fields.Binary(
        attachment=True,
    )
    file_name = fields.Char()
    verified_by_id = fields.Many2one(
        comodel_name="res.users",
        string="Verified by",
        readonly=True,
        copy=False,
        tracking=True,
    )
    verified_at = fields.Datetime(
        string="Verified on",
        readonly=True,
        copy=False,
    )
    status = fields.Selection(
        selection=[
            ("unverified", "To Verify"),
            ("future", "Not yet Valid"),
            ("valid", "Valid"),
            ("expiring", "Expires Soon"),
            ("expired", "Expired"),
        ],
        compute="_compute_status",
        search="_search_status",
    )
    proof_user_ids = fields.Many2many(
        comodel_name="res.users",
        relation="jxc_vendor_certificate_proof_user_rel",
        string="Entered by",
        readonly=True,
        copy=False,
        help="Who entered or changed what has to be verified; where two persons are"
        " needed, somebody else verifies it.",
    )
    reminded_for = fields.Date(
        readonly=True,
        copy=False,
        export_string_translation=False,
    )

    _dates_in_order = models.Constraint(
        "CHECK (date_to IS NULL OR date_from <= date_to)",
        "A certificate cannot expire before it becomes valid.",
    )

    @api.depends("date_from", "date_to", "type_id.warn_days", "verified_by_id")
    def _compute_status(self):
        today = fields.Date.context_today(self)
        for one in self:
            if one.date_to and one.date_to < today:
                one.status = "expired"
            elif not one.verified_by_id:
                one.status = "unverified"
            elif one.date_from and one.date_from > today:
                one.status = "future"
            elif one.date_to and one.date_to <= today + timedelta(
                days=one.type_id.warn_days
            ):
                one.status = "expiring"
            else:
                one.status = "valid"

    def _search_status(self, operator, value):
        if operator != "in":
            return NotImplemented
        today = fields.Date.context_today(self)
        expired = Domain("date_to", "<", today)
        verified = ~expired & Domain("verified_by_id", "!=", False)
        started = verified & Domain("date_from", "<=", today)
        soon = Domain.OR(
            Domain("type_id", "=", one.id)
            & Domain("date_to", "<=", today + timedelta(days=one.warn_days))
            for one in self.env["jxc.vendor.certificate.type"]
            .with_context(active_test=False)
            .search([])
        )
        domains = {
            "expired": expired,
            "unverified": ~expired & Domain("verified_by_id", "=", False),
            "future": verified & Domain("date_from", ">", today),
            "expiring": started & soon,
            "valid": started & ~soon,
        }
        return Domain.OR(domains[status] for status in value if status in domains)

    @api.depends("type_id", "number")
    def _compute_display_name(self):
        for one in self:
            names = filter(None, (one.type_id.name, one.number))
            one.display_name = " ".join(names) or False

    # ------------------------------------------------------------
    # Guards
    # ------------------------------------------------------------

    @api.model
    def default_get(self, fields):
        return own_defaults(self, super().default_get(fields), VERIFIED_FIELDS)

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self._check_verified_fields(vals)
        use_commercial_partners(self.env, vals_list)
        certificates = super().create(vals_list)
        certificates.sudo().proof_user_ids = self.env.user
        return certificates

    def write(self, vals):
        """What was verified has to be verified again when it changes."""
        self._check_verified_fields(vals)
        use_commercial_partners(self.env, [vals])
        if PROOF_FIELDS & set(vals):
            self._note_hands()
            vals = {**vals, "verified_by_id": False, "verified_at": False}
        result = super().write(vals)
        if "company_id" in vals:
            # The platform judges rights by the company before.
            self.check_access("write")
        return result

    def _note_hands(self):
        """Remember who changes the proof, besides who did since it was verified."""
        for one in self.sudo():
            before = one.proof_user_ids or one.create_uid
            if one.verified_by_id:
                before = before.browse()
            one.proof_user_ids = before | self.env.user

    def _check_verified_fields(self, vals):
        """:raise AccessError: a client verifies by writing"""
        # To take a verification back is no harm; to forget who had a hand in it is.
        written = any(vals.get(name) for name in VERIFIED_FIELDS)
        if (written or (self and "proof_user_ids" in vals)) and not self.env.su:
            raise AccessError(
                self.env._(
                    "A certificate is verified with Verify; it cannot be written."
                )
            )

    def action_verify(self):
        """Confirm that the certificates were seen and are what they say.

        :raise AccessError: the user may not verify, or entered or changed the
            certificate himself where two persons are needed
        :raise UserError: it has expired, or has no file
        """
        self.check_access("read")
        if not (self.env.su or self.env.user.has_group(VALIDATOR)):
            raise AccessError(
                self.env._("Only who validates vendor evaluations may verify these.")
            )
        today = fields.Date.context_today(self)
        for one in self:
            company = one.company_id or self.env.company
            hands = one.sudo().proof_user_ids or one.create_uid
            own = self.env.user in hands and not self.env.su
            if company.jxc_vendor_four_eyes and own:
                raise AccessError(
                    self.env._(
                        "You entered or changed %s yourself: somebody else has to"
                        " verify it.",
                        one.display_name,
                    )
                )
            if not one.file:
                raise UserError(
                    self.env._("%s: attach the file first.", one.display_name)
                )
            if one.date_to and one.date_to < today:
                raise UserError(
                    self.env._(
                        "%(certificate)s expired on %(day)s.",
                        certificate=one.display_name,
                        day=one.date_to,
                    )
                )
        self.sudo().write(
            {"verified_by_id": self.env.uid, "verified_at": fields.Datetime.now()}
        )
        return True

    # ------------------------------------------------------------
    # Valid certificates, reminders
    # ------------------------------------------------------------

    @api.model
    def _valid_types(self, partners, company, day):
        """Return {commercial partner id: types of valid certificates}, in one query."""
        rows = self._read_group(
            [
                ("partner_id", "in", partners.commercial_partner_id.ids),
                ("company_id", "in", [company.id, False]),
                ("verified_by_id", "!=", False),
                ("date_from", "<=", day),
                "|",
                ("date_to", "=", False),
                ("date_to", ">=", day),
            ],
            ["partner_id"],
            ["type_id:recordset"],
        )
        return {partner.id: types for partner, types in rows}

    @api.model
    def _cron_remind(self):
        """Every night: remind of certificates that expire soon, once for each date.

        A certificate that has a successor needs no reminder.
        """
        soon = self.search([("status", "=", "expiring"), ("date_to", "!=", False)])
        soon = soon.filtered(lambda one: one.reminded_for != one.date_to)
        later = self.search(
            [
                ("partner_id", "in", soon.partner_id.ids),
                ("type_id", "in", soon.type_id.ids),
                ("verified_by_id", "!=", False),
            ]
        ).grouped(lambda one: (one.partner_id, one.type_id))
        for one in soon:
            others = later.get((one.partner_id, one.type_id), self.browse())
            if any(
                not row.date_to or row.date_to > one.date_to for row in others - one
            ):
                continue
            buyer = one.partner_id.buyer_id or one.create_uid
            told = one.with_context(lang=buyer.lang)
            told.activity_schedule(
                REMINDER,
                date_deadline=one.date_to,
                summary=told.env._(
                    "%(certificate)s of %(vendor)s expires",
                    certificate=told.display_name,
                    vendor=told.partner_id.display_name,
                ),
                user_id=buyer.id,
            )
        for day, certificates in soon.grouped("date_to").items():
            certificates.sudo().reminded_for = day

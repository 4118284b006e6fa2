# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from odoo.addons.jxc_base.tools.guard import own_defaults

from ..tools.partners import use_commercial_partners
from .jxc_vendor_evaluation_actions import VALIDATOR

SERVER_FIELDS = {"revoked_by_id", "user_id"}


class JxcVendorExemption(models.Model):
    """Permission to order from a vendor in spite of grade, qualification or papers."""

    _name = "jxc.vendor.exemption"
    _description = "Vendor Exemption"
    _inherit = ["mail.thread"]
    _order = "date_to desc, id desc"
    _rec_name = "partner_id"
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
        required=True,
        index=True,
        default=lambda self: self.env.company,
    )
    kind = fields.Selection(
        selection=[
            ("grade", "Grade D"),
            ("qualification", "Missing qualification"),
            ("certificate", "Missing certificate"),
        ],
        string="In Spite of",
        required=True,
        default="grade",
    )
    reason = fields.Text(
        required=True,
    )
    date_from = fields.Date(
        string="From",
        required=True,
        default=fields.Date.context_today,
    )
    date_to = fields.Date(
        string="Until",
        required=True,
        help="Last day; a year at most.",
    )
    user_id = fields.Many2one(
        comodel_name="res.users",
        string="Granted by",
        required=True,
        readonly=True,
        default=lambda self: self.env.user,
        copy=False,
    )
    revoked_by_id = fields.Many2one(
        comodel_name="res.users",
        string="Ended by",
        readonly=True,
        copy=False,
    )
    is_current = fields.Boolean(
        compute="_compute_is_current",
        search="_search_is_current",
        string="In Force",
    )

    _dates_in_order = models.Constraint(
        "CHECK (date_from <= date_to OR revoked_by_id IS NOT NULL)",
        "An exemption cannot end before it starts.",
    )
    _a_year_at_most = models.Constraint(
        "CHECK (date_to <= date_from + 366)",
        "An exemption lasts a year at most.",
    )

    @api.depends("date_from", "date_to")
    def _compute_is_current(self):
        today = fields.Date.context_today(self)
        for one in self:
            known = one.date_from and one.date_to
            one.is_current = known and one.date_from <= today <= one.date_to

    def _search_is_current(self, operator, value):
        if operator != "in":
            return NotImplemented
        today = fields.Date.context_today(self)
        if set(value) == {True, False}:
            return []
        current = [("date_from", "<=", today), ("date_to", ">=", today)]
        return current if True in value else ["!", "&", *current]

    @api.model
    def default_get(self, fields):
        return own_defaults(self, super().default_get(fields), SERVER_FIELDS)

    @api.model_create_multi
    def create(self, vals_list):
        """Grant exemptions, in the own name.

        :raise AccessError: the user may not grant them
        """
        self._check_validator()
        for vals in vals_list:
            if not self.env.su:
                vals.update(user_id=self.env.uid, revoked_by_id=False)
        use_commercial_partners(self.env, vals_list)
        return super().create(vals_list)

    def action_revoke(self):
        """End exemptions at once; they are kept as a record.

        :raise AccessError: the user may not grant exemptions
        :raise UserError: one has ended already
        """
        self.check_access("read")
        self._check_validator()
        yesterday = fields.Date.context_today(self) - timedelta(days=1)
        for one in self:
            if one.date_to <= yesterday:
                raise UserError(
                    self.env._(
                        "The exemption of %(vendor)s ended on %(day)s.",
                        vendor=one.partner_id.display_name,
                        day=one.date_to,
                    )
                )
        self.sudo().write({"date_to": yesterday, "revoked_by_id": self.env.uid})
        self.sudo()._message_log_batch(
            bodies={
                one.id: self.env._("Ended by %s.", self.env.user.name) for one in self
            }
        )
        return True

    def _check_validator(self):
        if not (self.env.su or self.env.user.has_group(VALIDATOR)):
            raise AccessError(
                self.env._("Only who validates vendor evaluations grants exemptions.")
            )

    @api.model
    def _in_force(self, partners, company, day):
        """Return the set of (commercial partner id, kind) that are exempt on a day."""
        rows = self._read_group(
            [
                ("partner_id", "in", partners.commercial_partner_id.ids),
                ("company_id", "=", company.id),
                ("date_from", "<=", day),
                ("date_to", ">=", day),
            ],
            ["partner_id", "kind"],
        )
        return {(partner.id, kind) for partner, kind in rows}

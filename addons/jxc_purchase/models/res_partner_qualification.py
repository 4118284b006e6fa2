# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import api, fields, models
from odoo.fields import Domain

from .jxc_vendor_qualification import STATES
from .res_partner_vendor import READERS


class ResPartner(models.Model):
    """Qualification and certificates of a vendor, in the current company."""

    _inherit = "res.partner"

    jxc_qualification_ids = fields.One2many(
        comodel_name="jxc.vendor.qualification",
        inverse_name="partner_id",
        string="Vendor Qualifications",
        readonly=True,
        groups=READERS,
    )
    jxc_qualification_state = fields.Selection(
        selection=STATES,
        string="Qualification",
        compute="_compute_jxc_qualification_state",
        search="_search_jxc_qualification_state",
        groups=READERS,
    )
    jxc_certificate_ids = fields.One2many(
        comodel_name="jxc.vendor.certificate",
        inverse_name="partner_id",
        string="Vendor Certificates",
        readonly=True,
        groups=READERS,
    )
    jxc_certificate_count = fields.Integer(
        compute="_compute_jxc_certificate_count",
        string="Certificates",
        groups=READERS,
    )

    @api.depends("jxc_qualification_ids.state", "commercial_partner_id")
    @api.depends_context("company")
    def _compute_jxc_qualification_state(self):
        rows = self.env["jxc.vendor.qualification"].search_fetch(
            [
                ("company_id", "=", self.env.company.id),
                ("partner_id", "in", self.commercial_partner_id.ids),
            ],
            ["partner_id", "state"],
        )
        states = {row.partner_id: row.state for row in rows}
        for partner in self:
            partner.jxc_qualification_state = states.get(
                partner.commercial_partner_id, "none"
            )

    def _search_jxc_qualification_state(self, operator, value):
        if operator != "in":
            return NotImplemented
        qualifications = self.env["jxc.vendor.qualification"]
        company = Domain("company_id", "=", self.env.company.id)

        def having(domain):
            return Domain(
                "commercial_partner_id",
                "in",
                qualifications._search(domain).subselect("partner_id"),
            )

        wanted = having(company & Domain("state", "in", list(value)))
        if "none" in value or False in value:
            wanted |= ~having(company)
        return wanted

    @api.depends("jxc_certificate_ids")
    def _compute_jxc_certificate_count(self):
        counts = dict(
            self.env["jxc.vendor.certificate"]._read_group(
                [("partner_id", "in", self.commercial_partner_id.ids)],
                ["partner_id"],
                ["__count"],
            )
        )
        for partner in self:
            partner.jxc_certificate_count = counts.get(partner.commercial_partner_id, 0)

    def action_jxc_open_qualification(self):
        """Show the qualification of a vendor in this company, or a form to begin one.

        :return: action
        """
        self.ensure_one()
        partner = self.commercial_partner_id
        one = self.env["jxc.vendor.qualification"].search(
            [
                ("partner_id", "=", partner.id),
                ("company_id", "=", self.env.company.id),
            ]
        )
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Vendor Qualification"),
            "res_model": "jxc.vendor.qualification",
            "view_mode": "form",
            "res_id": one.id,
            "context": {"default_partner_id": partner.id},
        }

    def action_jxc_open_certificates(self):
        """Show the certificates of a vendor.

        :return: action
        """
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "jxc_purchase.jxc_vendor_certificate_action"
        )
        partner = self.commercial_partner_id
        return {
            **action,
            "domain": [("partner_id", "=", partner.id)],
            "context": {"default_partner_id": partner.id},
        }

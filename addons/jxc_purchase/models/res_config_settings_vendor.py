# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import api, fields, models

GRADES = ("jxc_vendor_grade_a", "jxc_vendor_grade_b", "jxc_vendor_grade_c")


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    jxc_vendor_period = fields.Selection(
        related="company_id.jxc_vendor_period",
        readonly=False,
        required=True,
    )
    jxc_vendor_grade_a = fields.Float(
        string="Grade A from",
        compute="_compute_jxc_vendor_grades",
        store=True,
        readonly=False,
    )
    jxc_vendor_grade_b = fields.Float(
        string="Grade B from",
        compute="_compute_jxc_vendor_grades",
        store=True,
        readonly=False,
    )
    jxc_vendor_grade_c = fields.Float(
        string="Grade C from",
        compute="_compute_jxc_vendor_grades",
        store=True,
        readonly=False,
    )
    jxc_vendor_grade_d_control = fields.Selection(
        related="company_id.jxc_vendor_grade_d_control",
        readonly=False,
        required=True,
    )
    jxc_vendor_unqualified_control = fields.Selection(
        related="company_id.jxc_vendor_unqualified_control",
        readonly=False,
        required=True,
    )
    jxc_vendor_four_eyes = fields.Boolean(
        related="company_id.jxc_vendor_four_eyes",
        readonly=False,
    )

    @api.depends("company_id")
    def _compute_jxc_vendor_grades(self):
        for settings in self:
            for name in GRADES:
                settings[name] = settings.company_id[name]

    def set_values(self):
        """Write the three grades together: they are checked against each other."""
        result = super().set_values()
        company = self.company_id
        values = {name: self[name] for name in GRADES if self[name] != company[name]}
        if values:
            company.write(values)
        return result

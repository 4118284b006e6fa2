# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import api, fields, models, tools


class LoyaltyProgram(models.Model):
    _inherit = "loyalty.program"

    jxc_segment_ids = fields.Many2many(
        comodel_name="jxc.customer.segment",
        string="Only for Segments",
        groups="sales_team.group_sale_salesman,jxc_base.group_executive",
        help="Orders of customers outside these segments cannot use it. Empty: all.",
    )

    @api.model
    @tools.ormcache()
    def _jxc_target_segment_ids(self):
        """Ids of segments that any program is limited to; none costs no query."""
        self.flush_model(["jxc_segment_ids"])
        return tuple(
            self.sudo()
            .with_context(active_test=False)
            .search([("jxc_segment_ids", "!=", False)])
            .jxc_segment_ids.ids
        )

    @api.model_create_multi
    def create(self, vals_list):
        programs = super().create(vals_list)
        if any("jxc_segment_ids" in vals for vals in vals_list):
            self.env.registry.clear_cache()
        return programs

    def write(self, vals):
        result = super().write(vals)
        if "jxc_segment_ids" in vals:
            self.env.registry.clear_cache()
        return result

# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import api, fields, models, tools

STATUSES = [
    ("available", "Available"),
    ("inspect", "To Inspect"),
    ("defective", "Defective"),
]


class StockLocation(models.Model):
    _inherit = "stock.location"

    jxc_stock_status = fields.Selection(
        selection=STATUSES,
        string="Goods Here Are",
        index="btree_not_null",
        help="Goods to inspect or defective are not reserved for orders and not handed"
        " to customers or production. Empty: as the parent location.",
    )
    jxc_status = fields.Selection(
        selection=STATUSES,
        string="Status of Goods",
        compute="_compute_jxc_status",
        recursive=True,
        store=True,
        help="Own status, or that of the nearest parent location which has one.",
    )

    @api.depends("jxc_stock_status", "location_id.jxc_status")
    def _compute_jxc_status(self):
        for location in self:
            location.jxc_status = (
                location.jxc_stock_status
                or location.location_id.jxc_status
                or "available"
            )

    @api.model_create_multi
    def create(self, vals_list):
        locations = super().create(vals_list)
        self.env.registry.clear_cache()
        return locations

    def write(self, vals):
        result = super().write(vals)
        if not {"jxc_stock_status", "location_id", "jxc_status"}.isdisjoint(vals):
            self.env.registry.clear_cache()
        return result

    def unlink(self):
        self.env.registry.clear_cache()
        return super().unlink()

    @tools.ormcache()
    def _jxc_held_ids(self):
        """Ids of the locations whose goods are not for orders; often none."""
        locations = self.sudo().with_context(active_test=False)
        return frozenset(locations.search([("jxc_status", "!=", "available")]).ids)

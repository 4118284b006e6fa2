# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import api, fields, models, tools
from odoo.fields import Domain

STATUSES = [
    ("available", "Available"),
    ("inspect", "To Inspect"),
    ("defective", "Defective"),
]

#: What the two sets of locations that every process keeps in memory follow.
CACHED_BY = {"jxc_status", "jxc_stock_status", "location_id", "usage"}


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
        if not CACHED_BY.isdisjoint(vals):
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

    @tools.ormcache()
    def _jxc_outgoing_ids(self):
        """Ids of the locations where goods are that have left: customers', and transit
        to sister companies.
        """
        locations = self.sudo().with_context(active_test=False)
        domain = Domain("usage", "=", "customer")
        between = self.env.ref("stock.stock_location_inter_company", False)
        if between:
            domain |= Domain("id", "child_of", between.id)
        return frozenset(locations.search(domain).ids)

    def _jxc_is_outgoing(self):
        """As ``_is_outgoing``, which asks the database for every location anew."""
        self.ensure_one()
        return self.id in self._jxc_outgoing_ids()

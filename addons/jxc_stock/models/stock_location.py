# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import api, fields, models, tools
from odoo.exceptions import AccessError
from odoo.fields import Domain

from odoo.addons.jxc_base.tools.guard import own_defaults

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

    @api.model
    def default_get(self, fields):
        return own_defaults(self, super().default_get(fields), {"jxc_status"})

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self._jxc_check_status(vals)
        locations = super().create(vals_list)
        self.env.registry.clear_cache()
        return locations

    def write(self, vals):
        """Let every process know which places hold goods.

        :raise AccessError: the status that follows from the places above is written
        """
        self._jxc_check_status(vals)
        result = super().write(vals)
        if not CACHED_BY.isdisjoint(vals):
            self.env.registry.clear_cache()
        return result

    def _jxc_check_status(self, vals):
        """What goods are here follows from this place and those above it."""
        if "jxc_status" in vals and not self.env.su:
            raise AccessError(
                self.env._(
                    "“%(field)s” follows from “%(own)s” of this location and of those"
                    " above it; it cannot be written.",
                    field=self._fields["jxc_status"]._description_string(self.env),
                    own=self._fields["jxc_stock_status"]._description_string(self.env),
                )
            )

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

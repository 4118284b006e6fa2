# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import SUPERUSER_ID, api, models
from odoo.fields import Domain

#: No client can send it: the platform itself is about to drop filled rules.
ORDERING = object()


class StockWarehouseOrderpoint(models.Model):
    _inherit = "stock.warehouse.orderpoint"

    def action_replenish(self, force_to_max=False):
        """Order, and keep the rules that have levels, as the night does.

        Here, too, the platform drops what the system made as soon as it is filled.
        """
        ordering = self.with_context(jxc_ordering=ORDERING)
        return super(StockWarehouseOrderpoint, ordering).action_replenish(force_to_max)

    def unlink(self):
        rules = self
        if self.env.context.get("jxc_ordering") is ORDERING:
            rules = self.filtered(
                lambda rule: not (rule.product_min_qty or rule.product_max_qty)
            )
        return super(StockWarehouseOrderpoint, rules).unlink()

    @api.autovacuum
    def _unlink_processed_orderpoints(self):
        """Keep rules that have levels; drop what the platform proposed and is filled.

        The platform takes every manual rule of the system for a proposal of its own,
        whose levels are 0. Rules that the system imported or a script made have levels,
        which alerts watch: they would be gone in the next night.
        """
        proposals = Domain(
            [
                ("create_uid", "=", SUPERUSER_ID),
                ("trigger", "=", "manual"),
                ("product_min_qty", "=", 0.0),
                ("product_max_qty", "=", 0.0),
            ]
        )
        if self.ids:
            proposals &= Domain("id", "in", self.ids)
        found = self.with_context(active_test=False).search(proposals)
        # Without any, the platform would look through all rules.
        if not found:
            return found
        return super(
            StockWarehouseOrderpoint, found.with_env(self.env)
        )._unlink_processed_orderpoints()

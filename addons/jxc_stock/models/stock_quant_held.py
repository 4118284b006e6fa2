# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from datetime import datetime
from typing import NamedTuple

from odoo import api, fields, models
from odoo.fields import Domain


class Fresh(NamedTuple):
    """How long goods must last; a class, so that no client can ask for it."""

    start: datetime  # when they are handed over
    until: datetime


class StockQuant(models.Model):
    """What is not reserved: goods to inspect, defective goods, too old lots."""

    _inherit = "stock.quant"

    jxc_status = fields.Selection(related="location_id.jxc_status")

    def _get_gather_domain(
        self,
        product_id,
        location_id,
        lot_id=None,
        package_id=None,
        owner_id=None,
        strict=False,
    ):
        domain = super()._get_gather_domain(
            product_id, location_id, lot_id, package_id, owner_id, strict
        )
        fresh = self.env.context.get("jxc_fresh")
        if isinstance(fresh, Fresh) and not strict:
            lasting = Domain("expiration_date", ">=", fresh.until)
            released = Domain("jxc_release_end", ">", fresh.start)
            domain &= lasting | released | Domain("expiration_date", "=", False)
        held = self.env["stock.location"]._jxc_held_ids()
        if strict or not held or location_id.id in held:
            # A transfer out of such a place itself takes what is there.
            return domain
        return domain & Domain("location_id", "not in", held)

    @api.depends("location_id.jxc_status")
    def _compute_available_quantity(self):
        super()._compute_available_quantity()
        for quant in self:
            if quant.location_id.jxc_status not in (False, "available"):
                quant.available_quantity = 0

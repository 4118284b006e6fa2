# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from datetime import timedelta

from odoo import fields, models

from .stock_move_line_guard import OUTSIDE
from .stock_quant_held import Fresh


class StockMove(models.Model):
    """Customers get lots that last as long as they ask for; nobody expired ones."""

    _inherit = "stock.move"

    def _jxc_customer(self):
        """The customer that these goods are on their way to; empty for others."""
        self.ensure_one()
        places = self.location_dest_id | self.location_final_id
        if "customer" not in places.mapped("usage"):
            return self.env["res.partner"]
        partner = self.partner_id or self.picking_id.partner_id
        if not partner and self.move_dest_ids:
            partner = self.browse(self._rollup_move_dests()).partner_id[:1]
        return partner or self.env["res.partner"]

    def _jxc_shelf_days(self):
        """How many days the goods must last from the delivery on; 0: no demand."""
        self.ensure_one()
        template = self.product_id.product_tmpl_id
        if not template.use_expiration_date:
            return 0
        places = self.location_dest_id | self.location_final_id
        if "customer" not in places.mapped("usage"):
            return 0
        customer = self._jxc_customer().sudo().commercial_partner_id
        own = customer.with_company(self.company_id).jxc_shelf_days
        return own or template.jxc_shelf_days

    def _jxc_fresh(self):
        """These moves with what reservation must know about the shelf life."""
        places = self.location_dest_id | self.location_final_id
        if not self.product_id.use_expiration_date or OUTSIDE.isdisjoint(
            places.mapped("usage")
        ):
            return self
        start = max(self.date or fields.Datetime.now(), fields.Datetime.now())
        until = start + timedelta(days=self._jxc_shelf_days())
        return self.with_context(jxc_fresh=Fresh(start, until))

    def _update_reserved_quantity_vals(
        self,
        need,
        location_id,
        lot_id=None,
        package_id=None,
        owner_id=None,
        strict=True,
    ):
        return super(StockMove, self._jxc_fresh())._update_reserved_quantity_vals(
            need, location_id, lot_id, package_id, owner_id, strict
        )

    def _get_available_quantity(
        self,
        location_id,
        lot_id=None,
        package_id=None,
        owner_id=None,
        strict=False,
        allow_negative=False,
    ):
        return super(StockMove, self._jxc_fresh())._get_available_quantity(
            location_id, lot_id, package_id, owner_id, strict, allow_negative
        )

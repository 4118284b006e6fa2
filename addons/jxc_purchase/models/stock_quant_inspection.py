# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import api, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from ..tools.inspection_mark import is_inspecting


class StockQuant(models.Model):
    """Goods to inspect: nothing reserves them, nothing moves them but inspections.

    Everything that changes stock ends here: transfers, edits of done transfers, counts,
    scraps, relocations, devices.
    """

    _inherit = "stock.quant"

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
        if strict:
            return domain
        # Also a transfer from there finds nothing to reserve.
        places = self.env["stock.location"]._jxc_inspection_ids()
        return domain & Domain("location_id", "not in", places) if places else domain

    @api.model
    def _update_available_quantity(self, product_id, location_id, *args, **kwargs):
        """Refuse to bring or take goods to inspect past the inspections.

        :raise UserError: naming product, place and the inspections to finish
        """
        places = self.env["stock.location"]._jxc_inspection_ids()
        if location_id.id in places and not is_inspecting(self.env):
            quantity = kwargs.get("quantity", args[0] if args else 0)
            if quantity:
                self._jxc_refuse_inspection_place(product_id, location_id)
        return super()._update_available_quantity(
            product_id, location_id, *args, **kwargs
        )

    def _jxc_refuse_inspection_place(self, product, location):
        lines = self.env["jxc.receipt.inspection.line"].sudo()
        open_lines = lines.search(
            [
                ("product_id", "=", product.id),
                ("state", "=", "draft"),
                ("inspection_id.warehouse_id", "=", location.warehouse_id.id),
            ],
            limit=5,
        )
        names = open_lines.inspection_id.mapped("name")
        raise UserError(
            self.env._(
                "%(product)s: goods enter %(place)s by receipts and leave it by their"
                " inspection only. %(todo)s",
                product=product.display_name,
                place=location.display_name,
                todo=self.env._("Finish %(names)s.", names=", ".join(names))
                if names
                else "",
            )
        )

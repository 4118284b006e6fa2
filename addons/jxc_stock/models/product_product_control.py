# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from collections import defaultdict

from odoo import models
from odoo.fields import Domain


class ProductProduct(models.Model):
    _inherit = "product.product"

    def _compute_quantities_dict(
        self, lot_id, owner_id, package_id, from_date=False, to_date=False
    ):
        """Goods to inspect and defective goods are on hand, but not free.

        Those to inspect are expected, as what is still to arrive. Defective ones will
        never serve anybody: were they forecast, nothing would be ordered in their
        place. What is reserved of them is leaving and was taken off with its move.
        """
        result = super()._compute_quantities_dict(
            lot_id, owner_id, package_id, from_date, to_date
        )
        held = self.env["stock.location"]._jxc_held_ids()
        if not held:
            return result
        domain = Domain(self._get_domain_locations()[0])
        domain &= Domain("product_id", "in", self.ids)
        domain &= Domain("location_id", "in", held)
        # What is past its removal date was taken off already.
        domain &= Domain("removal_date", "=", False) | Domain(
            "removal_date", ">", "today"
        )
        for field, value in (
            ("lot_id", lot_id),
            ("owner_id", owner_id),
            ("package_id", package_id),
        ):
            if value is not None:
                domain &= Domain(field, "=", value)
        groups = self.env["stock.quant"]._read_group(
            domain,
            ["product_id", "location_id"],
            ["quantity:sum", "reserved_quantity:sum"],
        )
        unfree, lost = defaultdict(float), defaultdict(float)
        for product, location, on_hand, taken in groups:
            unfree[product.id] += on_hand - taken
            if location.sudo().jxc_status == "defective":
                lost[product.id] += on_hand - taken
        for product in self:
            amounts = result[product.id]
            for name, less in (("free_qty", unfree), ("virtual_available", lost)):
                amount = less.get(product._origin.id)
                if amount and amounts.get(name) is not None:
                    amounts[name] = product.uom_id.round(amounts[name] - amount)
        return result

    def _jxc_default_limit(self, name):
        """An alert limit of the product: its own or that of the nearest category.

        :param name: field that product.template and product.category have both
        """
        self.ensure_one()
        value, category = self.product_tmpl_id[name], self.categ_id
        while not value and category:
            value, category = category[name], category.parent_id
        return value

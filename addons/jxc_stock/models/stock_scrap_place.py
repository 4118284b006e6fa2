# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import api, models
from odoo.exceptions import UserError


class StockScrap(models.Model):
    """Scrapped goods are lost: they go to nobody.

    The platform proposes such places in its form only. Goods that were scrapped to
    customers would reach them past orders, credit and deliveries.
    """

    _inherit = "stock.scrap"

    @api.constrains("scrap_location_id")
    def _check_jxc_place(self):
        """:raise UserError: naming a place that is no inventory loss"""
        for scrap in self:
            place = scrap.scrap_location_id
            if place.usage != "inventory":
                raise UserError(
                    self.env._(
                        "%(place)s is no place for scrap. Scrap goods to a location of"
                        " type inventory loss; what goes elsewhere is delivered or"
                        " moved by a transfer.",
                        place=place.display_name,
                    )
                )

    def do_scrap(self):
        # Once more: a place may have become another one since.
        self._check_jxc_place()
        return super().do_scrap()

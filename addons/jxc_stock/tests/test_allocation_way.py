# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from itertools import product as pairs

from odoo.fields import Command
from odoo.tests import tagged

from .common import UnitCase

DELIVERY = ("ship_only", "pick_ship", "pick_pack_ship")
RECEPTION = ("one_step", "two_steps", "three_steps")


@tagged("post_install", "-at_install")
class TestAllocationWay(UnitCase):
    """Transfers of allocations go the way that the platform's own resupply goes."""

    def _allocate(self, source, target):
        """What an allocation moves between two warehouses."""
        line = {
            "product_id": self.wine.id,
            "source_id": source.id,
            "target_id": target.id,
            "quantity": 12,
        }
        allocation = self.env["jxc.stock.allocation"].create(
            {"line_ids": [Command.create(line)]}
        )
        allocation.action_confirm()
        return allocation.line_ids

    def _resupply(self, source, target):
        """The moves of the platform's route from one warehouse to the other."""
        target.resupply_wh_ids = source
        beer = self._create_product("Beer")
        self.env["stock.quant"]._update_available_quantity(
            beer, source.lot_stock_id, 100
        )
        rules = self.env["stock.rule"]
        rules.run(
            [
                rules.Procurement(
                    beer,
                    12,
                    beer.uom_id,
                    target.lot_stock_id,
                    "Resupply",
                    "Resupply",
                    self.env.company,
                    {
                        "route_ids": target.resupply_route_ids,
                        "warehouse_id": target,
                    },
                )
            ]
        )
        return self.env["stock.move"].search([("product_id", "=", beer.id)])

    def _way(self, moves):
        """{operation type: (from, to, where it ends)}"""
        return {
            move.picking_type_id: (
                move.location_id,
                move.location_dest_id,
                move.location_final_id,
            )
            for move in moves
        }

    def test_as_the_platform_resupplies(self):
        """Nothing skips a step that a warehouse asks for, whatever it asks for."""
        for number, (delivery, reception) in enumerate(pairs(DELIVERY, RECEPTION)):
            source, target = self.env["stock.warehouse"].create(
                [
                    {
                        "name": f"From {number}",
                        "code": f"FR{number}",
                        "delivery_steps": delivery,
                    },
                    {
                        "name": f"To {number}",
                        "code": f"TO{number}",
                        "reception_steps": reception,
                    },
                ]
            )
            self.env["stock.quant"]._update_available_quantity(
                self.wine, source.lot_stock_id, 100
            )
            with self.subTest(delivery=delivery, reception=reception):
                line = self._allocate(source, target)
                resupply = self._resupply(source, target)
                self.assertEqual(self._way(line.move_ids), self._way(resupply))

    def test_the_transit_location_speaks_the_language_of_the_company(self):
        """A name that the platform gave it, in English; not one that somebody chose."""
        self.env["res.lang"]._activate_lang("zh_CN")
        company = self.env.company
        company.partner_id.lang = "zh_CN"
        transit = company.internal_transit_location_id
        target = self.env["stock.warehouse"].create({"name": "East", "code": "EAST"})
        self.env["stock.quant"]._update_available_quantity(
            self.wine, self.warehouse.lot_stock_id, 100
        )
        for name, expected in (
            ("Inter-warehouse transit", "调拨在途"),
            ("On the Road", "On the Road"),
        ):
            transit.write({"name": name, "active": False})
            self._allocate(self.warehouse, target)
            self.assertEqual((transit.name, transit.active), (expected, True))

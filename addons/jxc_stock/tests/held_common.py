# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo.fields import Command

from .control_common import ControlCase


class HeldCase(ControlCase):
    """Five bottles where goods are defective, ten on the shelf."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.bad = cls._place("Bad", "defective")
        cls._stock(cls.product, 5, cls.bad)

    def assertHeld(self, held=5, free=10):
        self.env.invalidate_all()
        quantity = {place: 0 for place in (self.bad, self.shelf)}
        for quant in self.env["stock.quant"].search(
            [("product_id", "=", self.product.id), ("location_id", "in", [*self.ids])]
        ):
            quantity[quant.location_id] += quant.quantity
        self.assertEqual((quantity[self.bad], quantity[self.shelf]), (held, free))

    @property
    def ids(self):
        return (self.bad | self.shelf).ids

    def _transfer(self, user, source=None, dest=None, quantity=3, **values):
        source, dest = source or self.bad, dest or self.shelf
        picking = (
            self.env["stock.picking"]
            .with_user(user)
            .create(
                {
                    "picking_type_id": self.warehouse.int_type_id.id,
                    "location_id": source.id,
                    "location_dest_id": dest.id,
                    "move_ids": [
                        Command.create(
                            {
                                "product_id": self.product.id,
                                "product_uom": self.product.uom_id.id,
                                "product_uom_qty": quantity,
                                "location_id": source.id,
                                "location_dest_id": dest.id,
                            }
                        )
                    ],
                    **values,
                }
            )
        )
        picking.action_confirm()
        picking.action_assign()
        return picking

    def _done(self, picking):
        picking.move_ids.picked = True
        picking.with_context(skip_backorder=True).button_validate()
        self.assertEqual(picking.state, "done")
        return picking

    def _records(self):
        return self.env["jxc.stock.freeze"].search(
            [("product_id", "=", self.product.id), ("kind", "=", "release")]
        )

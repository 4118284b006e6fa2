# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from collections import defaultdict

from .common import UnitCase

KEY = ("product_id", "location_id", "lot_id", "package_id", "owner_id")


class AuxCase(UnitCase):
    """Pigs: kept in kg, counted in head, 100 kg each on average, 10 % more or less."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.head = cls.env["uom.uom"].create({"name": "头"})
        cls.pig = cls._create_pig("Pig")
        cls.stall = cls.env["stock.location"].create(
            {"name": "Stall", "location_id": cls.shelf.id, "usage": "internal"}
        )

    @classmethod
    def _create_pig(cls, name, **values):
        return cls._create_product(
            name,
            uom_id=cls.kg.id,
            jxc_aux_uom_id=cls.head.id,
            jxc_aux_ratio=100,
            jxc_aux_tolerance=10,
            **values,
        )

    @classmethod
    def _bring(cls, quantity, aux=None, product=None, lot=None, reason=None, **values):
        """Receive pigs: one done move with one operation."""
        product = product or cls.pig
        move = cls._create_move(product, quantity, **values)
        move._action_confirm()
        move.quantity = quantity
        line = move.move_line_ids
        if lot:
            line.lot_id = lot
        if aux is not None:
            line.jxc_aux_qty = aux
        if reason:
            line.jxc_aux_reason = reason
        move.picked = True
        move._action_done()
        return move

    @classmethod
    def _stock(cls, product=None, location=None, **values):
        """(base, auxiliary) on hand at one place."""
        quants = cls.env["stock.quant"].search(
            [
                ("product_id", "=", (product or cls.pig).id),
                ("location_id", "=", (location or cls.shelf).id),
                *((name, "=", value.id) for name, value in values.items()),
            ]
        )
        return (
            round(sum(quants.mapped("quantity")), 2),
            round(sum(quants.mapped("jxc_aux_qty")), 2),
        )

    def _assert_balanced(self, products, note=""):
        """Done operations and stock say the same, in both quantities and everywhere."""
        self.env.flush_all()
        self.env.invalidate_all()
        moved = defaultdict(lambda: [0.0, 0.0])
        lines = self.env["stock.move.line"].search(
            [("product_id", "in", products.ids), ("state", "=", "done")]
        )
        for line in lines:
            base, aux = line.quantity_product_uom, line.jxc_aux_qty
            product, lot, owner = line.product_id, line.lot_id, line.owner_id
            for sign, location, package in (
                (-1, line.location_id, line.package_id),
                (1, line.location_dest_id, line.result_package_id),
            ):
                total = moved[product, location, lot, package, owner]
                total[0] += sign * base
                total[1] += sign * aux
        stock = defaultdict(lambda: [0.0, 0.0])
        quants = self.env["stock.quant"].search([("product_id", "in", products.ids)])
        for quant in quants:
            total = stock[tuple(quant[name] for name in KEY)]
            total[0] += quant.quantity
            total[1] += quant.jxc_aux_qty
        for key in set(moved) | set(stock):
            for number, kind in enumerate(("base", "auxiliary")):
                self.assertAlmostEqual(
                    moved[key][number],
                    stock[key][number],
                    2,
                    f"{kind} quantity of {[r.display_name for r in key]} {note}",
                )

# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from collections import Counter
from random import Random

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import tagged

from .aux_common import AuxCase

EXAMPLES = 20
EVENTS = [
    "receive",
    "receive",
    "partly",
    "deliver",
    "deliver",
    "relocate",
    "give_back",
    "count",
    "count_head",
    "scrap",
    "cancel",
    "edit_quantity",
    "edit_head",
    "edit_place",
    "edit_lot",
    "edit_owner",
    "edit_package",
    "tidy",
]


class Undo(Exception):
    """Ends an example and takes back what it did."""


@tagged("post_install", "-at_install")
class TestAuxRandom(AuxCase):
    """Whatever happens to stock: done operations and quants say the same, in both
    quantities, for every product, location, lot, package and owner."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.fish = cls._create_pig("Fish", tracking="lot")
        cls.lots = cls.env["stock.lot"].create(
            [{"name": name, "product_id": cls.fish.id} for name in ("A", "B")]
        )
        cls.happened = Counter()
        cls.farmer = cls.env["res.partner"].create({"name": "Farmer"})
        cls.places = cls.shelf | cls.stall
        cls.cage = cls.env["stock.package"].create({"name": "Cage"})

    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        derandomize=True,
        phases=(Phase.explicit, Phase.generate),  # Shrinking would take minutes.
        suppress_health_check=list(HealthCheck),
    )
    @given(
        st.lists(
            st.sampled_from(EVENTS),
            min_size=8,
            max_size=24,
        ),
        st.integers(0, 10**6),
    )
    def _run_example(self, events, seed):
        self.random = Random(seed)
        try:
            with self.cr.savepoint():
                self._bring(1000, 10)
                for event in events:
                    try:
                        with self.cr.savepoint():
                            getattr(self, f"_do_{event}")()
                            self.env.flush_all()
                        self.happened[event] += 1
                    except UserError:
                        # Refused whole, whatever the reason: nothing may be left of it.
                        self.env.invalidate_all()
                    self._assert_balanced(self.pig | self.fish, f"after {event}")
                raise Undo
        except Undo:
            self.env.invalidate_all()

    def test_random(self):
        self._run_example()
        for event in set(EVENTS):
            self.assertGreater(self.happened[event], 0, event)

    # -- what may happen ------------------------------------------------------------

    def _any_goods(self):
        """A product with a lot, if it needs one."""
        product = self.random.choice(self.pig | self.fish)
        lot = self.random.choice(self.lots) if product == self.fish else None
        return product, lot

    def _any_amount(self):
        head = self.random.randint(1, 12)
        return round(head * self.random.uniform(60, 140), 2), head

    def _any_quant(self):
        quants = self.env["stock.quant"].search(
            [
                ("product_id", "in", (self.pig | self.fish).ids),
                ("location_id", "in", self.places.ids),
                ("quantity", ">", 0),
            ]
        )
        return quants and self.random.choice(quants)

    def _any_done_line(self, *domain):
        lines = self.env["stock.move.line"].search(
            [
                *domain,
                ("product_id", "in", (self.pig | self.fish).ids),
                ("state", "=", "done"),
                ("is_inventory", "=", False),
                ("scrap_id", "=", False),
            ]
        )
        return lines and self.random.choice(lines)

    def _do_receive(self):
        product, lot = self._any_goods()
        base, aux = self._any_amount()
        self._bring(
            base,
            aux,
            product=product,
            lot=lot,
            reason="Weighed",
            location_dest_id=self.random.choice(self.places).id,
        )

    def _do_partly(self):
        """A transfer of which a part comes; the rest waits or is cancelled."""
        product, lot = self._any_goods()
        picking = self.env["stock.picking"].create(
            {
                "picking_type_id": self.warehouse.in_type_id.id,
                "location_id": self.supplier.id,
                "location_dest_id": self.shelf.id,
                "move_ids": [
                    Command.create(
                        {
                            "product_id": product.id,
                            "product_uom_qty": 1000,
                            "location_id": self.supplier.id,
                            "location_dest_id": self.shelf.id,
                        }
                    )
                ],
            }
        )
        picking.action_confirm()
        picking.move_ids.quantity = self.random.choice((300, 777.7, 1000, 1200))
        line = picking.move_line_ids[:1]
        line.write({"lot_id": lot and lot.id, "jxc_aux_reason": "Weighed"})
        line.jxc_aux_qty = self.random.randint(1, 12)
        picking.move_ids.picked = True
        picking.with_context(skip_backorder=True).button_validate()
        if picking.backorder_ids and self.random.random() < 0.5:
            picking.backorder_ids.action_cancel()

    def _do_deliver(self):
        quant = self._any_quant()
        if not quant:
            return
        whole = self.random.random() < 0.3
        base = quant.quantity * (1 if whole else self.random.uniform(0.1, 0.9))
        move = self._create_move(
            quant.product_id,
            round(base, 2),
            location_id=quant.location_id.id,
            location_dest_id=self.random.choice(self.customers | self.places).id,
        )
        move._action_confirm()
        move._action_assign()
        if not move.move_line_ids:
            return
        move.move_line_ids.jxc_aux_reason = "Weighed"
        if not whole:
            move.move_line_ids[0].jxc_aux_qty = self.random.randint(0, 6)
        move.picked = True
        move._action_done()

    def _do_relocate(self):
        quant = self._any_quant()
        if quant:
            quant.move_quants(
                location_dest_id=self.random.choice(self.places - quant.location_id),
                unpack=bool(quant.package_id),
            )

    def _do_give_back(self):
        line = self._any_done_line()
        if not line or not line.quantity:
            return
        back = line.move_id.copy(
            {
                "product_uom_qty": round(line.quantity / 2, 2),
                "location_id": line.location_dest_id.id,
                "location_dest_id": line.location_id.id,
                "origin_returned_move_id": line.move_id.id,
            }
        )
        back._action_confirm()
        back._action_assign()
        if not back.move_line_ids:
            return
        back.move_line_ids.jxc_aux_reason = "Weighed"
        if line.lot_id:
            back.move_line_ids.filtered(lambda ml: not ml.lot_id).lot_id = line.lot_id
        back.picked = True
        back._action_done()

    def _do_count(self):
        quant = self._any_quant()
        if quant:
            quant = quant.with_context(inventory_mode=True)
            base, aux = self._any_amount()
            quant.inventory_quantity = self.random.choice((0, base, quant.quantity))
            if self.random.random() < 0.5:
                quant.jxc_aux_inventory_qty = aux
            quant.action_apply_inventory()

    def _do_count_head(self):
        quant = self._any_quant()
        if quant:
            quant = quant.with_context(inventory_mode=True)
            quant.jxc_aux_inventory_qty = self.random.randint(0, 12)
            quant.action_apply_inventory()

    def _do_scrap(self):
        quant = self._any_quant()
        if quant:
            scrap = self.env["stock.scrap"].create(
                {
                    "product_id": quant.product_id.id,
                    "location_id": quant.location_id.id,
                    "lot_id": quant.lot_id.id,
                    "package_id": quant.package_id.id,
                    "owner_id": quant.owner_id.id,
                    "scrap_qty": round(quant.quantity / 3, 2) or quant.quantity,
                }
            )
            scrap.do_scrap()

    def _do_cancel(self):
        product, _lot = self._any_goods()
        move = self._create_move(
            product, 50, location_id=self.shelf.id, location_dest_id=self.stall.id
        )
        move._action_confirm()
        move._action_assign()
        move._action_cancel()

    def _edit(self, **values):
        line = self._any_done_line()
        if line:
            line.write({"jxc_aux_reason": "Corrected", **values})

    def _do_edit_quantity(self):
        self._edit(quantity=self.random.choice((0, 55.5, 800, 1999)), jxc_aux_qty=0)
        self._edit(quantity=self.random.choice((55.5, 800, 1999)))

    def _do_edit_head(self):
        line = self._any_done_line()
        if line and line.quantity:
            line.write({"jxc_aux_reason": "Recounted"})
            line.jxc_aux_qty = self.random.randint(0, 15)

    def _do_edit_place(self):
        line = self._any_done_line(("location_dest_id", "in", self.places.ids))
        if line:
            line.location_dest_id = self.places - line.location_dest_id

    def _do_edit_lot(self):
        line = self._any_done_line(("lot_id", "!=", False))
        if line:
            line.lot_id = self.lots - line.lot_id

    def _do_edit_owner(self):
        line = self._any_done_line()
        if line:
            line.owner_id = self.random.choice((self.farmer, self.farmer.browse()))

    def _do_edit_package(self):
        line = self._any_done_line(("location_dest_id", "=", self.shelf.id))
        cage = self.cage
        if line:
            there = cage.quant_ids.filtered("quantity").location_id
            if not there or there == self.shelf:
                line.result_package_id = cage

    def _do_tidy(self):
        self.env["stock.quant"]._quant_tasks()

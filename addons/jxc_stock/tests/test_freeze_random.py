# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
import random

from odoo.exceptions import UserError
from odoo.tests import tagged

from .control_common import ControlCase

STEPS = 40


@tagged("post_install", "-at_install")
class TestFreezeRandom(ControlCase):
    """Whatever people do in whatever order: the figures fit together."""

    def test_any_order(self):
        for seed in range(2):
            with self.subTest(seed=seed):
                self._run(random.Random(seed))

    def _run(self, rng):
        self.product = self._create_product("Oil")
        self.product.jxc_negative_stock = rng.choice(("allow", "block"))
        self.places = [self.shelf, self._place("Second")]
        self.moves = self.env["stock.move"]
        steps = (
            self._step_receive,
            self._step_deliver,
            self._step_hand_over,
            self._step_freeze,
            self._step_freeze,
            self._step_unfreeze,
            self._step_count,
            self._step_relocate,
            self._step_upkeep,
        )
        refused = 0
        for _number in range(STEPS):
            step = rng.choice(steps)
            try:
                with self.env.cr.savepoint():
                    step(rng)
                    self.env.flush_all()
            except (IndexError, UserError):
                # an IndexError says that there was nothing to choose from
                refused += 1
            self.env.invalidate_all()
            self._check_figures()
        self.assertLess(refused, STEPS - 10, "most of it must have worked")

    # ------------------------------------------------------------
    # Steps
    # ------------------------------------------------------------

    def _some_quant(self, rng):
        quants = self.env["stock.quant"].search(
            [
                ("product_id", "=", self.product.id),
                ("location_id.usage", "=", "internal"),
            ]
        )
        return rng.choice(quants)

    def _step_receive(self, rng):
        move = self._create_move(
            self.product,
            rng.randint(1, 20),
            location_dest_id=rng.choice(self.places).id,
        )
        move._action_confirm(merge=False)
        self._validate(move, move.product_uom_qty)

    def _step_deliver(self, rng):
        self.moves |= self._delivery(self.product, rng.randint(1, 8))

    def _step_hand_over(self, rng):
        open_moves = self.moves.filtered(lambda m: m.state not in ("done", "cancel"))
        if open_moves:
            move = rng.choice(open_moves)
            self._validate(move, rng.randint(1, 10))

    def _step_freeze(self, rng):
        quantity = rng.choice((None, rng.randint(1, 6)))
        self._some_quant(rng).action_jxc_freeze(quantity, "Random")

    def _step_unfreeze(self, rng):
        quantity = rng.choice((None, rng.randint(1, 6)))
        self._some_quant(rng).action_jxc_unfreeze(quantity, "Random")

    def _step_count(self, rng):
        quant = self._some_quant(rng).with_context(inventory_mode=True)
        quant.inventory_quantity = rng.randint(0, 20)
        quant.action_apply_inventory()

    def _step_relocate(self, rng):
        self._some_quant(rng).move_quants(rng.choice(self.places))

    def _step_upkeep(self, rng):
        self.env["stock.quant"]._quant_tasks()

    # ------------------------------------------------------------
    # Invariants
    # ------------------------------------------------------------

    def _check_figures(self):
        for place in self.places:
            quants = self._quant(self.product, place)
            on_hand = sum(quants.mapped("quantity"))
            reserved = sum(quants.mapped("reserved_quantity"))
            frozen = sum(quants.mapped("jxc_frozen_quantity"))
            lines = self.env["stock.move.line"].search(
                [
                    ("product_id", "=", self.product.id),
                    ("location_id", "=", place.id),
                    ("state", "not in", ("done", "cancel", "draft")),
                ]
            )
            records = self.env["jxc.stock.freeze"].search(
                [("product_id", "=", self.product.id), ("location_id", "=", place.id)]
            )
            logged = sum(
                record.quantity * (1 if record.kind == "freeze" else -1)
                for record in records
            )
            self.assertEqual(frozen, logged, "every change is kept")
            self.assertEqual(reserved, frozen + sum(lines.mapped("quantity")))
            if frozen:
                self.assertGreaterEqual(on_hand, frozen, "frozen goods are there")
            if self.product.jxc_negative_stock == "block":
                self.assertGreaterEqual(on_hand, 0)

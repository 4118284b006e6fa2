# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from datetime import timedelta

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from odoo.tests import tagged

from .count_common import CountCase

QUANTITY = st.integers(1, 30)
MOVE = st.tuples(st.sampled_from(["in", "out", "to bin", "to shelf"]), QUANTITY)
MOVES = st.lists(MOVE, max_size=3)
# What happens to one place: moves before it is counted, in how many parts it is
# counted, moves between the parts, how many minutes later it is sent, and moves in
# that time.
COUNTING = st.tuples(MOVES, st.integers(1, 3), MOVES, st.integers(0, 3), MOVES)


@tagged("post_install", "-at_install")
class TestCountTruth(CountCase):
    """Whatever moves and whenever: a truthful count makes the books true."""

    @settings(
        max_examples=12,
        deadline=None,
        derandomize=True,
        suppress_health_check=list(HealthCheck),
    )
    @given(
        off=st.tuples(st.integers(-50, 50), st.integers(-50, 50)),
        before=MOVES,
        countings=st.tuples(COUNTING, COUNTING),
        between=MOVES,
        afterwards=MOVES,
    )
    def test_stock_is_what_was_seen(self, off, before, countings, between, afterwards):
        self.goods = self._create_product("Goods", {"箱": 12}, standard_price=3.0)
        for place in (self.shelf, self.bin):
            with self.after(minutes=1):
                self._transfer(self.goods, 500, self.supplier, place)
        # How much more is there than the books say.
        self.off = dict(zip((self.shelf, self.bin), off, strict=True))
        self._move(before)
        count = self._start_count(
            product_ids=self.goods.ids, location_ids=self.shelf.ids
        )
        for place, counting in zip(self.off, countings, strict=True):
            self._count_place(count, place, *counting)
        self._submit(count)
        if count.state == "in_progress":
            for line in count.line_ids.filtered("needs_recount"):
                self._enter_parts(count, line.location_id, 1)
            self._submit(count)
        self.assertEqual(count.state, "submitted")
        self._move(between)
        with self.after(minutes=1):
            count.action_apply()
        self._move(afterwards, seen=False)
        for place, more in self.off.items():
            self.assertEqual(self._book(place), self.truth[place], (place.name, more))

    def _book(self, place):
        self.env.invalidate_all()
        return self._on_hand(self.goods, place)

    def _truly_there(self, place):
        return self._book(place) + self.off[place]

    def _move(self, moves, seen=True):
        """Move goods; what is truly there follows, whatever the books say."""
        if not seen:
            for kind, quantity in moves:
                self._change_truth(kind, quantity)
        for kind, quantity in moves:
            source, target = {
                "in": (self.supplier, self.shelf),
                "out": (self.shelf, self.customers),
                "to bin": (self.shelf, self.bin),
                "to shelf": (self.bin, self.shelf),
            }[kind]
            with self.after(minutes=1):
                self._transfer(self.goods, quantity, source, target)
        if seen:
            self.truth = {place: self._truly_there(place) for place in self.off}

    def _change_truth(self, kind, quantity):
        shelf = {"in": 1, "out": -1, "to bin": -1, "to shelf": 1}[kind]
        bin_ = {"to bin": 1, "to shelf": -1}.get(kind, 0)
        self.truth[self.shelf] += shelf * quantity
        self.truth[self.bin] += bin_ * quantity

    def _count_place(self, count, place, moves, parts, disturbing, late, meanwhile):
        self._move(moves)
        self._enter_parts(count, place, parts, disturbing, late, meanwhile)

    def _enter_parts(self, count, place, parts, disturbing=(), late=0, meanwhile=()):
        """Count a place in parts; send the last part later than it was counted."""
        total = self._truly_there(place)
        share = total // parts
        for part in range(parts - 1):
            self._enter(
                count,
                self.goods,
                share,
                (self.uma, self.ute)[part],
                location_id=place.id,
            )
            self._move(disturbing if not part else ())
        with self.after(minutes=1):
            moment = self.clock
        # What moved between the parts moved in what was counted already: the last one
        # does not tell, and the sum means nothing.
        rest = total - share * (parts - 1)
        values = {}
        if late:
            type(self).clock += timedelta(minutes=late)
            self._move(meanwhile)
            values["counted_at"] = moment
        self._enter(
            count, self.goods, max(rest, 0), minutes=0, location_id=place.id, **values
        )
        self._move(())

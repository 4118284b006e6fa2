# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from datetime import date, timedelta

from dateutil.relativedelta import relativedelta
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from odoo.fields import Command
from odoo.tests import tagged

from .booking_common import METHODS, BookingCommon

START = date(2026, 1, 3)
KINDS = (
    "receive",
    "bill",
    "return",
    "refund",
    "deliver",
    "invoice",
    "customer_return",
    "customer_refund",
    "count",
)
EVENTS = st.lists(
    st.tuples(
        st.sampled_from(KINDS),
        st.integers(1, 9),  # quantity
        st.integers(0, 4),  # added to the price
        st.integers(0, 12),  # days until it happens
        st.integers(0, 1),  # which of the order lines
    ),
    min_size=6,
    max_size=14,
)
SETTINGS = {
    "deadline": None,
    "derandomize": True,
    # Playing an example anew to make it smaller takes longer than reading it.
    "phases": (Phase.explicit, Phase.generate),
    "suppress_health_check": list(HealthCheck),
}


@tagged("post_install", "-at_install")
class TestStockBookingRandom(BookingCommon):
    """Whatever happens in which order: books agree with documents each month-end."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._count_account(cls)

    @settings(max_examples=12, **SETTINGS)
    @given(events=EVENTS, method=st.sampled_from(METHODS), late=st.booleans())
    def test_random_histories(self, events, method, late):
        self._try(events, method, late, self._goods_of)

    @settings(max_examples=12, **SETTINGS)
    @given(
        events=EVENTS,
        method=st.sampled_from(METHODS),
        late=st.booleans(),
        cost_method=st.sampled_from(("average", "fifo")),
    )
    def test_random_histories_by_lot(self, events, method, late, cost_method):
        self._try(events, method, late, lambda: self._lots_of(cost_method))

    def _try(self, events, method, late, make_goods):
        with self.env.cr.savepoint() as savepoint:
            self._play(events, method, late, make_goods())
            savepoint.rollback()
        self.env.invalidate_all()
        self.env.cr.cache.clear()

    def _goods_of(self):
        # Counted goods are worth something, so that every movement has an amount.
        return self._goods("Random", standard_price=9)

    def _lots_of(self, cost_method):
        category = self.env["product.category"].create(
            {"name": cost_method, "property_cost_method": cost_method}
        )
        goods = self._goods(
            "Lots",
            categ_id=category.id,
            standard_price=9,
            tracking="lot",
            lot_valuated=True,
        )
        self.lots = self.env["stock.lot"].create(
            [{"name": name, "product_id": goods.id} for name in ("A", "B")]
        )
        return goods

    def _done(self, picking, quantity):
        """Of goods with lots, some of each: what there is where they are taken from."""
        moves = picking.move_ids
        if moves.product_id.tracking == "lot":
            moves.move_line_ids.unlink()
            moves.move_line_ids = [
                Command.create(
                    {
                        "product_id": moves.product_id.id,
                        "lot_id": lot.id,
                        "quantity": share,
                        "location_id": moves.location_id.id,
                        "location_dest_id": moves.location_dest_id.id,
                        "picking_id": picking.id,
                    }
                )
                for lot, share in self._lots_to_move(moves, quantity).items()
            ]
        super()._done(picking, quantity)

    def _lots_to_move(self, moves, quantity):
        one, other = self.lots
        if moves.location_id.usage == "supplier":
            shares = {one: (quantity + 1) // 2, other: quantity // 2}
        else:
            quants = self.env["stock.quant"].search(
                [("location_id", "=", moves.location_id.id), ("lot_id", "=", other.id)]
            )
            there = max(sum(quants.mapped("quantity")), 0)
            shares = {other: min(there, quantity)}
            shares[one] = quantity - shares[other]
        return {lot: share for lot, share in shares.items() if share}

    def _play(self, events, method, late, goods):
        self.company.jxc_accrual_method = method
        self.buys = [self._buy(START, 100, price, goods) for price in (10, 13)]
        self.sells = [self._sell(START, 100, product=goods) for _n in range(2)]
        # what documents say: per purchase line and per sales line
        self.papers = {
            line: {"moved": 0, "back": 0, "billed": 0, "bills": [], "refunds": []}
            for line in (*self.buys, *self.sells)
        }
        self.on_hand, taken, day = 0, [], START
        for kind, quantity, more, days, which in events:
            day += timedelta(days=days)
            while not late and self._next_end(taken) < day:
                taken.append(self._month_end(self._next_end(taken), day, method))
            getattr(self, f"_do_{kind}")(str(day), quantity, more, which, goods)
        now = date(2026, 12, 1)
        while self._next_end(taken) < day + timedelta(days=31):
            taken.append(self._month_end(self._next_end(taken), now, method))
        for snapshot in taken:
            self._assert_tied(snapshot)
        self._assert_documents(taken[-1], goods)

    def _next_end(self, taken):
        if not taken:
            return date(2026, 1, 31)
        return taken[-1].date + timedelta(days=1) + relativedelta(day=31)

    def _month_end(self, end, now, method):
        snapshot = self._take(end, now)
        self._assert_tied(snapshot)
        return snapshot

    # Events; what is impossible does not happen -------------------------------------

    def _do_receive(self, day, quantity, more, which, goods):
        line = self.buys[which]
        self._move(day, line, quantity)
        self.papers[line]["moved"] += quantity
        self.on_hand += quantity

    def _do_return(self, day, quantity, more, which, goods):
        line = self.buys[which]
        paper = self.papers[line]
        first = self._first(line)
        quantity = min(quantity, first.quantity - paper["back"], self.on_hand)
        if first and quantity > 0:
            self._back(day, line, quantity)
            paper["back"] += quantity
            self.on_hand -= quantity

    def _do_bill(self, day, quantity, more, which, goods):
        line = self.buys[which]
        price = line.price_unit + more
        self._invoice(day, line, quantity, price)
        self.papers[line]["billed"] += quantity
        self.papers[line]["bills"].append((quantity, price))

    def _do_refund(self, day, quantity, more, which, goods):
        line = self.buys[which]
        paper = self.papers[line]
        quantity = min(quantity, paper["billed"])
        if quantity:
            self._invoice(day, line, quantity, line.price_unit, refund=True)
            paper["billed"] -= quantity
            paper["refunds"].append((quantity, line.price_unit))

    def _do_deliver(self, day, quantity, more, which, goods):
        line = self.sells[which]
        quantity = min(quantity, self.on_hand)
        if quantity:
            self._move(day, line, quantity)
            self.papers[line]["moved"] += quantity
            self.on_hand -= quantity

    def _do_customer_return(self, day, quantity, more, which, goods):
        line = self.sells[which]
        paper = self.papers[line]
        first = self._first(line)
        quantity = min(quantity, first.quantity - paper["back"])
        if first and quantity > 0:
            self._back(day, line, quantity)
            paper["back"] += quantity
            self.on_hand += quantity

    def _do_invoice(self, day, quantity, more, which, goods):
        line = self.sells[which]
        self._invoice(day, line, quantity, 100)
        self.papers[line]["billed"] += quantity

    def _do_customer_refund(self, day, quantity, more, which, goods):
        line = self.sells[which]
        quantity = min(quantity, self.papers[line]["billed"])
        if quantity:
            self._invoice(day, line, quantity, 100, refund=True)
            self.papers[line]["billed"] -= quantity

    def _do_count(self, day, quantity, more, which, goods):
        if goods.tracking == "lot":
            self._count(day, (quantity + 1) // 2, goods, self.lots[0])
            self._count(day, quantity // 2, goods, self.lots[1])
        else:
            self._count(day, quantity, goods)
        self.on_hand = quantity

    def _first(self, line):
        return line.move_ids.filtered(
            lambda move: move.state == "done" and not move.origin_returned_move_id
        )[:1]

    # What the documents say ---------------------------------------------------------

    def _assert_documents(self, snapshot, goods):
        accrued = transit = 0.0
        for line in self.buys:
            paper = self.papers[line]
            open_qty = paper["moved"] - paper["back"] - paper["billed"]
            if open_qty > 0:
                accrued += open_qty * line.price_unit
            elif open_qty < 0:
                price = self._price_of_bills(paper) or line.price_unit
                back = min(paper["back"], -open_qty)
                accrued -= back * price
                transit += (-open_qty - back) * price
        self.assertAlmostEqual(snapshot.accrual_balance, accrued, delta=0.05)
        self.assertAlmostEqual(snapshot.transit_balance, transit, delta=0.05)
        for line in self.sells:
            paper = self.papers[line]
            rest = paper["moved"] - paper["back"]
            rest -= min(paper["billed"], paper["moved"])
            rows = line.jxc_shipped_ids
            self.assertAlmostEqual(sum(rows.mapped("quantity")), rest, delta=1e-6)
            if not rest:
                self.assertAlmostEqual(sum(rows.mapped("amount")), 0.0, delta=1e-6)
        self.assertEqual(sum(snapshot.line_ids.mapped("quantity")), self.on_hand)
        self.env.invalidate_all()  # the platform keeps what lots were worth
        self.assertAlmostEqual(
            snapshot.stock_value,
            goods.with_company(self.company).total_value,
            delta=0.02,
        )
        # Everything that came in is in stock, shipped, cost or a count difference.
        came = sum(self._balance(account) for account in self._all_goods_accounts())
        payable = self._balance(self.company_data["default_account_payable"])
        accrued_balance = self._balance(self.accrual)
        self.assertAlmostEqual(came + payable + accrued_balance, 0.0, delta=0.01)

    def _price_of_bills(self, paper):
        """Bills less the refunds that are not of goods that went back.

        A refund of all of a bill takes that bill away instead.
        """
        bills, refunds = list(paper["bills"]), []
        for refund in paper["refunds"]:
            if refund in bills:
                bills.remove(refund)
            else:
                refunds.append(refund)
        correct = max(sum(q for q, _p in refunds) - paper["back"], 0)
        quantity = sum(q for q, _p in bills) - correct
        ordered = refunds[0][1] if refunds else 0.0
        value = sum(q * p for q, p in bills) - correct * ordered
        return value / quantity if quantity > 0 else 0.0

    def _all_goods_accounts(self):
        return (
            self.stock
            | self.shipped
            | self.cost
            | self.transit
            | self._account("190100")
        )

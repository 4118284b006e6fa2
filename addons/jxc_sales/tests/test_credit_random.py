# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from collections import Counter
from random import Random

from hypothesis import HealthCheck, Phase, example, given, settings
from hypothesis import strategies as st

from odoo.tests import tagged

from ..models.jxc_credit_account import PARTS
from .credit_events import CreditEvents
from .unordered_common import UnorderedCommon
from .unordered_events import UnorderedEvents

EXAMPLES = 8
#: What the promotion takes off, from which value of goods on.
THRESHOLD, MONEY_OFF = 150, 20
EVENTS = [
    "order",
    "order",
    "foreign_order",
    "more",
    "less",
    "dearer",
    "deliver",
    "deliver",
    "close",
    "invoice",
    "invoice",
    "post",
    "post",
    "take_back",
    "pay",
    "pay_part",
    "receipt",
    "apply",
    "apply",
    "deposit",
    "cancel",
    "give_up",
    "correct",
    "free_invoice",
    "sales_receipt",
    "reset",
    "credit_note",
    "cancel_payment",
    "draft_payment",
    "post_payment",
    "unreconcile",
    "return_document",
    "promoted_order",
    "return_promoted",
    "return_promoted",
    "settle_return",
    "undo_return",
    "leave",
    "leave",
    "come_back",
    "correct_left",
    "bill_goods",
    "bill_goods",
    "credit_goods",
    "receipt_goods",
    "post_goods",
    "drop_bill",
    "excuse",
]


class Undo(Exception):
    """Ends an example and takes back what it did."""


@tagged("post_install", "-at_install")
class TestCreditRandom(CreditEvents, UnorderedEvents, UnorderedCommon):
    """Whatever happens between a company and its customer: the exposure is what an
    independent count of goods, invoices and payments says."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.account.unlimited = True
        cls._add_stock(cls.product, 100000)
        cls.foreign = cls.env["product.pricelist"].create(
            {
                "name": "EUR",
                "currency_id": cls.setup_other_currency(
                    "EUR", rates=[("2020-01-01", 4.0)]
                ).id,
            }
        )
        cls.contact = cls.env["res.partner"].create(
            {"name": "Book-keeper", "parent_id": cls.customer.id}
        )
        cls.reason = cls.env.ref("jxc_sales.jxc_sale_return_reason_quality")
        cls.env["loyalty.program"].search([]).active = False
        cls.env["jxc.promotion"].create(
            {
                "name": "Spring",
                "kind": "money_off",
                "amount_from": THRESHOLD,
                "amount_off": MONEY_OFF,
            }
        ).action_create()
        cls.promotion = cls.env["loyalty.program"].search([])
        cls.happened = Counter()

    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        derandomize=True,
        database=None,
        phases=(Phase.explicit, Phase.generate),
        suppress_health_check=list(HealthCheck),
    )
    @given(
        events=st.lists(
            st.tuples(st.sampled_from(EVENTS), st.integers(0, 2**32)),
            min_size=10,
            max_size=25,
        )
    )
    # One history in which each kind has its turn.
    @example(events=[(name, 1) for name in dict.fromkeys(EVENTS)])
    @example(
        events=[("reset", 1), ("post", 1), ("leave", 1), ("correct_left", 1)],
    )
    @example(events=[("bill_goods", n) for n in range(6)] + [("post_goods", 1)])
    def _play(self, events):
        with self.assertRaises(Undo), self.cr.savepoint():
            self.orders = self.env["sale.order"]
            self.returns = self.env["jxc.sale.return"]
            self.bills, self.worth = self.env["account.move"], {}
            # Something to pay from the start: other events depend on invoices.
            for name in ("order", "deliver", "invoice", "post", "receipt"):
                getattr(self, f"_event_{name}")(Random(0))
            for name, seed in events:
                if getattr(self, f"_event_{name}")(Random(seed)) is not False:
                    self.happened[name] += 1
                self._check(name, seed)
            raise Undo
        self.env.invalidate_all()

    def test_exposure_is_what_documents_say(self):
        self._play()
        missing = set(EVENTS) - set(self.happened)
        self.assertFalse(missing, "every kind of event must have happened")

    # -- the count ----------------------------------------------------------------

    def _items(self):
        return self.env["account.move.line"].search(
            [
                ("partner_id.commercial_partner_id", "=", self.customer.id),
                ("account_type", "=", "asset_receivable"),
                ("parent_state", "=", "posted"),
            ]
        )

    def _owed_of(self, order):
        """What the goods of an order cost, less what is posted of it."""
        line = self._goods(order)
        out = waiting = 0.0
        for move in order.order_line.move_ids:
            sign = 1 if move.location_dest_id.usage == "customer" else -1
            if move.state == "done":
                out += sign * move.quantity
            elif move.state != "cancel" and sign > 0:
                waiting += move.product_uom_qty
        expected = out + waiting if order.state == "sale" else out
        lines = order.order_line
        posted = sum(
            item.price_total * -item.move_id.direction_sign
            for item in lines.invoice_lines | lines.jxc_taken_back_ids
            if item.parent_state == "posted"
        )
        worth = expected * line.price_total / line.product_uom_qty
        if order.order_line.reward_id and worth >= THRESHOLD:
            worth -= MONEY_OFF
        return (worth - posted) / order.currency_rate

    def _check(self, name, seed):
        self.env.flush_all()
        self.env.invalidate_all()
        # Not what is open by Odoo's figures, but all that was ever booked.
        expected = sum(self._items().mapped("balance"))
        expected += sum(self._owed_of(order) for order in self.orders)
        left, drafted = self._owed_without_order()
        expected += left + drafted
        self.assertAlmostEqual(
            self.account.exposure, expected, delta=0.06, msg=f"after {name} ({seed})"
        )
        parts = self._parts()
        total = sum(
            -amount if part in ("unapplied", "returned") else amount
            for part, amount in parts.items()
        )
        self.assertAlmostEqual(self.account.exposure, total, 2)
        goods = self._goods_behind()
        self.assertAlmostEqual(sum(goods.mapped("amount_delivered")), left, 2, name)
        self.assertAlmostEqual(sum(goods.mapped("amount_draft")), drafted, 2, name)
        behind = {"delivered": left, "draft": drafted}
        for part in PARTS:
            self.assertAlmostEqual(
                self._sum_behind(part) + behind.get(part, 0.0),
                parts.get(part, 0.0),
                2,
                f"{part} after {name}",
            )

    def _goods_behind(self):
        action = self.account.action_view_unordered()
        return self.env[action["res_model"]].search(action["domain"])

    def _sum_behind(self, part):
        """What the list behind a part adds up to."""
        action = self.account.with_context(part=part).action_view_part()
        records = self.env[action["res_model"]].search(action["domain"])
        if action["res_model"] == "sale.order":
            return sum(records.mapped(f"jxc_credit_{part}"))
        self.assertNotIn(0, records.mapped("jxc_credit_open"))
        return abs(sum(records.mapped("jxc_credit_open")))

# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from collections import Counter
from datetime import date
from fractions import Fraction

from freezegun import freeze_time

from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import tagged

from .common import PurchaseBudgetCommon

SEEDS = (3, 4)
EVENTS = 60
#: Each event, and how often it is drawn.
WEIGHTS = {
    "ask": 2,
    "order": 3,
    "tender": 2,
    "award": 6,
    "confirm": 3,
    "receive": 4,
    "send_back": 3,
    "bill": 3,
    "refund": 2,
    "undo_bill": 1,
    "change": 2,
    "cancel": 1,
    "give_up": 1,
    "carry": 2,
    "shift": 1,
    "override": 1,
}


@tagged("post_install", "-at_install")
@freeze_time("2026-06-15 04:00:00")
class TestCycleRandom(PurchaseBudgetCommon):
    """From request to vendor return, in any order: what was bought counts once.

    Goods come and go back, tenders are awarded, periods are carried forward; after each
    step the ledger, the requests and the orders are counted here once more.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["tier.definition"].search(
            [("model", "in", ("jxc.purchase.budget.transfer", "jxc.purchase.request"))]
        ).active = False
        cls.company.jxc_duplicate_control = "off"
        spring = {"date_to": date(2026, 6, 30)}
        autumn = {"date_from": date(2026, 7, 1)}
        cls.budget = cls._create_budget(
            {"category_id": cls.food.id, "amount_planned": 2500.0, **spring},
            {"category_id": cls.food.id, "amount_planned": 500.0, **autumn},
            {"amount_planned": 900.0, "control": "warn", **spring},
            {"amount_planned": 100.0, **autumn},
        )
        cls.goods = cls.bread | cls.juice | cls.paper
        cls.goods.write({"purchase_method": "receive", "is_storable": True})
        cls.third_vendor = cls.vendor.create({"name": "Vendor C"})

    def test_the_cycle(self):
        self._second_manager()
        happened = self._play_seeds(SEEDS, self._play)
        for event in ("order", "award", "receive", "send_back", "bill", "carry"):
            self.assertGreater(happened[event], 0, event)

    def _play(self):
        happened = Counter()
        history = []
        for _number in range(EVENTS):
            [event] = self.random.choices(list(WEIGHTS), WEIGHTS.values())
            before = self.orders, self.bills, self.requests
            try:
                with self.cr.savepoint():
                    getattr(self, f"_{event}")()
                    self.env.flush_all()
                happened[event] += 1
                history.append(event)
            except UserError:
                self.env.invalidate_all()
                self.orders, self.bills, self.requests = before
                history.append(f"{event} refused")
            self._check(", ".join(history[-8:]))
        return happened

    # -- events ---------------------------------------------------------------------

    def _pick(self, records):
        if not records:
            problem = "nothing there"
            raise UserError(problem)
        return self.random.choice(records)

    def _ask(self):
        vendors = self.vendor | self.other_vendor
        request = self._create_request(
            *(
                (
                    self.random.choice(self.goods),
                    self.random.choice((4, 10, 2.5)),
                    self.random.choice((20.0, 33.33)),
                    {"vendor_id": self.random.choice(vendors).id},
                )
                for _number in range(2)
            )
        )
        self.requests |= self._approve(request)

    def _wizard(self, lines):
        wizard = self.env["jxc.purchase.request.order"]
        return wizard.browse(lines.action_create_orders()["res_id"])

    def _make(self, wizard):
        before = self.env["purchase.order"].search([])
        wizard.action_create()
        made = self.env["purchase.order"].search([]) - before
        made.order_line.tax_ids = [Command.clear()]
        self.orders |= made
        return made

    def _order(self):
        """RFQs of a part of several requests."""
        lines = self.requests.line_ids.filtered(lambda line: line.qty_open > 0)
        wizard = self._wizard(self._pick(lines) | self._pick(lines))
        part = self.random.choice((1.0, 0.5))
        for line in wizard.line_ids:
            line.quantity = round(line.quantity * part, 2)
        made = self._make(wizard)
        if self.random.random() < 0.5:
            made.button_confirm()

    def _tender(self):
        line = self._pick(
            self.requests.line_ids.filtered(lambda line: line.qty_open > 0)
        )
        wizard = self._wizard(line)
        vendors = self.vendor | self.other_vendor | self.third_vendor
        wizard.write({"is_tender": True, "vendor_ids": vendors.ids})
        for order in self._make(wizard):
            order.order_line.price_unit = self.random.choice((15.0, 22.5, 30.0))
            order.action_jxc_record_quote()

    def _award(self):
        """The whole to one vendor, or half of it to each of two."""
        order = self._pick(
            self.orders.filtered(
                lambda order: order.state == "draft" and order.purchase_group_id
            )
        )
        others = order.purchase_group_id.order_ids - order
        winners = order | self.random.choice(others)
        need = max(order.order_line.mapped("product_qty"))
        shares = self.random.choice(((1.0, 0.0), (0.5, 0.5)))
        order.action_jxc_award(
            [
                {
                    "line_id": winner.order_line.id,
                    "quantity": round(need * share, 2),
                    "reason": "Better",
                }
                for winner, share in zip(winners, shares, strict=True)
                if share
            ]
        )
        order.action_jxc_confirm_awarded()

    def _confirm(self):
        drafts = self.orders.filtered(
            lambda order: order.state == "draft" and not order.purchase_group_id
        )
        if not drafts or self.random.random() < 0.4:
            product, price = self.random.choice(self.goods), 25.0
            drafts = self._create_order((product, self.random.choice((3, 8)), price))
            self.orders |= drafts
        self._pick(drafts).button_confirm()

    def _receive(self):
        """All or a part; the rest comes later or never."""
        picking = self._pick(
            self.orders.picking_ids.filtered(
                lambda one: (
                    one.state == "assigned"
                    and one.picking_type_id.code == "incoming"
                    and not one.return_id
                )
            )
        )
        part = self.random.choice((1.0, 0.5, 1.2))
        for move in picking.move_ids:
            move.quantity = round(move.product_uom_qty * part, 2)
            move.picked = True
        if self.random.random() < 0.3:
            picking = picking.with_context(cancel_backorder=True)
        picking._action_done()

    def _send_back(self):
        """To the vendor; with a refund, or to be replaced."""
        picking = self._pick(
            self.orders.picking_ids.filtered(
                lambda one: (
                    one.state == "done" and one.picking_type_id.code == "incoming"
                )
            )
        )
        wizard = self.env["stock.return.picking"].with_context(
            active_id=picking.id, active_model="stock.picking"
        )
        wizard = wizard.create({})
        refund = self.random.random() < 0.6
        for line in wizard.product_return_moves:
            line.write(
                {
                    "quantity": round(line.move_quantity * 0.5, 2),
                    "to_refund": refund,
                }
            )
        back = self.env["stock.picking"].browse(
            wizard.action_create_returns()["res_id"]
        )
        back.move_ids.picked = True
        back._action_done()

    def _bill(self):
        """What has arrived, now and then at another price; refunds what went back."""
        order = self._pick(
            self.orders.filtered(lambda one: one.invoice_status == "to invoice")
        )
        known = order.invoice_ids
        order.action_create_invoice()
        bill = order.invoice_ids - known
        bill.invoice_date = date(2026, 6, 20)
        if self.random.random() < 0.3:
            bill.invoice_line_ids[:1].price_unit = self.random.choice((24.0, 40.0))
        self.bills |= bill
        bill.action_post()

    def _refund(self):
        """Of a bill as the accountant makes one."""
        bill = self._pick(
            self.bills.filtered(
                lambda one: one.state == "posted" and one.move_type == "in_invoice"
            )
        )
        refund = bill._reverse_moves([{"invoice_date": date(2026, 6, 25)}])
        line = self._pick(refund.invoice_line_ids)
        line.quantity = round(line.quantity / 2, 2) or 1.0
        self.bills |= refund
        refund.action_post()

    def _undo_bill(self):
        bill = self._pick(self.bills)
        if bill.state == "posted":
            bill.button_draft()
        else:
            bill.action_post()

    def _change(self):
        line = self._pick(
            self.orders.filtered(lambda order: order.state == "purchase").order_line
        )
        line.write(
            self.random.choice(
                (
                    {"product_qty": max(line.qty_received, 1)},
                    {"product_qty": line.product_qty + 2},
                    {"price_unit": self.random.choice((12.0, 31.0))},
                    {"analytic_distribution": {str(self.web.id): 50.0}},
                )
            )
        )

    def _cancel(self):
        order = self._pick(self.orders)
        if order.state == "cancel":
            order.button_draft()
        else:
            order.button_cancel()

    def _give_up(self):
        line = self._pick(self.requests.line_ids)
        if line.is_closed:
            line.action_reopen()
        elif self.random.random() < 0.7:
            line.action_close()
        else:
            line.request_id.action_cancel()

    def _decide(self, change):
        change.action_submit()
        change.with_user(self._second_manager()).action_approve()

    def _carry(self):
        wizard = self.env["jxc.purchase.budget.carry"].create(
            {
                "budget_from_id": self.budget.id,
                "budget_to_id": self.budget.id,
                "date_until": date(2026, 6, 30),
                "carry_unspent": self.random.random() < 0.3,
            }
        )
        action = wizard.action_prepare()
        self._decide(self.env[action["res_model"]].browse(action["res_id"]))

    def _shift(self):
        source, target = self.random.sample(list(self.budget.line_ids), 2)
        line = {"line_from_id": source.id, "line_to_id": target.id, "amount": 150.0}
        self._decide(
            self.env["jxc.purchase.budget.transfer"].create(
                {
                    "kind": "transfer",
                    "company_id": self.company.id,
                    "reason": "Needed",
                    "line_ids": [Command.create(line)],
                }
            )
        )

    def _override(self):
        order = self._pick(
            self.orders.filtered(
                lambda one: one.state == "draft" and one.jxc_budget_state == "over"
            )
            or self._create_order((self.bread, 100, 50.0))
        )
        self.orders |= order
        wizard = self.env["jxc.budget.override.grant"].with_context(
            active_model=order._name, active_id=order.id
        )
        wizard.create({"reason": "Typhoon"}).action_grant()
        order.button_confirm()

    # -- what always holds ------------------------------------------------------------

    def _check(self, told):
        self.env.invalidate_all()
        self.assertEqual(self.budget.action_recompute_check(), [], told)
        overrides = self.env["jxc.budget.override"].search(
            [("budget_id", "=", self.budget.id), ("state", "=", "used")]
        )
        for line in self.budget.line_ids.filtered(lambda one: one.control == "block"):
            covered = sum(
                overrides.filtered(lambda one, line=line: one.line_id == line).mapped(
                    "amount_used"
                )
            )
            self.assertGreaterEqual(line.amount_available, -covered - 0.001, told)
        self._check_orders(told)
        self._check_requests(told)

    def _booked(self, stage):
        """Return ``{document line id: amount}`` of a stage, over all budget lines."""
        entries = self.env["jxc.budget.entry"]._read_group(
            [("stage", "=", stage), ("budget_id", "=", self.budget.id)],
            ["res_line_id"],
            ["amount:sum"],
        )
        return dict(entries)

    def _check_orders(self, told):
        """Counted from bills and transfers, not from what the engine remembers."""
        committed, actual = self._booked("committed"), self._booked("actual")
        posted = self.env["account.move.line"]
        for line in self.orders.order_line:
            bills = line.invoice_lines.filtered(
                lambda one: one.parent_state == "posted"
            )
            posted |= bills
            billed = sum(
                -one.quantity if one.move_type == "in_refund" else one.quantity
                for one in bills
            )
            expected = 0.0
            if line.order_id.state == "purchase" and line.product_qty:
                settled = billed + self._gone_for_good(line)
                share = min(max(1 - settled / line.product_qty, 0.0), 1.0)
                expected = line.price_subtotal * share
            self.assertAlmostEqual(
                committed.pop(line.id, 0.0), expected, delta=0.02, msg=told
            )
        for line in posted:
            self.assertAlmostEqual(actual.pop(line.id, 0.0), line.balance, 2, told)
        self.assertFalse([one for one in committed.values() if round(one, 2)], told)
        self.assertFalse([one for one in actual.values() if round(one, 2)], told)

    def _gone_for_good(self, line):
        """What went back to be refunded and is not on its way again."""
        unit = line.product_uom_id
        came = back = 0.0
        for move in line.move_ids.filtered(lambda one: one.state != "cancel"):
            done = move.state == "done"
            quantity = move.quantity if done else move.product_uom_qty
            # odoo19-ok: unit-unchecked of the same product
            quantity = move.product_uom._compute_quantity(quantity, unit, round=False)
            if move.location_dest_id.usage != "supplier":
                came += quantity
            elif done and move.to_refund:
                back += quantity
        return max(min(back, line.product_qty - came + back), 0.0)

    def _check_requests(self, told):
        reserved = self._booked("reserved")
        for line in self.requests.line_ids:
            parts = [line.qty_in_rfq, line.qty_ordered, line.qty_closed, line.qty_open]
            total = sum(Fraction(str(part)) for part in parts)
            self.assertEqual(total, Fraction(str(line.product_qty)), told)
            self.assertTrue(all(part >= 0 for part in parts), told)
            self.assertGreaterEqual(line.qty_received, 0.0, told)
            self.assertLessEqual(line.qty_received, line.qty_ordered, told)
            # Only what is neither ordered nor given up is reserved.
            waiting = line.qty_open + line.qty_in_rfq
            if line.request_id.state in ("cancelled", "rejected"):
                waiting = 0.0
            # Or what others took while it was on an order that was cancelled.
            if line.is_unreserved:
                waiting = 0.0
            expected = line.price_subtotal * waiting / line.product_qty
            self.assertAlmostEqual(
                reserved.pop(line.id, 0.0), expected, delta=0.05, msg=told
            )
        self.assertFalse([one for one in reserved.values() if round(one, 2)], told)

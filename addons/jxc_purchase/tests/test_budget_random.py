# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from collections import Counter
from datetime import datetime

from freezegun import freeze_time

from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import tagged

from .common import PurchaseBudgetCommon

SEEDS = (1, 2, 3, 4)
EVENTS = 50


@tagged("post_install", "-at_install")
@freeze_time("2026-06-15 04:00:00")
class TestBudgetRandom(PurchaseBudgetCommon):
    """Random series of events: the ledger always says what the documents say, and a
    blocking line never gives more than it has."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.budget = cls._create_budget(
            {"category_id": cls.food.id, "amount_planned": 3000.0},
            {"category_id": cls.office.id, "amount_planned": 2000.0, "control": "warn"},
            {"analytic_account_id": cls.shop.id, "amount_planned": 1500.0},
            {
                "partner_id": cls.other_vendor.id,
                "amount_planned": 2500.0,
                "control_request": "none",
            },
        )
        cls.products = cls.bread | cls.juice | cls.paper

    def test_random_events(self):
        self._second_manager()
        happened = self._play_seeds(SEEDS, self._run_events)
        for event in (
            "_confirm",
            "_bill",
            "_submit",
            "_order_requests",
            "_pay_ahead",
            "_final_bill",
        ):
            self.assertGreater(happened[event], 0, event)

    def _run_events(self):
        happened = Counter()
        for _number in range(EVENTS):
            event = self.random.choice(self._events())
            try:
                with self.cr.savepoint():
                    event()
                    self.env.flush_all()
                happened[event.__name__] += 1
            except UserError:
                happened["refused"] += 1
                self.env.invalidate_all()
            self._check(event.__name__)
        return happened

    def _events(self):
        return [
            self._new_request,
            self._new_request,
            self._submit,
            self._submit,
            self._order_requests,
            self._order_requests,
            self._order_requests,
            self._give_up_request,
            self._close_or_reopen,
            self._fold,
            self._new_order,
            self._new_order,
            self._confirm,
            self._confirm,
            self._confirm,
            self._change_line,
            self._change_line,
            self._change_order,
            self._add_line,
            self._cancel,
            self._back_to_draft,
            self._bill,
            self._bill,
            self._refund,
            self._bill_to_draft,
            self._post_again,
            self._pay_ahead,
            self._pay_ahead,
            self._final_bill,
        ]

    # -- events ---------------------------------------------------------------------

    def _new_order(self):
        lines = [self._random_line() for _number in range(self.random.randint(1, 3))]
        self.orders |= self._create_order(
            *lines, partner_id=self.random.choice(self.vendor | self.other_vendor).id
        )

    def _random_line(self):
        extra = {}
        if self.random.random() < 0.4:
            extra["analytic_distribution"] = self._random_distribution()
        return (
            self.random.choice(self.products),
            self.random.choice((1, 3, 7, 0.5)),
            round(self.random.uniform(1, 150), 2),
            extra,
        )

    def _random_distribution(self):
        percent = self.random.choice((100.0, 33.33, 60.0))
        return {str(self.shop.id): percent, str(self.web.id): 100.0 - percent}

    def _new_request(self):
        lines = []
        for _number in range(self.random.randint(1, 3)):
            product, quantity, price, extra = self._random_line()
            vendor = self.random.choice(self.vendor | self.other_vendor)
            lines.append((product, quantity, price, {**extra, "vendor_id": vendor.id}))
        self.requests |= self._create_request(*lines)

    def _submit(self):
        """Submit a draft; most are approved at once."""
        drafts = self.requests.filtered(lambda one: one.decision == "draft")
        request = self._pick(drafts)
        request.action_submit()
        if self.random.random() < 0.8:
            request.with_user(self._second_manager()).action_approve()

    def _order_requests(self):
        """Make RFQs of part of a request, and confirm them now and then."""
        approved = self.requests.filtered(lambda one: one.has_open)
        request = self._pick(approved)
        part = self.random.choice((1.0, 1.0, 0.5))
        quantities = {
            line: round(line.qty_open * part, 2) or line.qty_open
            for line in request.line_ids
        }
        order = self._order_request(request, quantities)
        self.orders |= order
        if self.random.random() < 0.5:
            order.button_confirm()

    def _give_up_request(self):
        request = self._pick(
            self.requests.filtered(
                lambda one: one.decision in ("submitted", "approved", "rejected")
            )
        )
        if request.decision == "submitted" and self.random.random() < 0.5:
            request.action_draft()
        else:
            request.action_cancel()

    def _close_or_reopen(self):
        line = self._pick(
            self.requests.filtered(lambda one: one.decision == "approved").line_ids
        )
        if line.is_closed:
            line.action_reopen()
        else:
            line.action_close()

    def _fold(self):
        [entry] = self.env["jxc.budget.entry"].search([], limit=1) or [None]
        if entry:
            self.env["jxc.budget.balance"]._fold(entry.id, at_least=3)

    def _pick(self, records):
        if not records:
            problem = "nothing there"
            raise UserError(problem)
        return self.random.choice(records)

    def _in_state(self, *states):
        return self.orders.filtered(lambda order: order.state in states)

    def _confirm(self):
        drafts = self._in_state("draft")
        first = drafts.ids.index(self._pick(drafts).id)
        drafts[first : first + self.random.randint(1, 3)].button_confirm()

    def _change_line(self):
        lines = self._in_state("purchase", "draft").order_line
        line = self._pick(lines.filtered("product_id"))
        line.write(
            self.random.choice(
                (
                    {"product_qty": self.random.choice((0, 1, 2, 5, 9))},
                    {"price_unit": round(self.random.uniform(1, 200), 2)},
                    {"discount": self.random.choice((0, 10, 33))},
                    {"analytic_distribution": self._random_distribution()},
                    {"analytic_distribution": False},
                )
            )
        )

    def _change_order(self):
        order = self._pick(self._in_state("purchase", "draft"))
        order.write(
            self.random.choice(
                (
                    {"date_order": datetime(2026, self.random.randint(1, 12), 3)},
                    {"date_order": datetime(2027, 2, 3)},
                    {"partner_id": self.other_vendor.id},
                    {"partner_id": self.vendor.id},
                )
            )
        )

    def _add_line(self):
        product, quantity, price, extra = self._random_line()
        self._pick(self._in_state("purchase", "draft")).write(
            {
                "order_line": [
                    Command.create(
                        {
                            "product_id": product.id,
                            "product_qty": quantity,
                            "price_unit": price,
                            "tax_ids": [Command.clear()],
                            **extra,
                        }
                    )
                ]
            }
        )

    def _cancel(self):
        self._pick(self._in_state("purchase")).button_cancel()

    def _back_to_draft(self):
        self._pick(self._in_state("cancel", "purchase")).button_draft()

    def _bill(self):
        order = self._pick(self._in_state("purchase"))
        quantities = {
            line: round(self.random.uniform(0.1, 1.1) * line.product_qty, 2)
            for line in order.order_line.filtered("product_id")
        }
        price = self.random.choice((None, None, 55.5))
        bill = self._create_bill(order, quantities, price=price)
        bill.action_post()
        self.bills |= bill

    def _refund(self):
        order = self._pick(self._in_state("purchase"))
        line = self._pick(order.order_line.filtered("product_id"))
        refund = self._create_bill(order, {line: 1.0}, refund=True)
        refund.action_post()
        self.bills |= refund

    def _bill_to_draft(self):
        self._pick(
            self.bills.filtered(lambda bill: bill.state == "posted")
        ).button_draft()

    def _post_again(self):
        self._pick(
            self.bills.filtered(lambda bill: bill.state == "draft")
        ).action_post()

    def _pay_ahead(self):
        """Put a bill without order on an order as its down payment."""
        order = self._pick(self._in_state("purchase"))
        bill = self._create_bill(
            self._create_order(
                (self.random.choice(self.products), 1, self.random.choice((50, 400.01)))
            )
        )
        bill.invoice_line_ids.purchase_line_id = False
        wizard = self.env["bill.to.po.wizard"].with_context(
            active_ids=[-bill.invoice_line_ids.id]
        )
        wizard.create(
            {"purchase_order_id": order.id, "partner_id": order.partner_id.id}
        ).action_add_downpayment()
        if self.random.random() < 0.8:
            bill.action_post()
        self.bills |= bill

    def _final_bill(self):
        """As the platform makes it: the goods less what was paid ahead."""
        order = self._pick(self._in_state("purchase"))
        known = order.invoice_ids
        order.action_create_invoice()
        bill = order.invoice_ids - known
        bill.invoice_date = "2026-06-20"
        bill.action_post()
        self.bills |= bill

    # -- what always holds ------------------------------------------------------------

    def _check(self, event):
        self.env.invalidate_all()
        self.assertEqual(self.budget.action_recompute_check(), [], event)
        for line in self.budget.line_ids:
            if line.control == "block":
                left = line.amount_available
                if line.control_request == "none":
                    left += line.amount_reserved
                self.assertGreaterEqual(left, -0.001, event)
        self._check_committed(event)
        self._check_totals(event)

    def _check_committed(self, event):
        """No order commits less than nothing on a budget line."""
        for _order_id, _line, amount in self.env["jxc.budget.entry"]._read_group(
            [("stage", "=", "committed"), ("budget_id", "=", self.budget.id)],
            ["res_id", "line_id"],
            ["amount:sum"],
        ):
            self.assertGreaterEqual(amount, -0.001, event)

    def _check_totals(self, event):
        """Independently of the engine: what each bill line cost was booked, or it lies
        outside of every budget line."""
        entries = self.env["jxc.budget.entry"]._read_group(
            [("stage", "=", "actual"), ("budget_id", "=", self.budget.id)],
            ["res_line_id"],
            ["amount:sum"],
        )
        booked = dict(entries)
        posted = self.bills.filtered(lambda bill: bill.state == "posted")
        for line in posted.invoice_line_ids:
            amount = booked.pop(line.id, 0.0)
            order = line.purchase_line_id.order_id
            if not line.product_id:
                continue
            if order.date_order.year == 2026 and not line.analytic_distribution:
                self.assertAlmostEqual(amount, line.balance, 2, event)
        self.assertFalse(
            [amount for amount in booked.values() if round(amount, 2)], event
        )

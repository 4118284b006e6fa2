# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from contextlib import suppress

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import new_test_user, tagged

from .common import PurchaseBudgetCommon


@tagged("post_install", "-at_install")
class TestBudgetAttacks(PurchaseBudgetCommon):
    """Ways past a budget that are no buttons: RPC calls of ordinary users."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.budget = cls._create_budget(100.0)
        cls.line = cls.budget.line_ids
        cls.buyer = new_test_user(
            cls.env,
            "jxc_buyer",
            groups="base.group_user,purchase.group_purchase_user",
            company_id=cls.company.id,
        )
        cls.biller = new_test_user(
            cls.env,
            "jxc_biller",
            groups="base.group_user,account.group_account_invoice",
            company_id=cls.company.id,
        )
        cls.portal = new_test_user(cls.env, "jxc_portal_vendor", "base.group_portal")
        cls.portal.partner_id.parent_id = cls.vendor

    def _values(self, price=101.0):
        return {
            "product_id": self.bread.id,
            "product_qty": 1,
            "price_unit": price,
            "tax_ids": [Command.clear()],
        }

    def _order_values(self, **values):
        return {
            "partner_id": self.vendor.id,
            "company_id": self.company.id,
            "date_order": "2026-06-15 04:00:00",
            "order_line": [Command.create(self._values())],
            **values,
        }

    # -- born or left by writing --------------------------------------------------

    def test_state_by_default(self):
        orders = self.env["purchase.order"].with_user(self.buyer)
        for state in ("purchase", "to approve"):
            order = orders.with_context(default_state=state).create(
                self._order_values(order_line=[])
            )
            self.assertEqual(order.state, "draft")

    def test_copy_with_state(self):
        order = self._create_order((self.bread, 1, 1.0)).with_user(self.buyer)
        with self.assertRaises(UserError):
            order.copy({"state": "purchase"})

    def test_state_is_not_left_by_writing(self):
        order = self._create_order((self.bread, 1, 90.0))
        order.button_confirm()
        own = order.with_user(self.buyer)
        for state in ("draft", "sent", "cancel", "to approve", False):
            with self.subTest(state), self.assertRaises(UserError):
                own.write({"state": state})
        with self.assertRaises(UserError):
            own.button_draft()
        order.invalidate_recordset()
        self.assertAmounts(self.line, committed=90.0)
        own.button_cancel()
        own.button_draft()
        self.assertEqual(order.state, "draft")
        self.assertAmounts(self.line)

    # -- amounts ------------------------------------------------------------------

    def test_amounts_cannot_be_written(self):
        order = self._create_order((self.bread, 1, 101.0)).with_user(self.buyer)
        line = order.order_line
        for record, values in (
            (order, {"currency_rate": 1e9}),
            (order, {"amount_total": 0}),
            (order, {"amount_untaxed": 0}),
            (order, {"order_line": [Command.update(line.id, {"price_subtotal": 1})]}),
            (line, {"price_subtotal": 1}),
            (line, {"price_total": 1}),
        ):
            with self.subTest(values=values):
                with suppress(AccessError):
                    record.write(values)
                # Refused or not, the order stays too dear.
                with self.assertRaises(UserError), self.cr.savepoint():
                    order.button_confirm()
                order.invalidate_recordset()

    def test_amounts_by_default(self):
        orders = self.env["purchase.order"].with_user(self.buyer)
        order = orders.with_context(
            default_currency_rate=1e9, default_price_subtotal=0.0
        ).create(self._order_values())
        # Its day is that of the budget, whenever this runs.
        order.sudo().jxc_import_number = "T1"
        with self.assertRaises(UserError):
            order.button_confirm()

    def test_match_by_default(self):
        order = self._create_order((self.bread, 1, 90.0))
        order.button_confirm()
        forged = {
            "dims": ["2026-06-15", self.vendor.id, self.bread.id, {}],
            "category": self.food.id,
            "shares": [[0, 0, 100.0]],
            "free": 0,
        }
        lines = self.env["purchase.order.line"].with_user(self.buyer)
        with self.assertRaises(UserError):
            lines.with_context(default_jxc_budget_match=forged).create(
                {**self._values(), "order_id": order.id}
            )

    def test_match_cannot_be_emptied(self):
        order = self._create_order((self.bread, 1, 90.0))
        order.button_confirm()
        line = order.order_line
        match = line.jxc_budget_match
        with self.assertRaisesRegex(UserError, "decided by the budgets"):
            line.with_user(self.buyer).write({"jxc_budget_match": False})
        line.invalidate_recordset()
        self.assertEqual(line.jxc_budget_match, match)

    def test_negative_line_gives_no_budget(self):
        """A line below zero that is never billed is no room for other purchases."""
        other = self._create_budget(
            {"category_id": self.office.id, "amount_planned": 5000.0}
        )
        order = self._create_order((self.paper, 1, 2000.0), (self.bread, 1, -1000.0))
        order.with_user(self.buyer).button_confirm()
        self.assertTrue(other)
        with self.assertRaises(UserError):
            self._create_order((self.bread, 1, 500.0)).button_confirm()

    def test_discount_line_reduces_its_own_order(self):
        order = self._create_order((self.bread, 1, 150.0), (self.bread, 1, -50.0))
        order.with_user(self.buyer).button_confirm()
        self.assertAmounts(self.line, committed=100.0)
        goods, discount = order.order_line
        goods.with_user(self.buyer).price_unit = 30.0
        self.assertAmounts(self.line)
        goods.with_user(self.buyer).price_unit = 150.0
        self.assertAmounts(self.line, committed=100.0)
        with self.assertRaises(UserError):
            discount.with_user(self.buyer).price_unit = -40.0
        discount.invalidate_recordset()
        self._create_bill(order).action_post()
        self.assertAmounts(self.line, actual=100.0)

    def test_goods_billed_before_their_discount(self):
        self._give(self.line, 100.0)
        order = self._create_order((self.bread, 1, 150.0), (self.bread, 1, -50.0))
        order.button_confirm()
        self._create_bill(order, {order.order_line[0]: 1}).action_post()
        self.assertAmounts(self.line, actual=150.0)
        discount = self._create_bill(order, {order.order_line[1]: 1}, price=50.0)
        discount.action_switch_move_type()
        discount.action_post()
        self.assertAmounts(self.line, actual=100.0)

    def test_goods_moved_away_from_their_discount(self):
        self._give(self.line, 400.0)
        order = self._create_order((self.bread, 1, 150.0), (self.bread, 1, -50.0))
        other = self._create_order((self.bread, 1, 10.0))
        (order | other).button_confirm()
        with self.assertRaisesRegex(UserError, "stays on"):
            order.order_line[0].order_id = other
        self.assertAmounts(self.line, committed=110.0)

    # -- twice --------------------------------------------------------------------

    def test_booked_twice_counts_once(self):
        """Whatever asks again, or for both at once, the ledger says it once."""
        order = self._create_order((self.bread, 1, 60.0), (self.bread, 1, 20.0))
        order.button_confirm()
        entries = self.env["jxc.budget.entry"]
        before = entries.search([("res_id", "=", order.id)])
        engine = self.env["jxc.budget.engine"].sudo()
        for _time in range(2):
            engine._sync(order_lines=order.order_line)
            engine._sync(order_lines=order.order_line, rematch=True)
        self.assertEqual(entries.search([("res_id", "=", order.id)]), before)
        self.assertAmounts(self.line, committed=80.0)

    # -- bills --------------------------------------------------------------------

    def test_bill_posted_by_default(self):
        moves = self.env["account.move"].with_user(self.biller)
        move = moves.with_context(default_state="posted").create(
            {
                "move_type": "in_invoice",
                "partner_id": self.vendor.id,
                "invoice_date": "2026-06-20",
                "invoice_line_ids": [
                    Command.create(
                        {
                            "product_id": self.bread.id,
                            "quantity": 1,
                            "price_unit": 5000.0,
                            "tax_ids": [Command.clear()],
                        }
                    )
                ],
            }
        )
        self.assertEqual(move.state, "draft")

    def test_bill_posted_by_writing(self):
        order = self._create_order((self.bread, 1, 90.0))
        order.button_confirm()
        bill = self._create_bill(order, price=5000.0)
        with self.assertRaises(UserError):
            bill.with_user(self.biller).write({"state": "posted"})

    # -- ledger -------------------------------------------------------------------

    def test_entries_through_their_parents(self):
        self._create_order((self.bread, 1, 90.0)).button_confirm()
        planner = new_test_user(
            self.env,
            "jxc_planner",
            groups="base.group_user,jxc_base.group_budget_manager",
            company_id=self.company.id,
        )
        entry = self.line.entry_ids
        for command in (
            Command.create({"amount": -90.0}),
            Command.update(entry.id, {"amount": 0.0}),
            Command.delete(entry.id),
            Command.unlink(entry.id),
            Command.clear(),
            Command.set([]),
        ):
            with self.subTest(command=command), self.assertRaises(UserError):
                self.budget.with_user(planner).write(
                    {
                        "line_ids": [
                            Command.update(self.line.id, {"entry_ids": [command]})
                        ]
                    }
                )
        self.assertAmounts(self.line, committed=90.0)

    def test_budget_state_by_default(self):
        budgets = self.env["jxc.purchase.budget"].with_context(
            default_state="confirmed"
        )
        budget = budgets.create(
            {
                "name": "Sly",
                "company_id": self.company.id,
                "date_from": "2026-01-01",
                "date_to": "2026-12-31",
            }
        )
        self.assertEqual(budget.state, "draft")

    def test_adjusted_by_default(self):
        lines = self.env["jxc.purchase.budget.line"]
        budget = self._create_budget(1.0, confirm=False)
        line = lines.with_context(default_amount_adjusted=1e6).create(
            {"budget_id": budget.id, "amount_planned": 1.0}
        )
        self.assertEqual(line.amount_adjusted, 0.0)

    # -- what others may read -----------------------------------------------------

    def test_portal_reads_no_budgets(self):
        order = self._create_order((self.bread, 1, 50.0))
        order.message_subscribe(self.portal.partner_id.ids)
        for record, name in (
            (order, "jxc_budget_hint"),
            (order, "jxc_budget_state"),
            (order.order_line, "jxc_budget_available"),
            (order.order_line, "jxc_budget_line_id"),
            (order.order_line, "jxc_budget_match"),
        ):
            seen = record.with_user(self.portal)
            seen.check_access("read")
            with self.subTest(name), self.assertRaises(AccessError):
                seen.read([name])

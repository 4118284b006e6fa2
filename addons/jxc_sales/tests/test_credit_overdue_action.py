# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from itertools import product

from odoo.exceptions import UserError
from odoo.tests import Form, tagged

from .hold_common import HoldCommon

ACTIONS = ("none", "warn", "hold", "block")


@tagged("post_install", "-at_install")
class TestCreditOverdueAction(HoldCommon):
    """What is overdue is acted on by itself, whatever the limit says or does."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.account.write(
            {"control_overdue": True, "credit_limit": 100000, "order_action": "none"}
        )

    def _late(self, **values):
        self.account.write(values)
        self._due(500, 40)

    def _told(self, order):
        order.invalidate_recordset()
        return "overdue" in "".join(order.message_ids.mapped("body"))

    def _order_outcome(self):
        """What comes of an order that is confirmed now."""
        order = self._create_order(1)
        try:
            with self.env.cr.savepoint():
                order.with_user(self.salesman).action_confirm()
        except UserError as refused:
            self.assertIn("overdue", str(refused))
            return "block"
        if order.state == "draft":
            self.assertEqual(order.jxc_credit_state, "hold")
            self.assertIn("overdue", order.jxc_credit_hold_reason)
            return "hold"
        return "warn" if self._told(order) else "none"

    def _delivery_outcome(self, order):
        """What comes of a delivery that is validated now."""
        picking = order.picking_ids
        picking.action_assign()
        picking.move_ids.picked = True
        try:
            with self.env.cr.savepoint():
                picking.button_validate()
        except UserError as refused:
            self.assertIn("overdue", str(refused))
            return "block"
        if picking.state != "done":
            self.assertEqual(order.jxc_credit_state, "hold")
            return "hold"
        return "warn" if self._told(order) else "none"

    def test_at_order(self):
        self._late()
        for limit, action in product(ACTIONS, (False, *ACTIONS)):
            for unlimited in (True, False):
                self.account.write(
                    {
                        "unlimited": unlimited,
                        "order_action": limit,
                        "overdue_order_action": action,
                    }
                )
                with self.subTest(limit=limit, overdue=action, unlimited=unlimited):
                    self.assertEqual(self._order_outcome(), action or limit)

    def test_at_delivery(self):
        orders = [self._create_order(1) for _n in range(40)]
        for order in orders:
            order.action_confirm()
        self._late()
        for limit, action in product(ACTIONS, (False, *ACTIONS)):
            for unlimited in (True, False):
                self.account.write(
                    {
                        "unlimited": unlimited,
                        "delivery_action": limit,
                        "overdue_delivery_action": action,
                    }
                )
                with self.subTest(limit=limit, overdue=action, unlimited=unlimited):
                    outcome = self._delivery_outcome(orders.pop())
                    self.assertEqual(outcome, action or limit)

    def test_one_does_not_stand_for_the_other(self):
        """Over a limit that blocks, an order is refused where overdue only warns."""
        self._late(order_action="block", overdue_order_action="warn", credit_limit=550)
        with self.assertRaisesRegex(UserError, "limit does not suffice"):
            self._create_order(1).action_confirm()
        self.account.write({"order_action": "warn", "overdue_order_action": "block"})
        with self.assertRaisesRegex(UserError, "overdue"):
            self._create_order(1).action_confirm()
        self.account.write({"order_action": "block", "overdue_order_action": "hold"})
        self.account.credit_limit = 100000
        self.assertEqual(self._order_outcome(), "hold")

    def test_control_off(self):
        self._late(
            control_overdue=False,
            overdue_order_action="block",
            overdue_delivery_action="block",
        )
        order = self._create_order(1)
        order.action_confirm()
        self.assertEqual(self._delivery_outcome(order), "none")
        self.assertFalse(self._told(order))

    def test_customer_without_account(self):
        """Who is under no control at all is under none for what is overdue."""
        self._late(overdue_order_action="block", overdue_delivery_action="block")
        self.account.unlink()
        order = self._create_order(1)
        order.action_confirm()
        self.assertEqual(self._delivery_outcome(order), "none")

    def test_more_than_ordered(self):
        """Goods beyond the order are judged at order, where no delivery is judged."""
        order = self._create_order(1)
        order.action_confirm()
        self._late(overdue_order_action="block")
        with self.assertRaisesRegex(UserError, "overdue"), self.env.cr.savepoint():
            self._deliver(order, 2)
        self.account.overdue_order_action = "none"
        self._deliver(order, 2)
        self.assertEqual(order.order_line.qty_delivered, 2)

    def test_hold_ends_when_the_action_does(self):
        self._late(overdue_order_action="hold")
        order = self._held(1)
        self._triggered()
        self.account.overdue_order_action = "warn"
        self.assertTrue(self._triggered())
        self._judge()
        self.assertEqual((order.state, order.jxc_credit_state), ("sale", "free"))

    def test_plan_and_what_fits(self):
        order = self._create_order(3)
        order.action_confirm()
        picking = order.picking_ids
        picking.action_assign()
        self._late(overdue_delivery_action="block")
        picking.invalidate_recordset()
        self.assertEqual(picking.jxc_ship_state, "over")
        with self.assertRaisesRegex(UserError, "one unit"), self.env.cr.savepoint():
            picking.action_jxc_deliver_what_fits()
        self.account.overdue_delivery_action = "warn"
        picking.invalidate_recordset()
        self.assertEqual(picking.jxc_ship_state, "free")
        picking.action_jxc_deliver_what_fits()
        self.assertEqual(picking.state, "done")

    def test_quotation_says_so(self):
        self._late(overdue_order_action="hold", unlimited=True)
        self.assertIn("overdue", self._create_order(1).jxc_credit_hint)
        self.account.overdue_order_action = "none"
        self.assertFalse(self._create_order(1).jxc_credit_hint)

    def test_form(self):
        with Form(self.account) as form:
            form.overdue_order_action = "hold"
            form.control_overdue = False
        self.assertEqual(self.account._jxc_overdue_action("order"), "none")

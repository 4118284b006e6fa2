# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import tagged

from .hold_common import HoldCommon


@tagged("post_install", "-at_install")
class TestModeAttacks(HoldCommon):
    """Ways to get goods and services unpaid from who sells for cash only."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.account.write({"credit_limit": 0, "order_action": "block"})
        cls.stranger = cls.env["res.partner"].create({"name": "Passer-by"})
        cls.service = cls._create_lamp(
            stock=0,
            name="Work",
            type="service",
            is_storable=False,
            invoice_policy="order",
        )

    def _retail(self, quantity=1, price=100.0, **values):
        order = self._create_order(quantity, price, jxc_sale_mode="retail", **values)
        return order.with_user(self.salesman)

    def _gone(self, customer, price, **line):
        """Retail lamps that were sold cheaply, paid and delivered."""
        order = self._retail(10, price, partner_id=customer.id)
        order.order_line.write(line)
        order.action_confirm()
        self._receipt(order.amount_total, order, partner_id=customer.id)
        self._deliver(order.sudo())
        return order

    def test_dearer_once_they_are_gone(self):
        for customer in (self.customer, self.stranger):
            for price, discount in ((1, 0), (100, 99)):
                order = self._gone(customer, price, discount=discount)
                own = order.order_line
                with self.subTest(customer=customer.name, price=price):
                    self.assertEqual(own.qty_delivered, 10)
                    for attack in (
                        lambda own=own: own.write({"price_unit": 100, "discount": 0}),
                        lambda own=own: own.order_id.write(
                            {
                                "order_line": [
                                    Command.update(
                                        own.id, {"price_unit": 100, "discount": 0}
                                    )
                                ]
                            }
                        ),
                    ):
                        with self.assertRaises(UserError):
                            attack()
                        order.invalidate_recordset()
                        self.assertEqual(order.amount_total, 10)

    def test_rebate_taken_away_once_they_are_gone(self):
        order = self._retail(10, 100, partner_id=self.stranger.id)
        order.order_line = [
            Command.create({"product_id": self.service.id, "price_unit": -990})
        ]
        order.action_confirm()
        self._receipt(10, order, partner_id=self.stranger.id)
        self._deliver(order.sudo())
        rebate = order.order_line.filtered(lambda line: line.price_unit < 0)
        with self.assertRaisesRegex(UserError, "has to be paid"):
            rebate.price_unit = 0
        with self.assertRaisesRegex(UserError, "has to be paid"):
            rebate.write({"product_uom_qty": 0})

    def test_more_goods_wait_at_the_door(self):
        """What is added to goods that were paid leaves when it is paid, too."""
        for customer in (self.customer, self.stranger):
            order = self._gone(customer, 100)
            order.order_line.product_uom_qty = 15
            order.order_line = [
                Command.create({"product_id": self.product.id, "price_unit": 100})
            ]
            self.assertEqual(order.amount_total, 1600)
            with self.assertRaisesRegex(UserError, "has to be paid"):
                self._deliver(order.sudo())

    def test_dearer_when_it_is_paid_first(self):
        order = self._gone(self.customer, 1)
        self._receipt(990, order)
        order.order_line.price_unit = 100
        self.assertEqual(order.amount_total, 1000)

    def test_more_leaves_than_was_ordered(self):
        for customer in (self.customer, self.stranger):
            order = self._retail(partner_id=customer.id)
            order.action_confirm()
            self._receipt(100, order, partner_id=customer.id)
            with self.subTest(customer=customer.name), self.assertRaises(UserError):
                self._deliver(order.sudo(), 50)
            order.invalidate_recordset()
            order.order_line.invalidate_recordset()
            self.assertEqual(order.order_line.qty_delivered, 0)

    def test_more_left_than_was_ordered_afterwards(self):
        """The quantity of a delivery that is done is corrected."""
        for customer in (self.customer, self.stranger):
            order = self._retail(partner_id=customer.id)
            order.action_confirm()
            self._receipt(100, order, partner_id=customer.id)
            self._deliver(order.sudo())
            moves = order.sudo().picking_ids.move_ids
            with self.subTest(customer=customer.name), self.assertRaises(UserError):
                moves.quantity = 50

    def test_dearer_while_it_is_cancelled(self):
        """Back as a quotation, the price of what left is raised, then confirmed."""
        self.account.credit_limit = 1000
        order = self._create_order(100, 1).with_user(self.salesman)
        order.action_confirm()
        self._deliver(order.sudo())
        order.sudo().action_cancel()
        self.assertEqual(self._exposure(), 100)
        with self.assertRaises(UserError):
            order.order_line.price_unit = 100
        order.action_draft()
        with self.assertRaises(UserError):
            order.order_line.price_unit = 100
        with self.assertRaises(UserError):
            order.order_line.discount = -9900
        order.invalidate_recordset()
        self.assertEqual(self._exposure(), 100)

    # -- services -----------------------------------------------------------------

    def test_service_beside_a_pen(self):
        order = self._retail(1, 1, partner_id=self.stranger.id)
        order.order_line = [
            Command.create({"product_id": self.service.id, "price_unit": 10000})
        ]
        with self.assertRaisesRegex(UserError, "services"):
            order.action_confirm()
        self.assertEqual(order.state, "draft")
        self._receipt(10000, order, partner_id=self.stranger.id)
        order.action_confirm()
        self.assertEqual(order.state, "sale", "the pen waits at the door")
        with self.assertRaisesRegex(UserError, "has to be paid"):
            self._deliver(order.sudo())

    def test_service_added_to_a_pen(self):
        order = self._retail(1, 1, partner_id=self.stranger.id)
        order.action_confirm()
        with self.assertRaisesRegex(UserError, "services"):
            order.order_line = [
                Command.create({"product_id": self.service.id, "price_unit": 10000})
            ]

    # -- another customer ---------------------------------------------------------

    def _held_of_another(self, **values):
        """An order on hold of somebody who is no retail customer."""
        self.account.order_action = "hold"
        return self._held(1, **values).with_user(self.salesman)

    def test_order_on_hold_becomes_that_of_a_retail_customer(self):
        retail = self.env["res.partner"].create(
            {"name": "Cash Only", "is_company": True, "jxc_sale_mode": "retail"}
        )
        for values in (
            {"partner_id": retail.id, "jxc_sale_mode": "simple"},
            {"jxc_sale_mode": "simple", "partner_invoice_id": retail.id},
        ):
            order = self._held_of_another()
            with self.subTest(values=values):
                order.write(values)
                self.assertNotEqual(order.jxc_credit_state, "hold")
                self.assertFalse(order.jxc_credit_hold_reason)
                order.write({"partner_id": retail.id, "jxc_sale_mode": "simple"})
                with self.assertRaisesRegex(UserError, "Cash Only"):
                    order.action_confirm()
                self.assertEqual(order.state, "draft")

    def test_order_on_hold_of_a_contact_goes_on_waiting(self):
        order = self._held_of_another()
        contact = self.env["res.partner"].create(
            {"name": "Buyer", "parent_id": self.customer.id}
        )
        order.partner_id = contact
        self.assertEqual(order.jxc_credit_state, "hold")

    def test_order_that_waits_for_approval_becomes_that_of_a_retail_customer(self):
        retail = self.env["res.partner"].create(
            {"name": "Cash Only", "is_company": True, "jxc_sale_mode": "retail"}
        )
        order = self._create_order(partner_id=self.stranger.id)
        order.sudo().jxc_confirm_on_approval = True
        own = order.with_user(self.salesman)
        own.write({"partner_id": retail.id, "jxc_sale_mode": "simple"})
        with self.assertRaisesRegex(UserError, "Cash Only"):
            own.action_confirm()

    def test_order_on_hold_outgrows_its_deposit(self):
        """A deposit that was a third becomes little; nobody is asked for it again."""
        self.account.order_action = "hold"
        self.company.write(
            {"jxc_presale_balance_before": False, "jxc_presale_deposit_percent": 30}
        )
        order = self._held(
            10,
            jxc_sale_mode="presale",
            jxc_balance_before=False,
            jxc_deposit_amount=300,
        ).with_user(self.salesman)
        with self.assertRaisesRegex(UserError, "is on hold"):
            order.order_line.product_uom_qty = 100
        order.invalidate_recordset()
        order.order_line.product_uom_qty = 9
        self.assertEqual((order.amount_total, order.jxc_credit_state), (900, "hold"))

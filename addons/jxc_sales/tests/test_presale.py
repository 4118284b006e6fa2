# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command, Date
from odoo.tests import new_test_user, tagged

from .common import CreditCommon


@tagged("post_install", "-at_install")
class TestPresale(CreditCommon):
    """Stock goes to the first deposit, and windows are kept."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.account.credit_limit = 50000
        # What the company asks for is in test_sale_terms.py.
        cls.company.write(
            {"jxc_presale_balance_before": False, "jxc_presale_deposit_percent": 0}
        )
        cls.today = cls.account._jxc_today()
        cls.bare = cls._create_lamp(stock=0, name="New Lamp")
        cls.shipper = new_test_user(
            cls.env,
            "jxc_shipper",
            "stock.group_stock_user",
            company_id=cls.company.id,
            company_ids=[Command.set(cls.company.ids)],
        )

    def _presale(self, quantity=5, **values):
        order = self._create_order(
            quantity,
            product=self.bare,
            **{
                "jxc_sale_mode": "presale",
                "jxc_deposit_percent": 20,
                "jxc_balance_before": False,
                **values,
            },
        )
        order.with_user(self.salesman).action_confirm()
        return order

    def _deposit(self, order, amount=100):
        return self._receipt(amount, order)

    def _paid_at(self, order, minute):
        order.sudo().jxc_deposit_paid_at = f"2026-03-01 10:{minute:02}:00"

    def _reserved(self, *orders):
        self.env.invalidate_all()
        return [sum(order.picking_ids.move_ids.mapped("quantity")) for order in orders]

    def _arrive(self, quantity):
        """Goods come in, as a receipt brings them."""
        picking_type = self.env["stock.picking.type"].search(
            [("code", "=", "incoming"), ("company_id", "=", self.company.id)], limit=1
        )
        shelf = picking_type.default_location_dest_id
        receipt = self.env["stock.picking"].create(
            {
                "picking_type_id": picking_type.id,
                "move_ids": [
                    Command.create(
                        {
                            "product_id": self.bare.id,
                            "product_uom_qty": quantity,
                            "location_id": self.env.ref(
                                "stock.stock_location_suppliers"
                            ).id,
                            "location_dest_id": shelf.id,
                        }
                    )
                ],
            }
        )
        receipt.action_confirm()
        receipt.move_ids.write({"quantity": quantity, "picked": True})
        receipt._action_done()

    # -- stock --------------------------------------------------------------------

    def test_first_deposit_is_served_first(self):
        first, second, third = self._presale(), self._presale(), self._presale()
        self._deposit(third)
        self._paid_at(third, 1)
        self._deposit(first)
        self._paid_at(first, 2)
        self._arrive(7)
        self.assertEqual(self._reserved(first, second, third), [2, 0, 5])

    def test_deposit_that_nobody_noted_is_found_by_the_job(self):
        """Two halves that are booked at once do not see each other; the job does."""
        paid, unpaid = self._presale(), self._presale()
        self._deposit(paid, 50)
        self._deposit(paid, 50)
        paid.sudo().jxc_deposit_paid_at = False
        self._add_stock(self.bare, 9)
        self.env["sale.order"]._cron_reserve_presales()
        self.assertTrue(paid.sudo().jxc_deposit_paid_at)
        self.assertEqual(self._reserved(paid, unpaid), [5, 0])

    def test_no_one_is_served_before_an_earlier_deposit(self):
        first, second = self._presale(), self._presale()
        self._deposit(second)
        self._paid_at(second, 1)
        self._deposit(first)
        self._paid_at(first, 2)
        self._add_stock(self.bare, 6)
        first.picking_ids.with_user(self.shipper).action_assign()
        self.assertEqual(self._reserved(first, second), [1, 5])

    def test_without_deposit_nothing_is_reserved(self):
        self._add_stock(self.bare, 5)
        order = self._presale()
        order.picking_ids.action_assign()
        self.assertEqual(self._reserved(order), [0])
        self._deposit(order, 99)
        self.env["sale.order"]._cron_reserve_presales()
        self.assertEqual(self._reserved(order), [0])
        self._deposit(order, 1)
        self.assertTrue(order.jxc_deposit_paid_at)
        self.env["sale.order"]._cron_reserve_presales()
        self.assertEqual(self._reserved(order), [5])

    def test_deposit_starts_the_job(self):
        order = self._presale()
        cron = self.env.ref("jxc_sales.jxc_presale_reserve_cron")
        triggers = self.env["ir.cron.trigger"].search([("cron_id", "=", cron.id)])
        triggers.unlink()
        self._deposit(order)
        self.assertTrue(triggers.search([("cron_id", "=", cron.id)]))

    def test_deposit_before_confirming(self):
        self._add_stock(self.bare, 5)
        order = self._create_order(
            5,
            product=self.bare,
            jxc_sale_mode="presale",
            jxc_deposit_percent=20,
            jxc_balance_before=False,
        )
        self._deposit(order)
        self.assertFalse(order.jxc_deposit_paid_at)
        order.with_user(self.salesman).action_confirm()
        self.assertTrue(order.jxc_deposit_paid_at)
        self.assertEqual(self._reserved(order), [5])

    def test_deposit_that_is_taken_back(self):
        self._add_stock(self.bare, 5)
        order = self._presale()
        payment = self._deposit(order)
        self.env["sale.order"]._cron_reserve_presales()
        self.assertEqual(self._reserved(order), [5])
        payment.action_draft()
        self.assertFalse(order.jxc_deposit_paid_at)
        self.assertEqual(self._reserved(order), [0])

    def test_paid_down_payment_is_a_deposit(self):
        order = self._presale()
        wizard = (
            self.env["sale.advance.payment.inv"]
            .with_context(active_model="sale.order", active_ids=order.ids)
            .create({"advance_payment_method": "fixed", "fixed_amount": 100})
        )
        invoice = wizard._create_invoices(order)
        invoice.action_post()
        self.assertFalse(order.jxc_deposit_paid_at)
        self._pay(invoice)
        self.assertTrue(order.jxc_deposit_paid_at)
        invoice.line_ids.remove_move_reconcile()
        self.assertFalse(order.jxc_deposit_paid_at)

    def test_other_orders_are_served_as_ever(self):
        self._add_stock(self.bare, 12)
        plain = self._create_order(5, product=self.bare)
        plain.action_confirm()
        presale = self._presale()
        self._deposit(presale)
        moves = plain.picking_ids.move_ids | presale.picking_ids.move_ids
        moves._do_unreserve()
        moves._action_assign()
        self.assertEqual(self._reserved(plain, presale), [5, 5])

    def test_place_in_the_queue_is_not_written(self):
        order = self._presale()
        for values in (
            {"jxc_deposit_paid_at": "2020-01-01 00:00:00"},
            {"jxc_presale_late_on": False},
        ):
            with self.assertRaises(AccessError):
                order.with_user(self.salesman).write(values)
        born = (
            self.env["sale.order"]
            .with_user(self.salesman)
            .with_context(default_jxc_deposit_paid_at="2020-01-01 00:00:00")
            .create({"partner_id": self.customer.id})
        )
        self.assertFalse(born.jxc_deposit_paid_at)

    # -- window -------------------------------------------------------------------

    def _late(self, **values):
        self._add_stock(self.bare, 5)
        order = self._presale(
            jxc_window_to=Date.subtract(self.today, days=1), user_id=self.salesman.id
        )
        self._deposit(order)
        self.env["sale.order"]._cron_reserve_presales()
        return order

    def test_late_presales_are_flagged_once(self):
        order = self._late()
        today = self._presale(jxc_window_to=self.today)
        for _night in range(2):
            self.env["sale.order"]._cron_presale_windows()
        self.assertEqual(order.jxc_presale_late_on, self.today)
        self.assertEqual(order.activity_ids.user_id, self.salesman)
        self.assertEqual(len(order.activity_ids), 1)
        self.assertFalse(today.jxc_presale_late_on)
        self.assertEqual(self._reserved(order), [5], "kept, as the company says")

    def test_late_presales_give_stock_free(self):
        self.company.jxc_presale_late_action = "release"
        order = self._late()
        self.env["sale.order"]._cron_presale_windows()
        self.assertEqual(self._reserved(order), [0])
        order.picking_ids.action_assign()
        self.assertEqual(self._reserved(order), [0])
        order.with_user(self.salesman).jxc_window_to = Date.add(self.today, days=5)
        self.assertFalse(order.jxc_presale_late_on)
        self.assertFalse(order.activity_ids)
        self.env["sale.order"]._cron_reserve_presales()
        self.assertEqual(self._reserved(order), [5])

    def test_delivered_presales_are_not_late(self):
        order = self._late()
        self._deliver(order)
        self.env["sale.order"]._cron_presale_windows()
        self.assertFalse(order.jxc_presale_late_on)

    def test_nothing_leaves_before_the_window(self):
        self._add_stock(self.bare, 5)
        order = self._presale(jxc_window_from=Date.add(self.today, days=2))
        self._deposit(order)
        picking = order.picking_ids
        picking.action_assign()
        picking.move_ids.picked = True
        for context in ({}, {"jxc_sales_delivering": True, "skip_backorder": True}):
            own = picking.with_user(self.shipper).with_context(**context)
            with self.assertRaisesRegex(UserError, "window"):
                own.button_validate()

    def test_balance_before_delivery(self):
        self._add_stock(self.bare, 5)
        order = self._presale(jxc_balance_before=True)
        self._deposit(order)
        self.env["sale.order"]._cron_reserve_presales()
        self.assertEqual(self._reserved(order), [5], "the deposit reserves")
        picking = order.picking_ids.with_user(self.shipper)
        picking.move_ids.picked = True
        with self.assertRaisesRegex(UserError, "500.00"):
            picking.button_validate()
        self._deposit(order, 400)
        picking.button_validate()
        self.assertEqual(picking.state, "done")

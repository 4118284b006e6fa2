# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged

from .unordered_common import UnorderedCommon


@tagged("post_install", "-at_install")
class TestCreditUnorderedCount(UnorderedCommon):
    """Goods that left without order count until invoices over them are posted."""

    def test_delivered_drafted_posted_paid(self):
        self._leave(6)
        self.assertEqual(self._parts(), {"delivered": 600})
        self.assertEqual(self.account.exposure_shipped, 600)
        invoice = self._bill(4)
        self.assertEqual(self._parts(), {"delivered": 200, "draft": 400})
        invoice.action_post()
        self.assertEqual(self._parts(), {"delivered": 200, "receivable": 400})
        self._pay(invoice)
        self.assertEqual(self._exposure(), 200)
        self._bill(9).action_post()
        self.assertEqual(self._parts(), {"receivable": 900}, "never below zero")

    def test_what_comes_back_does_not_count(self):
        picking = self._leave(6)
        self._come_back(picking, 2)
        self.assertEqual(self._parts(), {"delivered": 400})
        again = self._come_back(self._come_back(picking, 4), 1)
        self.assertEqual(again.move_ids.location_dest_id, self.customers)
        self.assertEqual(self._parts(), {"delivered": 100})

    def test_worth_of_the_day_it_left(self):
        """What left first is billed first; later prices change nothing."""
        self._leave(2)
        self.product.list_price = 150
        picking = self._leave(2)
        self.product.list_price = 10
        self.assertEqual(self._parts(), {"delivered": 500})
        self._bill(3).action_post()
        self.assertEqual(self._parts()["delivered"], 150)
        picking.move_ids.quantity = 3
        self.assertEqual(self._parts()["delivered"], 300)

    def test_units_and_taxes(self):
        self.account.credit_limit = 5000
        tax = self.company_data["default_tax_sale"]
        self.product.taxes_id = tax
        picking = self._leave(1, product_uom=self.env.ref("uom.product_uom_dozen").id)
        worth = tax.compute_all(1200)["total_included"]
        self.assertAlmostEqual(self._exposure(), worth, 2)
        goods = self._goods_of(picking)
        self.assertEqual((goods.quantity, goods.uom_id), (12, self.product.uom_id))
        dozen = self.env.ref("uom.product_uom_dozen")
        self._bill(1, price=1200, product_uom_id=dozen.id).action_post()
        self.assertNotIn("delivered", self._parts())

    def test_each_customer_company_and_product(self):
        other = self._create_lamp(name="Shade")
        sister = self.env["res.partner"].create({"name": "Sister", "is_company": True})
        self._leave(3)
        self._bill(3, product=other).action_post()
        self._bill(3, customer=sister).action_post()
        self.assertEqual(self._parts(), {"delivered": 300, "receivable": 300})
        contact = self.env["res.partner"].create(
            {"name": "Buyer", "parent_id": self.customer.id}
        )
        self._bill(3, customer=contact).action_post()
        self.assertEqual(self._parts(), {"receivable": 600})

    def test_credit_note(self):
        picking = self._leave(5)
        invoice = self._bill(5)
        invoice.action_post()
        self._come_back(picking, 2)
        self.assertEqual(self._parts(), {"receivable": 500}, "not credited yet")
        self._bill(2, move_type="out_refund").action_post()
        self.assertEqual(self._exposure(), 300)
        # A credit note over goods the customer keeps: they are owed again.
        self._bill(3, move_type="out_refund").action_post()
        self.assertEqual(self._exposure(), 300)

    def test_invoices_for_nothing_bill_nothing(self):
        """However a biller comes to it, and whoever posts it."""
        biller = self._create_user("jxc_biller", "account.group_account_invoice")
        self._leave(5)
        free = self._bill(5, price=0)
        discounted = self._bill(5, discount=100)
        cheap = self._bill(5, price=0.01)
        reduced = self._bill(5)
        reduced.invoice_line_ids = [
            Command.create({"name": "Less", "price_unit": -500, "tax_ids": False})
        ]
        for invoice in free | discounted | cheap | reduced:
            self.assertEqual(self._parts()["delivered"], 500, "drafted")
            invoice.with_user(biller).action_post()
        self.assertEqual(self._parts(), {"delivered": 500, "receivable": 0.05})
        # Nor does taking such an invoice back.
        free._reverse_moves(cancel=True)
        self.assertEqual(self._parts()["delivered"], 500)
        # A price for which they may have been sold does.
        self._bill(5, price=60).with_user(biller).action_post()
        self.assertEqual(self._parts(), {"receivable": 300.05})

    def test_invoice_in_another_currency(self):
        self._leave(5)
        money = self.setup_other_currency("EUR", rates=[("2023-01-01", 0.1)])
        cheap, bill = self._bill(5), self._bill(5)
        (cheap | bill).currency_id = money
        cheap.invoice_line_ids.price_unit = 4
        bill.invoice_line_ids.price_unit = 0
        self.assertEqual(self._parts(), {"delivered": 500})
        bill.invoice_line_ids.price_unit = 10
        self.assertEqual(self._parts(), {"draft": 500})

    def test_given_away(self):
        """With a right, and a reason that is kept."""
        goods = self._goods_of(self._leave(5))
        self._bill(5, price=0).action_post()
        manager = self._create_user("jxc_credit", "jxc_base.group_credit_manager")
        goods.with_user(manager).action_excuse("Samples for the fair")
        self.assertEqual(self._exposure(), 0)

    def test_lines_of_orders_bill_nothing_of_it(self):
        self.account.credit_limit = 5000
        self._leave(3)
        order = self._create_order(3)
        order.action_confirm()
        self._deliver(order)
        order._create_invoices().action_post()
        self.assertEqual(self._parts(), {"delivered": 300, "receivable": 300})

    def test_invoices_from_before_bill_nothing(self):
        self.account.credit_limit = 5000
        self._bill(5).action_post()
        self.company.sudo().jxc_billed_after = self.company._jxc_last_invoice_line()
        self._leave(5)
        self.assertEqual(self._parts(), {"receivable": 500, "delivered": 500})

    # -- judged by what it adds -----------------------------------------------------

    def test_goods_that_left_leave_less_for_orders(self):
        self._leave(6)
        with self.assertRaises(UserError):
            self._create_order(5).action_confirm()
        self._create_order(4).action_confirm()
        self.assertEqual(self._exposure(), 1000)

    def test_invoice_over_them_takes_no_credit(self):
        self._leave(10)
        self._bill(10).action_post()
        self.assertEqual(self._parts(), {"receivable": 1000})

    def test_invoice_is_judged_by_the_rest(self):
        self._leave(9)
        dear = self._bill(9, price=120)
        with self.assertRaises(UserError):
            dear.action_post()
        self.assertEqual(self._parts(), {"draft": 900})
        self._bill(1, price=1).action_post()
        self.account.credit_limit = 1081
        dear.action_post()
        self.assertEqual(self._exposure(), 1081)

    def test_goods_billed_in_advance_take_no_credit(self):
        self._bill(10).action_post()
        self._leave(10)
        self.assertEqual(self._parts(), {"receivable": 1000})
        picking = self._picking(1)
        with self.assertRaises(UserError):
            picking.button_validate()

    def test_receiver_named_later(self):
        picking = self._picking(11, partner_id=False)
        # As it left before somebody had to be named.
        picking.sudo().button_validate()
        self.assertEqual((picking.state, self._exposure()), ("done", 0))
        with self.assertRaises(UserError):
            picking.partner_id = self.customer
        self.account.credit_limit = 1100
        picking.partner_id = self.customer
        self.assertEqual(self._exposure(), 1100)
        picking.partner_id = False
        self.assertEqual(self._exposure(), 1100, "whoever got them owes them")

    def test_linked_to_an_order_later(self):
        picking = self._leave(4)
        order = self._create_order(4)
        order.action_confirm()
        picking.move_ids.with_user(self.env.user).sale_line_id = order.order_line
        self.assertNotIn(800, self._parts().values())
        self.assertFalse(self._goods_of(picking))

    # -- billed otherwise -----------------------------------------------------------

    def test_billed_otherwise(self):
        picking = self._leave(7)
        goods = self._goods_of(picking)
        manager = self._create_user("jxc_credit", "jxc_base.group_credit_manager")
        for no_reason in (True, 7, None):
            with self.assertRaisesRegex(UserError, "Say how"):
                goods.with_user(manager).action_excuse(no_reason)
        ask = goods.with_user(manager).action_ask_excuse()
        wizard = self.env[ask["res_model"]].with_user(manager)
        wizard.with_context(**ask["context"]).create(
            {"reason": "In the kit"}
        ).action_excuse()
        self.assertEqual(self._exposure(), 0)
        self.assertEqual((goods.excused_by_id, goods.excuse), (manager, "In the kit"))
        self.assertTrue(goods.excused_on)
        told = "".join(self.account.message_ids.mapped("body"))
        self.assertIn("In the kit", told)
        self.assertIn("700.00", told)
        self.assertIn(picking.name, told)
        with self.assertRaises(UserError):
            goods.with_user(manager).action_excuse("Again")
        goods.with_user(manager).action_count()
        self.assertEqual(self._exposure(), 700)
        self.assertFalse(goods.excused_by_id)
        with self.assertRaises(UserError):
            goods.with_user(manager).action_excuse(" ")

    def test_only_credit_managers_take_out(self):
        goods = self._goods_of(self._leave(7))
        manager = self._create_user("jxc_credit", "jxc_base.group_credit_manager")
        for user in (self.salesman, self.shipper):
            mine = goods.with_user(user)
            with self.assertRaises(AccessError):
                mine.action_excuse("Paid, trust me")
            with self.assertRaises(AccessError):
                mine.action_count()
        for user in (self.salesman, self.shipper, manager):
            mine = goods.with_user(user)
            for values in ({"excused_by_id": user.id}, {"quantity": 0}):
                with self.assertRaises(AccessError):
                    mine.write(values)
            with self.assertRaises(AccessError):
                mine.unlink()
        self.assertEqual(self._exposure(), 700)

    def test_goods_behind_the_parts(self):
        self._leave(3)
        self._leave(4)
        self._bill(2)
        self._goods_of(self._leave(1)).action_excuse("Gift")
        action = self.account.with_user(self.salesman).action_view_unordered()
        goods = self.env[action["res_model"]].with_user(self.salesman)
        goods = goods.search(action["domain"])
        self.assertEqual(len(goods), 2)
        self.assertEqual(sum(goods.mapped("amount_delivered")), 500)
        self.assertEqual(sum(goods.mapped("amount_draft")), 200)
        self.assertEqual(self.account.exposure_unordered, 700)
        self.assertEqual(self.customer.jxc_exposure_unordered, 700)
        action = self.customer.with_context(part="unordered").action_jxc_view_exposure()
        self.assertEqual(goods.search(action["domain"]), goods)

    def test_one_query_for_many(self):
        customers = self.env["res.partner"].create(
            [{"name": f"C{n}", "is_company": True} for n in range(10)]
        )
        accounts = self.env["jxc.credit.account"].create(
            [{"partner_id": one.id, "credit_limit": 1000} for one in customers]
        )
        for customer in customers:
            self._leave(1, partner_id=customer.id)
        self.env.flush_all()
        self.env.invalidate_all()
        accounts.mapped("credit_limit")
        accounts._jxc_read_exposure()
        for some in (accounts[:1], accounts):
            with self.assertQueryCount(1):
                some._jxc_read_exposure()
        self.assertEqual(sum(accounts.mapped("exposure")), 1000)

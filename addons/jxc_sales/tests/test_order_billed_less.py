# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from contextlib import suppress

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command, Date
from odoo.tests import tagged

from .common import CreditCommon


@tagged("post_install", "-at_install")
class TestOrderBilledLess(CreditCommon):
    """What was agreed and delivered stays owed, whatever the invoice asks for."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.account.order_action = "block"
        cls.seller = cls._create_user(
            "jxc_billing_seller",
            "sales_team.group_sale_salesman_all_leads,account.group_account_invoice",
        )
        cls.biller = cls._create_user("jxc_biller", "account.group_account_invoice")
        cls.manager = cls._create_user("jxc_boss", "sales_team.group_sale_manager")
        cls.shell = cls.env["res.partner"].create({"name": "Shell", "is_company": True})
        cls.env["jxc.credit.account"].create(
            {"partner_id": cls.shell.id, "unlimited": True}
        )

    def _delivered(self, quantity=9, **values):
        order = self._create_order(quantity, user_id=self.seller.id, **values)
        order.action_confirm()
        self._deliver(order)
        return order

    def _bill(self, order, user=None, post=True, **line):
        """Invoice what is delivered, changed by a user."""
        invoice = order._create_invoices().with_user(user or self.seller)
        if line:
            lines = invoice.invoice_line_ids.filtered(lambda one: one.quantity > 0)
            lines.write(line)
        if post:
            invoice.action_post()
        return invoice

    def _assert_no_room(self):
        with self.assertRaisesRegex(UserError, "limit"):
            self._create_order(9).with_user(self.seller).action_confirm()

    def _create_service(self):
        return self.env["product.product"].create(
            {
                "name": "Rebate",
                "type": "service",
                "invoice_policy": "order",
                "taxes_id": [Command.clear()],
            }
        )

    # -- invoices of somebody else --------------------------------------------------

    def _free_invoice(self, partner, post=True, **line):
        invoice = (
            self.env["account.move"]
            .with_user(self.biller)
            .create(
                {
                    "move_type": "out_invoice",
                    "partner_id": partner.id,
                    "invoice_date": Date.today(),
                    "invoice_line_ids": [
                        Command.create(
                            {
                                "name": "Free",
                                "product_id": self.product.id,
                                "quantity": 9,
                                "price_unit": 0,
                                "tax_ids": False,
                                **line,
                            }
                        )
                    ],
                }
            )
        )
        if post:
            invoice.action_post()
        return invoice

    def test_posted_invoice_linked_to_an_order(self):
        order = self._delivered()
        for partner in (self.shell, self.customer):
            invoice = self._free_invoice(partner)
            link = {"sale_line_ids": [Command.set(order.order_line.ids)]}
            line = invoice.invoice_line_ids
            with self.subTest(partner.name):
                with suppress(AccessError, UserError):
                    line.write(link)
                with suppress(AccessError, UserError):
                    invoice.write({"invoice_line_ids": [Command.update(line.id, link)]})
                self.assertFalse(line.sale_line_ids)
                self.assertEqual(self._exposure(), 900)
        self._assert_no_room()

    def test_posted_invoice_of_an_order_cut_from_it(self):
        """What is invoiced is not invoiced a second time."""
        order = self._delivered()
        invoice = self._bill(order)
        line = invoice.with_user(self.biller).invoice_line_ids
        with self.assertRaisesRegex(UserError, "which orders"):
            line.write({"sale_line_ids": [Command.clear()]})
        self.assertEqual(order.order_line.qty_invoiced, 9)

    def test_draft_of_another_customer_linked_to_an_order(self):
        order = self._delivered()
        invoice = self._free_invoice(self.shell, post=False, price_unit=100)
        with suppress(AccessError, UserError):
            invoice.invoice_line_ids.write(
                {"sale_line_ids": [Command.set(order.order_line.ids)]}
            )
        invoice.action_post()
        self.assertEqual(self._exposure(), 900)
        self._assert_no_room()

    def test_vendor_credit_note_linked_to_an_order(self):
        order = self._delivered()
        move = self.env["account.move"].create(
            {
                "move_type": "in_refund",
                "partner_id": self.customer.id,
                "invoice_date": Date.today(),
                "invoice_line_ids": [
                    Command.create(
                        {
                            "name": "Back",
                            "product_id": self.product.id,
                            "quantity": 9,
                            "price_unit": 100,
                            "tax_ids": False,
                            "sale_line_ids": [Command.set(order.order_line.ids)],
                        }
                    )
                ],
            }
        )
        with suppress(UserError):
            move.with_user(self.biller).action_post()
        self.assertEqual(self._exposure(), 900)
        self._assert_no_room()

    def test_order_invoiced_to_somebody_else(self):
        order = self._delivered()
        invoice = self._bill(order, post=False)
        invoice.partner_id = self.shell
        invoice.action_post()
        self.assertEqual(self._exposure(), 900)
        self._assert_no_room()
        # Who sees to it that he owes for the order moves the debt.
        order.partner_invoice_id = self.shell
        self.assertEqual(self._exposure(), 0)

    # -- invoices below the order ---------------------------------------------------

    def test_invoice_that_asks_less(self):
        for name, values in {
            "price": {"price_unit": 0.01},
            "for nothing": {"price_unit": 0},
            "discount": {"discount": 99.99},
            "all off": {"discount": 100},
            "half": {"price_unit": 50},
            "unit": {
                "product_uom_id": self.env.ref("uom.product_uom_dozen").id,
                "quantity": 0.75,
                "price_unit": 100,
            },
        }.items():
            with self.subTest(name):
                order = self._delivered()
                invoice = self._bill(order, **values)
                self.assertEqual(invoice.state, "posted")
                self.assertAlmostEqual(self._exposure(), 900)
                self._assert_no_room()
                invoice.button_draft()
                self.assertEqual(self._parts(), {"draft": 900})
                invoice.button_cancel()
                self._return(order, 9)
                self.assertEqual(self._exposure(), 0)

    def test_line_that_takes_all_off_again(self):
        order = self._delivered()
        invoice = self._bill(order, post=False)
        invoice.invoice_line_ids = [
            Command.create({"name": "Off", "price_unit": -899, "tax_ids": False})
        ]
        invoice.action_post()
        self.assertEqual(self._parts(), {"receivable": 1, "delivered": 899})
        self._assert_no_room()

    def test_discount_of_the_order_taken_twice(self):
        order = self._create_order(9)
        rebate = self._create_service()
        order.order_line = [
            Command.create({"product_id": rebate.id, "price_unit": -80})
        ]
        order.action_confirm()
        self._deliver(order)
        invoice = self._bill(order, post=False)
        line = invoice.invoice_line_ids.filtered(lambda one: one.price_unit < 0)
        line.quantity = 11
        invoice.action_post()
        self.assertEqual(invoice.amount_total, 20)
        self.assertEqual(self._exposure(), 820)

    def test_deposit_taken_off_beyond_what_it_was(self):
        order = self._create_order(9)
        order.action_confirm()
        deposit = (
            self.env["sale.advance.payment.inv"]
            .with_context(active_model="sale.order", active_ids=order.ids)
            .create({"advance_payment_method": "fixed", "fixed_amount": 300})
        )._create_invoices(order)
        deposit.action_post()
        self._deliver(order)
        invoice = order._create_invoices(final=True)
        line = invoice.invoice_line_ids.filtered(lambda one: one.quantity < 0)
        invoice.with_user(self.seller).invoice_line_ids.browse(line.id).price_unit = 899
        invoice.with_user(self.seller).action_post()
        self.assertEqual(self._exposure(), 900)

    def test_one_invoice_for_two_orders(self):
        self.account.credit_limit = 2000
        one, other = self._delivered(), self._delivered()
        invoice = self._bill(one, post=False)
        with suppress(AccessError, UserError):
            invoice.invoice_line_ids.write(
                {"sale_line_ids": [Command.link(other.order_line.id)]}
            )
        invoice.action_post()
        self.assertEqual(self._exposure(), 1800)

    def test_cancelled_order(self):
        order = self._delivered()
        self._bill(order, price_unit=0.01)
        order.with_context(disable_cancel_warning=True).action_cancel()
        self.assertAlmostEqual(self._exposure(), 900)

    # -- what stays as it was -------------------------------------------------------

    def test_rounding_of_parts(self):
        """Three thirds of an odd price with tax are all of it."""
        taxed = self._create_lamp(
            taxes_id=[Command.set(self.company_data["default_tax_sale"].ids)]
        )
        order = self._create_order(9, price=33.337, product=taxed)
        order.action_confirm()
        for quantity in (1, 3, 5):
            self._deliver(order, quantity)
            order._create_invoices().action_post()
        billed = sum(order.invoice_ids.mapped("amount_total"))
        self.assertAlmostEqual(self._exposure(), billed)

    def test_two_invoices_that_are_right_together(self):
        order = self._delivered()
        first = self._bill(order, quantity=3, price_unit=60)
        self.assertEqual(self._parts(), {"receivable": 180, "delivered": 720})
        self._bill(order, price_unit=120)
        self.assertEqual(self._parts(), {"receivable": 900})
        self.assertEqual(order.invoice_status, "invoiced")
        self.assertEqual(first.state, "posted")

    def test_credit_note(self):
        """Goods that came back are owed as little as they were asked for."""
        order = self._delivered()
        self._bill(order, price_unit=50)
        self._return(order, 4)
        self.assertEqual(self._exposure(), 500)
        credit_note = order._create_invoices(final=True)
        credit_note.invoice_line_ids.price_unit = 50
        credit_note.action_post()
        self.assertEqual(self._exposure(), 500)

    def test_foreign_currency(self):
        currency = self.setup_other_currency("EUR", rates=[("2020-01-01", 4.0)])
        pricelist = self.env["product.pricelist"].create(
            {"name": "EUR", "currency_id": currency.id}
        )
        order = self._delivered(5, price=400, pricelist_id=pricelist.id)
        self._bill(order, post=False, price_unit=100).action_post()
        self.assertEqual(self._parts(), {"receivable": 125, "delivered": 375})
        other = self._bill(self._delivered(1), post=False)
        other.currency_id = currency
        other.invoice_line_ids.price_unit = 100
        other.action_post()
        self.assertEqual(self._parts(), {"receivable": 150, "delivered": 450})

    def test_rate_of_an_invoice(self):
        currency = self.setup_other_currency("EUR", rates=[("2020-01-01", 4.0)])
        pricelist = self.env["product.pricelist"].create(
            {"name": "EUR", "currency_id": currency.id}
        )
        for rate, expected in ((1000, 500), (4.4, 454.55)):
            order = self._delivered(5, price=400, pricelist_id=pricelist.id)
            invoice = self._bill(order, post=False)
            invoice.invoice_currency_rate = rate
            invoice.action_post()
            with self.subTest(rate=rate):
                self.assertAlmostEqual(self._exposure(), expected)
            invoice.button_draft()
            invoice.button_cancel()
            self._return(order, 5)

    # -- who lets it go -------------------------------------------------------------

    def test_cheaper_order(self):
        order = self._delivered()
        self._bill(order, price_unit=80)
        self.assertEqual(self._parts(), {"receivable": 720, "delivered": 180})
        own = order.with_user(self.seller)
        for values in ({"price_unit": 80}, {"discount": 20}):
            with self.subTest(**values), self.assertRaisesRegex(UserError, "manager"):
                own.order_line.write(values)
        # Nor does a line that takes off later what the invoice left out.
        rebate = {"product_id": self._create_service().id, "price_unit": -180}
        with self.assertRaisesRegex(UserError, "manager"):
            own.order_line = [Command.create(rebate)]
        order.with_user(self.manager).order_line = [Command.create(rebate)]
        self.assertEqual(self._exposure(), 900)
        own.order_line[1].product_uom_qty = 0
        order.with_user(self.manager).order_line[0].price_unit = 80
        self.assertEqual(self._parts(), {"receivable": 720})

    def test_accepted_by_a_credit_manager(self):
        keeper = self._create_user("jxc_keeper", "jxc_base.group_credit_manager")
        order = self._delivered()
        self._bill(order, price_unit=80)
        self.assertEqual(order.jxc_billed_less, 180)
        for user in (self.seller, self.manager, self.biller):
            own = order.with_user(user)
            with self.assertRaises(AccessError):
                own.action_jxc_accept_billed_less("mine")
            with self.assertRaises(AccessError):
                own.write({"jxc_billed_less_accepted": 180})
        for no_reason in (True, 7, None):
            with self.assertRaisesRegex(UserError, "why"):
                order.with_user(keeper).action_jxc_accept_billed_less(no_reason)
        action = order.with_user(keeper).action_jxc_ask_accept_billed_less()
        wizard = (
            self.env[action["res_model"]]
            .with_user(keeper)
            .with_context(**action["context"])
            .create({"reason": " "})
        )
        with self.assertRaisesRegex(UserError, "why"):
            wizard.action_accept()
        wizard.reason = "Came late"
        wizard.action_accept()
        self.assertEqual(self._parts(), {"receivable": 720})
        self.assertIn("Came late", order.message_ids[0].body)
        self.assertEqual(order.message_ids[0].author_id, keeper.partner_id)
        with self.assertRaisesRegex(UserError, "what was agreed"):
            wizard.action_accept()

    # -- lowest prices --------------------------------------------------------------

    def test_lowest_price(self):
        self.product.product_tmpl_id.jxc_min_price = 80
        for action in ("block", "approval"):
            self.company.jxc_min_price_action = action
            order = self._delivered()
            for values in ({"price_unit": 10}, {"discount": 21}):
                invoice = self._bill(order, post=False, **values)
                with self.subTest(action=action, **values):
                    with self.assertRaisesRegex(UserError, "below the lowest price"):
                        invoice.action_post()
                    self.assertEqual(invoice.state, "draft")
                invoice.button_cancel()
            invoice = self._bill(order, post=False)
            invoice.invoice_line_ids = [
                Command.create({"name": "Off", "price_unit": -300, "tax_ids": False})
            ]
            with self.assertRaisesRegex(UserError, "below the lowest price"):
                invoice.action_post()
            invoice.button_cancel()
            self._bill(order, price_unit=80)
            self._return(order, 9)
            self.account.unlimited = True
        self.company.jxc_min_price_action = "warn"
        order = self._delivered()
        self._bill(order, price_unit=10)
        self.assertIn("below the lowest price", order.message_ids[0].body)

    def test_order_that_was_let_below_the_lowest_price(self):
        self.product.product_tmpl_id.jxc_min_price = 80
        order = self._delivered(price=70)
        self.company.jxc_min_price_action = "block"
        self._bill(order)
        self.assertEqual(self._parts(), {"receivable": 630})

    def test_reverse_and_invoice_again(self):
        """Links go along with what the platform's reversal makes."""
        order = self._delivered()
        invoice = self._bill(order)
        wizard = (
            self.env["account.move.reversal"]
            .with_user(self.seller)
            .with_context(active_model="account.move", active_ids=invoice.ids)
            .create({"journal_id": invoice.journal_id.id, "reason": "again"})
        )
        wizard.modify_moves()
        self.assertEqual(self._exposure(), 900)
        again = order.invoice_ids.filtered(lambda move: move.state == "draft")
        self.assertEqual(again.invoice_line_ids.sale_line_ids, order.order_line)
        again.with_user(self.seller).action_post()
        self.assertEqual(self._parts(), {"receivable": 900})

    def test_invoices_from_before(self):
        order = self._delivered()
        self._bill(order, price_unit=50)
        self.company.sudo().jxc_billed_after = self.company._jxc_last_invoice_line()
        order.invalidate_recordset()
        self.env.add_to_compute(order._fields["jxc_credit_delivered"], order)
        self.assertEqual(self._exposure(), 450)

# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from contextlib import suppress

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import new_test_user, tagged

from .common import CreditCommon


@tagged("post_install", "-at_install")
class TestCreditAttacks(CreditCommon):
    """Ways past the limit that are no buttons: RPC calls of ordinary users."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.biller = new_test_user(
            cls.env,
            "jxc_biller",
            "account.group_account_invoice,sales_team.group_sale_salesman_all_leads",
            company_id=cls.company.id,
            company_ids=[Command.set(cls.company.ids)],
        )
        cls.shipper = new_test_user(
            cls.env,
            "jxc_shipper",
            "stock.group_stock_user,sales_team.group_sale_salesman_all_leads",
            company_id=cls.company.id,
            company_ids=[Command.set(cls.company.ids)],
        )
        cls.portal = new_test_user(cls.env, "jxc_portal_buyer", "base.group_portal")
        cls.portal.partner_id.parent_id = cls.customer

    def _line_values(self, quantity):
        return {
            "product_id": self.product.id,
            "product_uom_qty": quantity,
            "price_unit": 100,
        }

    # -- born confirmed -----------------------------------------------------------

    def test_state_by_default(self):
        orders = self.env["sale.order"].with_user(self.salesman)
        with suppress(UserError):
            order = orders.with_context(default_state="sale").create(
                {
                    "partner_id": self.customer.id,
                    "order_line": [Command.create(self._line_values(5))],
                }
            )
            self.assertEqual(order.state, "draft")

    def test_state_by_own_default(self):
        self.env["ir.default"].with_user(self.salesman).set(
            "sale.order", "state", "sale", user_id=True
        )
        orders = self.env["sale.order"].with_user(self.salesman)
        with suppress(UserError):
            order = orders.create({"partner_id": self.customer.id})
            self.assertEqual(order.state, "draft")

    def test_amounts_by_default(self):
        orders = self.env["sale.order"].with_user(self.salesman)
        order = orders.with_context(
            default_currency_rate=1e9,
            default_price_total=0.0,
            default_price_subtotal=0.0,
            default_qty_invoiced=1000,
            default_qty_delivered=1000,
            default_is_downpayment=True,
        ).create(
            {
                "partner_id": self.customer.id,
                "order_line": [Command.create(self._line_values(11))],
            }
        )
        with self.assertRaises(UserError):
            order.action_confirm()

    def test_copy_with_state(self):
        order = self._create_order(1).with_user(self.salesman)
        with self.assertRaises(UserError):
            order.copy({"state": "sale"})

    # -- lines --------------------------------------------------------------------

    def test_line_created_with_default_order(self):
        order = self._create_order(8)
        order.action_confirm()
        lines = self.env["sale.order.line"].with_user(self.salesman)
        with self.assertRaises(UserError):
            lines.with_context(default_order_id=order.id).create(self._line_values(3))

    # -- leaving the state --------------------------------------------------------

    def test_state_is_not_left_by_writing(self):
        order = self._create_order(10)
        order.action_confirm()
        for state in ("draft", "sent", "cancel", False):
            with self.subTest(state), self.assertRaises(UserError):
                order.with_user(self.salesman).write({"state": state})
        order.invalidate_recordset()
        self.assertEqual(self._exposure(), 1000)
        order.with_user(self.shipper).action_cancel()
        self.assertEqual(order.state, "cancel")
        self.assertEqual(self._exposure(), 0)

    def test_delivered_goods_of_a_cancelled_order_are_owed(self):
        order = self._create_order(10)
        order.action_confirm()
        self._deliver(order, 6)
        order.with_user(self.shipper).action_cancel()
        self.assertEqual(order.state, "cancel")
        self.assertEqual(self._parts(), {"delivered": 600})
        order.with_user(self.salesman).action_draft()
        self.assertEqual(self._exposure(), 600)

    # -- who owes -----------------------------------------------------------------

    def test_contact_does_not_take_orders_along(self):
        contact = self.env["res.partner"].create(
            {"name": "Buyer", "parent_id": self.customer.id, "type": "invoice"}
        )
        other = self.env["res.partner"].create({"name": "Shell", "is_company": True})
        order = self._create_order(10, partner_invoice_id=contact.id)
        order.action_confirm()
        self.salesman.group_ids += self.env.ref("base.group_partner_manager")
        own = contact.with_user(self.salesman)
        for values in (
            {"parent_id": other.id},
            {"parent_id": False},
            {"is_company": True},
        ):
            with self.subTest(values=values), self.assertRaises(ValidationError):
                own.write(values)
        contact.invalidate_recordset()
        self.assertEqual(self._exposure(), 1000)
        order.action_cancel()
        own.parent_id = other
        self.assertEqual(contact.commercial_partner_id, other)

    # -- invoices -----------------------------------------------------------------

    def _confirmed(self, quantity=1, **values):
        order = self._create_order(quantity, **values)
        order.action_confirm()
        self._deliver(order)
        return order

    def test_invoice_of_more_than_its_order(self):
        self._assert_not_posted(quantity=20)

    def test_invoice_dearer_than_its_order(self):
        self._assert_not_posted(price_unit=5000)

    def _assert_not_posted(self, **values):
        invoice = self._confirmed()._create_invoices()
        invoice.invoice_line_ids.write(values)
        with self.assertRaises(UserError):
            invoice.with_user(self.biller).action_post()

    def test_invoice_beyond_its_order_within_the_limit(self):
        """What the draft brought to the exposure already is not asked for twice."""
        invoice = self._confirmed()._create_invoices()
        invoice.invoice_line_ids.quantity = 9
        self.assertEqual(self._exposure(), 900)
        invoice.with_user(self.biller).action_post()
        self.assertEqual(self._parts(), {"receivable": 900})

    def test_invoice_of_an_order_for_somebody_else(self):
        self._create_order(9).action_confirm()
        free = self.env["res.partner"].create({"name": "Free", "is_company": True})
        order = self._confirmed(10, partner_id=free.id)
        invoice = order._create_invoices()
        invoice.with_user(self.biller).partner_id = self.customer
        with self.assertRaises(UserError):
            invoice.with_user(self.biller).action_post()

    def test_posted_by_writing(self):
        invoice = self._free_invoice(5000)
        with self.assertRaises(UserError):
            invoice.with_user(self.biller).write({"state": "posted"})
            self.env.flush_all()

    def test_posted_by_default(self):
        moves = self.env["account.move"].with_user(self.biller)
        with suppress(UserError):
            move = moves.with_context(default_state="posted").create(
                self._free_invoice_values(5000)
            )
            self.assertEqual(move.state, "draft")

    def test_customer_of_a_posted_invoice(self):
        free = self.env["res.partner"].create({"name": "Free", "is_company": True})
        invoice = self._free_invoice(5000, partner_id=free.id)
        invoice.action_post()
        own = invoice.with_user(self.biller)
        for context in ({}, {"skip_readonly_check": True}):
            with self.assertRaises(UserError):
                own.with_context(**context).write({"partner_id": self.customer.id})
        self.assertEqual(self._exposure(), 0)

    def test_customer_of_a_posted_item(self):
        """The line that is owed may not be another's than the invoice, either way."""
        free = self.env["res.partner"].create({"name": "Free", "is_company": True})
        mine, theirs = (
            self._free_invoice(900),
            self._free_invoice(5000, partner_id=free.id),
        )
        (mine | theirs).action_post()
        for move, partner in ((mine, free), (theirs, self.customer)):
            item = move.line_ids.filtered("date_maturity").with_user(self.biller)
            for context in ({}, {"skip_readonly_check": True}):
                with self.assertRaises(UserError):
                    item.with_context(**context).write({"partner_id": partner.id})
        self.assertEqual(self._exposure(), 900)

    def _free_invoice_values(self, amount, **values):
        return {
            "move_type": "out_invoice",
            "partner_id": self.customer.id,
            "invoice_date": "2024-01-01",
            "invoice_line_ids": [
                Command.create({"name": "Work", "price_unit": amount, "tax_ids": False})
            ],
            **values,
        }

    def _free_invoice(self, amount, **values):
        return self.env["account.move"].create(
            self._free_invoice_values(amount, **values)
        )

    # -- negative orders ----------------------------------------------------------

    def test_negative_order_gives_no_credit(self):
        self._create_order(1, price=-5000).with_user(self.salesman).action_confirm()
        with self.assertRaises(UserError):
            self._create_order(11).with_user(self.salesman).action_confirm()

    def test_draft_credit_note_of_a_negative_order_gives_no_credit(self):
        order = self._create_order(1, price=-5000, product=self._create_service())
        order.action_confirm()
        credit_note = order._create_invoices(final=True)
        self.assertEqual(credit_note.move_type, "out_refund")
        self.assertEqual(self._exposure(), 0)
        credit_note.action_post()
        self.assertEqual(self._exposure(), -5000)

    def test_goods_that_are_to_come_back_give_no_credit(self):
        """Neither a return nor a rebate on goods pays for what leaves before it."""
        for quantity, price in ((-20, 100), (1, -2000)):
            order = self._create_order(20)
            order.order_line = [
                Command.create(
                    {
                        "product_id": self.product.id,
                        "product_uom_qty": quantity,
                        "price_unit": price,
                    }
                )
            ]
            with self.subTest(price=price), self.assertRaises(UserError):
                order.with_user(self.salesman).action_confirm()
        order = self._create_order(10)
        order.order_line = [Command.create({**self._line_values(-3)})]
        order.action_confirm()
        self.assertEqual(self._parts(), {"ordered": 1000})
        back = order.picking_ids.filtered(lambda p: p.picking_type_code == "incoming")
        back.move_ids.write({"quantity": 3, "picked": True})
        back._action_done()
        self.assertEqual(self._exposure(), 700, "now they are here")

    def _create_service(self):
        return self.env["product.product"].create(
            {
                "name": "Rebate",
                "type": "service",
                "invoice_policy": "order",
                "taxes_id": [Command.clear()],
            }
        )

    def test_deposit_beyond_the_order_is_owed(self):
        order = self._create_order(5)
        order.action_confirm()
        wizard = self.env["sale.advance.payment.inv"].create(
            {
                "advance_payment_method": "fixed",
                "fixed_amount": 100,
                "sale_order_ids": [Command.set(order.ids)],
            }
        )
        invoice = wizard._create_invoices(order)
        invoice.invoice_line_ids.filtered("quantity").price_unit = 5000
        with self.assertRaises(UserError):
            invoice.with_user(self.biller).action_post()
        self.account.unlimited = True
        invoice.action_post()
        self.assertEqual(self._exposure(), invoice.amount_total)

    # -- what others may read -----------------------------------------------------

    def test_portal_reads_no_limits(self):
        order = self._create_order(11)
        order.message_subscribe(self.portal.partner_id.ids)
        order.state = "sent"
        partner = self.portal.partner_id.with_user(self.portal)
        for record, name in (
            (order.with_user(self.portal), "jxc_credit_hint"),
            (order.with_user(self.portal), "jxc_credit_ordered"),
            (partner, "jxc_credit_available"),
            (partner, "jxc_credit_unlimited"),
            (partner, "jxc_credit_account_id"),
        ):
            record.check_access("read")
            with self.subTest(name), self.assertRaises(AccessError):
                record.read([name])

    def test_clerks_read_no_limits(self):
        clerk = new_test_user(self.env, "jxc_clerk", "base.group_user")
        partner = self.customer.with_user(clerk)
        for name in ("jxc_credit_available", "jxc_credit_account_id"):
            with self.subTest(name), self.assertRaises(AccessError):
                partner.read([name])

    # -- raises -------------------------------------------------------------------

    def test_revoked_stays_revoked(self):
        raised = self.env["jxc.credit.override"].create(
            {
                "account_id": self.account.id,
                "amount": 100,
                "until": "2199-12-31",
                "reason": "Fair",
            }
        )
        raised.action_revoke()
        with self.assertRaises(UserError):
            raised.write({"revoked": False})

    def test_account_with_raises_is_kept(self):
        self.env["jxc.credit.override"].create(
            {
                "account_id": self.account.id,
                "amount": 100,
                "until": "2199-12-31",
                "reason": "Fair",
            }
        )
        with self.assertRaises(UserError):
            self.account.unlink()

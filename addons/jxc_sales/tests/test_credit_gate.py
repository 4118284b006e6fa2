# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
import re
from contextlib import suppress
from unittest.mock import patch

from odoo import sql_db
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged

from .common import CreditCommon

#: What the platform alone would not send when an order is confirmed.
OURS = re.compile(r'^SAVEPOINT|\b(?:FROM|JOIN|INTO|UPDATE)\s+"?(?:jxc_|tier_)')
#: Tiers with reviews, units of the goods, the savepoint, tiers again (a flush of a new
#: order's tracking forgets them), whose account it is, the account, the gate.
MOST = 7


@tagged("post_install", "-at_install")
class TestCreditGate(CreditCommon):
    def test_block_says_everything(self):
        self._create_order(7).action_confirm()
        with self.assertRaises(UserError) as refused:
            self._create_order(5).action_confirm()
        text = str(refused.exception)
        for fact in ("Bright Trading", "1,000.00", "700.00", "500.00", "200.00"):
            self.assertIn(fact, text)
        self.assertIn("Ordered, Not Delivered", text)
        self.assertIn("temporary raise", text)

    def test_exactly_the_limit_fits(self):
        self._create_order(10).action_confirm()
        self.assertEqual(self._exposure(), 1000)
        with self.assertRaises(UserError):
            self._create_order(1, price=0.01).action_confirm()

    def test_batch_is_judged_together(self):
        """Each order with the ones before it: what fits goes through."""
        orders = self._create_order(4) | self._create_order(5) | self._create_order(4)
        answer = orders.with_user(self.salesman).action_confirm()
        self.assertEqual(orders.mapped("state"), ["sale", "sale", "draft"])
        self.assertIn(orders[2].name, answer["params"]["message"])
        self.assertIn("300.00", answer["params"]["message"])
        self.assertIn("300.00", "".join(orders[2].message_ids.mapped("body")))
        self.assertEqual(self._exposure(), 900)
        with self.assertRaises(UserError):
            orders[2].action_confirm()

    def test_batch_of_which_nothing_fits(self):
        orders = self._create_order(11) | self._create_order(12)
        with self.assertRaises(UserError) as refused:
            orders.action_confirm()
        for order in orders:
            self.assertIn(order.name, str(refused.exception))
            self.assertEqual(order.state, "draft")

    def test_batch_of_several_customers(self):
        poor = self.env["res.partner"].create({"name": "Poor", "is_company": True})
        self.env["jxc.credit.account"].create(
            {"partner_id": poor.id, "credit_limit": 100}
        )
        none = self.env["res.partner"].create({"name": "None", "is_company": True})
        self.company.jxc_credit_no_account = "block"
        orders = (
            self._create_order(2, partner_id=poor.id)
            | self._create_order(5)
            | self._create_order(1, partner_id=poor.id)
            | self._create_order(1, partner_id=none.id)
            | self._create_order(5)
        )
        orders.action_confirm()
        self.assertEqual(
            orders.mapped("state"), ["draft", "sale", "sale", "draft", "sale"]
        )

    def test_swallowed_error_leaves_nothing(self):
        order = self._create_order(11)
        with suppress(UserError):
            order.action_confirm()
        self.env.flush_all()
        order.invalidate_recordset()
        self.assertEqual(order.state, "draft")
        self.assertFalse(order.picking_ids)

    def test_error_swallowed_on_the_way_is_raised_all_the_same(self):
        """An extension in the middle of the confirmation lets nothing pass."""
        order = self._create_order(11)
        write = type(order).write

        def swallowing(orders, vals):
            with suppress(UserError):
                return write(orders, vals)
            return True

        with patch.object(type(order), "write", swallowing):
            with self.assertRaisesRegex(UserError, "100.00"):
                order.action_confirm()
        order.invalidate_recordset()
        self.assertEqual(order.state, "draft")
        self.assertFalse(order.picking_ids)
        self.assertEqual(self._exposure(), 0)

    def test_widening_is_asked_for(self):
        order = self._create_order(8)
        order.action_confirm()
        line = order.order_line
        extra = {"product_id": self.product.id, "product_uom_qty": 3}
        wider = {
            "quantity": lambda: line.write({"product_uom_qty": 11}),
            "price": lambda: line.write({"price_unit": 126}),
            "nested": lambda: order.write(
                {"order_line": [Command.update(line.id, {"product_uom_qty": 11})]}
            ),
            "added": lambda: order.write({"order_line": [Command.create(extra)]}),
            "created": lambda: line.create({**extra, "order_id": order.id}),
        }
        for name, widen in wider.items():
            with self.subTest(name), self.assertRaises(UserError):
                widen()
            order.invalidate_recordset()
            self.assertEqual(self._exposure(), 800)
        line.product_uom_qty = 10
        self.assertEqual(self._exposure(), 1000)

    def test_reduction_gives_back(self):
        order = self._create_order(10)
        order.action_confirm()
        order.order_line.product_uom_qty = 4
        order.order_line.discount = 50
        self.assertEqual(self._exposure(), 200)
        self._create_order(8).action_confirm()
        self.assertEqual(self._exposure(), 1000)

    def test_less_discount_is_more(self):
        order = self._create_order(10)
        order.order_line.discount = 20
        order.action_confirm()
        self._create_order(2).action_confirm()
        with self.assertRaises(UserError):
            order.order_line.discount = 10

    def test_change_of_customer(self):
        other = self.env["res.partner"].create({"name": "Poor", "is_company": True})
        self.env["jxc.credit.account"].create(
            {"partner_id": other.id, "credit_limit": 500}
        )
        order = self._create_order(8)
        order.action_confirm()
        with self.assertRaisesRegex(UserError, "Poor"):
            order.partner_invoice_id = other
        order.invalidate_recordset()
        order.order_line.product_uom_qty = 5
        order.partner_invoice_id = other
        self.assertEqual(self._exposure(), 0)

    def test_records_of_a_finished_change_are_watched_again(self):
        order = self._create_order(5)
        order.action_confirm()
        line = order.order_line.create(
            {
                "order_id": order.id,
                "product_id": self.product.id,
                "product_uom_qty": 1,
                "price_unit": 100,
            }
        )
        with self.assertRaises(UserError):
            line.price_unit = 100000

    def test_warn_and_none(self):
        self.account.order_action = "warn"
        order = self._create_order(12)
        order.action_confirm()
        self.assertEqual(order.state, "sale")
        self.assertIn("1,200.00", "".join(order.message_ids.mapped("body")))
        self.account.order_action = "none"
        quiet = self._create_order(12)
        quiet.action_confirm()
        self.assertNotIn("credit limit", "".join(quiet.message_ids.mapped("body")))

    def test_warning_and_blocking_accounts_in_one_batch(self):
        other = self.env["res.partner"].create({"name": "Warned", "is_company": True})
        self.env["jxc.credit.account"].create(
            {"partner_id": other.id, "credit_limit": 1, "order_action": "warn"}
        )
        fine = self._create_order(5)
        warned = self._create_order(5, partner_id=other.id)
        (fine | warned).action_confirm()
        self.assertIn("Warned", "".join(warned.message_ids.mapped("body")))
        self.assertNotIn("Warned", "".join(fine.message_ids.mapped("body")))

    def test_unlimited_and_no_credit(self):
        self.account.credit_limit = 0
        with self.assertRaises(UserError):
            self._create_order(1).action_confirm()
        self.account.unlimited = True
        self._create_order(100).action_confirm()

    def test_temporary_raise(self):
        order = self._create_order(12)
        with self.assertRaises(UserError):
            order.action_confirm()
        raised = self.env["jxc.credit.override"].create(
            {
                "account_id": self.account.id,
                "amount": 200,
                "until": "2199-12-31",
                "reason": "Fair",
            }
        )
        order.action_confirm()
        self.assertEqual(self._exposure(), 1200)
        self.account.invalidate_recordset()
        self.assertEqual(self.account.available, 0)
        raised.action_revoke()
        with self.assertRaises(UserError):
            self._create_order(1).action_confirm()
        self.assertIn("Fair", "".join(self.account.message_ids.mapped("body")))

    def test_invoice_without_order(self):
        invoice = self._invoice(900)
        invoice.action_post()
        self.assertEqual(self._parts(), {"receivable": 900})
        second = self._invoice(200)
        with self.assertRaisesRegex(UserError, "Bright Trading"):
            second.action_post()
        second.invalidate_recordset()
        self.assertEqual(second.state, "draft")
        self._invoice(300, "out_refund").action_post()
        second.action_post()
        self.assertEqual(self._exposure(), 800)

    def test_invoice_of_an_order_needs_nothing_more(self):
        order = self._create_order(10)
        order.action_confirm()
        self._deliver(order)
        order._create_invoices().action_post()
        self.assertEqual(self._parts(), {"receivable": 1000})

    def test_line_added_to_the_invoice_of_an_order(self):
        order = self._create_order(10)
        order.action_confirm()
        self._deliver(order)
        invoice = order._create_invoices()
        invoice.invoice_line_ids = [
            Command.create({"name": "Freight", "price_unit": 50, "tax_ids": False})
        ]
        with self.assertRaises(UserError):
            invoice.action_post()

    def test_customers_without_account(self):
        stranger = self.env["res.partner"].create({"name": "Stranger"})
        order = self._create_order(3, partner_id=stranger.id)
        self.company.jxc_credit_no_account = "block"
        with self.assertRaisesRegex(UserError, "Stranger"):
            order.action_confirm()
        self.company.jxc_credit_no_account = "default"
        self.company.jxc_credit_default_limit = 250
        with self.assertRaisesRegex(UserError, "Stranger"):
            order.action_confirm()
        order.invalidate_recordset()
        self.company.jxc_credit_default_limit = 300
        order.with_user(self.salesman).action_confirm()
        account = self.env["jxc.credit.account"].search(
            [("partner_id", "=", stranger.id)]
        )
        self.assertEqual((account.credit_limit, account.exposure), (300, 300))
        self.company.jxc_credit_no_account = "allow"
        free = self.env["res.partner"].create({"name": "Free"})
        self._create_order(1000, partner_id=free.id).action_confirm()

    def test_amounts_cannot_be_written(self):
        order = self._create_order(20).with_user(self.salesman)
        line = order.order_line
        for record, values in (
            (order, {"amount_total": 1}),
            (order, {"currency_rate": 1000}),
            (order, {"jxc_credit_ordered": 0}),
            (order, {"order_line": [Command.update(line.id, {"price_total": 1})]}),
            (line, {"price_total": 1}),
            (line, {"qty_invoiced": 20}),
            (line, {"qty_delivered": 0}),
        ):
            with self.subTest(values=values), self.assertRaises(AccessError):
                record.write(values)
        with self.assertRaises(AccessError):
            self.env["sale.order"].with_user(self.salesman).create(
                {"partner_id": self.customer.id, "jxc_credit_ordered": -5000}
            )

    def test_hint_on_quotations(self):
        small, large = self._create_order(5), self._create_order(15)
        self.assertFalse(small.jxc_credit_hint)
        self.assertIn("Bright Trading", large.jxc_credit_hint)
        small.action_confirm()
        self.assertFalse(small.jxc_credit_hint)

    def test_platform_banner_gives_way(self):
        self.company.account_use_credit_limit = True
        self.customer.with_company(self.company).credit_limit = 1
        self.assertEqual(self._create_order(5).partner_credit_warning, "")
        other = self.env["res.partner"].create({"name": "Other"})
        other.with_company(self.company).credit_limit = 1
        order = self._create_order(5, partner_id=other.id)
        self.assertTrue(order.partner_credit_warning)

    def test_queries_do_not_grow_with_history(self):
        def confirm():
            order = self._create_order(1, price=1)
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            order.action_confirm()
            self.env.flush_all()
            return self.env.cr.sql_log_count - before

        confirm()
        few = confirm()
        for _number in range(10):
            confirm()
        self.assertLessEqual(confirm(), few)

    def test_confirmation_asks_little_however_many_lines(self):
        """Statements on our tables, and savepoints, are few and always as many."""
        self._ours(1)  # what is asked once for all, is asked here
        few, many = self._ours(1), self._ours(20)
        self.assertEqual(len(few), len(many), "\n".join(many))
        self.assertLessEqual(len(many), MOST, "\n".join(many))

    def _ours(self, lines):
        line = {"product_id": self.product.id, "price_unit": 1}
        order = self._create_order(order_line=[Command.create(line)] * lines)
        self.env.flush_all()
        self.env.invalidate_all()
        found = []
        execute = sql_db.Cursor.execute

        def recording(cursor, query, *args, **kwargs):
            found.append(query if isinstance(query, str) else query.code)
            return execute(cursor, query, *args, **kwargs)

        with patch.object(sql_db.Cursor, "execute", recording):
            order.action_confirm()
            self.env.flush_all()
        self.assertEqual(order.state, "sale")
        return [text for text in found if OURS.search(text)]

    def _invoice(self, amount, move_type="out_invoice"):
        return self.env["account.move"].create(
            {
                "move_type": move_type,
                "partner_id": self.customer.id,
                "invoice_date": "2024-01-01",
                "invoice_line_ids": [
                    Command.create(
                        {"name": "Work", "price_unit": amount, "tax_ids": False}
                    )
                ],
            }
        )

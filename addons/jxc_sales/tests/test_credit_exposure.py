# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
import random

from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import tagged

from .common import CreditCommon


class Deal:
    """What happened to one order of one product, kept apart from Odoo's own figures."""

    def __init__(self, order, price):
        self.order = order
        self.price = price
        self.to_come = order.order_line.product_uom_qty
        self.held = 0
        self.drafted = 0
        self.posted = 0
        self.returned = 0

    def parts(self):
        """Quantities by part, straight from the story of the deal."""
        uncredited = max(0, self.drafted + self.posted - self.held - self.to_come)
        uninvoiced = max(0, self.held + self.to_come - self.drafted - self.posted)
        delivered = min(uninvoiced, max(0, self.held - self.drafted - self.posted))
        return {
            "draft": self.drafted,
            "delivered": delivered,
            "ordered": uninvoiced - delivered,
            "returned": min(self.returned, uncredited),
        }


@tagged("post_install", "-at_install")
class TestCreditExposure(CreditCommon):
    def test_life_of_an_order(self):
        self.account.credit_limit = 5000
        order = self._create_order(10)
        self.assertEqual(self._parts(), {})
        order.action_confirm()
        self.assertEqual(self._parts(), {"ordered": 1000})
        self._deliver(order, 6)
        self.assertEqual(self._parts(), {"ordered": 400, "delivered": 600})
        invoice = order._create_invoices()
        self.assertEqual(self._parts(), {"ordered": 400, "draft": 600})
        invoice.action_post()
        self.assertEqual(self._parts(), {"ordered": 400, "receivable": 600})
        self._pay(invoice, 250)
        self.assertEqual(self._exposure(), 400 + 350)
        self._return(order, 2)
        self.assertEqual(self._parts()["ordered"], 400, "the rest is still to come")
        self._deliver(order, backorder=False)
        self.assertEqual(self._exposure(), 350 + 200)

    def test_return_frees_before_the_credit_note(self):
        order = self._create_order(10)
        order.action_confirm()
        self._deliver(order)
        order._create_invoices().action_post()
        self._return(order, 3)
        self.assertEqual(self._parts(), {"receivable": 1000, "returned": 300})
        credit_note = order._create_invoices(final=True)
        self.assertEqual(credit_note.move_type, "out_refund")
        self.assertEqual(self._parts(), {"receivable": 1000, "draft": -300})
        credit_note.action_post()
        self.assertEqual(self._exposure(), 700)

    def test_rest_that_is_not_delivered_is_not_owed(self):
        order = self._create_order(10)
        order.action_confirm()
        self._deliver(order, 4, backorder=False)
        self.assertEqual(self._parts(), {"delivered": 400})

    def test_cancelled_order_owes_nothing(self):
        order = self._create_order(10)
        order.action_confirm()
        order.action_cancel()
        self.assertEqual(self._parts(), {})

    def test_tax_is_included(self):
        product = self._create_lamp(
            taxes_id=[Command.set(self.company_data["default_tax_sale"].ids)]
        )
        order = self._create_order(3, product=product)
        order.action_confirm()
        self.assertGreater(order.amount_tax, 0)
        self.assertEqual(self._parts(), {"ordered": order.amount_total})
        self._deliver(order)
        invoice = order._create_invoices()
        invoice.action_post()
        self.assertEqual(self._parts(), {"receivable": invoice.amount_total})

    def test_ordered_policy_counts_the_order(self):
        product = self._create_lamp(invoice_policy="order")
        order = self._create_order(10, product=product)
        order.action_confirm()
        order._create_invoices().action_post()
        self.assertEqual(self._parts(), {"receivable": 1000})
        self._deliver(order)
        self._return(order, 4)
        self.assertEqual(self._parts(), {"receivable": 1000, "returned": 400})

    def test_down_payment_reduces_the_order(self):
        order = self._create_order(10)
        order.action_confirm()
        wizard = (
            self.env["sale.advance.payment.inv"]
            .with_context(active_model="sale.order", active_ids=order.ids)
            .create({"advance_payment_method": "fixed", "fixed_amount": 300})
        )
        deposit = wizard._create_invoices(order)
        self.assertEqual(self._parts(), {"ordered": 700, "draft": 300})
        deposit.action_post()
        self.assertEqual(self._parts(), {"ordered": 700, "receivable": 300})
        self._pay(deposit)
        self.assertEqual(self._exposure(), 700)
        self._deliver(order)
        final = order._create_invoices(final=True)
        self.assertEqual(final.amount_total, 700)
        self.assertEqual(self._exposure(), 700)
        final.action_post()
        self.assertEqual(self._exposure(), 700)

    def test_discount_line_reduces_the_order(self):
        order = self._create_order(5)
        service = self.env["product.product"].create(
            {"name": "Discount", "type": "service", "taxes_id": [Command.clear()]}
        )
        order.order_line = [
            Command.create({"product_id": service.id, "price_unit": -80})
        ]
        order.action_confirm()
        self.assertEqual(self._exposure(), 420)

    def test_receipt_that_is_reset_to_draft_pays_nothing(self):
        """The platform leaves it set against the invoice; so is a reset invoice."""
        order = self._create_order(9)
        order.action_confirm()
        self._deliver(order)
        invoice = order._create_invoices()
        invoice.action_post()
        payment = self._pay(invoice)
        self.assertEqual(self._exposure(), 0)
        self.assertEqual(order._jxc_prepaid(), 900)
        payment.action_draft()
        self.assertEqual(self._parts(), {"receivable": 900})
        self.assertEqual(order._jxc_prepaid(), 0)
        with self.assertRaises(UserError):
            self._create_order(2).action_confirm()
        payment.action_post()
        self.assertEqual(self._exposure(), 0)
        invoice.button_draft()
        self.assertEqual(self._parts(), {"draft": 900, "unapplied": 900})

    def test_receipt_of_somebody_else_that_is_reset_to_draft(self):
        """Whoever paid: the invoice is open again, for whom it was written."""
        order = self._create_order(9)
        order.action_confirm()
        self._deliver(order)
        invoice = order._create_invoices()
        invoice.action_post()
        payment = self.env["account.payment"].create(
            {
                "payment_type": "inbound",
                "partner_type": "customer",
                "partner_id": self.env["res.partner"].create({"name": "Payer"}).id,
                "amount": 900,
                "journal_id": self.company_data["default_journal_bank"].id,
            }
        )
        payment.action_post()
        items = invoice.line_ids | payment.move_id.line_ids
        items.filtered(lambda i: i.account_type == "asset_receivable").reconcile()
        self.assertEqual(self._exposure(), 0)
        payment.action_draft()
        self.assertEqual(self._parts(), {"receivable": 900})
        self.assertEqual(self.customer.jxc_exposure_receivable, 900)

    def test_foreign_currency(self):
        currency = self.setup_other_currency("EUR", rates=[("2020-01-01", 4.0)])
        pricelist = self.env["product.pricelist"].create(
            {"name": "EUR", "currency_id": currency.id}
        )
        order = self._create_order(5, price=400, pricelist_id=pricelist.id)
        order.action_confirm()
        self.assertEqual(order.currency_id, currency)
        self.assertEqual(self._parts(), {"ordered": 500})
        self._deliver(order)
        order._create_invoices().action_post()
        self.assertEqual(self._parts(), {"receivable": 500})

    def test_contacts_and_members_count(self):
        contact = self.env["res.partner"].create(
            {"name": "Buyer", "parent_id": self.customer.id}
        )
        sister = self.env["res.partner"].create({"name": "Sister", "is_company": True})
        self.account.member_ids = sister
        self._create_order(2, partner_id=contact.id).action_confirm()
        self._create_order(3, partner_id=sister.id).action_confirm()
        self.assertEqual(self._exposure(), 500)

    def test_many_accounts_in_one_query(self):
        customers = self.env["res.partner"].create(
            [{"name": f"C{n}", "is_company": True} for n in range(20)]
        )
        accounts = self.env["jxc.credit.account"].create(
            [{"partner_id": c.id, "credit_limit": 1000} for c in customers]
        )
        for customer in customers[:3]:
            self._create_order(1, partner_id=customer.id).action_confirm()
        self.env.flush_all()
        self.env.invalidate_all()
        accounts[:1].mapped("exposure")
        one = self._queries(accounts[:1])
        self.assertLessEqual(self._queries(accounts), one)
        self.assertEqual(sum(accounts.mapped("exposure")), 300)

    def _queries(self, accounts):
        accounts.fetch(["credit_limit", "unlimited", "override_ids", "member_ids"])
        accounts.mapped("temporary_limit")
        accounts.currency_id.mapped("rounding")
        before = self.env.cr.sql_log_count
        accounts._compute_exposure()
        return self.env.cr.sql_log_count - before

    def test_random_histories(self):
        self.account.unlimited = True
        for seed in range(6):
            rng = random.Random(seed)
            deals = []
            for _step in range(14):
                self._random_step(rng, deals)
                self._check_against_documents(deals, seed)

    def _random_step(self, rng, deals):
        """One thing that may happen to one order."""
        steps = [self._step_new]
        if deals:
            deal = rng.choice(deals)
            open_invoice = deal.order.invoice_ids.filtered(lambda m: m.state == "draft")
            if deal.to_come:
                steps += [self._step_deliver] * 3 + [self._step_close]
            if deal.held > deal.drafted + deal.posted and not deal.drafted:
                steps += [self._step_invoice] * 3
            if open_invoice:
                steps += [self._step_post] * 3
            if deal.held and not deal.to_come and not deal.returned:
                steps += [self._step_return] * 2
            if deal.returned and deal.posted > deal.held and not deal.drafted:
                steps += [self._step_credit] * 2
            if not deal.held and not deal.posted and not deal.drafted:
                steps += [self._step_cancel]
            if deal.order.invoice_ids.filtered(
                lambda m: m.state == "posted" and m.amount_residual
            ):
                steps += [self._step_pay] * 2
        else:
            deal = None
        rng.choice(steps)(rng, deals, deal)

    def _step_new(self, rng, deals, _deal):
        price = rng.choice([10, 25.5, 99.99])
        order = self._create_order(rng.randint(1, 9), price=price)
        order.action_confirm()
        deals.append(Deal(order, price))

    def _step_deliver(self, rng, _deals, deal):
        quantity = rng.randint(1, int(deal.to_come))
        self._deliver(deal.order, quantity)
        deal.to_come -= quantity
        deal.held += quantity

    def _step_close(self, rng, _deals, deal):
        quantity = rng.randint(1, int(deal.to_come))
        self._deliver(deal.order, quantity, backorder=False)
        deal.to_come = 0
        deal.held += quantity

    def _step_invoice(self, _rng, _deals, deal):
        deal.order._create_invoices()
        deal.drafted = deal.held - deal.posted

    def _step_post(self, _rng, _deals, deal):
        deal.order.invoice_ids.filtered(lambda m: m.state == "draft").action_post()
        deal.posted += deal.drafted
        deal.drafted = 0

    def _step_return(self, rng, _deals, deal):
        pickings = deal.order.picking_ids.filtered(lambda p: p.state == "done")
        shipped = int(pickings.sorted("id")[-1].move_ids.quantity)
        quantity = rng.randint(1, shipped)
        self._return(deal.order, quantity)
        deal.held -= quantity
        deal.returned += quantity

    def _step_credit(self, _rng, _deals, deal):
        deal.order._create_invoices(final=True)
        deal.drafted = deal.held - deal.posted

    def _step_cancel(self, _rng, deals, deal):
        deal.order.action_cancel()
        deals.remove(deal)

    def _step_pay(self, rng, _deals, deal):
        invoice = deal.order.invoice_ids.filtered(
            lambda m: m.state == "posted" and m.amount_residual
        )[0]
        self._pay(invoice, invoice.currency_id.round(invoice.amount_residual / 2))

    def _check_against_documents(self, deals, seed):
        self.account.invalidate_recordset()
        for deal in deals:
            for part, quantity in deal.parts().items():
                self.assertAlmostEqual(
                    deal.order[f"jxc_credit_{part}"],
                    quantity * deal.price,
                    2,
                    f"{part} of {deal.order.name}, seed {seed}",
                )
            parts = deal.parts()
            out = parts["draft"] + parts["delivered"] - parts["returned"]
            out = max(0, min(out, out + parts["ordered"])) * deal.price
            self.assertAlmostEqual(deal.order.jxc_credit_shipped, out, 2)
        lines = self.env["account.move.line"].search(
            [
                ("partner_id", "=", self.customer.id),
                ("account_type", "=", "asset_receivable"),
                ("parent_state", "=", "posted"),
            ]
        )
        orders = self.env["sale.order"].search([("partner_id", "=", self.customer.id)])
        expected = (
            sum(lines.mapped("amount_residual"))
            + sum(orders.mapped("jxc_credit_draft"))
            + sum(orders.mapped("jxc_credit_delivered"))
            + sum(orders.mapped("jxc_credit_ordered"))
            - sum(orders.mapped("jxc_credit_returned"))
        )
        self.assertAlmostEqual(self.account.exposure, expected, 2)

# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from psycopg2.errors import CheckViolation

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from .match_common import MatchCommon


@tagged("post_install", "-at_install")
class TestInvoiceMatch(MatchCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.jxc_match_action = "block"
        cls.manager = cls._user("match_manager", "account.group_account_manager")
        cls.line = cls._buy("2026-01-05", 10, 10)

    def _states(self, bill):
        return bill.jxc_match_ids.mapped("state")

    def test_matched_and_partial(self):
        self._move("2026-01-05", self.line, 10)
        first = self._invoice("2026-01-06", self.line, 4, 10)
        self.assertEqual(self._states(first), ["partial"])
        second = self._invoice("2026-01-07", self.line, 6, 10.05)
        self.assertRecordValues(
            second.jxc_match_ids,
            [
                {
                    "state": "matched",
                    "quantity_ordered": 10,
                    "quantity_received": 10,
                    "quantity_available": 6,
                    "quantity_billed": 6,
                    "price_order": 10,
                    "price_bill": 10.05,
                    "is_open": False,
                }
            ],
        )

    def test_refused(self):
        with self.assertRaisesRegex(UserError, "Nothing received"):
            self._invoice("2026-01-06", self.line, 4, 10)
        self._move("2026-01-05", self.line, 10)
        with self.assertRaisesRegex(UserError, "More than received"):
            self._invoice("2026-01-06", self.line, 11, 10)
        with self.assertRaisesRegex(UserError, "Price differs"):
            self._invoice("2026-01-06", self.line, 10, 10.2)
        self.line.tax_ids = self.company_data["default_tax_purchase"]
        with self.assertRaisesRegex(UserError, "Tax differs"):
            self._invoice("2026-01-06", self.line, 10, 10)

    def test_order_of_somebody_else(self):
        """Nobody is paid for what another vendor delivered, or for other goods."""
        self._move("2026-01-05", self.line, 10)
        other = self.env["res.partner"].create({"name": "Other vendor"})
        contact = self.vendor.create({"name": "Desk", "parent_id": self.vendor.id})
        goods = self._goods("Other goods")
        for values, text in (
            ({"partner_id": other.id}, "Order of another vendor"),
            ({"product_id": goods.id}, "Order of another product"),
        ):
            bill = self._invoice("2026-01-06", self.line, 10, 10, post=False)
            target = bill if "partner_id" in values else bill.invoice_line_ids
            # The price again, which the platform takes from the new product.
            target.write(values)
            bill.invoice_line_ids.write(
                {
                    "price_unit": 10,
                    "tax_ids": [Command.clear()],
                    "purchase_line_id": self.line.id,
                }
            )
            with self.subTest(text):
                with self.assertRaisesRegex(UserError, text), self.env.cr.savepoint():
                    bill.with_user(self.clerk).action_post()
            bill.unlink()
        bill = self._invoice("2026-01-06", self.line, 10, 10, post=False)
        bill.partner_id = contact
        bill.with_user(self.clerk).action_post()
        self.assertEqual(self._states(bill), ["matched"])

    def test_order_of_somebody_else_is_released(self):
        """A factor has the claim; who may, says so, and for this one only."""
        self.company.jxc_match_action = "hold"
        self._move("2026-01-05", self.line, 10)
        factor, third = self.env["res.partner"].create(
            [{"name": "Factor"}, {"name": "Third"}]
        )
        bill = self._invoice("2026-01-06", self.line, 10, 10, post=False)
        bill.partner_id = factor
        bill.with_user(self.clerk).action_post()
        self.assertEqual(self._states(bill), ["vendor"])
        self.assertTrue(bill.jxc_match_open)
        bill.jxc_match_ids.with_user(self.manager).action_release("claim was assigned")
        self.assertFalse(bill.jxc_match_open)
        bill.button_draft()
        bill.partner_id = third
        bill.with_user(self.clerk).action_post()
        self.assertTrue(bill.jxc_match_open)

    def test_tolerances(self):
        self._move("2026-01-05", self.line, 10)
        self.company.write(
            {
                "jxc_match_qty_percent": 5,
                "jxc_match_qty_amount": 1,
                "jxc_match_price_percent": 0,
                "jxc_match_price_amount": 0.5,
            }
        )
        bill = self._invoice("2026-01-06", self.line, 11, 10.5)
        self.assertEqual(self._states(bill), ["matched"])
        with (
            mute_logger("odoo.sql_db"),
            self.assertRaises(CheckViolation),
            self.env.cr.savepoint(),
        ):
            self.company.jxc_match_total_amount = -1
            self.env.flush_all()

    def test_small_totals_pass(self):
        self._move("2026-01-05", self.line, 10)
        bill = self._invoice("2026-01-06", self.line, 2, 10.4)
        self.assertEqual(self._states(bill), ["price"])
        self.assertFalse(bill.jxc_match_ids.is_exceeded)

    def test_tax_changed_by_hand(self):
        tax = self.company_data["default_tax_purchase"]
        self.line.tax_ids = tax
        self._move("2026-01-05", self.line, 10)
        bill = self._invoice("2026-01-06", self.line, 10, 10, post=False)
        bill.invoice_line_ids.tax_ids = tax
        item = bill.line_ids.filtered("tax_line_id")
        with Form(bill) as form:
            totals = form.tax_totals
            group = totals["subtotals"][0]["tax_groups"][0]
            group["tax_amount_currency"] += 0.5
            form.tax_totals = totals
        self.assertNotEqual(item.exists().balance, bill.amount_untaxed * tax.amount)
        with self.assertRaisesRegex(UserError, "tax differs"):
            bill.action_post()
        bill.action_jxc_match()
        match = bill.jxc_match_ids
        self.assertRecordValues(
            match, [{"state": "tax", "amount_tax_difference": 0.5, "is_open": True}]
        )
        match.with_user(self.manager).action_release("rounded by the vendor")
        with Form(bill) as form:
            totals = form.tax_totals
            totals["subtotals"][0]["tax_groups"][0]["tax_amount_currency"] += 9
            form.tax_totals = totals
        with self.assertRaisesRegex(UserError, "tax differs"):
            bill.action_post()
        bill.action_jxc_match()
        self.company.jxc_match_action = "hold"
        bill.action_post()
        self.assertTrue(bill.jxc_match_open, "tax beyond tolerance holds the payment")

    def test_hold_until_released(self):
        self.company.jxc_match_action = "hold"
        self._move("2026-01-05", self.line, 10)
        bill = self._invoice("2026-01-06", self.line, 10, 12)
        self.assertTrue(bill.jxc_match_open)
        self.assertEqual(bill.state, "posted")
        with self.assertRaisesRegex(UserError, "held by matching"):
            self._pay(bill)
        match = bill.jxc_match_ids
        with self.assertRaises(AccessError):
            match.with_user(self.clerk).action_release("fine")
        with self.assertRaisesRegex(UserError, "Say why"):
            match.with_user(self.manager).action_release(" ")
        wizard = (
            self.env["jxc.invoice.match.release"]
            .with_user(self.manager)
            .with_context(match.action_open_release()["context"])
            .create({"reason": "agreed with the vendor"})
        )
        wizard.action_release()
        self.assertEqual(match.released_by_id, self.manager)
        self.assertEqual(match.release_reason, "agreed with the vendor")
        with self.assertRaisesRegex(UserError, "is not held"):
            match.with_user(self.manager).action_release("again")
        self._pay(bill)
        self.assertIn(bill.payment_state, ("paid", "in_payment"))

    def test_no_other_way_to_pay_a_held_bill(self):
        """Settlements, rows of reconciliation and payments without an entry."""
        self.company.jxc_match_action = "hold"
        self._move("2026-01-05", self.line, 10)
        bill = self._invoice("2026-01-06", self.line, 10, 12)
        payable = bill.line_ids.filtered(
            lambda item: item.account_id.account_type == "liability_payable"
        )
        other = self.env["res.partner"].create({"name": "Takes it over"})
        settlement = self.env["jxc.settlement"].with_user(self.clerk)
        transfer = settlement.create(
            {
                "kind": "payable_transfer",
                "partner_id": self.vendor.id,
                "other_partner_id": other.id,
                "date": "2026-01-31",
            }
        )
        transfer.action_propose()
        self.assertEqual(transfer.claim_ids.move_line_id, payable)
        paid = self._entry(
            "2026-01-07", (payable.account_id.code, 120, 0), ("100200", 0, 120)
        )
        money = paid.line_ids.filtered("debit")
        money.partner_id = self.vendor
        by_hand = settlement.create(
            {"kind": "payable", "partner_id": self.vendor.id, "date": "2026-01-31"}
        )
        by_hand.action_propose()
        self.assertEqual(by_hand.claim_ids.amount, 120)
        partial = {
            "debit_move_id": money.id,
            "credit_move_id": payable.id,
            **dict.fromkeys(
                ("amount", "debit_amount_currency", "credit_amount_currency"), 120
            ),
        }
        payment = {
            "payment_type": "outbound",
            "partner_type": "supplier",
            "partner_id": self.vendor.id,
            "amount": 120,
            "journal_id": self.company_data["default_journal_bank"].id,
        }
        linked = {**payment, "invoice_ids": [(6, 0, bill.ids)]}
        payments = self.env["account.payment"].with_user(self.clerk)
        free = payments.create(payment)
        partials = self.env["account.partial.reconcile"].with_user(self.clerk)
        for pay in (
            transfer.action_apply,
            by_hand.action_apply,
            lambda: partials.create(partial),
            # As exchange differences are written: worth nothing in the currency.
            lambda: partials.create({**partial, "credit_amount_currency": 0}),
            lambda: payments.create(linked),
            lambda: free.write({"invoice_ids": [(4, bill.id)]}),
            lambda: bill.write({"matched_payment_ids": [(4, free.id)]}),
        ):
            with (
                self.assertRaisesRegex(UserError, "held by matching"),
                self.env.cr.savepoint(),
            ):
                pay()
        self.assertEqual(payable.amount_residual, -120)
        # What pays another bill is not turned to this one, nor made larger.
        owed = self._entry(
            "2026-01-07", ("100200", 120, 0), (payable.account_id.code, 0, 120)
        )
        owed = owed.line_ids.filtered("credit")
        owed.partner_id = self.vendor
        (money | owed).reconcile()
        partial = owed.matched_debit_ids.with_user(self.clerk)
        for values in ({"credit_move_id": payable.id}, {"amount": 1}):
            with self.assertRaisesRegex(UserError, "cannot be changed"):
                partial.write(values)
        self.assertEqual(payable.amount_residual, -120)

    def test_release_is_for_the_tax_seen(self):
        """Another tax after the release, at the same price: looked at again."""
        self._move("2026-01-05", self.line, 10)
        bill = self._invoice("2026-01-06", self.line, 10, 12, post=False)
        bill.action_jxc_match()
        bill.jxc_match_ids.with_user(self.manager).action_release("price agreed")
        bill.invoice_line_ids.tax_ids = self.company_data["default_tax_purchase"]
        with self.assertRaisesRegex(UserError, "Tax differs"):
            bill.action_post()

    def test_refund_settles_a_held_bill(self):
        self.company.jxc_match_action = "hold"
        self._move("2026-01-05", self.line, 10)
        bill = self._invoice("2026-01-06", self.line, 10, 12)
        refund = self._invoice("2026-01-07", self.line, 10, 12, refund=True)
        lines = (bill | refund).line_ids.filtered(
            lambda item: item.account_id.account_type == "liability_payable"
        )
        lines.reconcile()
        self.assertEqual(bill.amount_residual, 0)

    def test_release_is_for_what_was_seen(self):
        self._move("2026-01-05", self.line, 10)
        bill = self._invoice("2026-01-06", self.line, 10, 12, post=False)
        bill.action_jxc_match()
        match = bill.jxc_match_ids
        with self.assertRaisesRegex(AccessError, "somebody else"):
            match.with_user(self.env.user).action_release("my own")
        match.with_user(self.manager).action_release("agreed")
        bill.invoice_line_ids.price_unit = 13
        with self.assertRaisesRegex(UserError, "Price differs"):
            bill.action_post()
        bill.action_jxc_match()
        match.with_user(self.manager).action_release("agreed again")
        bill.action_post()
        self.assertEqual(bill.state, "posted")

    def test_receipts_found_many_to_many(self):
        other = self._buy("2026-01-06", 10, 11)
        self._move("2026-01-05", self.line, 10)
        self._move("2026-01-06", other, 10)
        bill = self._invoice("2026-01-08", self.line, 10, 10, post=False)
        bill.invoice_line_ids.unlink()
        self.company.jxc_match_action = "warn"
        bill.write(
            {
                "invoice_line_ids": [
                    (
                        0,
                        0,
                        {
                            "product_id": self.goods.id,
                            "quantity": quantity,
                            "price_unit": 10.5,
                            "tax_ids": [(5,)],
                        },
                    )
                    for quantity in (4, 14)
                ]
            }
        )
        bill.with_user(self.clerk).action_jxc_match()
        found = [
            (item.purchase_line_id, item.quantity) for item in bill.invoice_line_ids
        ]
        self.assertCountEqual(found, [(self.line, 4), (self.line, 6), (other, 8)])
        self.assertEqual(bill.amount_untaxed, 18 * 10.5)
        self.assertCountEqual(self._states(bill), ["price", "price", "price"])
        bill.action_post()
        bodies = bill.message_ids.mapped("body")
        self.assertTrue([body for body in bodies if "Price differs" in body])

    def test_found_receipts_settle_the_accrual(self):
        """Where only the difference is on the bill, matched lines change account."""
        self.company.write(
            {"jxc_match_action": "warn", "jxc_accrual_method": "difference"}
        )
        self._move("2026-01-05", self.line, 10)
        bill = self._invoice("2026-01-08", self.line, 10, 12, post=False)
        bill.invoice_line_ids.purchase_line_id = False
        bill.invoice_line_ids.account_id = self.stock
        bill.action_jxc_match()
        self.assertEqual(bill.invoice_line_ids.purchase_line_id, self.line)
        self.assertEqual(bill.invoice_line_ids.account_id, self.accrual)
        bill.action_post()
        self._assert_books(stock=120)

    def test_nobody_writes_matches(self):
        self._move("2026-01-05", self.line, 10)
        bill = self._invoice("2026-01-06", self.line, 10, 10)
        for user in (self.clerk, self.manager):
            match = bill.jxc_match_ids.with_user(user)
            for values in ({"is_exceeded": False}, {"released_by_id": user.id}):
                with self.assertRaises(AccessError):
                    match.write(values)
            with self.assertRaises(AccessError):
                match.unlink()

    def test_other_company(self):
        other = self.setup_other_company(name="Other")["company"]
        outsider = self._user("match_outsider", "account.group_account_manager", other)
        self._move("2026-01-05", self.line, 10)
        bill = self._invoice("2026-01-06", self.line, 10, 10)
        with self.assertRaises(AccessError):
            bill.jxc_match_ids.with_user(outsider).action_release("x")
        self.assertEqual(other.jxc_match_action, "none")

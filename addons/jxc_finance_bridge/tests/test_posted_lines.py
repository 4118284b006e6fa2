# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
"""What the lines of posted entries say stays, however clients reach them."""

from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import tagged

from ..tools.token import engine_context
from .booking_common import BookingCommon


@tagged("post_install", "-at_install")
class TestPostedLines(BookingCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.jxc_match_action = "hold"
        cls.clerk = cls._user("lines_clerk", "account.group_account_invoice")
        cls.manager = cls._user("lines_manager", "account.group_account_manager")
        cls.line = cls._buy("2026-01-05", 10, 10)

    def _held(self):
        """A bill dearer than its order, as its clerk has it."""
        self._move("2026-01-05", self.line, 10)
        bill = self._invoice("2026-01-06", self.line, 10, 12)
        self.assertTrue(bill.jxc_match_open)
        return bill.with_user(self.clerk)

    def _changes(self):
        """Each of them would be less than what the vendor is owed."""
        return (
            {"price_unit": 10},
            {"discount": 50},
            {"quantity": 8},
            {"product_id": self._goods("Other").id},
            {"product_uom_id": self.env.ref("uom.product_uom_dozen").id},
            {"tax_ids": [Command.set(self.company_data["default_tax_purchase"].ids)]},
            {"display_type": "tax"},
            {"currency_id": self.env.ref("base.USD").id},
        )

    def test_matching_is_not_talked_out_of_a_hold(self):
        """The price as ordered, written into a posted bill, and Match: still held."""
        bill = self._held()
        line = bill.invoice_line_ids
        for vals in self._changes():
            with self.subTest(vals), self.assertRaises(UserError):
                line.write(vals)
            command = Command.update(line.id, vals)
            for keys in ({}, {"skip_invoice_sync": True}):
                client = bill.with_context(skip_readonly_check=True, **keys)
                for name in ("invoice_line_ids", "line_ids"):
                    with self.subTest(vals, keys=keys, name=name):
                        with self.assertRaises(UserError):
                            client.write({name: [command]})
        bill.action_jxc_match()
        self.assertTrue(bill.jxc_match_open)
        self.assertEqual(line.price_subtotal, 120)
        self.assertEqual(bill.amount_total, 120)

    def test_matching_is_not_talked_out_of_a_hold_by_the_rate(self):
        """What a difference comes to is judged in the company's currency."""
        self.company.jxc_match_total_amount = 5
        bill = self._held()
        for keys in ({}, {"skip_readonly_check": True}):
            with self.assertRaises(UserError):
                bill.with_context(**keys).invoice_currency_rate = 1000
        bill.action_jxc_match()
        self.assertTrue(bill.jxc_match_open)

    def test_who_owes_stays(self):
        """Else one customer's debt becomes another's, whose limit nobody asked."""
        sale = self._sell("2026-01-05", 10)
        invoice = self._invoice("2026-01-06", sale, 10, 100)
        bill = self._held()
        other = self.env["res.partner"].create({"name": "Other"})
        contact = self.customer.create(
            {"name": "Their clerk", "parent_id": self.customer.id}
        )
        for move in (invoice.with_user(self.clerk), bill):
            item = move.line_ids.filtered("date_maturity")
            partner = item.partner_id
            for values in ({"partner_id": other.id}, {"partner_id": False}):
                for change in (
                    lambda item=item, values=values: item.write(values),
                    lambda item=item, values=values, move=move: move.with_context(
                        skip_readonly_check=True
                    ).write({"line_ids": [Command.update(item.id, values)]}),
                ):
                    with self.assertRaises(UserError), self.env.cr.savepoint():
                        change()
            self.assertEqual(item.partner_id, partner)
            item.write({"partner_id": partner.id, "name": "their number"})
        invoice.line_ids.filtered("date_maturity").partner_id = contact

    def test_entries_of_goods_stay(self):
        """The ledgers of goods rest on them."""
        self._move("2026-01-05", self.line, 10)
        entry = (
            self.env["jxc.stock.accrual"]
            .search([("purchase_line_id", "=", self.line.id)])
            .move_id
        )
        items = entry.line_ids.with_user(self.clerk)
        other = self.env["res.partner"].create({"name": "Other"})
        for values in (
            {"account_id": self._account("560200").id},
            {"partner_id": other.id},
            {"balance": 0},
            {"debit": 0, "credit": 0},
        ):
            with self.subTest(values), self.assertRaises(UserError):
                items.write(values)
        self.assertEqual(self._balance(self.accrual), -100)

    def test_forms_send_back_what_is_there(self):
        """Texts and analytics change; equal figures are no change."""
        bill = self._held()
        line = bill.invoice_line_ids
        line.write(
            {
                "name": "another text",
                "price_unit": 12.0,
                "quantity": 10,
                "discount": 0,
                "product_id": line.product_id.id,
                "tax_ids": [Command.clear()],
            }
        )
        self.assertEqual(line.name, "another text")

    def test_a_bill_is_corrected_as_a_draft(self):
        bill = self._held()
        bill.button_draft()
        bill.invoice_line_ids.write({"price_unit": 10, "quantity": 9})
        bill.action_post()
        self.assertFalse(bill.jxc_match_open)
        self.assertEqual(bill.amount_total, 90)

    def test_a_posted_bill_is_reversed(self):
        bill = self._held()
        wizard = (
            self.env["account.move.reversal"]
            .with_user(self.clerk)
            .with_context(active_model="account.move", active_ids=bill.ids)
            .create({"date": "2026-01-08", "journal_id": bill.journal_id.id})
        )
        refund = self.env["account.move"].browse(wizard.modify_moves()["res_id"])
        self.assertEqual(refund.invoice_line_ids.quantity, 10)
        self.assertEqual(bill.payment_state, "reversed")

    def test_closed_months_keep_their_figures(self):
        """Accruals and costs of a closed month follow from its bills."""
        bill = self._held()
        line = bill.invoice_line_ids
        self.company.sudo().with_context(
            **engine_context()
        ).jxc_closed_date = "2026-01-31"
        for user in (self.clerk, self.manager):
            for vals in self._changes():
                with self.subTest(vals, user=user.login), self.assertRaises(UserError):
                    line.with_user(user).write(vals)
        self.assertEqual((line.quantity, line.price_unit), (10, 12))

    def test_closed_months_keep_their_due_dates(self):
        """Else the ageing of a day in the past would change."""
        bill = self._held()
        payable = bill.line_ids.filtered("date_maturity")
        payable.date_maturity = "2026-02-10"
        self.company.sudo().with_context(
            **engine_context()
        ).jxc_closed_date = "2026-01-31"
        due = payable.date_maturity
        for change in (
            lambda: payable.write({"date_maturity": "2026-05-01"}),
            lambda: payable.write({"date_maturity": False}),
            lambda: bill.write({"invoice_date_due": "2026-05-01"}),
            lambda: bill.with_context(skip_readonly_check=True).write(
                {"line_ids": [Command.update(payable.id, {"date_maturity": False})]}
            ),
            lambda: bill.with_context(skip_readonly_check=True).write(
                {
                    "invoice_payment_term_id": self.env.ref(
                        "account.account_payment_term_30days"
                    ).id
                }
            ),
        ):
            with self.assertRaisesRegex(UserError, "closed until"):
                with self.env.cr.savepoint():
                    change()
        payable.write({"date_maturity": "2026-02-10"})
        self.env.invalidate_all()
        self.assertEqual(bill.line_ids.filtered("date_maturity"), payable)
        self.assertEqual(payable.date_maturity, due)

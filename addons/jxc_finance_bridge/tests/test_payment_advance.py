# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, tagged

from .settlement_common import SettlementCommon


@tagged("post_install", "-at_install")
class TestPaymentAdvance(SettlementCommon):
    """Advances (预收款, 预付款) on the payment form."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.bank = cls.company_data["default_journal_bank"]
        for partner in cls.customer | cls.vendor:
            partner.property_account_receivable_id = cls._account("112200")
            partner.property_account_payable_id = cls._account("220200")

    def _form(self, way, partner):
        received = way == "inbound"
        view = f"account.action_account_payments{'' if received else '_payable'}"
        action = self.env["ir.actions.act_window"]._for_xml_id(view)
        context = {
            "default_payment_type": way,
            "default_partner_type": "customer" if received else "supplier",
        }
        self.assertEqual(action["res_model"], "account.payment")
        payments = self.env["account.payment"].with_user(self.clerk)
        form = Form(payments.with_company(self.company).with_context(**context))
        form.partner_id = partner
        form.journal_id = self.bank
        form.amount = 500
        form.date = "2026-03-02"
        return form

    def test_on_the_form(self):
        """Marked, it is booked on the company's account, and settlements find it."""
        for way, partner, code, owed, sign in (
            ("inbound", self.customer, "220300", "112200", 1),
            ("outbound", self.vendor, "112300", "220200", -1),
        ):
            with self.subTest(way):
                form = self._form(way, partner)
                form.jxc_is_advance = True
                payment = form.save()
                payment.action_post()
                self.assertEqual(payment.state, "in_process")
                item = payment.move_id.line_ids.filtered(
                    lambda line, code=code: line.account_id.code == code
                )
                self.assertEqual(item.balance, -sign * 500)
                claim = self._item(owed, sign * 300, "2026-03-10", partner)
                kind = f"advance_{'receivable' if sign > 0 else 'payable'}"
                settlement = self._settlement(kind, partner)
                settlement.action_apply()
                self.assertTrue(claim.reconciled)
                self.assertEqual(item.amount_residual, -sign * 200)
                with self.assertRaises(AccessError):
                    payment.jxc_is_advance = False

    def test_taken_off_again(self):
        """Draft only; another partner or no mark change the account as before."""
        form = self._form("inbound", self.customer)
        form.jxc_is_advance = True
        form.partner_id = self.other
        payment = form.save()
        self.assertEqual(payment.destination_account_id, self._account("220300"))
        payment.jxc_is_advance = False
        self.assertEqual(
            payment.destination_account_id,
            self.other.with_company(self.company).property_account_receivable_id,
        )
        payment.destination_account_id = self._account("220300")
        self.assertTrue(payment.jxc_is_advance, "the mark says what the account says")
        payment.write(
            {
                "destination_account_id": self._account("112200").id,
                "jxc_is_advance": False,
            }
        )
        self.assertEqual(payment.destination_account_id, self._account("112200"))

    def test_marked_after_reset_to_draft(self):
        """The entry is on the account that the payment says, whichever came first."""
        for way, partner, plain, advance in (
            ("inbound", self.customer, "112200", "220300"),
            ("outbound", self.vendor, "220200", "112300"),
        ):
            for is_advance in (True, False):
                with self.subTest(way, is_advance=is_advance):
                    form = self._form(way, partner)
                    form.jxc_is_advance = not is_advance
                    payment = form.save()
                    payment.action_post()
                    payment.action_draft()
                    with Form(payment) as form:
                        form.jxc_is_advance = is_advance
                    payment.action_post()
                    entry = payment.sudo().move_id
                    self.assertEqual(entry.state, "posted")
                    money = payment.outstanding_account_id.code
                    sign = 1 if way == "inbound" else -1
                    wanted = {
                        money: sign * 500,
                        advance if is_advance else plain: -sign * 500,
                    }
                    booked = {
                        line.account_id.code: line.balance for line in entry.line_ids
                    }
                    self.assertEqual(booked, wanted)
                    self.assertIn(payment.destination_account_id.code, booked)

    def test_written_off_difference_stays(self):
        """Marked, changed and unmarked as a draft, whatever else the entry has."""
        claim = self._item("112200", 500)
        wizard = self.env["account.payment.register"].with_context(
            active_model="account.move.line", active_ids=claim.ids
        )
        payment = wizard.create(
            {
                "amount": 490,
                "journal_id": self.bank.id,
                "payment_difference_handling": "reconcile",
                "writeoff_account_id": self._account("560304").id,
            }
        )._create_payments()
        payment.action_draft()
        for values, code in (
            ({"jxc_is_advance": True}, "220300"),
            ({"date": "2026-03-05"}, "220300"),
            ({"jxc_is_advance": False}, "112200"),
        ):
            payment.write(values)
            self.assertEqual(
                self._balances(payment.move_id),
                {payment.outstanding_account_id.code: 490, code: -500, "560304": 10},
                values,
            )
        self.assertEqual(claim.amount_residual, 500, "an advance settles nothing yet")

    def test_what_is_refused(self):
        """Nobody's advance, another account, and a company without the account."""
        payments = self.env["account.payment"].with_user(self.clerk)
        values = {
            "payment_type": "inbound",
            "partner_type": "customer",
            "partner_id": self.customer.id,
            "journal_id": self.bank.id,
            "amount": 5,
            "jxc_is_advance": True,
        }
        for wrong in (
            {"partner_id": False},
            {"destination_account_id": self._account("112200").id},
        ):
            with self.assertRaises(ValidationError, msg=wrong):
                payments.create({**values, **wrong})
        self.company.jxc_advance_received_account_id = False
        with self.assertRaisesRegex(UserError, "Advances Received Account"):
            payments.create(values)

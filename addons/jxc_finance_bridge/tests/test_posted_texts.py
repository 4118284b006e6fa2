# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
"""What payments and vouchers say besides figures, once posted, reviewed or closed."""

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from ..tools.token import engine_context
from .common import FinanceBridgeCommon


@tagged("post_install", "-at_install")
class TestPostedTexts(FinanceBridgeCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.clerk = cls._user("texts_clerk", "account.group_account_invoice")
        cls.accountant = cls._user("texts_book", "account.group_account_user")
        cls.reviewer = cls._user(
            "texts_review",
            "account.group_account_user,jxc_finance_bridge.group_voucher_reviewer",
        )
        cls.bank = cls.company_data["default_journal_bank"]

    def _payment(self):
        payment = (
            self.env["account.payment"]
            .with_user(self.clerk)
            .create(
                {
                    "payment_type": "inbound",
                    "partner_type": "customer",
                    "partner_id": self.partner_a.id,
                    "amount": 500,
                    "date": "2026-01-10",
                    "memo": "as agreed",
                    "journal_id": self.bank.id,
                }
            )
        )
        payment.action_post()
        return payment

    def _voucher(self):
        move = self._entry("2026-01-10", ("560200", 5, 0), ("100200", 0, 5), post=False)
        move.with_user(self.clerk).action_post()
        move.ref = "as it was"
        return move

    def _close(self):
        books = self.company.sudo().with_context(**engine_context())
        books.jxc_closed_date = "2026-01-31"

    def _refused(self, change, error=UserError):
        with self.assertRaises(error), self.env.cr.savepoint():
            change()
            self.env.flush_all()

    # Payments ----------------------------------------------------------------------

    def test_a_posted_payment_says_what_its_voucher_says(self):
        payment = self._payment()
        usd = self.env.ref("base.USD")
        usd.active = True
        for vals in (
            {"amount": 5},
            {"partner_id": self.partner_b.id},
            {"date": "2026-03-03"},
            {"currency_id": usd.id},
            {"journal_id": self.company_data["default_journal_cash"].id},
            {"payment_type": "outbound"},
            {"partner_type": "supplier"},
            {"destination_account_id": self._account("560200").id},
        ):
            for keys in ({}, {"skip_account_move_synchronization": True}):
                client = payment.with_context(**keys)
                with self.subTest(vals, keys=keys):
                    self._refused(
                        lambda client=client, vals=vals: client.write(vals),
                        AccessError,
                    )
        self.assertEqual(payment.amount, 500)
        # what forms send back as it is
        payment.write(
            {
                "amount": 500.0,
                "date": "2026-01-10",
                "partner_id": self.partner_a.id,
                "memo": "as agreed later",
            }
        )
        payment.action_draft()
        payment.write({"amount": 5, "date": "2026-01-11"})
        payment.action_post()
        self.assertEqual(
            sorted(payment.move_id.line_ids.mapped("balance")), [-5.0, 5.0]
        )

    def test_a_reviewed_payment_keeps_its_memo(self):
        payment = self._payment()
        payment.move_id.with_user(self.reviewer).action_jxc_check()
        for user in (self.clerk, self.accountant):
            client = payment.with_user(user)
            self._refused(lambda client=client: client.write({"memo": "z"}))
        payment.write({"memo": "as agreed"})

    def test_a_closed_payment_keeps_its_memo(self):
        payment = self._payment()
        self._close()
        self._refused(lambda: payment.write({"memo": "z"}))

    # Vouchers ----------------------------------------------------------------------

    def _changes(self, move):
        """Texts and analysis of an entry, as a client changes them."""
        line = move.line_ids[0]
        plan = self.env["account.analytic.plan"].sudo().create({"name": "P"})
        analytic = self.env["account.analytic.account"].sudo()
        analytic = analytic.create({"name": "Project", "plan_id": plan.id})
        tag = self.env["account.account.tag"].sudo()
        tag = tag.create({"name": "T", "applicability": "taxes"})
        bank = self.env["res.partner.bank"].sudo()
        bank = bank.create(
            {
                "acc_number": f"6222020{analytic.id}",
                "partner_id": self.company.partner_id.id,
            }
        )
        return (
            lambda: line.write({"analytic_distribution": {str(analytic.id): 100}}),
            lambda: line.write({"date_maturity": "2026-05-01"}),
            lambda: line.write({"tax_tag_ids": tag.ids}),
            lambda: move.write({"ref": "as it suits"}),
            lambda: move.write({"narration": "as it suits"}),
            lambda: move.write({"payment_reference": "as it suits"}),
            lambda: move.write({"partner_bank_id": bank.id}),
        )

    def _assert_kept(self, move):
        for change in self._changes(move):
            self._refused(change)
        # what forms send back as it is
        line = move.line_ids[0]
        move.write({"ref": "as it was", "narration": False})
        line.write({"analytic_distribution": False, "date_maturity": False})

    def test_closed_vouchers_keep_their_texts(self):
        move = self._voucher()
        self._close()
        for user in (self.clerk, self.accountant):
            self._assert_kept(move.with_user(user))

    def test_reviewed_vouchers_keep_their_texts(self):
        move = self._voucher()
        move.with_user(self.reviewer).action_jxc_check()
        for user in (self.clerk, self.accountant, self.reviewer):
            self._assert_kept(move.with_user(user))

    def test_open_vouchers_are_explained(self):
        move = self._voucher().with_user(self.accountant)
        for change in self._changes(move):
            change()
        self.assertEqual(move.ref, "as it suits")

    def test_analytic_items_of_a_closed_month(self):
        user = self._user(
            "texts_analytic",
            "account.group_account_user,analytic.group_analytic_accounting",
        )
        move = self._voucher().with_user(user)
        self._changes(move)[0]()
        item = move.line_ids[0].analytic_line_ids
        self.assertTrue(item)
        self._close()
        for change in (
            lambda: item.write({"amount": 1}),
            item.unlink,
            lambda: item.copy(),
        ):
            self._refused(change)

    # Where entries are from --------------------------------------------------------

    def _transaction(self):
        return (
            self.env["account.bank.statement.line"]
            .with_user(self.accountant)
            .create({"journal_id": self.bank.id, "payment_ref": "x", "amount": 10})
        )

    def test_where_an_entry_is_from(self):
        """Entries of bank transactions are kept in step with them."""
        move, payment = self._voucher().with_user(self.clerk), self._payment()
        transaction = self._transaction()
        for vals in (
            {"statement_line_id": transaction.id},
            {"origin_payment_id": payment.id},
            {"tax_cash_basis_origin_move_id": payment.move_id.id},
        ):
            self._refused(lambda vals=vals: move.write(vals), AccessError)
            move.write(dict.fromkeys(vals, False))
        for change in (
            lambda: transaction.write({"move_id": move.id}),
            lambda: transaction.create(
                {"journal_id": self.bank.id, "amount": 1, "move_id": move.id}
            ),
        ):
            self._refused(change, AccessError)
        other = transaction.with_context(default_move_id=move.id).create(
            {"journal_id": self.bank.id, "payment_ref": "y", "amount": 1}
        )
        self.assertNotEqual(other.move_id, move)

    def test_transactions_are_kept_in_step(self):
        """Bank transactions are corrected, matched and deleted as before."""
        transaction = self._transaction()
        move = transaction.move_id
        transaction.write({"amount": 12, "partner_id": self.partner_a.id})
        self.assertEqual(sorted(move.line_ids.mapped("balance")), [-12, 12])
        transaction.action_undo_reconciliation()
        self.assertEqual(sorted(move.line_ids.mapped("balance")), [-12, 12])
        transaction.unlink()
        self.assertFalse(move.exists())

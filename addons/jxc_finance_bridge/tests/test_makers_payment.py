# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
"""Who entered or changed a payment or a settlement does not review its voucher."""

from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import tagged

from .settlement_common import SettlementCommon

RECEIVABLE = "112200"


@tagged("post_install", "-at_install")
class TestMakersPayment(SettlementCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.keeper = cls._user("makers_keeper", "account.group_account_user")
        cls.reviewer = cls._user(
            "makers_reviewer",
            "account.group_account_user,jxc_finance_bridge.group_voucher_reviewer",
        )
        cls.second = cls._user(
            "makers_second",
            "account.group_account_user,jxc_finance_bridge.group_voucher_reviewer",
        )

    def _payment(self, user, **values):
        return (
            self.env["account.payment"]
            .with_user(user)
            .create(
                {
                    "payment_type": "outbound",
                    "partner_type": "supplier",
                    "partner_id": self.vendor.id,
                    "amount": 10,
                    "date": "2026-02-10",
                    "journal_id": self.company_data["default_journal_bank"].id,
                    **values,
                }
            )
        )

    def _assert_maker(self, move):
        self.assertEqual(move.state, "posted")
        self.assertIn(self.reviewer, move._jxc_get_makers())
        with self.assertRaises(AccessError):
            move.with_user(self.reviewer).action_jxc_check()
        move.with_user(self.second).action_jxc_check()
        self.assertEqual(move.jxc_checked_by, self.second)

    def test_who_enters_payments(self):
        payment = self._payment(self.reviewer)
        payment.with_user(self.keeper).action_post()
        self._assert_maker(payment.move_id)

    def test_who_changes_payments(self):
        for values in (
            {"amount": 99999},
            {"partner_id": self.other.id},
            {"date": "2026-02-11"},
            {"payment_type": "inbound"},
        ):
            with self.subTest(values):
                payment = self._payment(self.keeper)
                payment.with_user(self.reviewer).write(values)
                # Somebody who changes it later does not cover that up.
                payment.with_user(self.keeper).amount = 12
                payment.with_user(self.keeper).action_post()
                self._assert_maker(payment.move_id)

    def test_who_changes_what_was_posted(self):
        payment = self._payment(self.keeper)
        payment.action_post()
        own = payment.with_user(self.reviewer)
        own.action_draft()
        own.amount = 500
        payment.with_user(self.keeper).action_post()
        self._assert_maker(payment.move_id)

    def test_many_at_once(self):
        payments = self._payment(self.keeper) | self._payment(self.reviewer)
        payments.with_user(self.keeper).action_post()
        first, second = payments.move_id.sorted("id")
        self.assertFalse(first.jxc_drafter_ids)
        self._assert_maker(second)
        first.with_user(self.reviewer).action_jxc_check()

    def test_texts_make_nobody_a_maker(self):
        payment = self._payment(self.keeper)
        payment.with_user(self.reviewer).write({"memo": "R", "amount": 10})
        payment.with_user(self.keeper).action_post()
        payment.move_id.with_user(self.reviewer).action_jxc_check()
        self.assertEqual(payment.move_id.jxc_checked_by, self.reviewer)

    def test_clients_do_not_write_makers(self):
        payment = self._payment(self.keeper).with_user(self.reviewer)
        payment.amount = 99
        settlement = self._settlement(propose=False).with_user(self.reviewer)
        settlement.date = "2026-03-30"
        for command in (Command.clear(), Command.unlink(self.reviewer.id)):
            with self.assertRaises(AccessError):
                payment.write({"jxc_drafter_ids": [command]})
            with self.assertRaises(AccessError):
                settlement.write({"drafter_ids": [command]})
        self.assertEqual(payment.jxc_drafter_ids, self.reviewer)
        self.assertEqual(settlement.drafter_ids, self.reviewer)

    def test_bank_transactions(self):
        line = self.env["account.bank.statement.line"].with_user(self.keeper)
        line = line.create(
            {
                "journal_id": self.company_data["default_journal_bank"].id,
                "date": "2026-02-10",
                "payment_ref": "x",
                "amount": 10,
            }
        )
        line.with_user(self.reviewer).amount = 777
        self._assert_maker(line.move_id)

    # Settlements ------------------------------------------------------------------

    def _discounted(self, user):
        """100 owed, 96 received, 4 discount; as that user enters it."""
        claim = self._item(RECEIVABLE, 100)
        money = self._item(RECEIVABLE, -96)
        settlement = self.settlements.with_user(user).create(
            {
                "kind": "receivable",
                "partner_id": self.customer.id,
                "company_id": self.company.id,
                "date": "2026-03-31",
            }
        )
        settlement.line_ids = [
            Command.create({"side": "claim", "move_line_id": claim.id, "amount": 100}),
            Command.create({"side": "offset", "move_line_id": money.id, "amount": 96}),
            Command.create({"side": "write_off", "write_off": "discount", "amount": 4}),
        ]
        return settlement

    def _apply(self, settlement):
        settlement.with_user(self.keeper).action_apply()
        self._assert_maker(settlement.move_id)

    def test_who_enters_settlements(self):
        self._apply(self._discounted(self.reviewer))

    def test_who_changes_settlements(self):
        def change(own):
            own.line_ids.filtered(lambda line: line.write_off).amount = 4.0

        def add(own):
            own.line_ids = [
                Command.create({"side": "write_off", "write_off": "fee", "amount": 0})
            ]

        def remove(own):
            own.line_ids.filtered(lambda line: line.write_off).unlink()

        def date(own):
            own.date = "2026-03-30"

        for act in (change, add, remove, date):
            with self.subTest(act.__name__):
                settlement = self._discounted(self.keeper)
                act(settlement.with_user(self.reviewer))
                self.assertEqual(settlement.drafter_ids, self.reviewer)
                if act is remove:
                    settlement.line_ids = [
                        Command.create(
                            {"side": "write_off", "write_off": "fee", "amount": 4}
                        )
                    ]
                self._apply(settlement)

    def test_who_proposes(self):
        """Also when nothing of the settlement's head is changed."""
        self._item(RECEIVABLE, 100)
        self._item(RECEIVABLE, -100.03)
        settlement = self._settlement(propose=False).with_user(self.reviewer)
        settlement.action_propose()
        self._apply(settlement)

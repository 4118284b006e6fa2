# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import tagged

from .settlement_common import SettlementCommon

RECEIVABLE, PAYABLE = "112200", "220200"
RECEIVED, PAID = "220300", "112300"
GIVEN, TAKEN, FINANCE = "560304", "530104", "560300"
#: kind: (account and sign of what is owed, and of what settles it), and whether the
#: partner is a customer
KINDS = {
    "receivable": ((RECEIVABLE, 1), (RECEIVABLE, -1), True),
    "payable": ((PAYABLE, -1), (PAYABLE, 1), False),
    "advance_receivable": ((RECEIVABLE, 1), (RECEIVED, -1), True),
    "advance_payable": ((PAYABLE, -1), (PAID, 1), False),
    "receivable_payable": ((RECEIVABLE, 1), (PAYABLE, -1), True),
}
TRANSFERS = {
    "receivable_transfer": (RECEIVABLE, 1, True),
    "payable_transfer": (PAYABLE, -1, False),
}
WRITE_OFFS = (("discount", 3.0), ("fee", 2.0), ("difference", 0.04), ("fee", -2.0))


@tagged("post_install", "-at_install")
class TestSettlementKinds(SettlementCommon):
    """Each of the seven kinds, each reason to write off, and back again, by figures."""

    def _partner(self, is_customer):
        return self.customer if is_customer else self.vendor

    def _reason_account(self, reason, is_customer):
        if reason != "discount":
            return FINANCE
        return GIVEN if is_customer else TAKEN

    def test_write_offs_of_every_kind(self):
        """100 owed; what settles it is off by the discount, fee or difference."""
        for kind, (owed, paid, is_customer) in KINDS.items():
            for reason, off in WRITE_OFFS:
                with self.subTest(kind=kind, reason=reason, off=off):
                    self._play(kind, owed, paid, is_customer, reason, off)

    def _play(self, kind, owed, paid, is_customer, reason, off):
        partner = self._partner(is_customer)
        (code, sign), (other, other_sign) = owed, paid
        claim = self._item(code, sign * 100, partner=partner)
        offset = self._item(other, other_sign * (100 - off), partner=partner)
        settlement = self._settlement(kind, partner)
        settlement.write_off_ids.unlink()
        settlement.claim_ids.amount = 100
        settlement.offset_ids.amount = 100 - off
        settlement.line_ids = [
            Command.create({"side": "write_off", "write_off": reason, "amount": off})
        ]
        settlement.action_apply()
        self.assertTrue(claim.reconciled and offset.reconciled)
        wanted = {self._reason_account(reason, is_customer): sign * off}
        if code == other:
            wanted[code] = -sign * off
        else:
            wanted[code] = -sign * 100
            wanted[other] = -other_sign * (100 - off)
        found = self._balances(settlement.move_id)
        self.assertEqual(found, {code: round(one, 2) for code, one in wanted.items()})
        self.assertTrue(settlement.move_id.jxc_voucher_no)
        settlement.action_undo()
        self.assertEqual(
            (claim.amount_residual, offset.amount_residual),
            (sign * 100, other_sign * (100 - off)),
        )
        undone = self._balances(settlement.reversal_move_id)
        self.assertEqual(undone, {code: -one for code, one in found.items()})
        # Nothing of it is in the way of the next one.
        for item in (claim, offset):
            item.move_id.button_draft()
            item.move_id.button_cancel()

    def test_part_of_every_kind(self):
        """40 of 100 settle; the rest stays open on both sides."""
        for kind, (owed, paid, is_customer) in KINDS.items():
            with self.subTest(kind=kind):
                partner = self._partner(is_customer)
                claim = self._item(owed[0], owed[1] * 100, partner=partner)
                offset = self._item(paid[0], paid[1] * 70, partner=partner)
                settlement = self._settlement(kind, partner)
                settlement.claim_ids.amount = 40
                settlement.offset_ids.amount = 40
                settlement.action_apply()
                self.assertEqual(
                    (claim.amount_residual, offset.amount_residual),
                    (owed[1] * 60, paid[1] * 30),
                )
                settlement.action_undo()
                for item in (claim, offset):
                    item.move_id.button_draft()
                    item.move_id.button_cancel()

    def test_transfers(self):
        """To another customer or vendor: 60 of 100, its voucher, and back."""
        for kind, (code, sign, is_customer) in TRANSFERS.items():
            with self.subTest(kind=kind):
                partner = self._partner(is_customer)
                claim = self._item(code, sign * 100, partner=partner)
                settlement = self._settlement(
                    kind, partner, other_partner_id=self.other.id
                )
                settlement.claim_ids.amount = 60
                settlement.action_apply()
                lines = settlement.move_id.line_ids
                self.assertEqual(
                    {(line.partner_id, line.balance) for line in lines},
                    {(partner, -sign * 60), (self.other, sign * 60)},
                )
                self.assertEqual(set(lines.account_id.mapped("code")), {code})
                self.assertEqual(claim.amount_residual, sign * 40)
                settlement.action_undo()
                self.assertEqual(claim.amount_residual, sign * 100)
                self.assertEqual(settlement.state, "undone")
                again = self._settlement(kind, partner, other_partner_id=self.other.id)
                again.line_ids = [
                    Command.create(
                        {"side": "write_off", "write_off": "fee", "amount": 1}
                    )
                ]
                with self.assertRaises(UserError):
                    again.action_apply()

    def test_one_currency_and_many(self):
        """A settlement is in one currency a side; a batch makes one for each."""
        usd = self.env.ref("base.USD")
        usd.active = True
        self._item(RECEIVABLE, 100)
        self._item(RECEIVABLE, -100)
        dollars = {"currency": usd, "balance": 710}
        self._item(RECEIVABLE, 100, **dollars)
        self._item(RECEIVABLE, -100, **{**dollars, "balance": -710})
        settlement = self._settlement()
        self.assertEqual(
            settlement.line_ids.move_line_id.currency_id, self.company.currency_id
        )
        settlement.unlink()
        batch = self.env["jxc.settlement.batch"].with_user(self.clerk)
        batch = batch.create({"company_id": self.company.id, "date": "2026-03-31"})
        found = self.settlements.search(batch.action_propose()["domain"])
        self.assertEqual(found.currency_id, self.company.currency_id | usd)
        self.assertEqual(len(found), 2)
        found.action_apply()
        self.assertEqual(set(found.mapped("state")), {"applied"})

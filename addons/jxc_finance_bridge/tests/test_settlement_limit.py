# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged

from .settlement_common import SettlementCommon

RECEIVABLE, PAYABLE, RECEIVED, PAID = "112200", "220200", "220300", "112300"


@tagged("post_install", "-at_install")
class TestSettlementLimit(SettlementCommon):
    """Debts are not written off as discounts or fees without money."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.manager = cls._user("settle_manager", "account.group_account_manager")
        cls.seller = cls._user(
            "settle_seller",
            "account.group_account_invoice,sales_team.group_sale_salesman",
        )

    def _written_off(self, claim, amounts, paid=0.0, kind="receivable", **values):
        """A draft over an open item, by money of ``paid`` and what is written off.

        :param amounts: [(reason, amount)]
        """
        partner = claim.partner_id
        settlement = self._settlement(kind, partner, propose=False, **values)
        lines = [("claim", claim, abs(claim.amount_residual), False)]
        lines += [("write_off", None, amount, reason) for reason, amount in amounts]
        if paid:
            code, sign = {
                "receivable": (RECEIVABLE, -1),
                "payable": (PAYABLE, 1),
                "advance_receivable": (RECEIVED, -1),
                "advance_payable": (PAID, 1),
            }[kind]
            money = self._item(code, sign * paid, partner=partner)
            lines.append(("offset", money, paid, False))
        settlement.line_ids = [
            Command.create(
                {
                    "side": side,
                    "move_line_id": item and item.id,
                    "amount": amount,
                    "write_off": reason,
                }
            )
            for side, item, amount, reason in lines
        ]
        return settlement

    def test_no_money_at_all(self):
        for reason in ("discount", "fee"):
            for user in (self.clerk, self.seller):
                with self.subTest(reason, user=user.login):
                    claim = self._item(RECEIVABLE, 900)
                    settlement = self._written_off(claim, [(reason, 900)])
                    settlement.write_off_reason = "I say so"
                    with self.assertRaisesRegex(UserError, r"5 %.*45\.00"):
                        settlement.with_user(user).action_apply()
                    self.assertEqual(claim.amount_residual, 900)

    def test_vendors_and_advances(self):
        """Also what was paid to vendors in advance, or in excess, is not given away."""
        for kind, code, sign, partner in (
            ("payable", PAYABLE, -1, self.vendor),
            ("advance_payable", PAYABLE, -1, self.vendor),
            ("advance_receivable", RECEIVABLE, 1, self.customer),
        ):
            with self.subTest(kind):
                claim = self._item(code, sign * 900, partner=partner)
                settlement = self._written_off(claim, [("discount", 900)], kind=kind)
                with self.assertRaisesRegex(UserError, "allows 5 %"):
                    settlement.action_apply()
                settlement = self._written_off(claim, [("fee", 60)], 840, kind)
                with self.assertRaisesRegex(UserError, "allows 5 %"):
                    settlement.action_apply()
                settlement = self._written_off(claim, [("discount", 45)], 855, kind)
                settlement.action_apply()
                self.assertTrue(claim.reconciled)

    def test_paid_in_excess(self):
        """What came in and is owed back is not booked as a fee either."""
        claim = self._item(RECEIVABLE, 10)
        settlement = self._written_off(claim, [("fee", -890)], 900)
        with self.assertRaisesRegex(UserError, "allows 5 %"):
            settlement.action_apply()

    def test_amounts_do_not_make_up_for_each_other(self):
        claim = self._item(RECEIVABLE, 100)
        settlement = self._written_off(claim, [("discount", 100), ("fee", -50)], 50)
        with self.assertRaisesRegex(UserError, "allows 5 %"):
            settlement.action_apply()

    def test_in_parts(self):
        """Every part needs its money: no debt is nibbled away."""
        claim = self._item(RECEIVABLE, 100)
        settlement = self._written_off(claim, [("discount", 5)])
        settlement.claim_ids.amount = 5
        with self.assertRaisesRegex(UserError, "allows 5 %"):
            settlement.action_apply()

    def test_managers_say_why(self):
        claim = self._item(RECEIVABLE, 900)
        settlement = self._written_off(claim, [("discount", 900)])
        own = settlement.with_user(self.manager)
        for empty in (False, "   "):
            own.write_off_reason = empty
            with self.assertRaisesRegex(UserError, "Say why"):
                own.action_apply()
        own.write_off_reason = "Bankrupt, agreed with the owner"
        own.action_apply()
        self.assertTrue(claim.reconciled)
        with self.assertRaises(UserError):
            own.write_off_reason = "Something else"
        self.assertIn("Bankrupt", settlement.write_off_reason)
        self.assertIn(self.manager, settlement.move_id._jxc_get_makers())

    def test_setting(self):
        claim = self._item(RECEIVABLE, 100)
        self.company.jxc_settlement_write_off_limit = 2
        settlement = self._written_off(claim, [("discount", 3)], 97)
        with self.assertRaisesRegex(UserError, "allows 2 %"):
            settlement.action_apply()
        with self.assertRaises(AccessError):
            self.company.with_user(self.clerk).jxc_settlement_write_off_limit = 99
        self.company.jxc_settlement_write_off_limit = 3
        settlement.action_apply()
        self.assertTrue(claim.reconciled)

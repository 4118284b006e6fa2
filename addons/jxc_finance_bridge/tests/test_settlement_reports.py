# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo.fields import Command
from odoo.tests import tagged

from .settlement_common import SettlementCommon


@tagged("post_install", "-at_install")
class TestSettlementReports(SettlementCommon):
    """Ageing and statements of account after settlements with write-offs."""

    def _open(self, day, kind, partner):
        """What the ageing says of a day, by document."""
        ageing = self.env["jxc.ageing"].create(
            {"date": day, "kind": kind, "company_id": self.company.id}
        )
        ageing._refresh_lines()
        lines = ageing.line_ids.filtered(lambda line: line.partner_id == partner)
        return {line.move_line_id: line.residual for line in lines if line.residual}

    def _statement(self, first, last, kind, partner):
        statement = self.env["jxc.statement"].create(
            {
                "partner_id": partner.id,
                "company_id": self.company.id,
                "kind": kind,
                "date_from": first,
                "date_to": last,
            }
        )
        return (
            statement.opening,
            [line.balance for line in statement.line_ids if not line.is_goods],
            statement.closing,
        )

    def test_payables_with_a_discount(self):
        """A bill of 100 is paid with 96: until that day 100 are owed, then nothing."""
        bill = self._item("220200", -100, "2026-01-10", self.vendor)
        rest = self._item("220200", -30, "2026-02-10", self.vendor, due="2026-05-31")
        payment = self._item("220200", 96, "2026-03-20", self.vendor)
        settlement = self._settlement("payable", self.vendor)
        settlement.line_ids.filtered(lambda line: line.move_line_id == rest).unlink()
        bills = settlement.line_ids.filtered(lambda line: line.move_line_id == bill)
        bills.amount = 100
        settlement.line_ids = [
            Command.create({"side": "write_off", "write_off": "discount", "amount": 4})
        ]
        settlement.action_apply()
        for day, found in (
            ("2026-03-19", {bill: 100, rest: 30}),
            # The money settles from the day it was paid, the discount from its own.
            ("2026-03-20", {bill: 4, rest: 30}),
            ("2026-03-30", {bill: 4, rest: 30}),
            ("2026-03-31", {rest: 30}),
        ):
            self.assertEqual(self._open(day, "payable", self.vendor), found, day)
        opening, balances, closing = self._statement(
            "2026-03-01", "2026-03-31", "payable", self.vendor
        )
        self.assertEqual((opening, balances[-1], closing), (-130, -30, -30))
        self.assertEqual(balances, [-34, -30], "the payment, then the discount")
        settlement.action_undo()
        found = self._open("2026-03-31", "payable", self.vendor)
        self.assertEqual(found, {bill: 100, rest: 30, payment: -96})
        _opening, _balances, closing = self._statement(
            "2026-03-01", "2026-03-31", "payable", self.vendor
        )
        self.assertEqual(closing, -34)

    def test_receivables_with_a_small_difference(self):
        invoice = self._item("112200", 100, "2026-01-10")
        self._item("112200", -99.97, "2026-03-20")
        self._settlement("receivable").action_apply()
        self.assertFalse(self._open("2026-03-31", "receivable", self.customer))
        self.assertIn(invoice, self._open("2026-03-30", "receivable", self.customer))
        _opening, balances, closing = self._statement(
            "2026-03-01", "2026-03-31", "receivable", self.customer
        )
        self.assertEqual((balances, closing), ([0.03, 0], 0))

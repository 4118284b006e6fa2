# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
import doctest

from lxml.html import fromstring

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import tagged

from ..tools import settlement as matching
from .settlement_common import SettlementCommon

RECEIVABLE, PAYABLE, RECEIVED, PAID = "112200", "220200", "220300", "112300"


@tagged("post_install", "-at_install")
class TestSettlement(SettlementCommon):
    def test_matching_by_itself(self):
        self.assertEqual(doctest.testmod(matching).failed, 0)

    def test_oldest_first_partly(self):
        late = self._item(RECEIVABLE, 100, due="2026-03-20")
        early = self._item(RECEIVABLE, 50, due="2026-03-10")
        receipt = self._item(RECEIVABLE, -120)
        settlement = self._settlement()
        self.assertEqual(
            self._amounts(settlement),
            [("claim", early, 50), ("claim", late, 70), ("offset", receipt, 120)],
        )
        self.assertEqual(settlement.amount_difference, 0)
        settlement.action_apply()
        self.assertRecordValues(
            early | late | receipt,
            [
                {"amount_residual": 0, "reconciled": True},
                {"amount_residual": 30, "reconciled": False},
                {"amount_residual": 0, "reconciled": True},
            ],
        )
        self.assertFalse(settlement.move_id, "same account and partner: no voucher")
        self.assertEqual(settlement.applied_by_id, self.clerk)
        settlement.action_undo()
        self.assertEqual(
            (early | late | receipt).mapped("amount_residual"), [50, 100, -120]
        )
        self.assertEqual(settlement.state, "undone")

    def test_less_than_both_have_open(self):
        """The platform would take 80; we asked for 30."""
        invoice, receipt = self._item(RECEIVABLE, 100), self._item(RECEIVABLE, -80)
        settlement = self._settlement(method="manual")
        self.assertEqual(
            self._amounts(settlement), [("claim", invoice, 0), ("offset", receipt, 0)]
        )
        settlement.line_ids.amount = 30
        settlement.action_apply()
        self.assertEqual(invoice.amount_residual, 70)
        self.assertEqual(receipt.amount_residual, -50)
        self.assertEqual(invoice.matched_credit_ids.jxc_settlement_id, settlement)

    def test_by_document_and_amount(self):
        first = self._item(RECEIVABLE, 100, ref="SO-2026-0001")
        second = self._item(RECEIVABLE, 60, ref="SO-2026-0002")
        named = self._item(RECEIVABLE, -40, ref="货款so-2026-0002。")
        equal = self._item(RECEIVABLE, -100)
        settlement = self._settlement(method="document")
        self.assertEqual(
            [line.amount for line in settlement.claim_ids if line.amount], [40]
        )
        self.assertEqual(
            settlement.line_ids.filtered("amount").move_line_id, second | named
        )
        settlement.method = "amount"
        settlement.action_propose()
        lines = settlement.line_ids.filtered("amount")
        self.assertEqual(lines.move_line_id, first | equal)
        self.assertEqual(len(set(lines.mapped("group"))), 1)

    def test_write_offs(self):
        """100 owed, 94.96 received: discount 3, fee 2, 0.04 small difference."""
        invoice = self._item(RECEIVABLE, 100)
        self._item(RECEIVABLE, -94.96)
        settlement = self._settlement()
        settlement.claim_ids.amount = 100
        settlement.line_ids = [
            Command.create({"side": "write_off", "write_off": kind, "amount": amount})
            for kind, amount in (("discount", 3), ("fee", 2), ("difference", 0.04))
        ]
        settlement.action_apply()
        self.assertTrue(invoice.reconciled)
        # fee and difference share 财务费用
        self.assertEqual(
            self._balances(settlement.move_id),
            {RECEIVABLE: -5.04, "560304": 3, "560300": 2.04},
        )
        self.assertTrue(settlement.move_id.jxc_voucher_no)
        settlement.action_undo()
        self.assertEqual(invoice.amount_residual, 100)
        self.assertEqual(
            self._balances(settlement.reversal_move_id),
            {RECEIVABLE: 5.04, "560304": -3, "560300": -2.04},
        )
        self.assertTrue(all(settlement.move_id.line_ids[:1].mapped("reconciled")))

    def test_small_differences_are_proposed_and_bounded(self):
        self._item(RECEIVABLE, 100)
        receipt = self._item(RECEIVABLE, -100.03)
        settlement = self._settlement()
        self.assertEqual(settlement.write_off_ids.amount, -0.03)
        settlement.action_apply()
        self.assertTrue(receipt.reconciled)
        self._item(RECEIVABLE, 50)
        self._item(RECEIVABLE, -49)
        settlement = self._settlement()
        self.assertFalse(settlement.write_off_ids)
        settlement.claim_ids.amount = 50
        with self.assertRaisesRegex(UserError, "does not balance"):
            settlement.action_apply()
        settlement.line_ids = [
            Command.create(
                {"side": "write_off", "write_off": "difference", "amount": 1}
            )
        ]
        with self.assertRaisesRegex(UserError, "tolerates"):
            settlement.action_apply()
        settlement.line_ids = [
            Command.delete(settlement.write_off_ids.id),
            *(
                Command.create(
                    {
                        "side": "write_off",
                        "write_off": "difference",
                        "amount": 0.05,
                        "group": group,
                    }
                )
                for group in range(20)
            ),
        ]
        with self.assertRaisesRegex(UserError, "tolerates"):
            settlement.action_apply()
        settlement.write_off_ids[1:].unlink()
        settlement.write_off_ids.write({"write_off": "discount", "amount": -1})
        settlement.claim_ids.amount = 48
        with self.assertRaisesRegex(UserError, "positive amount"):
            settlement.action_apply()

    def test_print(self):
        """The sheet has every line, what is left, and the amount in words."""
        self._item(RECEIVABLE, 100, due="2026-03-20")
        self._item(RECEIVABLE, -80.5)
        settlement = self._settlement()
        settlement.claim_ids.amount = 82.5
        settlement.line_ids = [
            Command.create({"side": "write_off", "write_off": "fee", "amount": 2})
        ]
        settlement.action_apply()
        html, _kind = self.env["ir.actions.report"]._render_qweb_html(
            "jxc_finance_bridge.settlement_report", settlement.ids
        )
        text = " ".join(fromstring(html).itertext())
        for part in (settlement.name, "82.50", "80.50", "17.50", "Fee", "捌拾贰元伍角"):
            self.assertIn(part, text)

    def test_payables_with_discount(self):
        bill = self._item(PAYABLE, -200, partner=self.vendor)
        paid = self._item(PAYABLE, 196, partner=self.vendor)
        settlement = self._settlement("payable", self.vendor)
        settlement.claim_ids.amount = 200
        settlement.line_ids = [
            Command.create({"side": "write_off", "write_off": "discount", "amount": 4})
        ]
        settlement.action_apply()
        self.assertTrue(bill.reconciled)
        self.assertEqual(self._balances(settlement.move_id), {PAYABLE: 4, "530104": -4})
        settlement.action_undo()
        self.assertEqual((bill.amount_residual, paid.amount_residual), (-200, 196))

    def test_advances(self):
        invoice = self._item(RECEIVABLE, 100)
        advance = self._item(RECEIVED, -70)
        settlement = self._settlement("advance_receivable")
        settlement.action_apply()
        self.assertEqual(
            self._balances(settlement.move_id), {RECEIVABLE: -70, RECEIVED: 70}
        )
        self.assertEqual((invoice.amount_residual, advance.amount_residual), (30, 0))
        settlement.action_undo()
        self.assertEqual((invoice.amount_residual, advance.amount_residual), (100, -70))
        bill = self._item(PAYABLE, -50, partner=self.vendor)
        advance = self._item(PAID, 80, partner=self.vendor)
        settlement = self._settlement("advance_payable", self.vendor)
        settlement.action_apply()
        self.assertEqual(self._balances(settlement.move_id), {PAYABLE: 50, PAID: -50})
        self.assertEqual((bill.amount_residual, advance.amount_residual), (0, 30))
        settlement.action_undo()
        self.assertEqual((bill.amount_residual, advance.amount_residual), (-50, 80))

    def test_receivables_and_payables(self):
        invoice = self._item(RECEIVABLE, 100)
        own = self._item(PAYABLE, -30)
        others = self._item(PAYABLE, -60, partner=self.vendor)
        settlement = self._settlement("receivable_payable")
        settlement.action_apply()
        self.assertTrue(own.reconciled)
        self.assertEqual(
            self._balances(settlement.move_id), {RECEIVABLE: -30, PAYABLE: 30}
        )
        settlement.action_undo()
        self.assertEqual((invoice.amount_residual, own.amount_residual), (100, -30))
        self.assertEqual(
            self._balances(settlement.reversal_move_id), {RECEIVABLE: 30, PAYABLE: -30}
        )
        again = self._settlement("receivable_payable")
        again.action_apply()
        settlement = self._settlement(
            "receivable_payable", other_partner_id=self.vendor.id
        )
        settlement.action_apply()
        self.assertTrue(others.reconciled)
        self.assertEqual(invoice.amount_residual, 10)
        self.assertEqual(
            set(settlement.move_id.line_ids.partner_id), {self.customer, self.vendor}
        )

    def test_transfer(self):
        invoice = self._item(RECEIVABLE, 100, due="2026-02-15", date="2026-02-01")
        settlement = self._settlement(
            "receivable_transfer", other_partner_id=self.other.id
        )
        settlement.action_apply()
        self.assertTrue(invoice.reconciled)
        taken = settlement.move_id.line_ids.filtered(
            lambda line: line.partner_id == self.other
        )
        self.assertRecordValues(
            taken, [{"balance": 100, "amount_residual": 100, "reconciled": False}]
        )
        self.assertEqual(str(taken.date_maturity), "2026-02-15", "still overdue")
        self._item(RECEIVABLE, -100, partner=self.other)
        paid = self._settlement(partner=self.other)
        paid.action_apply()
        with self.assertRaisesRegex(UserError, "has been settled with"):
            settlement.action_undo()
        paid.action_undo()
        settlement.action_undo()
        self.assertEqual(invoice.amount_residual, 100)
        with self.assertRaisesRegex(ValidationError, "other than"):
            self._settlement("payable_transfer", self.vendor, propose=False)

    def test_payable_transfer(self):
        bill = self._item(PAYABLE, -100, partner=self.vendor)
        settlement = self._settlement(
            "payable_transfer", self.vendor, other_partner_id=self.other.id
        )
        settlement.claim_ids.amount = 40
        settlement.action_apply()
        self.assertEqual(bill.amount_residual, -60)
        self.assertRecordValues(
            settlement.move_id.line_ids.sorted("balance"),
            [
                {"balance": -40, "partner_id": self.other.id},
                {"balance": 40, "partner_id": self.vendor.id},
            ],
        )
        settlement.action_undo()
        self.assertEqual(bill.amount_residual, -100)
        self.assertTrue(settlement.reversal_move_id)

    def test_other_currency(self):
        """Half of 100 USD booked at 7, received at 6.8: the platform books the loss."""
        usd = self.env.ref("base.USD")
        usd.active = True
        values = {"currency": usd, "date": "2026-03-05"}
        invoice = self._item(RECEIVABLE, 100, balance=700, **values)
        receipt = self._item(RECEIVABLE, -80, balance=-544, **values)
        self.assertFalse(self._settlement().line_ids, "other currencies are apart")
        settlement = self._settlement(currency_id=usd.id, method="manual")
        settlement.line_ids.amount = 50
        settlement.action_apply()
        self.assertRecordValues(
            invoice | receipt,
            [
                {"amount_residual_currency": 50, "amount_residual": 350},
                {"amount_residual_currency": -30, "amount_residual": -204},
            ],
        )
        exchange = invoice.matched_credit_ids.exchange_move_id
        self.assertEqual(self._balances(exchange)[RECEIVABLE], -10)
        settlement.action_undo()
        self.assertRecordValues(
            invoice | receipt,
            [
                {"amount_residual_currency": 100, "amount_residual": 700},
                {"amount_residual_currency": -80, "amount_residual": -544},
            ],
        )

    # Guards -----------------------------------------------------------------------

    def test_somebody_else_settled_it(self):
        invoice, receipt = self._item(RECEIVABLE, 100), self._item(RECEIVABLE, -100)
        settlement, second = self._settlement(), self._settlement()
        second.action_apply()
        with self.assertRaisesRegex(UserError, "somebody has settled it meanwhile"):
            settlement.action_apply()
        with self.assertRaisesRegex(UserError, "stays as it is"):
            second.action_apply()
        for action in ("button_draft", "button_cancel"):
            with self.assertRaisesRegex(UserError, "Undo the settlement"):
                getattr(invoice.move_id, action)()
        with self.assertRaisesRegex(UserError, "Undo the settlement"):
            receipt.remove_move_reconcile()
        second.action_undo()
        with self.assertRaisesRegex(UserError, "only what is applied"):
            second.action_undo()
        settlement.action_apply()
        self.assertTrue(invoice.reconciled)

    def test_vouchers_are_kept(self):
        self._item(RECEIVABLE, 100)
        self._item(RECEIVED, -70)
        settlement = self._settlement("advance_receivable")
        settlement.action_apply()
        for call in (
            settlement.move_id.button_draft,
            settlement.move_id._reverse_moves,
        ):
            with self.assertRaisesRegex(UserError, "is the voucher of"):
                call()

    def test_closed_periods(self):
        self._item(RECEIVABLE, 100)
        self._item(RECEIVABLE, -100)
        settlement = self._settlement()
        settlement.action_apply()
        self.company.sudo().fiscalyear_lock_date = "2026-03-31"
        with self.assertRaisesRegex(UserError, "closed until"):
            settlement.action_undo()
        self.company.sudo().fiscalyear_lock_date = False
        settlement.action_undo()
        settlement = self._settlement()
        self.company.sudo().fiscalyear_lock_date = "2026-03-31"
        with self.assertRaisesRegex(UserError, "closed until"):
            settlement.action_apply()

    def test_lines_that_do_not_belong(self):
        settlement = self._settlement(propose=False)
        foreign = self._item(RECEIVABLE, 100, partner=self.other)
        late = self._item(RECEIVABLE, 100, date="2026-04-02")
        receipt = self._item(RECEIVABLE, -100)
        for item, text in ((foreign, "is no open item of"), (late, "before")):
            settlement.line_ids = [
                Command.clear(),
                Command.create({"side": "claim", "move_line_id": item.id, "amount": 9}),
                Command.create(
                    {"side": "offset", "move_line_id": receipt.id, "amount": 9}
                ),
            ]
            with self.assertRaisesRegex(UserError, text):
                settlement.action_apply()
        settlement.line_ids = [Command.clear()]
        with self.assertRaisesRegex(UserError, "settles nothing"):
            settlement.action_apply()

    def test_the_server_decides(self):
        settlement = self._settlement(propose=False)
        for values in ({"state": "applied"}, {"move_id": 1}, {"name": "X"}):
            with self.assertRaises(AccessError):
                settlement.write(values)
        with self.assertRaises(AccessError):
            self.settlements.create(
                {"partner_id": self.customer.id, "state": "applied"}
            )
        sneaky = self.settlements.with_context(default_state="applied").create(
            {"partner_id": self.customer.id}
        )
        self.assertEqual(sneaky.state, "draft")
        self._item(RECEIVABLE, 100)
        self._item(RECEIVABLE, -100)
        settlement.action_propose()
        other = self.setup_other_company(name="Other")["company"]
        self.clerk.company_ids += other
        for values in (
            {"amount_open": 500},
            {"amount_open_company": 500},
            {"company_id": other.id},
            {"date_due": "2026-01-01"},
            {"document": "X"},
        ):
            with self.assertRaises(AccessError):
                settlement.claim_ids.write(values)
        settlement.action_apply()
        for change in (
            lambda: settlement.write({"method": "amount"}),
            lambda: settlement.claim_ids.write({"amount": 5}),
            settlement.line_ids.unlink,
            settlement.unlink,
        ):
            with self.assertRaisesRegex(UserError, "stays as it is"):
                change()
        partial = settlement.claim_ids.move_line_id.matched_credit_ids
        with self.assertRaises(AccessError):
            partial.with_user(self.clerk).jxc_settlement_id = False

    def test_roles(self):
        settlement = self._settlement(propose=False)
        reader = self._user("settle_reader", "jxc_base.group_executive")
        outsider = self._user("settle_outsider", "base.group_user")
        self.assertEqual(settlement.with_user(reader).kind, "receivable")
        for method in ("action_propose", "action_apply", "action_undo"):
            for user in (reader, outsider):
                with self.assertRaises(AccessError):
                    getattr(settlement.with_user(user), method)()
        with self.assertRaises(AccessError):
            settlement.with_user(outsider).read(["kind"])

    def test_two_companies(self):
        other = self.setup_other_company()["company"]
        stranger = self._user("settle_stranger", "account.group_account_invoice", other)
        settlement = self._settlement(propose=False)
        self.assertFalse(
            self.env["jxc.settlement"]
            .with_user(stranger)
            .search([("id", "=", settlement.id)])
        )
        with self.assertRaises(AccessError):
            settlement.with_user(stranger).action_propose()
        with self.assertRaises(AccessError):
            settlement.line_ids.with_user(stranger).create(
                {"settlement_id": settlement.id, "amount": 1}
            )

# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import Form, tagged

from .settlement_common import SettlementCommon

RECEIVABLE, PAYABLE, RECEIVED = "112200", "220200", "220300"


@tagged("post_install", "-at_install")
class TestSettlementCurrency(SettlementCommon):
    """Invoices in USD that are paid in CNY, and the other way round."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.usd = cls.env.ref("base.USD")
        cls.cny = cls.company.currency_id
        cls.usd.active = True
        cls.usd.rate_ids.unlink()
        cls.env["res.currency.rate"].create(
            [
                {
                    "currency_id": cls.usd.id,
                    "company_id": cls.company.id,
                    "name": day,
                    "rate": 1 / per_usd,
                }
                for day, per_usd in (("2026-03-01", 7.0), ("2026-03-31", 7.2))
            ]
        )
        cls.manager = cls._user("settle_manager", "account.group_account_manager")

    def _open(self, item):
        return item.amount_residual_currency, item.amount_residual

    def _crossed(self, claim="usd", **values):
        currencies = (self.usd, self.cny)
        ours, theirs = currencies if claim == "usd" else reversed(currencies)
        return self._settlement(
            currency_id=ours.id, offset_currency_id=theirs.id, **values
        )

    def test_invoice_in_usd_paid_in_cny(self):
        """100 USD booked at 7.00 and paid with 720 CNY when the rate is 7.20."""
        invoice = self._item(RECEIVABLE, 100, currency=self.usd, balance=700)
        receipt = self._item(RECEIVABLE, -720)
        settlement = self._crossed()
        self.assertEqual(
            self._amounts(settlement),
            [("claim", invoice, 100), ("offset", receipt, 720)],
        )
        self._assert_as_computed(settlement.line_ids)
        self.assertEqual(settlement.total_currency_id, self.cny)
        self.assertEqual(
            (settlement.amount_claim, settlement.amount_offset), (720, 720)
        )
        settlement.action_apply()
        self.assertTrue(invoice.reconciled and receipt.reconciled)
        self.assertRecordValues(
            settlement.move_id.line_ids.sorted("balance"),
            [
                {"amount_currency": -100, "currency_id": self.usd.id, "balance": -720},
                {"amount_currency": 720, "currency_id": self.cny.id, "balance": 720},
            ],
        )
        exchange = invoice.matched_credit_ids.exchange_move_id
        gain = self.company.income_currency_exchange_account_id
        self.assertEqual(
            self._balances(exchange), {RECEIVABLE: 20, gain.code: -20}, "a gain of 20"
        )
        settlement.action_undo()
        self.assertEqual(self._open(invoice), (100, 700))
        self.assertEqual(self._open(receipt), (-720, -720))
        lines = self.env["account.move.line"].search(
            [("partner_id", "=", self.customer.id), ("account_id.code", "=", gain.code)]
        )
        self.assertEqual(sum(lines.mapped("balance")), 0)

    def test_invoice_in_cny_paid_in_usd_with_discount(self):
        """1,000 CNY: a part of 100 USD (720), 30 discount; 250 stay open."""
        invoice = self._item(RECEIVABLE, 1000)
        receipt = self._item(RECEIVABLE, -150, currency=self.usd, balance=-1050)
        settlement = self._crossed("cny", method="manual")
        settlement.claim_ids.amount = 750
        settlement.offset_ids.amount = 100
        with self.assertRaisesRegex(UserError, "does not balance"):
            settlement.action_apply()
        settlement.line_ids = [
            Command.create({"side": "write_off", "write_off": "discount", "amount": 30})
        ]
        settlement.action_apply()
        self.assertEqual(invoice.amount_residual, 250)
        self.assertEqual(self._open(receipt), (-50, -350))
        self.assertEqual(
            self._balances(settlement.move_id), {RECEIVABLE: -30, "560304": 30}
        )
        exchange = receipt.matched_debit_ids.exchange_move_id
        self.assertEqual(self._balances(exchange)[RECEIVABLE], -20, "now worth 720")
        settlement.action_undo()
        self.assertEqual(invoice.amount_residual, 1000)
        self.assertEqual(self._open(receipt), (-150, -1050))

    def test_foreign_cents_do_not_hinder(self):
        """Less than is owed, and no whole number of foreign cents."""
        invoice = self._item(RECEIVABLE, 333.33, currency=self.usd, balance=2333.31)
        receipt = self._item(RECEIVABLE, -1000.01)
        settlement = self._crossed()
        self.assertEqual(settlement.claim_ids.amount, 138.89)
        settlement.action_apply()
        self.assertTrue(receipt.reconciled)
        self.assertAlmostEqual(invoice.amount_residual_currency, 194.44)
        settlement.action_undo()
        self.assertEqual(self._open(invoice), (333.33, 2333.31))
        # By hand nobody has to find the cents either.
        settlement = self._crossed(method="manual")
        settlement.claim_ids.amount = 138.89
        settlement.offset_ids.amount = 1000.01
        self.assertEqual(settlement.amount_difference, 0)
        settlement.action_apply()
        self.assertTrue(receipt.reconciled)
        self.assertEqual(sum(settlement.move_id.line_ids.mapped("balance")), 0)

    def test_two_foreign_currencies(self):
        """100 EUR at 8.00 are settled with 111.11 USD at 7.20: 0.01 CNY is left."""
        eur = self.env.ref("base.EUR")
        eur.active = True
        eur.rate_ids.unlink()
        self.env["res.currency.rate"].create(
            {
                "currency_id": eur.id,
                "company_id": self.company.id,
                "name": "2026-03-01",
                "rate": 1 / 8.0,
            }
        )
        invoice = self._item(RECEIVABLE, 100, currency=eur, balance=790)
        receipt = self._item(RECEIVABLE, -111.11, currency=self.usd, balance=-777.77)
        settlement = self._settlement(
            currency_id=eur.id, offset_currency_id=self.usd.id, method="manual"
        )
        settlement.action_propose()
        settlement.line_ids.action_settle_rest()
        settlement.action_apply()
        self.assertTrue(invoice.reconciled and receipt.reconciled)
        settlement.action_undo()
        self.assertEqual(self._open(invoice), (100, 790))
        self.assertEqual(self._open(receipt), (-111.11, -777.77))

    def test_receivables_against_payables_and_advances(self):
        invoice = self._item(RECEIVABLE, 100, currency=self.usd, balance=700)
        bill = self._item(PAYABLE, -288)
        settlement = self._crossed(kind="receivable_payable")
        settlement.action_apply()
        self.assertEqual(self._open(invoice), (60, 420))
        self.assertTrue(bill.reconciled)
        advance = self._item(RECEIVED, -432)
        settlement = self._crossed(kind="advance_receivable")
        settlement.action_apply()
        self.assertTrue(invoice.reconciled and advance.reconciled)
        self.assertEqual(
            self._balances(settlement.move_id), {RECEIVABLE: -432, RECEIVED: 432}
        )

    def test_rate_that_the_bank_gave(self):
        """Only by right, logged, and never without a value."""
        invoice = self._item(RECEIVABLE, 100, currency=self.usd, balance=700)
        receipt = self._item(RECEIVABLE, -715)
        settlement = self._crossed()
        claim = settlement.claim_ids
        self.assertAlmostEqual(claim.amount, 99.31)
        claim.amount = 100
        with self.assertRaisesRegex(UserError, "does not balance"):
            settlement.action_apply()
        with self.assertRaisesRegex(AccessError, "Only accounting managers"):
            claim.amount_company = 715
        with self.assertRaisesRegex(AccessError, "Only accounting managers"):
            claim.create(
                {"settlement_id": settlement.id, "amount": 1, "amount_company": 715}
            )
        claim = claim.with_user(self.manager)
        claim.amount_company = 715
        settlement.offset_ids.with_user(self.manager).amount_company = 700
        claim.amount_company = 700
        with self.assertRaisesRegex(UserError, "cannot come to"):
            settlement.action_apply()
        claim.amount_company = 715
        settlement.offset_ids.with_user(self.manager).amount_company = 715
        settlement.action_apply()
        self.assertTrue(invoice.reconciled and receipt.reconciled)
        exchange = invoice.matched_credit_ids.exchange_move_id
        self.assertEqual(self._balances(exchange)[RECEIVABLE], 15)
        self.assertRegex(settlement.message_ids[0].body, "715.00.*720.00")
        # What is entered follows the amount and the date again.
        settlement.action_undo()
        again = self._crossed()
        again.claim_ids.with_user(self.manager).amount_company = 715
        again.date = "2026-03-30"
        self.assertEqual(
            again.claim_ids.amount_company, self.cny.round(again.claim_ids.amount * 7)
        )

    def test_batch_proposes_each_currency_apart(self):
        """Dollars among yuan: a settlement of its own for each, nothing mixed."""
        self.clerk.group_ids += self.env.ref("base.group_multi_currency")
        eur = self.env.ref("base.EUR")
        eur.active = True
        other = self.env["res.partner"].create({"name": "Other"})
        dollars = self._item(RECEIVABLE, 100, currency=self.usd, balance=700)
        paid = self._item(RECEIVABLE, -60, currency=self.usd, balance=-430)
        yuan = self._item(RECEIVABLE, 500)
        received = self._item(RECEIVABLE, -800)
        theirs = self._item(RECEIVABLE, 40, partner=other)
        cash = self._item(RECEIVABLE, -40, partner=other)
        # Nothing in the same currency stands against these.
        self._item(RECEIVABLE, -9, currency=eur, balance=-70)
        self._item(RECEIVABLE, 9, currency=eur, balance=70, partner=other)
        batch = (
            self.env["jxc.settlement.batch"]
            .with_user(self.clerk)
            .with_company(self.company)
            .create({"kind": "receivable", "date": "2026-03-31"})
        )
        made = self.settlements.search(batch.action_propose()["domain"])
        made = made.filtered(lambda one: one.partner_id in self.customer | other)
        found = {(one.partner_id, one.currency_id): self._amounts(one) for one in made}
        self.assertEqual(
            found,
            {
                (self.customer, self.usd): [
                    ("claim", dollars, 60),
                    ("offset", paid, 60),
                ],
                (self.customer, self.cny): [
                    ("claim", yuan, 500),
                    ("offset", received, 500),
                ],
                (other, self.cny): [("claim", theirs, 40), ("offset", cash, 40)],
            },
        )
        self.assertFalse(any(made.mapped("is_crossed")))
        self._assert_as_computed(made.line_ids)
        made.action_apply()
        self.assertEqual(dollars.amount_residual_currency, 40)
        self.assertTrue(paid.reconciled and yuan.reconciled and theirs.reconciled)
        self.assertEqual(received.amount_residual, -300)
        made.action_undo()
        self.assertEqual(self._open(dollars), (100, 700))
        self.assertEqual(self._open(paid), (-60, -430))

    def _assert_as_computed(self, lines):
        """What a proposal wrote is what lines entered one by one come to."""
        names = (
            "amount_company",
            "amount_open",
            "amount_open_company",
            "company_id",
            "date_due",
            "document",
        )
        written = lines.sudo().read(names, load=None)
        for name in names:
            self.env.add_to_compute(lines._fields[name], lines)
        self.assertEqual(lines.sudo().read(names, load=None), written)

    def test_screen(self):
        """A clerk sees the value in company currency and cannot enter it."""
        self.clerk.group_ids += self.env.ref("base.group_multi_currency")
        self._item(RECEIVABLE, 100, currency=self.usd, balance=700)
        self._item(RECEIVABLE, -720)
        form = Form(self._crossed())
        with form.claim_ids.edit(0) as line:
            line.amount = 50
            self.assertEqual(line.amount_company, 360)
            with self.assertRaises(AssertionError):
                line.amount_company = 1
        self.assertEqual(form.amount_difference, -360)
        settlement = form.save()
        self.assertEqual(settlement.claim_ids.amount_company, 360)
        form = Form(settlement)
        form.offset_currency_id = self.usd
        self.assertFalse(form.is_crossed)
        self.assertFalse(len(form.claim_ids), "lines of another subject are of no use")

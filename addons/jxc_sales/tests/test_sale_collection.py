# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
import io
from datetime import date

import openpyxl
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from odoo.exceptions import AccessError, ValidationError
from odoo.fields import Command
from odoo.tests import new_test_user, tagged

from .common import CreditCommon


@tagged("post_install", "-at_install")
class TestSaleCollection(CreditCommon):
    """Collection by hand: every figure is worked out in the comments."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env.user.group_ids += cls.env.ref("account.group_account_manager")
        cls.account.unlimited = True
        cls.bank = cls.company_data["default_journal_bank"]
        cls.expense = cls.company_data["default_account_expense"]
        cls.receivable = cls.customer.property_account_receivable_id

    @classmethod
    def _bill(cls, amount, day, kind="out_invoice", **values):
        move = cls.env["account.move"].create(
            {
                "move_type": kind,
                "partner_id": cls.customer.id,
                "invoice_date": day,
                "date": day,
                "invoice_payment_term_id": False,
                "invoice_line_ids": [
                    Command.create(
                        {
                            "name": "Goods",
                            "quantity": 1,
                            "price_unit": amount,
                            "tax_ids": [Command.clear()],
                        }
                    )
                ],
                **values,
            }
        )
        move.action_post()
        return move

    @classmethod
    def _entry(cls, day, *lines, partner=None):
        """A posted entry of (account, balance)."""
        move = cls.env["account.move"].create(
            {
                "date": day,
                "line_ids": [
                    Command.create(
                        {
                            "account_id": account.id,
                            "partner_id": (partner or cls.customer).id,
                            "balance": balance,
                        }
                    )
                    for account, balance in lines
                ],
            }
        )
        move.action_post()
        return move

    @classmethod
    def _money(cls, amount, day, *moves, discount=0.0):
        """Money on the bank, matched with documents."""
        entry = cls._entry(
            day,
            (cls.bank.default_account_id, amount - discount),
            *(((cls.expense, discount),) if discount else ()),
            (cls.receivable, -amount),
        )
        cls._match(entry, *moves)
        return entry

    @classmethod
    def _money_of(cls, partner, amount, day, *moves, discount=0.0):
        """The same of another customer."""
        entry = cls._entry(
            day,
            (cls.bank.default_account_id, amount - discount),
            *(((cls.expense, discount),) if discount else ()),
            (cls.receivable, -amount),
            partner=partner,
        )
        cls._match(entry, *moves)

    @classmethod
    def _match(cls, *moves):
        lines = cls.env["account.move.line"].union(*(m.line_ids for m in moves))
        lines = lines.filtered(lambda line: line.account_id == cls.receivable)
        lines.reconcile()

    def _report(self, start="2026-01-01", end="2026-12-31", user=None, **values):
        report = (
            self.env["jxc.sale.collection"]
            .with_user(user or self.env.user)
            .create({"date_from": start, "date_to": end, "is_monthly": False, **values})
        )
        report.action_show()
        return report

    def _figures(self, *names, **values):
        line = self._report(**values).line_ids
        return tuple(round(line[name], 2) for name in names)

    def test_rates_by_hand(self):
        # Open at the start of the year: 400. Billed 1,000 on 1 February. Paid: the 400
        # on 10 January, 600 of the new ones on 1 March. Open at the end: 400.
        old = self._bill(400, "2025-12-01")
        new = self._bill(1000, "2026-02-01")
        self._money(400, "2026-01-10", old)
        self._money(600, "2026-03-01", new)
        found = self._figures(
            "opening", "billed", "collected", "other", "closing", "collection_rate"
        )
        self.assertEqual(found, (400, 1000, 1000, 0, 400, 100))
        # 1,000 of 1,400; an average of 400 over 365 days against 1,000.
        self.assertEqual(self._figures("recovery_rate", "dso"), (71.43, 146))

    def test_workbook(self):
        """The rows of the screen, numbers as numbers."""
        old = self._bill(400, "2025-12-01")
        new = self._bill(1000, "2026-02-01")
        self._money(400, "2026-01-10", old)
        self._money(600, "2026-03-01", new)
        report = self._report()
        content, kind = self.env["ir.actions.report"]._render_xlsx(
            "jxc_sales.sale_collection_xlsx", report.ids, data={}
        )
        self.assertEqual(kind, "xlsx")
        sheet = openpyxl.load_workbook(io.BytesIO(content)).active
        self.assertEqual(sheet.title, "Collection and DSO")
        _title, subtitle, header, *rows = sheet.values
        self.assertIn("2026-01-01 – 2026-12-31", subtitle[0])
        names = ("opening", "billed", "collected", "closing", "collection_rate", "dso")
        labels = [report.line_ids._fields[name].string for name in names]
        found = [
            tuple(row[header.index(label)] for label in labels)
            for row in rows
            if row[0]
        ]
        self.assertEqual(found, [(400, 1000, 1000, 400, 100, 146)])
        self.assertIn(self.customer.display_name, rows[0])

    def test_any_past_day(self):
        invoice = self._bill(1000, "2026-02-01")
        self._money(600, "2026-03-01", invoice)
        self.assertEqual(self._figures("closing", end="2026-02-28"), (1000,))
        self.assertEqual(self._figures("closing", end="2026-03-01"), (400,))
        self.assertFalse(self._report(end="2026-01-31").line_ids)

    def test_by_month_ends_where_the_next_begins(self):
        invoice = self._bill(900, "2026-01-15")
        self._money(300, "2026-02-10", invoice)
        self._bill(100, "2026-03-05")
        report = self._report(end="2026-03-31", is_monthly=True)
        self.assertRecordValues(
            report.line_ids.sorted("date_from"),
            [
                {"opening": 0, "billed": 900, "collected": 0, "closing": 900},
                {"opening": 900, "billed": 0, "collected": 300, "closing": 600},
                {"opening": 600, "billed": 100, "collected": 0, "closing": 700},
            ],
        )
        self.env.flush_all()
        lines = report.line_ids
        ((rate, dso, opening),) = lines._read_group(
            [("report_id", "=", report.id)],
            aggregates=["collection_rate:avg", "dso:avg", "opening:sum"],
        )
        self.assertAlmostEqual(rate, 30)
        # (450 × 31 + 750 × 28 + 650 × 31) ÷ 1,000
        self.assertAlmostEqual(dso, 55.1)
        self.assertFalse(opening, "Openings of several months do not add up.")
        ((_month, opening),) = lines._read_group(
            [("report_id", "=", report.id), ("date_from", "=", "2026-02-01")],
            ["date_from:month"],
            ["opening:sum"],
        )
        self.assertEqual(opening, 900)

    def test_credit_note_is_no_money(self):
        invoice = self._bill(1000, "2026-02-01")
        refund = self._bill(300, "2026-02-20", kind="out_refund")
        self._match(invoice, refund)
        self._money(700, "2026-03-01", invoice)
        self.assertEqual(
            self._figures("billed", "collected", "other", "closing"), (700, 700, 0, 0)
        )

    def test_money_paid_back_counts_as_less(self):
        invoice = self._bill(1000, "2026-02-01")
        self._money(1000, "2026-02-05", invoice)
        refund = self._bill(300, "2026-02-20", kind="out_refund")
        self._money(-300, "2026-03-01", refund)
        self.assertEqual(self._figures("billed", "collected", "closing"), (700, 700, 0))

    def test_money_that_was_reset_to_draft_is_none(self):
        """The platform leaves it set against the invoice."""
        invoice = self._bill(1000, "2026-02-01")
        self._money(600, "2026-03-01", invoice).button_draft()
        self.assertEqual(
            self._figures("billed", "collected", "other", "closing"), (1000, 0, 0, 1000)
        )

    def test_payment_ahead_counts_with_its_invoice(self):
        ahead = self._money(500, "2026-01-05")
        self.assertFalse(self._report().line_ids)
        invoice = self._bill(800, "2026-04-01")
        self._match(ahead, invoice)
        self.assertFalse(self._report(end="2026-03-31").line_ids)
        self.assertEqual(self._figures("collected", "closing"), (500, 300))

    def test_discount_and_write_off_are_no_money(self):
        invoice = self._bill(1000, "2026-02-01")
        # A payment of 980 that settles 1,000: an early payment discount of 20.
        self._money(1000, "2026-02-10", invoice, discount=20)
        other = self._bill(100, "2026-02-01")
        loss = self._entry("2026-05-01", (self.expense, 100), (self.receivable, -100))
        self._match(other, loss)
        self.assertEqual(
            self._figures("billed", "collected", "other", "closing"),
            (1100, 980, -120, 0),
        )

    def test_registered_payment_with_early_discount(self):
        term = self.env["account.payment.term"].create(
            {
                "name": "2/10",
                "early_discount": True,
                "discount_percentage": 2,
                "discount_days": 10,
                "line_ids": [Command.create({"value": "percent", "value_amount": 100})],
            }
        )
        invoice = self._bill(1000, "2026-02-01", invoice_payment_term_id=term.id)
        wizard = (
            self.env["account.payment.register"]
            .with_context(active_model="account.move", active_ids=invoice.ids)
            .create({"payment_date": "2026-02-05"})
        )
        payment = wizard._create_payments()
        self.assertEqual(payment.amount, 980)
        if payment.move_id:
            self.assertEqual(
                self._figures("collected", "other", "closing"), (980, -20, 0)
            )
        else:
            # Without an outstanding account money is booked with the bank statement.
            self.assertEqual(self._figures("collected", "closing"), (0, 1000))

    def test_opening_balance_by_entry_is_collected_like_an_invoice(self):
        equity = self.company_data["default_account_revenue"].copy(
            {"account_type": "equity", "code": "JXCEQ"}
        )
        takeover = self._entry("2025-12-31", (self.receivable, 700), (equity, -700))
        self._money(200, "2026-02-10", takeover)
        self.assertEqual(
            self._figures("opening", "billed", "collected", "closing"),
            (700, 0, 200, 500),
        )

    def test_foreign_invoice_counts_at_its_own_rate(self):
        foreign = self.env["res.currency"].create(
            {
                "name": "QQQ",
                "symbol": "Q",
                "rate_ids": [
                    Command.create({"name": "2026-01-01", "rate": 0.5}),
                    Command.create({"name": "2026-03-01", "rate": 0.4}),
                ],
            }
        )
        invoice = self._bill(100, "2026-02-01", currency_id=foreign.id)
        self.assertEqual(self._figures("billed", "closing"), (200, 200))
        wizard = (
            self.env["account.payment.register"]
            .with_context(active_model="account.move", active_ids=invoice.ids)
            .create({"payment_date": "2026-03-10"})
        )
        payment = wizard._create_payments()
        if payment.move_id:
            # 100 Q are 250 now, and settle the 200 they were billed at.
            self.assertEqual(self._figures("collected", "closing"), (200, 0))

    def test_by_salesperson(self):
        self._bill(1000, "2026-02-01", invoice_user_id=self.salesman.id)
        paid = self._bill(500, "2026-02-01", invoice_user_id=self.env.user.id)
        self._money(500, "2026-02-28", paid)
        lines = self._report().line_ids
        found = {line.user_id: line.collection_rate for line in lines}
        self.assertEqual(found, {self.salesman: 0, self.env.user: 100})
        report = self._report(user_ids=[Command.set(self.salesman.ids)])
        self.assertEqual(report.line_ids.user_id, self.salesman)

    def test_entries_behind_a_row_have_its_sums(self):
        """Whatever rows are grouped by, and whoever else sold to the same customer."""
        other = self.customer.copy({"name": "Other Customer"})
        sellers = (self.salesman, self.env.user, self.env.user.browse())
        for number, seller in enumerate(sellers, start=1):
            for partner in (self.customer, other):
                values = {"invoice_user_id": seller.id, "partner_id": partner.id}
                old = self._bill(100 * number, "2025-11-20", **values)
                new = self._bill(1000 * number, "2026-02-01", **values)
                back = self._bill(70, "2026-02-10", kind="out_refund", **values)
                self._money_of(partner, 30, "2025-12-24", old)
                self._money_of(partner, 500, "2026-02-20", old, new)
                self._money_of(partner, 100, "2026-03-20", new, discount=5)
                self._match(new, back)
        names = ("opening", "billed", "collected", "other", "closing")
        for is_monthly in (False, True):
            report = self._report(end="2026-03-31", is_monthly=is_monthly)
            self.assertEqual(len(report.line_ids), 18 if is_monthly else 6)
            entries = {}
            for line in report.line_ids:
                action = line.action_open_items()
                found = self.env[action["res_model"]].search(action["domain"])
                entries[line] = found
                for name in names:
                    with self.subTest(line=line.id, name=name):
                        self.assertAlmostEqual(sum(found.mapped(name)), line[name])
                self.assertEqual(
                    found.move_id.invoice_user_id, line.user_id, "others' documents"
                )
                days = [day for day in found.mapped("date") if day]
                self.assertTrue(
                    all(line.date_from <= day <= line.date_to for day in days)
                )
            self.env.flush_all()
            for groupby in ("partner_id", "user_id", "date_from:month", "company_id"):
                for _key, lines, *sums in report.line_ids._read_group(
                    [("report_id", "=", report.id)],
                    [groupby],
                    ["id:recordset", "billed:sum", "collected:sum", "other:sum"],
                ):
                    found = self.env["jxc.sale.collection.entry"].union(
                        *(entries[line] for line in lines)
                    )
                    for name, amount in zip(names[1:4], sums, strict=True):
                        with self.subTest(groupby, name=name):
                            self.assertAlmostEqual(sum(found.mapped(name)), amount)
        # Opened once more, the entries are the same ones.
        line = report.line_ids[0]
        line.action_open_items()
        self.assertEqual(sum(line.entry_ids.mapped("closing")), line.closing)

    def test_period_must_not_end_before_it_starts(self):
        with self.assertRaisesRegex(ValidationError, "2026-01-01"):
            self._report(start="2026-02-01", end="2026-01-01")

    def test_salesperson_gets_own_invoices_only(self):
        clerk = new_test_user(
            self.env,
            "jxc_clerk",
            "sales_team.group_sale_salesman",
            company_id=self.company.id,
            company_ids=[Command.set(self.company.ids)],
        )
        self._bill(1000, "2026-02-01", invoice_user_id=clerk.id)
        self._bill(500, "2026-02-01", invoice_user_id=self.env.user.id)
        self.assertEqual(self._report(user=clerk).line_ids.billed, 1000)
        mine = self._report()
        with self.assertRaises(AccessError):
            mine.with_user(clerk).line_ids.mapped("billed")
        with self.assertRaises(AccessError):
            self._report(user=clerk).line_ids.write({"billed": 1})

    def test_others_may_not_ask(self):
        nobody = new_test_user(self.env, "jxc_nobody", "base.group_user")
        with self.assertRaises(AccessError):
            self._report(user=nobody)

    def test_companies_are_kept_apart(self):
        self._bill(1000, "2026-02-01")
        other = self.env["res.company"].create({"name": "Other"})
        there = new_test_user(
            self.env,
            "jxc_there",
            "account.group_account_invoice",
            company_id=other.id,
            company_ids=[Command.set(other.ids)],
        )
        self.assertFalse(self._report(user=there).line_ids)

    @settings(
        max_examples=10,
        deadline=None,
        suppress_health_check=[HealthCheck.function_scoped_fixture],
    )
    @given(
        st.lists(
            st.tuples(
                st.integers(1, 12),  # month of the document
                st.integers(-300, 900).filter(bool),
                st.integers(0, 900),  # money that comes for it
                st.integers(1, 12),  # in which month
            ),
            min_size=1,
            max_size=5,
        ),
        st.integers(1, 12),
    )
    def test_closing_is_what_the_documents_leave_open(self, documents, month):
        day = date(2027, month, 28)
        before = self._closing(day)
        expected = collected = 0.0
        for number, (billed_in, amount, paid, paid_in) in enumerate(documents):
            kind = "out_invoice" if amount > 0 else "out_refund"
            on = date(2027, billed_in, 1 + number)
            bill = self._bill(abs(amount), str(on), kind=kind)
            money = min(paid, abs(amount)) * (1 if amount > 0 else -1)
            when = date(2027, paid_in, 20)
            if money:
                self._money(money, str(when), bill)
            if on <= day:
                expected += amount
            if money and max(on, when) <= day:
                expected -= money
                collected += money
        after = self._closing(day)
        self.assertAlmostEqual(after[0] - before[0], expected)
        self.assertAlmostEqual(after[1] - before[1], collected)

    def _closing(self, day):
        lines = self._report(start="2027-01-01", end=str(day)).line_ids
        self.env.flush_all()
        return sum(lines.mapped("closing")), sum(lines.mapped("collected"))

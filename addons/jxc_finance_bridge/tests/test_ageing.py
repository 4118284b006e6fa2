# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
import io
import random

from openpyxl import load_workbook

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged

from .common import FinanceBridgeCommon


@tagged("post_install", "-at_install")
class TestAgeing(FinanceBridgeCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.reader = cls._user("age_reader", "account.group_account_readonly")
        for partner in cls.partner_a | cls.partner_b:
            partner.property_account_receivable_id = cls._account("112200")
            partner.property_account_payable_id = cls._account("220200")
            partner.property_payment_term_id = False
            partner.property_supplier_payment_term_id = False

    def _invoice(self, amount, date, due=None, kind="out_invoice", **values):
        move = self._create_invoice_one_line(
            amount,
            move_type=kind,
            date=date,
            invoice_date=date,
            invoice_date_due=due or date,
            tax_ids=[],
            partner_id=values.pop("partner_id", self.partner_a),
            **values,
        )
        move.action_post()
        return move

    def _pay(self, move, date, amount=None):
        wizard = self.env["account.payment.register"].with_context(
            active_model="account.move", active_ids=move.ids
        )
        return wizard.create(
            {"payment_date": date, "amount": amount or move.amount_residual}
        )._create_payments()

    def _ageing(self, date, user=None, **values):
        model = self.env["jxc.ageing"].with_user(user or self.reader)
        ageing = model.with_company(self.company).create(
            {"date": date, "company_id": self.company.id, **values}
        )
        ageing._refresh_lines()
        return ageing

    def _columns(self, ageing, partner=None):
        rows = ageing._get_table()["rows"]
        if partner:
            rows = [row for row in rows if row["partner"] == partner]
        names = ageing.bucket_ids.mapped("name")
        return {
            name: sum(row["amounts"][place] for row in rows)
            for place, name in enumerate(names)
            if sum(row["amounts"][place] for row in rows)
        }

    def test_at_a_past_date(self):
        """What was paid later was open; due and document date; unapplied apart."""
        first = self._invoice(100, "2026-01-10", "2026-02-10")
        self._invoice(50, "2026-03-01", "2026-04-30")
        self._pay(first, "2026-03-20", 60)
        self._invoice(30, "2026-03-05", kind="out_refund")
        columns = self._columns(self._ageing("2026-03-15"))
        self.assertEqual(columns, {"Unapplied": -30, "Not Due": 50, "31–60 days": 100})
        columns = self._columns(self._ageing("2026-03-31"))
        self.assertEqual(columns, {"Unapplied": -30, "Not Due": 50, "31–60 days": 40})
        columns = self._columns(self._ageing("2026-02-10"))
        self.assertEqual(columns, {"Not Due": 100}, "the day itself is not overdue")
        columns = self._columns(self._ageing("2026-02-11"))
        self.assertEqual(columns, {"1–30 days": 100})
        columns = self._columns(self._ageing("2026-03-15", basis="document"))
        self.assertEqual(
            columns, {"Unapplied": -30, "0–30 days": 50, "61–90 days": 100}
        )
        line = self._ageing("2026-03-15").line_ids.filtered(
            lambda line: line.move_id == first
        )
        self.assertEqual((line.days, line.residual, line.amount), (33, 100, 100))
        self.assertEqual(line.action_open_document()["res_id"], first.id)

    def test_payables_by_document_date(self):
        """From the day of the bill, whatever it is due on; paid ahead apart."""
        bill = self._invoice(100, "2026-01-10", "2026-04-10", kind="in_invoice")
        self._invoice(50, "2026-03-01", "2026-03-02", kind="in_invoice")
        self._invoice(30, "2026-03-05", kind="in_refund")
        self._pay(bill, "2026-03-20", 60)
        asked = {"kind": "payable", "basis": "document"}
        columns = self._columns(self._ageing("2026-03-15", **asked))
        self.assertEqual(
            columns, {"Unapplied": -30, "0–30 days": 50, "61–90 days": 100}
        )
        ageing = self._ageing("2026-03-31", **asked)
        columns = self._columns(ageing)
        self.assertEqual(columns, {"Unapplied": -30, "0–30 days": 50, "61–90 days": 40})
        self.assertEqual(ageing._get_ledger_balance(), 60)
        days = {line.move_id.id: line.days for line in ageing.line_ids}
        self.assertEqual(days[bill.id], 80)
        due = self._columns(self._ageing("2026-03-31", kind="payable"))
        self.assertEqual(due, {"Unapplied": -30, "Not Due": 40, "1–30 days": 50})

    def test_what_a_draft_settles_is_open(self):
        """The platform leaves a payment set against its invoice when it is reset."""
        move = self._invoice(1000, "2026-01-10")
        bill = self._invoice(80, "2026-01-10", kind="in_invoice")
        payments = self._pay(move, "2026-01-20") | self._pay(bill, "2026-01-20")
        self.assertFalse(self._columns(self._ageing("2026-01-31")))
        payments.action_draft()
        receivable = move.line_ids.filtered(
            lambda line: line.account_type == "asset_receivable"
        )
        self.assertTrue(receivable.reconciled)
        ageing = self._ageing("2026-01-31")
        self.assertEqual(self._columns(ageing), {"1–30 days": 1000})
        self.assertEqual(ageing._get_ledger_balance(), 1000)
        payables = self._ageing("2026-01-31", kind="payable")
        self.assertEqual(self._columns(payables), {"1–30 days": 80})
        items = self.env["jxc.voucher"].get_open_items("2026-01-31")["items"]
        self.assertEqual(sorted(item["residual"] for item in items), [-80, 1000])
        payments.action_post()
        self.assertFalse(self._columns(self._ageing("2026-01-31")))
        self.assertFalse(self.env["jxc.voucher"].get_open_items("2026-01-31")["items"])

    def test_payables_and_sets(self):
        self._invoice(80, "2026-01-01", "2026-01-31", kind="in_invoice")
        classes = self.env["jxc.ageing.bucket.set"].create(
            {"name": "Weeks", "days": "7，14; 21"}
        )
        ageing = self._ageing("2026-02-10", kind="payable", bucket_set_id=classes.id)
        self.assertEqual(self._columns(ageing), {"8–14 days": 80})
        self.assertFalse(self._ageing("2026-02-10").line_ids)
        for days in ("", "30, 20", "0, 5", "a", "9999", "1 2 3 4 5 6 7 8 9 10 11"):
            with self.assertRaises(ValidationError, msg=days):
                classes.days = days

    def test_currency(self):
        """A receivable in dollars, paid at another rate: settled in both currencies."""
        dollar = self.setup_other_currency(
            "USD", rates=[("2026-01-01", 0.2), ("2026-02-01", 0.25)]
        )
        move = self._invoice(10, "2026-01-10", currency_id=dollar.id)
        self.assertEqual(self._ageing("2026-01-20").line_ids.residual, 50)
        self._pay(move, "2026-02-05")
        ageing = self._ageing("2026-01-31", in_currency=True)
        [row] = ageing._get_table()["rows"]
        self.assertEqual((row["currency"], row["total"]), (dollar, 10))
        self.assertFalse(self._ageing("2026-02-28").line_ids)

    def test_random_histories_tie_to_the_trial_balance(self):
        """Whatever is sold, bought, paid and refunded: on every day the open items
        are the balance of the accounts."""
        dice = random.Random(20261128)
        moves = self.env["account.move"]
        for _turn in range(24):
            date = f"2026-{dice.randint(1, 4):02}-{dice.randint(1, 28):02}"
            due = f"2026-{dice.randint(5, 6):02}-{dice.randint(1, 28):02}"
            kind = dice.choice(["out_invoice", "in_invoice"] * 2 + ["out_refund"])
            partner = dice.choice([self.partner_a, self.partner_b])
            amount = dice.randint(100, 99999) / 100
            move = self._invoice(amount, date, due, kind, partner_id=partner)
            moves |= move
            if dice.random() < 0.7:
                day = f"2026-{dice.randint(1, 6):02}-{dice.randint(1, 28):02}"
                part = round(amount * dice.choice([0.3, 1]), 2)
                self._pay(move, day, part)
        refunds = moves.filtered(lambda move: move.move_type == "out_refund")
        sales = moves.filtered(lambda move: move.move_type == "out_invoice")
        items = (refunds | sales).line_ids.filtered(
            lambda line: line.account_type == "asset_receivable"
        )
        for partner, own in items.grouped("partner_id").items():
            own.filtered(lambda line: not line.reconciled).reconcile()
            self.assertTrue(partner)
        balances = self.env["jxc.trial.balance"].with_user(self.reader)
        for day in ("2026-01-20", "2026-02-14", "2026-03-31", "2026-07-01"):
            rows = balances.get_balances("2026-01-01", day, self.company.id)["rows"]
            for kind, code, sign in (
                ("receivable", "112200", 1),
                ("payable", "220200", -1),
            ):
                ageing = self._ageing(day, kind=kind)
                [row] = [row for row in rows if row["code"] == code]
                balance = sign * (row["closing_debit"] - row["closing_credit"])
                self.assertTrue(ageing.line_ids, (day, kind))
                total = sum(ageing.line_ids.mapped("residual"))
                self.assertAlmostEqual(total, balance, places=2, msg=(day, kind))
                self.assertAlmostEqual(ageing._get_ledger_balance(), balance, 2)
                table = ageing._get_table()
                self.assertAlmostEqual(
                    table["total"][self.company.currency_id], balance, 2
                )

    def test_service(self):
        self._invoice(100, "2026-01-10", "2026-02-10")
        service = self.env["jxc.ageing"].with_user(self.reader)
        result = service.get_ageing(
            "2026-03-01", days="10, 20", company_id=self.company.id
        )
        self.assertEqual(
            result["classes"],
            ["Unapplied", "Not Due", "1–10 days", "11–20 days", "Over 20 days"],
        )
        self.assertEqual(result["rows"][0]["amounts"], [0, 0, 0, 100, 0])
        self.assertEqual((result["total"], result["ledger"]), (100, 100))
        for values in (
            {"date": "2026-13-01"},
            {"kind": "all"},
            {"basis": "x"},
            {"days": "3, 2"},
        ):
            with self.assertRaises(UserError, msg=values):
                service.get_ageing(**values, company_id=self.company.id)

    def test_who_may(self):
        self._invoice(100, "2026-01-10")
        clerk = self._user("age_clerk", "account.group_account_invoice")
        with self.assertRaises(AccessError):
            self.env["jxc.ageing"].with_user(clerk).create({})
        boss = self._user("age_boss", "jxc_base.group_executive")
        self.assertEqual(len(self._ageing("2026-02-01", user=boss).line_ids), 1)
        own = self._ageing("2026-02-01")
        with self.assertRaises(AccessError):
            own.line_ids.with_user(boss).read(["residual"])

    def test_two_companies(self):
        self._invoice(100, "2026-01-10")
        other = self.setup_other_company(name="Elsewhere")["company"]
        stranger = self._user("age_far", "account.group_account_readonly", other)
        with self.assertRaises(AccessError):
            self._ageing("2026-02-01", user=stranger)
        model = self.env["jxc.ageing"].with_user(stranger).with_company(other)
        self.assertFalse(model.get_ageing("2026-02-01")["rows"])

    def test_title_of_the_table(self):
        """What the client shows as title is whose ageing it is, and of which day."""
        ageing = self._ageing("2026-02-01")
        title = ageing.action_show()["display_name"]
        for part in ("Receivable", self.company.name, "2026-02-01"):
            self.assertIn(part, title)

    def test_workbook_and_print(self):
        self.partner_a.name = "=1+1"
        self._invoice(100, "2026-01-10")
        ageing = self._ageing("2026-02-01")
        reports = self.env["ir.actions.report"].with_user(self.reader)
        content, kind = reports._render("jxc_finance_bridge.ageing_xlsx", ageing.ids)
        self.assertEqual(kind, "xlsx")
        book = load_workbook(io.BytesIO(content))
        sheet = book.worksheets[0]
        self.assertEqual(sheet.freeze_panes, "B4")
        row = [cell.value for cell in sheet[4]]
        self.assertEqual((row[0], row[4], row[-1]), ("=1+1", 100, 100))
        self.assertNotEqual(sheet["A4"].data_type, "f")
        self.assertEqual(book.worksheets[1]["I4"].value, 100)
        html = reports._render_qweb_html(
            "jxc_finance_bridge.report_ageing", ageing.ids
        )[0].decode()
        self.assertIn("1–30 days", html)
        self.assertIn("100.00", html)

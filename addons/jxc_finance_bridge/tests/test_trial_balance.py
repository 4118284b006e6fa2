# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
import io
import random

from openpyxl import load_workbook

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged

from ..wizards.jxc_trial_balance import AMOUNTS
from .common import FinanceBridgeCommon


@tagged("post_install", "-at_install")
class TestTrialBalance(FinanceBridgeCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.reader = cls._user("tb_reader", "account.group_account_readonly")
        # A year of trade in a few entries.
        cls._entry("2022-03-01", ("100200", 1000, 0), ("300100", 0, 1000))
        cls._entry("2022-06-01", ("112200", 500, 0), ("500100", 0, 500))
        cls._entry("2022-06-30", ("540100", 300, 0), ("140500", 0, 300))
        cls._entry("2023-01-15", ("112200", 113, 0), ("500100", 0, 113))
        cls._entry("2023-02-10", ("540100", 60, 0), ("140500", 0, 60))
        cls._entry("2023-02-20", ("100200", 500, 0), ("112200", 0, 500))
        cls._entry("2023-03-05", ("112200", 7, 0), ("500100", 0, 7))
        cls._entry("2023-02-25", ("100200", 9, 0), ("500100", 0, 9), post=False)

    def _balances(self, date_from, date_to, user=None, **kwargs):
        model = self.env["jxc.trial.balance"].with_user(user or self.reader)
        kwargs.setdefault("company_id", self.company.id)
        return model.get_balances(date_from, date_to, **kwargs)

    def _row(self, result, code):
        return next(row for row in result["rows"] if row["code"] == code)

    def assertBalanced(self, result):
        totals = result["totals"]
        for kind in ("opening", "period", "year", "closing"):
            self.assertAlmostEqual(
                totals[f"{kind}_debit"], totals[f"{kind}_credit"], places=2, msg=kind
            )

    def test_amounts_by_hand(self):
        result = self._balances("2023-02-01", "2023-02-28", hide_zero=True)
        expected = {
            # code: opening, period, year and closing, debit and credit of each
            "100200": (1000, 0, 500, 0, 500, 0, 1500, 0),
            "112200": (613, 0, 0, 500, 113, 500, 113, 0),
            "140500": (0, 300, 0, 60, 0, 60, 0, 360),
            "300100": (0, 1000, 0, 0, 0, 0, 0, 1000),
            # 500 - 300 earned in 2022
            "310300": (0, 200, 0, 0, 0, 0, 0, 200),
            "500100": (0, 113, 0, 0, 0, 113, 0, 113),
            "540100": (0, 0, 60, 0, 60, 0, 60, 0),
        }
        self.assertEqual(
            {
                row["code"]: tuple(row[name] for name in AMOUNTS)
                for row in result["rows"]
            },
            expected,
        )
        self.assertBalanced(result)
        self.assertEqual(result["currency"], "CNY")
        self.assertEqual(result["year_start"], "2023-01-01")

    def test_result_starts_at_zero_each_fiscal_year(self):
        opening = self._balances("2023-01-01", "2023-01-31")
        sales = self._row(opening, "500100")
        self.assertEqual(
            (sales["opening_credit"], sales["period_credit"]), (0.0, 113.0)
        )
        self.assertEqual(self._row(opening, "310300")["opening_credit"], 200.0)

    def test_fiscal_year_of_the_company(self):
        self.company.write({"fiscalyear_last_month": "6", "fiscalyear_last_day": 30})
        result = self._balances("2023-02-01", "2023-02-28")
        self.assertEqual(result["year_start"], "2022-07-01")
        self.assertEqual(self._row(result, "310300")["opening_credit"], 200.0)
        self.assertEqual(self._row(result, "500100")["opening_credit"], 113.0)

    def test_profit_without_account_gets_its_own_row(self):
        self._account("310300").account_type = "equity"
        result = self._balances("2023-02-01", "2023-02-28")
        self.assertEqual(self._row(result, "")["opening_credit"], 200.0)
        self.assertBalanced(result)

    def test_drafts_and_cancelled_left_out(self):
        before = self._balances("2023-02-01", "2023-02-28")
        move = self._entry("2023-02-26", ("100200", 5, 0), ("500100", 0, 5))
        self.assertNotEqual(self._balances("2023-02-01", "2023-02-28"), before)
        move.button_draft()
        self.assertEqual(self._balances("2023-02-01", "2023-02-28"), before)
        move.button_cancel()
        self.assertEqual(self._balances("2023-02-01", "2023-02-28"), before)

    def test_hide_zero_and_archived(self):
        everything = self._balances("2023-02-01", "2023-02-28")
        self.assertEqual(self._row(everything, "560100")["period_debit"], 0.0)
        hidden = self._balances("2023-02-01", "2023-02-28", hide_zero=True)
        self.assertNotIn("560100", [row["code"] for row in hidden["rows"]])
        self.assertEqual(hidden["totals"], everything["totals"])
        self._account("140500").active = False
        self.assertEqual(
            self._balances("2023-02-01", "2023-02-28")["totals"], everything["totals"]
        )

    def test_top_level(self):
        self._entry("2023-02-11", ("560101", 8, 0), ("560100", 0, 3), ("100200", 0, 5))
        result = self._balances("2023-02-01", "2023-02-28", level="top")
        row = self._row(result, "5601")
        self.assertEqual((row["period_debit"], row["period_credit"]), (8.0, 3.0))
        self.assertEqual((row["closing_debit"], row["closing_credit"]), (5.0, 0.0))
        self.assertEqual(row["name"], self._account("560100").name)
        self.assertEqual(
            set(row["account_ids"]),
            set(
                self.env["account.account"]
                .with_company(self.company)
                .search([("code", "=like", "5601%")])
                .ids
            ),
        )
        self.assertBalanced(result)

    def test_storno_reduces_its_own_side(self):
        self.assertTrue(self.company.account_storno)
        invoice = self._create_invoice_one_line(
            100.0, tax_ids=[], date="2023-04-01", post=True
        )
        self._reverse_invoice(invoice, date="2023-04-02", post=True)
        row = self._row(self._balances("2023-04-01", "2023-04-30"), "112200")
        self.assertEqual((row["period_debit"], row["period_credit"]), (0.0, 0.0))

    def test_two_companies(self):
        before = self._balances("2023-02-01", "2023-02-28")
        other = self.setup_other_company(name="Other")["company"]
        self._entry("2023-02-02", ("100200", 77, 0), ("300100", 0, 77), company=other)
        self.assertEqual(self._balances("2023-02-01", "2023-02-28"), before)
        with self.assertRaises(AccessError):
            self._balances("2023-02-01", "2023-02-28", company_id=other.id)
        both = self._user(
            "tb_both", "account.group_account_readonly", self.company | other
        )
        result = self._balances(
            "2023-02-01", "2023-02-28", user=both, company_id=other.id, hide_zero=True
        )
        self.assertEqual([row["code"] for row in result["rows"]], ["100200", "300100"])
        self.assertEqual(result["totals"]["closing_debit"], 77.0)

    def test_branch_is_part_of_the_company(self):
        branch = self.env["res.company"].create(
            {"name": "Branch", "parent_id": self.company.id}
        )
        self.env.user.company_ids += branch
        self.env.cr.precommit.run()
        self._entry("2023-02-03", ("100200", 11, 0), ("300100", 0, 11), company=branch)
        without = self._balances("2023-02-01", "2023-02-28")
        self.assertEqual(self._row(without, "100200")["period_debit"], 500.0)
        user = self._user(
            "tb_branch", "account.group_account_readonly", self.company | branch
        )
        result = self._balances("2023-02-01", "2023-02-28", user=user)
        self.assertEqual(self._row(result, "100200")["period_debit"], 511.0)
        self.assertBalanced(result)

    def test_locked_periods_are_read_like_others(self):
        before = self._balances("2023-02-01", "2023-02-28")
        self.company.fiscalyear_lock_date = "2023-12-31"
        self.assertEqual(self._balances("2023-02-01", "2023-02-28"), before)

    def test_rights(self):
        clerk = self._user("tb_clerk", "base.group_user")
        seller = self._user("tb_invoice", "account.group_account_invoice")
        for user in (clerk, seller):
            with self.assertRaises(AccessError):
                self._balances("2023-02-01", "2023-02-28", user=user)
            with self.assertRaises(AccessError):
                self.env["jxc.trial.balance"].with_user(user).create({})
        boss = self._user("tb_boss", "jxc_base.group_executive")
        self.assertEqual(
            self._balances("2023-02-01", "2023-02-28", user=boss),
            self._balances("2023-02-01", "2023-02-28"),
        )
        with self.assertRaises(AccessError):
            self.env["account.move"].with_user(boss).create({"move_type": "entry"})

    def test_bad_arguments(self):
        for arguments in (
            ("2023-02-28", "2023-02-01"),
            ("2023-02-30", "2023-03-01"),
            (False, "2023-03-01"),
        ):
            with self.assertRaises(UserError):
                self._balances(*arguments)
        with self.assertRaises(UserError):
            self._balances("2023-02-01", "2023-02-28", level="group")

    def test_one_pass_over_the_ledger(self):
        model = self.env["jxc.trial.balance"].with_user(self.reader)
        companies = self.company
        dates = model._check_dates("2023-02-01", "2023-02-28")
        self._balances(*dates)
        with self.assertQueryCount(1):
            model._get_account_sums(companies, self.company, *dates)

    def test_random_books_balance_and_equal_other_reports(self):
        """Invoices, bills, refunds, payments, entries: the balance always balances,
        equals the sums of the items and the trial balance of the library."""
        dice = random.Random(20260301)
        for _number in range(25):
            date = f"2023-{dice.randint(1, 6):02}-{dice.randint(1, 28):02}"
            kind = dice.choice(["out_invoice", "in_invoice", "out_refund", "in_refund"])
            price = dice.randint(1, 99999) / 100
            partner = dice.choice([self.partner_a, self.partner_b])
            move = self._create_invoice_one_line(
                price,
                product_id=self.product_a,
                quantity=dice.randint(1, 9),
                move_type=kind,
                partner_id=partner,
                date=date,
                post=dice.random() < 0.9,
            )
            if move.state == "posted" and dice.random() < 0.5:
                self.env["account.payment.register"].with_context(
                    active_model="account.move", active_ids=move.ids
                ).create(
                    {"amount": move.amount_total / dice.choice([1, 2])}
                )._create_payments()
        for period in (("2023-02-01", "2023-02-28"), ("2022-05-01", "2023-05-31")):
            result = self._balances(*period)
            self.assertBalanced(result)
            self._assert_equals_items(result, *period)
            self._assert_equals_library(result, *period)

    def _assert_equals_items(self, result, date_from, date_to):
        items = self.env["account.move.line"].search(
            [
                ("company_id", "=", self.company.id),
                ("parent_state", "=", "posted"),
                ("date", ">=", date_from),
                ("date", "<=", date_to),
            ]
        )
        self.assertTrue(items)
        for row in result["rows"]:
            own = items.filtered(
                lambda item, row=row: item.account_id.id in row["account_ids"]
            )
            self.assertAlmostEqual(row["period_debit"], sum(own.mapped("debit")))
            self.assertAlmostEqual(row["period_credit"], sum(own.mapped("credit")))
        self.assertAlmostEqual(
            result["totals"]["period_debit"], sum(items.mapped("debit"))
        )

    def _assert_equals_library(self, result, date_from, date_to):
        wizard = self.env["trial.balance.report.wizard"].create(
            {
                "company_id": self.company.id,
                "date_from": date_from,
                "date_to": date_to,
                "hide_account_at_0": False,
            }
        )
        values = self.env[
            "report.account_financial_report.trial_balance"
        ]._get_report_values(wizard.ids, wizard._prepare_report_data())
        library = {
            line["code"]: (
                line["initial_balance"],
                line["debit"],
                line["credit"],
                line["ending_balance"],
            )
            for line in values["trial_balance"]
        }
        ours = {
            row["code"]: (
                row["opening_debit"] - row["opening_credit"],
                row["period_debit"],
                row["period_credit"],
                row["closing_debit"] - row["closing_credit"],
            )
            for row in result["rows"]
        }
        self.assertTrue(any(map(any, ours.values())))
        for code, amounts in ours.items():
            for own, other in zip(amounts, library.pop(code), strict=True):
                self.assertAlmostEqual(own, other, places=2, msg=code)
        self.assertFalse([code for code, amounts in library.items() if any(amounts)])

    def test_screen(self):
        balance = (
            self.env["jxc.trial.balance"]
            .with_user(self.reader)
            .create({"date_from": "2023-02-01", "date_to": "2023-02-28"})
        )
        self.assertEqual(len(balance.line_ids), 7)
        balance.write({"date_from": "2023-01-01"})
        line = balance.line_ids.filtered(lambda line: line.code == "112200")
        self.assertEqual((line.period_debit, line.period_credit), (113.0, 500.0))
        action = line.action_view_items()
        items = self.env["account.move.line"].search(action["domain"])
        self.assertEqual(sum(items.mapped("balance")), -387.0)
        self._entry("2023-02-27", ("100200", 1, 0), ("112200", 0, 1))
        balance.action_refresh()
        line = balance.line_ids.filtered(lambda line: line.code == "112200")
        self.assertEqual(line.period_credit, 501.0)

    def test_opens_on_last_month_with_entries(self):
        self._entry("2031-05-06", ("100200", 1, 0), ("300100", 0, 1))
        model = self.env["jxc.trial.balance"].with_user(self.reader)
        balance = model.browse(model.action_open()["res_id"])
        self.assertEqual(str(balance.date_from), "2031-05-01")
        self.assertEqual(str(balance.date_to), "2031-05-31")

    def test_workbook_has_numbers_and_no_formulas(self):
        self._account("300100").name = "=1+1"
        balance = (
            self.env["jxc.trial.balance"]
            .with_user(self.reader)
            .create({"date_from": "2023-02-01", "date_to": "2023-02-28"})
        )
        report = self.env.ref("jxc_finance_bridge.trial_balance_report_xlsx")
        content, kind = (
            self.env["ir.actions.report"]
            .with_user(self.reader)
            ._render(report.report_name, balance.ids)
        )
        self.assertEqual(kind, "xlsx")
        sheet = load_workbook(io.BytesIO(content)).active
        self.assertEqual(sheet.freeze_panes, "C4")
        rows = {row[0].value: row for row in sheet.iter_rows(min_row=4)}
        self.assertEqual(rows["112200"][2].value, 613)
        self.assertEqual(rows["112200"][2].data_type, "n")
        self.assertEqual(rows["300100"][1].value, "=1+1")
        self.assertNotEqual(rows["300100"][1].data_type, "f")
        last = sheet[sheet.max_row]
        self.assertEqual(last[2].value, last[3].value)

    def test_print(self):
        balance = (
            self.env["jxc.trial.balance"]
            .with_user(self.reader)
            .create({"date_from": "2023-02-01", "date_to": "2023-02-28"})
        )
        html = self.env["ir.actions.report"]._render_qweb_html(
            "jxc_finance_bridge.report_trial_balance", balance.ids
        )[0]
        self.assertIn(b"112200", html)
        self.assertIn(b"613.00", html)

    def test_menus_are_reachable(self):
        menus = self.env["ir.ui.menu"]
        trial = self.env.ref("jxc_finance_bridge.jxc_trial_balance_menu").id
        check = self.env.ref("jxc_finance_bridge.jxc_finance_setup_menu").id
        admin = self._user("tb_manager", "account.group_account_manager")
        self.assertLessEqual(
            {trial, check}, set(menus.with_user(admin)._visible_menu_ids())
        )
        boss = self._user("tb_boss2", "jxc_base.group_executive")
        self.assertIn(trial, menus.with_user(boss)._visible_menu_ids())
        self.assertNotIn(check, menus.with_user(boss)._visible_menu_ids())

    def test_admin_company_default(self):
        user = self._user("tb_default", "account.group_account_readonly")
        result = (
            self.env["jxc.trial.balance"]
            .with_user(user)
            .get_balances("2023-02-01", "2023-02-28")
        )
        self.assertEqual(result["company_id"], self.company.id)

    def test_line_of_a_multi_line_entry(self):
        """Lines without account (notes) do not disturb."""
        invoice = self._create_invoice(
            date="2023-02-14",
            invoice_line_ids=[
                Command.create({"display_type": "line_note", "name": "thanks"}),
                self._prepare_invoice_line(product_id=self.product_a, price_unit=10.0),
            ],
        )
        invoice.action_post()
        self.assertBalanced(self._balances("2023-02-01", "2023-02-28"))

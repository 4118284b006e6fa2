# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
"""Every finding has a button, and after what it opens is settled it is gone."""

from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import tagged

from .common import FinanceBridgeCommon


@tagged("post_install", "-at_install")
class TestFinanceSetupWays(FinanceBridgeCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.manager = cls._user("ways_manager", "account.group_account_manager")
        cls.checks = cls.env["jxc.finance.setup.check"]
        cls.env["jxc.finance.setup"].apply_defaults(cls.company)

    def _line(self, code):
        """The line of the page as the finance manager finds it."""
        page = self.env["jxc.finance.setup"].with_user(self.manager)
        page = page.create({"company_id": self.company.id})
        return page.line_ids.filtered(lambda line: line.code == code)

    def _press(self, code):
        line = self._line(code)
        self.assertEqual(line.state, "missing")
        self.assertTrue(line.has_list)
        return line.action_open_list()

    def _create(self, action):
        """Save the form that the button opens as it comes."""
        self.assertEqual(action["target"], "new")
        records = self.env[action["res_model"]].with_context(**action["context"])
        names = list(records._fields)
        return records.create(
            {
                name: value
                for name, value in records.default_get(names).items()
                if name in ("code", "name", "account_type", "company_ids", "type")
            }
        )

    def _fix(self, code):
        line = self._line(code)
        self.assertEqual(line.state, "wrong")
        line.action_fix()
        self._assert_ok(code)

    def _assert_ok(self, code):
        line = self._line(code)
        self.assertEqual(line.state, "ok", line.actual)

    def _accounts(self, code):
        return self.env["account.account"].search(
            [("company_ids", "in", self.company.ids), ("code", "=like", f"{code}%")]
        )

    def test_no_finding_without_a_button(self):
        """A company that has nothing at all: each line has its button."""
        company = self.env["res.company"].create(
            {"name": "Bare", "country_id": self.env.ref("base.us").id}
        )
        self.env.user.company_ids |= company
        page = self.env["jxc.finance.setup"].create({"company_id": company.id})
        for line in page.line_ids:
            with self.subTest(line.code, state=line.state):
                self.assertIn(line.state, ("ok", "later", "wrong", "missing"))
                self.assertEqual(line.has_list, line.state == "missing")
                if line.has_list:
                    self.assertTrue(line.action_open_list()["res_model"])

    def test_settings_are_for_administrators(self):
        self.company.chart_template = "generic_coa"
        with self.assertRaisesRegex(UserError, "administrator"):
            self._press("vat_accounts")

    def test_heading_without_an_account(self):
        for code, prefix in (
            ("valuation_account", "1405"),
            ("variation_account", "5401"),
        ):
            with self.subTest(code):
                account = self._account(f"{prefix}00")
                kind = account.account_type
                self._accounts(prefix).active = False
                action = self._press(code)
                self.assertEqual(action["res_id"], account.id)
                account.active = True
                self._assert_ok(code)
                self.assertEqual(account.account_type, kind)

    def test_account_that_was_deleted_is_made_as_the_chart_has_it(self):
        for code, number, field in (
            ("company_accounts", "530102", "income_currency_exchange_account_id"),
            ("settlement_accounts", "560304", "jxc_discount_given_account_id"),
        ):
            with self.subTest(code):
                account = self._account(number)
                kind = account.account_type
                self.company[field] = self._account("100200")
                account.unlink()
                found = self._create(self._press(code))
                self.assertEqual((found.code, found.account_type), (number, kind))
                self.assertTrue(found.name)
                self._fix(code)
                self.assertEqual(self.company[field], found)

    def test_profit_accounts(self):
        self._account("310400").unlink()
        found = self._create(self._press("profit_accounts"))
        self.assertEqual(found.code, "310400")
        self._assert_ok("profit_accounts")

    def test_count_location_is_made(self):
        fallback = self.env["ir.default"].search(
            [
                ("field_id.model", "=", "product.template"),
                ("field_id.name", "=", "property_stock_inventory"),
                ("company_id", "=", self.company.id),
            ]
        )
        fallback.unlink()
        line = self._line("count_location")
        self.assertEqual(line.state, "wrong")
        line.action_fix()
        self.assertEqual(self._line("count_location").state, "later")

    def test_journals(self):
        general = self.env["account.journal"].search(
            [("company_id", "=", self.company.id), ("type", "=", "general")]
        )
        self.company.account_stock_journal_id = False
        general.active = False
        for code in ("stock_journal", "journals"):
            with self.subTest(code):
                self.env["account.journal"].search(
                    [("company_id", "=", self.company.id), ("type", "=", "general")]
                ).active = False
                # The platform's own journal of stock is found by its name.
                self.env["ir.model.data"].search(
                    [("name", "=", f"{self.company.id}_inventory_valuation")]
                ).unlink()
                action = self._press(code)
                self.assertEqual(action["context"]["default_type"], "general")
                self.env["account.journal"].create(
                    {
                        "name": code,
                        "code": code[:4],
                        "type": "general",
                        "company_id": self.company.id,
                    }
                )
                self._fix(code)

    def test_default_taxes(self):
        taxes = self.env["account.tax"].search(
            [("company_id", "=", self.company.id), ("type_tax_use", "=", "sale")]
        )
        default = self.company.account_sale_tax_id
        taxes.active = False
        action = self._press("default_taxes")
        found = self.env["account.tax"].with_context(**action["context"])
        self.assertIn(default, found.search(action["domain"]))
        default.active = True
        self._assert_ok("default_taxes")

    def test_position_is_opened_and_says_what_is_wrong(self):
        pair = {
            "account_src_id": self._account("500100").id,
            "account_dest_id": self._account("540100").id,
        }
        zero = self.env.ref(f"account.{self.company.id}_jxc_sale_0")
        zero.original_tax_ids = self.company.account_sale_tax_id
        self.env["account.fiscal.position"].search(
            [("company_id", "=", self.company.id)]
        ).unlink()
        position = self.env["account.fiscal.position"].create(
            {
                "name": "Export",
                "company_id": self.company.id,
                "tax_ids": [Command.set(zero.ids)],
                "account_ids": [Command.create(pair)],
            }
        )
        action = self._press("fiscal_positions")
        self.assertEqual(action["res_id"], position.id)
        self.assertIn("540100", position.with_user(self.manager).jxc_setup_problem)
        position.account_ids.account_dest_id = self._account("505100")
        self._assert_ok("fiscal_positions")

    def test_settlement_accounts_say_what_they_are_for(self):
        """Small differences and fees are booked on one account by the chart."""
        line = self._line("settlement_accounts")
        lines = line.actual.splitlines()
        self.assertEqual(len(lines), len(set(lines)), lines)
        self.assertEqual(sum("560300" in text for text in lines), 2)
        self.assertEqual(line.expected, line.actual)

    def test_archived_accounts_are_wrong(self):
        """A setting with an account that is put away cannot be meant."""
        for code, field in (
            ("booking_accounts", "jxc_accrual_account_id"),
            ("settlement_accounts", "jxc_settlement_fee_account_id"),
            ("company_accounts", "expense_account_id"),
        ):
            with self.subTest(code):
                account = self.company[field]
                account.active = False
                line = self._line(code)
                if line.state == "missing":
                    self.assertEqual(line.action_open_list()["res_id"], account.id)
                    account.active = True
                else:
                    line.action_fix()
                self._assert_ok(code)

# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import html2plaintext

from .common import FinanceBridgeCommon

EXPENSE = "property_account_expense_categ_id"
INCOME = "property_account_income_categ_id"


@tagged("post_install", "-at_install")
class TestFinanceSetupGoods(FinanceBridgeCommon):
    """Accounts of categories, products and journals that cannot be meant."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.manager = cls._user("goods_manager", "account.group_account_manager")
        cls.checks = cls.env["jxc.finance.setup.check"]
        cls.setup = cls.env["jxc.finance.setup"].with_user(cls.manager)
        cls.setup.apply_defaults(cls.company)
        category, used, empty = cls.env["product.category"].create(
            [{"name": "Tea"}, {"name": "Freight"}, {"name": "Later"}]
        )
        cls.category, cls.used, cls.empty = category, used, empty
        cls.goods, cls.service = cls.env["product.template"].create(
            [
                {"name": "Green", "is_storable": True, "categ_id": category.id},
                {"name": "Truck", "type": "service", "categ_id": used.id},
            ]
        )
        cls.bank = cls.company_data["default_journal_bank"]

    def _flush_tracking(self):
        """Let the platform write what it tracks."""
        self.env.flush_all()
        self.cr.precommit.run()

    def _assess(self, code):
        return self.checks._assess(code, self.company)

    def _assert_mended(self, code, record, name, wrong, right):
        """A wrong value is told with its record, and replaced by the right one."""
        self.assertEqual(self._assess(code).state, "ok")
        with self.subTest(record=record.display_name, field=name, wrong=wrong.name):
            record[name] = wrong
            finding = self._assess(code)
            self.assertEqual(finding.state, "wrong")
            self.assertIn(record.display_name, finding.actual)
            self.assertIn(wrong.display_name, finding.actual)
            self.setup.apply_defaults(self.company)
            self.assertEqual(record[name], right)
            self.assertEqual(self._assess(code).state, "ok")

    def test_accounts_of_categories(self):
        cost, sales = self._account("540100"), self._account("500100")
        for code in ("560100", "540301", "500100", "140500", "100200"):
            self._assert_mended(
                "goods_accounts", self.category, EXPENSE, self._account(code), cost
            )
        for category in (self.category, self.used, self.empty):
            for code in ("560200", "222103", "112200"):
                self._assert_mended(
                    "goods_accounts", category, INCOME, self._account(code), sales
                )
        self._assert_mended("goods_accounts", self.empty, EXPENSE, sales, cost)
        self._assert_mended(
            "goods_accounts",
            self.category,
            "property_stock_journal",
            self.bank,
            self.company.account_stock_journal_id,
        )

    def test_accounts_that_can_be_meant(self):
        """Expenses of services, other costs of goods, sub-accounts of one's own."""
        own = self._account("560100").copy({"code": "540109"})
        for category, name, code in (
            (self.used, EXPENSE, "560100"),
            (self.used, EXPENSE, "141100"),
            (self.used, INCOME, "220300"),
            (self.category, EXPENSE, "540200"),
            (self.category, EXPENSE, own.code),
            (self.category, INCOME, "505100"),
        ):
            with self.subTest(category.name, code=code):
                category[name] = self._account(code)
                self.assertEqual(self._assess("goods_accounts").state, "ok")

    def test_empty_category_with_an_expense(self):
        """Whether it is for goods, only people know."""
        self.empty[EXPENSE] = self._account("560100")
        page = self.setup.create({"company_id": self.company.id})
        line = page.line_ids.filtered(lambda line: line.code == "goods_accounts")
        self.assertEqual(line.state, "missing")
        self.assertIn("Later", line.actual)
        self.assertEqual(line.action_open_list()["res_id"], self.empty.id)
        self.setup.apply_defaults(self.company)
        self.assertEqual(self.empty[EXPENSE].code, "560100")
        self.env["product.template"].create(
            {"name": "Rail", "type": "service", "categ_id": self.empty.id}
        )
        self.assertEqual(self._assess("goods_accounts").state, "ok")

    def test_accounts_of_products(self):
        """A wrong one is taken off: the product follows its category."""
        none = self.env["account.account"]
        income, expense = "property_account_income_id", "property_account_expense_id"
        for product, name, code in (
            (self.goods, income, "222103"),
            (self.service, income, "222103"),
            (self.goods, income, "220300"),
            (self.goods, expense, "560100"),
            (self.service, expense, "500100"),
        ):
            self._assert_mended(
                "goods_accounts", product, name, self._account(code), none
            )
        self.service[expense] = self._account("560100")
        self.assertEqual(self._assess("goods_accounts").state, "ok")

    def test_own_cost_account_of_a_product_stays(self):
        """Under the headings that the income statement reads; no other."""
        name = "property_account_expense_id"
        own = self._account("560100").copy({"code": "540199"})
        self.assertEqual(own.account_type, "expense")
        self.goods[name] = own
        self.assertEqual(self._assess("goods_accounts").state, "ok")
        self.setup.apply_defaults(self.company)
        self.assertEqual(self.goods[name], own)
        for chart, code, is_right in (
            ("cn", "540500", False),
            ("cn", "640100", False),
            ("cn_large_bis", "640199", True),
            ("cn_large_bis", "640399", False),
        ):
            self.company.chart_template, own.code = chart, code
            found = self.checks._is_cost_right(self.company, own)
            self.assertEqual(found, is_right, (chart, code))

    def test_chatter_says_what_a_fix_took(self):
        """Once for a record, whatever was taken from it, though the platform tracks
        some of it; no other record has a note."""
        wrong, sales = self._account("560100"), self._account("222103")
        self.category[EXPENSE] = wrong
        self.category.property_stock_journal = self.bank
        self.goods.property_account_expense_id = wrong
        self.goods.property_account_income_id = sales
        records = (self.category, self.goods, self.service)
        self._flush_tracking()
        before = [len(record.message_ids) for record in records]
        self.setup.with_context(tracking_disable=False).apply_defaults(self.company)
        self._flush_tracking()
        after = [len(record.message_ids) for record in records]
        added = [new - old for old, new in zip(before, after, strict=True)]
        self.assertEqual(added, [1, 1, 0])
        note = self.category.message_ids[0]
        self.assertEqual(note.subtype_id, self.env.ref("mail.mt_note"))
        self.assertEqual(note.author_id, self.manager.partner_id)
        for said in (
            self.company.name,
            wrong.display_name,
            self._account("540100").display_name,
            self.bank.display_name,
            self.company.account_stock_journal_id.display_name,
        ):
            self.assertIn(said, html2plaintext(note.body))
        text = html2plaintext(self.goods.message_ids[0].body)
        for account in (wrong, sales):
            self.assertIn(f"{account.display_name} → As the category", text)

    def test_company_sells_at_cost(self):
        self.company.expense_account_id = self._account("560100")
        self.assertEqual(self._assess("company_accounts").state, "wrong")
        self.setup.apply_defaults(self.company)
        self.assertEqual(self.company.expense_account_id.code, "540100")

    def test_journals(self):
        account = self._account
        name = "default_account_id"
        for kind, codes, right in (
            ("sale", ("560100", "222103"), "500100"),
            ("purchase", ("500100", "222102"), "540100"),
        ):
            journal = self.company_data[f"default_journal_{kind}"]
            for code in codes:
                self._assert_mended(
                    "trade_journals", journal, name, account(code), account(right)
                )
        journal = self.company_data["default_journal_purchase"]
        for code in ("140500", "560200", "540100"):
            journal.default_account_id = account(code)
            self.assertEqual(self._assess("trade_journals").state, "ok", code)
        general = self.company.account_stock_journal_id
        self.company.account_stock_journal_id = self.bank
        self.assertEqual(self._assess("stock_journal").state, "wrong")
        self.setup.apply_defaults(self.company)
        self.assertEqual(self.company.account_stock_journal_id, general)

    def test_money(self):
        """Accounts of money by their code keep their place; others are exchanged."""
        account = self._account("100200")
        for kind in ("asset_current", "expense"):
            account.account_type = kind
            finding = self._assess("money_journals")
            self.assertEqual(finding.state, "wrong")
            self.assertIn(account.display_name, finding.actual)
            self.setup.apply_defaults(self.company)
            self.assertEqual(account.account_type, "asset_cash")
            self.assertEqual(self._assess("money_journals").state, "ok")
        own = self.bank.default_account_id
        own.account_type = "asset_current"
        self.setup.apply_defaults(self.company)
        self.assertEqual(self.bank.default_account_id, own)
        self.assertEqual(own.account_type, "asset_cash")
        self.bank.default_account_id = self._account("122100")
        self.assertEqual(self._assess("money_journals").state, "wrong")
        self.setup.apply_defaults(self.company)
        self.assertNotEqual(self.bank.default_account_id.code, "122100")
        self.assertEqual(self._account("122100").account_type, "asset_current")
        self.assertEqual(self._assess("money_journals").state, "ok")

    def test_open_items(self):
        accrual = self.company.jxc_accrual_account_id
        accrual.reconcile = False
        receivable = self._account("112200")
        # The platform's screens refuse it; imports into the database do not.
        self.env.cr.execute(
            "UPDATE account_account SET reconcile = False WHERE id = %s",
            [receivable.id],
        )
        self.env.invalidate_all()
        finding = self._assess("open_item_accounts")
        self.assertEqual(finding.state, "wrong")
        self.assertIn("220202", finding.actual)
        self.assertIn("112200", finding.actual)
        self.setup.apply_defaults(self.company)
        self.assertTrue(accrual.reconcile and receivable.reconcile)
        self.assertEqual(self._assess("open_item_accounts").state, "ok")

    def test_settings_of_another_company_are_its_own(self):
        other = self.setup_other_company(name="Elsewhere")["company"]
        self.category.with_company(other)[EXPENSE] = self._account("560100", other)
        self.assertEqual(self._assess("goods_accounts").state, "ok")
        self.manager.company_ids = [Command.link(other.id)]
        self.assertEqual(self.checks._assess("goods_accounts", other).state, "wrong")

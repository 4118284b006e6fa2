# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
"""Accounts and taxes that are set, but cannot be meant, are found and mended."""

from odoo.fields import Command
from odoo.tests import tagged

from .common import FinanceBridgeCommon


@tagged("post_install", "-at_install")
class TestFinanceSetupAccounts(FinanceBridgeCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.manager = cls._user("accounts_manager", "account.group_account_manager")
        cls.checks = cls.env["jxc.finance.setup.check"]
        cls._apply()

    @classmethod
    def _apply(cls, company=None):
        setup = cls.env["jxc.finance.setup"].with_user(cls.manager)
        report = setup.apply_defaults(company or cls.company)
        return {line["code"]: line for line in report}

    def _state(self, code):
        return self.checks._assess(code, self.company).state

    def _tax_lines(self, tax):
        lines = tax.invoice_repartition_line_ids + tax.refund_repartition_line_ids
        return lines.filtered(lambda line: line.repartition_type == "tax")

    def _assert_mended(self, code):
        self.assertEqual(self._state(code), "wrong")
        row = self._apply()[code]
        self.assertEqual((row["state"], row["changed"]), ("ok", True), row["reason"])

    # Accounts -----------------------------------------------------------------

    def _set_account(self, code, account):
        if code == "valuation_account":
            self.company.account_stock_valuation_id = account
        elif code == "variation_account":
            stock = self.company.account_stock_valuation_id
            stock.account_stock_variation_id = account
        else:
            self.checks._get_count_locations(
                self.company
            ).valuation_account_id = account

    def _get_account(self, code):
        if code == "valuation_account":
            return self.company.account_stock_valuation_id
        if code == "variation_account":
            return self.company.account_stock_valuation_id.account_stock_variation_id
        return self.checks._get_count_locations(self.company).valuation_account_id

    def _record_goods(self):
        """Count differences are judged once there is stock."""
        product = self.env["product.product"].create(
            {"name": "Goods", "is_storable": True}
        )
        warehouse = self.env["stock.warehouse"].search(
            [("company_id", "=", self.company.id)], limit=1
        )
        quant = self.env["stock.quant"].with_context(inventory_mode=True)
        quant.create(
            {
                "product_id": product.id,
                "location_id": warehouse.lot_stock_id.id,
                "inventory_quantity": 1,
            }
        ).action_apply_inventory()

    def test_accounts_of_stock(self):
        """An account of another heading, and one of the heading of a wrong kind."""
        self._record_goods()
        self._apply()
        for code, right, wrong, kind in (
            ("valuation_account", "140500", "560100", "expense"),
            ("variation_account", "540100", "140500", "asset_current"),
            ("count_location", "190100", "560100", "expense"),
        ):
            right = self._account(right)
            with self.subTest(code, case="wrong account"):
                self.assertEqual(self._state(code), "ok")
                self._set_account(code, self._account(wrong))
                self._assert_mended(code)
                self.assertEqual(self._get_account(code), right)
            with self.subTest(code, case="wrong kind"):
                before = right.account_type
                right.account_type = kind
                finding = self.checks._assess(code, self.company)
                self.assertIn(
                    dict(right._fields["account_type"].selection)[kind], finding.actual
                )
                self._assert_mended(code)
                self.assertEqual(self._get_account(code), right)
                self.assertEqual(right.account_type, before)
            with self.subTest(code, case="sub-account of a wrong kind"):
                own = right.copy({"code": f"{right.code[:4]}77", "account_type": kind})
                self._set_account(code, own)
                self._assert_mended(code)
                self.assertEqual(self._get_account(code), right)
                own.account_type = before
                self._set_account(code, own)
                self.assertEqual(self._state(code), "ok", "one's own is respected")
                self._set_account(code, right)

    def test_kind_is_mended_while_goods_are_on_the_account(self):
        """No account is exchanged, so nothing has to be moved first."""
        stock = self.company.account_stock_valuation_id
        move = self._entry(
            "2024-01-05", (stock.code, 50, 0), ("300100", 0, 50), post=False
        )
        move.line_ids[0].product_id = self.product_a
        self.product_a.is_storable = True
        move.action_post()
        stock.account_type = "asset_fixed"
        self._assert_mended("valuation_account")
        self.assertEqual(stock.account_type, "asset_current")

    def test_vat_accounts(self):
        for code in map(str, range(222102, 222110)):
            for kind in ("expense", "income", "asset_fixed"):
                with self.subTest(code, kind=kind):
                    self._account(code).account_type = kind
                    self._assert_mended("vat_accounts")
                    self.assertEqual(
                        self._account(code).account_type, "liability_current"
                    )
        self._account("222108").account_type = "asset_current"
        self.assertEqual(self._state("vat_accounts"), "ok", "tax to be had back")
        self._account("222105").active = False
        self._assert_mended("vat_accounts")
        self.assertTrue(self._account("222105").active)

    # Taxes --------------------------------------------------------------------

    def test_accounts_of_taxes(self):
        """Whatever cannot be meant: the other side, a bank, an expense, nothing."""
        sale = self.company.account_sale_tax_id
        purchase = self.company.account_purchase_tax_id
        simple = self.env.ref(f"account.{self.company.id}_jxc_sale_3")
        wrong = ("222102", "222107", "222108", "222104", "100200", "560100", "222100")
        cases = [(sale, code, "222103") for code in wrong]
        cases += [(simple, code, "222109") for code in wrong]
        wrong = ("222103", "222109", "222106", "222104", "100200", "540100", "222100")
        cases += [(purchase, code, "222102") for code in wrong]
        cases += [(sale, None, "222103"), (purchase, None, "222102")]
        for tax, code, expected in cases:
            for field in (
                "invoice_repartition_line_ids",
                "refund_repartition_line_ids",
            ):
                with self.subTest(tax.name, code=code, field=field):
                    line = self._tax_lines(tax) & tax[field]
                    line.account_id = self._account(code) if code else False
                    finding = self.checks._assess("tax_accounts", self.company)
                    self.assertIn(tax.name, finding.actual)
                    self._assert_mended("tax_accounts")
                    self.assertEqual(line.account_id.code, expected)

    def test_accounts_of_taxes_that_are_right(self):
        sale = self.company.account_sale_tax_id
        purchase = self.company.account_purchase_tax_id
        self._account("222101").copy({"code": "222131"})
        for tax, codes in (
            (sale, ("222103", "222109", "222106", "222101", "222131")),
            (purchase, ("222102", "222107", "222101", "222131")),
        ):
            for code in codes:
                with self.subTest(tax.name, code=code):
                    self._tax_lines(tax).account_id = self._account(code)
                    self.assertEqual(self._state("tax_accounts"), "ok")
        # An account of one's own, but of a kind that is no tax.
        self._account("222131").account_type = "expense"
        self._assert_mended("tax_accounts")
        self.assertEqual(self._tax_lines(purchase).account_id.code, "222102")

    def test_reverse_charge(self):
        """What is owed and had back at once books on both sides."""
        tax = self.company.account_purchase_tax_id.copy({"name": "Reverse"})
        account = self._account
        back = {
            "repartition_type": "tax",
            "factor_percent": -100,
            "account_id": account("222103").id,
        }
        tax.write(
            {
                "invoice_repartition_line_ids": [Command.create(back)],
                "refund_repartition_line_ids": [Command.create(back)],
            }
        )
        self.assertEqual(self._state("tax_accounts"), "ok")
        owed = self._tax_lines(tax).filtered(lambda line: line.factor_percent < 0)
        owed.account_id = account("222102")
        self._assert_mended("tax_accounts")
        self.assertEqual(owed.account_id, account("222103"))

    def test_default_taxes(self):
        sale = self.company.account_sale_tax_id
        purchase = self.company.account_purchase_tax_id
        for name, right, other in (
            ("account_sale_tax_id", sale, purchase),
            ("account_purchase_tax_id", purchase, sale),
        ):
            for case, tax in (("not set", sale.browse()), ("other side", other)):
                with self.subTest(name, case=case):
                    self.assertEqual(self._state("default_taxes"), "ok")
                    self.company[name] = tax
                    self._assert_mended("default_taxes")
                    self.assertEqual(self.company[name], right)
                    self.company[name] = right
            with self.subTest(name, case="put away"):
                right.active = False
                self._assert_mended("default_taxes")
                tax = self.company[name]
                self.assertTrue(tax.active)
                self.assertEqual(
                    (tax.type_tax_use, tax.amount), (right.type_tax_use, 9)
                )
                right.active = True
                self.company[name] = right
        own = self.env.ref(f"account.{self.company.id}_jxc_sale_3")
        self.company.account_sale_tax_id = own
        self.assertFalse(self._apply()["default_taxes"]["changed"])
        self.assertEqual(self.company.account_sale_tax_id, own)

    def test_default_taxes_of_large_enterprises(self):
        """The chart names a tax for purchases that it does not have."""
        company = self.env["res.company"].create(
            {"name": "ASBE", "country_id": self.env.ref("base.cn").id}
        )
        self.manager.company_ids = [Command.link(company.id)]
        self.env["jxc.finance.setup"].sudo().load_chart(company, "cn_large_bis")
        self.assertEqual(self._apply(company)["default_taxes"]["state"], "ok")
        self.assertEqual(company.account_purchase_tax_id.type_tax_use, "purchase")
        self.assertEqual(company.account_purchase_tax_id.amount, 13)

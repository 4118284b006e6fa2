# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged

from .common import FinanceBridgeCommon

FIXED = {
    "inventory_valuation",
    "cost_method",
    "valuation_account",
    "variation_account",
    "categories",
    "payment_methods",
    "vat_accounts",
    "taxes",
    "tax_accounts",
    "advance_accounts",
    "booking_accounts",
    "settlement_accounts",
}


@tagged("post_install", "-at_install")
class TestFinanceSetup(FinanceBridgeCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.manager = cls._user("setup_manager", "account.group_account_manager")

    def _apply(self, company=None, user=None):
        setup = self.env["jxc.finance.setup"].with_user(user or self.manager)
        return {
            line["code"]: line for line in setup.apply_defaults(company or self.company)
        }

    def _receive(self, product, qty, company=None):
        """Opening stock by a count."""
        company = company or self.company
        warehouse = self.env["stock.warehouse"].search(
            [("company_id", "=", company.id)], limit=1
        )
        self.env["stock.quant"].with_company(company).with_context(
            inventory_mode=True
        ).create(
            {
                "product_id": product.id,
                "location_id": warehouse.lot_stock_id.id,
                "inventory_quantity": qty,
            }
        ).action_apply_inventory()

    def test_chart_as_it_comes_is_wrong(self):
        checks = self.env["jxc.finance.setup.check"]
        states = {
            code: checks._assess(code, self.company).state
            for code in checks._get_codes()
        }
        wrong = {code for code, state in states.items() if state == "wrong"}
        self.assertEqual(wrong, FIXED)
        self.assertEqual(states["count_location"], "later")
        self.assertEqual(states["stock_journal"], "ok")

    def test_apply_small_enterprises(self):
        report = self._apply()
        self.assertEqual(
            {code for code, line in report.items() if line["changed"]},
            FIXED - {"categories"},  # they follow the company by themselves
        )
        self.assertEqual(self.company.inventory_valuation, "real_time")
        self.assertEqual(self.company.cost_method, "average")
        stock = self.company.account_stock_valuation_id
        self.assertEqual(stock, self._account("140500"))
        self.assertEqual(stock.account_stock_variation_id, self._account("540100"))
        self._assert_categories(self.company, stock)
        self._assert_payment_methods(self.company)

    def test_apply_twice_changes_nothing(self):
        self._apply()
        report = self._apply()
        self.assertFalse([line for line in report.values() if line["changed"]])
        self.assertEqual({line["state"] for line in report.values()}, {"ok", "later"})

    def test_apply_large_enterprises(self):
        company = self.env["res.company"].create(
            {"name": "ASBE", "country_id": self.env.ref("base.cn").id}
        )
        report = (
            self.env["jxc.finance.setup"].sudo().load_chart(company, "cn_large_bis")
        )
        self.env.cr.precommit.run()
        self.assertEqual(company.chart_template, "cn_large_bis")
        self.assertEqual(
            {line["code"]: line["state"] for line in report}["variation_account"], "ok"
        )
        stock = company.account_stock_valuation_id
        self.assertEqual(stock, self._account("140500", company))
        self.assertEqual(
            stock.account_stock_variation_id, self._account("640100", company)
        )
        self._assert_categories(company, stock)
        self._assert_payment_methods(company)

    def test_second_company_seen_from_the_first(self):
        """A record of another company reads the codes of its own accounts."""
        company = self.env["res.company"].create(
            {"name": "Second", "country_id": self.env.ref("base.cn").id}
        )
        setup = self.env["jxc.finance.setup"].sudo().with_company(self.company)
        setup.load_chart(company.with_company(self.company), "cn")
        company.account_stock_valuation_id = self._account("140300", company)
        checks = self.env["jxc.finance.setup.check"].with_company(self.company)
        record = company.with_company(self.company)
        self.assertEqual(checks._assess("valuation_account", record).state, "wrong")
        checks._fix("valuation_account", record)
        self.assertEqual(checks._assess("valuation_account", record).state, "ok")
        self.assertEqual(
            company.account_stock_valuation_id, self._account("140500", company)
        )

    def test_settlement_account_missing_in_the_chart(self):
        self._account("530104").unlink()
        report = self._apply()["settlement_accounts"]
        self.assertEqual((report["state"], report["changed"]), ("missing", True))
        self.assertIn("530104", report["reason"])
        self.assertTrue(self.company.jxc_advance_received_account_id)
        self.assertFalse(self._apply()["settlement_accounts"]["changed"])
        self.company.jxc_discount_taken_account_id = self._account("530100")
        report = self._apply()["settlement_accounts"]
        self.assertEqual((report["state"], report["changed"]), ("ok", False))

    def test_settlement_accounts_of_a_wrong_kind(self):
        """Each is judged by what it is for; a right choice of one's own stays."""
        self._apply()
        wrong = {
            "jxc_advance_received_account_id": ("560100", "220300"),
            "jxc_advance_paid_account_id": ("100200", "112300"),
            "jxc_discount_given_account_id": ("140500", "560304"),
            "jxc_discount_taken_account_id": ("100200", "530104"),
            "jxc_settlement_difference_account_id": ("220200", "560300"),
            "jxc_settlement_fee_account_id": ("500100", "560300"),
        }
        for name, (code, expected) in wrong.items():
            with self.subTest(name):
                self.company[name] = self._account(code)
                report = self._apply()["settlement_accounts"]
                self.assertEqual((report["state"], report["changed"]), ("ok", True))
                self.assertEqual(self.company[name], self._account(expected))
        own = {
            "jxc_discount_given_account_id": "500100",
            "jxc_discount_taken_account_id": "540100",
            "jxc_settlement_fee_account_id": "560100",
        }
        for name, code in own.items():
            self.company[name] = self._account(code)
        self.assertFalse(self._apply()["settlement_accounts"]["changed"])
        self.assertEqual(self.company.jxc_settlement_fee_account_id.code, "560100")

    def test_advances_on_an_account_of_their_own(self):
        """It is settled against invoices like the one of the chart."""
        self._apply()
        own = self._account("220300").copy({"code": "220301", "reconcile": False})
        self.company.jxc_advance_received_account_id = own
        report = self._apply()
        self.assertTrue(report["advance_accounts"]["changed"])
        self.assertFalse(report["settlement_accounts"]["changed"])
        self.assertTrue(own.reconcile)

    def test_category_with_an_expense_as_stock_account(self):
        self._apply()
        category = self.product_category.with_company(self.company)
        category.property_stock_valuation_account_id = self._account("560100")
        report = self._apply()["categories"]
        self.assertEqual((report["state"], report["changed"]), ("ok", True))
        self.assertEqual(
            category.property_stock_valuation_account_id, self._account("140500")
        )
        category.property_stock_valuation_account_id = self._account("140300")
        self.assertFalse(self._apply()["categories"]["changed"])

    def _buy_goods(self, account, product):
        """A posted bill of 50 for goods, booked on a stock account."""
        bill = self._create_invoice_one_line(
            50.0,
            product_id=product,
            tax_ids=[],
            move_type="in_invoice",
            date="2023-01-05",
            post=True,
        )
        self.assertEqual(bill.invoice_line_ids.account_id, account)
        return bill.invoice_line_ids

    def _carry_over(self, product, old, new):
        """The entry that the check asks for."""
        move = self._entry("2023-01-31", (new, 50, 0), (old, 0, 50), post=False)
        move.line_ids.product_id = product
        move.action_post()

    def _assert_held(self, code, items):
        """The fix is refused, names the amount and shows the items; nothing changes."""
        report = self._apply()[code]
        self.assertEqual((report["state"], report["changed"]), ("missing", False))
        self.assertIn("50.00", report["reason"])
        setup = self.env["jxc.finance.setup"].with_user(self.manager)
        page = setup.browse(setup.action_open()["res_id"])
        line = page.line_ids.filtered(lambda line: line.code == code)
        self.assertTrue(line.has_list)
        line.action_fix()
        action = line.browse(
            page.line_ids.filtered(lambda line: line.code == code).id
        ).action_open_list()
        self.assertEqual(action["res_model"], "account.move.line")
        self.assertEqual(self.env["account.move.line"].search(action["domain"]), items)

    def test_category_with_goods_on_its_account_is_held(self):
        """Goods would leave an account that they never came in on."""
        self._apply()
        category = self.product_category.with_company(self.company)
        category.property_stock_valuation_account_id = self._account("560100")
        goods = self.env["product.product"].create(
            {"name": "Goods", "is_storable": True, "categ_id": category.id}
        )
        # Expenses of other kinds on the same account are in nobody's way.
        self._entry("2023-01-05", ("560100", 9, 0), ("100200", 0, 9))
        items = self._buy_goods(self._account("560100"), goods)
        self._assert_held("categories", items)
        self.assertEqual(
            category.property_stock_valuation_account_id, self._account("560100")
        )
        self._carry_over(goods, "560100", "140500")
        report = self._apply()["categories"]
        self.assertEqual((report["state"], report["changed"]), ("ok", True))

    def test_company_with_goods_on_raw_materials_is_held(self):
        self._apply()
        self.company.account_stock_valuation_id = self._account("140300")
        goods = self.env["product.product"].create(
            {"name": "Goods", "is_storable": True}
        )
        self._entry("2023-01-05", ("140300", 9, 0), ("100200", 0, 9))
        items = self._buy_goods(self._account("140300"), goods)
        self._assert_held("valuation_account", items)
        self.assertEqual(self.company.account_stock_valuation_id.code, "140300")
        self._carry_over(goods, "140300", "140500")
        report = self._apply()["valuation_account"]
        self.assertEqual((report["state"], report["changed"]), ("ok", True))

    def test_booking_accounts_are_named_in_all_languages(self):
        self.env["res.lang"]._activate_lang("zh_CN")
        self._apply()
        for name, chinese in (
            ("jxc_accrual_account_id", "应付暂估"),
            ("jxc_shipped_account_id", "发出商品"),
        ):
            account = self.company[name].with_context(lang="zh_CN")
            self.assertEqual(account.name, chinese)

    def test_booking_account_of_a_wrong_kind(self):
        self._apply()
        self.company.jxc_accrual_account_id = self._account("100200")
        line = self._apply()["booking_accounts"]
        self.assertTrue(line["changed"])
        self.assertEqual(self.company.jxc_accrual_account_id.code, "220202")

    def test_corrections_in_red(self):
        """The charts come with it; switched off, it is found."""
        self.assertFalse(self._apply()["storno"]["changed"])
        self.company.account_storno = False
        self.assertTrue(self._apply()["storno"]["changed"])
        self.assertTrue(self.company.account_storno)

    def test_load_chart_guards(self):
        setup = self.env["jxc.finance.setup"]
        with self.assertRaises(AccessError):
            setup.with_user(self.manager).load_chart(self.company, "cn_large_bis")
        with self.assertRaises(UserError):
            setup.sudo().load_chart(self.company, "generic_coa")
        self._entry("2023-01-01", ("100200", 1, 0), ("300100", 0, 1))
        with self.assertRaisesRegex(UserError, "journal entries"):
            setup.sudo().load_chart(self.company, "cn_large_bis")

    def _assert_categories(self, company, stock):
        category = self.env["product.category"].create({"name": "New"})
        categories = self.env["product.category"].search([]).with_company(company)
        self.assertIn(category, categories)
        for category in categories:
            self.assertEqual(category.property_valuation, "real_time")
            self.assertEqual(category.property_cost_method, "average")
        product = (
            self.env["product.template"]
            .create({"name": "Goods", "categ_id": category.id, "is_storable": True})
            .with_company(company)
        )
        self.assertEqual(product._get_product_accounts()["stock_valuation"], stock)

    def _assert_payment_methods(self, company):
        lines = self.env["account.payment.method.line"].search(
            [("journal_id.company_id", "=", company.id)]
        )
        self.assertTrue(lines)
        for line in lines:
            self.assertEqual(
                line.payment_account_id, line.journal_id.default_account_id
            )

    def test_payment_books_the_bank_account(self):
        self._apply()
        payment = self.env["account.payment"].create(
            {
                "partner_id": self.partner_a.id,
                "payment_type": "inbound",
                "partner_type": "customer",
                "amount": 100.0,
                "journal_id": self.company_data["default_journal_bank"].id,
            }
        )
        payment.action_post()
        self.assertIn(
            self.company_data["default_journal_bank"].default_account_id,
            payment.move_id.line_ids.account_id,
        )

    def test_bill_of_goods_is_booked_on_stock(self):
        self._apply()
        goods = self.env["product.product"].create(
            {"name": "Goods", "is_storable": True}
        )
        bill = self._create_invoice_one_line(
            50.0,
            product_id=goods,
            tax_ids=[],
            move_type="in_invoice",
            date="2023-01-05",
            post=True,
        )
        self.assertEqual(bill.invoice_line_ids.account_id, self._account("140500"))

    def test_fifo_is_respected(self):
        category = self.env["product.category"].with_company(self.company)
        category = category.create({"name": "FIFO", "property_cost_method": "fifo"})
        self._apply()
        self.assertEqual(category.property_cost_method, "fifo")
        self.assertEqual(category.property_valuation, "real_time")

    def test_category_with_own_standard_price(self):
        self.company.write(
            {"inventory_valuation": "real_time", "cost_method": "average"}
        )
        category = (
            self.env["product.category"]
            .with_company(self.company)
            .create(
                {
                    "name": "Own",
                    "property_cost_method": "standard",
                    "property_valuation": "periodic",
                }
            )
        )
        report = self._apply()["categories"]
        self.assertEqual((report["state"], report["changed"]), ("ok", True))
        self.assertEqual(category.property_cost_method, "average")
        self.assertEqual(category.property_valuation, "real_time")

    def test_other_company_untouched(self):
        other = self.setup_other_company(name="Other")["company"]
        self._apply()
        self.assertEqual(other.inventory_valuation, "periodic")
        category = self.product_category.with_company(other)
        self.assertEqual(category.property_cost_method, "standard")
        with self.assertRaises(AccessError):
            self._apply(company=other)

    def test_count_location_after_opening_stock(self):
        goods = self.env["product.product"].create(
            {"name": "Goods", "is_storable": True, "standard_price": 7.0}
        )
        self.assertEqual(self._apply()["count_location"]["state"], "later")
        self._receive(goods, 10)
        report = self._apply()["count_location"]
        self.assertEqual((report["state"], report["changed"]), ("ok", True))
        quant = goods.stock_quant_ids.filtered(
            lambda quant: quant.location_id.usage == "internal"
        )
        quant.with_context(inventory_mode=True).inventory_quantity = 8
        quant.action_apply_inventory()
        lines = self.env["account.move.line"].search(
            [("account_id", "=", self._account("190100").id)]
        )
        self.assertEqual(sum(lines.mapped("balance")), 14.0)

    def test_other_chart_is_left_alone(self):
        company = self.env["res.company"].create(
            {"name": "US", "country_id": self.env.ref("base.us").id}
        )
        self.env["account.chart.template"].try_loading("generic_coa", company)
        valuation = company.account_stock_valuation_id
        setup = self.env["jxc.finance.setup"].sudo()
        report = {line["code"]: line for line in setup.apply_defaults(company)}
        self.assertEqual(report["valuation_account"]["state"], "ok")
        self.assertEqual(report["vat_accounts"]["state"], "missing")
        self.assertEqual(company.account_stock_valuation_id, valuation)
        self.assertEqual(company.cost_method, "average")

    def test_rights(self):
        clerk = self._user("setup_clerk", "account.group_account_invoice")
        with self.assertRaises(AccessError):
            self._apply(user=clerk)
        with self.assertRaises(AccessError):
            self.env["jxc.finance.setup"].with_user(clerk).create({})
        self.assertEqual(self.company.inventory_valuation, "periodic")

    def test_company_by_id(self):
        setup = self.env["jxc.finance.setup"].with_user(self.manager)
        self.assertTrue(setup.apply_defaults(self.company.id))

    def test_page_fixes_one_and_all(self):
        setup = self.env["jxc.finance.setup"].with_user(self.manager)
        page = setup.browse(setup.action_open()["res_id"])
        self.assertEqual(page.wrong_count, len(FIXED))
        line = page.line_ids.filtered(lambda line: line.code == "cost_method")
        line.action_fix()
        self.assertEqual(self.company.cost_method, "average")
        self.assertEqual(self.company.inventory_valuation, "periodic")
        page.action_apply()
        self.assertEqual(page.wrong_count, 0)
        self.assertEqual(self.company.inventory_valuation, "real_time")
        self.assertTrue(Form(page).chart_name)

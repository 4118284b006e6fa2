# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import Form, tagged

from .common import FinanceBridgeCommon

NAMES = {
    "en_US": {
        "222102": "VAT payable: input tax",
        "222103": "VAT payable: output tax",
        "222104": "VAT payable: input tax transferred out",
        "222105": "VAT payable: unpaid VAT transferred out",
        "222106": "Unpaid VAT",
        "222107": "Input tax to be certified",
        "222108": "Excess input tax credit",
        "222109": "VAT by simple method",
    },
    "zh_CN": {
        "222102": "应交增值税-进项税额",
        "222103": "应交增值税-销项税额",
        "222104": "应交增值税-进项税额转出",
        "222105": "应交增值税-转出未交增值税",
        "222106": "应交税费-未交增值税",
        "222107": "应交税费-待认证进项税额",
        "222108": "应交税费-增值税留抵税额",
        "222109": "应交税费-简易计税",
    },
}


@tagged("post_install", "-at_install")
class TestFinanceSetupTax(FinanceBridgeCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.manager = cls._user("tax_manager", "account.group_account_manager")

    def _apply(self):
        setup = self.env["jxc.finance.setup"].with_user(self.manager)
        return {line["code"]: line for line in setup.apply_defaults(self.company)}

    def _tax(self, kind, code):
        return self.env.ref(f"account.{self.company.id}_jxc_{kind}_{code}")

    def test_sub_accounts(self):
        self._apply()
        for code in range(222102, 222110):
            account = self._account(str(code))
            self.assertEqual(account.account_type, "liability_current")
        self._account("222105").unlink()
        self.assertTrue(self._apply()["vat_accounts"]["changed"])
        self.assertTrue(self._account("222105"))

    def test_names_of_sub_accounts(self):
        """进项, 销项, 转出, 留抵 …: of both charts, in every language that is there."""
        self.env["res.lang"]._activate_lang("zh_CN")
        for chart in ("cn", "cn_large_bis"):
            company = self.env["res.company"].create(
                {"name": chart, "country_id": self.env.ref("base.cn").id}
            )
            self.env["jxc.finance.setup"].sudo().load_chart(company, chart)
            for lang, names in NAMES.items():
                found = {
                    code: self._account(code, company).with_context(lang=lang).name
                    for code in names
                }
                self.assertEqual(found, names)

    def test_taxes_book_on_sub_accounts(self):
        self._apply()
        invoice = self._create_invoice_one_line(
            100.0,
            tax_ids=self.company.account_sale_tax_id,
            move_type="out_invoice",
            date="2024-01-05",
            post=True,
        )
        bill = self._create_invoice_one_line(
            100.0,
            tax_ids=self.company.account_purchase_tax_id,
            move_type="in_invoice",
            date="2024-01-05",
            post=True,
        )
        simple = self._create_invoice_one_line(
            100.0,
            tax_ids=self._tax("sale", "3"),
            move_type="out_invoice",
            date="2024-01-05",
            post=True,
        )
        taxes = [
            (line.account_id.code, line.balance)
            for line in (invoice + bill + simple).line_ids.filtered("tax_line_id")
        ]
        self.assertEqual(taxes, [("222103", -13), ("222102", 13), ("222109", -3)])

    def test_rates(self):
        self._apply()
        for kind in ("sale", "purchase"):
            amounts = [
                self._tax(kind, code).amount for code in ("3", "1", "0", "exempt")
            ]
            self.assertEqual(amounts, [3, 1, 0, 0])
        self.assertNotEqual(
            self._tax("sale", "0").tax_group_id,
            self._tax("sale", "exempt").tax_group_id,
        )

    def test_own_rates_are_respected(self):
        own = self.company.account_sale_tax_id.copy({"name": "Own 3", "amount": 3})
        account = self._account("222101")
        own.invoice_repartition_line_ids.filtered(
            lambda line: line.repartition_type == "tax"
        ).account_id = account
        self._apply()
        self.assertFalse(
            self.env.ref(
                f"account.{self.company.id}_jxc_sale_3", raise_if_not_found=False
            )
        )
        self.assertIn(account, own.invoice_repartition_line_ids.account_id)

    def test_advances_can_be_reconciled(self):
        self._apply()
        self.assertTrue(self._account("220300").reconcile)
        self.assertTrue(self._account("112300").reconcile)

    def test_twice(self):
        self._apply()
        before = self.env["account.tax"].search_count([])
        report = self._apply()
        self.assertFalse([line for line in report.values() if line["changed"]])
        self.assertEqual(self.env["account.tax"].search_count([]), before)

    def test_names_in_chinese(self):
        self.env["res.lang"]._activate_lang("zh_CN")
        self.env["ir.module.module"].search(
            [("name", "=", "jxc_finance_bridge")]
        )._update_translations(["zh_CN"])
        self._apply()
        name = self._account("222108").with_context(lang="zh_CN").name
        self.assertEqual(name, "应交税费-增值税留抵税额")
        name = self._tax("sale", "exempt").with_context(lang="zh_CN").name
        self.assertEqual(name, "免税")

    def test_other_company_untouched(self):
        other = self.setup_other_company(name="Other")["company"]
        self._apply()
        self.assertFalse(self._account("222102", other))

    def test_chart_is_loaded_from_the_page(self):
        company = self.env["res.company"].create(
            {"name": "New", "country_id": self.env.ref("base.cn").id}
        )
        system = self._user(
            "tax_system", "base.group_system,account.group_account_manager"
        )
        system.company_ids = [Command.link(company.id)]
        page = (
            self.env["jxc.finance.setup"]
            .with_user(system)
            .with_company(company)
            .create({"company_id": company.id})
        )
        with self.assertRaisesRegex(UserError, "Choose the chart"):
            page.action_load_chart()
        with Form(page) as form:
            form.chart = "cn_large_bis"
        page.action_load_chart()
        self.assertEqual(company.chart_template, "cn_large_bis")
        states = {line.code: line.state for line in page.line_ids}
        self.assertEqual(states["tax_accounts"], "ok")
        self.manager.company_ids = [Command.link(company.id)]
        own = self.env["jxc.finance.setup"].with_user(self.manager)
        own = own.create({"company_id": company.id, "chart": "cn"})
        self.assertFalse(own.can_load_chart)
        with self.assertRaises(AccessError):
            own.action_load_chart()

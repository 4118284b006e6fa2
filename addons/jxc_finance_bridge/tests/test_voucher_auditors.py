# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
import base64
import doctest
import io
import zipfile

from lxml import etree

from odoo.tests import tagged

from ..tools.formats import gbt24589_accounts
from .common import FinanceBridgeCommon


@tagged("post_install", "-at_install")
class TestVoucherAuditors(FinanceBridgeCommon):
    """Accounts and periods in the file of GB/T 24589.1."""

    def _read(self, first, last, target=None):
        """{name of a part: [{name: text} of its elements]}"""
        api = self.env["jxc.voucher"].with_company(self.company)
        file = api.export_vouchers(first, last, "gbt24589", target)
        content = io.BytesIO(base64.b64decode(file["content"]))
        found = {}
        with zipfile.ZipFile(content) as archive:
            for name in archive.namelist():
                for element in etree.fromstring(archive.read(name)):
                    row = {etree.QName(x).localname: x.text or "" for x in element}
                    part = etree.QName(element).localname
                    found.setdefault(part, []).append(row)
        return found

    def test_doctests(self):
        self.assertEqual(doctest.testmod(gbt24589_accounts).failed, 0)

    def test_accounts(self):
        """Their class in words, their level, and the accounts above them."""
        self.env["account.group"].create(
            {
                "name": "Own Money",
                "code_prefix_start": "1019",
                "company_id": self.company.id,
            }
        )
        bank = self._account("100200")
        bank.copy({"code": "101901", "name": "Box"})
        bank.copy({"code": "10190102", "name": "Corner of the Box"})
        produced = self._account("140500").copy({"code": "400102", "name": "Wages"})
        produced.account_type = "expense_direct_cost"
        self._entry(
            "2023-01-15",
            ("101901", 10, 0),
            ("10190102", 20, 0),
            ("101201", 30, 0),
            ("400102", 40, 0),
            ("540100", 50, 0),
            ("220202", 0, 60) if self._has("220202") else ("220300", 0, 60),
            ("300100", 0, 90),
        )
        found = self._read("2023-01-01", "2023-01-31")
        rows = {
            row["科目编号"]: (
                row["科目名称"],
                row["科目级次"],
                row["科目类型"],
                row["余额方向"],
            )
            for row in found["会计科目"]
        }
        name = self._account("101200").name
        self.assertEqual(rows["1012"], (name, "1", "资产", "借"))
        self.assertEqual(rows["101201"][1:], ("2", "资产", "借"))
        self.assertEqual(rows["1019"], ("Own Money", "1", "资产", "借"))
        self.assertEqual(rows["101901"], ("Box", "2", "资产", "借"))
        self.assertEqual(rows["10190102"][1], "3")
        self.assertEqual(rows["400102"][1:], ("2", "成本", "借"))
        self.assertEqual(rows["4001"][1:3], ("1", "成本"))
        self.assertEqual(rows["5401"][1:], ("1", "损益", "借"))
        self.assertEqual(rows["3001"][1:], ("1", "所有者权益", "贷"))
        self.assertEqual(
            {row[2] for code, row in rows.items() if code[0] == "2"}, {"负债"}
        )
        self.assertEqual(list(rows), sorted(rows))
        balances = {row["科目编号"] for row in found["科目余额及发生额"]}
        self.assertNotIn("1012", balances)
        self.assertEqual(found["总账基础信息"][0]["会计科目编号规则"], "4-2-2")

    def _has(self, code):
        accounts = self.env["account.account"].with_company(self.company)
        domain = accounts._check_company_domain(self.company)
        return bool(accounts.search_count([*domain, ("code", "=", code)]))

    def test_periods_without_vouchers(self):
        self._entry("2023-02-15", ("100200", 10, 0), ("300100", 0, 10))
        found = self._read("2022-12-01", "2023-03-31")
        self.assertEqual(
            [(row["会计年度"], row["会计期间号"]) for row in found["会计期间"]],
            [("2022", "12"), ("2023", "1"), ("2023", "2"), ("2023", "3")],
        )
        self.assertEqual(found["会计期间"][0]["会计期间结束日期"], "20221231")

    def test_classes_of_large_enterprises(self):
        company = self.env["res.company"].create(
            {"name": "ASBE", "country_id": self.env.ref("base.cn").id}
        )
        self.env["jxc.finance.setup"].sudo().load_chart(company, "cn_large_bis")
        api = self.env["jxc.voucher"].with_company(company)
        for code, name in (
            ("310100", "共同"),
            ("400100", "所有者权益"),
            ("500100", "成本"),
            ("640100", "损益"),
        ):
            account = self._account(code, company).with_company(company)
            self.assertEqual(api._get_account_class(company, account), name)

# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
import base64

from .settlement_common import SettlementCommon

HEADER = "交易日期,收入金额（元）,支出金额（元）,对方户名,对方账号,交易流水号,摘要"
ROWS = [
    '2026-03-05,"1,000.00",,杭州明远百货（集团）有限公司,6222 0001,A1,货款 XS-2026-7',
    "2026-03-06,500.00,,某某商行,,A2,往来款",
    "20260307,,80.5,供货商,,A3,付材料款",
]
TITLE = "某银行账户明细,,,,,,\n账号：123,,,,,,\n"
MONEY = "交易日期,收入金额（元）,支出金额（元）"
FOOT = "合计,1500,80.5,,,,\n"


class BankImportCommon(SettlementCommon):
    """Bank files, and the wizard that takes them in."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.bank = cls.company_data["default_journal_bank"]
        cls.accountant = cls._user("bank_accountant", "account.group_account_user")
        cls.mingyuan = cls.env["res.partner"].create(
            {"name": "杭州明远百货(集团)有限公司", "is_company": True}
        )

    def _wizard(self, content, name="bank.csv", user=None, **values):
        if isinstance(content, list):
            content = TITLE + "\n".join([HEADER, *content]) + "\n" + FOOT
        if isinstance(content, str):
            content = content.encode("gb18030")
        return (
            self.env["jxc.bank.import"]
            .with_user(user or self.accountant)
            .create(
                {
                    "company_id": self.company.id,
                    "journal_id": self.bank.id,
                    "upload": base64.b64encode(content),
                    "upload_name": name,
                    **values,
                }
            )
        )

    def _import(self, content=None, **values):
        action = self._wizard(content or ROWS, **values).action_import()
        return (
            self.env[action["res_model"]]
            .with_user(self.accountant)
            .search(action["domain"], order="date, id")
        )

    def _problems(self, content, **values):
        wizard = self._wizard(content, **values)
        before = self.env["account.bank.statement.line"].search_count([])
        wizard.action_import()
        self.assertEqual(wizard.state, "refused")
        self.assertEqual(
            self.env["account.bank.statement.line"].search_count([]), before
        )
        rows = wizard.row_ids.filtered(lambda row: row.state == "problem")
        self.assertEqual(wizard.problem_count, len(rows))
        return [(row.number, row.message) for row in rows]

    def _states(self, content, **values):
        wizard = self._wizard(content, **values)
        wizard.action_check()
        return wizard.row_ids.mapped("state")

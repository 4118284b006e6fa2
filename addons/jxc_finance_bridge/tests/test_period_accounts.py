# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import tagged

from .test_period import CAPITAL, PeriodCommon


@tagged("post_install", "-at_install")
class TestPeriodAccounts(PeriodCommon):
    """Accounts that closed books show keep their number and type."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._entry("2024-01-05", *CAPITAL)
        cls.account = cls._account("300100").with_user(cls.manager)

    def test_number_and_type(self):
        self.account.code = "300199"
        self.account.code = "300100"
        self._close("2024-01-10")
        company = self.company.id
        for values in (
            {"code": "300199"},
            {"code_store": "300199"},
            {"account_type": "asset_current"},
            {
                "code_mapping_ids": [
                    Command.update(
                        self.account.id * 10000 + company, {"code": "300199"}
                    )
                ]
            },
        ):
            with (
                self.subTest(values),
                self.assertRaisesRegex(UserError, r"2024-01.*reopened"),
                self.env.cr.savepoint(),
            ):
                self.account.write(values)
            self.env.invalidate_all()
        self.account.write({"code": "300100", "account_type": "equity", "name": "New"})
        self.assertEqual(self.account.name, "New")
        unused = self._account("100200").copy({"code": "100299"})
        unused.with_user(self.manager).code = "100298"
        self.assertEqual(unused.code, "100298")

    def test_merging(self):
        self._close("2024-01-10")
        other = self._account("100200").copy({"code": "100299"})
        wizard = self.env["account.merge.wizard"].with_user(self.manager)
        with self.assertRaisesRegex(UserError, "closed"):
            wizard._action_merge(other.with_user(self.manager) | self.account)

# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo.tests import tagged

from ..models.jxc_finance_setup_check_company import ACCOUNTS
from .common import FinanceBridgeCommon


@tagged("post_install", "-at_install")
class TestFinanceSetupCompany(FinanceBridgeCommon):
    """Whatever account or journal the books are written on: wrong ones are told."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.manager = cls._user("fields_manager", "account.group_account_manager")
        cls.checks = cls.env["jxc.finance.setup.check"]
        cls._set_up()

    @classmethod
    def _set_up(cls):
        setup = cls.env["jxc.finance.setup"].with_user(cls.manager)
        return setup.apply_defaults(cls.company)

    def _not_ok(self):
        """{code of a check: its state} of the checks that found something."""
        states = {
            code: self.checks._assess(code, self.company).state
            for code in self.checks._get_codes()
        }
        return {code: state for code, state in states.items() if state != "ok"}

    def _own_fields(self, comodel):
        """Fields of the company that this addon keeps accounts or journals in."""
        return [
            name
            for name, field in self.company._fields.items()
            if name.startswith("jxc_") and field.comodel_name == comodel
        ]

    def _check_each(self, names, wrong):
        """A wrong record in each field is told by a check, and fixed by it."""
        before = self._not_ok()
        for name in names:
            with self.subTest(name):
                right = self.company[name]
                self.company[name] = wrong
                found = {c: s for c, s in self._not_ok().items() if c not in before}
                self.assertEqual(set(found.values()), {"wrong"}, found)
                self._set_up()
                self.assertEqual(self._not_ok(), before)
                self.assertNotEqual(self.company[name], wrong)
                if right:
                    self.assertEqual(self.company[name], right)

    def test_every_account_of_the_addon(self):
        names = self._own_fields("account.account")
        self.assertGreaterEqual(len(names), 9)
        self._check_each(names, self._account("100200"))

    def test_every_journal_of_the_addon(self):
        names = self._own_fields("account.journal")
        self.assertTrue(names)
        self._check_each(names, self.company_data["default_journal_bank"])

    def test_every_account_of_the_platform(self):
        """Those that this addon reads, or that its vouchers are written on."""
        names = [name for name in ACCOUNTS if name in self.company._fields]
        self._check_each(names, self._account("100200"))
        self._check_each(
            ["currency_exchange_journal_id"], self.company_data["default_journal_bank"]
        )

    def test_accounts_of_new_partners(self):
        wrong = self._account("100200")
        for name in ("property_account_receivable_id", "property_account_payable_id"):
            with self.subTest(name):
                self.env["ir.default"].set(
                    "res.partner", name, wrong.id, company_id=self.company.id
                )
                self.assertEqual(self._not_ok()["company_accounts"], "wrong")
                self._set_up()
                self.assertNotIn("company_accounts", self._not_ok())
                partner = self.env["res.partner"].create({"name": "New"})
                self.assertNotEqual(partner.with_company(self.company)[name], wrong)

    def test_right_choices_of_ones_own_stay(self):
        own = self._account("500100").copy({"code": "500109"})
        self.company.income_account_id = own
        self.assertNotIn("company_accounts", self._not_ok())
        self._set_up()
        self.assertEqual(self.company.income_account_id, own)

    def test_no_account_of_the_chart(self):
        """Then people choose one: nothing is guessed."""
        self.company.income_currency_exchange_account_id = self._account("100200")
        self._account("530102").unlink()
        self.assertEqual(self._not_ok()["company_accounts"], "missing")

    def test_profit_accounts(self):
        undistributed = self._account("310400")
        undistributed.account_type = "liability_current"
        self.assertEqual(self._not_ok()["profit_accounts"], "wrong")
        self._set_up()
        self.assertEqual(undistributed.account_type, "equity")
        undistributed.unlink()
        finding = self.checks._assess("profit_accounts", self.company)
        self.assertEqual((finding.state, finding.expected), ("missing", "3104"))

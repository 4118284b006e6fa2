# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo.tests import tagged

from .common import FinanceBridgeCommon


@tagged("post_install", "-at_install")
class TestFinanceSetupBank(FinanceBridgeCommon):
    """Journals of money without an account."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.manager = cls._user("bank_manager", "account.group_account_manager")
        cls.checks = cls.env["jxc.finance.setup.check"]
        cls.setup = cls.env["jxc.finance.setup"].with_user(cls.manager)
        cls.setup.apply_defaults(cls.company)
        cls.bank = cls.company_data["default_journal_bank"]

    def _assess(self, code="money_journals"):
        return self.checks._assess(code, self.company)

    def test_account_of_its_payments(self):
        """What its payments are booked on already is its account."""
        account = self.bank.default_account_id
        self.assertEqual(self._assess().state, "ok")
        self.bank.default_account_id = False
        finding = self._assess()
        self.assertEqual(finding.state, "wrong")
        self.assertIn(self.bank.name, finding.actual)
        self.setup.apply_defaults(self.company)
        self.assertEqual(self._assess().state, "ok")
        self.assertEqual(self.bank.default_account_id, account)

    def test_account_of_its_own(self):
        """Each of several gets another one, and its payments follow."""
        journals = self.env["account.journal"].create(
            [
                {"name": name, "type": kind, "company_id": self.company.id}
                for name, kind in (("Bank A", "bank"), ("Cash B", "cash"))
            ]
        )
        journals.default_account_id = False
        ways = journals.inbound_payment_method_line_ids
        ways |= journals.outbound_payment_method_line_ids
        ways.payment_account_id = False
        self.assertEqual(self._assess().actual.count("not set"), 2)
        self.setup.apply_defaults(self.company)
        self.assertEqual(self._assess().state, "ok")
        self.assertEqual(self._assess("payment_methods").state, "ok")
        accounts = journals.default_account_id
        self.assertEqual(len(accounts), 2)
        self.assertEqual(set(accounts.mapped("account_type")), {"asset_cash"})
        self.assertEqual(accounts.mapped("name"), ["Bank A", "Cash B"])
        for way in ways:
            journal = way.journal_id
            self.assertEqual(way.payment_account_id, journal.default_account_id)

    def test_account_put_away(self):
        account = self.bank.default_account_id
        account.active = False
        self.assertEqual(self._assess().state, "wrong")
        self.setup.apply_defaults(self.company)
        self.assertEqual(self._assess().state, "ok")
        self.assertTrue(self.bank.default_account_id.active)
        self.assertNotEqual(self.bank.default_account_id, account)

    def test_account_of_another_journal(self):
        """Two journals on one account could not be told apart."""
        other = self.env["account.journal"].create(
            {"name": "Bank C", "type": "bank", "company_id": self.company.id}
        )
        other.default_account_id = False
        ways = other.inbound_payment_method_line_ids
        ways |= other.outbound_payment_method_line_ids
        ways.payment_account_id = self.bank.default_account_id
        self.setup.apply_defaults(self.company)
        self.assertTrue(other.default_account_id)
        self.assertNotEqual(other.default_account_id, self.bank.default_account_id)

    def test_reason_is_told(self):
        """The page says what is wrong with a journal, and why."""
        self.bank.default_account_id = False
        page = self.setup.create({"company_id": self.company.id})
        line = page.line_ids.filtered(lambda line: line.code == "money_journals")
        self.assertEqual(line.name, "Accounts of bank and cash journals")
        self.assertIn("outstanding accounts", line.reason)
        line.action_fix()
        self.assertEqual(self._assess().state, "ok")

# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo.tests import tagged
from odoo.tools.misc import format_date

from ..models.jxc_voucher_summary import LENGTH
from .test_period import PeriodCommon

SALE = ("112200", 1000, 0), ("500100", 0, 1000)
COST = ("540100", 600, 0), ("140500", 0, 600)


@tagged("post_install", "-at_install")
class TestVoucherSummaries(PeriodCommon):
    """摘要 of bank transactions and of closing entries."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.partner_id.lang = "en_US"

    def _transaction(self, amount=100, partner=True, **values):
        line = self.env["account.bank.statement.line"].create(
            {
                "journal_id": self.company_data["default_journal_bank"].id,
                "date": "2024-01-05",
                "amount": amount,
                "payment_ref": "Invoice 7",
                "partner_id": partner and self.partner_a.id,
                **values,
            }
        )
        return line.move_id

    def test_bank_transactions(self):
        """Whose money it is and what the bank says, as far as it is known."""
        name = self.partner_a.name
        self.assertEqual(self._transaction().jxc_summary, f"Bank {name} Invoice 7")
        self.assertEqual(self._transaction(-5).jxc_summary, f"Bank {name} Invoice 7")
        unknown = self._transaction(partner=False)
        self.assertEqual(unknown.jxc_summary, "Bank Invoice 7")
        long = self._transaction(payment_ref="9" * 200)
        self.assertEqual(len(long.jxc_summary), LENGTH)
        self.assertTrue(long.jxc_summary.startswith(f"Bank {name} 999"))

    def test_bank_transactions_in_the_company_language(self):
        self.env["res.lang"]._activate_lang("zh_CN")
        self.env["ir.module.module"]._load_module_terms(
            ["jxc_finance_bridge"], ["zh_CN"]
        )
        self.company.partner_id.lang = "zh_CN"
        template = self.env.ref("jxc_finance_bridge.jxc_voucher_summary_statement")
        chinese = template.with_context(lang="zh_CN").template
        self.assertNotEqual(chinese, template.with_context(lang="en_US").template)
        beginning = chinese.partition("{")[0].strip()
        self.assertTrue(beginning)
        self.assertTrue(self._transaction().jxc_summary.startswith(beginning))

    def test_own_text_of_bank_transactions(self):
        template = self.env.ref("jxc_finance_bridge.jxc_voucher_summary_statement")
        template.copy(
            {"company_id": self.company.id, "template": "{journal} {partner}"}
        )
        journal = self.company_data["default_journal_bank"]
        self.assertEqual(
            self._transaction().jxc_summary, f"{journal.name} {self.partner_a.name}"
        )

    def _closing(self):
        self._entry("2024-01-05", *SALE)
        self._entry("2024-01-05", *COST)
        period = self._period("2024-01-31")
        period.action_transfer_profit()
        return self.env["account.move"].search(
            [("company_id", "=", self.company.id), ("jxc_pl_closing", "=", True)],
            order="id",
        )

    def test_closing(self):
        """The transfer of profit names its month."""
        [move] = self._closing()
        self.assertEqual(move.jxc_summary, move.ref)
        self.assertRegex(move.jxc_summary, r"^\D+2024-01\D*$")

    def test_closing_apart(self):
        """Two entries of a month, which say what they are for."""
        self.company.jxc_profit_split = True
        income, expense = self._closing()
        self.assertNotEqual(income.jxc_summary, expense.jxc_summary)
        for move in income | expense:
            self.assertIn("2024-01", move.jxc_summary)

    def test_own_text_of_closing(self):
        template = self.env.ref("jxc_finance_bridge.jxc_voucher_summary_closing")
        template.copy({"company_id": self.company.id, "template": "Close {date}"})
        [move] = self._closing()
        self.assertRegex(move.jxc_summary, "^Close .*2024")

    def test_taken_back(self):
        """What takes a transfer back is one itself, and says what it undoes."""
        [move] = self._closing()
        date = format_date(self.env, move.date)
        back = move._reverse_moves([{"date": move.date}])
        back.action_post()
        self.assertTrue(back.jxc_pl_closing)
        text = f"Reversal of voucher {move.jxc_voucher_name} of {date}"
        self.assertEqual(back.jxc_summary, text)

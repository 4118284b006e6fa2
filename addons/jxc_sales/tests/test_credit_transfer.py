# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import tagged

from .common import CreditCommon
from .test_credit_channels import CONTEXT_KEYS


@tagged("post_install", "-at_install")
class TestCreditTransfer(CreditCommon):
    """Whoever takes over another customer's debt is judged as if he bought."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.biller = cls._create_user(
            "jxc_transfer_biller", "account.group_account_user"
        )
        cls.debtor = cls.env["res.partner"].create({"name": "Rich Trading"})
        cls.env["jxc.credit.account"].create(
            {"partner_id": cls.debtor.id, "credit_limit": 90000}
        )

    def _transfer(self, amount):
        receivable = self.company_data["default_account_receivable"]
        return self.env["account.move"].create(
            {
                "journal_id": self.company_data["default_journal_misc"].id,
                "line_ids": [
                    Command.create(
                        {
                            "account_id": receivable.id,
                            "partner_id": partner.id,
                            "balance": balance,
                        }
                    )
                    for partner, balance in (
                        (self.customer, amount),
                        (self.debtor, -amount),
                    )
                ],
            }
        )

    def test_within_the_limit_only(self):
        entry, more = self._transfer(700), self._transfer(301)
        entry.with_user(self.biller).action_post()
        self.assertEqual(self.account.exposure, 700)
        for context in ({}, CONTEXT_KEYS):
            with self.assertRaisesRegex(UserError, "Bright Trading"):
                more.with_user(self.biller).with_context(**context).action_post()
            self.env.invalidate_all()
            self.assertEqual((more.state, self.account.exposure), ("draft", 700))
        self.account.credit_limit = 1001
        more.with_user(self.biller).action_post()
        self.assertEqual(self.account.exposure, 1001)

    def test_taken_back_whatever_the_limit(self):
        entry = self._transfer(700)
        entry.with_user(self.biller).action_post()
        self.env["jxc.credit.account"].search(
            [("partner_id", "=", self.debtor.id)]
        ).credit_limit = 0
        entry.with_user(self.biller)._reverse_moves(cancel=True)
        self.assertEqual(self.account.exposure, 0)

    def test_customers_who_share_a_limit(self):
        other = self.debtor.copy({"name": "Bright Retail"})
        self.account.write(
            {"credit_limit": 100, "member_ids": [Command.link(other.id)]}
        )
        entry = self._transfer(700)
        entry.line_ids[1].partner_id = other
        entry.with_user(self.biller).action_post()
        self.assertEqual(self.account.exposure, 0, "one limit, one debt")

    def test_other_entries_are_not_judged(self):
        """What bookkeepers record, such as opening balances, is no credit."""
        entry = self._transfer(5000)
        entry.line_ids[1].account_id = self.company_data["default_account_revenue"]
        entry.with_user(self.biller).action_post()
        self.assertEqual(self.account.exposure, 5000)

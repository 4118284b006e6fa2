# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo.fields import Command

from .settlement_common import SettlementCommon


class BankMatchingCommon(SettlementCommon):
    """A bank, who matches its transactions, and what they may settle."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.bank = cls.company_data["default_journal_bank"]
        cls.accountant = cls._user("match_accountant", "account.group_account_user")
        for partner in cls.customer | cls.vendor:
            partner.property_account_receivable_id = cls._account("112200")
            partner.property_account_payable_id = cls._account("220200")
            partner.property_payment_term_id = False

    def _line(self, amount, memo, propose=True, **values):
        line = (
            self.env["account.bank.statement.line"]
            .with_user(self.accountant)
            .create(
                {
                    "journal_id": self.bank.id,
                    "date": "2026-03-20",
                    "amount": amount,
                    "payment_ref": memo,
                    **values,
                }
            )
        )
        if propose:
            line.action_jxc_propose()
        return line

    def _refund(self, kind, amount, partner, ref=None):
        """A posted refund and its open item."""
        move = self.env["account.move"].create(
            {
                "move_type": kind,
                "partner_id": partner.id,
                "invoice_date": "2026-03-01",
                "date": "2026-03-01",
                "company_id": self.company.id,
                "ref": ref,
                "invoice_line_ids": [
                    Command.create(
                        {
                            "name": "x",
                            "price_unit": amount,
                            "tax_ids": [Command.clear()],
                        }
                    )
                ],
            }
        )
        move.action_post()
        return move.line_ids.filtered(lambda line: line.display_type == "payment_term")

    def _codes(self, line):
        accounts = line.move_id.line_ids.account_id - self.bank.default_account_id
        return accounts.with_company(self.company).mapped("code")

# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo.fields import Command

from .common import FinanceBridgeCommon


class SettlementCommon(FinanceBridgeCommon):
    """A company with accounts for settlements, and open items of its partners."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        setup = cls.env["jxc.finance.setup.check"]
        for code in ("advance_accounts", "settlement_accounts"):
            setup._fix(code, cls.company)
        cls.company.jxc_settlement_tolerance = 0.05
        cls.clerk = cls._user("settle_clerk", "account.group_account_invoice")
        cls.customer = cls.env["res.partner"].create({"name": "Customer"})
        cls.other = cls.env["res.partner"].create({"name": "Other customer"})
        cls.vendor = cls.env["res.partner"].create({"name": "Vendor"})
        cls.settlements = cls.env["jxc.settlement"].with_user(cls.clerk)
        cls.journal = cls.company_data["default_journal_misc"]

    @classmethod
    def _item(cls, code, amount, date="2026-03-01", partner=None, **values):
        """An open item: posted, on an account, positive for a debit.

        :param values: ``due``, ``ref``, ``currency`` and ``balance`` if in another
            currency
        """
        currency = values.get("currency", cls.company.currency_id)
        balance = values.get("balance", amount)
        partner = partner or cls.customer
        sides = (
            (cls._account(code), 1, partner),
            (cls._account("100200"), -1, partner),
        )
        move = cls.env["account.move"].create(
            {
                "move_type": "entry",
                "date": date,
                "journal_id": cls.journal.id,
                "ref": values.get("ref"),
                "line_ids": [
                    Command.create(
                        {
                            "account_id": account.id,
                            "partner_id": partner.id,
                            "currency_id": currency.id,
                            "amount_currency": sign * amount,
                            "balance": sign * balance,
                            "date_maturity": values.get("due", date),
                            "name": values.get("ref") or code,
                        }
                    )
                    for account, sign, partner in sides
                ],
            }
        )
        move.action_post()
        return move.line_ids.filtered(lambda line: line.account_id.code == code)

    @classmethod
    def _settlement(cls, kind="receivable", partner=None, propose=True, **values):
        settlement = cls.settlements.create(
            {
                "kind": kind,
                "partner_id": (partner or cls.customer).id,
                "company_id": cls.company.id,
                "date": "2026-03-31",
                **values,
            }
        )
        if propose:
            settlement.action_propose()
        return settlement

    def _amounts(self, settlement):
        """[(side, open item or reason, amount)] in order, nothing left out."""
        return [
            (line.side, line.move_line_id or line.write_off, line.amount)
            for line in settlement.line_ids.sorted(
                lambda line: (line.side, line.sequence, line.id)
            )
        ]

    def _balances(self, move):
        """{account code: sum of balances}"""
        return {
            account.code: self.company.currency_id.round(sum(lines.mapped("balance")))
            for account, lines in move.line_ids.grouped("account_id").items()
        }

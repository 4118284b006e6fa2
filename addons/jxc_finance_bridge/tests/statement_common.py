# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from types import SimpleNamespace

from odoo.fields import Command

from .common import FinanceBridgeCommon

READER = "account.group_account_readonly"


class StatementCommon(FinanceBridgeCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.statements = cls.env["jxc.finance.statement"]
        cls.one, cls.other = cls.env["res.partner"].create(
            [{"name": "Customer One"}, {"name": "Customer Other"}]
        )
        cls.reader = cls._user("statement_reader", READER)
        cls.manager = cls._user("statement_manager", "account.group_account_manager")

    @classmethod
    def _use_large_chart(cls):
        """Work in a company with the chart of 企业会计准则."""
        company = cls.env["res.company"].create(
            {"name": "ASBE", "country_id": cls.env.ref("base.cn").id}
        )
        cls.env["jxc.finance.setup"].sudo().load_chart(company, "cn_large_bis")
        cls.env.user.company_ids += company
        cls.company = company

    def _get_period(self, date):
        periods = self.env["jxc.finance.period"].with_user(self.manager)
        return periods._get_or_create(self.company, date)

    def _lines(self, kind, date_from="2024-01-01", date_to="2024-01-31", **values):
        user = values.get("user") or self.env.user
        result = self.statements.with_user(user).get_lines(
            kind, date_from, date_to, (values.get("company") or self.company).id
        )
        return SimpleNamespace(
            problems=result["problems"],
            by_code={line["code"]: line for line in result["lines"]},
        )

    def _amounts(self, kind, column, *args, **values):
        lines = self._lines(kind, *args, **values).by_code
        return {code: line[column] for code, line in lines.items() if line[column]}

    def _partner_entry(self, date, *lines):
        """A journal entry; lines are (account, partner, balance)."""
        move = self._entry(
            date,
            *((code, balance, 0) for code, _partner, balance in lines),
            post=False,
        )
        for line, (_code, partner, _balance) in zip(move.line_ids, lines, strict=True):
            line.partner_id = partner
        move.action_post()
        return move

    def _invoice(self, kind, date, account, amount, partner=None):
        move = self.env["account.move"].create(
            {
                "move_type": kind,
                "partner_id": (partner or self.one).id,
                "invoice_date": date,
                "date": date,
                "company_id": self.company.id,
                "invoice_line_ids": [
                    Command.create(
                        {
                            "name": code,
                            "account_id": self._account(code).id,
                            "price_unit": price,
                            "tax_ids": [Command.clear()],
                        }
                    )
                    for code, price in dict.items(
                        account if isinstance(account, dict) else {account: amount}
                    )
                ],
            }
        )
        move.action_post()
        return move

    def _pay(self, invoice, date, amount):
        """Money that settles an invoice, as an entry on the bank."""
        term = invoice.line_ids.filtered(
            lambda line: line.display_type == "payment_term"
        )
        sign = 1 if term.balance > 0 else -1
        move = self._partner_entry(
            date,
            ("100200", self.one, sign * amount),
            (term.account_id.code, self.one, -sign * amount),
        )
        line = move.line_ids.filtered(lambda line: line.account_id == term.account_id)
        (line | term).reconcile()
        return move

    def _screen(self, kind, user=None):
        model = self.statements.with_user(user or self.reader)
        return model.with_company(self.company).create(
            {"kind": kind, "date_from": "2024-01-01", "date_to": "2024-01-31"}
        )

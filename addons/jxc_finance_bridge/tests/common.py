# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo.fields import Command
from odoo.tests import new_test_user

from odoo.addons.account.tests.common import AccountTestInvoicingCommon


class FinanceBridgeCommon(AccountTestInvoicingCommon):
    """A company with the Chinese chart for small enterprises."""

    @classmethod
    @AccountTestInvoicingCommon.setup_country("cn")
    @AccountTestInvoicingCommon.setup_chart_template("cn")
    def setUpClass(cls):
        super().setUpClass()
        # Messages and names are compared in the source language.
        cls.env = cls.env(context=dict(cls.env.context, lang="en_US"))
        cls.company = cls.company_data["company"]

    @classmethod
    def _user(cls, login, groups, companies=None):
        companies = companies or cls.company
        return new_test_user(
            cls.env,
            login=login,
            groups=groups,
            company_id=companies[:1].id,
            company_ids=[Command.set(companies.ids)],
        )

    @classmethod
    def _account(cls, code, company=None):
        company = company or cls.company
        return (
            cls.env["account.account"]
            .with_company(company)
            .search(
                [
                    *cls.env["account.account"]._check_company_domain(company),
                    ("code", "=", code),
                ]
            )
        )

    @classmethod
    def _entry(cls, date, *lines, company=None, post=True):
        """A journal entry; lines are (account code, debit, credit)."""
        company = company or cls.company
        journal = cls.env["account.journal"].search(
            [("company_id", "=", company.root_id.id), ("type", "=", "general")], limit=1
        )
        move = (
            cls.env["account.move"]
            .with_company(company)
            .create(
                {
                    "move_type": "entry",
                    "date": date,
                    "journal_id": journal.id,
                    "company_id": company.id,
                    "line_ids": [
                        Command.create(
                            {
                                "account_id": cls._account(code, company).id,
                                "balance": debit - credit,
                                "name": code,
                            }
                        )
                        for code, debit, credit in lines
                    ],
                }
            )
        )
        if post:
            move.action_post()
        return move

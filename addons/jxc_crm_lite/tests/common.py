# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
import datetime

from odoo.fields import Command
from odoo.tests import new_test_user

from odoo.addons.base.tests.common import BaseCommon

TODAY = datetime.date(2024, 6, 30)


class CustomerClassCommon(BaseCommon):
    """An own company with a price-only product; orders are confirmed on given days."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env = cls.env(context=dict(cls.env.context, lang="en_US"))
        cls.company = cls._create_class_company("Classes Ltd")
        cls.env.user.write(
            {
                "company_ids": [Command.link(cls.company.id)],
                "company_id": cls.company.id,
            }
        )
        cls.env = cls.env(
            context=dict(cls.env.context, allowed_company_ids=cls.company.ids)
        )
        cls.classes = cls.env["jxc.customer.class"]
        cls.product = cls.env["product.product"].create(
            {"name": "Advice", "type": "service", "taxes_id": [Command.clear()]}
        )

    @classmethod
    def _create_class_company(cls, name):
        # Without a country no chart of accounts is loaded; orders do not need one.
        return cls.env["res.company"].create(
            {"name": name, "currency_id": cls.env.ref("base.CNY").id}
        )

    @classmethod
    def _customer(cls, name, **values):
        return cls.env["res.partner"].create({"name": name, **values})

    @classmethod
    def _order(cls, partner, days_ago, amount, company=None, confirm=True, **values):
        """A confirmed order, ``days_ago`` before TODAY, at noon."""
        company = company or cls.company
        order = (
            cls.env["sale.order"]
            .with_company(company)
            .create(
                {
                    "partner_id": partner.id,
                    "company_id": company.id,
                    **values,
                    "order_line": [
                        Command.create(
                            {
                                "product_id": cls.product.id,
                                "product_uom_qty": 1,
                                "price_unit": amount,
                                "tax_ids": [Command.clear()],
                            }
                        )
                    ],
                }
            )
        )
        if confirm:
            order.action_confirm()
        order.date_order = datetime.datetime.combine(
            TODAY - datetime.timedelta(days=days_ago), datetime.time(12)
        )
        return order

    @classmethod
    def _invoice(cls, partner, user):
        """A draft invoice of one line, with journal and accounts of its own."""
        income, receivable = cls.env["account.account"].create(
            [
                {
                    "name": kind,
                    "code": code,
                    "account_type": kind,
                    "company_ids": [Command.set(cls.company.ids)],
                }
                for code, kind in (("6001", "income"), ("1122", "asset_receivable"))
            ]
        )
        journal = cls.env["account.journal"].create(
            {
                "name": "Sales",
                "code": "SALX",
                "type": "sale",
                "company_id": cls.company.id,
                "default_account_id": income.id,
            }
        )
        partner.property_account_receivable_id = receivable
        line = {
            "product_id": cls.product.id,
            "price_unit": 100,
            "tax_ids": [Command.clear()],
        }
        return cls.env["account.move"].create(
            {
                "move_type": "out_invoice",
                "partner_id": partner.id,
                "invoice_user_id": user.id,
                "journal_id": journal.id,
                "invoice_line_ids": [Command.create(line)],
            }
        )

    @classmethod
    def _reported(cls, model, **values):
        """The rows of a report about these records."""
        cls.env.flush_all()
        rows = cls.env[model].search([(name, "=", x) for name, x in values.items()])
        assert rows, model
        return rows

    def _send_mailings(self, mailings):
        """Send mailings and work off their queue."""
        mailings.action_send_mail()
        queue = self.env.ref("mass_mailing.ir_cron_mass_mailing_queue")
        with self.enter_registry_test_mode():
            queue.method_direct_trigger()

    @classmethod
    def _recompute(cls, company=None, day=TODAY):
        return cls.classes._recompute(company or cls.company, day)

    def _row(self, partner, company=None):
        return self.classes.search(
            [
                ("partner_id", "=", partner.id),
                ("company_id", "=", (company or self.company).id),
            ]
        )

    @classmethod
    def _team(cls, name, *users):
        """A sales team of the company with these members."""
        return cls.env["crm.team"].create(
            {
                "name": name,
                "company_id": cls.company.id,
                "crm_team_member_ids": [
                    Command.create({"user_id": user.id}) for user in users
                ],
            }
        )

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

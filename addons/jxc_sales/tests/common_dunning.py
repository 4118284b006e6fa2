# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo.fields import Command, Date
from odoo.tests import new_test_user

from .common import CreditCommon


class DunningCommon(CreditCommon):
    """A customer without limit, three levels and who bills."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.account.unlimited = True
        cls.today = cls.account._jxc_today()
        cls.customer.write({"email": "bright@example.com", "lang": "en_US"})
        cls.levels = cls.env["jxc.dunning.level"].create(
            [
                {
                    "name": name,
                    "days": days,
                    "wait_days": 7,
                    "company_id": cls.company.id,
                    "mail_template_id": cls.env.ref(
                        f"jxc_sales.jxc_dunning_{key}_mail_template"
                    ).id,
                }
                for key, name, days in (
                    ("first", "Kind", 3),
                    ("second", "Firm", 10),
                    ("last", "Final", 20),
                )
            ]
        )
        cls.biller = new_test_user(
            cls.env,
            "jxc_biller",
            "account.group_account_invoice",
            company_id=cls.company.id,
            company_ids=[Command.set(cls.company.ids)],
        )
        cls.Reminder = cls.env["jxc.dunning.reminder"]

    def _row(self, partner=None):
        self.env.flush_all()
        self.env.invalidate_all()
        return self.env["jxc.dunning.customer"].search(
            [("partner_id", "=", (partner or self.customer).id)]
        )

    def _propose(self):
        """The reminders of our customer that one run of the nightly job proposes."""
        self.Reminder._cron_propose()
        return self.Reminder.search(
            [("partner_id", "=", self.customer.id), ("state", "=", "proposed")]
        )

    def _promise(self, amount):
        """A promise of our customer, still to be accepted."""
        return self.env["jxc.credit.promise"].create(
            {
                "account_id": self.account.id,
                "amount": amount,
                "date": Date.add(self.today, days=5),
            }
        )

    def _mails(self, reminders):
        return self.env["mail.mail"].search(
            [("model", "=", reminders._name), ("res_id", "in", reminders.ids)]
        )

    def _sent_days_ago(self, reminder, days):
        reminder.sudo().sent_on = Date.subtract(self.today, days=days)

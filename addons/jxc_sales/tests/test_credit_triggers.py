# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import new_test_user, tagged

from .common import CreditCommon


@tagged("post_install", "-at_install")
class TestCreditTriggers(CreditCommon):
    """A confirmed order or a contact changes, and the gate is asked again."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.terms = {
            days: cls.env["jxc.credit.account"]._jxc_find_or_create_term(
                cls.company, days
            )
            for days in (10, 30, 60)
        }
        # What is later is within what is agreed: that is judged elsewhere.
        cls.account.credit_days = 60
        cls.boss = cls._create_user("jxc_boss", "sales_team.group_sale_manager")
        cls.clerk = new_test_user(
            cls.env,
            "jxc_clerk",
            "base.group_user,base.group_partner_manager",
            company_id=cls.company.id,
            company_ids=[Command.set(cls.company.ids)],
        )

    def _confirmed(self, quantity, days=30, **values):
        term = self.terms[days]
        order = self._create_order(quantity, payment_term_id=term.id, **values)
        order.with_user(self.salesman).action_confirm()
        return order

    # -- payment term -------------------------------------------------------------

    def test_later_payment_is_asked_for(self):
        order = self._confirmed(8)
        self.account.credit_limit = 500
        own = order.with_user(self.salesman)
        for term in (self.terms[60], self.terms[60].copy({"name": "Again"})):
            with self.assertRaisesRegex(UserError, "500.00"):
                own.payment_term_id = term
            order.invalidate_recordset()
            self.assertEqual(order.payment_term_id, self.terms[30])

    def test_sooner_payment_is_not(self):
        order = self._confirmed(8)
        self.account.credit_limit = 500
        order.with_user(self.salesman).payment_term_id = self.terms[10]
        order.with_user(self.salesman).payment_term_id = False
        with self.assertRaises(UserError):
            order.with_user(self.salesman).payment_term_id = self.terms[10]

    def test_later_payment_within_the_limit(self):
        order = self._confirmed(10)
        order.with_user(self.salesman).payment_term_id = self.terms[60]
        self.assertEqual(self._exposure(), 1000)

    def test_later_payment_of_a_late_customer(self):
        order = self._confirmed(2)
        day = self.account._jxc_today().replace(year=2020)
        self.env["account.move"].create(
            {
                "move_type": "out_invoice",
                "partner_id": self.customer.id,
                "invoice_date": day,
                "invoice_date_due": day,
                "invoice_payment_term_id": False,
                "invoice_line_ids": [
                    Command.create({"name": "Work", "price_unit": 10, "tax_ids": False})
                ],
            }
        ).action_post()
        self.account.control_overdue = True
        with self.assertRaisesRegex(UserError, "overdue"):
            order.with_user(self.salesman).payment_term_id = self.terms[60]

    def _term(self, *parts):
        """A payment term of (percent, days) parts."""
        return self.env["account.payment.term"].create(
            {
                "name": "Parts",
                "line_ids": [
                    Command.create(
                        {"value": "percent", "value_amount": percent, "nb_days": days}
                    )
                    for percent, days in parts
                ],
            }
        )

    def test_later_payment_of_a_part(self):
        """The last of it is due on the same day, but less of it before."""
        order = self._confirmed(8)
        deposit, half = self._term((30, 0), (70, 60)), self._term((50, 0), (50, 60))
        own = order.with_user(self.salesman)
        own.payment_term_id = deposit
        self.account.credit_limit = 500
        with self.assertRaisesRegex(UserError, "500.00"):
            own.payment_term_id = self.terms[60]
        own.payment_term_id = half
        with self.assertRaisesRegex(UserError, "500.00"):
            own.payment_term_id = deposit
        # Later in part and sooner in part is later.
        with self.assertRaisesRegex(UserError, "500.00"):
            own.payment_term_id = self.terms[30]

    def test_later_payment_by_the_calendar(self):
        """On the last day of a month its end is no later, on the first one it is."""
        order = self._confirmed(8)
        order.date_order = "2026-01-31 02:00:00"
        self.account.credit_limit = 500
        end = self.env["jxc.credit.account"]._jxc_find_or_create_term(
            self.company, 15, "days_after_end_of_month"
        )
        with self.assertRaisesRegex(UserError, "500.00"):
            order.with_user(self.boss).payment_term_id = end

    def test_quotations_change_freely(self):
        self.account.credit_limit = 0
        order = self._create_order(8, payment_term_id=self.terms[30].id)
        order.with_user(self.salesman).payment_term_id = self.terms[60]
        self.assertEqual(order.payment_term_id, self.terms[60])

    def test_warning_is_noted(self):
        order = self._confirmed(8)
        self.account.write({"credit_limit": 500, "order_action": "warn"})
        order.with_user(self.salesman).payment_term_id = self.terms[60]
        body = "".join(order.message_ids.mapped("body")).replace("&nbsp;", "")
        self.assertIn("limit ¥500.00, exposure with this ¥800.00", body)

    # -- who owes -----------------------------------------------------------------

    def test_contact_who_joins_brings_orders_along(self):
        freelancer = self.env["res.partner"].create({"name": "Freelancer"})
        order = self._confirmed(11, partner_id=freelancer.id)
        own = freelancer.with_user(self.clerk)
        with self.assertRaisesRegex(UserError, "Bright Trading"):
            own.parent_id = self.customer
        freelancer.invalidate_recordset()
        self.assertFalse(freelancer.parent_id)
        self.assertEqual(order.jxc_credit_partner_id, freelancer)
        self.account.credit_limit = 1100
        own.parent_id = self.customer
        self.assertEqual(self._exposure(), 1100)

    def test_contact_who_joins_brings_debts_along(self):
        freelancer = self.env["res.partner"].create({"name": "Freelancer"})
        order = self._confirmed(11, partner_id=freelancer.id)
        self._deliver(order)
        order._create_invoices().action_post()
        with self.assertRaisesRegex(UserError, "Bright Trading"):
            freelancer.with_user(self.clerk).parent_id = self.customer

    def test_contact_without_debts_joins(self):
        self._confirmed(10)
        friend = self.env["res.partner"].create({"name": "Friend"})
        friend.with_user(self.clerk).parent_id = self.customer
        self.assertEqual(friend.commercial_partner_id, self.customer)

    def test_contact_moves_within_its_company(self):
        buyer, office = self.env["res.partner"].create(
            [
                {"name": "Buyer", "parent_id": self.customer.id},
                {"name": "Office", "parent_id": self.customer.id},
            ]
        )
        self._confirmed(10, partner_id=buyer.id)
        buyer.with_user(self.clerk).parent_id = office
        self.assertEqual(self._exposure(), 1000)

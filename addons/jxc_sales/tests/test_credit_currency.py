# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
"""Exposure in company currency while rates move, and orders that change company."""

from odoo import fields
from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import tagged

from .common import CreditCommon


@tagged("post_install", "-at_install")
class TestCreditCurrency(CreditCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.currency = cls.setup_other_currency("EUR", rates=[("2020-01-01", 4.0)])
        cls.pricelist = cls.env["product.pricelist"].create(
            {"name": "EUR", "currency_id": cls.currency.id}
        )

    def _rate(self, rate):
        """So many euros are worth one unit of the company's currency from today on.

        Of the two days it may be: the platform takes an order's rate by the day in UTC.
        """
        today = fields.Date.today()
        known = self.currency.rate_ids.filtered(lambda one: one.name == today)
        if known:
            known.rate = rate
        else:
            self.currency.rate_ids = [
                Command.create(
                    {"name": today, "rate": rate, "company_id": self.company.id}
                )
            ]
        self.env.invalidate_all()

    def test_rate_moves_between_order_delivery_and_invoice(self):
        """Orders count at their own rate, invoices at that of their entry."""
        order = self._create_order(5, price=400, pricelist_id=self.pricelist.id)
        order.action_confirm()
        self.assertEqual(self._parts(), {"ordered": 500})
        self._rate(2.0)
        self.assertEqual(self._parts(), {"ordered": 500})
        self._deliver(order, 3)
        self.assertEqual(self._parts(), {"delivered": 300, "ordered": 200})
        self._rate(2.5)
        invoice = order._create_invoices()
        self.assertEqual(self._parts(), {"draft": 300, "ordered": 200})
        # What the rate makes of it is recorded, beyond the limit as well.
        self.account.credit_limit = 500
        invoice.action_post()
        self.assertEqual(invoice.amount_residual_signed, 1200 / 2.5)
        self.assertEqual(self._parts(), {"receivable": 480, "ordered": 200})
        self._rate(4.0)
        self._deliver(order)
        order._create_invoices().action_post()
        self.assertEqual(self._parts(), {"receivable": 680})
        # Paid at another rate again: the difference is booked, nothing stays owed.
        self._rate(5.0)
        for one in order.invoice_ids:
            self._pay(one)
        self.assertFalse(self._parts())

    def test_more_is_judged_at_the_rate_of_its_order(self):
        order = self._create_order(5, price=360, pricelist_id=self.pricelist.id)
        order.action_confirm()
        self._rate(1.0)
        order.order_line.write({"product_uom_qty": 10, "price_unit": 360})
        self.assertEqual(self._parts(), {"ordered": 900})
        with self.assertRaises(UserError):
            order.order_line.write({"product_uom_qty": 12, "price_unit": 360})
        # A new order counts at the new rate.
        self.account.credit_limit = 1250
        new = self._create_order(1, price=360, pricelist_id=self.pricelist.id)
        with self.assertRaises(UserError):
            new.action_confirm()

    def test_company_of_confirmed_orders_stays(self):
        """An order does not slip out of a limit into another company."""
        other = self.setup_other_company()["company"]
        self.env.user.company_ids += other
        order = self._create_order(5)
        order.action_confirm()
        with self.assertRaises(UserError), self.cr.savepoint():
            order.company_id = other
            order.flush_recordset()
        order.invalidate_recordset()
        self.assertEqual(order.company_id, self.company)
        self.assertEqual(self._parts(), {"ordered": 500})

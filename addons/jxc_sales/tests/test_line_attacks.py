# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import tagged

from .common import CreditCommon


@tagged("post_install", "-at_install")
class TestLineAttacks(CreditCommon):
    """What order lines say of documents follows from these; nobody writes it."""

    def test_quantity_to_invoice(self):
        """Goods that have not left are not invoiced where deliveries are."""
        order = self._create_order(5)
        order.action_confirm()
        line = order.order_line.with_user(self.salesman)
        with self.assertRaisesRegex(AccessError, "qty_to_invoice"):
            line.write({"qty_to_invoice": 5, "untaxed_amount_to_invoice": 500})
        self._deliver(order, 2)
        invoice = order.with_user(self.salesman)._create_invoices()
        self.assertEqual(invoice.invoice_line_ids.quantity, 2)

    def test_whose_line_it_is(self):
        """Customer, currency and salesperson of a line are those of its order."""
        order = self._create_order(5)
        line = order.order_line.with_user(self.salesman)
        other = self.env["res.partner"].create({"name": "Other"})
        wrong = {
            "currency_id": self.env.ref("base.JPY").id,
            "invoice_status": "invoiced",
            "order_partner_id": other.id,
            "salesman_id": self.salesman.id,
        }
        for name, value in wrong.items():
            with self.subTest(name):
                with self.assertRaisesRegex(AccessError, name):
                    line.write({name: value})
                values = {"order_id": order.id, "product_id": self.product.id}
                with self.assertRaisesRegex(AccessError, name):
                    line.create({**values, name: value})
                made = line.with_context(**{f"default_{name}": value}).create(values)
                self.assertNotEqual(made.read([name], load="")[0][name], value)

    def test_company_of_a_line(self):
        """Nor does a line leave the company in which its order is seen."""
        away = self.env["res.company"].create({"name": "Away"})
        self.salesman.company_ids += away
        order = self._create_order(5)
        line = order.order_line.with_user(self.salesman)
        line = line.with_context(allowed_company_ids=(self.company | away).ids)
        with self.assertRaises(AccessError):
            line.write({"company_id": away.id})

    def test_new_line_of_a_form(self):
        """A browser sends along that there are no invoices: no other value is taken."""
        order = self._create_order(5)
        lines = order.order_line.with_user(self.salesman)
        values = {"order_id": order.id, "product_id": self.product.id}
        line = lines.create({**values, "invoice_lines": []})
        self.assertFalse(line.invoice_lines)
        order.action_confirm()
        self._deliver(order, 5)
        invoiced = order._create_invoices().invoice_line_ids
        for value in ([Command.set(invoiced.ids)], [Command.link(invoiced[0].id)]):
            with self.assertRaisesRegex(AccessError, "invoice_lines"):
                lines.create({**values, "invoice_lines": value})

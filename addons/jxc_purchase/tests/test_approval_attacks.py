# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo.exceptions import AccessError
from odoo.tests import tagged

from .approval_common import OrderApprovalCommon


@tagged("post_install", "-at_install")
class TestApprovalAttacks(OrderApprovalCommon):
    """What tiers ask about an order follows from documents; no buyer writes it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._tier(domain="[('jxc_price_increase_percent', '>', 10)]")

    def _bought(self, price=10, **values):
        order = self._purchase((self.tea, 10, price), **values)
        order.button_confirm()
        self.assertEqual(order.state, "purchase")
        return order

    def _away(self):
        """Another company of the buyer's."""
        company = self.env["res.company"].create({"name": "Away"})
        self.buyer.company_ids += company
        return company

    def _assert_kept(self, record, **values):
        """Each of the values is refused, and changes nothing."""
        for name, value in values.items():
            with self.subTest(name), self.assertRaisesRegex(AccessError, name):
                record.with_user(self.buyer).write({name: value})

    def test_price_increase_of_an_rfq(self):
        """A price per unit is not thinned out by the quantity it is divided by."""
        self._bought()
        order = self._purchase((self.tea, 10, 20))
        self._assert_kept(order.order_line, product_uom_qty=1e9)
        order.button_confirm()
        self.assertEqual(order.state, "to approve")

    def test_price_increase_by_history(self):
        """Nor is the last price lifted after the order was confirmed."""
        last = self._bought()
        self._assert_kept(
            last.order_line,
            price_total_cc=1e9,
            product_uom_qty=0.001,
        )
        with self.assertRaises(AccessError):
            last.order_line.write({"company_id": self._away().id})
        order = self._purchase((self.tea, 10, 20))
        order.button_confirm()
        self.assertEqual(order.state, "to approve")

    def test_single_source(self):
        """Another vendor is not known by being written on a line."""
        last = self._bought()
        self._assert_kept(last.order_line, partner_id=self.other_vendor.id)
        self.assertTrue(self._purchase((self.tea, 1, 10)).jxc_is_single_source)

    def test_born_so(self):
        """Lines do not come with such values either, by values or by defaults."""
        values = {
            "name": "Tea",
            "product_id": self.tea.id,
            "product_qty": 10,
            "price_unit": 10,
        }
        order = self._purchase((self.tea, 10, 10))
        away = self._away()
        lines = self.env["purchase.order.line"].with_user(self.buyer)
        lines = lines.with_context(allowed_company_ids=(self.company | away).ids)
        wrong = {
            "company_id": away.id,
            "partner_id": self.other_vendor.id,
            "price_total_cc": 1e9,
            "product_uom_qty": 1e9,
            "qty_to_invoice": 1e9,
        }
        for name, value in wrong.items():
            with self.subTest(name):
                with self.assertRaises(AccessError):
                    lines.create({**values, "order_id": order.id, name: value})
                given = lines.with_context(**{f"default_{name}": value})
                line = given.create({**values, "order_id": order.id})
                self.assertNotEqual(line.read([name], load="")[0][name], value)

    def test_documents_of_an_order(self):
        """Receipts and bills are known by the lines, not by what is written."""
        order = self._bought()
        self._assert_kept(
            order,
            picking_ids=[(5,)],
            invoice_ids=[(5,)],
            invoice_status="invoiced",
            receipt_status="full",
        )
        self.assertTrue(order.picking_ids)

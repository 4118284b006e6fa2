# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
"""All transfers and invoices of a return lead to it, and it to them."""

from odoo.exceptions import AccessError
from odoo.tests import tagged

from .return_common import ReturnCommon


@tagged("post_install", "-at_install")
class TestReturnDocuments(ReturnCommon):
    def _exchanged(self):
        """Two lamps come back, four others are to be sent."""
        order = self._sell(5)
        back = self._exchange(2, 4)
        back.action_confirm()
        back.action_accept()
        return order, back

    def _assert_leads_to(self, back, document):
        self.assertEqual(document.jxc_return_count, 1)
        action = document.action_jxc_open_returns()
        found = self.env[action["res_model"]].search(action["domain"])
        self.assertEqual((found, action["res_id"]), (back, back.id))

    def test_backorders_of_the_replacement(self):
        order, back = self._exchanged()
        exchange = back.exchange_order_ids
        self._deliver(exchange, 3)
        self.assertEqual(len(exchange.picking_ids), 2, "the rest waits")
        self.assertEqual(back.picking_ids, back.receipt_ids | exchange.picking_ids)
        self.assertEqual(back.picking_count, 3)
        action = back.action_open_pickings()
        found = self.env[action["res_model"]].search(action["domain"])
        self.assertEqual(found, back.picking_ids)
        for picking in back.picking_ids | order.picking_ids[:1]:
            self._assert_leads_to(back, picking)
        for picking in exchange.picking_ids:
            domain = [("picking_ids", "in", picking.ids)]
            self.assertEqual(back.search(domain), back)
        self.assertNotIn(back, back.search([("picking_ids", "not in", picking.ids)]))

    def test_invoices_made_afterwards(self):
        _order, back = self._exchanged()
        exchange = back.exchange_order_ids
        exchange.order_line.product_uom_qty = 5
        back.action_done()
        settled = back.invoice_ids
        self.assertEqual(settled, back.settlement_ids)
        settled.action_post()
        exchange.order_line.product_uom_qty = 6
        self._deliver(exchange)
        later = exchange._create_invoices()
        self.assertEqual(back.invoice_ids, settled | later)
        self.assertEqual(back.invoice_count, 2)
        self.assertEqual(back.settlement_ids, settled)
        for invoice in back.invoice_ids:
            self._assert_leads_to(back, invoice)
        self.assertEqual(back.search([("invoice_ids", "in", later.ids)]), back)
        self.assertEqual(
            back.action_open_invoices()["domain"], [("id", "in", (settled | later).ids)]
        )

    def test_who_sees_them(self):
        """The number is no secret; the documents are their owners' matter."""
        _order, back = self._exchanged()
        self._deliver(back.exchange_order_ids)
        own = back.with_user(self.storekeeper)
        self.assertEqual((own.picking_count, own.exchange_count), (2, 1))
        self.assertEqual(own.picking_ids.ids, back.picking_ids.ids)
        self.assertFalse(own.invoice_ids)
        self.assertEqual(own.picking_ids[0].jxc_return_count, 1)
        stranger = self._create_user("jxc_stranger", "base.group_user")
        with self.assertRaises(AccessError):
            back.with_user(stranger).action_open_pickings()
        with self.assertRaises(AccessError):
            back.picking_ids.with_user(stranger)[0].action_jxc_open_returns()
        with self.assertRaises(AccessError):
            back.with_user(self.salesman).receipt_ids = False

    def test_others_lead_nowhere(self):
        order = self._sell(1)
        order._create_invoices()
        documents = order.picking_ids, order.invoice_ids
        self.assertEqual([one.jxc_return_count for one in documents], [0, 0])

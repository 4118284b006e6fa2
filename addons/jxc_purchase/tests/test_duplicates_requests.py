# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from datetime import timedelta

from odoo import fields
from odoo.tests import tagged

from .test_duplicates import DuplicateCommon


@tagged("post_install", "-at_install")
class TestDuplicatesRequests(DuplicateCommon):
    """Requests are compared when they are submitted, as orders when confirmed."""

    def _notes(self, request, name):
        return request.message_ids.filtered(lambda one: name in (one.body or ""))

    def _assert_submitted(self, request):
        request.action_submit()
        self.assertEqual(request.state, "submitted")

    def test_company_that_blocks(self):
        """What an order still has to bring is named; nothing of the request happens."""
        order = self._on_its_way()
        request = self._request((self.tea, 12))
        self.assertEqual(request.jxc_duplicate_state, "block")
        message = self._refused(request)
        for word in (order.name, "Tea", "24", "瓶", "Show Duplicates"):
            self.assertIn(word, message)
        self.assertNotIn("merge", message, "an order is no request")
        self.assertEqual(request.state, "draft")
        self.assertFalse(request.review_ids)
        self.assertFalse(self._notes(request, order.name))

    def test_company_that_warns(self):
        """It goes on, and the document that collides is noted once."""
        order = self._on_its_way()
        self.company.jxc_duplicate_control = "warn"
        request = self._request((self.tea, 12))
        self.assertEqual(request.jxc_duplicate_state, "warn")
        self.assertIn(order.name, request.jxc_duplicate_hint)
        self._assert_submitted(request)
        self.assertEqual(len(self._notes(request, order.name)), 1)
        request.with_user(self.approver).action_approve()
        self.assertEqual(len(self._notes(request, order.name)), 1)

    def test_submitted_together(self):
        """Neither draft was open for the other one before; together both are."""
        one = self._request((self.tea, 5))
        two = self._request((self.tea, 6))
        message = self._refused(one | two)
        self.assertIn(one.name, message)
        self.assertIn(two.name, message)
        self.assertEqual(set((one | two).mapped("state")), {"draft"})
        self.company.jxc_duplicate_control = "warn"
        (one | two).action_submit()
        self.assertEqual(set((one | two).mapped("state")), {"submitted"})
        self.assertEqual(len(self._notes(one, two.name)), 1)
        self.assertEqual(len(self._notes(two, one.name)), 1)

    def test_stock_and_what_comes_cover_the_need(self):
        """20 are there and 30 come: 50 more are not missing, 51 are."""
        location = self.env["stock.warehouse"].search([], limit=1).lot_stock_id
        self.env["stock.quant"]._update_available_quantity(self.tea, location, 20)
        later = {"date_planned": fields.Datetime.now() + timedelta(days=60)}
        coming = self._on_its_way((self.tea, 30, 10, later))
        message = self._refused(self._request((self.tea, 50)))
        self.assertIn("free in stock", message)
        self.assertIn("50", message)
        self.assertNotIn(coming.name, message)
        request = self._request((self.tea, 51))
        self._assert_submitted(request)
        self.assertFalse(self._notes(request, "free in stock"))

    def test_stock_that_covers_the_need_warns(self):
        location = self.env["stock.warehouse"].search([], limit=1).lot_stock_id
        self.env["stock.quant"]._update_available_quantity(self.tea, location, 20)
        self.company.jxc_duplicate_control = "warn"
        request = self._request((self.tea, 20))
        self._assert_submitted(request)
        self.assertEqual(len(self._notes(request, "free in stock")), 1)

    def test_same_vendor_only(self):
        """What comes from another vendor does not stop a request, the same one does."""
        order = self._on_its_way()
        self.company.jxc_duplicate_vendor = "same"
        other = {"vendor_id": self.other_vendor.id}
        self._assert_submitted(self._request((self.tea, 500, other)))
        same = self._request((self.tea, 500, {"vendor_id": self.vendor.id}))
        self.assertIn(order.name, self._refused(same))

    def test_same_vendor_of_requests(self):
        """Two requests meet when they name the same vendor, or one of them none."""
        self.company.jxc_duplicate_vendor = "same"
        theirs = {"vendor_id": self.other_vendor.id}
        first = self._request((self.tea, 500, theirs))
        self._assert_submitted(first)
        ours = self._request((self.tea, 600, {"vendor_id": self.vendor.id}))
        self._assert_submitted(ours)
        again = self._request((self.tea, 700, theirs))
        message = self._refused(again)
        self.assertIn(first.name, message)
        self.assertNotIn(ours.name, message)
        self.company.jxc_duplicate_vendor = "any"
        message = self._refused(again)
        self.assertIn(first.name, message)
        self.assertIn(ours.name, message)

    def _reordered(self):
        """The RFQ that a reordering rule makes, as the scheduler does."""
        warehouse = self.env["stock.warehouse"].search(
            [("company_id", "=", self.company.id)], limit=1
        )
        buy = self.env.ref("purchase_stock.route_warehouse0_buy")
        self.tea.route_ids = [(6, 0, buy.ids)]
        self.tea.seller_ids.unlink()
        self.env["product.supplierinfo"].create(
            {
                "partner_id": self.vendor.id,
                "product_tmpl_id": self.tea.product_tmpl_id.id,
                "price": 10,
            }
        )
        rule = self.env["stock.warehouse.orderpoint"].create(
            {
                "product_id": self.tea.id,
                "warehouse_id": warehouse.id,
                "location_id": warehouse.lot_stock_id.id,
                "product_min_qty": 50,
                "product_max_qty": 80,
            }
        )
        rule._procure_orderpoint_confirm(company_id=self.company)
        return (
            self.env["purchase.order.line"]
            .search([("orderpoint_id", "=", rule.id)])
            .order_id
        )

    def test_rule_made_rfq_stops_a_request(self):
        """The RFQ of a rule counts like any other, by its vendor where that matters."""
        made = self._reordered()
        self.assertEqual(
            (made.partner_id, made.order_line.product_qty), (self.vendor, 80)
        )
        request = self._request((self.tea, 500, {"vendor_id": self.vendor.id}))
        self.assertIn(made.name, self._refused(request))
        self.company.jxc_duplicate_vendor = "same"
        self.assertIn(made.name, self._refused(request))
        request.line_ids.vendor_id = self.other_vendor
        self._assert_submitted(request)

    def test_rule_made_rfq_beside_an_open_one(self):
        """Confirmed by itself it is compared: what a person asked for is too much.

        The rule wanted 80 and does not see the other RFQ; with 100 on their way it
        would want nothing.
        """
        made = self._reordered()
        other = self._purchase((self.tea, 100, 10), partner_id=self.other_vendor.id)
        self.assertIn(other.name, self._refused(made))
        self.company.jxc_duplicate_vendor = "same"
        made.button_confirm()
        self.assertEqual(made.state, "purchase")

    def test_units_of_the_request(self):
        """Three boxes of ten are as much as 30 bottles in stock, four are more."""
        location = self.env["stock.warehouse"].search([], limit=1).lot_stock_id
        self.env["stock.quant"]._update_available_quantity(self.tea, location, 30)
        box = {"product_uom_id": self.tea_box.id}
        message = self._refused(self._request((self.tea, 3, box)))
        self.assertIn("free in stock", message)
        self._assert_submitted(self._request((self.tea, 4, box)))

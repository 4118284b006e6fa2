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
        for word in (order.name, "Tea", "24", "瓶", "merge"):
            self.assertIn(word, message)
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

    def test_units_of_the_request(self):
        """Three boxes of ten are as much as 30 bottles in stock, four are more."""
        location = self.env["stock.warehouse"].search([], limit=1).lot_stock_id
        self.env["stock.quant"]._update_available_quantity(self.tea, location, 30)
        box = {"product_uom_id": self.tea_box.id}
        message = self._refused(self._request((self.tea, 3, box)))
        self.assertIn("free in stock", message)
        self._assert_submitted(self._request((self.tea, 4, box)))

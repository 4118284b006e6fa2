# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo.tests import tagged

from .mode_common import ModeCommon
from .tender_common import TenderCommon


@tagged("post_install", "-at_install")
class TestDirectRebates(ModeCommon):
    """A rebate that may never be billed makes no room below the limit."""

    def setUp(self):
        super().setUp()
        self.company.write({"jxc_direct_policy": "limit", "jxc_direct_limit": 500})

    def test_rebate_of_one_order(self):
        for rebate in ((self.wine, 1, -49500), (self.wine, -1, 49500)):
            order = self._rfq((self.wine, 10, 5000), rebate)
            self.assertEqual(order.amount_untaxed, 500)
            with self.refused("50,000.00 untaxed"):
                order.button_confirm()

    def test_rebates_count_together_as_well(self):
        self.company.jxc_direct_days = 7
        self._rfq((self.wine, 1, 400), (self.wine, 1, -390)).button_confirm()
        with self.refused("600.00 untaxed would be bought"):
            self._rfq((self.wine, 1, 200)).button_confirm()

    def test_below_zero_twice(self):
        """Minus one at minus a price is a purchase."""
        with self.refused("600.00 untaxed"):
            self._rfq((self.wine, -1, -600)).button_confirm()

    def test_lower_price_needs_no_line(self):
        order = self._rfq((self.wine, 10, 100, {"discount": 50}))
        order.button_confirm()
        self.assertEqual(order.state, "purchase")


@tagged("post_install", "-at_install")
class TestRequestBelowZero(ModeCommon):
    """What was not requested is not bought by two signs that meet."""

    def _requested(self):
        line = self._request((self.wine, 10), approve=True).line_ids
        order = self._order(line)
        order.order_line.price_unit = 5
        return order

    def test_not_with_the_confirmation(self):
        order = self._requested()
        order.write({"order_line": [self._line(self._product("Fee"), -1, -5000)]})
        self.assertEqual(order.amount_untaxed, 5050)
        with self.refused("Fee.*cover 0.0"):
            order.button_confirm()

    def test_not_afterwards(self):
        order = self._requested()
        order.button_confirm()
        with self.refused("Fee.*cover 0.0"):
            order.write({"order_line": [self._line(self._product("Fee"), -1, -5000)]})

    def test_rebates_are_none_of_it(self):
        order = self._requested()
        order.write({"order_line": [self._line(self.wine, -1, 5)]})
        order.button_confirm()
        self.assertEqual(order.amount_untaxed, 45)


@tagged("post_install", "-at_install")
class TestTenderBelowZero(TenderCommon):
    def test_not_awarded(self):
        self._quote()
        self._award((self.cheap, 10))
        self.cheap.write({"order_line": [self._line(self._product("Fee"), -1, -5000)]})
        with self.refused("Fee"):
            self.cheap.button_confirm()


@tagged("post_install", "-at_install")
class TestLinesStay(ModeCommon):
    """A line that was confirmed does not change its order."""

    def test_to_another_order_or_company(self):
        other = self._other_company()
        self.buyer.company_ids += other
        order = self._rfq((self.wine, 10, 5), (self.wine, 1, 5))
        draft = self._rfq((self.wine, 1, 5))
        strange = self._rfq(
            company_id=other.id,
            picking_type_id=self.env["stock.picking.type"]
            .search([("company_id", "=", other.id), ("code", "=", "incoming")])[:1]
            .id,
        )
        line = order.order_line[0]
        with self.refused("stays on"):
            line.order_id = strange
        line.order_id = draft
        line.order_id = order
        order.button_confirm()
        for target in (strange, draft):
            with self.refused(f"stays on {order.name}"):
                line.order_id = target
        with self.refused(f"stays on {draft.name}"):
            draft.order_line.order_id = order
        self.assertEqual(line.order_id, order)

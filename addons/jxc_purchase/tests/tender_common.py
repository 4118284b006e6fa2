# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from .mode_common import ModeCommon


class TenderCommon(ModeCommon):
    """Three vendors quote for what somebody requested."""

    def setUp(self):
        super().setUp()
        self.line = self._request((self.wine, 10), approve=True).line_ids
        vendors = self.vendor | self.other_vendor | self.third_vendor
        self.orders = self._tender(self.line, vendors=vendors).with_user(self.buyer)
        self.cheap, self.middle, self.dear = self.orders

    def _quote(self, *prices):
        for order, price in zip(self.orders, prices or (4, 5, 6), strict=False):
            order.order_line.price_unit = price
            order.action_jxc_record_quote()

    def _award(self, *awards, reason=""):
        """Award: (order, quantity)."""
        return self.cheap.action_jxc_award(
            [
                {
                    "line_id": order.order_line.id,
                    "quantity": quantity,
                    "reason": reason,
                }
                for order, quantity in awards
            ]
        )

    def _data(self):
        data = self.cheap.jxc_tender_data()
        return data, data["rows"][0]["quotes"]

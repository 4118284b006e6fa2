# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from .booking_common import BookingCommon


class MatchCommon(BookingCommon):
    """A company that holds bills by matching, and a clerk who enters them."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.jxc_match_action = "hold"
        cls.clerk = cls._user("match_clerk", "account.group_account_invoice")

    def _pay(self, bill):
        return (
            self.env["account.payment.register"]
            .with_context(active_model="account.move", active_ids=bill.ids)
            .create({"payment_date": bill.date})
            ._create_payments()
        )


class MatchStoreCommon(MatchCommon):
    """Goods come after the bill, and are received by somebody of the store."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.store = cls._user("match_store", "stock.group_stock_user")

    def _done(self, picking, quantity):
        return super()._done(picking.with_user(self.store), quantity)

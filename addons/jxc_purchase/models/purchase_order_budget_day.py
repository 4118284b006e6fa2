# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from pytz import UTC

from odoo import fields, models


class PurchaseOrder(models.Model):
    """The day on which the budget of an order counts."""

    _inherit = "purchase.order"

    def _jxc_budget_day(self):
        """Return the day that decides on the budget period, for one order.

        It is the order date, in the order's time zone: the day the money is promised.
        The expected arrival moves with every postponement by the vendor and would carry
        amounts from one period into another without anybody having decided so.

        But anybody may write that date, and on an RFQ it is a deadline. Nobody promises
        anything before the order was entered, or after it was confirmed; what is not
        confirmed is promised today at the latest. An order from another system was made
        there, on the day that the import says.
        """
        self.ensure_one()
        now = fields.Datetime.now()
        moment = self.date_order or now
        if not self.jxc_import_number:
            is_settled = self.state in ("purchase", "cancel") and self.date_approve
            entered, promised = self.create_date or now, now
            if is_settled:
                promised = self.date_approve
            moment = min(max(moment, entered), promised)
        return UTC.localize(moment).astimezone(self.get_order_timezone()).date()

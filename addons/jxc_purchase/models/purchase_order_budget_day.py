# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from pytz import UTC

from odoo import fields, models


class PurchaseOrder(models.Model):
    """The day on which the budget of an order counts, and the rate of that day."""

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
        moment = UTC.localize(self._jxc_budget_moment())
        return moment.astimezone(self.get_order_timezone()).date()

    def _jxc_budget_moment(self):
        """Return the moment behind the day of :meth:`_jxc_budget_day`, in UTC."""
        self.ensure_one()
        now = fields.Datetime.now()
        moment = self.date_order or now
        if not self.jxc_import_number:
            is_settled = self.state in ("purchase", "cancel") and self.date_approve
            entered, promised = self.create_date or now, now
            if is_settled:
                promised = self.date_approve
            moment = min(max(moment, entered), promised)
        return moment

    def _jxc_budget_rate(self):
        """Return the rate at which one order uses budgets, and how to remember it.

        Of its day: the platform's own rate is of a date that anybody may write, and
        only taken where that is the same day. Confirmed lines keep the rate in their
        match, so that one that is entered later changes no commitment.

        :return: ``(rate, kept)``: how much of the order's currency one of the company's
            is; ``[currency id, day, rate]`` to be kept, or None in the company's own
        """
        self.ensure_one()
        company, currency = self.company_id, self.currency_id
        own = company.currency_id
        if not (currency and own) or currency == own:
            return 1.0, None
        day = self._jxc_budget_moment().date()
        place = [currency.id, day.isoformat()]
        for line in self.order_line if self.state == "purchase" else ():
            kept = (line.jxc_budget_match or {}).get("rate")
            if kept and kept[:2] == place:
                return kept[2], kept
        if self.date_order and self.date_order.date() == day:
            rate = self.currency_rate
        else:
            # The platform remembers it for each company, currency and day.
            rate = currency._get_conversion_rate(own, currency, company, day)
        return rate or 1.0, [*place, rate or 1.0]

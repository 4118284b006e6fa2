# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from freezegun import freeze_time

from odoo import fields
from odoo.fields import Command
from odoo.tests import tagged

from .approval_common import OrderApprovalCommon


@tagged("post_install", "-at_install")
class TestPriceRates(OrderApprovalCommon):
    """Price increases of purchases in foreign currencies."""

    def _bought(self, *lines, **values):
        order = self._purchase(*lines, **values)
        order.button_confirm()
        self.assertEqual(order.state, "purchase")
        return order

    def _dollars(self, **rates):
        """A currency; rates are per unit of the company's, by day."""
        values = [
            {"name": day, "rate": rate, "company_id": self.company.id}
            for day, rate in rates.items()
        ]
        return self.env["res.currency"].create(
            {
                "name": "JXG",
                "symbol": "G",
                "rate_ids": [Command.create(one) for one in values],
            }
        )

    def test_a_rate_is_no_price(self):
        """Both prices are taken at the rates of one day."""
        dollars = self._dollars(**{"2026-01-01": 0.5, "2026-03-01": 0.4})
        foreign = {"currency_id": dollars.id}
        early = {"date_order": "2026-02-02 04:00:00"}
        late = {"date_order": "2026-03-03 04:00:00"}
        with freeze_time(early["date_order"]):
            self._bought((self.tea, 10, 10), **foreign, **early)
        with freeze_time(late["date_order"]):
            order = self._purchase((self.tea, 10, 10), **foreign, **late)
            self.assertEqual(order.jxc_price_increase_percent, 0, "20 became 25")
            dearer = self._purchase((self.tea, 10, 11), **foreign, **late)
            self.assertAlmostEqual(dearer.jxc_price_increase_percent, 10)
            other = self._purchase((self.tea, 10, 25), **late)
            self.assertAlmostEqual(other.jxc_price_increase_percent, 0)
            other = self._purchase((self.tea, 10, 30), **late)
            self.assertAlmostEqual(other.jxc_price_increase_percent, 20)
            request = self._request(
                (self.tea, 5, {"vendor_id": self.vendor.id, "price_unit": 25})
            )
            self.assertAlmostEqual(request.jxc_price_increase_percent, 0)

    def test_a_falling_rate_hides_no_price(self):
        dollars = self._dollars(**{"2026-01-01": 0.4, "2026-03-01": 0.5})
        foreign = {"currency_id": dollars.id}
        with freeze_time("2026-02-02 04:00:00"):
            self._bought((self.tea, 10, 10), **foreign)
        with freeze_time("2026-03-03 04:00:00"):
            order = self._purchase((self.tea, 10, 12), **foreign)
            self.assertAlmostEqual(order.jxc_price_increase_percent, 20)

    def test_bills_in_foreign_currency(self):
        dollars = self._dollars(**{"2026-01-01": 0.5, "2026-03-01": 0.4})
        with freeze_time("2026-02-02 04:00:00"):
            order = self._bought((self.tea, 10, 10), currency_id=dollars.id)
            order.sudo().order_line.product_id.purchase_method = "purchase"
            order.sudo().action_create_invoice()
            bill = order.sudo().invoice_ids
            bill.invoice_date = fields.Date.today()
            bill.invoice_line_ids.price_unit = 16
            bill.action_post()
        with freeze_time("2026-03-03 04:00:00"):
            later = self._purchase((self.tea, 10, 16), currency_id=dollars.id)
            self.assertEqual(later.jxc_price_increase_percent, 0)

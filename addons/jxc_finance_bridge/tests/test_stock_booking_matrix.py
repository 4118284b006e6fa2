# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo.fields import Command
from odoo.tests import tagged

from .booking_common import METHODS, BookingCommon


@tagged("post_install", "-at_install")
class TestStockBookingMatrix(BookingCommon):
    """Every way a purchase can go, by every way to book what is accrued.

    Whatever the way: month-ends agree, and nothing is accrued once all is billed.
    """

    def _each_method(self, play, stock):
        """Play a purchase from January to March by each method.

        :param play: gets the goods, yields after each month and is done by March
        :param stock: what the stock account and the ledger say in the end
        """
        for method in METHODS:
            with self.subTest(method), self.env.cr.savepoint() as savepoint:
                self.company.jxc_accrual_method = method
                ends = ["2026-01-31", "2026-02-28", "2026-03-31"]
                for end, _month in zip(ends, play(), strict=True):
                    snapshot = self._take(end)
                    self._assert_tied(snapshot)
                    self.assertEqual(snapshot.stock_value, snapshot.stock_balance)
                self.assertEqual(snapshot.stock_balance, stock)
                self._assert_books(stock=stock)
                savepoint.rollback()
            self.env.invalidate_all()

    def test_billed_at_another_price(self):
        def play():
            line = self._buy("2026-01-10", 10, 10)
            self._move("2026-01-10", line, 10)
            yield
            self._invoice("2026-02-10", line, 10, 12.34)
            yield
            yield

        self._each_method(play, stock=123.4)

    def test_billed_in_parts(self):
        def play():
            line = self._buy("2026-01-10", 10, 10)
            self._move("2026-01-10", line, 7)
            self._invoice("2026-01-20", line, 3, 11)
            yield
            self._move("2026-02-10", line, 3)
            self._invoice("2026-02-11", line, 4, 9)
            yield
            self._invoice("2026-03-11", line, 3, 10.5)
            yield

        self._each_method(play, stock=33 + 36 + 31.5)

    def test_billed_before_the_receipt(self):
        def play():
            line = self._buy("2026-01-10", 10, 10)
            self._invoice("2026-01-20", line, 10, 12)
            yield
            self._move("2026-02-10", line, 6)
            yield
            self._move("2026-03-10", line, 4)
            yield

        self._each_method(play, stock=120)

    def test_returned_before_the_bill(self):
        def play():
            line = self._buy("2026-01-10", 10, 10)
            self._move("2026-01-10", line, 10)
            yield
            self._back("2026-02-10", line, 4)
            yield
            self._invoice("2026-03-10", line, 6, 10)
            yield

        self._each_method(play, stock=60)

    def test_returned_after_the_bill(self):
        def play():
            line = self._buy("2026-01-10", 10, 10)
            self._move("2026-01-10", line, 10)
            self._invoice("2026-01-20", line, 10, 10)
            yield
            self._back("2026-02-10", line, 4)
            yield
            self._invoice("2026-03-10", line, 4, 10, refund=True)
            yield

        self._each_method(play, stock=60)

    def test_in_dollars_with_another_rate_on_the_bill(self):
        usd = self.env.ref("base.USD")
        usd.active = True
        self.env["res.currency.rate"].create(
            [
                {
                    "name": name,
                    "rate": 1 / rate,
                    "currency_id": usd.id,
                    "company_id": self.company.id,
                }
                for name, rate in (("2026-01-01", 8), ("2026-02-01", 5))
            ]
        )

        def play():
            line = self._buy("2026-01-10", 10, 10)
            with self._on("2026-01-10"):
                order = self.env["purchase.order"].create(
                    {
                        "partner_id": self.vendor.id,
                        "currency_id": usd.id,
                        "order_line": [
                            Command.create(
                                {
                                    "product_id": self.goods.id,
                                    "product_qty": 10,
                                    "price_unit": 5,
                                    "tax_ids": [Command.clear()],
                                }
                            )
                        ],
                    }
                )
                order.button_confirm()
            self._move("2026-01-10", line, 10)
            self._move("2026-01-11", order.order_line, 10)
            self._invoice("2026-01-12", line, 10, 10)
            yield
            self.assertEqual(
                self._balance(self.accrual, "2026-01-31"), -400, "at the rate of then"
            )
            with self._on("2026-02-20"):
                bill = self.env["account.move"].browse(
                    order.action_create_invoice()["res_id"]
                )
                bill.invoice_date = bill.date = "2026-02-20"
                bill.action_post()
            yield
            yield

        self._each_method(play, stock=100 + 250)

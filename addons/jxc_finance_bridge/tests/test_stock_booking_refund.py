# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo.tests import tagged

from .booking_common import BookingCommon

COST_METHODS = ("average", "fifo", "standard")


@tagged("post_install", "-at_install")
class TestStockBookingRefund(BookingCommon):
    """Goods sent back to the vendor: those that stay keep what they really cost.

    Ordered at 10 and billed at 12 throughout; what a refund is less than the goods cost
    is cost of goods sold.
    """

    def _each(self, play, stock, cost=0.0):
        """Play three months by each way to accrue and each cost method.

        :param stock: what stays in stock in the end, at average cost and FIFO
        :param cost: what became cost of goods sold; at a standard cost of 10, all that
            is not in stock
        """

        def check(cost_method, snapshot):
            wanted = stock, cost
            if cost_method == "standard":
                at_standard = 10 * sum(snapshot.line_ids.mapped("quantity"))
                wanted = at_standard, round(stock + cost - at_standard, 2)
            self.assertEqual(
                (self._balance(self.stock), self._balance(self.cost)), wanted
            )
            if cost_method != "standard":
                goods = self.goods.with_company(self.company)
                self.assertAlmostEqual(goods.total_value, stock, 2)

        self._play_each(play, dict.fromkeys(COST_METHODS, self._goods_at), check)

    def _goods_at(self, cost_method):
        category = self.env["product.category"].create(
            {"name": cost_method, "property_cost_method": cost_method}
        )
        values = {"standard_price": 10} if cost_method == "standard" else {}
        goods = self._goods(cost_method, categ_id=category.id, **values)
        self.assertEqual(goods.with_company(self.company).cost_method, cost_method)
        return goods

    def _billed(self, price=12):
        line = self._buy("2026-01-10", 10, 10, self.goods)
        self._move("2026-01-10", line, 10)
        self._invoice("2026-01-11", line, 10, price)
        return line

    def test_refund_at_the_billed_price(self):
        def play():
            line = self._billed()
            self._back("2026-01-20", line, 4)
            yield
            self._invoice("2026-02-05", line, 4, 12, refund=True)
            yield
            yield

        self._each(play, stock=72)

    def test_refund_at_the_ordered_price(self):
        """The eight that the vendor does not give back are lost."""

        def play():
            line = self._billed()
            self._back("2026-01-20", line, 4)
            yield
            self._invoice("2026-02-05", line, 4, 10, refund=True)
            yield
            yield

        self._each(play, stock=72, cost=8)

    def test_refund_in_the_month_of_the_return(self):
        def play():
            line = self._billed()
            yield
            self._back("2026-02-10", line, 4)
            self._invoice("2026-02-12", line, 4, 12, refund=True)
            yield
            yield

        self._each(play, stock=72)

    def test_refund_in_parts(self):
        """While two of four are not refunded, the vendor owes them at their price."""

        def play():
            line = self._billed()
            self._back("2026-01-20", line, 4)
            yield
            self._invoice("2026-02-05", line, 2, 10, refund=True)
            yield
            self.assertEqual(self._balance(self.accrual, "2026-02-28"), 24)
            self._invoice("2026-03-05", line, 2, 12, refund=True)
            yield

        self._each(play, stock=72, cost=4)

    def test_refund_before_the_return(self):
        def play():
            line = self._billed()
            self._invoice("2026-01-20", line, 4, 12, refund=True)
            yield
            self._back("2026-02-05", line, 4)
            yield
            yield

        self._each(play, stock=72)

    def test_returned_before_the_bill(self):
        """The bill is of what stayed."""

        def play():
            line = self._buy("2026-01-10", 10, 10, self.goods)
            self._move("2026-01-10", line, 10)
            self._back("2026-01-20", line, 4)
            yield
            self._invoice("2026-02-05", line, 6, 12)
            yield
            yield

        self._each(play, stock=72)

    def test_returned_and_billed_in_parts(self):
        def play():
            line = self._buy("2026-01-10", 10, 10, self.goods)
            self._move("2026-01-10", line, 10)
            self._back("2026-01-20", line, 4)
            self._invoice("2026-01-25", line, 3, 12)
            yield
            self.assertEqual(self._balance(self.accrual, "2026-01-31"), -30)
            if self.goods.with_company(self.company).cost_method != "standard":
                self.assertEqual(self._balance(self.stock, "2026-01-31"), 66)
            self._invoice("2026-02-05", line, 3, 13)
            yield
            yield

        self._each(play, stock=75)

    def test_exchanged(self):
        """What comes instead of what went back costs what was billed."""

        def play():
            line = self._billed()
            returned = self._back("2026-01-20", line, 4)
            yield
            with self._on("2026-02-05"):
                wizard = self.env["stock.return.picking"].create(
                    {"picking_id": returned.picking_id.id}
                )
                wizard.product_return_moves.quantity = 4
                self._done(wizard._create_return(), 4)
            yield
            yield

        self._each(play, stock=120)

    def test_bill_cancelled_in_red_and_written_anew(self):
        """红字冲销后重开: goods cost what the new bill says."""

        def play():
            line = self._billed()
            yield
            self._invoice("2026-02-05", line, 10, 12, refund=True)
            self._invoice("2026-02-05", line, 10, 11)
            yield
            yield

        self._each(play, stock=110)

    def test_reversed_by_the_platform(self):
        """The reversal that replaces a bill values the goods as well."""
        line = self._billed()
        bill = line.invoice_lines.move_id
        with self._on("2026-01-20"):
            bill._reverse_moves([{"invoice_date": "2026-01-20"}], cancel=True)
        self.assertEqual(line.move_ids.value, 100)
        self._assert_books(stock=100, accrual=-100)
        self._invoice("2026-01-21", line, 10, 11)
        self.assertEqual(line.move_ids.value, 110)
        self._assert_books(stock=110)

    def test_price_reduced_without_goods(self):
        """A refund of goods that stay is another price (折让), for what is billed."""

        def play():
            line = self._buy("2026-01-10", 10, 10, self.goods)
            self._move("2026-01-10", line, 10)
            self._invoice("2026-01-11", line, 12, 12)
            yield
            self._invoice("2026-02-05", line, 2, 7, refund=True)
            yield
            yield

        self._each(play, stock=130)

    def test_some_were_sold(self):
        """Cost of what was sold before is its own, too."""

        def play():
            line = self._billed()
            sale = self._sell("2026-01-12", 3, product=self.goods)
            self._move("2026-01-12", sale, 3)
            self._invoice("2026-01-12", sale, 3, 100)
            self._back("2026-01-20", line, 4)
            yield
            self._invoice("2026-02-05", line, 4, 12, refund=True)
            yield
            yield

        self._each(play, stock=36, cost=36)

    def _beside_others(self):
        """Ten at eight that nobody sends back, and ten billed at twelve."""
        others = self._buy("2026-01-05", 10, 8, self.goods)
        self._move("2026-01-05", others, 10)
        self._invoice("2026-01-06", others, 10, 8)
        return self._billed()

    def test_all_of_a_receipt_beside_others(self):
        """The others are worth what they cost, not an average with what has gone."""

        def play():
            line = self._beside_others()
            self._back("2026-01-20", line, 10)
            yield
            self._invoice("2026-02-05", line, 10, 12, refund=True)
            yield
            yield

        self._each(play, stock=80)

    def test_some_of_a_receipt_beside_others(self):
        def play():
            line = self._beside_others()
            yield
            self._back("2026-02-03", line, 4)
            self._invoice("2026-02-05", line, 4, 10, refund=True)
            yield
            yield

        self._each(play, stock=80 + 72, cost=8)

    def test_goods_sold_before_the_others_went_back(self):
        """What was sold is of those that stayed: its cost is corrected, too."""

        def play():
            line = self._beside_others()
            sale = self._sell("2026-01-12", 5, product=self.goods)
            self._move("2026-01-12", sale, 5)
            self._invoice("2026-01-12", sale, 5, 100)
            yield
            self._back("2026-02-03", line, 10)
            self._invoice("2026-02-05", line, 10, 12, refund=True)
            yield
            yield

        self._each(play, stock=40, cost=40)

    def test_next_delivery_has_the_cost_of_what_stays(self):
        for cost_method in ("average", "fifo"):
            self.goods = self._goods_at(cost_method)
            line = self._beside_others()
            returned = self._back("2026-01-20", line, 10)
            self.assertEqual(returned.value, 120)
            self.assertEqual(self.goods.with_company(self.company).standard_price, 8)
            sale = self._sell("2026-01-25", 4, product=self.goods)
            self._move("2026-01-25", sale, 4)
            self.assertEqual(sale.move_ids.value, 32)

# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo.fields import Command
from odoo.tests import tagged

from .booking_common import METHODS, BookingCommon


@tagged("post_install", "-at_install")
class TestStockBookingDirect(BookingCommon):
    """Goods that the vendor sends straight to the customer (直运): never in stock."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        warehouse = cls.env["stock.warehouse"].search(
            [("company_id", "=", cls.company.id)], limit=1
        )
        cls.straight = warehouse.in_type_id.copy(
            {
                "name": "Straight",
                "sequence_code": "DS",
                "default_location_src_id": cls.vendor.property_stock_supplier.id,
                "default_location_dest_id": cls.customer.property_stock_customer.id,
            }
        )

    def _order(self, quantity=10, price=6, sold_for=10):
        """A sale, and the order that has it sent; return both lines."""
        sale = self._sell("2026-01-05", quantity, sold_for)
        # The order's own delivery gives way to that of the vendor.
        sale.move_ids.picking_id.action_cancel()
        with self._on("2026-01-05"):
            order = self.env["purchase.order"].create(
                {
                    "partner_id": self.vendor.id,
                    "picking_type_id": self.straight.id,
                    "order_line": [
                        Command.create(
                            {
                                "product_id": self.goods.id,
                                "product_qty": quantity,
                                "price_unit": price,
                                "tax_ids": [Command.clear()],
                            }
                        )
                    ],
                }
            )
            order.button_confirm()
        order.order_line.move_ids.sale_line_id = sale
        return sale, order.order_line

    def _assert_month(self, end):
        """The month-end agrees, and no goods are on stock."""
        snapshot = self._take(end)
        self._assert_tied(snapshot)
        self.assertEqual(snapshot.stock_value, 0)
        self.assertEqual(snapshot.stock_balance, 0)

    def test_sent_invoiced_then_billed(self):
        """Cost is in the month of the invoice, at another price from the bill on."""
        for method in METHODS[:2]:
            with self.subTest(method), self.env.cr.savepoint() as savepoint:
                self.company.jxc_accrual_method = method
                sale, line = self._order()
                self._move("2026-01-10", line, 10)
                self.assertTrue(line.move_ids.is_dropship)
                self._assert_books(accrual=-60, shipped=60)
                self._invoice("2026-01-15", sale, 10, 10)
                self._assert_books(accrual=-60, cost=60)
                self._assert_month("2026-01-31")
                bill = self._invoice("2026-02-05", line, 10, 7)
                self._assert_books(cost=70)
                self._assert_books("2026-01-31", accrual=-60, cost=60)
                self._assert_month("2026-02-28")
                payable = bill.line_ids.filtered(
                    lambda item: item.account_type == "liability_payable"
                )
                self.assertEqual(payable.balance, -70)
                savepoint.rollback()
            self.env.invalidate_all()

    def test_accrued_at_month_end_only(self):
        self.company.jxc_accrual_method = "month"
        sale, line = self._order()
        self._move("2026-01-10", line, 10)
        self._invoice("2026-01-15", sale, 10, 10)
        self._assert_month("2026-01-31")
        self._assert_books("2026-01-31", accrual=-60, cost=60)
        self._invoice("2026-02-05", line, 10, 7)
        self._assert_month("2026-02-28")
        self._assert_books(cost=70)

    def test_billed_then_sent_then_invoiced(self):
        sale, line = self._order()
        bill = self._invoice("2026-01-06", line, 10, 7)
        self.assertEqual(bill.invoice_line_ids.account_id, self.stock)
        self._assert_books(transit=70)
        self._assert_month("2026-01-31")
        self._move("2026-02-10", line, 10)
        self._assert_books(shipped=70)
        self._assert_month("2026-02-28")
        self._invoice("2026-03-15", sale, 10, 10)
        self._assert_books(cost=70)
        self._assert_books("2026-02-28", shipped=70)
        self._assert_month("2026-03-31")

    def test_part_by_part(self):
        sale, line = self._order()
        self._move("2026-01-10", line, 4)
        self._invoice("2026-01-11", line, 4, 7)
        self._assert_books(shipped=28)
        self._invoice("2026-01-12", sale, 2, 10)
        self._assert_books(shipped=14, cost=14)
        self._assert_month("2026-01-31")

    def test_back_from_the_customer(self):
        """Sent back to the vendor: cost goes with the refunds of both sides."""
        sale, line = self._order()
        self._move("2026-01-10", line, 10)
        self._invoice("2026-01-11", sale, 10, 10)
        self._invoice("2026-01-12", line, 10, 6)
        self._assert_books(cost=60)
        back = self._back("2026-01-20", line, 4)
        self.assertTrue(back.is_dropship)
        back.sale_line_id = sale
        self._assert_books(accrual=24, shipped=-24, cost=60)
        self._invoice("2026-01-21", line, 4, 6, refund=True)
        self._assert_books(shipped=-24, cost=60)
        self._invoice("2026-01-22", sale, 4, 10, refund=True)
        self._assert_books(cost=36)
        self._assert_month("2026-01-31")

    def test_bill_that_was_booked_as_cost(self):
        """What the platform booked before stock was booked at movement stays so."""
        self.company.jxc_books_stock = False
        sale, line = self._order()
        self._move("2026-01-10", line, 10)
        bill = self._invoice("2026-01-11", line, 10, 6)
        self.assertNotEqual(bill.invoice_line_ids.account_id, self.stock)
        self.company.jxc_books_stock = True
        self._invoice("2026-01-12", sale, 10, 10)
        self._assert_books(cost=self._balance(self.cost))
        self._assert_month("2026-01-31")

    def test_own_stock_keeps_its_cost(self):
        """Goods that were never there do not touch the average of those that are."""
        own = self._buy("2026-01-02", 10, 10)
        self._move("2026-01-02", own, 10)
        sale, line = self._order(price=6)
        self._move("2026-01-10", line, 10)
        self._invoice("2026-01-15", sale, 10, 10)
        self.assertEqual(self.goods.with_company(self.company).standard_price, 10)
        snapshot = self._take("2026-01-31")
        self._assert_tied(snapshot)
        self._assert_books(stock=100, accrual=-160, cost=60)
        self.assertFalse(snapshot.entry_ids)

# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged

from .booking_common import BookingCommon


@tagged("post_install", "-at_install")
class TestStockBooking(BookingCommon):
    def test_receipt_then_bill_at_another_price(self):
        line = self._buy("2026-01-10", 200, 62)
        self._move("2026-01-10", line, 200)
        self._assert_books(stock=12400, accrual=-12400)
        self._invoice("2026-01-20", line, 80, 63)
        self._assert_books(stock=7440 + 5040, accrual=-7440)
        self._invoice("2026-02-03", line, 120, 63)
        self._assert_books(stock=12600)
        self._assert_books("2026-01-31", stock=12480, accrual=-7440)
        rows = line.jxc_accrual_ids.sorted("id")
        self.assertEqual(rows.mapped("amount"), [12400, -4960, -7440])
        self.assertEqual(rows.mapped("quantity"), [200, -80, -120])
        self.assertEqual(rows.partner_id, self.vendor.commercial_partner_id)

    def test_reversal_is_red(self):
        line = self._buy("2026-01-10", 10, 5)
        self._move("2026-01-10", line, 10)
        self._invoice("2026-01-11", line, 10, 5)
        entry = line.jxc_accrual_ids.sorted("id")[-1].move_id
        self.assertRecordValues(
            entry.line_ids.sorted("debit"),
            [
                {"account_id": self.stock.id, "debit": -50.0, "credit": 0.0},
                {"account_id": self.accrual.id, "debit": 0.0, "credit": -50.0},
            ],
        )
        self.assertEqual(entry.line_ids.partner_id, self.vendor)

    def test_difference_on_the_bill(self):
        self.company.jxc_accrual_method = "difference"
        line = self._buy("2026-01-10", 10, 10)
        self._move("2026-01-10", line, 10)
        bill = self._invoice("2026-01-20", line, 10, 12)
        self.assertEqual(bill.invoice_line_ids.account_id, self.accrual)
        self._assert_books(stock=120)
        moved = self.env["account.move.line"].search(
            [("account_id", "=", self.stock.id)], order="id"
        )
        self.assertEqual(moved.mapped("debit"), [100.0, 20.0])
        self.assertEqual(sum(line.jxc_accrual_ids.mapped("amount")), 0.0)
        self.assertEqual(sum(line.jxc_accrual_ids.mapped("quantity")), 0.0)
        self.assertEqual(line.move_ids.value, 120)
        bill.button_draft()
        self._assert_books(stock=100, accrual=-100)
        self.assertEqual(line.move_ids.value, 100, "the price of the order again")
        self.assertEqual(self.goods.standard_price, 10)
        bill.action_post()
        self._assert_books(stock=120)

    def test_accrued_at_month_end_only(self):
        self.company.jxc_accrual_method = "month"
        line = self._buy("2026-01-10", 10, 10)
        self._move("2026-01-10", line, 10)
        self._assert_books()
        self._assert_tied(self._take("2026-01-31"))
        self._assert_books("2026-01-31", stock=100, accrual=-100)
        self._assert_books("2026-02-01")
        self._assert_tied(self._take("2026-02-28"))
        self._assert_books("2026-02-28", stock=100, accrual=-100)
        self._invoice("2026-03-05", line, 10, 11)
        self._assert_books("2026-03-05", stock=110)
        self._assert_tied(self._take("2026-03-31"))
        self._assert_books(stock=110)

    def test_bill_before_receipt(self):
        line = self._buy("2026-01-10", 10, 10)
        self._invoice("2026-01-20", line, 10, 12)
        self._assert_books(transit=120)
        self._move("2026-02-02", line, 4)
        self._assert_books(stock=48, transit=72)
        self._move("2026-02-03", line, 6)
        self._assert_books(stock=120)
        self._assert_books("2026-01-31", transit=120)

    def test_return_and_refund(self):
        line = self._buy("2026-01-10", 10, 10)
        self._move("2026-01-10", line, 10)
        self._invoice("2026-01-11", line, 10, 12)
        self._back("2026-01-20", line, 4)
        self._assert_books(stock=72, accrual=48)
        self._invoice("2026-02-01", line, 4, 12, refund=True)
        self._assert_books("2026-02-01", stock=72)

    def test_return_before_bill(self):
        line = self._buy("2026-01-10", 10, 10)
        self._move("2026-01-10", line, 10)
        self._back("2026-01-20", line, 4)
        self._assert_books(stock=60, accrual=-60)

    def test_delivery_then_invoice(self):
        self._stocked()
        line = self._sell("2026-01-12", 10)
        self._move("2026-01-12", line, 10)
        self._assert_books("2026-01-31", stock=900, accrual=-1000, shipped=100)
        invoice = self._invoice("2026-02-05", line, 10, 100)
        self.assertNotIn("cogs", invoice.line_ids.mapped("display_type"))
        self._assert_books(stock=900, accrual=-1000, cost=100)
        self._assert_books("2026-01-31", stock=900, accrual=-1000, shipped=100)
        invoice.button_draft()
        self._assert_books(stock=900, accrual=-1000, shipped=100)

    def test_invoice_then_delivery(self):
        self._stocked()
        line = self._sell("2026-01-12", 10)
        self._invoice("2026-01-31", line, 10, 100)
        self._assert_books(stock=1000, accrual=-1000)
        self._move("2026-02-02", line, 10)
        self._assert_books("2026-01-31", stock=1000, accrual=-1000)
        self._assert_books(stock=900, accrual=-1000, cost=100)
        self._assert_books("2026-02-02", stock=900, accrual=-1000, cost=100)

    def test_invoice_dated_before_the_delivery(self):
        """Cost does not go back into the month before the goods left."""
        self._stocked()
        line = self._sell("2026-01-12", 10)
        self._move("2026-02-02", line, 10)
        self._invoice("2026-01-31", line, 10, 100)
        self._assert_books("2026-01-31", stock=1000, accrual=-1000)
        self._assert_books(stock=900, accrual=-1000, cost=100)

    def test_customer_return_and_refund(self):
        self._stocked()
        line = self._sell("2026-01-12", 10)
        self._move("2026-01-12", line, 10)
        self._invoice("2026-01-13", line, 10, 100)
        self._back("2026-01-20", line, 3)
        self._assert_books(stock=930, accrual=-1000, shipped=-30, cost=100)
        self._invoice("2026-01-21", line, 3, 100, refund=True)
        self._assert_books(stock=930, accrual=-1000, cost=70)

    def test_cost_taken_over_from_the_platform(self):
        """Invoices of before have their cost; only the rest follows."""
        self._stocked()
        line = self._sell("2026-01-12", 10)
        self.company.jxc_books_stock = False
        self._invoice("2026-01-13", line, 6, 100)
        self.company.jxc_books_stock = True
        self._move("2026-01-14", line, 10)
        self._assert_books(stock=900, accrual=-1000, shipped=40, cost=60)

    def test_counts(self):
        account = self._count_account()
        self._stocked()
        self._count("2026-01-20", 97)
        self.assertEqual(self._balance(account), 30)
        self._assert_books(stock=970, accrual=-1000)
        self._count("2026-01-21", 99)
        self.assertEqual(self._balance(account), 10)
        pinned = self.env["product.value"].search([("move_id", "!=", False)])
        self.assertEqual(pinned.mapped("value"), [20.0])
        self._assert_tied(self._take("2026-01-31"))

    def test_corrected_quantity(self):
        line = self._buy("2026-01-10", 10, 10)
        moves = self._move("2026-01-10", line, 10)
        with self._on("2026-01-11"):
            moves.picking_id.action_toggle_is_locked()
            moves.move_line_ids.quantity = 8
        self._assert_books(stock=80, accrual=-80)

    def test_new_price_of_the_order(self):
        line = self._buy("2026-01-10", 10, 10)
        self._move("2026-01-10", line, 10)
        with self._on("2026-01-12"):
            line.price_unit = 11
        self._assert_books(stock=110, accrual=-110)
        self._assert_books("2026-01-11", stock=100, accrual=-100)

    def test_bill_matched_later(self):
        line = self._buy("2026-01-10", 10, 10)
        self._move("2026-01-10", line, 10)
        other = self._buy("2026-01-10", 10, 10)
        bill = self._invoice("2026-01-20", other, 10, 10)
        self._assert_books(stock=100, accrual=-100, transit=100)
        bill.sudo().invoice_line_ids.purchase_line_id = line
        self._assert_books(stock=100)

    def test_foreign_currency_and_tax(self):
        """Accrued without tax, at the rate of the day of the receipt."""
        usd = self.env.ref("base.USD")
        usd.active = True
        for name, rate in (("2026-01-01", 0.125), ("2026-01-15", 0.2)):
            self.env["res.currency.rate"].create(
                {
                    "name": name,
                    "rate": rate,
                    "currency_id": usd.id,
                    "company_id": self.company.id,
                }
            )
        with self._on("2026-01-10"):
            order = self.env["purchase.order"].create(
                {
                    "partner_id": self.vendor.id,
                    "currency_id": usd.id,
                    "order_line": [
                        (
                            0,
                            0,
                            {
                                "product_id": self.goods.id,
                                "product_qty": 10,
                                "price_unit": 5,
                                "tax_ids": self.company_data[
                                    "default_tax_purchase"
                                ].ids,
                            },
                        )
                    ],
                }
            )
            order.button_confirm()
        self._move("2026-01-11", order.order_line, 10)
        self._assert_books(stock=400, accrual=-400)
        with self._on("2026-01-20"):
            bill = self.env["account.move"].browse(
                order.action_create_invoice()["res_id"]
            )
            bill.invoice_date = bill.date = "2026-01-20"
            bill.action_post()
        self._assert_books(stock=250)

    def test_price_of_a_box(self):
        """A piece costs 0.266875; what came is worth its boxes all the same."""
        box = self.env["uom.uom"].create(
            {
                "name": "Box of 32",
                "relative_factor": 32,
                "relative_uom_id": self.goods.uom_id.id,
            }
        )
        line = self._buy("2026-01-05", 40, 8.54, product_uom_id=box.id)
        self._move("2026-01-05", line, line.move_ids.product_uom_qty)
        self._assert_books(stock=341.6, accrual=-341.6)
        self.assertEqual(line.move_ids.value, 341.6)
        self.assertEqual(line.jxc_accrual_ids.quantity, 1280)
        self._invoice("2026-01-20", line, 10, 8.54)
        self._assert_books(stock=341.6, accrual=-256.2)
        self._assert_tied(self._take("2026-01-31"))

    def test_booking_twice_books_nothing(self):
        line = self._buy("2026-01-10", 10, 10)
        self._move("2026-01-10", line, 10)
        before = line.jxc_accrual_ids
        booking = self.env["jxc.stock.booking"]
        entries = booking._book(self.company, before.date, purchase_lines=line)
        self.assertFalse(entries)
        self.assertEqual(line.jxc_accrual_ids, before)

    def test_ledgers_are_append_only(self):
        line = self._buy("2026-01-10", 10, 10)
        self._move("2026-01-10", line, 10)
        row = line.jxc_accrual_ids
        with self.assertRaisesRegex(UserError, "never changed"):
            row.sudo().write({"amount": 1})
        with self.assertRaisesRegex(UserError, "never deleted"):
            row.sudo().unlink()
        manager = self._user("ledger_manager", "account.group_account_manager")
        with self.assertRaises(AccessError):
            row.with_user(manager).copy()
        for method in ("button_draft", "button_cancel"):
            with self.assertRaisesRegex(UserError, "follows from transfers"):
                getattr(row.move_id.with_user(manager), method)()
        with self.assertRaisesRegex(UserError, "follows from transfers"):
            row.move_id.with_user(manager)._reverse_moves()
        entry = self._entry("2026-01-05", ("100200", 1, 0), ("300100", 0, 1))
        with self.assertRaisesRegex(UserError, "marked by the system"):
            entry.with_user(manager).jxc_stock_booking = True
        forged = (
            self.env["account.move"]
            .with_user(manager)
            .with_context(default_jxc_stock_booking=True)
            .create({"move_type": "entry", "jxc_stock_booking": True})
        )
        self.assertFalse(forged.jxc_stock_booking)

    def test_stock_user_books_without_accounting_rights(self):
        worker = self._user("booking_worker", "stock.group_stock_user")
        line = self._buy("2026-01-10", 10, 10)
        picking = line.move_ids.picking_id.with_user(worker)
        with self._on("2026-01-10"):
            picking.move_ids.write({"quantity": 10, "picked": True})
            picking.button_validate()
        self._assert_books(stock=100, accrual=-100)
        with self.assertRaises(AccessError):
            self.env["jxc.stock.accrual"].with_user(worker).search([])
        with self.assertRaises(AccessError):
            self.snapshots.with_user(worker).take("2026-01-31")

    def test_settings_are_guarded(self):
        with self.assertRaises(ValidationError):
            self.company.jxc_shipped_account_id = False
        with self.assertRaises(ValidationError):
            self.company.jxc_shipped_account_id = self.transit
        line = self._buy("2026-01-10", 10, 10)
        self._move("2026-01-10", line, 10)
        with self.assertRaisesRegex(ValidationError, "still holds"):
            self.company.jxc_accrual_account_id = self._account("224100")
        with self.assertRaisesRegex(UserError, "month-end"):
            self.company.action_close_stock_valuation()

    def test_other_company_is_left_alone(self):
        other = self.setup_other_company(name="Other")["company"]
        self.assertFalse(other.jxc_books_stock)
        outsider = self._user(
            "booking_outsider", "account.group_account_manager", other
        )
        line = self._buy("2026-01-10", 10, 10)
        self._move("2026-01-10", line, 10)
        rows = self.env["jxc.stock.accrual"].with_user(outsider)
        self.assertFalse(rows.search([]))
        with self.assertRaises(AccessError):
            line.jxc_accrual_ids.with_user(outsider).read(["amount"])
        with self.assertRaises(AccessError):
            self.snapshots.with_user(outsider).take("2026-01-31", self.company.id)
        with self.assertRaisesRegex(UserError, "does not book stock"):
            self.snapshots.with_user(outsider).take("2026-01-31", other.id)

    def test_queries_do_not_grow_with_lines(self):
        """Ten lines more cost less than their own moves, entries and rows."""
        few, many = self._buy("2026-01-10", 1, 1), self._buy("2026-01-10", 1, 1)
        others = [self._goods(f"Goods {number}") for number in range(10)]
        with self._on("2026-01-10"):
            many.order_id.write(
                {
                    "order_line": [
                        (0, 0, {"product_id": goods.id, "product_qty": 1})
                        for goods in others
                    ]
                }
            )
        lines = many.order_id.order_line
        for line in few | lines:
            line.move_ids.write({"quantity": 1, "picked": True})
        counts = []
        booking = self.env["jxc.stock.booking"]
        self.env["account.analytic.distribution.model"].search([]).unlink()
        for chosen in (few, lines):
            chosen.move_ids.picking_id.with_context(
                skip_backorder=True
            ).button_validate()
            self.env.flush_all()
            before = self.env.cr.sql_log_count
            booking._book(self.company, few.order_id.date_approve.date(), chosen)
            self.env.flush_all()
            counts.append(self.env.cr.sql_log_count - before)
        self.assertLessEqual(counts[1], counts[0] + 11)

    def _stocked(self):
        """A hundred at ten, not billed."""
        line = self._buy("2026-01-05", 100, 10)
        self._move("2026-01-05", line, 100)
        return line

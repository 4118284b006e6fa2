# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from psycopg2.errors import CheckViolation

from odoo.tests import tagged
from odoo.tools import mute_logger

from .booking_common import BookingCommon

FIGURES = ("qty", "price", "total", "limit", "tax")
NAMES = [
    f"jxc_match_{figure}_{kind}" for figure in FIGURES for kind in ("percent", "amount")
]


@tagged("post_install", "-at_install")
class TestInvoiceMatchTolerances(BookingCommon):
    """Each tolerance by percentage alone and by amount alone: just inside, just out."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.jxc_match_action = "hold"
        cls.line = cls._buy("2026-01-05", 100, 10)
        cls.tax = cls.company_data["default_tax_purchase"]

    def _held(self, quantity=100, price=10, tax_off=0.0, **tolerances):
        """Whether a bill is held, with no tolerance but these."""
        self.company.write(dict.fromkeys(NAMES, 0.0))
        self.company.write(
            {f"jxc_match_{name}": value for name, value in tolerances.items()}
        )
        bill = self._invoice("2026-01-06", self.line, quantity, price, post=False)
        if tax_off:
            bill.invoice_line_ids.tax_ids = self.tax
            item = bill.line_ids.filtered("tax_line_id")
            amount = item.amount_currency + tax_off
            bill.write({"line_ids": [(1, item.id, {"amount_currency": amount})]})
        bill.action_post()
        held = bill.jxc_match_open
        bill.button_draft()
        bill.button_cancel()
        return held

    def test_quantity(self):
        self._move("2026-01-05", self.line, 100)
        self.assertTrue(self._held(quantity=105))
        self.assertFalse(self._held(quantity=105, qty_percent=5))
        self.assertTrue(self._held(quantity=106, qty_percent=5))
        self.assertFalse(self._held(quantity=105, qty_amount=5))
        self.assertTrue(self._held(quantity=106, qty_amount=5))
        self.assertFalse(self._held(quantity=105, qty_percent=1, qty_amount=5))
        self.assertFalse(self._held(quantity=105, qty_percent=5, qty_amount=1))

    def test_price(self):
        self._move("2026-01-05", self.line, 100)
        self.assertTrue(self._held(price=10.5))
        self.assertFalse(self._held(price=10.5, price_percent=5))
        self.assertTrue(self._held(price=10.51, price_percent=5))
        self.assertFalse(self._held(price=10.5, price_amount=0.5))
        self.assertTrue(self._held(price=10.51, price_amount=0.5))
        self.assertFalse(self._held(price=9.5, price_percent=5), "cheaper as well")

    def test_total(self):
        """1,000 by the order; the price itself has no tolerance."""
        self._move("2026-01-05", self.line, 100)
        self.assertTrue(self._held(price=10.5))
        self.assertFalse(self._held(price=10.5, total_percent=5))
        self.assertTrue(self._held(price=10.51, total_percent=5))
        self.assertFalse(self._held(price=10.5, total_amount=50))
        self.assertTrue(self._held(price=10.51, total_amount=50))
        self.assertFalse(self._held(price=10.5, total_percent=1, total_amount=50))

    def test_limit(self):
        """The price has room, the whole bill may be off by less."""
        self._move("2026-01-05", self.line, 100)
        self.assertFalse(self._held(price=10.5, price_percent=10), "not judged")
        self.assertFalse(self._held(price=10.5, price_percent=10, limit_percent=5))
        self.assertTrue(self._held(price=10.51, price_percent=10, limit_percent=5))
        self.assertFalse(self._held(price=10.5, price_percent=10, limit_amount=50))
        self.assertTrue(self._held(price=10.51, price_percent=10, limit_amount=50))
        self.assertTrue(
            self._held(price=9.4, price_percent=10, limit_percent=5), "cheaper as well"
        )
        self.assertTrue(
            self._held(quantity=106, qty_percent=10, limit_percent=5), "quantity counts"
        )

    def test_tax(self):
        self.line.tax_ids = self.tax
        self._move("2026-01-05", self.line, 100)
        whole = 1000 * self.tax.amount / 100
        part = whole * 0.02
        self.assertTrue(self._held(tax_off=part))
        self.assertFalse(self._held(tax_off=part, tax_percent=2))
        self.assertTrue(self._held(tax_off=part + 0.01, tax_percent=2))
        self.assertFalse(self._held(tax_off=part, tax_amount=part))
        self.assertTrue(self._held(tax_off=part + 0.01, tax_amount=part))
        self.assertFalse(self._held(tax_off=-part, tax_percent=2), "less as well")

    def test_none_is_negative(self):
        for name in NAMES:
            with (
                mute_logger("odoo.sql_db"),
                self.assertRaises(CheckViolation),
                self.env.cr.savepoint(),
            ):
                self.company[name] = -1
                self.env.flush_all()
            self.company.invalidate_recordset()

# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo.exceptions import UserError, ValidationError
from odoo.tests import Form, tagged

from .booking_common import BookingCommon


@tagged("post_install", "-at_install")
class TestGoodsAccount(BookingCommon):
    """Accounts with goods or advances on them are not exchanged, by whichever way."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.other = cls._account("140300")
        cls.category = cls.env["product.category"].create({"name": "Kept"})
        cls.kept = cls._goods("Kept goods", categ_id=cls.category.id)

    def _received(self, product=None):
        line = self._buy("2026-01-10", 10, 10, product or self.kept)
        self._move("2026-01-10", line, 10)
        return line

    def _carry_over(self, product, amount):
        entry = self.env["account.move"].create(
            {
                "date": "2026-01-20",
                "journal_id": self.company.account_stock_journal_id.id,
                "line_ids": [
                    (
                        0,
                        0,
                        {
                            "account_id": account.id,
                            "balance": balance,
                            "product_id": product.id,
                        },
                    )
                    for account, balance in (
                        (self.stock, -amount),
                        (self.other, amount),
                    )
                ],
            }
        )
        entry.action_post()

    def test_account_of_a_category(self):
        self._received()
        category = self.category.with_company(self.company)
        with self.assertRaisesRegex(UserError, r"100\.00.*1 products.*Kept goods"):
            category.property_stock_valuation_account_id = self.other
        with (
            self.assertRaisesRegex(UserError, "by an entry first"),
            Form(category) as f,
        ):
            f.property_stock_valuation_account_id = self.other
        # The same account by name is no other one.
        category.property_stock_valuation_account_id = self.stock
        self._carry_over(self.kept, 100)
        category.property_stock_valuation_account_id = self.other
        self.assertEqual(
            self.kept.with_company(self.company)._get_product_accounts()[
                "stock_valuation"
            ],
            self.other,
        )

    def test_account_of_the_company(self):
        self._received(self.goods)
        with self.assertRaisesRegex(UserError, "140500"):
            self.company.account_stock_valuation_id = self.other
        # Goods with an account of their own do not mind.
        self._carry_over(self.goods, 100)
        self.company.account_stock_valuation_id = self.other

    def test_goods_given_another_category(self):
        raw = self.env["product.category"].create({"name": "Raw"})
        raw.with_company(self.company).property_stock_valuation_account_id = self.other
        self._received()
        with self.assertRaisesRegex(UserError, "Kept goods"):
            self.kept.categ_id = raw
        same = self.env["product.category"].create({"name": "Same account"})
        self.kept.categ_id = same

    def test_opening_stock_counts(self):
        """It has no entry of its own; the opening balance contains it."""
        with self._on("2026-01-02"):
            self.kept.with_company(self.company).standard_price = 3
        self._count("2026-01-02", 5, self.kept)
        category = self.category.with_company(self.company)
        with self.assertRaisesRegex(UserError, r"15\.00"):
            category.property_stock_valuation_account_id = self.other

    def test_free_where_stock_is_not_booked_at_movement(self):
        self._received()
        self.company.jxc_books_stock = False
        self.category.with_company(
            self.company
        ).property_stock_valuation_account_id = self.other

    def test_ledger_accounts_while_booking_is_off(self):
        self._received()
        self.company.jxc_books_stock = False
        with self.assertRaisesRegex(ValidationError, "still holds"):
            self.company.jxc_accrual_account_id = self._account("224100")

    def test_advances(self):
        account = self.company.jxc_advance_received_account_id
        entry = self.env["account.move"].create(
            {
                "date": "2026-01-20",
                "line_ids": [
                    (0, 0, {"account_id": self._account("100200").id, "balance": 60}),
                    (
                        0,
                        0,
                        {
                            "account_id": account.id,
                            "balance": -60,
                            "partner_id": self.customer.id,
                        },
                    ),
                ],
            }
        )
        entry.action_post()
        other = account.copy({"code": "220309"})
        with self.assertRaisesRegex(UserError, r"1 advances.*60\.00"):
            self.company.jxc_advance_received_account_id = other
        with self.assertRaisesRegex(UserError, "60"):
            self.env["res.config.settings"].create(
                {"jxc_advance_received_account_id": other.id}
            ).execute()
        entry._reverse_moves(cancel=True)
        self.company.jxc_advance_received_account_id = other

    def test_fix_all_leaves_what_holds_amounts(self):
        """Those without amounts are fixed; the page says why the rest is not."""
        wrong = self._account("560100")
        self.company.jxc_accrual_account_id = wrong
        self._received()
        self.company.jxc_shipped_account_id = self._account("560200")
        self.company.cost_method = "standard"
        setup = self.env["jxc.finance.setup"].sudo()
        page = setup.browse(setup.action_open()["res_id"])
        page.action_apply()
        self.assertEqual(self.company.cost_method, "average")
        self.assertEqual(self.company.jxc_shipped_account_id.code, "140501")
        self.assertEqual(self.company.jxc_accrual_account_id, wrong)
        line = page.line_ids.filtered(lambda row: row.code == "booking_accounts")
        self.assertEqual(line.state, "missing")
        self.assertIn("100.00", line.reason)
        self.assertIn("560100", line.reason)

    def test_fix_all_survives_a_refusal(self):
        """A setting that cannot be changed does not keep others from being fixed."""
        with self._on("2026-01-02"):
            self.kept.with_company(self.company).standard_price = 3
        self._count("2026-01-02", 5, self.kept)
        wrong = self._account("560100")
        # As a database has it from before it was refused.
        self.company.jxc_books_stock = False
        self.category.with_company(
            self.company
        ).property_stock_valuation_account_id = wrong
        self.company.write({"jxc_books_stock": True, "cost_method": "standard"})
        setup = self.env["jxc.finance.setup"].sudo()
        page = setup.browse(setup.action_open()["res_id"])
        page.action_apply()
        self.assertEqual(self.company.cost_method, "average")
        line = page.line_ids.filtered(lambda row: row.code == "categories")
        self.assertEqual(line.state, "wrong", "and may be fixed once that is settled")
        self.assertIn("15.00", line.reason)

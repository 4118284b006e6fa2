# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo.fields import Command
from odoo.tests import tagged

from ..models.jxc_finance_setup_check_booking import FIELDS
from ..models.res_company_settlement import ACCOUNT_FIELDS
from .booking_common import BookingCommon


@tagged("post_install", "-at_install")
class TestStockBookingAsbe(BookingCommon):
    """Goods and settlements of a company with the standards for enterprises."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company = cls.env["res.company"].create(
            {"name": "ASBE", "country_id": cls.env.ref("base.cn").id}
        )
        cls.env["jxc.finance.setup"].sudo().load_chart(cls.company, "cn_large_bis")
        cls.env.user.company_ids += cls.company
        cls.env = cls.env(
            context={**cls.env.context, "allowed_company_ids": cls.company.ids}
        )
        cls.company = cls.company.with_env(cls.env)
        cls.partner_a = cls.partner_a.with_env(cls.env)
        cls.partner_b = cls.partner_b.with_env(cls.env)
        cls._set_up_booking("640100")

    def test_set_up(self):
        """Nothing is left to mend, and the accounts are those of these standards."""
        checks = self.env["jxc.finance.setup.check"]
        states = {
            code: checks._assess(code, self.company).state
            for code in ("booking_accounts", "settlement_accounts", "company_accounts")
        }
        self.assertEqual(states, dict.fromkeys(states, "ok"))
        every = {checks._assess(c, self.company).state for c in checks._get_codes()}
        self.assertLessEqual(every, {"ok", "later"})
        self.assertEqual(
            [self.company[name].code for name in FIELDS],
            ["220202", "140200", "140600"],
        )
        self.assertEqual(
            [self.company[name].code for name in ACCOUNT_FIELDS],
            ["220300", "112300", *["660300"] * 4],
        )
        partner = self.env["res.partner"].create({"name": "New"})
        self.assertEqual(
            [
                partner.property_account_receivable_id.code,
                partner.property_account_payable_id.code,
                self.company.income_account_id.code,
                self.company.expense_account_id.code,
                self.company.income_currency_exchange_account_id.code,
                self.company.expense_currency_exchange_account_id.code,
            ],
            ["112200", "220200", "600100", "640100", "606100", "606100"],
        )
        self.assertEqual(self.stock.code[:4], "1405")
        self.assertEqual(self.stock.account_stock_variation_id.code[:4], "6401")

    def test_receipt_to_month_end(self):
        """Billed dearer, delivered and not all invoiced: stock is the ledger."""
        bought = self._buy("2026-01-10", 100, 10)
        self._move("2026-01-10", bought, 100)
        self._assert_books(stock=1000, accrual=-1000)
        self._invoice("2026-01-15", bought, 60, 12)
        self._assert_books(stock=1120, accrual=-400)
        sold = self._sell("2026-01-20", 50)
        self._move("2026-01-20", sold, 50)
        self._assert_books(stock=560, accrual=-400, shipped=560)
        self._invoice("2026-01-25", sold, 30, 100)
        self._assert_books(stock=560, accrual=-400, shipped=224, cost=336)
        snapshot = self._take("2026-01-31")
        self._assert_tied(snapshot)
        self.assertTrue(snapshot.is_tied)
        self.assertEqual((snapshot.stock_value, snapshot.stock_balance), (560, 560))
        self.assertEqual(self._balance(self._account("600100")), -3000)
        self.assertEqual(self._balance(self._account("220200")), -720)

    def test_settlement(self):
        """An advance and a discount settle an invoice, on the accounts of the chart."""
        journal = self.env["account.journal"].search(
            [("company_id", "=", self.company.id), ("type", "=", "general")], limit=1
        )
        items = self.env["account.move.line"]
        for code, amount in (("112200", 100), ("220300", -97)):
            move = self.env["account.move"].create(
                {
                    "move_type": "entry",
                    "date": "2026-01-10",
                    "journal_id": journal.id,
                    "line_ids": [
                        Command.create(
                            {
                                "account_id": self._account(account).id,
                                "partner_id": self.customer.id,
                                "balance": balance,
                                "name": code,
                            }
                        )
                        for account, balance in ((code, amount), ("100200", -amount))
                    ],
                }
            )
            move.action_post()
            items |= move.line_ids.filtered_domain([("balance", "=", amount)])
        settlement = self.env["jxc.settlement"].create(
            {
                "kind": "advance_receivable",
                "partner_id": self.customer.id,
                "company_id": self.company.id,
                "date": "2026-01-31",
            }
        )
        settlement.action_propose()
        settlement.write_off_ids.unlink()
        settlement.claim_ids.amount, settlement.offset_ids.amount = 100, 97
        settlement.line_ids = [
            Command.create({"side": "write_off", "write_off": "discount", "amount": 3})
        ]
        settlement.action_apply()
        self.assertEqual(items.mapped("reconciled"), [True, True])
        booked = settlement.move_id.line_ids.grouped("account_id")
        self.assertEqual(
            {
                account.code: sum(rows.mapped("balance"))
                for account, rows in booked.items()
            },
            {"112200": -100, "220300": 97, "660300": 3},
        )
        settlement.action_undo()
        self.assertEqual(items.mapped("amount_residual"), [100, -97])

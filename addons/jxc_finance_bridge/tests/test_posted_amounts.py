# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
"""What posted entries are worth stays: no key of a client's context changes it."""

from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import tagged

from ..tools.token import engine_context
from .match_common import MatchCommon

#: Keys by which the platform's own code goes round its checks, or its bookkeeping.
KEYS = (
    {},
    {
        "check_move_validity": False,
        "dynamic_unlink": True,
        "force_delete": True,
        "skip_invoice_sync": True,
        "skip_readonly_check": True,
    },
)


@tagged("post_install", "-at_install")
class TestPostedAmounts(MatchCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.accountant = cls._user("amounts_book", "account.group_account_user")
        cls.reviewer = cls._user(
            "amounts_review",
            "account.group_account_user,jxc_finance_bridge.group_voucher_reviewer",
        )

    def _voucher(self, date, amount, post=True, user=None):
        """An entry of the clerk."""
        move = self._entry(
            date, ("560200", amount, 0), ("100200", 0, amount), post=False
        )
        move = move.with_user(user or self.clerk)
        if post:
            move.action_post()
        return move

    def _close(self):
        books = self.company.sudo().with_context(**engine_context())
        books.jxc_closed_date = "2026-01-31"

    def _refused(self, change):
        with self.assertRaises(UserError), self.env.cr.savepoint():
            change()
            self.env.flush_all()

    def _balances(self, move):
        self.env.flush_all()
        self.env.invalidate_all()
        return sorted(move.line_ids.mapped("balance"))

    # Lines that go to another entry ------------------------------------------------

    def test_no_line_gets_into_or_out_of_a_closed_month(self):
        closed = self._voucher("2026-01-10", 100)
        self._close()
        draft = self._voucher("2026-02-10", 777, post=False)
        for keys in KEYS:
            self._refused(
                lambda keys=keys: draft.line_ids.with_context(**keys).write(
                    {"move_id": closed.id}
                )
            )
            self._refused(
                lambda keys=keys: closed.line_ids.with_context(**keys).write(
                    {"move_id": draft.id}
                )
            )
            self._refused(
                lambda keys=keys: closed.with_context(**keys).write(
                    {"line_ids": [Command.link(line.id) for line in draft.line_ids]}
                )
            )
        self.assertEqual(self._balances(closed), [-100, 100])
        self.assertEqual(self._balances(draft), [-777, 777])
        closed.line_ids.write({"move_id": closed.id})

    def test_no_line_gets_into_a_reviewed_voucher(self):
        voucher = self._voucher("2026-02-10", 50)
        voucher.with_user(self.reviewer).action_jxc_check()
        draft = self._voucher("2026-02-10", 777, post=False, user=self.accountant)
        self._refused(lambda: draft.line_ids.write({"move_id": voucher.id}))
        self.assertEqual(self._balances(voucher), [-50, 50])

    def test_nobody_reviews_lines_he_put_into_a_draft(self):
        draft = self._voucher("2026-02-10", 10, post=False)
        other = self._voucher("2026-02-10", 9999, post=False)
        lines = other.line_ids.with_user(self.reviewer)
        self._refused(lambda: lines.write({"move_id": draft.id}))

    def test_a_held_bill_keeps_its_lines(self):
        bill = self._bill(5000)
        self.assertTrue(bill.jxc_match_open)
        paid = self._voucher("2026-06-10", 1)
        self._refused(lambda: bill.line_ids.write({"move_id": paid.id}))
        self.assertEqual(bill.amount_residual, 5000)

    # What posted lines are worth ---------------------------------------------------

    def test_amounts_of_posted_lines_stay(self):
        voucher = self._voucher("2026-02-10", 50)
        debit = voucher.line_ids.filtered("debit")
        for values in (
            {"debit": 80},
            {"balance": 80},
            {"amount_currency": 80},
            {"balance": 80, "amount_currency": 80},
            {"credit": 30},
        ):
            for keys in KEYS:
                client = voucher.with_context(**keys)
                with self.subTest(values, keys=keys):
                    self._refused(
                        lambda values=values, keys=keys: debit.with_context(
                            **keys
                        ).write(values)
                    )
                    self._refused(
                        lambda values=values, client=client: client.write(
                            {"line_ids": [Command.update(debit.id, values)]}
                        )
                    )
        self.assertEqual(self._balances(voucher), [-50, 50])
        # what forms send back as it is
        debit.write({"balance": 50.0, "debit": 50, "name": "another text"})

    def test_nothing_is_added_to_posted_entries(self):
        """What a bill asks for would be more than what was compared."""
        voucher = self._voucher("2026-02-10", 50)
        values = [
            {"account_id": line.account_id.id, "balance": line.balance * 10}
            for line in voucher.line_ids
        ]
        for keys in KEYS:
            self._refused(
                lambda keys=keys: voucher.line_ids.with_context(**keys).create(
                    [{**one, "move_id": voucher.id} for one in values]
                )
            )
            self._refused(
                lambda keys=keys: voucher.with_context(**keys).write(
                    {"line_ids": [Command.create(one) for one in values]}
                )
            )
        self.assertEqual(self._balances(voucher), [-50, 50])

    def test_posted_entries_are_not_deleted(self):
        voucher = self._voucher("2026-02-10", 50)
        for client in (voucher, voucher.with_user(self.accountant)):
            client = client.with_context(**KEYS[1])
            self._refused(client.unlink)
            self._refused(client.line_ids.unlink)
            self._refused(
                lambda client=client: client.write({"line_ids": [Command.clear()]})
            )
        self.assertEqual(self._balances(voucher), [-50, 50])
        voucher.button_draft()
        voucher.unlink()

    # Debit and credit --------------------------------------------------------------

    def _one_sided(self, code, balance):
        return (
            self.env["account.move"]
            .with_user(self.accountant)
            .with_context(check_move_validity=False)
            .create(
                {
                    "move_type": "entry",
                    "date": "2026-02-20",
                    "line_ids": [
                        Command.create(
                            {
                                "account_id": self._account(code).id,
                                "balance": balance,
                            }
                        )
                    ],
                }
            )
        )

    def test_one_sided_entries_are_not_posted(self):
        entries = self._one_sided("560200", 50) | self._one_sided("100200", -50)
        for move in (entries[0], entries):
            with self.assertRaisesRegex(UserError, "debit"), self.env.cr.savepoint():
                move.action_post()
        self.assertEqual(set(entries.mapped("state")), {"draft"})

    def test_months_with_one_sided_entries_are_not_closed(self):
        """Two of them that offset each other are found as well."""
        moves = self._voucher("2026-02-20", 50) | self._voucher("2026-02-20", 50)
        period = self.env["jxc.finance.period"].sudo()
        period = period._get_or_create(self.company, "2026-02-01")

        def state():
            checks = period._jxc_close_checks()
            return next(one for one in checks if one["code"] == "balance")["state"]

        self.assertEqual(state(), "ok")
        for move, balance in zip(moves, (80, 20), strict=True):
            line = move.line_ids.filtered("debit").sudo()
            line.with_context(**KEYS[1]).write(
                {"balance": balance, "amount_currency": balance}
            )
        self.env.flush_all()
        self.assertEqual(state(), "error")

    # Bills whose payable is not what their lines bill ------------------------------

    def _bill(self, price, post=True, **values):
        bill = (
            self.env["account.move"]
            .with_user(self.clerk)
            .create(
                {
                    "move_type": "in_invoice",
                    "partner_id": self.vendor.id,
                    "invoice_date": "2026-06-10",
                    "date": "2026-06-10",
                    "invoice_line_ids": [
                        Command.create(
                            {"name": "x", "price_unit": price, "tax_ids": [], **values}
                        )
                    ],
                }
            )
        )
        self.company.jxc_match_unordered = "all"
        if post:
            bill.action_post()
        return bill

    def _made_up(self, kind, price=None, move_type="in_invoice"):
        """A bill over 5000 whose line is none that is compared, or says less."""
        payable = self.vendor.property_account_payable_id
        cost = self._account("560200")
        line = {"name": "x", "account_id": cost.id, "display_type": kind}
        if price is not None:
            line["price_unit"] = price
        return (
            self.env["account.move"]
            .with_user(self.clerk)
            .with_context(**KEYS[1])
            .create(
                {
                    "move_type": move_type,
                    "partner_id": self.vendor.id,
                    "invoice_date": "2026-06-10",
                    "date": "2026-06-10",
                    "line_ids": [
                        Command.create(
                            {
                                "account_id": payable.id,
                                "partner_id": self.vendor.id,
                                "display_type": "payment_term",
                                "balance": -5000,
                                "amount_currency": -5000,
                                "date_maturity": "2026-06-10",
                            }
                        ),
                        Command.create(
                            {
                                **line,
                                "balance": 5000,
                                "amount_currency": 5000,
                                "tax_ids": False,
                            }
                        ),
                    ],
                }
            )
        )

    def test_bills_ask_for_what_their_lines_bill(self):
        """Only lines of products are compared; others bring no debt past it."""
        self.company.jxc_match_unordered = "all"
        for kind in ("cogs", "epd", "rounding", "tax", "discount"):
            for move_type in ("in_invoice", "in_receipt"):
                bill = self._made_up(kind, move_type=move_type)
                with self.subTest(kind, move_type=move_type):
                    with self.assertRaisesRegex(UserError, "5,000"):
                        with self.env.cr.savepoint():
                            bill.action_post()

    def test_a_line_that_says_less_than_it_books(self):
        bill = self._made_up("product", price=1)
        with self.assertRaisesRegex(UserError, "5,000"), self.env.cr.savepoint():
            bill.action_post()

    def test_a_release_is_for_a_currency_and_an_account(self):
        usd = self.env.ref("base.USD")
        usd.active = True
        boss = self._user("amounts_release", "account.group_account_manager")
        other = self._account("560100")
        for change in (
            lambda bill: bill.write({"currency_id": usd.id}),
            lambda bill: bill.invoice_line_ids.write({"account_id": other.id}),
        ):
            bill = self._bill(5000)
            bill.jxc_match_ids.with_user(boss).action_release("agreed")
            bill.button_draft()
            bill.action_post()
            self.assertFalse(bill.jxc_match_open)
            bill.button_draft()
            change(bill)
            bill.action_post()
            self.assertTrue(bill.jxc_match_open)

    def test_a_release_is_for_a_rate(self):
        usd = self.env.ref("base.USD")
        usd.active = True
        boss = self._user("amounts_release", "account.group_account_manager")
        bill = self._bill(5000, post=False)
        bill.currency_id = usd
        bill.action_post()
        bill.jxc_match_ids.with_user(boss).action_release("agreed")
        bill.button_draft()
        bill.invoice_currency_rate /= 100
        bill.action_post()
        self.assertTrue(bill.jxc_match_open)

    def test_honest_bills_are_posted(self):
        """With taxes, discounts, terms in parts, in another currency, a refund."""
        tax = self.company_data["default_tax_purchase"]
        half = self.env["account.payment.term"].create(
            {
                "name": "Halves",
                "line_ids": [
                    Command.create({"value": "percent", "value_amount": 50}),
                    Command.create(
                        {"value": "percent", "value_amount": 50, "nb_days": 30}
                    ),
                ],
            }
        )
        self.company.jxc_match_unordered = "goods"
        usd = self.env.ref("base.USD")
        usd.active = True
        for values in (
            {},
            {"invoice_payment_term_id": half.id},
            {"currency_id": usd.id, "invoice_currency_rate": 0.137},
            {"move_type": "in_refund"},
            {"move_type": "in_receipt"},
        ):
            bill = (
                self.env["account.move"]
                .with_user(self.clerk)
                .create(
                    {
                        "move_type": "in_invoice",
                        "partner_id": self.vendor.id,
                        "invoice_date": "2026-06-10",
                        "invoice_line_ids": [
                            Command.create(
                                {
                                    "name": "x",
                                    "quantity": 3,
                                    "price_unit": price,
                                    "discount": 7,
                                    "tax_ids": [Command.set(tax.ids)],
                                }
                            )
                            for price in (33.33, 0.07, 1234.567)
                        ],
                        **values,
                    }
                )
            )
            with self.subTest(values):
                bill.action_post()
                self.assertEqual(bill.state, "posted")

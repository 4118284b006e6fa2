# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged
from odoo.tools.misc import format_date

from ..hooks import post_init_hook
from ..models.jxc_voucher_summary import LENGTH
from .common import FinanceBridgeCommon

SALE = (("112200", 113, 0), ("500100", 0, 100), ("222100", 0, 13))
CASH_IN = (("100200", 50, 0), ("112200", 0, 50))
CASH_OUT = (("560200", 20, 0), ("100100", 0, 20))
WITHIN = (("100200", 5, 0), ("100100", 0, 5))


@tagged("post_install", "-at_install")
class TestVoucher(FinanceBridgeCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.partner_id.lang = "en_US"
        cls.accountant = cls._user("voucher_accountant", "account.group_account_user")

    def _numbers(self, moves):
        return [(m.jxc_voucher_word, m.jxc_voucher_no) for m in moves]

    def test_posted_entries_are_numbered_by_month(self):
        january = [self._entry("2024-01-05", *SALE) for _n in range(3)]
        february = self._entry("2024-02-01", *SALE)
        self.assertEqual([m.jxc_voucher_no for m in january], [1, 2, 3])
        self.assertEqual(february.jxc_voucher_no, 1)
        self.assertEqual(january[0].jxc_voucher_period, "2024-01")
        self.assertEqual(january[2].jxc_voucher_name, "记-3")

    def test_batch_is_numbered_by_date(self):
        late = self._entry("2024-01-20", *SALE, post=False)
        early = self._entry("2024-01-02", *SALE, post=False)
        (late + early).action_post()
        self.assertEqual((early.jxc_voucher_no, late.jxc_voucher_no), (1, 2))

    def test_numbers_that_are_not_written_yet(self):
        """The platform computes a thousand entries at a time and writes them later."""
        moves = self.env["account.move"].union(
            *(self._entry("2024-01-05", *SALE, post=False) for _n in range(3))
        )
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE account_move SET state = 'posted' WHERE id = ANY(%s)", [moves.ids]
        )
        moves.invalidate_recordset(["state"], flush=False)
        moves.mapped("state")
        for number, move in enumerate(moves, start=1):
            for name in ("jxc_voucher_no", "jxc_voucher_word", "jxc_voucher_period"):
                self.env.add_to_compute(move._fields[name], move)
            self.assertEqual(move.jxc_voucher_no, number)
        self.env.flush_all()

    def test_draft_has_no_number_and_keeps_the_one_it_had(self):
        moves = [self._entry("2024-01-05", *SALE) for _n in range(2)]
        draft = self._entry("2024-01-05", *SALE, post=False)
        self.assertFalse(draft.jxc_voucher_no)
        self.env.flush_all()
        moves[0].button_draft()
        self.assertEqual(moves[0].jxc_voucher_no, 1)
        self.assertEqual(self._entry("2024-01-06", *SALE).jxc_voucher_no, 3)
        moves[0].action_post()
        self.assertEqual(moves[0].jxc_voucher_no, 1)

    def test_other_month_takes_a_new_number(self):
        move = self._entry("2024-01-05", *SALE)
        self._entry("2024-02-05", *SALE)
        move.button_draft()
        move.name = False
        move.date = "2024-02-07"
        move.action_post()
        self.assertEqual((move.jxc_voucher_period, move.jxc_voucher_no), ("2024-02", 2))

    def test_cancelled_entry_gives_its_number_back(self):
        self._entry("2024-01-05", *SALE)
        last = self._entry("2024-01-06", *SALE)
        self.assertEqual(last.jxc_voucher_no, 2)
        last.button_cancel()
        self.assertEqual((last.jxc_voucher_no, last.jxc_voucher_word), (0, False))
        self.assertEqual(self._entry("2024-01-07", *SALE).jxc_voucher_no, 2)

    def test_three_words(self):
        self.company.jxc_voucher_scheme = "three"
        moves = [
            self._entry("2024-01-05", *lines)
            for lines in (SALE, CASH_IN, CASH_OUT, WITHIN, SALE)
        ]
        self.assertEqual(
            self._numbers(moves),
            [("转", 1), ("收", 1), ("付", 1), ("付", 2), ("转", 2)],
        )

    def test_companies_are_numbered_apart(self):
        other = self.setup_other_company(name="Other")["company"]
        self._entry("2024-01-05", *SALE)
        lines = (("112200", 1, 0), ("500100", 0, 1))
        first = self._entry("2024-01-05", *lines, company=other)
        self.assertEqual(first.jxc_voucher_no, 1)

    def test_invoice_payment_and_reversal(self):
        """What the platform posts is numbered, with a summary of its kind."""
        self.env["jxc.finance.setup"].sudo().apply_defaults(self.company)
        invoice = self._create_invoice_one_line(
            100.0,
            partner_id=self.partner_a,
            tax_ids=[],
            move_type="out_invoice",
            date="2024-01-05",
            post=True,
        )
        self.assertEqual(invoice.jxc_voucher_no, 1)
        self.assertIn("Sale to", invoice.jxc_summary)
        self.assertIn(self.partner_a.name, invoice.jxc_summary)
        wizard = (
            self.env["account.payment.register"]
            .with_context(active_model="account.move", active_ids=invoice.ids)
            .create({"payment_date": "2024-01-06"})
        )
        payment = wizard._create_payments()
        self.assertEqual(payment.move_id.jxc_voucher_no, 2)
        self.assertIn("Received from", payment.move_id.jxc_summary)

    def test_summary_of_each_document(self):
        """Each kind of document of the platform has words of its own."""
        name = self.partner_a.name
        for kind, text in (
            ("out_invoice", f"Sale to {name} {{number}}"),
            ("out_refund", f"Return from {name} {{number}}"),
            ("out_receipt", f"Sale to {name} {self.product_a.name}"),
            ("in_invoice", f"Purchase from {name} R-7"),
            ("in_refund", f"Return to {name} R-7"),
            ("in_receipt", f"Purchase from {name} {self.product_a.name}"),
        ):
            with self.subTest(kind=kind):
                move = self._create_invoice_one_line(
                    100.0,
                    product_id=self.product_a,
                    partner_id=self.partner_a,
                    tax_ids=[],
                    move_type=kind,
                    date="2024-01-05",
                    invoice_date="2024-01-05",
                )
                if kind.startswith("in_"):
                    move.ref = "R-7"
                move.action_post()
                self.assertEqual(
                    move.jxc_summary, text.format(number=move.name)[:LENGTH]
                )

    def test_summary_of_money_and_stock(self):
        self.env["jxc.finance.setup"].sudo().apply_defaults(self.company)
        for kind, text in (("inbound", "Received from"), ("outbound", "Paid to")):
            payment = self.env["account.payment"].create(
                {
                    "payment_type": kind,
                    "partner_type": "customer" if kind == "inbound" else "supplier",
                    "partner_id": self.partner_a.id,
                    "amount": 5,
                    "date": "2024-01-05",
                    "journal_id": self.company_data["default_journal_bank"].id,
                    "memo": "Deposit",
                }
            )
            payment.action_post()
            self.assertEqual(
                payment.move_id.jxc_summary, f"{text} {self.partner_a.name} Deposit"
            )
        move = self._entry("2024-01-05", *SALE, post=False)
        move.journal_id = self.company.account_stock_journal_id
        move.ref = "WH/IN/1"
        move.action_post()
        self.assertEqual(move.jxc_summary, "Stock WH/IN/1")

    def test_reversal_is_red(self):
        """红字冲销: the same sides with negative amounts, naming what it undoes."""
        move = self._entry("2024-01-05", *SALE)
        reversal = move._reverse_moves([{"date": "2024-01-09"}])
        reversal.action_post()
        self.assertEqual(
            {
                (line.account_id.code, line.debit, line.credit)
                for line in reversal.line_ids
            },
            {("112200", -113, 0), ("500100", 0, -100), ("222100", 0, -13)},
        )
        self.assertEqual(reversal.jxc_voucher_no, 2)
        date = format_date(self.env, move.date)
        self.assertEqual(reversal.jxc_summary, f"Reversal of voucher 记-1 of {date}")

    def test_summary_is_kept_when_typed(self):
        move = self._entry("2024-01-05", *SALE, post=False)
        move.jxc_summary = "Freight"
        move.action_post()
        self.assertEqual(move.jxc_summary, "Freight")

    def test_summary_template(self):
        summary = self.env.ref("jxc_finance_bridge.jxc_voucher_summary_entry")
        own = summary.copy(
            {"company_id": self.company.id, "template": "Own {date} {ref}"}
        )
        move = self._entry("2024-01-05", *SALE)
        self.assertEqual(move.jxc_summary, f"Own {format_date(self.env, move.date)}")
        with self.assertRaisesRegex(ValidationError, r"\{secret\}"):
            own.template = "{secret}"
        own.template = "x" * 200
        move = self._entry("2024-01-05", *SALE)
        self.assertEqual(len(move.jxc_summary), 60)

    def test_entries_from_before_get_summaries(self):
        """What was posted before the addon was there, and nothing else."""
        before = self._entry("2024-01-05", *SALE) + self._entry("2024-01-06", *CASH_OUT)
        typed = self._entry("2024-01-07", *SALE)
        texts = before.mapped("jxc_summary")
        typed.jxc_summary = "As typed"
        draft = self._entry("2024-01-08", *SALE, post=False)
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE account_move SET jxc_summary = NULL WHERE id IN %s",
            [tuple(before.ids)],
        )
        self.env.invalidate_all()
        self.assertFalse(any(before.mapped("jxc_summary")))
        post_init_hook(self.env)
        self.assertEqual(before.mapped("jxc_summary"), texts)
        self.assertTrue(all(texts))
        self.assertEqual(typed.jxc_summary, "As typed")
        self.assertFalse(draft.jxc_summary)

    def test_clients_cannot_write_numbers(self):
        move = self._entry("2024-01-05", *SALE).with_user(self.accountant)
        for name, value in (
            ("jxc_voucher_no", 9),
            ("jxc_voucher_word", "收"),
            ("jxc_voucher_period", "2024-02"),
            ("jxc_pl_closing", True),
            ("jxc_checked_by", self.accountant.id),
            ("jxc_cashier_id", self.accountant.id),
            ("jxc_posted_by", False),
        ):
            with self.assertRaises(AccessError):
                move.write({name: value})
            with self.assertRaises(AccessError):
                move.with_context(jxc_books_engine=True).write({name: value})
        with self.assertRaises(AccessError):
            move.create({"move_type": "entry", "jxc_pl_closing": True})
        made = move.with_context(
            default_jxc_pl_closing=True, default_jxc_checked_by=self.accountant.id
        ).create({"move_type": "entry"})
        self.assertFalse(made.jxc_pl_closing or made.jxc_checked_by)

    def test_billing_clerk_posts(self):
        """Who may post needs no further right for the number and the summary."""
        clerk = self._user("voucher_clerk", "account.group_account_invoice")
        draft = self._entry("2024-01-05", *SALE, post=False)
        own = draft.with_user(clerk)
        own.action_post()
        self.assertEqual(own.jxc_voucher_name, "记-1")
        self.assertEqual(own.jxc_summary, "112200")

    def test_copy_has_no_number(self):
        copy = self._entry("2024-01-05", *SALE).copy()
        self.assertFalse(copy.jxc_voucher_no or copy.jxc_voucher_word)

    def test_search_by_name(self):
        moves = [self._entry("2024-01-05", *SALE) for _n in range(2)]
        domain = [("company_id", "=", self.company.id)]
        search = self.env["account.move"].search
        self.assertEqual(
            search([*domain, ("jxc_voucher_name", "ilike", "2")]), moves[1]
        )
        self.assertEqual(search([*domain, ("jxc_voucher_name", "=", "记-1")]), moves[0])
        self.assertFalse(search([*domain, ("jxc_voucher_name", "=", "收-1")]))

    def test_attachments_are_counted(self):
        move = self._entry("2024-01-05", *SALE, post=False)
        self.env["ir.attachment"].create(
            [
                {"name": f"{n}.pdf", "res_model": "account.move", "res_id": move.id}
                for n in range(2)
            ]
        )
        move.action_post()
        self.assertEqual(move.jxc_attachment_count, 2)
        move.jxc_attachment_count = 5
        move.button_draft()
        move.action_post()
        self.assertEqual(move.jxc_attachment_count, 5)

    def test_lines_are_not_added_to_posted_entries_of_closed_months(self):
        move = self._entry("2024-01-05", ("100200", 50, 0), ("300100", 0, 50))
        period = self.env["jxc.finance.period"]._get_or_create(
            self.company, "2024-01-31"
        )
        period.sudo().action_close()
        with self.assertRaises(UserError):
            move.line_ids[0].account_id = self._account("100100")
        with self.assertRaises(UserError):
            self.env["account.move.line"].create(
                [
                    {
                        "move_id": move.id,
                        "account_id": self._account(code).id,
                        "balance": balance,
                    }
                    for code, balance in (("100100", 1), ("100200", -1))
                ]
            )

    def test_numbering_does_not_cost_a_query_per_entry(self):
        def post(count):
            moves = self.env["account.move"].concat(
                *(self._entry("2024-01-05", *SALE, post=False) for _n in range(count))
            )
            moves.action_post()
            self.env.flush_all()
            moves.invalidate_recordset()
            moves._jxc_renew_voucher()
            before = self.cr.sql_log_count
            moves.mapped("jxc_voucher_no")
            return self.cr.sql_log_count - before

        self.assertLessEqual(post(30), post(2) + 1)

# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import fields
from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import freeze_time, tagged

from .statement_common import READER, StatementCommon


@tagged("post_install", "-at_install")
class TestTaxAndForecast(StatementCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["jxc.finance.setup"].sudo().apply_defaults(cls.company)
        cls.today = fields.Date.context_today(cls.env.user)

    def _day(self, days):
        return fields.Date.add(self.today, days=days)

    # VAT ----------------------------------------------------------------------

    def _tax(self, use, amount):
        return self.env["account.tax"].search(
            [
                *self.env["account.tax"]._check_company_domain(self.company),
                ("type_tax_use", "=", use),
                ("amount", "=", amount),
                ("amount_type", "=", "percent"),
                ("price_include_override", "!=", "tax_included"),
            ],
            limit=1,
        )

    def _taxed(self, kind, date, amount, tax):
        move = self.env["account.move"].create(
            {
                "move_type": kind,
                "partner_id": self.one.id,
                "invoice_date": date,
                "date": date,
                "company_id": self.company.id,
                "invoice_line_ids": [
                    Command.create(
                        {
                            "name": "Goods",
                            "price_unit": amount,
                            "tax_ids": [Command.set(tax.ids)],
                        }
                    )
                ],
            }
        )
        move.action_post()
        return move

    def _vat(self, *groupby):
        names = ("output_base", "output_tax", "input_base", "input_tax")
        names += ("transferred_out", "due", "unpaid", "simple_tax", "pending_tax")
        groups = (
            self.env["jxc.tax.summary"]
            .with_user(self.reader)
            ._read_group(
                [("company_id", "=", self.company.id)],
                groupby,
                [*(f"{name}:sum" for name in names), "credit:max"],
            )
        )
        count = len(groupby)
        return {
            tuple(str(key) for key in group[:count]): dict(
                zip((*names, "credit"), group[count:], strict=True)
            )
            for group in groups
        }

    def test_vat_by_month_and_rate(self):
        sale, other = self._tax("sale", 13), self._tax("sale", 9)
        purchase = self._tax("purchase", 13)
        self._taxed("in_invoice", "2024-01-03", 2000, purchase)  # 260
        self._taxed("out_invoice", "2024-01-10", 1000, sale)  # 130
        self._taxed("out_refund", "2024-01-20", 100, sale)  # -13
        self._taxed("out_invoice", "2024-01-21", 100, other)  # 9
        self._taxed("out_invoice", "2024-01-22", 50, self._tax("sale", 0))
        self._entry("2024-01-25", ("560200", 26, 0), ("222104", 0, 26))
        self._taxed("out_invoice", "2024-02-10", 3000, sale)  # 390
        # 390 - (260 - 126 - 26) = 282 are due for February and paid in March.
        self._entry("2024-02-29", ("222105", 282, 0), ("222106", 0, 282))
        self._entry("2024-03-10", ("222106", 282, 0), ("100200", 0, 282))
        by_rate = self._vat("rate")
        self.assertEqual(
            {key: (v["output_base"], v["output_tax"]) for (key,), v in by_rate.items()},
            {
                "13%": (3900, 507),
                "9%": (100, 9),
                "0%": (50, 0),
                "False": (0, 0),
            },
        )
        self.assertEqual(
            (by_rate["13%",]["input_base"], by_rate["13%",]["input_tax"]), (2000, 260)
        )
        months = self._vat("date:month")
        january, february, march = months.values()
        self.assertEqual(
            (january["due"], january["transferred_out"], january["credit"]),
            (-108, 26, 108),
        )
        self.assertEqual((february["due"], february["unpaid"]), (390, 282))
        self.assertEqual((february["credit"], march["unpaid"]), (0, -282))

    def _own_tax(self, use, code):
        return self.env.ref(f"account.{self.company.id}_jxc_{use}_{code}")

    def test_simple_method(self):
        """Sales at 3 % and 1 % are told apart; their tax is no part of what is due."""
        self._taxed("out_invoice", "2024-01-05", 1000, self._tax("sale", 13))
        self._taxed("out_invoice", "2024-01-06", 200, self._own_tax("sale", "3"))
        self._taxed("out_refund", "2024-01-07", 50, self._own_tax("sale", "3"))
        self._taxed("out_invoice", "2024-01-08", 300, self._own_tax("sale", "1"))
        rates = self._vat("rate")
        found = {
            rate: (row["output_base"], row["output_tax"], row["simple_tax"], row["due"])
            for (rate,), row in rates.items()
            if rate != "False"
        }
        self.assertEqual(
            found,
            {
                "13%": (1000, 130, 0, 130),
                "3%": (150, 0, 4.5, 0),
                "1%": (300, 0, 3, 0),
            },
        )
        [month] = self._vat("date:month").values()
        self.assertEqual((month["due"], month["simple_tax"]), (130, 7.5))
        self.assertEqual(month["output_base"], 1450)

    def test_exempt_and_zero_rated(self):
        """Both are without tax, and two different things on the return."""
        zero, exempt = self._own_tax("sale", "0"), self._own_tax("sale", "exempt")
        self._taxed("out_invoice", "2024-01-05", 70, zero)
        self._taxed("out_invoice", "2024-01-06", 50, exempt)
        self._taxed("out_refund", "2024-01-07", 20, exempt)
        self._taxed("in_invoice", "2024-01-08", 40, self._own_tax("purchase", "exempt"))
        rows = self.env["jxc.tax.summary"]._read_group(
            [("company_id", "=", self.company.id), ("kind", "!=", "credit")],
            ["tax_rate_id"],
            ["output_base:sum", "input_base:sum", "due:sum"],
        )
        self.assertEqual(
            {tax: sums for tax, *sums in rows},
            {
                zero: [70, 0, 0],
                exempt: [30, 0, 0],
                self._own_tax("purchase", "exempt"): [0, 40, 0],
            },
        )

    def test_input_tax_to_be_certified(self):
        """It is deducted when it is moved to input tax, not before."""
        self._taxed("out_invoice", "2024-01-05", 1000, self._tax("sale", 13))
        self._entry("2024-01-10", ("222107", 52, 0), ("220200", 0, 52))
        self._entry("2024-02-10", ("222102", 52, 0), ("222107", 0, 52))
        # Excess credit: what was transferred out of input tax waits to be used.
        self._entry("2024-02-20", ("222108", 10, 0), ("222104", 0, 10))
        january, february = self._vat("date:month").values()
        names = ("due", "input_tax", "transferred_out", "pending_tax")
        self.assertEqual([january[name] for name in names], [130, 0, 0, 52])
        self.assertEqual([february[name] for name in names], [-52, 62, 10, -52])
        self.assertEqual((january["credit"], february["credit"]), (0, 0))

    def test_vat_opens_its_voucher(self):
        move = self._taxed("out_invoice", "2024-01-10", 1000, self._tax("sale", 13))
        row = self.env["jxc.tax.summary"].search(
            [("company_id", "=", self.company.id), ("kind", "=", "output")]
        )
        self.assertEqual(row.action_open()["res_id"], move.id)

    # Cash forecast --------------------------------------------------------------

    def _forecast(self, user=None):
        rows = self.env["jxc.cash.forecast"].with_user(user or self.reader)
        return rows.search([("company_id", "=", self.company.id)])

    def _order(self, model, date, price, currency=None):
        product = self.env["product.product"].create(
            {"name": "Advice", "type": "service", "taxes_id": False}
        )
        product.supplier_taxes_id = False
        line = {"product_id": product.id, "price_unit": price}
        term = self.env["account.payment.term"].create(
            {
                "name": "Ten days",
                "line_ids": [
                    Command.create(
                        {"value": "percent", "value_amount": 100, "nb_days": 10}
                    )
                ],
            }
        )
        values = {
            "partner_id": self.other.id,
            "company_id": self.company.id,
            "payment_term_id": term.id,
        }
        if model == "sale.order":
            values["commitment_date"] = date
            line["product_uom_qty"] = 2
            line["tax_ids"] = [Command.clear()]
        else:
            line["product_qty"] = 2
            line["date_planned"] = date
            line["tax_ids"] = [Command.clear()]
        values["order_line"] = [Command.create(line)]
        return self.env[model].sudo().create(values)

    def test_forecast(self):
        """Money there is, items by due date, and orders with what is not invoiced."""
        self._entry(self._day(-40), ("100200", 500, 0), ("300100", 0, 500))
        late = self._invoice("out_invoice", self._day(-30), "500100", 100)
        late.invoice_date_due = self._day(-20)
        soon = self._invoice("out_invoice", self._day(-30), "500100", 200)
        soon.invoice_date_due = self._day(7)
        self._pay(soon, self._day(-5), 50)
        bill = self._invoice("in_invoice", self._day(-3), "560200", 30)
        bill.invoice_date_due = self._day(14)
        sale = self._order("sale.order", self._day(20), 400)
        sale.action_confirm()
        purchase = self._order("purchase.order", self._day(21), 25)
        purchase.button_confirm()
        self._order("sale.order", self._day(20), 9)  # a quotation does not count
        rows = {
            (row.kind, row.date, row.overdue): row.amount for row in self._forecast()
        }
        self.assertEqual(
            rows,
            {
                ("balance", self.today, False): 550,
                ("receivable", self.today, True): 100,
                ("receivable", self._day(7), False): 150,
                ("payable", self._day(14), False): -30,
                ("sale", self._day(30), False): 800,
                ("purchase", self._day(31), False): -50,
            },
        )
        documents = {
            row.kind: row.action_open().get("res_id") for row in self._forecast()
        }
        self.assertEqual(documents["payable"], bill.id)
        self.assertEqual(documents["sale"], sale.id)
        self.assertEqual(documents["purchase"], purchase.id)
        self.assertFalse(documents["balance"])

    def test_instalments_of_terms(self):
        """Orders are expected as their invoice would be due, in every kind of term."""
        day = fields.Date.to_date("2027-01-30")
        kinds = [
            ("days_after", 30, "10"),
            ("days_after_end_of_month", 30, "10"),
            ("days_after_end_of_next_month", 5, "10"),
            ("days_end_of_month_on_the", 0, "25"),
            ("days_end_of_month_on_the", 0, "29"),
            ("days_end_of_month_on_the", 3, "31"),
            ("days_end_of_month_on_the", 0, "0"),
        ]
        splits = [
            [("percent", 30), ("percent", 70)],
            [("fixed", 100), ("percent", 25), ("percent", 75)],
        ]
        terms = [[("percent", 100, *kind)] for kind in kinds]
        terms += [
            [(*part, *kinds[place]) for place, part in enumerate(split)]
            for split in splits
        ]
        names = ("value", "value_amount", "delay_type", "nb_days", "days_next_month")
        for lines in terms:
            term = self.env["account.payment.term"].create(
                {
                    "name": "x",
                    "line_ids": [
                        Command.create(dict(zip(names, line, strict=True)))
                        for line in lines
                    ],
                }
            )
            sale = self._order("sale.order", f"{day} 04:00:00", 400)
            sale.payment_term_id = term
            sale.action_confirm()
            purchase = self._order("purchase.order", f"{day} 04:00:00", 400)
            purchase.payment_term_id = term
            purchase.button_confirm()
            for order, sign in ((sale, 1), (purchase, -1)):
                wanted = term._compute_terms(
                    day, order.currency_id, self.company, 0, 0, 1, 800, 800
                )["line_ids"]
                field = "sale_id" if order == sale else "purchase_id"
                rows = self._forecast().filtered(lambda r, f=field, o=order: r[f] == o)
                self.assertEqual(
                    [(row.due_date, row.amount) for row in rows.sorted("id")],
                    [(part["date"], sign * part["company_amount"]) for part in wanted],
                    (lines, order._name),
                )
        self.assertEqual(len(set(self._forecast().ids)), len(self._forecast()))

    def test_days_are_those_of_the_company(self):
        """Between midnight and eight in China, UTC is a day behind."""
        self.company.partner_id.tz = "Asia/Shanghai"
        self.reader.tz = "UTC"
        with freeze_time("2026-03-09 20:00:00"):  # the 10th, four o'clock
            self._entry("2026-03-10", ("100200", 500, 0), ("300100", 0, 500))
            due = self._invoice("out_invoice", "2026-03-01", "500100", 100)
            late = self._invoice("out_invoice", "2026-03-01", "500100", 70)
            due.invoice_date_due, late.invoice_date_due = "2026-03-10", "2026-03-09"
            early, noon = "2026-03-19 17:00:00", "2026-03-19 04:00:00"
            for moment in (early, noon):
                self._order("sale.order", moment, 400).action_confirm()
                self._order("purchase.order", moment, 25).button_confirm()
            found = {
                (row.kind, str(row.date), row.overdue): row.amount
                for row in self._forecast()
            }
        self.assertEqual(
            found,
            {
                ("balance", "2026-03-10", False): 500,
                ("receivable", "2026-03-10", False): 100,
                ("receivable", "2026-03-10", True): 70,
                ("sale", "2026-03-29", False): 800,
                ("sale", "2026-03-30", False): 800,
                ("purchase", "2026-03-29", False): -50,
                ("purchase", "2026-03-30", False): -50,
            },
        )

    def test_each_company_has_its_own_day(self):
        """In one list: it is tomorrow already in one of them."""
        other = self.setup_other_company(name="Overseas")["company"]
        self.company.partner_id.tz = "Asia/Shanghai"
        other.partner_id.tz = "America/Los_Angeles"
        for company in self.company | other:
            self._entry(
                "2026-03-01", ("100200", 9, 0), ("300100", 0, 9), company=company
            )
        with freeze_time("2026-03-09 20:00:00"):
            rows = self.env["jxc.cash.forecast"].sudo()
            rows = rows.search([("company_id", "in", (self.company | other).ids)])
            found = {row.company_id: str(row.date) for row in rows}
        self.assertEqual(found, {self.company: "2026-03-10", other: "2026-03-09"})

    def test_what_a_draft_settles_is_expected(self):
        """In full or in part: the payment that was reset brings no money."""
        first = self._invoice("out_invoice", self._day(-30), "500100", 100)
        second = self._invoice("out_invoice", self._day(-30), "500100", 200)
        for move, amount in ((first, 100), (second, 50)):
            self._pay(move, self._day(-5), amount)
            term = move.line_ids.filtered(
                lambda line: line.display_type == "payment_term"
            )
            term.matched_credit_ids.credit_move_id.move_id.button_draft()
        rows = self._forecast().filtered(lambda row: row.kind == "receivable")
        self.assertEqual(
            {row.move_id: row.amount for row in rows}, {first: 100, second: 200}
        )

    def test_who_may_look(self):
        other = self.setup_other_company(name="Other Books")["company"]
        self._entry("2024-01-05", ("100200", 9, 0), ("222103", 0, 9))
        self._entry("2024-01-05", ("100200", 9, 0), ("222100", 0, 9), company=other)
        stranger = self._user("forecast_other", READER, other)
        clerk = self._user("forecast_clerk", "base.group_user")
        for model in ("jxc.cash.forecast", "jxc.tax.summary"):
            rows = self.env[model]
            self.assertTrue(rows.with_user(self.reader).search_count([]), "own company")
            self.assertFalse(
                rows.with_user(stranger).search_count(
                    [("company_id", "=", self.company.id)]
                )
            )
            with self.assertRaises(AccessError):
                rows.with_user(clerk).search([])
            with self.assertRaises(AccessError):
                rows.with_user(self.reader).search([], limit=1).write({"kind": False})

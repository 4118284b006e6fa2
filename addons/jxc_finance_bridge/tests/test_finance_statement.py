# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged

from .statement_common import READER, StatementCommon


@tagged("post_install", "-at_install")
class TestFinanceStatement(StatementCommon):
    def test_partners_on_their_side(self):
        """A customer who paid too much does not hide what others owe."""
        self._partner_entry(
            "2024-01-05",
            ("112200", self.one, 1000),
            ("112200", self.other, -300),
            ("220300", self.one, -50),
            ("220200", self.one, 40),
            ("220200", self.other, -500),
            ("112300", self.other, 10),
            ("122100", self.one, -7),
            ("224100", self.other, -93),
            ("300100", None, -100),
        )
        amounts = self._amounts("balance", "closing")
        self.assertEqual(
            {code: amounts[code] for code in ("b4", "b34", "b5", "b33", "b39")},
            {"b4": 1000, "b34": 350, "b5": 50, "b33": 500, "b39": 100},
        )
        self.assertNotIn("b8", amounts)
        self.assertEqual(amounts["b30"], amounts["b53"])
        # A contact counts as its company.
        contact = self.env["res.partner"].create(
            {"name": "Buyer", "parent_id": self.one.id}
        )
        self._partner_entry(
            "2024-01-06", ("112200", contact, -200), ("220200", self.other, 200)
        )
        amounts = self._amounts("balance", "closing")
        self.assertEqual((amounts["b4"], amounts["b34"]), (800, 350))

    def test_transfer_that_is_reversed(self):
        """Income is what it was: neither doubled by it, nor lost."""
        self._entry("2024-01-05", ("100200", 100, 0), ("500100", 0, 100))
        accountant = self._user("reverses", "account.group_account_user")
        period = self._get_period("2024-01-31")
        for date in ("2024-01-31", "2024-02-29"):
            period.action_transfer_profit()
            transfer = self.env["account.move"].search(
                [
                    ("company_id", "=", self.company.id),
                    ("jxc_pl_closing", "=", True),
                    ("reversal_move_ids", "=", False),
                    ("reversed_entry_id", "=", False),
                ]
            )
            wizard = (
                self.env["account.move.reversal"]
                .with_user(accountant)
                .with_context(active_model="account.move", active_ids=transfer.ids)
                .create({"date": date, "journal_id": transfer.journal_id.id})
            )
            wizard.refund_moves()
            reverse = transfer.reversal_move_ids
            self.assertTrue(reverse.jxc_pl_closing)
            reverse.filtered(lambda move: move.state == "draft").action_post()
            with self.subTest(date=date):
                january = self._lines("profit").by_code["p32"]
                february = self._lines("profit", "2024-02-01", "2024-02-29").by_code
                self.assertEqual((january["period"], january["year"]), (100, 100))
                self.assertEqual(february["p32"]["period"], 0)
                self.assertEqual(february["p32"]["year"], 100)

    def test_years_and_the_transfer(self):
        """Profit not transferred, transferred, and of the year before."""
        self._entry("2023-12-05", ("100200", 900, 0), ("500100", 0, 900))
        self._entry("2024-01-05", ("100200", 100, 0), ("500100", 0, 100))
        self._entry("2024-02-05", ("560200", 30, 0), ("100200", 0, 30))
        for date in ("2023-12-31", "2024-01-31"):
            self._get_period(date).action_transfer_profit()
        feb = ("2024-02-01", "2024-02-29")
        lines = self._lines("balance", *feb)
        self.assertEqual(lines.problems, [])
        undistributed = lines.by_code["b51"]
        self.assertEqual(undistributed["closing"], 970)
        self.assertEqual(undistributed["opening"], 900)
        net = self._lines("profit", *feb).by_code["p32"]
        self.assertEqual((net["period"], net["year"]), (-30, 70))
        cash = self._lines("cash", *feb).by_code
        self.assertEqual((cash["c21"]["period"], cash["c21"]["year"]), (1000, 900))
        self.assertEqual((cash["c22"]["period"], cash["c22"]["year"]), (970, 970))

    def test_drafts_do_not_count(self):
        self._entry("2024-01-05", ("100200", 5, 0), ("300100", 0, 5), post=False)
        for kind, column in (("balance", "closing"), ("cash", "period")):
            self.assertEqual(self._amounts(kind, column), {})

    def test_payments_follow_the_invoice(self):
        """What a bill was for decides where its payment counts, cent by cent."""
        bill = self._invoice(
            "in_invoice", "2024-01-03", {"560200": 100, "140500": 200}, 0
        )
        self._pay(bill, "2024-01-10", 200)
        machine = self._invoice("in_invoice", "2024-01-03", "160100", 500)
        self._pay(machine, "2024-01-11", 500)
        sale = self._invoice("out_invoice", "2024-01-03", "500100", 70)
        self._pay(sale, "2024-01-12", 100)
        amounts = self._amounts("cash", "period")
        self.assertEqual(
            {code: amounts[code] for code in ("c1", "c3", "c6", "c12")},
            # 200 paid of 300: one third is for the office.
            {"c1": 100, "c3": 133.33, "c6": 66.67, "c12": 500},
        )
        self.assertEqual(amounts["c20"], -600)
        # Before the bill is settled, the payment counts as one for goods.
        line = bill.line_ids.filtered(lambda line: line.display_type == "payment_term")
        line.remove_move_reconcile()
        amounts = self._amounts("cash", "period")
        self.assertEqual((amounts["c3"], amounts.get("c6")), (200, None))

    def test_cash_sale_with_cost(self):
        """Cost booked in the same voucher as the money is no flow; VAT is part."""
        self.env["jxc.finance.setup"].sudo().apply_defaults(self.company)
        self._entry(
            "2024-01-05",
            ("100100", 113, 0),
            ("500100", 0, 100),
            ("222103", 0, 13),
            ("540100", 60, 0),
            ("140500", 0, 60),
        )
        self._entry("2024-01-09", ("222100", 5, 0), ("100200", 0, 5))
        amounts = self._amounts("cash", "period")
        self.assertEqual(
            amounts,
            {"c1": 113, "c5": 5, "c7": 108, "c20": 108, "c22": 108},
        )

    def test_unclassified_flow(self):
        """Money without an item is shown, found, and can be given one."""
        move = self._entry("2024-01-05", ("100200", 42, 0), ("310300", 0, 42))
        lines = self._lines("cash")
        self.assertEqual(lines.by_code["unclassified"]["period"], 42)
        self.assertEqual(lines.by_code["c20"]["period"], 42)
        self.assertIn("42.00", lines.problems[0])
        statement = self.statements.with_company(self.company).create({"kind": "cash"})
        action = statement.action_view_unclassified()
        found = self.env["account.move.line"].search(action["domain"])
        self.assertEqual(found, move.line_ids.filtered("credit"))
        with Form(
            found, view="jxc_finance_bridge.account_move_line_view_list_cash_flow"
        ) as form:
            form.jxc_cash_flow_item_id = self.env.ref(
                "jxc_finance_bridge.jxc_cash_flow_item_sme_15"
            )
        lines = self._lines("cash")
        self.assertEqual(lines.problems, [])
        self.assertNotIn("unclassified", lines.by_code)
        self.assertEqual(lines.by_code["c15"]["period"], 42)
        # A rule of the company is as good, and the item on the line wins.
        found.jxc_cash_flow_item_id = False
        rules = self.env["jxc.cash.flow.rule"]
        item = self.env.ref("jxc_finance_bridge.jxc_cash_flow_item_sme_02")
        rules.create(
            {
                "chart": "cn",
                "codes": "3103",
                "item_in_id": item.id,
                "company_id": self.company.id,
            }
        )
        self.assertEqual(self._lines("cash").by_code["c2"]["period"], 42)

    def test_closed_month_keeps_its_items(self):
        move = self._entry("2024-01-05", ("100200", 42, 0), ("310300", 0, 42))
        self._get_period("2024-01-31").action_transfer_profit()
        self._get_period("2024-01-31").action_renumber()
        self._get_period("2024-01-31").action_close()
        item = self.env.ref("jxc_finance_bridge.jxc_cash_flow_item_sme_15")
        with self.assertRaisesRegex(UserError, "the month is closed"):
            move.line_ids.filtered("credit").jxc_cash_flow_item_id = item

    def test_account_outside_the_template(self):
        """An account that no line counts is named, not lost."""
        account = self._account("140500").copy({"code": "159900", "name": "Odd"})
        result = account.copy({"code": "599900", "account_type": "expense"})
        self._entry("2024-01-05", ("159900", 11, 0), ("300100", 0, 11))
        self._entry("2024-01-06", ("599900", 2, 0), ("100200", 0, 2))
        [differ, missing] = self._lines("balance").problems
        self.assertIn("11.00", differ)
        self.assertIn("159900", missing)
        self.assertEqual(self._lines("balance").by_code["difference"]["closing"], -11)
        [missing] = self._lines("profit").problems
        self.assertIn(result.code, missing)

    def test_queries_do_not_grow(self):
        """More entries, partners, invoices and accounts take no more queries."""

        def queries(kind):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self._lines(kind)
            return self.env.cr.sql_log_count - before

        def trade(partner):
            bill = self._invoice("in_invoice", "2024-01-03", "560200", 100, partner)
            self._pay(bill, "2024-01-10", 60)
            self._partner_entry(
                "2024-01-05", ("112200", partner, 1000), ("500100", None, -1000)
            )

        trade(self.one)
        kinds = ("balance", "profit", "cash")
        for kind in kinds:
            queries(kind)  # fills the caches of the registry
        few = {kind: queries(kind) for kind in kinds}
        partners = self.env["res.partner"].create([{"name": f"P{n}"} for n in range(5)])
        for partner in partners:
            trade(partner)
        self._entry("2024-01-05", ("560100", 7, 0), ("100100", 0, 7))
        many = {kind: queries(kind) for kind in kinds}
        self.assertEqual(many, few)
        self.assertLess(max(few.values()), 60)

    def test_rules_refuse_nonsense(self):
        item = self.env.ref("jxc_finance_bridge.jxc_cash_flow_item_sme_15")
        rules = self.env["jxc.cash.flow.rule"]
        for values in ({"codes": "1122;2203"}, {"codes": "9", "chart": "cn_large_bis"}):
            with self.assertRaises(UserError):
                rules.create({"chart": "cn", "item_in_id": item.id, **values})

    def test_roles(self):
        self._entry("2024-01-05", ("100200", 5, 0), ("300100", 0, 5))
        for groups in (
            READER,
            "jxc_base.group_executive",
            "jxc_finance_bridge.group_finance_integration",
        ):
            user = self._user(f"statement_{groups}", groups)
            self.assertEqual(self._amounts("balance", "closing", user=user)["b1"], 5)
            with self.assertRaises(AccessError):
                self.env["jxc.cash.flow.rule"].with_user(user).create(
                    {"chart": "cn", "codes": "9"}
                )
        clerk = self._user("statement_clerk", "base.group_user")
        with self.assertRaises(AccessError):
            self._lines("balance", user=clerk)
        with self.assertRaises(AccessError):
            self._screen("balance", clerk)

    def test_interface(self):
        """Programs of the finance department read the lines as data."""
        self._entry("2024-01-05", ("100200", 5, 0), ("300100", 0, 5))
        user = self._user(
            "statement_program", "jxc_finance_bridge.group_finance_integration"
        )
        api = self.env["jxc.voucher"].with_user(user).with_company(self.company)
        result = api.get_statement(False, "2024-01-01", "2024-01-31", "balance")
        self.assertEqual(
            (result["form"], result["company"], result["problems"]),
            ("会小企01表", self.company.name, []),
        )
        line = next(line for line in result["lines"] if line["line"] == "1")
        self.assertEqual(
            line,
            {
                "code": "b1",
                "line": "1",
                "name": "Cash and bank",
                "level": 1,
                "kind": "account",
                "closing": 5.0,
                "opening": 0.0,
            },
        )
        with self.assertRaises(UserError):
            api.get_statement(self.one.id, "2024-01-01", "2024-01-31", "wrong")
        statement = api.get_statement(self.one.id, "2024-01-01", "2024-01-31")
        self.assertEqual(statement["closing"], 0)

    def test_other_companies(self):
        """Another company's books are no part of a statement, nor open to readers."""
        other = self.setup_other_company(name="Other Books")["company"]
        self._entry("2024-01-05", ("100200", 5, 0), ("300100", 0, 5))
        self._entry("2024-01-05", ("100200", 9, 0), ("300100", 0, 9), company=other)
        self.assertEqual(self._amounts("balance", "closing")["b1"], 5)
        self.assertEqual(self._amounts("cash", "period")["c15"], 5)
        both = self._user("statement_both", READER, self.company | other)
        amounts = self._amounts("balance", "closing", user=both, company=other)
        self.assertEqual(amounts["b1"], 9)
        with self.assertRaises(AccessError):
            self._lines("balance", user=self.reader, company=other)

    def test_chart_without_statements(self):
        company = self.env["res.company"].create({"name": "No Chart"})
        with self.assertRaisesRegex(UserError, "No Chart"):
            self._lines("balance", company=company)


@tagged("post_install", "-at_install")
class TestLargeStatement(StatementCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._use_large_chart()

    def test_statements(self):
        """企业会计准则: its chart, its lines."""
        self._entry("2024-01-05", ("100200", 1000, 0), ("400100", 0, 1000))
        self._entry("2024-01-06", ("660200", 30, 0), ("100200", 0, 30))
        self._entry("2024-01-07", ("100200", 7, 0), ("606100", 0, 7))
        self._entry("2024-01-08", ("100200", 200, 0), ("600100", 0, 200))
        self.assertEqual(
            self._amounts("balance", "closing"),
            {
                "a1": 1177,
                "a14": 1177,
                "a34": 1177,
                "a59": 1000,
                "a66": 177,
                "a67": 1177,
                "a68": 1177,
            },
        )
        profit = self._amounts("profit", "period")
        self.assertEqual((profit["q1"], profit["q5"], profit["q7"]), (200, 30, -7))
        self.assertEqual((profit["q24"], profit["q28"]), (177, 177))
        cash = self._amounts("cash", "year")
        self.assertEqual(
            cash,
            {
                "f2": 200,
                "f5": 200,
                "f9": 30,
                "f10": 30,
                "f11": 170,
                "f26": 1000,
                "f29": 1000,
                "f34": 1000,
                "f35": 7,
                "f36": 1177,
                "f38": 1177,
            },
        )

    def test_partners_on_their_side(self):
        """As under the small chart: who is ahead is on the other side."""
        self._partner_entry(
            "2024-01-05",
            ("112200", self.one, 1000),
            ("112200", self.other, -300),
            ("220300", self.one, -50),
            ("220200", self.one, 40),
            ("220200", self.other, -500),
            ("112300", self.other, 10),
            ("122100", self.one, -7),
            ("122100", self.other, 25),
            ("224100", self.other, -93),
            ("224100", self.one, 6),
            ("400100", None, -131),
        )
        amounts = self._amounts("balance", "closing")
        codes = ("a5", "a40", "a7", "a39", "a8", "a44")
        self.assertEqual(
            {code: amounts[code] for code in codes},
            {"a5": 1000, "a40": 350, "a7": 50, "a39": 500, "a8": 31, "a44": 100},
        )
        self.assertEqual((amounts["a14"], amounts["a48"]), (1081, 950))
        self.assertEqual(amounts["a34"], amounts["a68"])
        contact = self.env["res.partner"].create(
            {"name": "Buyer", "parent_id": self.one.id}
        )
        self._partner_entry(
            "2024-01-06", ("112200", contact, -200), ("220200", self.other, 200)
        )
        amounts = self._amounts("balance", "closing")
        self.assertEqual(
            (amounts["a5"], amounts["a40"], amounts["a39"]), (800, 350, 300)
        )

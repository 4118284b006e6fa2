# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
import doctest

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from ..tools import books_state
from .statement_common import StatementCommon

YEAR = ("2024-01-01", "2024-12-31")
RECEIVABLE, SALES, BANK = "112200", "500100", "100200"


@tagged("post_install", "-at_install")
class TestVoucherChangesState(StatementCommon):
    """Balances and statements: poll, change, poll tells what changed, no more."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.reader.company_ids += cls.company
        cls.api = cls.env["jxc.voucher"].with_user(cls.reader)
        cls.api = cls.api.with_company(cls.company)

    def _sale(self, date, amount, partner=None):
        partner = partner or self.one
        lines = (RECEIVABLE, partner, amount), (SALES, partner, -amount)
        return self._partner_entry(date, *lines)

    # Balances -----------------------------------------------------------------------

    def _balances(self, cursor, dates=YEAR, **values):
        """({(month, code): debit less credit} that is told, cursor)."""
        cells, more = {}, True
        while more:
            page = self.api.get_balances(
                *dates, company_id=self.company.id, cursor=cursor, **values
            )
            cells |= {
                (row["month"], row["code"]): row["debit"] - row["credit"]
                for row in page["rows"]
            }
            cursor, more = page["cursor"], page["more"]
        return cells, cursor

    def test_cursor_of_a_state(self):
        self.assertFalse(doctest.testmod(books_state).failed)

    def test_balances(self):
        january = self._sale("2024-01-05", 100)
        self._sale("2024-02-05", 50)
        cells, cursor = self._balances("")
        self.assertEqual(
            cells,
            {
                ("2024-01", RECEIVABLE): 100,
                ("2024-01", SALES): -100,
                ("2024-02", RECEIVABLE): 50,
                ("2024-02", SALES): -50,
            },
        )
        self.assertEqual(self._balances(cursor), ({}, cursor))
        self._sale("2024-02-20", 7)
        cells, cursor = self._balances(cursor)
        self.assertEqual(cells, {("2024-02", RECEIVABLE): 57, ("2024-02", SALES): -57})
        january.button_draft()
        cells, cursor = self._balances(cursor)
        self.assertEqual(cells, {("2024-01", RECEIVABLE): 0, ("2024-01", SALES): 0})
        january.write({"date": "2024-03-01", "name": False})
        self.assertEqual(self._balances(cursor)[0], {}, "a draft is in no books")
        january.action_post()
        cells, cursor = self._balances(cursor)
        self.assertEqual(
            cells, {("2024-03", RECEIVABLE): 100, ("2024-03", SALES): -100}
        )
        self.assertEqual(self._balances(cursor), ({}, cursor))

    def test_another_account(self):
        """Of what moved from one account to another, both are told."""
        move = self._sale("2024-01-05", 100)
        _cells, cursor = self._balances("")
        move.button_draft()
        move.line_ids.filtered("debit").account_id = self._account(BANK)
        move.action_post()
        cells, cursor = self._balances(cursor)
        self.assertEqual(cells, {("2024-01", RECEIVABLE): 0, ("2024-01", BANK): 100})

    def test_pages_of_balances(self):
        """Small pages tell the same; what changes between two of them is told too."""
        for month in range(1, 7):
            self._sale(f"2024-{month:02}-05", month)
        whole, cursor = self._balances("")
        self.assertEqual(len(whole), 12)
        self.assertEqual(self._balances("", limit=3)[0], whole)
        for month in range(1, 7):
            self._sale(f"2024-{month:02}-06", 10)
        page = self.api.get_balances(*YEAR, limit=3, cursor=cursor)
        self.assertTrue(page["more"])
        self.assertEqual({row["month"] for row in page["rows"]}, {"2024-01"})
        self._sale("2024-01-07", 1000)
        rest, _cursor = self._balances(page["cursor"], limit=3)
        self.assertEqual(rest["2024-01", RECEIVABLE], 1011)
        self.assertEqual(rest["2024-06", RECEIVABLE], 16)

    def test_deleted_entries_in_balances(self):
        move = self._sale("2024-01-05", 100)
        _cells, cursor = self._balances("")
        move.button_draft()
        move.with_context(force_delete=True).unlink()
        cells, _cursor = self._balances(cursor)
        self.assertEqual(cells, {("2024-01", RECEIVABLE): 0, ("2024-01", SALES): 0})

    # Statements of account ------------------------------------------------------------

    def _statement(self, cursor, partner=None, limit=1000):
        """(months that changed, {entry: debit less credit} in them, cursor)."""
        months, lines, more = [], [], True
        while more:
            page = self.api.get_statement(
                (partner or self.one).id, *YEAR, limit=limit, cursor=cursor
            )
            months += page["months"]
            lines += page["lines"]
            cursor, more = page["cursor"], page["more"]
        self.closing = page["closing"]
        return months, {x["move_id"]: x["debit"] - x["credit"] for x in lines}, cursor

    def test_statement_of_account(self):
        first = self._sale("2024-01-05", 100)
        second = self._sale("2024-02-05", 50)
        months, lines, cursor = self._statement("")
        self.assertEqual(months, ["2024-01", "2024-02"])
        self.assertEqual(lines, {first.id: 100, second.id: 50})
        self.assertEqual(self.closing, 150)
        self.assertEqual(self._statement(cursor), ([], {}, cursor))
        self._sale("2024-02-06", 70, self.other)
        self.assertEqual(self._statement(cursor), ([], {}, cursor), "of another one")
        third = self._sale("2024-02-07", 7)
        months, lines, cursor = self._statement(cursor)
        self.assertEqual(months, ["2024-02"])
        self.assertEqual(lines, {second.id: 50, third.id: 7})
        first.button_draft()
        months, lines, cursor = self._statement(cursor)
        self.assertEqual((months, lines, self.closing), (["2024-01"], {}, 57))
        self.assertEqual(self._statement("", limit=1)[:2], self._statement("")[:2])

    # Financial statements -------------------------------------------------------------

    def _report(self, kind, cursor):
        page = self.api.get_statement(
            None, "2024-01-01", "2024-01-31", kind, cursor=cursor
        )
        self.assertFalse(page["more"])
        return page

    def test_financial_statements(self):
        self._sale("2024-01-05", 100)
        cursors = {}
        for kind in ("balance", "profit", "cash"):
            page = self._report(kind, "")
            whole = self.api.get_statement(None, "2024-01-01", "2024-01-31", kind)
            self.assertEqual(page["lines"], whole["lines"])
            cursors[kind] = page["cursor"]
            self.assertEqual(self._report(kind, cursors[kind])["lines"], [])
        self._sale("2024-01-06", 11)
        lines = {}
        for kind, cursor in cursors.items():
            page = self._report(kind, cursor)
            lines[kind] = {line["code"] for line in page["lines"]}
            self.assertEqual(page["removed"], [])
            whole = self.api.get_statement(None, "2024-01-01", "2024-01-31", kind)
            self.assertLess(len(page["lines"]), len(whole["lines"]))
        self.assertEqual(lines["cash"], set(), "no money moved")
        self.assertEqual(lines["profit"], {"p1", "p21", "p30", "p32"})

    # Refusals -------------------------------------------------------------------------

    def test_wrong_cursors(self):
        self._sale("2024-01-05", 100)
        _cells, balances = self._balances("")
        *_told, statement = self._statement("")
        items = self.api.get_open_items(cursor="")["cursor"]
        other = self.env["res.company"].create({"name": "Other State"})
        self.reader.company_ids += other
        month = ("2024-01-01", "2024-01-31")
        one, two = self.one.id, self.other.id
        for call in (
            lambda: self.api.get_balances(*month, cursor=balances),
            lambda: self.api.get_balances(*YEAR, other.id, cursor=balances),
            lambda: self.api.get_balances(*YEAR, cursor=statement),
            lambda: self.api.get_balances(*YEAR, level="top", cursor=""),
            lambda: self.api.get_balances(*YEAR, after="1", cursor=""),
            lambda: self.api.get_statement(two, *YEAR, cursor=statement),
            lambda: self.api.get_statement(one, *month, cursor=statement),
            lambda: self.api.get_statement(one, *YEAR, "payable", cursor=statement),
            lambda: self.api.get_statement(one, *YEAR, after=1, cursor=""),
            lambda: self.api.get_open_items("2024-01-31", cursor=""),
            lambda: self.api.get_open_items(kind="payable", cursor=items),
            lambda: self.api.get_open_items(partner_id=one, cursor=items),
            lambda: self.api.get_open_items(company_id=other.id, cursor=items),
            lambda: self.api.get_open_items(cursor=f"{items}1-1"),
            # Of a version that asked without advances.
            lambda: self.api.get_open_items(cursor=f"6{items[1:]}"),
        ):
            with self.assertRaises(UserError):
                call()
        for odd in (True, 5, "x", ["x"], {"a": 1}, "7-1-all-0-1-1-1-1"):
            for call in (
                lambda odd=odd: self.api.get_balances(*YEAR, cursor=odd),
                lambda odd=odd: self.api.get_statement(one, *YEAR, cursor=odd),
                lambda odd=odd: self._report("balance", odd),
                lambda odd=odd: self.api.get_open_items(cursor=odd),
            ):
                with self.assertRaises(UserError):
                    call()

    def test_rights(self):
        nobody = self._user("state_nobody", "base.group_user")
        api = self.env["jxc.voucher"].with_user(nobody)
        for call in (
            lambda: api.get_balances(*YEAR, cursor=""),
            lambda: api.get_statement(self.one.id, *YEAR, cursor=""),
            lambda: api.get_open_items(cursor=""),
        ):
            with self.assertRaises(AccessError):
                call()

# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
"""What changed about open items, balances and statements, over both interfaces."""

import threading

import pytest

from books_reader import post, reader_of, rows_of, run, wait_for_others
from races import at_once

YEAR = ("2026-01-01", "2026-12-31")
LOGINS = pytest.mark.parametrize(
    "login", [None, "changes_robot"], ids=["json-2", "xml-rpc"]
)


@pytest.fixture(scope="module")
def books(database, odoo_env):
    """A user that reads the books, the accounts of a sale, and a customer."""
    with odoo_env(database, "admin") as env:
        accounts = env["account.account"].search([("code", "in", ("112200", "500100"))])
        books = reader_of(env, "changes_robot", accounts.sorted("code"))
        bank = env["account.account"].search([("code", "=", "100200")])
        partner = env["res.partner"].create({"name": "Changing Customer"})
        return {**books, "bank": bank.id, "partner": partner.id}


@pytest.fixture
def tell(server, books, database, odoo_env, tmp_path, login):
    """How to ask for what changed, once all that is running is over."""

    def told(command, *arguments):
        wait_for_others(database, odoo_env)
        file = str(tmp_path / command)
        return rows_of(run(server, books, command, file, *arguments, login=login))

    return told


def _sale(env, books, amount, date="2026-03-05"):
    return post(env, books, "SALE", date, amount, books["partner"])


def _receipt(env, books, amount):
    accounts = [books["bank"], books["accounts"][0]]
    pair = {**books, "accounts": accounts}
    return post(env, pair, "RECEIPT", "2026-03-20", amount, books["partner"])


def _items(rows):
    """(entries to forget, {entry: what is open of it})"""
    forget = {row["forget"] for row in rows if "forget" in row}
    items = {row["move_id"]: row["residual"] for row in rows if "residual" in row}
    assert items.keys() <= forget
    return forget, items


@LOGINS
def test_open_items(books, database, odoo_env, tell):
    """Posted, paid in part, freed, paid by what became a draft, taken back, deleted."""
    tell("changed-items")
    assert _items(tell("changed-items")) == (set(), {})
    with odoo_env(database, "admin") as env:
        sale = _sale(env, books, 100).id
    assert _items(tell("changed-items")) == ({sale}, {sale: 100})
    assert _items(tell("changed-items")) == (set(), {})
    with odoo_env(database, "admin") as env:
        receipt = _receipt(env, books, 40)
        lines = (receipt | receipt.browse(sale)).line_ids
        lines.filtered(lambda line: line.account_id.code == "112200").reconcile()
        receipt = receipt.id
    assert _items(tell("changed-items")) == ({sale, receipt}, {sale: 60})
    with odoo_env(database, "admin") as env:
        env["account.move"].browse(receipt).button_draft()
    forget, items = _items(tell("changed-items"))
    assert forget == {sale, receipt}
    assert items == {sale: 100}
    with odoo_env(database, "admin") as env:
        env["account.move"].browse(receipt).action_post()
    assert _items(tell("changed-items"))[1] == {sale: 60}
    with odoo_env(database, "admin") as env:
        lines = env["account.move"].browse([sale, receipt]).line_ids
        lines.remove_move_reconcile()
    _forget, items = _items(tell("changed-items"))
    assert items == {sale: 100, receipt: -40}
    with odoo_env(database, "admin") as env:
        moves = env["account.move"].browse([sale, receipt])
        moves.button_draft()
        moves.browse(receipt).with_context(force_delete=True).unlink()
    assert _items(tell("changed-items")) == ({sale, receipt}, {})
    assert _items(tell("changed-items")) == (set(), {})


@LOGINS
def test_balances(books, database, odoo_env, tell):
    """The accounts and months whose sums changed, and what is left in them."""

    def told():
        rows = tell("changed-balances", *YEAR)
        return {(row["month"], row["code"]): row["debit"] for row in rows}

    told()
    assert told() == {}
    with odoo_env(database, "admin") as env:
        sale = _sale(env, books, 31, "2026-08-05").id
    before = told()
    assert before.keys() == {("2026-08", "112200"), ("2026-08", "500100")}
    assert told() == {}
    with odoo_env(database, "admin") as env:
        move = env["account.move"].browse(sale)
        move.button_draft()
        move.with_context(force_delete=True).unlink()
    after = told()
    assert after.keys() == before.keys()
    assert before["2026-08", "112200"] - after["2026-08", "112200"] == 31
    assert told() == {}


@LOGINS
def test_statement(books, database, odoo_env, tell):
    """The months of a customer's statement that changed, with their lines."""

    def told():
        return tell("changed-statement", str(books["partner"]), *YEAR)

    told()
    assert told() == []
    with odoo_env(database, "admin") as env:
        sale = _sale(env, books, 12, "2026-09-05").id
    month, *lines = told()
    assert month == {"forget": "2026-09"}
    assert sale in {line["move_id"] for line in lines}
    with odoo_env(database, "admin") as env:
        env["account.move"].browse(sale).button_draft()
    month, *lines = told()
    assert month == {"forget": "2026-09"}
    assert sale not in {line["move_id"] for line in lines}
    assert told() == []


class Program:
    """Another program that replaces what it has by what it is told."""

    def __init__(self, database, odoo_env, questions):
        self._open = lambda: odoo_env(database, "admin")
        self._questions = questions
        self._cursors = dict.fromkeys(questions, "")
        self.known = {method: {} for method in questions}

    def poll(self):
        """Ask everything, page by page."""
        for method, question in self._questions.items():
            more = True
            while more:
                with self._open() as env:
                    service = env["jxc.voucher"]
                    cursor = self._cursors[method]
                    page = getattr(service, method)(**question, cursor=cursor)
                getattr(self, f"_take_{method[4:]}")(self.known[method], page)
                self._cursors[method], more = page["cursor"], page["more"]

    def _take_balances(self, known, page):
        for row in page["rows"]:
            known[row["month"], row["code"]] = row["debit"], row["credit"]

    def _take_open_items(self, known, page):
        for entry in page["entries"]:
            known.pop(entry, None)
        for item in page["items"]:
            known.setdefault(item["move_id"], []).append((item["id"], item["residual"]))

    def _take_statement(self, known, page):
        for month in page["months"]:
            known.pop(month, None)
        for line in page["lines"]:
            known.setdefault(line["date"][:7], []).append((line["id"], line["debit"]))


def test_no_change_is_missed(books, database, odoo_env):
    """Transactions that commit late and in any order, while a reader polls all."""
    stop = threading.Event()
    year = {"date_from": YEAR[0], "date_to": YEAR[1], "limit": 3}
    partner = {"partner_id": books["partner"]}
    questions = {
        "get_open_items": {**partner, "limit": 3},
        "get_balances": year,
        "get_statement": {**partner, **year},
    }

    def write(number):
        for turn in range(4):
            with odoo_env(database, "admin") as env:
                _sale(env, books, 10 ** (number % 3) + turn, f"2026-1{turn % 3}-05")
                # the first ones to begin are the last ones to end
                stop.wait(0.3 if number % 2 else 0.01)

    follower = Program(database, odoo_env, questions)

    def read():
        last = False
        while not last:
            last = stop.is_set()
            follower.poll()

    reader = threading.Thread(target=read)
    reader.start()
    try:
        at_once(4, write)
        wait_for_others(database, odoo_env)
    finally:
        stop.set()
        reader.join()
    newcomer = Program(database, odoo_env, questions)
    newcomer.poll()
    assert follower.known == newcomer.known
    assert len(newcomer.known["get_open_items"]) >= 16

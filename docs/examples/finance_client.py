#!/usr/bin/env python3
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
"""Read the books of jxc from another program: vouchers, balances, open items.

An example to start from: Python's standard library only, over JSON-2 or XML-RPC.

    finance_client.py --url URL --database DB changes CURSOR-FILE
    finance_client.py --url URL --database DB vouchers 2026-01-01 2026-01-31
    finance_client.py --url URL --database DB balances 2026-01-01 2026-01-31
    finance_client.py --url URL --database DB open-items 2026-01-31
    finance_client.py --url URL --database DB statement PARTNER-ID 2026-01-01 2026-01-31
    finance_client.py --url URL --database DB changed-items CURSOR-FILE
    finance_client.py --url URL --database DB changed-balances CURSOR-FILE FROM TO
    finance_client.py --url URL --database DB changed-statement CURSOR-FILE PARTNER …
    finance_client.py --url URL --database DB export FORMAT 2026-01-01 2026-01-31 FILE

The user needs the role "Finance Integration: Reads the Books" and nothing else. The API
key (My Preferences > Security > Add API Key) is taken from JXC_API_KEY. With
--xmlrpc LOGIN the same is asked over XML-RPC, which later versions of Odoo will not
have any more. --company NUMBER asks for another company than the user's first; --target
CODE of a finance system lets ``export`` use its mapping of accounts and partners.

The commands with a CURSOR-FILE print what changed since the last time, a row a line in
JSON. CURSOR-FILE remembers the place; without it, everything is told. The cursor is
saved after the page was printed: after a crash a page is told again, none is left out.
A cursor is good for one question: take a file for each.

``changes`` prints what was posted or changed; "removed" means that a voucher told
before is no longer posted. ``changed-items`` prints entries, as "forget", and then the
items of them that are open now: a paid or deleted entry has none. ``changed-balances``
prints accounts and months whose sums are other ones, zero when nothing is left. And
``changed-statement`` prints months, as "forget", and then their lines.

    {"forget": 4711}
    {"id": 90210, "move_id": 4711, "residual": 53.0, "partner": "…", …}
    {"month": "2026-01", "code": "112200", "debit": 1130.0, "credit": 0.0, …}

Exit status: 0 done, 2 wrong usage or no answer.
"""

import argparse
import base64
import json
import os
import sys
import urllib.error
import urllib.request
import xmlrpc.client
from pathlib import Path

MODEL = "jxc.voucher"
#: Odoo's codes of XML-RPC faults: a warning, wrong login, no right
REFUSALS = (2, 3, 4)


class Json2:
    """A connection over JSON-2."""

    def __init__(self, url, database, key):
        self._url = url.rstrip("/")
        self._headers = {
            "Authorization": f"Bearer {key}",
            "Content-Type": "application/json",
            "X-Odoo-Database": database,
        }

    def call(self, method, **arguments):
        """Call a method and return its answer."""
        request = urllib.request.Request(
            f"{self._url}/json/2/{MODEL}/{method}",
            data=json.dumps(arguments).encode(),
            headers=self._headers,
        )
        try:
            with urllib.request.urlopen(request, timeout=600) as answer:
                return json.load(answer)
        except urllib.error.HTTPError as error:
            body = error.read().decode(errors="replace")
            try:
                message = json.loads(body)["message"]
            except (ValueError, KeyError):
                message = body[:200]
            fail(f"{error.code}: {message}")
        except OSError as error:
            fail(f"{self._url}: {error}")


class XmlRpc:
    """A connection over XML-RPC; an API key is taken as the password."""

    def __init__(self, url, database, login, key):
        url = url.rstrip("/")
        self._database, self._key = database, key
        try:
            common = xmlrpc.client.ServerProxy(f"{url}/xmlrpc/2/common")
            self._user = common.authenticate(database, login, key, {})
        except (OSError, xmlrpc.client.Error) as error:
            fail(f"{url}: {error}")
        if not self._user:
            fail("wrong user or key")
        self._models = xmlrpc.client.ServerProxy(
            f"{url}/xmlrpc/2/object", allow_none=True
        )

    def call(self, method, **arguments):
        """Call a method and return its answer."""
        try:
            return self._models.execute_kw(
                self._database, self._user, self._key, MODEL, method, [], arguments
            )
        except xmlrpc.client.Fault as fault:
            text = fault.faultString.strip()
            # a refusal is in words, anything else is a traceback
            fail(text if fault.faultCode in REFUSALS else text.splitlines()[-1])
        except (OSError, xmlrpc.client.Error) as error:
            fail(str(error))


def fail(message):
    """Say what is wrong and end."""
    print(f"error: {message}", file=sys.stderr)
    raise SystemExit(2)


def pages(jxc, method, after, **arguments):
    """Yield the pages of an answer; ``after`` names the argument of the cursor."""
    while True:
        page = jxc.call(method, **arguments)
        yield page
        if not page["more"]:
            return
        arguments[after] = page["cursor"]


def company(options):
    """The company that is asked for: an argument, or none."""
    return {"company_id": options.company} if options.company else {}


def show(rows):
    """Print rows as JSON, one a line."""
    for row in rows:
        print(json.dumps(row, ensure_ascii=False))


def changed_pages(jxc, options, method, begin, **arguments):
    """Yield what changed since the last time, and remember the place after each page.

    ``begin`` is the cursor of those who were told nothing yet.
    """
    file = Path(options.file)
    cursor = file.read_text().strip() if file.exists() else begin
    arguments.update(company(options), cursor=cursor)
    for page in pages(jxc, method, "cursor", **arguments):
        yield page
        sys.stdout.flush()
        part = file.with_suffix(".part")
        part.write_text(page["cursor"])
        part.replace(file)


def changes(jxc, options):
    """Tell which vouchers changed since the last time."""
    for page in changed_pages(jxc, options, "get_vouchers", None):
        show(page["vouchers"])
        show({"removed": True, **row} for row in page["removed"])


def changed_items(jxc, options):
    """Tell the entries whose open items changed since the last time."""
    for page in changed_pages(jxc, options, "get_open_items", ""):
        show({"forget": entry} for entry in page["entries"])
        show(page["items"])


def changed_balances(jxc, options):
    """Tell the accounts and months whose sums changed since the last time."""
    period = {"date_from": options.date_from, "date_to": options.date_to}
    for page in changed_pages(jxc, options, "get_balances", "", **period):
        show(page["rows"])


def changed_statement(jxc, options):
    """Tell the months of a statement of account that changed since the last time."""
    question = {
        "partner_id": options.partner,
        "date_from": options.date_from,
        "date_to": options.date_to,
    }
    for page in changed_pages(jxc, options, "get_statement", "", **question):
        show({"forget": month} for month in page["months"])
        show(page["lines"])


def vouchers(jxc, options):
    """Tell the vouchers of a period."""
    period = {"date_from": options.date_from, "date_to": options.date_to}
    for page in pages(jxc, "get_vouchers", "cursor", **period, **company(options)):
        show(page["vouchers"])


def balances(jxc, options):
    """Tell the trial balance of a period."""
    period = {"date_from": options.date_from, "date_to": options.date_to}
    for page in pages(jxc, "get_balances", "after", **period, **company(options)):
        show(page["rows"])


def open_items(jxc, options):
    """Tell what was open on a day."""
    for page in pages(
        jxc, "get_open_items", "after", date=options.date, **company(options)
    ):
        show(page["items"])


def statement(jxc, options):
    """Tell the statement of account of a customer or vendor."""
    for page in pages(
        jxc,
        "get_statement",
        "after",
        partner_id=options.partner,
        date_from=options.date_from,
        date_to=options.date_to,
        **company(options),
    ):
        show(page["lines"])
    show([{name: page[name] for name in ("opening", "debit", "credit", "closing")}])


def export(jxc, options):
    """Write the file for another finance system."""
    answer = jxc.call(
        "export_vouchers",
        date_from=options.date_from,
        date_to=options.date_to,
        format=options.format,
        target=options.target,
        **company(options),
    )
    Path(options.file).write_bytes(base64.b64decode(answer["content"]))
    print(f"{answer['count']} vouchers in {options.file}")


def main():
    """Parse the command line and ask."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--url", required=True)
    parser.add_argument("--database", required=True)
    parser.add_argument("--xmlrpc", metavar="LOGIN", help="ask over XML-RPC")
    parser.add_argument("--company", type=int, help="number of the company")
    parser.add_argument("--target", help="code of a finance system, for export")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    for name, function, arguments in (
        ("changes", changes, ("file",)),
        ("vouchers", vouchers, ("date_from", "date_to")),
        ("balances", balances, ("date_from", "date_to")),
        ("open-items", open_items, ("date",)),
        ("statement", statement, ("partner", "date_from", "date_to")),
        ("changed-items", changed_items, ("file",)),
        ("changed-balances", changed_balances, ("file", "date_from", "date_to")),
        (
            "changed-statement",
            changed_statement,
            ("file", "partner", "date_from", "date_to"),
        ),
        ("export", export, ("format", "date_from", "date_to", "file")),
    ):
        command = commands.add_parser(name, help=function.__doc__)
        command.set_defaults(function=function)
        for argument in arguments:
            command.add_argument(argument, type=int if argument == "partner" else str)
    options = parser.parse_args()
    key = os.environ.get("JXC_API_KEY") or fail("JXC_API_KEY is not set")
    if options.xmlrpc:
        jxc = XmlRpc(options.url, options.database, options.xmlrpc, key)
    else:
        jxc = Json2(options.url, options.database, key)
    options.function(jxc, options)


if __name__ == "__main__":
    main()

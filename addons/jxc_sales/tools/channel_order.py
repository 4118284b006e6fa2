# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
"""What a shop says about an order, checked before anything is made of it. No database.

Everything wrong with an order is told at once. Unknown fields are wrong, too: a
misspelt "discout" would otherwise cost money without anybody noticing.
"""

import math
from dataclasses import dataclass, field
from datetime import UTC, datetime

from odoo.tools.translate import LazyTranslate

_lt = LazyTranslate(__name__)

MOST_LINES = 500
LONGEST = 250
#: The whole address, in fields of contacts.
BUYER_FIELDS = ("name", "phone", "email", "street", "street2", "city", "state", "zip")
ORDER_FIELDS = {
    "number",
    "date",
    "buyer",
    "lines",
    "paid",
    "shipping",
    "fee",
    "total",
    "note",
}
LINE_FIELDS = {"sku", "quantity", "price", "discount"}


@dataclass(frozen=True)
class ShopLine:
    """One line of a shop's order."""

    sku: str
    #: in the unit that the channel maps the sku to
    quantity: float
    #: of one such unit, before discount
    price: float
    #: percent
    discount: float = 0.0


@dataclass(frozen=True)
class ShopOrder:
    """An order as a shop tells it."""

    number: str
    #: UTC, without time zone; None for now
    date: datetime | None
    buyer: dict = field(default_factory=dict)
    lines: tuple = ()
    #: paid by the buyer so far, in the currency of the order
    paid: float = 0.0
    shipping: float = 0.0
    #: what the platform keeps
    fee: float = 0.0
    #: what the buyer owes in all, tax included; None when the shop does not say
    total: float | None = None
    note: str = ""
    #: whether what is paid may be booked: who sends it has the right
    books: bool = False


def read_order(data):
    """Check one order.

    >>> order, problems = read_order({"number": "A1", "lines": [
    ...     {"sku": "PEN", "quantity": 2, "price": "3.50"}]})
    >>> problems, order.lines[0].price
    ([], 3.5)
    >>> _order, problems = read_order({"number": "A1", "lines": [
    ...     {"sku": "PEN", "quantity": 0, "prize": 3}]})
    >>> [str(problem) for problem in problems]  # doctest: +NORMALIZE_WHITESPACE
    ['line 1: "prize" is not a field of a line',
     'line 1: quantity has to be above 0', 'line 1: price is missing']

    :param data: one element of the list that a client sends
    :return: ``(ShopOrder or None, [lazy text])``; no order when there are problems
    """
    problems = []
    if not isinstance(data, dict):
        return None, [_lt("an order has to be an object with named fields")]
    for name in sorted(set(map(str, data)) - ORDER_FIELDS):
        problems.append(_lt('"%(name)s" is not a field of an order', name=name[:50]))
    values = {
        "number": _text(data, "number", problems, required=True),
        "date": _moment(data, problems),
        "buyer": _buyer(data, problems),
        "paid": _number(data, "paid", problems, default=0.0),
        "shipping": _number(data, "shipping", problems, default=0.0),
        "fee": _number(data, "fee", problems, default=0.0),
        "total": _number(data, "total", problems, default=None),
        "note": _text(data, "note", problems, longest=5000),
        "lines": _lines(data, problems),
    }
    return (None if problems else ShopOrder(**values)), problems


def number_of(data):
    """The order number that a client gave, for the answer about it; False for none.

    Not None: an answer to XML-RPC cannot hold that, and the orders are made already.

    >>> number_of({"number": "A1"}), number_of({"number": 7}), number_of(5)
    ('A1', False, False)
    """
    number = data.get("number") if isinstance(data, dict) else None
    return number[:LONGEST] if isinstance(number, str) else False


def _lines(data, problems):
    given = data.get("lines")
    if not isinstance(given, list) or not given:
        problems.append(_lt("lines: at least one is needed"))
        return ()
    if len(given) > MOST_LINES:
        problems.append(_lt("lines: at most %(most)s are accepted", most=MOST_LINES))
        return ()
    lines = []
    for position, line in enumerate(given, start=1):
        found = []
        if not isinstance(line, dict):
            found.append(_lt("has to be an object with named fields"))
        else:
            for name in sorted(set(map(str, line)) - LINE_FIELDS):
                found.append(_lt('"%(name)s" is not a field of a line', name=name[:50]))
            values = {
                "sku": _text(line, "sku", found, required=True),
                "quantity": _number(line, "quantity", found, above=True),
                "price": _number(line, "price", found),
                "discount": _number(line, "discount", found, default=0.0, most=100),
            }
        if not found:
            lines.append(ShopLine(**values))
        problems += [
            _lt("line %(number)s: %(problem)s", number=position, problem=one)
            for one in found
        ]
    return tuple(lines)


def _buyer(data, problems):
    buyer = data.get("buyer", {})
    if not isinstance(buyer, dict):
        problems.append(_lt("buyer: has to be an object with named fields"))
        return {}
    for name in sorted(set(map(str, buyer)) - set(BUYER_FIELDS)):
        problems.append(_lt('buyer: "%(name)s" is not a field', name=name[:50]))
    return {name: _text(buyer, name, problems) for name in BUYER_FIELDS}


def _text(data, name, problems, required=False, longest=LONGEST):
    value = data.get(name)
    if value is None:
        value = ""
    if not isinstance(value, str):
        problems.append(_lt("%(name)s has to be a text", name=name))
        return ""
    value = value.strip()
    if required and not value:
        problems.append(_lt("%(name)s is missing", name=name))
    if len(value) > longest or not all(map(_printable, value)):
        problems.append(
            _lt(
                "%(name)s has more than %(most)s characters, or some that cannot be"
                " printed",
                name=name,
                most=longest,
            )
        )
        return ""
    return value


def _printable(character):
    """Whether a character can be stored: no control signs, no half of a pair."""
    code = ord(character)
    return (code >= 32 or character in "\n\r\t") and not 0xD800 <= code <= 0xDFFF


def _number(data, name, problems, default=..., above=False, most=1e12):
    value = data.get(name)
    if value is None or value == "":
        if default is ...:
            problems.append(_lt("%(name)s is missing", name=name))
            return 0.0
        return default
    try:
        if isinstance(value, bool) or math.isnan(number := float(value)):
            raise ValueError
    except OverflowError:
        # JSON knows integers of any length.
        number = math.inf if value > 0 else -math.inf
    except (TypeError, ValueError):
        problems.append(_lt("%(name)s has to be a number", name=name))
        return 0.0
    if number < 0 or (above and number == 0):
        text = _lt("%(name)s has to be above 0", name=name)
        problems.append(text if above else _lt("%(name)s cannot be below 0", name=name))
        return 0.0
    if number > most:
        problems.append(
            _lt("%(name)s cannot be above %(most)s", name=name, most=f"{most:g}")
        )
        return 0.0
    return number


def _moment(data, problems):
    value = data.get("date")
    if value is None or value == "":
        return None
    try:
        moment = datetime.fromisoformat(value)
        if moment.tzinfo:
            moment = moment.astimezone(UTC).replace(tzinfo=None)
    except (TypeError, ValueError, OverflowError):
        problems.append(
            _lt("date has to look like 2026-05-31T14:05:00+08:00 (ISO 8601)")
        )
        return None
    return moment.replace(microsecond=0)

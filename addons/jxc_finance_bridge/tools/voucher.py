# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
"""The normalised voucher: what all formats and services are made from.

Plain values in the terms of the other system (its account codes, its partner codes),
amounts in the currency of the books as exact decimals. Red entries are negative amounts
on their own side, as the books show them.
"""

import dataclasses
import datetime
import re
from dataclasses import dataclass
from decimal import Decimal

from odoo.tools.translate import LazyTranslate

_lt = LazyTranslate(__name__, default_lang="en_US")

ZERO = Decimal(0)
ONE = Decimal(1)

#: what an auxiliary accounting item can be
CUSTOMER, VENDOR, DEPARTMENT, PROJECT = "customer", "vendor", "department", "project"
AUX_KINDS = (CUSTOMER, VENDOR, DEPARTMENT, PROJECT)

#: a text that begins so is a formula for a spreadsheet
FORMULA = ("=", "+", "-", "@", "\t", "\r")

_CONTROL = re.compile(r"[\x00-\x1f\x7f\u2028\u2029\ud800-\udfff\ufffe\uffff]+")


class VoucherError(Exception):
    """What is wrong with vouchers or a file of them.

    :param problems: list of texts
    """

    def __init__(self, problems):
        super().__init__(problems)
        self.problems = problems

    def __str__(self):
        return "\n".join(str(problem) for problem in self.problems)


@dataclass(frozen=True)
class Aux:
    """An auxiliary accounting item (核算项目) of an entry.

    :param kind: one of ``AUX_KINDS``
    """

    kind: str
    code: str
    name: str = ""


@dataclass(frozen=True)
class Entry:
    """One line of a voucher (分录)."""

    summary: str
    account: str
    debit: Decimal = ZERO
    credit: Decimal = ZERO
    account_name: str = ""
    #: ISO code, and the amount in it: debit positive
    currency: str = "CNY"
    amount_currency: Decimal = ZERO
    #: units of the books' currency for one of ``currency``
    rate: Decimal = ONE
    quantity: Decimal = ZERO
    aux: tuple = ()
    #: code of a cash-flow item (现金流量项目)
    cash_flow: str = ""

    @property
    def balance(self):
        return self.debit - self.credit

    def aux_of(self, kind):
        """The item of a kind, or None."""
        return next((aux for aux in self.aux if aux.kind == kind), None)


@dataclass(frozen=True)
class Voucher:
    """A voucher (记账凭证)."""

    #: tells it from every other one, for good: other systems keep it as reference
    key: str
    date: datetime.date
    #: 凭证字, for example 记; empty when the other system is to number it
    word: str = ""
    number: int = 0
    attachments: int = 0
    prepared_by: str = ""
    checked_by: str = ""
    cashier: str = ""
    entries: tuple = ()

    @property
    def debit(self):
        return sum((entry.debit for entry in self.entries), ZERO)

    @property
    def credit(self):
        return sum((entry.credit for entry in self.entries), ZERO)

    @property
    def label(self):
        """What people call it in messages."""
        name = f"{self.word}-{self.number}" if self.number else self.word
        return f"{self.date:%Y-%m} {name} ({self.key})" if name else self.key

    def problems(self):
        """What no system would accept: list of texts."""
        found = []
        if not self.entries:
            found.append(_lt("%(voucher)s has no entries.", voucher=self.label))
        elif self.debit != self.credit:
            found.append(
                _lt(
                    "%(voucher)s is not balanced: debit %(debit)s, credit %(credit)s.",
                    voucher=self.label,
                    debit=self.debit,
                    credit=self.credit,
                )
            )
        for line, entry in enumerate(self.entries, 1):
            if bool(entry.debit) == bool(entry.credit):
                found.append(
                    _lt(
                        "%(voucher)s, line %(line)s: exactly one of debit and credit"
                        " must be there.",
                        voucher=self.label,
                        line=line,
                    )
                )
            if not entry.account:
                found.append(
                    _lt(
                        "%(voucher)s, line %(line)s has no account.",
                        voucher=self.label,
                        line=line,
                    )
                )
        return found

    def to_dict(self):
        """Values for JSON; amounts are texts, so that nothing is rounded."""

        def plain(value):
            if isinstance(value, Decimal):
                return money(value)
            if isinstance(value, datetime.date):
                return value.isoformat()
            if isinstance(value, (list, tuple)):
                return [plain(part) for part in value]
            if isinstance(value, dict):
                return {name: plain(part) for name, part in value.items()}
            return value

        return plain(dataclasses.asdict(self))


def clean(text, limit=None):
    """Return ``text`` on one line, without control characters, shortened to ``limit``.

    >>> clean("a\\n b")
    'a b'
    >>> clean("abcdef", 4)
    'abc…'
    """
    text = " ".join(_CONTROL.sub(" ", text or "").split())
    if limit and len(text) > limit:
        text = text[: limit - 1].rstrip() + "…"
    return text


def money(value):
    """Return a decimal as plain text with at least two decimals.

    >>> money(Decimal("5")), money(Decimal("-1.234")), money(Decimal("1E+3"))
    ('5.00', '-1.234', '1000.00')
    """
    text = f"{value:f}"
    whole, _point, decimals = text.partition(".")
    decimals = decimals.rstrip("0") if len(decimals) > 2 else decimals
    return f"{whole}.{decimals:0<2}"


def number(text, place):
    """Return a text as decimal; empty is zero.

    :param place: where it stands, for the message
    :raise VoucherError: not a number, or one no ledger holds
    """
    text = (text or "").strip()
    if not re.fullmatch(r"(-?\d{1,18}(\.\d{1,12})?)?", text):
        raise VoucherError(
            [_lt("%(place)s: %(text)s is not a number.", place=place, text=text[:40])]
        )
    return Decimal(text or "0")


def day(text, place, pattern="%Y-%m-%d"):
    """Return a text as date.

    :raise VoucherError: not a date
    """
    try:
        return datetime.datetime.strptime(text or "", pattern).date()
    except ValueError as error:
        raise VoucherError(
            [_lt("%(place)s: %(text)s is not a date.", place=place, text=text[:40])]
        ) from error


def whole(text, place):
    """Return a text as whole number; empty is zero.

    :raise VoucherError: not a whole number
    """
    value = number(text, place)
    if value != value.to_integral_value():
        raise VoucherError(
            [_lt("%(place)s: %(text)s is no whole number.", place=place, text=text)]
        )
    return int(value)

# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
"""Typed columns: one text cell to one Python value, and back."""

import datetime
import re
from collections.abc import Sequence
from dataclasses import KW_ONLY, dataclass
from decimal import Decimal

from odoo.tools.translate import LazyTranslate

from .limits import Limits

_lt = LazyTranslate(__name__)

NUMBER = re.compile(r"[+-]?[0-9]+(\.[0-9]+)?", re.ASCII)
INTEGER = re.compile(r"[+-]?[0-9]+", re.ASCII)
DATE = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})", re.ASCII)
# Control characters but line feed and tab; separators and marks that nobody sees.
UNPRINTABLE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]")

TYPES = (
    "char",
    "float",
    "amount",
    "qty",
    "integer",
    "date",
    "bool",
    "selection",
    "set",
)


class BadCell(ValueError):
    """A cell that cannot be read; the lazy text says what would be accepted."""

    def __init__(self, text):
        self.text = text
        super().__init__(repr(text))


@dataclass(frozen=True)
class Column:
    """One column of an import file.

    :param name: name in the header
    :param type: one of TYPES; float, amount and qty are floats in plain notation
    :param required: no cell of the column may be empty, and the file must have it
    :param values: what a selection accepts, and what a set accepts when given
    :param minimum: smallest number accepted
    :param above: numbers must be greater than this
    :param maximum: largest number accepted
    """

    name: str
    _: KW_ONLY
    type: str = "char"
    required: bool = False
    values: Sequence[str] = ()
    minimum: float | None = None
    above: float | None = None
    maximum: float | None = None

    def __post_init__(self):
        if self.type not in TYPES:
            raise ValueError(f"Column {self.name}: unknown type {self.type}")

    def parse(self, text: str):
        """Value of a cell.

        :param text: the cell as it stands in the file
        :return: value of the column's type, None for an empty cell
        :raise BadCell: when the text is not of this type or not within the bounds
        """
        text = (text or "").replace("\r\n", "\n").strip()
        if not text:
            if self.required:
                raise BadCell(_lt("is empty, a value is required"))
            return None
        if len(text) > Limits.CELL_CHARACTERS:
            raise BadCell(
                _lt(
                    "has %(count)s characters, at most %(most)s are accepted",
                    count=len(text),
                    most=Limits.CELL_CHARACTERS,
                )
            )
        return getattr(self, f"_parse_{self.type}")(text)

    def stand_in(self):
        """A value that handlers can work with, for a cell that cannot be read.

        >>> Column("qty", type="qty", above=0).stand_in()
        1.0
        >>> Column("kind", type="selection", values=("a", "b")).stand_in()
        'a'
        """
        if self.type == "char":
            return "?"
        if self.type == "selection":
            return self.values[0]
        if self.type == "date":
            return datetime.date(2000, 1, 1)
        if self.type == "bool":
            return False
        if self.type == "set":
            return None
        bounds = [self.minimum or 0, (self.above or 0) + 1]
        number = min(max(bounds), self.maximum or max(bounds))
        return int(number) if self.type == "integer" else float(number)

    def format(self, value) -> str:
        """The text of a value, such that ``parse(format(value)) == value``."""
        if value is None:
            return ""
        if self.type == "bool":
            return "1" if value else "0"
        if self.type in ("float", "amount", "qty"):
            return format(Decimal(repr(float(value))), "f")
        if self.type == "date":
            return value.isoformat()
        if self.type == "set":
            return ";".join(sorted(value))
        return str(value)

    def _parse_char(self, text):
        if UNPRINTABLE.search(text):
            raise BadCell(_lt("contains control characters, plain text is accepted"))
        if text.startswith("="):
            raise BadCell(
                _lt("is a formula (%(text)s), write the value", text=_short(text))
            )
        return text

    def _parse_float(self, text):
        if not NUMBER.fullmatch(text):
            raise BadCell(
                _lt(
                    "%(text)s is not a number, write it like 1234.5 (half-width"
                    " digits, no thousands separator, no unit)",
                    text=_short(text),
                )
            )
        if len(text.partition(".")[2]) > Limits.DECIMALS:
            raise BadCell(
                _lt(
                    "%(text)s has too many decimals, at most %(most)s are accepted",
                    text=_short(text),
                    most=Limits.DECIMALS,
                )
            )
        number = float(text)
        if abs(number) > Limits.NUMBER:
            raise BadCell(_too_big(text, Limits.NUMBER))
        return self._within_bounds(number + 0.0, text)

    _parse_amount = _parse_float
    _parse_qty = _parse_float

    def _parse_integer(self, text):
        if not INTEGER.fullmatch(text):
            raise BadCell(
                _lt(
                    "%(text)s is not a whole number, write it like 30",
                    text=_short(text),
                )
            )
        if len(text) > 20 or abs(int(text)) > Limits.INTEGER:
            raise BadCell(_too_big(text, Limits.INTEGER))
        return self._within_bounds(int(text), text)

    def _parse_date(self, text):
        match = DATE.fullmatch(text)
        try:
            date = datetime.date(*map(int, match.groups())) if match else None
        except ValueError:
            date = None
        if not date or not Limits.FIRST_YEAR <= date.year <= Limits.LAST_YEAR:
            raise BadCell(
                _lt(
                    "%(text)s is not a date, write it like 2024-01-31",
                    text=_short(text),
                )
            )
        return date

    def _parse_bool(self, text):
        if text not in ("0", "1"):
            raise BadCell(_lt("%(text)s is neither 0 nor 1", text=_short(text)))
        return text == "1"

    def _parse_selection(self, text):
        if text not in self.values:
            raise BadCell(_not_among([text], self.values))
        return text

    def _parse_set(self, text):
        self._parse_char(text)
        if "；" in text:
            raise BadCell(_lt("separate the values with a half-width semicolon (;)"))
        values = frozenset(filter(None, map(str.strip, text.split(";"))))
        unknown = sorted(values.difference(self.values)) if self.values else []
        if unknown:
            raise BadCell(_not_among(unknown, self.values))
        return values or None

    def _within_bounds(self, number, text):
        if self.minimum is not None and number < self.minimum:
            raise BadCell(
                _lt(
                    "%(text)s is too small, at least %(least)s is accepted",
                    text=_short(text),
                    least=self.minimum,
                )
            )
        if self.above is not None and number <= self.above:
            raise BadCell(
                _lt(
                    "%(text)s is too small, it must be greater than %(least)s",
                    text=_short(text),
                    least=self.above,
                )
            )
        if self.maximum is not None and number > self.maximum:
            raise BadCell(_too_big(text, self.maximum))
        return number


def _short(text):
    text = " ".join(text.split())
    return f'"{text[:40]}…"' if len(text) > 40 else f'"{text}"'


def _too_big(text, most):
    return _lt(
        "%(text)s is too large, at most %(most)s is accepted",
        text=_short(text),
        most=most,
    )


def _not_among(texts, values):
    return _lt(
        "%(text)s is not known here, accepted are: %(values)s",
        text=", ".join(map(_short, texts)),
        values=", ".join(values),
    )

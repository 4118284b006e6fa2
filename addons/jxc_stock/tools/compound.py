# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
"""Quantities in several units at once: 41 bottles are "3箱5瓶" in boxes of 12.

Pure calculation on exact numbers, without database and without translation.
"""

import re
import unicodedata
from collections import Counter
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

NUMBER = re.compile(r"[0-9]+(?:\.[0-9]+)?|\.[0-9]+")
MINUS = str.maketrans({"−": "-", "–": "-", "—": "-", "负": "-", "負": "-"})
MOST_CHARACTERS = 200
# Powers of ten: what lies beyond is no quantity, but takes ages to calculate with.
MOST_DIGITS = 400
# Digits only in front: "6瓶装" is a name, "箱24" would read as a box and 24 more.
NAME = re.compile(r"[0-9]*[^0-9.,+\-\s][^0-9]*")


class CompoundError(ValueError):
    """A text that is not one quantity of the product.

    :ivar reason: "syntax" (no number where one is needed), "unknown" (unit),
        "unit_missing" (a number behind a unit, without unit of its own), "repeated"
        (one unit twice), "ambiguous" (several readings) or "precision" (finer than
        quantities are kept)
    :ivar part: the part of the text it is about
    """

    def __init__(self, reason: str, part: str):
        self.reason = reason
        self.part = part
        super().__init__(f"{reason}: {part}")


@dataclass(frozen=True)
class Unit:
    """A unit of a product: one of it holds ``factor`` base units."""

    name: str
    factor: Decimal
    in_compound: bool = True


def exact(number) -> Decimal:
    """The number as it is written, not as binary floating point keeps it.

    >>> exact(0.1) + exact(0.2)
    Decimal('0.3')
    """
    number = number if isinstance(number, Decimal) else Decimal(str(number))
    if not number.is_finite():
        raise ValueError(f"{number} is not a quantity")
    return number


def is_exact(number, digits: int) -> bool:
    """Whether the number needs no more than ``digits`` decimals.

    >>> is_exact(2.5, 2), is_exact(24, 0), is_exact(0.3333, 2)
    (True, True, False)
    """
    return (Fraction(exact(number)) * 10**digits).denominator == 1


def number_text(number) -> str:
    """Shortest plain notation.

    >>> number_text(24.0), number_text(2.50), number_text(100)
    ('24', '2.5', '100')
    """
    text = format(exact(number), "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def normalize(text: str) -> str:
    """One way of writing: half-width, lower case, "-" for minus, single spaces.

    >>> normalize(" －３ Box　５瓶 ")
    '-3 box 5瓶'
    """
    text = unicodedata.normalize("NFKC", text).translate(MINUS)
    return " ".join(text.casefold().split())


def with_unit(number, name: str) -> str:
    """Number and unit, with a space only where Latin text needs one.

    >>> with_unit(5, "瓶"), with_unit(2.5, "kg")
    ('5瓶', '2.5 kg')
    """
    space = " " if name[:1].isascii() else ""
    return f"{number_text(number)}{space}{name}"


def unit_label(name: str, factor, base: str) -> str:
    """A name that also tells the content.

    >>> unit_label("箱", 24, "瓶"), unit_label("Box", 12, "Units")
    ('箱(24瓶)', 'Box(12 Units)')
    """
    return f"{name}({with_unit(factor, base)})"


def is_name(text: str) -> bool:
    """Whether quantities written with this unit can be read back.

    >>> [is_name(name) for name in ("箱", "6瓶装", "big box", "箱24", "12", "")]
    [True, True, True, False, False, False]
    """
    return bool(NAME.fullmatch(normalize(text)))


class Compound:
    """The units of one product, to write and to read its quantities.

    >>> wine = Compound("瓶", [Unit("箱", Decimal(12)), Unit("提", Decimal(6))], 2)
    >>> wine.format(41)
    '3箱5瓶'
    >>> wine.format(-43.5)
    '-3箱1提1.5瓶'
    >>> wine.parse("３箱５瓶"), wine.parse("-1.5箱"), wine.parse("41")
    (Decimal('41'), Decimal('-18'), Decimal('41'))
    >>> wine.parse("3箱5")  # doctest: +IGNORE_EXCEPTION_DETAIL
    Traceback (most recent call last):
    ...
    CompoundError: unit_missing: 5

    Units of one name live side by side; then each is written with its content:

    >>> beer = Compound("瓶", [Unit("箱", Decimal(12)), Unit("箱", Decimal(24))], 0)
    >>> beer.format(41)
    '1箱(24瓶) 1箱(12瓶) 5瓶'
    >>> beer.parse(beer.format(41))
    Decimal('41')

    :param base: name of the base unit
    :param units: further units, any order, any factors above 0
    :param digits: decimals that quantities of the base unit are kept with
    :param aliases: other names of the base unit, accepted when reading
    """

    def __init__(self, base: str, units=(), digits: int = 2, aliases=()):
        self.base = base
        self.digits = digits
        units = list(units)
        base_keys = {normalize(name) for name in (base, *aliases)}
        taken = Counter(normalize(unit.name) for unit in units)
        self._labels = {
            unit: unit_label(unit.name, unit.factor, base)
            if taken[normalize(unit.name)] > 1 or normalize(unit.name) in base_keys
            else unit.name
            for unit in units
        }
        # Largest first; what is not larger than the base unit would swallow it.
        self._chain = sorted(
            (unit for unit in units if unit.in_compound and unit.factor > 1),
            key=lambda unit: -unit.factor,
        )
        # A name may stand for several factors: then it is no quantity alone.
        self._factors = {key: {Fraction(1)} for key in base_keys}
        for unit in units:
            for name in {unit.name, unit_label(unit.name, unit.factor, base)}:
                key = normalize(name)
                self._factors.setdefault(key, set()).add(Fraction(unit.factor))

    def __bool__(self):
        """Whether quantities look different from plain base quantities."""
        return bool(self._chain)

    @property
    def labels(self) -> list[str]:
        """Names of the units as they are written, the base unit last."""
        units = sorted(self._labels, key=lambda unit: -unit.factor)
        return [*dict.fromkeys(self._labels[unit] for unit in units), self.base]

    # -- writing ------------------------------------------------------------------

    def format(self, quantity) -> str:
        """The quantity in the largest units that fit, the rest in base units.

        :param quantity: in base units, rounded half up to the precision
        :raise ValueError: no number, or far too large
        """
        number = exact(quantity)
        if number and abs(number.adjusted()) > MOST_DIGITS:
            if number.adjusted() > 0:
                raise ValueError(f"{quantity} is not a quantity")
            number = Decimal(0)
        places = [-unit.factor.as_tuple().exponent for unit in self._chain]
        digits = max(self.digits, *places, 0)
        # Whole numbers from here on: exact whatever their size.
        amount = _round_half_up(Fraction(number) * 10**self.digits)
        amount *= 10 ** (digits - self.digits)
        sign, rest, parts = "-" if amount < 0 else "", abs(amount), []
        for unit in self._chain:
            count, rest = divmod(rest, int(Fraction(unit.factor) * 10**digits))
            if count:
                parts.append(with_unit(count, self._labels[unit]))
        if rest or not parts:
            parts.append(with_unit(_shift(rest, digits), self.base))
        return sign + _join(parts)

    # -- reading ------------------------------------------------------------------

    def parse(self, text: str) -> Decimal:
        """The quantity in base units that a text means.

        :param text: "3箱5瓶", "-3 箱", "1.5箱" or a plain number of base units
        :raise CompoundError: unless the text has exactly one reading, exact at the
            precision
        """
        normal = normalize(text)
        if not normal or len(normal) > MOST_CHARACTERS:
            raise CompoundError("syntax", normal[:20])
        sign = -1 if normal.startswith("-") else 1
        body = normal[1:].lstrip() if normal[:1] in ("-", "+") else normal
        if not body:
            raise CompoundError("syntax", normal)
        if NUMBER.fullmatch(body):
            total = Fraction(body)
        else:
            total = self._total(body)
        if (total * 10**self.digits).denominator != 1:
            raise CompoundError("precision", text.strip())
        amount = _shift(int(total * 10**self.digits), self.digits)
        return amount.copy_negate() if sign < 0 and amount else amount

    def _total(self, text) -> Fraction:
        trouble = [(-1, "syntax", text)]
        totals = set()
        for reading in self._readings(text, 0, trouble):
            names = [name for _number, name in reading]
            if len(set(names)) < len(names):
                trouble.append((len(text), "repeated", text))
                continue
            if any(len(self._factors[name]) > 1 for name in names):
                raise CompoundError("ambiguous", text)
            totals.add(
                sum(number * min(self._factors[name]) for number, name in reading)
            )
        if len(totals) > 1:
            raise CompoundError("ambiguous", text)
        if not totals:
            _position, reason, part = max(trouble, key=lambda place: place[0])
            raise CompoundError(reason, part)
        return totals.pop()

    def _readings(self, text, start, trouble):
        """Yield each way to read ``text[start:]`` as [(number, unit name), …].

        What keeps a way from going on is left in ``trouble`` as (position, reason,
        part of the text).
        """
        if start == len(text):
            yield []
            return
        number = NUMBER.match(text, start)
        if not number:
            trouble.append((start, "syntax", text[start:]))
            return
        begin = _skip_spaces(text, number.end())
        names = [name for name in self._factors if text.startswith(name, begin)]
        if begin == len(text) or text[begin].isdecimal() and not names:
            trouble.append((start, "unit_missing", number.group()))
        elif not names:
            unknown = re.match(r"[^0-9\s]*", text[begin:]).group()
            trouble.append((begin, "unknown", unknown or text[begin:]))
        for name in names:
            end = _skip_spaces(text, begin + len(name))
            for rest in self._readings(text, end, trouble):
                yield [(Fraction(number.group()), name), *rest]


def _round_half_up(number: Fraction) -> int:
    whole = int(abs(number) + Fraction(1, 2))
    return whole if number >= 0 else -whole


def _shift(whole: int, digits: int) -> Decimal:
    """``whole`` / 10^``digits``, exact, without trailing zeros."""
    while digits and not whole % 10:
        whole, digits = whole // 10, digits - 1
    return Decimal((0, tuple(map(int, str(whole))), -digits))


def _skip_spaces(text, start):
    while start < len(text) and text[start] == " ":
        start += 1
    return start


def _join(parts):
    """Parts in a row, with a space behind Latin names."""
    text = ""
    for part in parts:
        text += f" {part}" if text[-1:].isascii() and text else part
    return text

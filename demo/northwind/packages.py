# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
"""Reading Northwind's package texts: "10 boxes x 30 bags" is 300 bags in boxes of 30.

The outer package is what is bought and sold. Texts that count what is in it make it a
箱 of so many smaller units; texts that only weigh ("1 kg pkg.") name one unit.
"""

import re
from dataclasses import dataclass

OUTER = "箱"
UNIT_NAMES = {
    "bag": "袋",
    "bar": "条",
    "bottle": "瓶",
    "box": "盒",
    "boxes": "盒",
    "can": "听",
    "gift boxes": "礼盒",
    "glasses": "杯",
    "jar": "罐",
    "pie": "个",
    "piece": "块",
    "pkg": "包",
    "round": "块",
    "sausg": "根",
    "tin": "罐",
}
# Packages that the text only weighs: what one of them is, by its measure.
WEIGHED = {"g": "块", "ml": "瓶"}

NESTED = re.compile(r"(\d+) ([a-z]+)\.? x (\d+) ([a-z]+)\.?")
COUNTED = re.compile(r"(\d+) - [\d.]+ \w+ +([a-z]+)\.?")
PLAIN = re.compile(r"(\d+) (gift boxes|boxes|pieces|pies|pkgs|bags|bottles)\.?")
SINGLE = re.compile(r"[\d.]+ ?\w+ (?:per )?(pkg|box|bottle)\.?")
MEASURE = re.compile(r"\d+ (g|ml)")


@dataclass(frozen=True)
class Package:
    """How a product is counted.

    :ivar base: the innermost unit, factor 1
    :ivar units: (name, factor) of the packages above it, smallest first
    """

    base: str
    units: tuple[tuple[str, int], ...] = ()

    @property
    def sold(self):
        """(name, factor) of the unit in which the product is bought and sold."""
        return self.units[-1] if self.units else (self.base, 1)


def unit_name(word):
    """Chinese name of an English unit word, singular or plural."""
    for name in (word, word.removesuffix("s")):
        if name in UNIT_NAMES:
            return UNIT_NAMES[name]
    raise ValueError(f"unknown unit: {word}")


def parse_package(text):
    """Package of a text from ``products.quantity_per_unit``.

    >>> parse_package("10 boxes x 30 bags")
    Package(base='袋', units=(('盒', 30), ('箱', 300)))
    >>> parse_package("24 - 12 oz bottles")
    Package(base='瓶', units=(('箱', 24),))
    >>> parse_package("1 kg pkg.")
    Package(base='包', units=())

    :raise ValueError: when the text is of no known form
    """
    if match := NESTED.fullmatch(text):
        outer, middle, inner, base = match.groups()
        units = ((unit_name(middle), int(inner)), (OUTER, int(outer) * int(inner)))
        return Package(unit_name(base), units)
    if match := COUNTED.fullmatch(text) or PLAIN.fullmatch(text):
        count, base = match.groups()
        return Package(unit_name(base), ((OUTER, int(count)),))
    if match := SINGLE.fullmatch(text):
        return Package(unit_name(match[1]))
    if match := MEASURE.fullmatch(text):
        return Package(WEIGHED[match[1]])
    raise ValueError(f"unknown package text: {text!r}")

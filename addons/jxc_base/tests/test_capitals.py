# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
import doctest
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from ..tools import capitals
from ..tools.capitals import DIGITS, to_capitals

PLACES = {"拾": 10, "佰": 100, "仟": 1000}


def read_integer(text):
    """The number that capitals say, read independently of how they are written."""
    total, group, digit = 0, 0, 0
    for character in text:
        if character in DIGITS:
            digit = DIGITS.index(character)
        elif character in PLACES:
            group += digit * PLACES[character]
            digit = 0
        elif character == "万":
            group, digit = group + digit, 0
            total = total + group * 10_000
            group = 0
        elif character == "亿":
            group, digit = group + digit, 0
            total = (total + group) * 100_000_000
            group = 0
    return total + group + digit


def read(text):
    """The amount in fen."""
    sign = -1 if text.startswith("负") else 1
    text = text.removeprefix("负").removesuffix("整")
    yuan, mark, rest = text.partition("元")
    if not mark:
        yuan, rest = "", text
    cents = 0
    for value, unit in ((10, "角"), (1, "分")):
        if unit in rest:
            cents += DIGITS.index(rest[rest.index(unit) - 1]) * value
    return sign * (read_integer(yuan) * 100 + cents)


@tagged("post_install", "-at_install")
class TestCapitals(BaseCase):
    def test_doctest(self):
        self.assertFalse(doctest.testmod(capitals).failed)

    def test_known(self):
        for amount, text in (
            ("1409.50", "壹仟肆佰零玖元伍角整"),
            ("6007.14", "陆仟零柒元壹角肆分"),
            ("107000.53", "壹拾万柒仟元伍角叁分"),
            ("16409.02", "壹万陆仟肆佰零玖元零贰分"),
            ("325.04", "叁佰贰拾伍元零肆分"),
            ("100000000", "壹亿元整"),
            ("100010000", "壹亿零壹万元整"),
            ("1000000000000", "壹万亿元整"),
            ("-37290", "负叁万柒仟贰佰玖拾元整"),
            ("0.5", "伍角整"),
        ):
            self.assertEqual(to_capitals(amount), text)

    @settings(max_examples=400, deadline=None)
    @given(st.integers(-(10**13) + 1, 10**13 - 1))
    def test_reads_back(self, cents):
        text = to_capitals(Decimal(cents) / 100)
        self.assertEqual(read(text), cents)
        self.assertNotIn("零零", text)
        self.assertEqual(text.endswith("整"), cents % 10 == 0)

    @settings(max_examples=200, deadline=None)
    @given(st.integers(10**17, 10**20 - 1))
    def test_large_amounts_have_words(self, yuan):
        text = to_capitals(yuan)
        self.assertNotIn("零零", text)
        self.assertTrue(text.endswith("元整"))

    def test_refused(self):
        for amount in (10**20, float("nan"), float("inf"), "ten"):
            with self.assertRaises(ValueError):
                to_capitals(amount)

# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
import doctest
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from odoo.addons.jxc_stock.tools import compound
from odoo.addons.jxc_stock.tools.compound import Compound, CompoundError, Unit, is_name

BASES = ["瓶", "kg", "Units", "m²", "Pack of 6", "500ml"]
NAMES = st.text(alphabet="箱盒提aBc 打6", min_size=1, max_size=4).filter(is_name)


@st.composite
def compounds(draw):
    """Any units at a precision: names may repeat, factors need not be whole."""
    digits = draw(st.integers(0, 4))
    factors = st.integers(1, 10 ** (digits + 4)).map(
        lambda number: Decimal(number).scaleb(-digits)
    )
    units = draw(st.lists(st.tuples(NAMES, factors, st.booleans()), max_size=5))
    base = draw(st.sampled_from(BASES))
    return Compound(base, [Unit(*unit) for unit in units], digits)


@tagged("post_install", "-at_install")
class TestCompound(BaseCase):
    def test_doctests(self):
        """The examples in the documentation are true."""
        result = doctest.testmod(compound)
        self.assertGreater(result.attempted, 10)
        self.assertFalse(result.failed)

    @settings(max_examples=500, deadline=None, database=None)
    @given(compounds(), st.integers(-(10**11), 10**11))
    def test_round_trip(self, units, number):
        """What is written is read back as exactly the same quantity."""
        quantity = float(Decimal(number).scaleb(-units.digits))
        text = units.format(quantity)
        self.assertEqual(float(units.parse(text)), quantity, text)

    def test_no_dust(self):
        """A rest as small as the precision stays, nothing smaller appears."""
        units = Compound("kg", [Unit("箱", Decimal("2.5")), Unit("袋", Decimal("0.1"))])
        self.assertEqual(units.format(0.1 + 0.2), "0.3 kg")
        self.assertEqual(units.format(7.5), "3箱")
        self.assertEqual(units.format(7.51), "3箱0.01 kg")
        self.assertEqual(units.format(-2.504), "-1箱")
        self.assertEqual(units.format(0), "0 kg")
        self.assertEqual(units.format(-0.001), "0 kg")
        self.assertEqual(units.parse("3箱2袋"), Decimal("7.7"))

    def test_spellings(self):
        """Full-width, spaces, signs and letter case do not matter."""
        units = Compound("瓶", [Unit("箱", Decimal(12)), Unit("Box", Decimal(6))])
        for text, quantity in {
            "41": 41,
            "４１": 41,
            "-41": -41,
            "－４１瓶": -41,
            "3 箱 5 瓶": 41,
            "３箱５瓶": 41,
            "-3箱5瓶": -41,
            "−3箱5瓶": -41,
            "+3箱": 36,
            "5瓶3箱": 41,
            "1.5箱": 18,
            "1箱2.5瓶": Decimal("14.5"),
            "2 box": 12,
            "2ＢＯＸ": 12,
            "3箱(12瓶)": 36,
            "0瓶": 0,
        }.items():
            with self.subTest(text=text):
                self.assertEqual(units.parse(text), quantity)

    def test_refused(self):
        """What has no single exact reading is refused, with the reason."""
        units = Compound(
            "瓶",
            [Unit("箱", Decimal(12)), Unit("盒", Decimal(6)), Unit("盒", Decimal(8))],
        )
        for text, reason in {
            "": "syntax",
            "   ": "syntax",
            "箱": "syntax",
            "三箱": "syntax",
            "3箱-5瓶": "syntax",
            "--3": "syntax",
            "nan": "syntax",
            "1e3": "unknown",
            "3条": "unknown",
            "3箱2条": "unknown",
            "1,234瓶": "unknown",
            "3箱5": "unit_missing",
            "3 5瓶": "unit_missing",
            "2箱3箱": "repeated",
            "2盒": "ambiguous",
            "0.001瓶": "precision",
            "0.3333箱": "precision",
            "0.001": "precision",
            "9" * 300: "syntax",
        }.items():
            with self.subTest(text=text), self.assertRaises(CompoundError) as refused:
                units.parse(text)
            self.assertEqual(refused.exception.reason, reason, text)

    def test_not_a_quantity(self):
        for number in (float("nan"), float("inf")):
            with self.subTest(number=number), self.assertRaises(ValueError):
                Compound("瓶").format(number)

    def test_huge(self):
        """Larger than floating point can count, still exact."""
        units = Compound("瓶", [Unit("箱", Decimal(12))], 2)
        quantity = Decimal(f"12{'0' * 39}5.25")
        self.assertEqual(units.format(quantity), f"1{'0' * 40}箱5.25瓶")
        self.assertEqual(units.parse(units.format(quantity)), quantity)

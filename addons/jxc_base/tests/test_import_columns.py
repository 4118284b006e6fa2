# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
import datetime
import string

from hypothesis import given, settings
from hypothesis import strategies as st

from odoo.tests import TransactionCase, tagged

from odoo.addons.jxc_base.tools.importing import BadCell, Column, Limits

# No deadline: a busy machine is no failure.
PROPERTY = settings(max_examples=100, deadline=None)
# What people write in cells: any plain text, Chinese included.
TEXTS = (
    st.text(
        st.characters(exclude_categories=("C", "Z")) | st.sampled_from(" 　箱瓶"),
        min_size=1,
        max_size=60,
    )
    .map(str.strip)
    .filter(lambda text: text and not text.startswith("="))
)
NUMBERS = st.decimals(
    min_value=-Limits.NUMBER, max_value=Limits.NUMBER, places=6, allow_nan=False
).map(float)
DATES = st.dates(
    datetime.date(Limits.FIRST_YEAR, 1, 1), datetime.date(Limits.LAST_YEAR, 12, 31)
)
NAMES = st.text(string.ascii_letters + "供应商_", min_size=1, max_size=10)


@tagged("post_install", "-at_install")
class TestImportColumns(TransactionCase):
    """One cell to one value, and back."""

    def assertRoundTrip(self, column, value):
        self.assertEqual(column.parse(column.format(value)), value)

    def assertRefused(self, column, text, *words):
        with self.assertRaises(BadCell, msg=repr(text)) as refusal:
            column.parse(text)
        message = self.env._(refusal.exception.text)
        for word in words:
            self.assertIn(word, message)

    @PROPERTY
    @given(TEXTS)
    def test_char_round_trip(self, value):
        self.assertRoundTrip(Column("name"), value)

    @PROPERTY
    @given(NUMBERS, st.sampled_from(["float", "amount", "qty"]))
    def test_number_round_trip(self, value, kind):
        self.assertRoundTrip(Column("number", type=kind), value)

    @PROPERTY
    @given(st.integers(-Limits.INTEGER, Limits.INTEGER))
    def test_integer_round_trip(self, value):
        self.assertRoundTrip(Column("days", type="integer"), value)

    @PROPERTY
    @given(DATES)
    def test_date_round_trip(self, value):
        self.assertRoundTrip(Column("date", type="date"), value)

    @PROPERTY
    @given(st.booleans())
    def test_bool_round_trip(self, value):
        self.assertRoundTrip(Column("active", type="bool"), value)

    @PROPERTY
    @given(st.sampled_from(["customer", "vendor"]))
    def test_selection_round_trip(self, value):
        column = Column("kind", type="selection", values=("customer", "vendor"))
        self.assertRoundTrip(column, value)

    @PROPERTY
    @given(st.frozensets(NAMES, min_size=1, max_size=5))
    def test_set_round_trip(self, value):
        self.assertRoundTrip(Column("tags", type="set"), value)

    @PROPERTY
    @given(st.text(max_size=30))
    def test_any_text_is_read_or_refused(self, text):
        """No text makes a column fail in another way than by BadCell."""
        for kind in ("char", "float", "integer", "date", "bool", "set"):
            column = Column("x", type=kind)
            try:
                value = column.parse(text)
            except BadCell:
                continue
            self.assertEqual(column.parse(column.format(value)), value)

    def test_empty_is_none(self):
        for text in ("", "  ", "\u3000", None):
            self.assertIsNone(Column("name").parse(text))
            self.assertRefused(Column("name", required=True), text, "required")

    def test_text_is_stripped_and_kept(self):
        self.assertEqual(Column("name").parse(" 3号 红酒 "), "3号 红酒")
        self.assertEqual(Column("zip").parse("00123"), "00123")
        self.assertEqual(Column("note").parse("a\r\nb"), "a\nb")

    def test_text_refused(self):
        self.assertRefused(Column("name"), "=1+1", "formula", "=1+1")
        self.assertRefused(Column("name"), '=HYPERLINK("x")', "formula")
        self.assertRefused(Column("name"), "a\x00b", "control")
        self.assertRefused(Column("name"), "a\x1bb", "control")
        self.assertRefused(Column("name"), "x" * 4001, "4001", "4000")

    def test_numbers_refused(self):
        column = Column("price", type="amount")
        for text in (
            "nan",
            "NaN",
            "inf",
            "-Infinity",
            "1e5",
            "0x10",
            "1_000",
            "1,234.50",
            "１２３",
            "١٢٣",
            "12元",
            "￥12",
            "=1+1",
            ".5",
            "5.",
            "--1",
            "1 2",
        ):
            self.assertRefused(column, text, "1234.5")
        self.assertRefused(column, "1" * 13, "too large")
        self.assertRefused(column, "9" * 400, "too large")
        self.assertRefused(column, "0.1234567890123", "decimals")
        self.assertEqual(column.parse("-0"), 0)
        self.assertEqual(column.parse("+1.50"), 1.5)

    def test_bounds(self):
        qty = Column("qty", type="qty", above=0, maximum=100)
        self.assertEqual(qty.parse("0.001"), 0.001)
        self.assertEqual(qty.parse("100"), 100)
        self.assertRefused(qty, "0", "greater than 0")
        self.assertRefused(qty, "100.1", "at most 100")
        self.assertRefused(Column("p", type="float", minimum=0), "-0.01", "at least 0")

    def test_integers_refused(self):
        column = Column("days", type="integer")
        for text in ("1.0", "３０", "thirty", "1e3"):
            self.assertRefused(column, text, "whole number")
        self.assertRefused(column, "2147483648", "too large")
        self.assertRefused(column, "9" * 5000, "characters")

    def test_dates_refused(self):
        column = Column("date", type="date")
        for text in (
            "2024/01/31",
            "31.01.2024",
            "20240131",
            "2024-1-31",
            "2024-02-30",
            "2024-13-01",
            "２０２４-01-31",
            "2024年1月31日",
            "2024-01-31 10:00:00",
            "1024-01-31",
            "45322",
        ):
            self.assertRefused(column, text, "2024-01-31")

    def test_choices_refused_with_what_is_accepted(self):
        kind = Column("kind", type="selection", values=("customer", "vendor"))
        self.assertRefused(kind, "Customer", "customer", "vendor")
        self.assertRefused(Column("active", type="bool"), "yes", "0", "1")
        use = Column("use", type="set", values=("purchase", "sale"))
        self.assertEqual(use.parse("sale; purchase;"), {"purchase", "sale"})
        self.assertRefused(use, "sale;rent", "rent", "purchase")
        self.assertRefused(use, "sale；purchase", ";")

    def test_unknown_type_is_a_programming_error(self):
        with self.assertRaises(ValueError):
            Column("x", type="money")

# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
"""Vouchers for property tests."""

import datetime
from decimal import Decimal

from hypothesis import strategies as st

from ..tools.voucher import AUX_KINDS, Aux, Entry, Voucher

TEXTS = st.text(
    st.one_of(
        st.characters(exclude_categories=["Cs", "Cn", "Co"]),
        st.sampled_from("，,-=+@'\"<>&;\t\r\n销售收款摘要①€"),
    ),
    max_size=80,
)
CODES = st.text(st.sampled_from("0123456789.ABCXYZabc_客部"), min_size=1, max_size=15)
AMOUNTS = st.builds(
    lambda cents, sign: Decimal(cents) / 100 * sign,
    st.integers(1, 10**13),
    st.sampled_from([1, 1, 1, -1]),
)


@st.composite
def entries(draw):
    """Entries that balance, in the currency of the books or another one."""
    found, total = [], Decimal(0)
    for _number in range(draw(st.integers(1, 3))):
        amount = draw(AMOUNTS)
        found.append((amount, True))
        total += amount
    if not total:
        found.append((Decimal("1.00"), True))
        total = Decimal("1.00")
    found.append((total, False))
    return tuple(draw(entry(amount, is_debit)) for amount, is_debit in found)


@st.composite
def entry(draw, amount, is_debit):
    sign = 1 if is_debit else -1
    foreign = draw(st.booleans())
    rate = Decimal(draw(st.integers(1, 10**6))) / 10**4 if foreign else Decimal(1)
    original = amount
    if foreign:
        original = (amount / rate).quantize(Decimal("0.01")) or amount
        if abs(original) > 10**12:
            foreign, rate, original = False, Decimal(1), amount
    return Entry(
        summary=draw(TEXTS),
        account=draw(CODES),
        account_name=draw(TEXTS),
        debit=amount if is_debit else Decimal(0),
        credit=Decimal(0) if is_debit else amount,
        currency="USD" if foreign else "CNY",
        amount_currency=original * sign,
        rate=rate,
        quantity=Decimal(draw(st.integers(0, 10**9))) / 1000,
        aux=tuple(
            Aux(kind, draw(CODES), draw(TEXTS))
            for kind in draw(st.lists(st.sampled_from(AUX_KINDS), unique=True))
        ),
        cash_flow=draw(st.one_of(st.just(""), CODES)),
    )


@st.composite
def vouchers(draw):
    """A list of vouchers with different keys and numbers."""
    return [
        Voucher(
            key=f"JXC{position}",
            date=draw(st.dates(datetime.date(2000, 1, 1), datetime.date(2099, 12, 31))),
            word=draw(st.sampled_from(["记", "收", "付", "转", ""])),
            number=position + 1,
            attachments=draw(st.integers(0, 999)),
            prepared_by=draw(TEXTS),
            checked_by=draw(TEXTS),
            cashier=draw(TEXTS),
            entries=draw(entries()),
        )
        for position in range(draw(st.integers(1, 4)))
    ]

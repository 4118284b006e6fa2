# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
"""Amounts in the capital characters of Chinese documents."""

from decimal import ROUND_HALF_UP, Decimal

DIGITS = "零壹贰叁肆伍陆柒捌玖"
PLACES = ("", "拾", "佰", "仟")
GROUPS = ("", "万", "亿", "万亿", "亿亿")
#: Amounts from here on have no usual way of writing.
LIMIT = Decimal(10) ** 20


def _group(number, places):
    """Four digits in words; ``places`` pads with 零 in front if they are not full."""
    text, has_zero = "", False
    for place in reversed(range(4)):
        digit = number // 10**place % 10
        if digit:
            text += ("零" if has_zero and (text or places) else "") + (
                DIGITS[digit] + PLACES[place]
            )
            has_zero = False
        else:
            has_zero = True
    return text


def _integer(number):
    """A whole number in words; empty for zero.

    >>> _integer(10_0000_0005)
    '壹拾亿零伍'
    """
    groups = []
    while number:
        groups.append(number % 10_000)
        number //= 10_000
    text, was_empty = "", False
    for index in reversed(range(len(groups))):
        if groups[index]:
            words = _group(groups[index], places=bool(text))
            if was_empty and not words.startswith("零"):
                words = "零" + words
            text += words + GROUPS[index]
        was_empty = not groups[index]
    return text


def to_capitals(amount):
    """An amount in yuan as it is written on vouchers, cheques and receipts.

    Rounded to the fen, half up. Negative amounts are red entries and begin with 负.

    :param amount: int, float, Decimal or str
    :raise ValueError: for amounts of 10^20 and more, and for what is no number

    >>> to_capitals(0)
    '零元整'
    >>> to_capitals(10)
    '壹拾元整'
    >>> to_capitals("6007.14")
    '陆仟零柒元壹角肆分'
    >>> to_capitals(0.05)
    '伍分'
    >>> to_capitals(1000300.5)
    '壹佰万零叁佰元伍角整'
    >>> to_capitals(1680.32), to_capitals(107000.53)
    ('壹仟陆佰捌拾元叁角贰分', '壹拾万柒仟元伍角叁分')
    >>> to_capitals(16409.02), to_capitals(325.04)
    ('壹万陆仟肆佰零玖元零贰分', '叁佰贰拾伍元零肆分')
    >>> to_capitals(10001000), to_capitals(100000000), to_capitals(5)
    ('壹仟万壹仟元整', '壹亿元整', '伍元整')
    >>> to_capitals(0.5), to_capitals(-3.1)
    ('伍角整', '负叁元壹角整')
    >>> to_capitals(20300.0), to_capitals(60000005)
    ('贰万零叁佰元整', '陆仟万零伍元整')
    >>> to_capitals(20.03)
    '贰拾元零叁分'
    """
    try:
        value = Decimal(repr(amount) if isinstance(amount, float) else amount)
        value = value.quantize(Decimal("0.01"), ROUND_HALF_UP)
    except ArithmeticError as error:
        raise ValueError(f"{amount!r} is no amount") from error
    if not value.is_finite() or abs(value) >= LIMIT:
        raise ValueError(f"{amount!r} is too large to be written in words")
    sign = "负" if value < 0 else ""
    yuan, cents = divmod(int(abs(value) * 100), 100)
    jiao, fen = divmod(cents, 10)
    text = _integer(yuan)
    text = f"{text}元" if text else ""
    if not cents:
        return f"{sign}{text or '零元'}整"
    if jiao:
        text += f"{DIGITS[jiao]}角"
    elif text:
        text += "零"
    return sign + text + (f"{DIGITS[fen]}分" if fen else "整")

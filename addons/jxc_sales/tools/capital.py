# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
"""Amounts in Chinese capital characters, as on contracts and receipts."""

from decimal import ROUND_HALF_UP, Decimal

DIGITS = "零壹贰叁肆伍陆柒捌玖"
PLACES = ("", "拾", "佰", "仟")
SECTIONS = ("", "万", "亿", "万亿")


def capital(amount):
    """Return an amount of money in capital characters.

    >>> capital(1680.32)
    '壹仟陆佰捌拾元叁角贰分'
    >>> capital(107000.53)
    '壹拾万柒仟元伍角叁分'
    >>> capital(16409.02), capital(325.04)
    ('壹万陆仟肆佰零玖元零贰分', '叁佰贰拾伍元零肆分')
    >>> capital(10001000), capital(100000000), capital(5)
    ('壹仟万壹仟元整', '壹亿元整', '伍元整')
    >>> capital(0), capital(0.5), capital(-3.1), capital(0.05)
    ('零元整', '伍角整', '负叁元壹角整', '伍分')
    >>> capital(20300.0), capital(60000005)
    ('贰万零叁佰元整', '陆仟万零伍元整')
    """
    cents = int((Decimal(str(amount)) * 100).quantize(Decimal(1), ROUND_HALF_UP))
    sign, cents = ("负", -cents) if cents < 0 else ("", cents)
    if not cents:
        return "零元整"
    whole, (tenths, hundredths) = cents // 100, divmod(cents % 100, 10)
    text = f"{_whole(whole)}元" if whole else ""
    if tenths:
        text += f"{DIGITS[tenths]}角"
    elif hundredths and whole:
        text += "零"
    text += f"{DIGITS[hundredths]}分" if hundredths else "整"
    return sign + text


def _whole(number):
    """A whole number: sections of four digits, zeros between digits said once."""
    text, gap = "", False
    for position in reversed(range(len(SECTIONS))):
        section = number // 10000**position % 10000
        if not section:
            gap = gap or bool(text)
            continue
        if text and (gap or section < 1000):
            text += "零"
        text += _section(section) + SECTIONS[position]
        gap = False
    return text


def _section(number):
    text, gap = "", False
    for position in reversed(range(len(PLACES))):
        digit = number // 10**position % 10
        if not digit:
            gap = gap or bool(text)
            continue
        if gap:
            text += "零"
        text += DIGITS[digit] + PLACES[position]
        gap = False
    return text

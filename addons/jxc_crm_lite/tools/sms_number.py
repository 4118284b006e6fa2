# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
"""Mobile numbers as gateways in China take them."""

import re
import unicodedata

PUNCTUATION = re.compile(r"[\s\-().·\u2010-\u2015]")
CHINESE = re.compile(r"(?:\+?86|0086)?(1[3-9]\d{9})", re.ASCII)
FOREIGN = re.compile(r"(?:\+|00)((?!86)[1-9]\d{6,14})", re.ASCII)


def mobile(text, abroad=False):
    """Return a mobile number as +8613800138000, "" when it is none.

    :param str text: as people write it, full-width digits included
    :param bool abroad: whether numbers of other countries count, with + or 00

    >>> [mobile(text) for text in ("138-0013 8000", "008613800138000")]
    ['+8613800138000', '+8613800138000']
    >>> mobile("１３８００１３８０００")
    '+8613800138000'
    >>> mobile("0574-87001122"), mobile("12800138000"), mobile("1380013800")
    ('', '', '')
    >>> mobile("\\u202a138\\u2013001\\u201338000\\u202c")  # as a phone book copies it
    '+8613800138000'
    >>> mobile("+49 170 1234567"), mobile("+49 170 1234567", abroad=True)
    ('', '+491701234567')
    """
    text = PUNCTUATION.sub("", unicodedata.normalize("NFKC", text or ""))
    # Marks that say in which direction to write are not seen, but copied along.
    text = "".join(c for c in text if unicodedata.category(c) != "Cf")
    if found := CHINESE.fullmatch(text):
        return f"+86{found[1]}"
    found = FOREIGN.fullmatch(text) if abroad else None
    return f"+{found[1]}" if found else ""


def written(number, style):
    """Return a number of :func:`mobile` as a gateway wants it.

    >>> [written("+8613800138000", style) for style in ("plain", "86", "plus")]
    ['13800138000', '8613800138000', '+8613800138000']
    >>> written("+491701234567", "plain")
    '00491701234567'
    """
    if style == "plus":
        return number
    if style == "86":
        return number.removeprefix("+")
    if number.startswith("+86"):
        return number.removeprefix("+86")
    return number.replace("+", "00", 1)

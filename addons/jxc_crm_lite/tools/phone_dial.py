# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
"""What a dialling program gets of a phone number as people write it."""

import re
import unicodedata

# A pause in a number is followed by an extension, not by another number.
SEPARATORS = re.compile(r"[/、；|\n]|[,;，]\s*(?=\+?\d[\d\s\-]{6})|\s或\s?|或")
EXTENSION = re.compile(
    r"(?:转|轉|分机|分機|ext(?:ension)?\.?|\bx|#|,|;)\D*(\d{1,6})\D*$"
)
TRUNK = re.compile(r"^(\+\d[\d\s\-]*)\(0\)")
LEAST = 3


def dialled(text):
    """Return the first number, "," before its extension; "" when there is none.

    Signs that are commands to a phone (``*``, ``#``) are not dialled: customers write
    their numbers themselves in the portal and on the web form.

    >>> dialled("0574-8700 1122"), dialled("+86 (0)574 8700-1122")
    ('057487001122', '+8657487001122')
    >>> dialled("13800138000 / 13900139000"), dialled("13800138000，13900139000")
    ('13800138000', '13800138000')
    >>> dialled("１３８００１３８０００"), dialled("\\u202a138\\u20130013 8000\\u202c")
    ('13800138000', '13800138000')
    >>> dialled("0574-87001122转801"), dialled("0574-87001122 ext. 12")
    ('057487001122,801', '057487001122,12')
    >>> dialled("*2767*3855#"), dialled("call me"), dialled("95588")
    ('', '', '95588')
    """
    text = unicodedata.normalize("NFKC", text or "").strip().lower()
    if text.startswith(("*", "#")):
        return ""
    text = SEPARATORS.split(text)[0]
    text = TRUNK.sub(r"\1", text)
    extension = ""
    if found := EXTENSION.search(text):
        extension, text = f",{found[1]}", text[: found.start()]
    plus = "+" if re.match(r"\W*\+", text) else ""
    digits = re.sub(r"[^0-9]", "", text)
    return f"{plus}{digits}{extension}" if len(digits) >= LEAST else ""

# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
"""A look at XML of others before a parser gets it.

Parsers compare each attribute of an element with those before it: an element with
hundreds of thousands of them, a megabyte or two, keeps one busy for minutes.
"""

import re

#: attributes of one element; no document that people exchange has as many
ATTRIBUTES = 256
#: what stands between two "<", if it is long enough to hold that many
_LONG = re.compile(rb"<[^<]{1000,}")
#: of a tag: up to the end of an attribute's value, which may hold ">"
_ATTRIBUTE = re.compile(rb"""[^"'>]*(?:"[^"]*"|'[^']*')""")


def has_endless_tag(content: bytes):
    """Whether an element has more attributes than are accepted.

    :param content: a document in UTF-8 or another encoding that keeps ASCII

    >>> has_endless_tag(b"<a " + b"".join(b'a%d="" ' % n for n in range(300)) + b"/>")
    True
    >>> has_endless_tag(b"<a>" + b'b="" ' * 300 + b"</a>")
    False
    """
    for found in _LONG.finditer(content):
        place = count = 0
        while match := _ATTRIBUTE.match(found[0], place):
            place, count = match.end(), count + 1
            if count > ATTRIBUTES:
                return True
    return False

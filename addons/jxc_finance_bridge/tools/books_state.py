# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
"""A cursor that says what a reader was told: a digest for each part of the books.

What is compared is what was told with what is there now, so nothing that is committed
late, taken back or deleted is left out, and the server remembers nothing.
"""

import base64
import binascii
import hashlib
import json
import zlib

#: what a cursor may be at most, packed and unpacked
MOST_TEXT, MOST_STATE = 1_000_000, 4_000_000


def digest(*values):
    """Return a short text that is another one when the values are.

    >>> digest("2026-03", 5.0) == digest("2026-03", 5.0)
    True
    >>> digest("2026-03", 5.0) == digest("2026-03", 5.1)
    False
    """
    return hashlib.blake2b(repr(values).encode(), digest_size=8).hexdigest()


def write_cursor(question, state):
    """Return a cursor of what was told as answers to a question.

    :param question: tuple of what was asked
    :param state: {key: digest}, all texts

    >>> cursor = write_cursor(("balances", 1), {"2026-03": "ab"})
    >>> read_cursor(cursor, ("balances", 1))
    {'2026-03': 'ab'}
    """
    packed = zlib.compress(json.dumps([digest(*question), state]).encode())
    return base64.urlsafe_b64encode(packed).decode()


def read_cursor(cursor, question):
    """Return what was told, or None for what is no cursor of this question.

    >>> cursor = write_cursor(("balances", 1), {})
    >>> read_cursor(cursor, ("balances", 2)) is None
    True
    >>> [read_cursor(text, ("balances", 1)) for text in ("x", "eA==", 5, "é", "")]
    [None, None, None, None, None]
    >>> bomb = base64.urlsafe_b64encode(zlib.compress(b" " * (MOST_STATE + 1)))
    >>> read_cursor(bomb.decode(), ("balances", 1)) is None
    True
    """
    if not isinstance(cursor, str) or len(cursor) > MOST_TEXT:
        return None
    try:
        packed = base64.b64decode(cursor.encode(), altchars=b"-_", validate=True)
        unpacked = zlib.decompressobj().decompress(packed, MOST_STATE)
        asked, state = json.loads(unpacked)
    except (binascii.Error, zlib.error, ValueError, TypeError, RecursionError):
        return None
    if asked != digest(*question) or not isinstance(state, dict):
        return None
    return state if all(isinstance(told, str) for told in state.values()) else None

# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
"""Codes of accounts by their structure: a heading of 4 digits, then 2 each level."""

import re

HEADING, STEP = 4, 2
#: levels that the structure always names
LEVELS = 3
SEPARATOR = re.compile(r"[.-]")


def parents_of(code):
    """Codes of the accounts above an account, from the heading down.

    >>> parents_of("10120101"), parents_of("1012"), parents_of("1002.01.03")
    (['1012', '101201'], [], ['1002', '1002.01'])
    """
    if code.isdigit():
        return [code[:end] for end in range(HEADING, len(code), STEP)]
    return [code[: found.start()] for found in SEPARATOR.finditer(code)]


def level_of(code):
    """
    >>> level_of("1012"), level_of("101201"), level_of("1002.01.03")
    (1, 2, 3)
    """
    return len(parents_of(code)) + 1


def structure_of(codes):
    """What the ledger says about the structure of its codes.

    >>> structure_of(["1012", "101201"]), structure_of(["1012010101"])
    ('4-2-2', '4-2-2-2')
    """
    deepest = max((level_of(code) for code in codes), default=1)
    return "-".join([str(HEADING)] + [str(STEP)] * (max(deepest, LEVELS) - 1))

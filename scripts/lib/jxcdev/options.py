# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
"""Command line options that several commands share."""

import argparse
import re

RESERVED = {"postgres", "template0", "template1"}


def database_name(text):
    """Return the name when it can be a database's."""
    if not re.fullmatch(r"[a-z0-9][a-z0-9_.-]{0,49}", text) or text in RESERVED:
        raise argparse.ArgumentTypeError(
            f"{text!r} is no database name: small letters, digits, '_', '.' and '-'"
        )
    return text


def port(text):
    """Return the number of a port."""
    if not text.isdigit() or not 1 <= int(text) <= 65535:
        raise argparse.ArgumentTypeError(f"{text!r} is no port: 1 to 65535")
    return int(text)


def workers(text):
    """Return the number of worker processes."""
    if not text.isdigit() or int(text) == 1:
        raise argparse.ArgumentTypeError(
            f"{text!r}: 0 for one threaded process, or 2 and more (1 cannot print)"
        )
    return int(text)


def names(text):
    """Return a list of addon names."""
    result = [name for name in text.split(",") if name]
    if not result or not all(re.fullmatch(r"[a-z0-9_]+", name) for name in result):
        raise argparse.ArgumentTypeError(f"{text!r} is no list of addons: a,b")
    return result


def language(text):
    """Return the code of a language."""
    if not re.fullmatch(r"[a-z]{2,3}(_[A-Z][A-Za-z]{1,3})?(@[a-z]+)?", text):
        raise argparse.ArgumentTypeError(f"{text!r} is no language: zh_CN, en_US, ...")
    return text

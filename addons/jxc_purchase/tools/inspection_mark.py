# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
"""Marks under which goods may enter and leave inspection places.

As in :mod:`.token`: clients send only JSON in their context, so an instance of this
class proves that an inspection itself is moving the goods.
"""

from contextlib import contextmanager

INSPECTION = "jxc_purchase_inspection"
FINISHING = "jxc_purchase_finishing"


class Mark:
    """Present while receipts bring goods to be inspected and inspections move them."""

    def __init__(self):
        self.is_open = True


@contextmanager
def inspecting(records):
    """Yield the records with the mark; it is void when the block ends."""
    with _marked(records, INSPECTION) as marked:
        yield marked


@contextmanager
def finishing(moves):
    """Yield moves that the platform is finishing, and whose state it may write."""
    with _marked(moves, FINISHING) as marked:
        yield marked


def is_inspecting(env):
    """Whether a receipt or an inspection is moving goods at present."""
    return _is_marked(env, INSPECTION)


def is_finishing(env):
    """Whether the platform is finishing moves at present."""
    return _is_marked(env, FINISHING)


@contextmanager
def _marked(records, key):
    mark = Mark()
    try:
        yield records.with_context(**{key: mark})
    finally:
        mark.is_open = False


def _is_marked(env, key):
    found = env.context.get(key)
    return isinstance(found, Mark) and found.is_open

# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
"""The mark of documents of the past being replayed by an import.

What the platform does for the day of today, document by document, is done once for all
or not at all while it is open: reordering rules, average costs, notes and mails.

A client may send any context over RPC, but only JSON or XML values: it cannot make an
instance of the class.
"""

from contextlib import contextmanager

REPLAY = "jxc_stock_replay"


class Replay:
    """Present in the context of a replay; remembers what is put off."""

    def __init__(self):
        self.is_open = True
        #: whether there are analytic distribution models at all, None before asking
        self.has_distributions = None
        #: ids of stock moves whose reordering rules have to look again
        self.moved = set()
        #: ids of products whose cost has to be computed again
        self.received = set()


def replay_of(env):
    """The open :class:`Replay`, or None."""
    found = env.context.get(REPLAY)
    return found if isinstance(found, Replay) and found.is_open else None


@contextmanager
def replaying(records):
    """Yield the records for replaying documents; at the end do what was put off.

    :param records: any records; what is reached from them replays too
    """
    replay = Replay()
    try:
        yield records.with_context(**{REPLAY: replay})
    finally:
        replay.is_open = False
    products = records.env["product.product"].browse(sorted(replay.received))
    products._update_standard_price()
    moves = records.env["stock.move"].browse(sorted(replay.moved))
    moves.exists()._update_orderpoints()

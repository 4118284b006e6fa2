# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
"""Start several clients at the same moment."""

import threading
from concurrent.futures import ThreadPoolExecutor


def at_once(count, run):
    """Call ``run(number)`` in ``count`` threads that start together; return results.

    :raise Exception: the first one that a thread raised
    """
    barrier = threading.Barrier(count)

    def start(number):
        barrier.wait()
        return run(number)

    with ThreadPoolExecutor(count) as pool:
        return list(pool.map(start, range(count)))

# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
"""Whether the state of entries is changing through posting, resetting or cancelling.

The platform writes the state with the user's own rights, like any client may. What
tells both apart is kept with the transaction, where no request can put it.
"""

from contextlib import contextmanager

DEPTH = "jxc_state_change"


@contextmanager
def state_change(env):
    """Let the platform's code write states of entries inside."""
    data = env.cr.precommit.data
    data[DEPTH] = data.get(DEPTH, 0) + 1
    try:
        yield
    finally:
        # a commit in between empties the data
        data[DEPTH] = max(data.get(DEPTH, 0) - 1, 0)


def is_state_change(env):
    """Whether posting, resetting or cancelling is under way."""
    return bool(env.cr.precommit.data.get(DEPTH))

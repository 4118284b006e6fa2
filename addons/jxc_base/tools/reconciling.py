# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from contextlib import contextmanager

RECONCILING = "jxc_reconciling"


class Reconciling:
    """Journal items are being reconciled. No client can put this into its context."""

    def __init__(self):
        self.is_open = True

    @classmethod
    @contextmanager
    def of(cls, records):
        """Yield ``records`` that may make reconciliations until the block ends."""
        mark = cls()
        try:
            yield records.with_context(**{RECONCILING: mark})
        finally:
            mark.is_open = False

    @staticmethod
    def is_on(env):
        """Whether items are being reconciled in this environment."""
        mark = env.context.get(RECONCILING)
        return isinstance(mark, Reconciling) and mark.is_open

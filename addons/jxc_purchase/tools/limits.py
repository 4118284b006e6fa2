# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
"""What the amounts of a budget line mean. Plain class, no database."""

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Limit:
    """Amounts judged for one budget line, over the periods that count together.

    >>> limit = Limit(790.0, 1000.0, 1100.0, 80.0, lambda amount: round(amount, 2))
    >>> limit.is_scarce(), limit.is_scarce(10.0), limit.is_over(310.0)
    (False, True, False)
    >>> limit.is_over(310.01), limit.available
    (True, 210.0)
    """

    #: of all stages
    used: float
    #: planned and adjusted
    base: float
    #: what a blocking line lets through: with tolerance
    capacity: float
    warn_percent: float
    round_amount: Callable[[float], float]

    @property
    def available(self):
        return self.round_amount(self.base - self.used)

    def is_over(self, more=0.0):
        """Whether ``more`` on top of what is used passes the limit."""
        return self.round_amount(self.used + more - self.capacity) > 0

    def is_scarce(self, more=0.0):
        """Whether ``more`` on top of what is used reaches the warning threshold."""
        threshold = self.base * self.warn_percent / 100.0
        return bool(self.warn_percent) and (
            self.round_amount(self.used + more - threshold) >= 0
        )

# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
"""Which budget line counts a purchase. Plain classes, no database."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class Scope:
    """What one budget line covers; None in a dimension means anything."""

    line_id: int
    account_id: int | None
    partner_id: int | None
    category_id: int | None
    date_from: date
    date_to: date

    @property
    def dimensions(self):
        return (self.account_id, self.partner_id, self.category_id)


class ScopeIndex:
    """The budget lines of one company, to find the most specific one for a purchase.

    Specific means: a line for the analytic account before one for any account; among
    those a line for the vendor before one for any vendor; among those the line for the
    nearest category. Two lines with the same dimensions and a common day would be
    ambiguous; :func:`ambiguous_pairs` finds them before a budget is confirmed.
    """

    def __init__(self, scopes):
        self._by_dimensions = defaultdict(list)
        for scope in scopes:
            self._by_dimensions[scope.dimensions].append(scope)

    def __bool__(self):
        return bool(self._by_dimensions)

    def find(self, day, account_ids, partner_id, category_ids):
        """Return the id of the line that counts, or None.

        :param day: the day of the purchase
        :param account_ids: its analytic accounts, the plan that ranks first first
        :param partner_id: the commercial partner of its vendor
        :param category_ids: its product category and the parents, nearest first
        """
        for account_id in (*account_ids, None):
            for vendor_id in (partner_id, None):
                for category_id in (*category_ids, None):
                    scopes = self._by_dimensions.get(
                        (account_id, vendor_id, category_id), ()
                    )
                    for scope in scopes:
                        if scope.date_from <= day <= scope.date_to:
                            return scope.line_id
        return None


def ambiguous_pairs(scopes):
    """Return pairs of scopes with equal dimensions and a day in common.

    >>> def scope(line, start, end, category=None):
    ...     days = date(2026, *start), date(2026, *end)
    ...     return Scope(line, None, None, category, *days)
    >>> year, june = scope(1, (1, 1), (12, 31)), scope(2, (6, 1), (6, 30))
    >>> [(a.line_id, b.line_id) for a, b in ambiguous_pairs([june, year])]
    [(1, 2)]
    >>> ambiguous_pairs([year, scope(3, (6, 1), (6, 30), category=5)])
    []
    """
    by_dimensions = defaultdict(list)
    for scope in scopes:
        by_dimensions[scope.dimensions].append(scope)
    pairs = []
    for same in by_dimensions.values():
        same.sort(key=lambda scope: (scope.date_from, scope.line_id))
        longest = same[0]
        for scope in same[1:]:
            if scope.date_from <= longest.date_to:
                pairs.append((longest, scope))
            if scope.date_to > longest.date_to:
                longest = scope
    return pairs

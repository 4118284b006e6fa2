# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
"""What the budget engine knows about one line of a request, an order or a bill."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any, NamedTuple

ORDER = "purchase.order"
BILL = "account.move"
REQUEST = "jxc.purchase.request"
BILL_TYPES = ("in_invoice", "in_refund", "in_receipt")
#: Decisions of a request that hold budget for what is not ordered yet.
HOLDING = ("submitted", "approved")


class EntryKey(NamedTuple):
    """What entries are summed by: one source, one stage, one place in the budgets."""

    res_model: str
    res_line_id: int
    res_id: int
    stage: str
    line_id: int
    analytic_account_id: int
    product_id: int
    category_id: int
    partner_id: int
    date: date
    company_id: int

    @property
    def source(self):
        return (self.res_model, self.res_line_id)


@dataclass
class Source:
    """One line: of a request (stage reserved), order (committed) or bill (actual)."""

    record: Any
    #: the request, order or bill
    document: Any
    stage: str
    company: Any
    #: whether the document is submitted (confirmed, posted) at all
    counts: bool
    #: what it uses now: untaxed, company currency; for requests what is not ordered
    #: yet, for orders what is not billed yet
    amount: float
    #: what it says in full, whatever became of it
    total: float
    day: date
    partner_id: int
    product: Any
    distribution: dict = field(default_factory=dict)
    #: the order line that a bill line bills
    order_line: Any = None
    #: the request lines that an order line serves
    request_line_ids: set = field(default_factory=set)
    #: look for the budget line again, even when nothing changed
    is_fresh: bool = False
    #: the rate that the amounts of an order in another currency are at, to be kept:
    #: see ``purchase.order._jxc_budget_rate``
    rate: list | None = None
    #: where it is counted: dims, category, shares, free (see ``jxc.budget.reader``)
    match: dict | None = None
    stored_match: dict | None = None

    @property
    def key(self):
        return (self.document._name, self.record.id)

    @property
    def dims(self):
        """What decides on the budget line, comparable after a round trip as JSON."""
        return [
            self.day.isoformat(),
            self.partner_id or 0,
            self.product.id or 0,
            self.distribution or {},
        ]

    @property
    def needs_match(self):
        return self.counts and (
            self.is_fresh
            or not self.stored_match
            or self.stored_match["dims"] != self.dims
        )

    @property
    def is_free(self):
        """Whether part of it was counted by no budget line so far."""
        return bool((self.stored_match or {}).get("free"))

    @property
    def budget_line_ids(self):
        """The budget lines that count this source."""
        shares = (self.match or {}).get("shares", ())
        return [line_id for line_id, _account, _percent in shares if line_id]

# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
"""What came and left in a period."""


class Flow:
    """Sums of one group, in the product's unit; "valued" leaves out goods of others.

    >>> flow = Flow()
    >>> flow.closing = 7.0
    >>> flow.set_period([5, 2, 3, 5, 50, 20, None, None])
    >>> flow.opening
    4.0
    >>> flow.add(flow)
    >>> flow.closing, flow.incoming, flow.receipt_value
    (14.0, 10.0, 100.0)
    """

    __slots__ = (
        "closing",
        "closing_valued",
        "incoming",
        "issue_value",
        "net_valued",
        "outgoing",
        "receipt_value",
        "receipt_valued",
        "transfer_in",
        "transfer_out",
    )

    def __init__(self):
        # written out: there may be many
        self.closing = self.closing_valued = 0.0
        self.incoming = self.outgoing = 0.0
        self.net_valued = self.receipt_valued = 0.0
        self.receipt_value = self.issue_value = 0.0
        self.transfer_in = self.transfer_out = 0.0

    def set_period(self, sums):
        """Take what a query of a period answers, in its order; None is nothing."""
        (
            self.incoming,
            self.outgoing,
            self.net_valued,
            self.receipt_valued,
            self.receipt_value,
            self.issue_value,
            self.transfer_in,
            self.transfer_out,
        ) = [float(total) if total else 0.0 for total in sums]

    def add(self, other):
        """Add what another group has."""
        for name in self.__slots__:
            setattr(self, name, getattr(self, name) + getattr(other, name))

    @property
    def opening(self):
        return self.closing - self.incoming + self.outgoing

    @property
    def opening_valued(self):
        return self.closing_valued - self.net_valued

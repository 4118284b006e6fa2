# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
"""What came and left in a period."""

# What a query of a period answers, in its order.
PERIOD_SUMS = (
    "incoming",
    "outgoing",
    "net_valued",
    "receipt_valued",
    "receipt_value",
    "issue_value",
    "transfer_in",
    "transfer_out",
)


class Flow:
    """Sums of one group, in the product's unit; "valued" leaves out goods of others."""

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
        for name in self.__slots__:
            setattr(self, name, 0.0)

    @property
    def opening(self):
        return self.closing - self.incoming + self.outgoing

    @property
    def opening_valued(self):
        return self.closing_valued - self.net_valued

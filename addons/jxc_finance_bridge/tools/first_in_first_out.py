# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
"""First in, first out (先进先出)."""


class FirstInFirstOut:
    """Goods of one product with what they came in for; the oldest ones go first.

    >>> stock = FirstInFirstOut()
    >>> stock.receive(10, 80.0)
    >>> stock.receive(10, 120.0)
    >>> stock.worth(4), stock.worth(4, after=8)
    (32.0, 40.0)
    >>> stock.issue(12)
    >>> stock.quantity, stock.value, stock.cost
    (8.0, 96.0, 12.0)

    More than there is counts at the last known price. What comes later is gone as far
    as it was missing:

    >>> stock.issue(10)
    >>> stock.value
    -24.0
    >>> stock.receive(8, 80.0)
    >>> stock.quantity, stock.value
    (6.0, 60.0)
    """

    def __init__(self):
        self.quantity = 0.0
        self.layers = []
        self.price = 0.0

    @property
    def value(self):
        """What all of it is worth."""
        return self.worth(self.quantity)

    @property
    def cost(self):
        """What a unit is worth on average; of nothing, what the last one cost."""
        return self.value / self.quantity if self.quantity > 0 else self.price

    def receive(self, quantity, value):
        """Take in goods; ``value`` is that of all of them."""
        if not quantity:
            return
        self.price = value / quantity
        self.quantity += quantity
        left = min(quantity, self.quantity)
        if left > 0:
            self.layers.append((left, self.price))

    def issue(self, quantity):
        """Let the oldest goods go."""
        self.quantity -= quantity
        while quantity > 0 and self.layers:
            held, price = self.layers.pop(0)
            if held > quantity:
                self.layers.insert(0, (held - quantity, price))
            quantity -= held

    def worth(self, quantity, after=0.0):
        """What the next goods to go are worth.

        :param after: how many go before them
        """
        worth = 0.0
        for held, price in self.layers:
            passed = min(held, after)
            after -= passed
            taken = min(held - passed, max(quantity, 0.0))
            worth += taken * price
            quantity -= taken
        return worth + quantity * self.price

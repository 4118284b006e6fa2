# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
"""Moving average cost (移动加权平均), by the platform's rules."""


class MovingAverage:
    """What is there of one product, what a unit of it costs, and what all is worth.

    >>> stock = MovingAverage()
    >>> stock.receive(10, 80.0)
    >>> stock.receive(10, 120.0)
    >>> stock.issue(5)
    >>> stock.cost, stock.value
    (10.0, 150.0)
    >>> stock.reprice(12.0)
    >>> stock.value
    180.0

    What is received into negative stock sets the cost anew:

    >>> stock = MovingAverage()
    >>> stock.issue(5)
    >>> stock.receive(8, 24.0)
    >>> stock.cost, stock.value
    (3.0, 9.0)
    """

    def __init__(self):
        self.quantity = self.value = self.cost = 0.0

    def receive(self, quantity, value):
        """Take in goods; ``value`` is that of all of them."""
        before = self.quantity
        self.quantity += quantity
        if before > 0:
            self.value += value
            self.cost = self.value / self.quantity
        else:
            self.cost = value / quantity if quantity else self.cost
            self.value = self.cost * self.quantity

    def issue(self, quantity):
        """Let goods go at the cost of the moment."""
        self.value -= quantity * self.cost
        self.quantity -= quantity

    def reprice(self, cost):
        """Set by hand what one unit costs."""
        self.cost = cost
        self.value = cost * self.quantity

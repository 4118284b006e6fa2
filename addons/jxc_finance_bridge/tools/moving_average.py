# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
"""Moving average of stock, from what came, what went and costs set by hand."""

from typing import NamedTuple


class Flow(NamedTuple):
    """:param kind: "in" or "out"; "price" sets the cost of what is there by hand, its
    value is the cost of one unit. The value of an "out" is not used."""

    kind: str
    quantity: float
    value: float


def moving_average(flows):
    """(cost of a unit, value of what is there) after all flows, in their order.

    Goods that come where none are, or fewer than none, bring their own cost.

    >>> moving_average([Flow("in", 10, 80), Flow("in", 10, 120), Flow("out", 5, 0)])
    (10.0, 150.0)
    >>> moving_average([Flow("out", 5, 0), Flow("in", 10, 80)])
    (8.0, 40.0)
    >>> moving_average([Flow("in", 10, 80), Flow("price", 0, 9), Flow("out", 4, 0)])
    (9, 54.0)
    """
    quantity = cost = value = 0.0
    for flow in flows:
        if flow.kind == "price":
            cost = flow.value
            value = cost * quantity
        elif flow.kind == "out":
            value -= flow.quantity * cost
            quantity -= flow.quantity
        elif flow.quantity:
            before = quantity
            quantity += flow.quantity
            if before > 0:
                value += flow.value
                cost = value / quantity
            else:
                cost = flow.value / flow.quantity
                value = cost * quantity
    return cost, value

# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
"""The mark of an operation that may widen confirmed orders, see ``tools.token``."""

WATCH = "jxc_purchase_mode_watch"


class ModeWatch:
    """What confirmed orders said before an operation; judged once at its end."""

    def __init__(self):
        self.is_open = True
        #: {order id: what it said, see ``purchase.order._jxc_mode_picture``}
        self.before = {}


def watch_of(env):
    """Return the :class:`ModeWatch` of the operation that is running, or None."""
    found = env.context.get(WATCH)
    return found if isinstance(found, ModeWatch) and found.is_open else None


def is_wider(before, after):
    """Whether an order goes beyond what it said.

    A picture is ``(head, {line: (what, quantity, amount)})``.

    >>> was = ("A", {1: ("tea", 10, 50.0)})
    >>> is_wider(was, ("A", {1: ("tea", 9, 45.0)})), is_wider(was, ("A", {}))
    (False, False)
    >>> is_wider(was, ("A", {1: ("tea", 11, 50.0)})), is_wider(was, ("B", {}))
    (True, True)
    >>> is_wider(was, ("A", {1: ("milk", 1, 1.0)})), is_wider(("A", {}), was)
    (True, True)

    A discount that goes away widens as well.

    >>> is_wider(("A", {2: ("off", 1, -9.0)}), ("A", {}))
    True
    """
    if before[0] != after[0]:
        return True
    for key, (what, quantity, amount) in after[1].items():
        old_what, old_quantity, old_amount = before[1].get(key, (what, 0, 0.0))
        if what != old_what and quantity:
            return True
        if quantity > old_quantity or amount - old_amount > 1e-6:
            return True
    gone = before[1].keys() - after[1].keys()
    return any(before[1][key][2] < 0 for key in gone)

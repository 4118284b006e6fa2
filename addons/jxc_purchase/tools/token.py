# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
"""Marks that only server code can put into a context.

A client may send any context over RPC, but only JSON: it cannot send an instance of
these classes. So code that finds one knows that it was called by the engine itself.
Marks of one operation are closed at its end, for contexts that outlive it.
"""

CANCELLATION = "jxc_purchase_cancellation"
CONFIRMATION = "jxc_purchase_confirmation"
COST_ONLY = "jxc_purchase_cost_only"
DEFERRED = "jxc_budget_deferred"
ENGINE = "jxc_budget_engine"
GIVEN_WAY = "jxc_budget_given_way"
WHOLE = "jxc_budget_whole"


class Confirmation:
    """Orders being confirmed together by ``button_confirm`` or ``button_approve``."""

    def __init__(self, order_ids):
        self.is_open = True
        self.order_ids = set(order_ids)
        #: orders that passed the rules that are no limits
        self.checked_ids = set()
        #: orders whose budget was taken already
        self.taken_ids = set()
        #: orders whose approval tiers are not all decided, judged once
        self.unapproved_ids = set()
        #: ``{order id: definitions}`` that urgent orders are approved by afterwards
        self.tiers_afterwards = {}


class Cancellation:
    """``button_cancel`` is at work and may take confirmed orders back."""

    def __init__(self):
        self.is_open = True


class Deferred:
    """Collects changed lines, so that an operation asks the budget once, at its end."""

    def __init__(self):
        self.is_open = True
        self.order_line_ids = set()
        self.deleted_line_ids = set()


class Engine:
    """Present while the budget engine itself writes."""


class GivenWay:
    """What gives way to what is asked counts as free while that is judged."""

    def __init__(self, amounts):
        #: ``{budget line id: amount}``
        self.amounts = dict(amounts)


class CostOnly:
    """Of taxes, only what they add to the cost of goods is asked."""


class Whole:
    """Budgets themselves change: what closed ones have left counts as well."""


def confirmation_of(env):
    """Return the running :class:`Confirmation`, or None."""
    found = env.context.get(CONFIRMATION)
    return found if isinstance(found, Confirmation) and found.is_open else None


def is_cancelling(env):
    """Whether orders are being cancelled properly."""
    found = env.context.get(CANCELLATION)
    return isinstance(found, Cancellation) and found.is_open


def deferred_of(env):
    """Return the :class:`Deferred` that collects at present, or None."""
    found = env.context.get(DEFERRED)
    return found if isinstance(found, Deferred) and found.is_open else None


def is_engine(env):
    """Whether the budget engine itself is writing."""
    return isinstance(env.context.get(ENGINE), Engine)


def given_way(env):
    """Return ``{budget line id: amount}`` that counts as free at present."""
    found = env.context.get(GIVEN_WAY)
    return found.amounts if isinstance(found, GivenWay) else {}


def is_cost_only(env):
    """Whether nothing but the cost of goods is asked."""
    return isinstance(env.context.get(COST_ONLY), CostOnly)


def is_whole(env):
    """Whether closed budgets may give what they have left."""
    return isinstance(env.context.get(WHOLE), Whole)

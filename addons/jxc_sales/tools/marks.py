# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
"""Marks that only server code can put into a context.

A client may send any context over RPC, but only JSON or XML values: it cannot make an
instance of these classes. A mark is open only while the method that made it runs, so
records that leave the method with the context carry nothing that opens doors later.
"""

from contextlib import contextmanager

CONFIRMING = "jxc_sales_confirming"
CANCELLING = "jxc_sales_cancelling"
POSTING = "jxc_sales_posting"
WATCH = "jxc_sales_watch"
WRITTEN = "jxc_sales_written"
REPLAY = "jxc_sales_replay"
UNDOING = "jxc_sales_undoing"
RESTORING = "jxc_sales_restoring"
DELIVERING = "jxc_sales_delivering"
SETTLING = "jxc_sales_settling"
PRICING = "jxc_sales_pricing"
PRICE_CHANGE = "jxc_sales_price_change"
TAKING_BACK = "jxc_sales_taking_back"
REWARDING = "jxc_sales_rewarding"
REVERSING = "jxc_sales_reversing"
COPYING = "jxc_sales_copying"
COUNTING = "jxc_sales_counting"
UPDATING = "jxc_sales_updating"
PROVIDING = "jxc_sales_providing"
PAYING = "jxc_sales_paying"


class Mark:
    """Something that is going on; usable as a context manager that closes it."""

    def __init__(self):
        self.is_open = True

    def __enter__(self):
        return self

    def __exit__(self, *exception):
        self.is_open = False


class Confirming(Mark):
    """``action_confirm`` is at work and may write the state."""


class Cancelling(Mark):
    """``action_cancel`` is at work and may take a confirmed order back."""


class Posting(Mark):
    """``account.move._post`` is at work and may write the state."""


class Watch(Mark):
    """The credit use of these orders is compared before and after; no need to again."""

    def __init__(self, order_ids):
        super().__init__()
        self.order_ids = frozenset(order_ids)


class Written(Mark):
    """What this transaction has written but not taken yet, by credit account id.

    ``extra`` is what a release adds to the limit for the order that is being judged.
    """

    def __init__(self, amounts, extra=0.0):
        super().__init__()
        self.amounts = amounts
        self.extra = extra


class Pricing(Mark):
    """The prices of these orders are compared before and after; no need to again."""

    def __init__(self, order_ids):
        super().__init__()
        self.order_ids = frozenset(order_ids)


class PriceChange(Mark):
    """A price change takes effect and may write prices."""

    def __init__(self, change):
        super().__init__()
        #: the jxc.price.change behind it
        self.change = change


class Delivering(Mark):
    """Deliveries are being validated; tells what became of those that were not."""

    def __init__(self):
        super().__init__()
        #: texts that say why, by id of the delivery
        self.refused = {}


class Settling(Mark):
    """Deliveries are done but not judged yet: nobody is told of them before."""

    def __init__(self):
        super().__init__()
        #: ids of the deliveries whose customers are to be told
        self.picking_ids = []


class Replay(Mark):
    """Documents of an import are replayed with their own dates and quantities."""


class TakingBack(Mark):
    """Whoever made it takes these orders back, to a savepoint, when one is refused."""

    def __init__(self, order_ids):
        super().__init__()
        self.order_ids = frozenset(order_ids)
        #: why one was refused, should a caller in between have swallowed it
        self.error = None

    @contextmanager
    def remembered(self):
        """Remember the error of what is done inside."""
        try:
            yield
        except Exception as error:
            self.error = error
            raise

    def raise_swallowed(self):
        """:raise Exception: the error that was remembered, if there is one"""
        if self.error:
            raise self.error


class Rewarding(Mark):
    """Promotions are at work and may write the lines of rewards."""


class Reversing(Mark):
    """Invoices are reversed: what they say of promotions goes along."""


class Copying(Mark):
    """Transfers are copied: what ties them to a return goes along."""


class Counting(Mark):
    """The lines of orders give points to cards, or take them."""


class Updating(Mark):
    """The promotions of an order are brought up to date."""


class Providing(Mark):
    """A payment provider said what became of a payment, or it is booked."""


class Paying(Mark):
    """A payment is posted, validated, reset or cancelled, or gets its entry."""


class Undoing(Mark):
    """A return is cancelled: the customer gets the very goods back, as they are."""


class Restoring(Mark):
    """Stock gets the value back that an undone return changed."""


def _find(env, key, kind):
    found = env.context.get(key)
    return found if isinstance(found, kind) and found.is_open else None


def confirming_of(env):
    """The open :class:`Confirming`, or None."""
    return _find(env, CONFIRMING, Confirming)


def cancelling_of(env):
    """The open :class:`Cancelling`, or None."""
    return _find(env, CANCELLING, Cancelling)


def posting_of(env):
    """The open :class:`Posting`, or None."""
    return _find(env, POSTING, Posting)


def watch_of(env):
    """The open :class:`Watch`, or None."""
    return _find(env, WATCH, Watch)


def written_of(env):
    """The open :class:`Written`, or None."""
    return _find(env, WRITTEN, Written)


def delivering_of(env):
    """The open :class:`Delivering`, or None."""
    return _find(env, DELIVERING, Delivering)


def settling_of(env):
    """The open :class:`Settling`, or None."""
    return _find(env, SETTLING, Settling)


def replay_of(env):
    """The open :class:`Replay`, or None."""
    return _find(env, REPLAY, Replay)


def undoing_of(env):
    """The open :class:`Undoing`, or None."""
    return _find(env, UNDOING, Undoing)


def restoring_of(env):
    """The open :class:`Restoring`, or None."""
    return _find(env, RESTORING, Restoring)


def pricing_of(env):
    """The open :class:`Pricing`, or None."""
    return _find(env, PRICING, Pricing)


def price_change_of(env):
    """The open :class:`PriceChange`, or None."""
    return _find(env, PRICE_CHANGE, PriceChange)


def taking_back_of(env):
    """The open :class:`TakingBack`, or None."""
    return _find(env, TAKING_BACK, TakingBack)


def rewarding_of(env):
    """The open :class:`Rewarding`, or None."""
    return _find(env, REWARDING, Rewarding)


def reversing_of(env):
    """The open :class:`Reversing`, or None."""
    return _find(env, REVERSING, Reversing)


def copying_of(env):
    """The open :class:`Copying`, or None."""
    return _find(env, COPYING, Copying)


def updating_of(env):
    """Return the running :class:`Updating`, or None."""
    return _find(env, UPDATING, Updating)


def counting_of(env):
    """Return the running :class:`Counting`, or None."""
    return _find(env, COUNTING, Counting)


def providing_of(env):
    """The open :class:`Providing`, or None."""
    return _find(env, PROVIDING, Providing)


def paying_of(env):
    """The open :class:`Paying`, or None."""
    return _find(env, PAYING, Paying)

# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
"""What the approval engine believes of a context.

A context comes from the client: keys in it may choose a language, never switch a check
off. Server code that has a reason to write a document under review says so with
:data:`SKIP`, an object compared by identity, which no client can send.
"""


class _Skip:
    """The only value that the engine's skip keys accept."""

    __slots__ = ()

    def __repr__(self):
        return "approval.SKIP"

    def __copy__(self):
        return self

    def __deepcopy__(self, memo):
        return self

    def __reduce__(self):
        raise TypeError("approval.SKIP does not leave the process")


SKIP = _Skip()

#: Statuses of reviews that somebody still has to decide.
OPEN = ("waiting", "pending")

SKIP_KEYS = frozenset(
    {
        "skip_validation_check",
        "skip_check_state_condition",
        "tier_validation_defer_compute_can_review",
    }
)


def trusted_context(context) -> dict:
    """Return ``context`` without what would steer the engine.

    Left out are the skip keys, unless server code set them to :data:`SKIP`, and every
    ``default_*`` key: a default would otherwise fill the status of a new review.
    """
    return {
        key: value
        for key, value in context.items()
        if not key.startswith("default_") and (key not in SKIP_KEYS or value is SKIP)
    }

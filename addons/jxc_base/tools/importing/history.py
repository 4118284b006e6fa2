# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
"""The mark of a history import: past documents that may exceed today's limits.

The mark is one Python object in the context, compared by identity. A client of the
RPC interfaces can put only JSON or XML values into its context, so it cannot make it.
"""

HISTORY_KEY = "jxc_history"


class _HistoryMark:
    __slots__ = ()

    def __repr__(self):
        return "<history import>"

    def __copy__(self):
        return self

    def __deepcopy__(self, memo):
        return self

    def __reduce__(self):
        raise TypeError("The mark of a history import cannot be stored.")


HISTORY = _HistoryMark()


def is_history(env) -> bool:
    """Tell whether ``env`` belongs to an import that was started with history=True.

    Controls (budget, credit) then record what documents use without enforcing limits.
    """
    return env.context.get(HISTORY_KEY) is HISTORY

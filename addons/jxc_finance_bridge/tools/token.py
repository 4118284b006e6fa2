# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
"""The mark of server code in a context.

A client may send any context over RPC, but only JSON: it cannot send an instance of
this class. So a method that finds one knows that the books' own code is writing.
"""

ENGINE = "jxc_books_engine"


class Engine:
    """Present while the books' own code writes fields that nobody else may write."""


def engine_context():
    """Context with which the fields of vouchers and periods are written."""
    return {ENGINE: Engine()}


def is_engine(env):
    """Whether the books' own code is writing."""
    return isinstance(env.context.get(ENGINE), Engine)

# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
"""Locks on the months of a company's books, and a look at what is really committed.

Requests run at REPEATABLE READ: whatever a request locks, it goes on reading the
snapshot it began with. So a number that follows the last one, and the answer to "is
this month still open?", are read on a second connection whose snapshot begins after
the lock was granted.

The locks are held until the request commits. They are taken as late as possible – the
numbers of vouchers are computed when the request is flushed at its end – so that
requests wait for each other's commit only, not for each other's work.

Posting shares the lock of the month and holds the lock of its series of numbers alone;
closing, reopening and renumbering hold the lock of the month alone.
"""

import json
from contextlib import contextmanager

from odoo import modules
from odoo.tools import SQL


def is_alone(env):
    """Whether a second connection could not see the documents of this one.

    So it is inside a test's transaction and while addons are installed or updated.
    """
    return bool(modules.module.current_test) or not env.registry.ready


@contextmanager
def committed(env):
    """A cursor that sees what is committed now (when alone: the own transaction)."""
    if is_alone(env):
        yield env.cr
    else:
        with env.registry.cursor(readonly=False) as cr:
            yield cr


def _lock(env, function, names):
    """Take advisory locks until the end of the transaction, in the order of names."""
    for name in sorted(set(names)):
        env.cr.execute(SQL("SELECT %s(hashtextextended(%s, 0))", function, name))


def _month_names(months):
    return [f"jxc_books,{company_id},{period}" for company_id, period in months]


def share_months(env, months):
    """Keep months from being closed or renumbered; ``months``: (root id, 'YYYY-MM')."""
    _lock(env, SQL("pg_advisory_xact_lock_shared"), _month_names(months))


def hold_months(env, months):
    """Keep everybody else out of months; ``months``: (root company id, 'YYYY-MM')."""
    _lock(env, SQL("pg_advisory_xact_lock"), _month_names(months))


def hold_series(env, series):
    """Keep others from taking numbers; ``series``: (company id, word, 'YYYY-MM')."""
    names = [
        f"jxc_voucher,{company},{period},{word}" for company, word, period in series
    ]
    _lock(env, SQL("pg_advisory_xact_lock"), names)


def remember(env, name, items):
    """Keep items until the transaction or its savepoint ends.

    Unlike a Python attribute, a transaction-local setting is undone with the work.
    """
    stored = sorted({*recall(env, name), *items})
    env.cr.execute(
        SQL("SELECT set_config(%s, %s, true)", f"jxc_books.{name}", json.dumps(stored))
    )


def recall(env, name):
    """The list of items the running transaction remembers under a name."""
    env.cr.execute(SQL("SELECT current_setting(%s, true)", f"jxc_books.{name}"))
    [stored] = env.cr.fetchone()
    items = json.loads(stored or "[]")
    return [tuple(item) if isinstance(item, list) else item for item in items]
